"""Any file at all gives a trace that can be shown, or one line, in bounded time and memory."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graphstep.saving import read
from graphstep.saving.container import packed, unpacked
from tests.saving.surviving import survives

FEW = settings(
    max_examples=40,
    deadline=10_000,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MANY = settings(FEW, max_examples=400)


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
