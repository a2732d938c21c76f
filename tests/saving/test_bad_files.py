"""A file that is cut off, hostile or newer gives one line, and is never believed or run."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import graphstep as gs
from graphstep.saving.container import JSON, TENSORS, packed, unpacked

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "x.graphstep"
    return gs.trace("3*a + a*b", a=10.0, b=20.0).save(path).read_bytes()


def reason(content: bytes, folder: Path) -> str:
    path = folder / "x.graphstep"
    path.write_bytes(content)
    with pytest.raises(gs.InputError) as caught:
        gs.load(path)
    text = str(caught.value)
    head = f"cannot use {str(path)!r}: "
    assert text.startswith(head)
    assert "\n" not in text
    assert sorted(folder.iterdir()) == [path]
    return text.removeprefix(head)


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, part in members.items():
            archive.writestr(name, part)
    return out.getvalue()


def test_every_cut_of_a_file_is_refused(good: bytes, tmp_path: Path) -> None:
    for length in (*range(0, 200, 7), *range(200, len(good), 97), len(good) - 1):
        assert reason(good[:length], tmp_path)


def test_a_flipped_bit_is_refused_or_changes_nothing(good: bytes, tmp_path: Path) -> None:
    known = gs.trace("3*a + a*b", a=10.0, b=20.0).table()
    path = tmp_path / "x.graphstep"
    for place in range(0, len(good), 41):
        path.write_bytes(good[:place] + bytes([good[place] ^ 4]) + good[place + 1 :])
        try:
            shown = gs.load(path).table()
        except gs.InputError:
            continue
        assert shown == known


def test_only_the_two_stored_members_are_read(good: bytes, tmp_path: Path) -> None:
    text, tensors = unpacked(good)
    parts = {JSON: text, TENSORS: tensors}
    alone = "it does not hold trace.json and tensors.safetensors alone"
    assert reason(zipped({**parts, "../../evil.py": b"x"}), tmp_path) == alone
    assert reason(zipped({JSON: text}), tmp_path) == alone
    assert reason(zipped({"/trace.json": text, TENSORS: tensors}), tmp_path) == alone
    bomb = zipped({**parts, JSON: b" " * 50_000_000}, zipfile.ZIP_DEFLATED)
    assert len(bomb) < 60_000
    assert reason(bomb, tmp_path) == "trace.json is compressed or encrypted"
    assert reason(pickle.dumps({"a": 1}), tmp_path).startswith("it is cut off or no such file")


def test_a_newer_version_and_other_json_are_named(good: bytes, tmp_path: Path) -> None:
    text, tensors = unpacked(good)

    def with_json(part: bytes) -> str:
        return reason(packed(part, tensors), tmp_path)

    newer = json.dumps({**json.loads(text), "version": 4, "more": 1}).encode()
    assert with_json(newer) == (
        "it is of a newer version of the format than 3: a newer graphstep reads it"
    )
    assert with_json(b"[1]") == "it holds no trace of graphstep"
    assert with_json(b'{"format": "gradstep"}') == "it holds no trace of graphstep"
    for broken in (b"", b"{", b"[" * 100_000, b"\xff", b'{"format": ' + b"9" * 5000 + b"}"):
        assert with_json(broken) == "its JSON cannot be read"
    assert reason(packed(text, b"\xff" * 64), tmp_path) == "its tensors cannot be read"
    huge = (2**62).to_bytes(8, "little") + b"{}"
    assert reason(packed(text, huge), tmp_path) == "its tensors cannot be read"


FORMULA = {"tree": ["name", "x"], "terms": {"x": 1}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.pop("outputs"), "trace is no record of format, version, written_by, title, "
         "code, sources, order, values, outputs, applications, contributions, engine_order, "
         "tangents"),
        (lambda d: d.update(outputs=[9]), "its outputs are none of its values"),
        (lambda d: d.update(outputs="3"), "trace.outputs is no list"),
        (lambda d: d.update(code=3), "its code is not among its sources"),
        (lambda d: d.update(values=[]), "its values are not numbered v_1-n to v_l"),
        (lambda d: d["values"][0].update(i=7), "its values are not numbered v_1-n to v_l"),
        (lambda d: d["values"][0].update(i=10**30), "trace.values[0].i is too large"),
        (lambda d: d["values"][0].update(i=True), "trace.values[0].i is no int"),
        (lambda d: d["values"][0].update(label=["a"]), "trace.values[0].label is no text"),
        (lambda d: d["values"][0]["value"].update(key="t99"),
         "v_-1 has no tensor of its shape and dtype"),
        (lambda d: d["values"][0]["value"].update(shape=[10**12]),
         "v_-1 has no tensor of its shape and dtype"),
        (lambda d: d["values"][0]["value"].update(dtype="load"), "v_-1 has no dtype of torch"),
        (lambda d: d["values"][0]["value"].update(kind="pickle"),
         "trace.values[0].value.kind is none of plain, complex, sparse, meta"),
        (lambda d: d["values"][0]["value"].update(kind="meta", shape=[-1]),
         "v_-1 has no tensor of its shape and dtype"),
        (lambda d: d["values"][2]["place"].update(source=5), "the place of v_1 is none"),
        (lambda d: d["values"][2]["place"].update(line=0), "the place of v_1 is none"),
        (lambda d: d["values"][3]["verdict"].update(error="0"), "a formula holds what is no term"),
        (lambda d: d["applications"][0].update(parents=[3, None]),
         "applications[0] takes no earlier values"),
        (lambda d: d["applications"][0].update(results=[[0, 2]]),
         "its operations do not make each of its values once"),
        (lambda d: d["applications"][0].update(results=[[0]]),
         "applications[0].results are no values"),
        (lambda d: d["contributions"][0].update(position=5), "contributions[0] goes to no operand"),
        (lambda d: d["contributions"][0].update(application=-1),
         "contributions[0] names an operation that is not there"),
        (lambda d: d["contributions"].append(d["contributions"][0]),
         "contributions[5] is there twice"),
        (lambda d: d["contributions"][0].update(text=None), "contributions[0] has half a rule"),
        (lambda d: d["contributions"][0].update(rule="eval"),
         "trace.contributions[0].rule is none of own, torch"),
        (lambda d: d["values"][-2].update(adjoint=None),
         "contributions[1] does not fit its adjoint"),
        (lambda d: d["applications"][0].update(forward={"tree": ["name", "x"]}),
         "a formula is no record of tree, terms"),
        (lambda d: d["applications"][0].update(forward={**FORMULA, "tree": ["exec", "x"]}),
         "a formula holds what is no part of one"),
        (lambda d: d["applications"][0].update(
            forward={**FORMULA, "tree": ["name", "\\input{/etc/passwd}"]}),
         "a formula has a name that is none"),
        (lambda d: d["applications"][0].update(
            forward={**FORMULA, "terms": {"x": {"number": "\\input{x}"}}}),
         "a formula holds what is no term"),
        (lambda d: d["applications"][0].update(forward={**FORMULA, "terms": {"x": 10**400}}),
         "a formula holds what is no term"),
        (lambda d: d["applications"][0].update(
            forward={"tree": json.loads('["minus",' * 80 + "1" + "]" * 80), "terms": {}}),
         "a formula has too many brackets"),
        (lambda d: d["applications"][0].update(forward={**FORMULA, "terms": {"x": [{"value": 9}]}}),
         "applications[0] has a formula of values that are not there"),
        (lambda d: d["contributions"][0].update(formula={**FORMULA, "terms": {"x": {"value": 9}}}),
         "contributions[0] has a formula of values that are not there"),
        (lambda d: d["applications"][0].update(
            tangent=[{**FORMULA, "terms": {"x": {"tangent": 3}}}]),
         "applications[0] has a formula of another operation's tangents"),
        (lambda d: d["tangents"][0].update(seed=3), "tangents[0] is for no input, or there twice"),
        (lambda d: d["tangents"].append(d["tangents"][0]),
         "tangents[2] is for no input, or there twice"),
        (lambda d: d["tangents"][0]["tangents"].pop(), "tangents[0] has not one tangent a value"),
        (lambda d: d["tangents"][0]["tangents"].__setitem__(0, None),
         "tangents[0] of v_1 comes from none"),
        (lambda d: d["tangents"][0]["tangents"][1].update(kind="meta", shape=[3]),
         "tangents[0] of v_0 does not fit its value"),
        (lambda d: d["applications"][1].update(tangent=None), "tangents[0] of v_2 has no formula"),
        (lambda d: d["applications"][1].update(tangent=[{}]),
         "a formula is no record of tree, terms"),
        (lambda d: d["engine_order"].pop(), "its engine_order has not every value once"),
        (lambda d: d["engine_order"].__setitem__(0, d["engine_order"][1]),
         "its engine_order has not every value once"),
        (lambda d: d.update(version=1.0), "its version is none of the format's"),
        (lambda d: d.update(version=True), "its version is none of the format's"),
        (lambda d: d.update(version=0), "its version is none of the format's"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named(good: bytes, tmp_path: Path, change: Change, said: str) -> None:
    text, tensors = unpacked(good)
    data = json.loads(text)
    change(data)
    assert reason(packed(json.dumps(data).encode(), tensors), tmp_path) == said


def test_hostile_text_stays_text(good: bytes, tmp_path: Path) -> None:
    text, tensors = unpacked(good)
    data = json.loads(text)
    data["values"][0]["label"] = "\\input{/etc/passwd} </script><b>"
    data["title"] = "\x1b[31m</title>"
    data["sources"][0]["file"] = "../../../etc/passwd"
    path = tmp_path / "x.graphstep"
    path.write_bytes(packed(json.dumps(data).encode(), tensors))
    trace = gs.load(path)
    assert r"\input{" not in trace.table(format="latex")
    assert "</script" not in trace.svg()
    assert trace.origin.file == f"{path}/0/passwd"


def test_a_file_that_is_not_there_and_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(gs.InputError, match=r"^cannot read '.*none.graphstep': No such file"):
        gs.load(tmp_path / "none.graphstep")
    trace = gs.trace("3*a", a=1.0)
    with pytest.raises(gs.InputError, match=r"^no folder '.*nowhere' to write 'x.graphstep' to$"):
        trace.save(tmp_path / "nowhere" / "x.graphstep")
    with pytest.raises(gs.InputError, match=r"holds the whole trace; leave out the steps$"):
        trace.export(tmp_path / "x.graphstep", step=1)
    assert list(tmp_path.iterdir()) == []
