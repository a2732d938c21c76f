"""Hostile archives are one line each, in bounded memory."""

from __future__ import annotations

import io
import json
import os
import struct
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import pytest

import graphstep as gs
from graphstep.saving.container import JSON, TENSORS, packed, unpacked
from tests.saving.surviving import survives


def _zip(members: list[tuple[str, bytes]], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile warns of a name that is there twice
        with zipfile.ZipFile(out, "w", how) as archive:
            for name, part in members:
                archive.writestr(name, part)
    return out.getvalue()


def _huge(good: bytes, name: str, size: int) -> bytes:
    """Let the directory of the archive say a size that its member has not."""
    content = bytearray(good)
    at = content.rfind(b"PK\x01\x02")
    while content[at + 46 : at + 46 + len(name)] != name.encode():
        at = content.rfind(b"PK\x01\x02", 0, at)
    struct.pack_into("<II", content, at + 20, size, size)
    return bytes(content)


def _archives(good: bytes) -> dict[str, bytes]:
    text, tensors = unpacked(good)
    both = [(JSON, text), (TENSORS, tensors)]
    return {
        "twice": _zip([*both, (JSON, text)]),
        "one twice": _zip([(JSON, text), (JSON, text)]),
        "absolute": _zip([("/" + JSON, text), (TENSORS, tensors)]),
        "above": _zip([("../" + JSON, text), (TENSORS, tensors)]),
        "backslash": _zip([("..\\" + JSON, text), (TENSORS, tensors)]),
        "folder": _zip([*both, ("folder/", b"")]),
        "bomb": _zip([(JSON, b"[" * 2**24), (TENSORS, tensors)], zipfile.ZIP_DEFLATED),
        "says 4 GiB": _huge(good, JSON, 2**32 - 2),
        "says 1 GiB": _huge(good, TENSORS, 2**30),
        "an archive in an archive": _zip([(JSON, good), (TENSORS, good)]),
        "wide JSON": packed(b"[" + b"[]," * 300_000 + b"[]]", tensors),
        "deep JSON": packed(b'{"a":' * 100_000, tensors),
        "long number": packed(b'{"format": ' + b"1" * 100_000 + b"}", tensors),
        "long name": packed(b'{"format": "' + b"a" * 500_000 + b'"}', tensors),
        "vast tensor": packed(text, _tensor_header({"t0": _record([2**40], [0, 2**42])})),
        "overflow": packed(text, _tensor_header({"t0": _record([2**62, 2**62], [0, 8])})),
        "overlap": packed(
            text, _tensor_header({f"t{k}": _record([1], [0, 4]) for k in range(50)}) + b"abcd"
        ),
        "before it": b"#!/bin/sh\n" * 1000 + good[:100],
        "empty": b"",
        "a pickle": b"\x80\x04cos\nsystem\n(S'true'\ntR.",
    }


def _record(shape: list[int], offsets: list[int]) -> dict[str, object]:
    return {"dtype": "F32", "shape": shape, "data_offsets": offsets}


def _tensor_header(header: dict[str, object]) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text


def test_hostile_archives_are_one_line_each_and_take_little_memory(
    good: bytes, tmp_path: Path
) -> None:
    for name, content in _archives(good).items():
        tracemalloc.start()
        try:
            assert not survives(content, tmp_path), name
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < 40 * len(content) + 2**22, name


def test_what_no_file_of_ours_can_be_is_not_even_read(good: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.graphstep"

    def said() -> str:
        with pytest.raises(gs.InputError) as caught:
            gs.load(path)
        return str(caught.value)

    path.write_bytes(good)
    os.truncate(path, 100 * 2**30)
    assert said() == f"cannot use {str(path)!r}: it is larger than 4,224 MiB, as no such file is"
    path.write_bytes(b"")
    os.truncate(path, 2**32)
    tracemalloc.start()
    assert said().startswith(f"cannot use {str(path)!r}: it is cut off or no such file")
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()
    path.unlink()
    os.mkfifo(path)
    assert said() == f"cannot use {str(path)!r}: it is no regular file"
    path.unlink()
    path.mkdir()
    assert said() == f"cannot read {str(path)!r}: Is a directory"
