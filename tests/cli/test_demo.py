"""graphstep demo: the list by subject, a page's own options, and what it prints below."""

from __future__ import annotations

import pytest

from graphstep.cli.main import main
from graphstep.demos import DEMOS, GROUPS


def test_the_list_has_one_line_a_demo(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(DEMOS) + len(GROUPS)
    assert lines[:2] == ["Losses", "  mse           Mean squared error"]
    assert [line for line in lines if not line.startswith(" ")] == [g.title for g in GROUPS]


def test_without_a_name_it_is_the_lectures_first_tree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo"]) == 0
    said = capsys.readouterr()
    assert "v₃   = v₁ + v₂  = 30 + 200  = 230" in said.out
    assert said.err.splitlines() == [
        "Reverse mode, five pages: '3*a + a*b' a=10 b=20",
        "The lecture's page prints v_3 = 220; 30 + 200 is 230.",
    ]


def test_a_page_has_its_own_order_and_grain_until_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["demo", "survey"]) == 0
    assert "(partial)" in capsys.readouterr().out
    assert main(["demo", "survey", "--grain", "adjoint"]) == 0
    assert "(partial)" not in capsys.readouterr().out


def test_views_stand_below_the_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "accumulation"]) == 0
    out = capsys.readouterr().out
    assert out.index("every adjoint agrees") < out.index("a.grad = −0.3324 + −0.3324 = −0.6648")


def test_an_unknown_demo_gets_near_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "jacobain"]) == 2
    assert capsys.readouterr().err == (
        "graphstep: no demo 'jacobain'; near: jacobian; see graphstep demo --list\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("parabola", "converged: ‖∇f‖ = 0.08192 ≤ 0.1 after 5 iterations"),
        ("quartic", "plain, lr 0.01  x = 0.2  92          converged  x = 0.9985  −3.9167"),
        ("momentum", "momentum 0.7, lr 0.01  x = 0.2  24          converged"),
        ("adaptive", "adaptive rate, lr 0.01  x = 0.2  15          converged"),
        ("ways", "Four ways to the derivative of 64*x*(1-x)*(1-2*x)**2*(1-8*x+8*x*x)**2 by x"),
    ],
)
def test_what_other_commands_say_of_a_page_stands_below(
    name: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", name]) == 0
    out = capsys.readouterr().out
    assert out.index("every adjoint agrees") < out.index(said)
