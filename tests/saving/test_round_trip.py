"""A trace that was saved and loaded shows, byte for byte, what it showed before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import graphstep as gs
from graphstep.cli.main import main
from graphstep.demos.networks import mazur
from graphstep.output.survey_table import Layout
from graphstep.output.table import FORMATS
from graphstep.steps.card import card
from graphstep.steps.step import Grain

LAYOUTS: tuple[Layout, ...] = ("rows", "survey")
GRAINS: tuple[Grain, ...] = ("adjoint", "contribution")


def lecture() -> gs.Trace:
    return gs.trace("3*a + a*b", a=10.0, b=20.0)


def survey() -> gs.Trace:
    return gs.trace("log(x1) + x1*x2 - sin(x2)", x1=2.0, x2=5.0)


def two_layers() -> gs.Trace:
    def network(w: Tensor, v: Tensor) -> Tensor:
        return mazur(w, v)

    return gs.trace(network, torch.full((2, 2), 0.2), torch.full((2, 2), 0.4))


def mlp() -> gs.Trace:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 5), nn.LayerNorm(5), nn.ReLU(), nn.Linear(5, 4))
    wanted = torch.tensor([1, 2])
    return gs.trace(net, torch.randn(2, 3), loss=lambda y: F.cross_entropy(y, wanted))


def from_output() -> gs.Trace:
    x = torch.tensor([1.0, -2.0, 3.0], requires_grad=True)
    return gs.from_output((x.exp() * x).sum(), inputs={"x": x})


def many_kinds() -> gs.Trace:
    def kinds(a: Tensor, z: Tensor) -> Tensor:
        _, lower, upper = torch.linalg.lu(a)
        chosen = torch.where(a > 0, a, 2 * a).sum() + torch.cat([a] * 8).sum()
        total: Tensor = (lower * upper).sum() + chosen + (z * z.conj()).real.sum()
        return total + a.log().sum()

    torch.manual_seed(1)
    a, z = torch.randn(3, 3, dtype=torch.float64), torch.randn(2, dtype=torch.complex128)
    return gs.trace(kinds, a, z.requires_grad_())


def hooked() -> gs.Trace:
    def tripled(w: Tensor) -> Tensor:
        a = w * 2
        a.register_hook(lambda gradient: gradient * 3)
        return (a * a).sum()

    return gs.trace(tripled, torch.tensor([1.0, 2.0]))


def no_path() -> gs.Trace:
    def cut(a: Tensor, b: Tensor) -> Tensor:
        return (a * b.detach()).sum()

    return gs.trace(cut, torch.ones(2), torch.ones(2))


TRACES = [lecture, survey, two_layers, mlp, from_output, many_kinds, hooked, no_path]


@pytest.mark.parametrize("make", TRACES, ids=lambda make: make.__name__)
def test_tables_drawings_and_steps_are_the_same_afterwards(
    make: Callable[[], gs.Trace], tmp_path: Path
) -> None:
    before = make()
    before.save(tmp_path / "trace.graphstep")
    after = gs.load(tmp_path / "trace.graphstep")
    assert after.dot() == before.dot()
    assert after.svg() == before.svg()
    assert repr(after) == repr(before)
    for grain in GRAINS:
        for format in FORMATS:
            assert after.table(format=format, grain=grain) == before.table(
                format=format, grain=grain
            )
        old, new = before.timeline(grain), after.timeline(grain)
        assert len(new) == len(old)
        assert after.svg(len(new) - 2, grain=grain) == before.svg(len(old) - 2, grain=grain)
        for step in old:
            assert new.caption(step.index) == old.caption(step.index)
    for i in before.values:
        shown, known = (card(t.timeline(), i, len(t.steps) - 1) for t in (after, before))
        # What autograd had saved belongs to the graph of the run, which a file does not hold.
        kept = [s for s in known.sections if s.title != "saved for the backward"]
        assert [s.lines for s in shown.sections] == [s.lines for s in kept]
        ours, theirs = after.adjoint(i), before.adjoint(i)
        assert (ours is None) == (theirs is None)
        if ours is not None and theirs is not None:
            torch.testing.assert_close(ours, theirs, rtol=0, atol=0, equal_nan=True)


def test_a_file_is_the_same_whenever_it_is_written(tmp_path: Path) -> None:
    mlp().save(tmp_path / "one.graphstep")
    gs.load(tmp_path / "one.graphstep").save(tmp_path / "two.graphstep")
    assert (tmp_path / "one.graphstep").read_bytes() == (tmp_path / "two.graphstep").read_bytes()


def test_a_saved_file_is_a_source_and_brings_its_code_along(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = tmp_path / "net.py"
    code.write_text("def loss(w):\n    return (w * w).sum()\n")
    saved = str(tmp_path / "net.graphstep")
    assert main(["export", f"{code}:loss", "w=[1, 2]", "-o", saved]) == 0
    assert main(["table", f"{code}:loss", "w=[1, 2]"]) == 0
    known = capsys.readouterr().out
    code.unlink()
    assert main(["table", saved]) == 0
    assert capsys.readouterr().out == known
    assert main(["step", saved]) == 0
    assert capsys.readouterr().out == (
        f"{known}\nsaved trace: 3 of 3 adjoints agreed with torch's when it was recorded\n"
    )
    assert main(["export", saved, "-o", str(tmp_path / "net.json")]) == 0
    assert json.loads((tmp_path / "net.json").read_text())
    assert "return (w * w).sum()" in gs.load(saved).origin.language


@pytest.mark.parametrize("make", [lecture, survey, two_layers, mlp], ids=lambda m: m.__name__)
def test_tangents_are_the_same_afterwards(make: Callable[[], gs.Trace], tmp_path: Path) -> None:
    before = make()
    after = gs.load(before.save(tmp_path / "x.graphstep"))
    for i in before.recorded.inputs:
        for format in FORMATS:
            for layout in LAYOUTS:
                shown, known = (
                    trace.table(format=format, mode="tangent", seed=i, layout=layout)
                    for trace in (after, before)
                )
                assert shown == known
        assert torch.equal(after.tangent(i), before.tangent(i))


def test_tangents_of_a_large_run_are_kept_where_they_were_asked_for(tmp_path: Path) -> None:
    before = gs.trace(lambda a, b: (a * b).sum(), torch.ones(200, 200), torch.ones(200, 200))
    known = before.table(mode="tangent", seed="b")
    after = gs.load(before.save(tmp_path / "x.graphstep"))
    assert after.table(mode="tangent", seed="b") == known
    with pytest.raises(gs.InputError, match=r"is a saved trace without the tangents for a$"):
        after.tangent("a")


def test_what_no_formula_leads_to_has_no_tangent_afterwards_either(tmp_path: Path) -> None:
    class Twice(torch.autograd.Function):
        @staticmethod
        def forward(ctx: object, x: Tensor) -> Tensor:
            return 2 * x

        @staticmethod
        def backward(ctx: object, gradient: Tensor) -> Tensor:
            return 2 * gradient

    before = gs.trace(lambda a: Twice.apply(a * a) * a, torch.tensor(3.0))  # type: ignore[no-untyped-call]
    after = gs.load(before.save(tmp_path / "x.graphstep"))
    assert torch.equal(after.tangent("a", "v_1"), torch.tensor(6.0))
    said = []
    for trace in (before, after):
        with pytest.raises(gs.InputError) as caught:
            trace.tangent("a")
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert "no forward formula for Twice" in said[0]


async def test_the_app_steps_through_a_saved_trace(tmp_path: Path) -> None:
    from graphstep.tui import make_app

    lecture().save(tmp_path / "x.graphstep")
    app = make_app(gs.load(tmp_path / "x.graphstep"))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("end", "b")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert "is a saved trace" in str(app.screen.query_one("#backward-text").render())
        await pilot.press("escape", "i")
        await pilot.pause()
