"""Four ways to a gradient agree, and differences err as the survey's Figure 3 shows."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from graphstep.lab.comparison import Comparison, compare
from graphstep.lab.differences import StepErrors, largest_error, step_errors
from graphstep.lab.objective import objective
from graphstep.lab.ways import Way

FIGURE_3 = "64*x*(1-x)*(1-2*x)**2*(1-8*x+8*x**2)**2"
SLOPE = 9.0660864


def way(found: Comparison, name: str) -> Way:
    return next(one for one in found.ways if one.name == name)


def test_the_ways_of_figure_3() -> None:
    found = compare(FIGURE_3, x=0.2)
    limits = {
        "numerical, forward": 1e-5,
        "numerical, central": 1e-6,
        "symbolic": 1e-14,
        "symbolic, simplified": 1e-14,
        "forward mode": 1e-13,
        "reverse mode": 1e-13,
    }
    assert [one.name for one in found.ways] == list(limits)
    for one in found.ways:
        assert one.gradient is not None
        assert abs(one.gradient[0] - SLOPE) < limits[one.name]
        assert one.error is not None
        assert one.error < limits[one.name]
        assert one.seconds is not None
    assert way(found, "numerical, forward").error != 0


def test_the_error_of_differences_has_two_regimes() -> None:
    what = objective(FIGURE_3, {"x": torch.tensor(0.2, dtype=torch.float64)})
    found = step_errors(what, (SLOPE,), [10.0**-k for k in range(17, 0, -1)])
    h, error = found.best("forward")
    assert 1e-10 <= h <= 1e-8
    assert error < 1e-6
    h, error = found.best("central")
    assert 1e-8 <= h <= 1e-6
    assert error < 1e-9
    assert found.forward[0] > 9
    assert 1.5 < found.forward[-1] < 2.5
    assert 5 < found.central[-1] < 6
    plot = found.plot("Figure 3")
    assert [region.label for region in plot.regions] == ["round-off", "truncation"]
    assert plot.regions[0].high <= plot.regions[1].low


def test_without_a_finite_error_there_are_no_regimes() -> None:
    nan = (float("nan"),)
    assert StepErrors((0.1,), nan, nan).plot("").regions == ()


def test_tables_2_and_3() -> None:
    found = compare("log(x1) + x1*x2 - sin(x2)", x1=2, x2=5)
    assert found.inputs == ("x1", "x2")
    for name in ("symbolic", "forward mode", "reverse mode"):
        gradient = way(found, name).gradient
        assert gradient is not None
        assert largest_error(gradient, (5.5, 1.7163378145367738)) < 1e-14


def test_a_way_that_does_not_apply_says_why() -> None:
    found = compare("sum(w*w)", w=[0.5] * 70)
    notes = {one.name: one.note for one in found.ways if one.gradient is None}
    assert notes == {
        "numerical, forward": "70 numbers move: it would take 71 runs",
        "numerical, central": "70 numbers move: it would take 140 runs",
        "symbolic": "w is f64[70]: a formula takes single numbers",
        "forward mode": "70 numbers move: it would take as many sweeps",
    }
    assert found.errors is None
    assert found.errors_note == "error against h: 70 numbers move, at most 8 do"
    reverse = way(found, "reverse mode")
    assert reverse.gradient == (1.0,) * 70
    assert found.reference == "reverse mode in float64"


def test_symbolic_says_that_it_sees_no_loop() -> None:
    def newton(x: Tensor) -> Tensor:
        y = x
        for _ in range(3):
            y = (y + 2 / y) / 2
        return y

    note = way(compare(newton, x=1.5), "symbolic").note
    assert note.startswith("sees no loop: a line that ran 3 times is written out; ")


def test_tensors_inputs_by_choice_and_modules() -> None:
    found = compare("sum(a*b)", moving=["a"], a=[1.0, 2.0], b=3)
    assert found.inputs == ("a[0]", "a[1]")
    assert all(one.error is None or one.error < 1e-6 for one in found.ways)
    torch.manual_seed(0)
    net = nn.Linear(2, 1)
    found = compare(net, input=[1.0, 2.0])
    assert found.inputs == ("weight[0]", "weight[1]", "bias[0]")
    assert way(found, "reverse mode").gradient == (1.0, 2.0, 1.0)
    assert net.weight.dtype == torch.float32


def test_tensors_may_lie_in_memory_in_any_order() -> None:
    x = torch.arange(6.0, dtype=torch.float64).reshape(2, 3).t()
    found = compare(lambda x: (x * x).sum(), x=x)
    expected = (2 * x).reshape(-1).tolist()
    assert found.errors is not None
    for way in found.ways:
        if way.gradient is not None:
            torch.testing.assert_close(list(way.gradient), expected, rtol=1e-5, atol=1e-5)


def test_a_float32_modules_buffers_stay_as_they_are() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    model(torch.randn(8, 2))
    found = compare(model.eval(), input=torch.randn(4, 2))
    assert found.reference == "reverse mode in float64"
    errors = {way.name: way.error for way in found.ways if way.error is not None}
    assert errors.keys() >= {"numerical, central", "forward mode", "reverse mode"}
    assert errors["reverse mode"] < 1e-5
    assert model[1].running_mean.dtype == torch.float32


def test_switches_and_lists_of_words_pass_as_they_are() -> None:
    def function(x: Tensor, flag: bool, names: list[str]) -> Tensor:
        assert (flag, names) == (True, ["a"])
        return x * x

    assert compare(function, x=3.0, flag=True, names=["a"]).inputs == ("x",)


def test_a_wrong_derivative_shows_as_an_error() -> None:
    what = objective("x**2", {"x": torch.tensor(1.0, dtype=torch.float64)})
    wrong = step_errors(what, (2.1,), [1e-6, 1e-4])
    assert min(wrong.forward + wrong.central) > 0.09
