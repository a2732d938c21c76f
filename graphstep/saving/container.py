"""The outside of a `.graphstep` file: a zip of exactly two members, stored as they are."""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from pathlib import Path

from graphstep.saving.schema import Damaged

JSON, TENSORS = "trace.json", "tensors.safetensors"
LIMITS = {JSON: 128 * 2**20, TENSORS: 4 * 2**30}
"""How many bytes a member may have."""
LARGEST_FILE = sum(LIMITS.values()) + 2**16
MAGIC = b"PK\x03\x04"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)


def packed(json_part: bytes, tensor_part: bytes) -> bytes:
    """Return the file: the same bytes for the same parts. Raises Damaged for one too large."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, part in ((JSON, json_part), (TENSORS, tensor_part)):
            _check_size(name, len(part))
            archive.writestr(zipfile.ZipInfo(name, FIRST_DAY), part)
    return out.getvalue()


def file_bytes(path: Path) -> bytes:
    """Return what is in a file; Damaged, before it is read, for what cannot be one of ours.

    Raises OSError for a file that cannot be read.
    """
    about = path.stat()
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    # A pipe or a device would never end, or never begin.
    if not stat.S_ISREG(about.st_mode):
        raise Damaged("it is no regular file")
    if about.st_size > LARGEST_FILE:
        raise Damaged(f"it is larger than {LARGEST_FILE // 2**20:,} MiB, as no such file is")
    with path.open("rb") as file:
        head = file.read(len(MAGIC))
        if head != MAGIC:
            raise Damaged("it is cut off or no such file (File is not a zip file)")
        return head + file.read()


def unpacked(content: bytes) -> tuple[bytes, bytes]:
    """Return the two parts of a file. Raises Damaged for anything but these two.

    Nothing is expanded: a member is as long as it says, and no longer than the file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sorted(member.filename for member in members) != sorted(LIMITS):
                raise Damaged(f"it does not hold {JSON} and {TENSORS} alone")
            for member in members:
                if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1:
                    raise Damaged(f"{member.filename} is compressed or encrypted")
                if member.file_size != member.compress_size or member.file_size > len(content):
                    raise Damaged(f"{member.filename} says a wrong size")
                _check_size(member.filename, member.file_size)
            return archive.read(JSON), archive.read(TENSORS)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
        # zipfile has one for each way to be damaged, encrypted, or of a newer version.
        raise Damaged(f"it is cut off or no such file ({str(error)[:80]})") from None
    except ValueError as error:
        raise error if isinstance(error, Damaged) else Damaged("it is cut off") from None


def _check_size(name: str, size: int) -> None:
    if size > LIMITS[name]:
        raise Damaged(f"{name} would be larger than {LIMITS[name] // 2**20} MiB")
