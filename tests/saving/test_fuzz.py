"""Any file at all gives a trace that can be shown, or one line, in bounded time and memory."""

from __future__ import annotations

import io
import json
import os
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import graphstep as gs
from graphstep.saving import read
from graphstep.saving.container import JSON, TENSORS, packed, unpacked

FEW = settings(
    max_examples=40,
    deadline=10_000,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY = settings(FEW, max_examples=400)


def _layers(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    hidden = torch.relu(x @ w + b)
    return hidden.log_softmax(-1).sum() + torch.cat([b, b]).max()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    torch.manual_seed(0)
    trace = gs.trace(_layers, torch.randn(2, 3), torch.randn(3, 4), torch.randn(4))
    return trace.save(tmp_path_factory.mktemp("good") / "x.graphstep").read_bytes()


def survives(content: bytes, folder: Path) -> bool:
    """Load the file; tell whether that worked. What loads can be shown in every way."""
    path = folder / "x.graphstep"
    path.write_bytes(content)
    try:
        trace = gs.load(path)
        for format in ("text", "latex", "csv", "json", "html", "markdown"):
            trace.table(format=format, grain="contribution")
        trace.table(mode="tangent", seed=trace.recorded.inputs[-1], layout="survey")
        trace.dot(clusters=True)
        trace.save(path)
    except gs.InputError as error:
        text = str(error)
        assert text.isprintable()
        assert len(text) < 600
        assert sorted(folder.iterdir()) == [path]
        return False
    return True


@st.composite
def damaged(draw: st.DrawFn, good: bytes) -> bytes:
    """Cut, overwrite, insert, repeat or drop bytes somewhere."""
    content = good
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        end = min(len(content), at + draw(st.sampled_from([1, 2, 4, 8, 64, 1000])))
        kind = draw(st.sampled_from(["cut", "flip", "write", "insert", "repeat", "drop"]))
        noise = draw(st.binary(min_size=1, max_size=8))
        if kind == "cut":
            content = content[:at]
        elif kind == "flip":
            flipped = bytes(byte ^ noise[0] for byte in content[at : at + 1])
            content = content[:at] + flipped + content[at + 1 :]
        elif kind == "write":
            content = content[:at] + noise + content[at + len(noise) :]
        elif kind == "insert":
            content = content[:at] + noise + content[at:]
        elif kind == "repeat":
            content = content[:end] + content[at:]
        else:
            content = content[:at] + content[end:]
    return content


ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.floats(), st.text(max_size=8),
    st.sampled_from([2**31, 2**62, 2**63, -(2**63), 10**30, 1e308, "\x1b[2J", "v" * 300, "‮",
                     "\\input{x}", "</script>", [], {}, [[]], [[[[[]]]]], {"a": {}}, "float32"]),
)  # fmt: skip


def places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Give every container of a JSON value with each of its keys."""
    waiting = [data]
    while waiting:
        one = waiting.pop()
        keys = one.keys() if isinstance(one, dict) else range(len(one))
        for key in keys:
            yield one, key
            if isinstance(one[key], (dict, list)):
                waiting.append(one[key])


@st.composite
def altered(draw: st.DrawFn, data: Any) -> Any:
    """Replace, drop, repeat or exchange parts of a JSON value."""
    data = json.loads(json.dumps(data))
    for _ in range(draw(st.integers(1, 3))):
        found = list(places(data))
        holder, key = found[draw(st.integers(0, len(found) - 1))]
        kind = draw(st.sampled_from(["replace", "drop", "repeat", "exchange"]))
        if kind == "drop":
            del holder[key]
        elif kind == "repeat" and isinstance(holder, list):
            holder.insert(key, holder[key])
        elif kind == "exchange":
            other, place = found[draw(st.integers(0, len(found) - 1))]
            # A copy, for a record within itself would have no end.
            holder[key] = json.loads(json.dumps(other[place]))
        else:
            holder[key] = draw(ODD)
    return data


def _check_bytes(data: st.DataObject, good: bytes, folder: Path) -> None:
    survives(data.draw(damaged(good)), folder)


def _check_json(data: st.DataObject, good: bytes, folder: Path) -> None:
    text, tensors = unpacked(good)
    changed = data.draw(altered(json.loads(text)))
    survives(packed(json.dumps(changed).encode(), tensors), folder)


def _check_tensors(data: st.DataObject, good: bytes, folder: Path) -> None:
    text, tensors = unpacked(good)
    (size,) = struct.unpack("<Q", tensors[:8])
    header, body = json.loads(tensors[8 : 8 + size]), tensors[8 + size :]
    changed = json.dumps(data.draw(altered(header))).encode()
    survives(packed(text, struct.pack("<Q", len(changed)) + changed + body), folder)


CHECKS: list[Callable[[st.DataObject, bytes, Path], None]] = [
    _check_bytes, _check_json, _check_tensors,
]  # fmt: skip


def any_damage(how: settings) -> Callable[..., None]:
    """Return a test of so much damage of every kind."""

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    @how
    @given(data=st.data())
    def one_line_or_shown(
        check: Callable[[st.DataObject, bytes, Path], None],
        data: st.DataObject,
        good: bytes,
        tmp_path: Path,
    ) -> None:
        check(data, good, tmp_path)

    found: Callable[..., None] = one_line_or_shown
    return found


test_any_damage_is_one_line_or_shows = any_damage(FEW)
test_much_more_damage_is_one_line_or_shows = pytest.mark.full(any_damage(MANY))


def test_what_is_not_damaged_survives(good: bytes, tmp_path: Path) -> None:
    assert survives(good, tmp_path)
    assert not survives(good[:-1], tmp_path)


def test_a_reader_that_believes_a_file_is_found_out(
    good: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, tensors = unpacked(good)
    data = json.loads(text)
    data["outputs"] = 7
    content = packed(json.dumps(data).encode(), tensors)
    assert not survives(content, tmp_path)
    monkeypatch.setattr(read, "check", lambda *_: None)
    with pytest.raises(TypeError):
        survives(content, tmp_path)


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
