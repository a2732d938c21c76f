"""What can be asked of a trace that was loaded, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.cli.main import main
from graphstep.errors import InputError
from graphstep.steps.ledger import ledger
from graphstep.steps.predict import judge, question
from tests.saving.test_round_trip import lecture


def test_what_runs_something_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = str(lecture().save(tmp_path / "x.graphstep"))
    refused = (
        f"{saved!r} is a saved trace: it carries torch's numbers as they were recorded "
        "and cannot be run again"
    )
    trace = gs.load(saved)
    calls: list[Callable[[], object]] = [
        trace.check,
        trace.backward,
        trace.drift,
        lambda: trace.drift("cpu"),
        lambda: trace.open(1),
        trace.jacobian,
        lambda: trace.row(0),
    ]
    assert trace.why("a").text() == lecture().why("a").text()
    for call in calls:
        with pytest.raises(gs.InputError) as caught:
            call()
        assert str(caught.value) == refused
    assert main(["check", saved]) == 2
    assert capsys.readouterr().err == f"graphstep: {refused}\n"
    for given in (["a=1"], ["--dtype", "float64"]):
        assert main(["table", saved, *given]) == 2
        assert capsys.readouterr().err == (
            f"graphstep: {saved!r} is a saved trace: its values and options are in the file\n"
        )


def test_a_loaded_trace_has_the_same_ledgers_and_judges_wrong_answers(tmp_path: Path) -> None:
    trace = gs.trace("sum(x**2*y) + z*3", x=[1.0, 2.0], y=[3.0, 4.0], z=2.0)
    loaded = gs.load(trace.save(tmp_path / "it.graphstep"))
    for grain in ("adjoint", "contribution"):
        one, other = trace.timeline(grain), loaded.timeline(grain)
        for i in trace.values:
            assert ledger(other, i, len(other) - 1) == ledger(one, i, len(one) - 1)
        for k in range(len(one)):
            asked, again = question(one, k), question(other, k)
            assert (asked is None) == (again is None)
            if asked is not None and again is not None:
                assert again.says == asked.says
                for text in ("-77", "[-77, 0.5]"):
                    assert judge(other, again, text) == judge(one, asked, text)


def test_a_loaded_trace_says_where_a_gradient_became_zero(tmp_path: Path) -> None:
    trace = gs.trace("sum(x**2)", x=[0.0, 0.0])
    loaded = gs.load(trace.save(tmp_path / "it.graphstep"))
    assert trace.why("x").text().splitlines()[1] == (
        "    v_1 (pow) has an adjoint of up to 1, but dv_1/dv_0 (2*v_0) is 0 at all 2 entries"
    )
    # The entries of a local partial are not in a file.
    assert loaded.why("x").text().splitlines()[1] == (
        "    v_1 (pow) has an adjoint of up to 1, but dv_1/dv_0 (2*v_0) passes none of it on"
    )


@pytest.mark.parametrize(
    ("choices", "line"),
    [
        ({"step": 1}, ".graphstep holds the whole trace; leave out the steps"),
        ({"all_steps": True}, ".graphstep holds the whole trace; leave out the steps"),
        ({"precision": 3}, ".graphstep holds numbers as they are; leave out layout and precision"),
        ({"layout": "survey"},
         ".graphstep holds numbers as they are; leave out layout and precision"),
        ({"heat": "adjoint"}, ".graphstep draws no such picture; leave out how it is drawn"),
        ({"theme": "dark"}, ".graphstep draws no such picture; leave out how it is drawn"),
        ({"font_size": 20.0}, ".graphstep draws no such picture; leave out how it is drawn"),
    ],
)  # fmt: skip
def test_a_file_takes_nothing_that_is_of_pictures(
    tmp_path: Path, choices: dict[str, Any], line: str
) -> None:
    with pytest.raises(InputError) as caught:
        gs.trace("a*a", a=1.0).export(tmp_path / "it.graphstep", **choices)
    assert str(caught.value) == line
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("program", "x"),
    [
        (lambda x: x[::2].asin(), torch.tensor([0.5, 0.25])),
        (lambda x: x.expand(1) * 2, torch.tensor(2.0)),
        (lambda x: torch.sgn(x).sum(), torch.ones(2)),
        (lambda x: torch.nn.functional.smooth_l1_loss(x, x * 0), torch.zeros(0)),
    ],
    ids=["a stride of two", "a stride of nothing", "zeros that lie nowhere", "no entries"],
)
def test_odd_memory_is_written_and_read(
    program: Callable[[Tensor], Tensor], x: Tensor, tmp_path: Path
) -> None:
    trace = gs.trace(program, x)
    loaded = gs.load(trace.save(tmp_path / "it.graphstep"))
    torch.testing.assert_close(loaded.adjoint("x"), trace.adjoint("x"), rtol=0, atol=0)
    assert loaded.verdicts[0].ok
