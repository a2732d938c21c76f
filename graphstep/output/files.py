"""Write a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from graphstep.errors import InputError


def write_whole(path: Path, content: bytes) -> Path:
    """Write `path`, whole or not at all, and return it.

    What was there is replaced only once the new content is complete beside it. Raises
    InputError for a place that cannot be written.
    """
    folder = path.parent
    if not folder.is_dir():
        raise InputError(f"no folder {str(folder)!r} to write {path.name!r} to")
    if path.is_dir():
        raise InputError(f"{str(path)!r} is a folder; name a file")
    try:
        handle, name = tempfile.mkstemp(prefix=".graphstep-", dir=folder)
    except OSError as error:
        raise InputError(f"cannot write {str(path)!r}: {error.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(0o666 & ~mask)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise InputError(f"cannot write {str(path)!r}: {error.strerror}") from None
    return path
