"""Descent lands where the lecture's pages do, and moves as torch's own optimiser does."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import pytest
import torch
from torch import Tensor

from graphstep.errors import InputError
from graphstep.lab.descent import descent, run
from graphstep.lab.landscape import landscape
from graphstep.lab.objective import objective
from graphstep.lab.rates import Method, Schedule

QUARTIC = "x**4/4 - 8*x**3/3 + 19*x**2/2 - 12*x + 1"


def by_hand(position: Mapping[str, Tensor]) -> dict[str, Tensor]:
    x = position["x"]
    return {"x": x**3 - 8 * x**2 + 19 * x - 12}


def test_the_first_page() -> None:
    found = descent("(x-5)**2", lr=0.3, tol=0.1, steps=20, x=9.0)
    assert (found.iterations, found.outcome) == (5, "converged")
    assert float(found.last.position["x"]) == pytest.approx(5.04096, abs=1e-5)
    assert found.last.value == pytest.approx(0.00168, abs=1e-5)
    assert found.message == "converged: ‖∇f‖ = 0.08192 ≤ 0.1 after 5 iterations"


@pytest.mark.parametrize("derivative", [None, by_hand], ids=["autograd", "by hand"])
def test_the_second_page_looks_after_the_move(
    derivative: Callable[[Mapping[str, Tensor]], Mapping[str, Tensor]] | None,
) -> None:
    method = Method(lr=0.01, tol=0.01, steps=100, check="after")
    found = run(objective(QUARTIC, {"x": 0.2}), method, derivative=derivative)
    assert (found.iterations, found.outcome) == (92, "converged")
    assert f"{float(found.last.position['x']):.2f}" == "1.00"
    assert f"{found.last.value:.2f}" == "-3.92"


def test_looking_before_the_move_saves_one() -> None:
    assert descent(QUARTIC, lr=0.01, tol=0.01, x=0.2).iterations == 91


@pytest.mark.parametrize(("start", "minimum"), [(0.2, 1), (2.5, 1), (3.5, 4), (5.0, 4)])
def test_the_start_decides_which_minimum_is_reached(start: float, minimum: int) -> None:
    found = descent(QUARTIC, lr=0.01, tol=0.01, steps=300, x=start)
    assert float(found.last.position["x"]) == pytest.approx(minimum, abs=0.01)


@pytest.mark.parametrize(
    ("momentum", "nesterov", "schedule"),
    [(0.5, False, "constant"), (0.5, True, "constant"), (0.0, False, "adaptive")],
)
def test_the_improvements_need_fewer_iterations(
    momentum: float, nesterov: bool, schedule: Schedule
) -> None:
    found = descent(
        QUARTIC, lr=0.01, tol=0.01, x=0.2, momentum=momentum, nesterov=nesterov, schedule=schedule
    )
    assert found.outcome == "converged"
    assert found.iterations < 45 < 91


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_moves_as_torch_does(nesterov: bool) -> None:
    found = descent(
        "sum(a*(x-1)**2)", lr=0.02, tol=0.0, steps=12, momentum=0.8, nesterov=nesterov,
        moving=["x"], a=[1.0, 5.0], x=[3.0, -2.0],
    )  # fmt: skip
    x = torch.tensor([3.0, -2.0], requires_grad=True)
    optimiser = torch.optim.SGD([x], lr=0.02, momentum=0.8, nesterov=nesterov)
    for _ in range(12):
        optimiser.zero_grad()
        (torch.tensor([1.0, 5.0]) * (x - 1) ** 2).sum().backward()
        optimiser.step()
    assert torch.allclose(found.last.position["x"], x.detach(), atol=1e-6)


def test_a_rate_grows_while_the_sign_is_kept_and_shrinks_when_it_flips() -> None:
    found = descent("(x-5)**2", lr=0.8, tol=0.01, steps=30, x=9.0, schedule="adaptive")
    rates = [one.rate for one in found.iterates[:4]]
    signs = [float(one.gradient["x"]) > 0 for one in found.iterates[:4]]
    assert signs[:2] == [True, False]
    assert rates[:2] == [pytest.approx(0.8), pytest.approx(0.4)]
    slow = descent("(x-5)**2", lr=0.01, tol=0.01, steps=30, x=9.0, schedule="adaptive")
    assert [one.rate for one in slow.iterates[:3]] == [
        pytest.approx(0.01), pytest.approx(0.012), pytest.approx(0.0144)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("schedule", "rates"), [("step", (0.1, 0.05)), ("cosine", (0.1, 0.05))], ids=str
)
def test_schedules_lower_the_rate(schedule: Schedule, rates: tuple[float, float]) -> None:
    found = descent("x*x", lr=0.1, tol=0.0, steps=20, x=1.0, schedule=schedule)
    assert found.iterates[0].rate == pytest.approx(rates[0])
    assert found.iterates[10].rate == pytest.approx(rates[1])
    assert found.last.rate is None


@pytest.mark.parametrize(
    ("source", "lr", "said"),
    [
        (
            "(x-5)**2",
            1.1,
            "diverged at iteration 10: f rose 10 times in a row, to 613.4019; "
            "the rate 1.1 is too high from here; try a smaller --lr",
        ),
        (
            "x**4",
            1.0,
            "diverged at iteration 2: f is inf; "
            "the rate 1 is too high from here; try a smaller --lr",
        ),
        ("log(-x)", 0.1, "diverged at iteration 0: f is nan at the start itself"),
    ],
)
def test_divergence_is_said_and_stops(source: str, lr: float, said: str) -> None:
    found = descent(source, lr=lr, steps=500, x=9.0)
    assert (found.outcome, found.message) == ("diverged", said)
    plot = landscape([found])
    assert plot.y.low < plot.y.high


def test_several_tensors_move_by_the_norm_of_all() -> None:
    found = descent(
        "mean((a*x + b - y)**2)", lr=0.1, steps=500, tol=1e-3, moving=["a", "b"],
        a=0.0, b=0.0, x=[1.0, 2.0, 3.0], y=[3.0, 5.0, 7.0],
    )  # fmt: skip
    last = found.last
    assert float(last.position["a"]) == pytest.approx(2, abs=0.01)
    assert float(last.position["b"]) == pytest.approx(1, abs=0.01)
    total = sum(float(g) ** 2 for g in last.gradient.values()) ** 0.5
    assert last.norm == pytest.approx(total)
    assert last.norm <= 1e-3


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"lr": 0.0}, "the rate must be above 0, not 0"),
        ({"lr": float("nan")}, "the rate must be above 0, not nan"),
        ({"momentum": 1.0}, "momentum must be from 0 to below 1, not 1"),
        ({"nesterov": True}, "nesterov looks ahead along the momentum; give --momentum too"),
        ({"tol": -1.0}, "the tolerance must be 0 or more, not -1"),
        (
            {"steps": 10**8},
            "every iteration is kept: 1 times 100,000,000 steps are too many numbers; "
            "lower --steps, or let fewer numbers move",
        ),
        ({"steps": 0}, "steps must be 1 or more, not 0"),
        (
            {"schedule": "fast"},
            "unknown schedule 'fast' (must be one of constant, adaptive, step, cosine)",
        ),
        ({"check": "never"}, "unknown check 'never' (must be one of before, after)"),
        ({"moving": ["y"]}, "no floating input 'y' (there are: x)"),
        (
            {"x": [1.0, 2.0]},
            "descent lowers one real number, and the output is f32[2]: "
            "put sum(…) or mean(…) around it",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_what_cannot_be_meant(settings: dict[str, object], said: str) -> None:
    given: dict[str, object] = {"x": 1.0, **settings}
    with pytest.raises(InputError) as error:
        descent("x*x", **given)  # type: ignore[arg-type]  # wrong on purpose
    assert str(error.value) == said


def test_a_saved_run_cannot_run_again() -> None:
    with pytest.raises(InputError, match=r"^x.graphstep holds one run, and this needs its source"):
        descent("x.graphstep", x=1.0)


def test_a_plot_leaves_out_where_the_code_refuses() -> None:
    def rooted(x: Tensor) -> Tensor:
        if x < 0:
            raise ValueError("below 0")
        return (x.sqrt() - 1) ** 2

    curve, _ = landscape([descent(rooted, x=0.05, lr=0.1, steps=20)]).curves
    below = [y for x, y in curve.points if x < 0]
    assert below
    assert all(map(math.isnan, below))
    assert all(y >= 0 for x, y in curve.points if x > 0)
