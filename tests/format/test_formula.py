"""Formulas in three styles: precedence, signs, folding, and that folding keeps the number."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graphstep.format.folding import fold
from graphstep.format.formula import Formula, Sum, of, times
from graphstep.format.term import Partial, Symbol, Term, Word
from graphstep.rules.language import parse

X, Y = Symbol(1), Symbol(2)


def texts(text: str, terms: Mapping[str, Term] | None = None) -> tuple[str, str, str]:
    names: dict[str, Term] = {"x": X, "y": Y, **(terms or {})}
    formula = Formula(fold(parse(text), names), names)
    return formula.text(), formula.text("ascii"), formula.text("latex")


@pytest.mark.parametrize(
    ("text", "unicode", "ascii", "latex"),
    [
        ("x*y", "v₁·v₂", "v_1*v_2", r"v_{1} \cdot v_{2}"),
        ("x + y*x", "v₁ + v₂·v₁", "v_1 + v_2*v_1", r"v_{1} + v_{2} \cdot v_{1}"),
        ("(x + y)*x", "(v₁ + v₂)·v₁", "(v_1 + v_2)*v_1",
         r"\left(v_{1} + v_{2}\right) \cdot v_{1}"),
        ("x - (y - x)", "v₁ − (v₂ − v₁)", "v_1 - (v_2 - v_1)",
         r"v_{1} - \left(v_{2} - v_{1}\right)"),
        ("x - y - x", "v₁ − v₂ − v₁", "v_1 - v_2 - v_1", "v_{1} - v_{2} - v_{1}"),
        ("x/(y*x)", "v₁/(v₂·v₁)", "v_1/(v_2*v_1)", r"\frac{v_{1}}{v_{2} \cdot v_{1}}"),
        ("x/y/x", "v₁/v₂/v₁", "v_1/v_2/v_1", r"\frac{\frac{v_{1}}{v_{2}}}{v_{1}}"),
        ("x*(y/x)", "v₁·(v₂/v₁)", "v_1*(v_2/v_1)", r"v_{1} \cdot \frac{v_{2}}{v_{1}}"),
        ("-x**2", "−v₁²", "-v_1**2", "-v_{1}^{2}"),
        ("(-x)**2", "(−v₁)²", "(-v_1)**2", r"\left(-v_{1}\right)^{2}"),
        ("x**-1", "v₁⁻¹", "v_1**(-1)", "v_{1}^{-1}"),
        ("x**y", "v₁^v₂", "v_1**v_2", "v_{1}^{v_{2}}"),
        ("x**(y + 1)", "v₁^(v₂ + 1)", "v_1**(v_2 + 1)", "v_{1}^{v_{2} + 1}"),
        ("(x**2)**3", "(v₁²)³", "(v_1**2)**3", r"\left(v_{1}^{2}\right)^{3}"),
        ("x**0.5", "v₁^0.5", "v_1**0.5", "v_{1}^{0.5}"),
        ("x*(-y)", "v₁·(−v₂)", "v_1*(-v_2)", r"v_{1} \cdot \left(-v_{2}\right)"),
        ("x - -2", "v₁ − (−2)", "v_1 - (-2)", r"v_{1} - \left(-2\right)"),
        ("x + -y", "v₁ − v₂", "v_1 - v_2", "v_{1} - v_{2}"),
        ("--x", "v₁", "v_1", "v_{1}"),
        ("x @ y.T", "v₁ @ v₂ᵀ", "v_1 @ v_2.T", r"v_{1} \, v_{2}^{\top}"),
        ("(x + y).T", "(v₁ + v₂)ᵀ", "(v_1 + v_2).T", r"\left(v_{1} + v_{2}\right)^{\top}"),
        ("exp(-x)", "exp(−v₁)", "exp(-v_1)", r"\exp\left(-v_{1}\right)"),
        ("sqrt(x)", "sqrt(v₁)", "sqrt(v_1)", r"\sqrt{v_{1}}"),
        ("put_index(x)", "put_index(v₁)", "put_index(v_1)",
         r"\operatorname{put\_index}\left(v_{1}\right)"),
        ("0 if x <= 0 else y", "0 if v₁ ≤ 0 else v₂", "0 if v_1 <= 0 else v_2",
         r"\begin{cases} 0 & \text{if } v_{1} \le 0 \\ v_{2} & \text{else} \end{cases}"),
        ("x*(1 if y > 0 else 0)", "v₁·(1 if v₂ > 0 else 0)", "v_1*(1 if v_2 > 0 else 0)",
         r"v_{1} \cdot \begin{cases} 1 & \text{if } v_{2} > 0 \\ 0 & \text{else} \end{cases}"),
        ("x if (x == 0) & (y >= 0) else y", "v₁ if v₁ = 0 and v₂ ≥ 0 else v₂",
         "v_1 if v_1 == 0 and v_2 >= 0 else v_2",
         r"\begin{cases} v_{1} & \text{if } v_{1} = 0 \land v_{2} \ge 0"
         r" \\ v_{2} & \text{else} \end{cases}"),
        ("1 if x < 0 else 2 if x < 1 else y", "1 if v₁ < 0 else 2 if v₁ < 1 else v₂",
         "1 if v_1 < 0 else 2 if v_1 < 1 else v_2",
         r"\begin{cases} 1 & \text{if } v_{1} < 0 \\ 2 & \text{if } v_{1} < 1"
         r" \\ v_{2} & \text{else} \end{cases}"),
        ("-x/y", "−v₁/v₂", "-v_1/v_2", r"-\frac{v_{1}}{v_{2}}"),
        ("y*(-x/y)", "v₂·(−v₁/v₂)", "v_2*(-v_1/v_2)",
         r"v_{2} \cdot \left(-\frac{v_{1}}{v_{2}}\right)"),
        ("(-x)*y", "−v₁·v₂", "-v_1*v_2", r"-v_{1} \cdot v_{2}"),
        ("x/(-y)", "v₁/(−v₂)", "v_1/(-v_2)", r"\frac{v_{1}}{-v_{2}}"),
        ("abs(x)*y", "|v₁|·v₂", "abs(v_1)*v_2", r"\left|v_{1}\right| \cdot v_{2}"),
        ("log10(x)", "log₁₀(v₁)", "log10(v_1)", r"\log_{10}\left(v_{1}\right)"),
        ("trigamma(x)", "ψ₁(v₁)", "trigamma(v_1)", r"\psi_{1}\left(v_{1}\right)"),
        ("-floored(x, y)", "−floor(v₁/v₂)", "-floor(v_1/v_2)",
         r"-\operatorname{floor}\left(\frac{v_{1}}{v_{2}}\right)"),
        ("2j*x", "2j·v₁", "2j*v_1", r"2j \cdot v_{1}"),
    ],
)  # fmt: skip
def test_styles(text: str, unicode: str, ascii: str, latex: str) -> None:
    assert texts(text) == (unicode, ascii, latex)


@pytest.mark.parametrize(
    ("text", "number", "folded"),
    [
        ("0 if y == 0 else y*x**(y - 1)", 2, "2*v_1"),
        ("0 if y == 0 else y*x**(y - 1)", 3, "3*v_1**2"),
        ("0 if y == 0 else y*x**(y - 1)", 1, "1"),
        ("0 if y == 0 else y*x**(y - 1)", 0, "0"),
        ("0 if y == 0 else y*x**(y - 1)", -1, "-v_1**(-2)"),
        ("0 if y == 0 else y*x**(y - 1)", 0.5, "0.5*v_1**(-0.5)"),
        ("x + y*x", 1, "v_1 + v_1"),
        ("x - y*x", -1, "v_1 - (-v_1)"),
        ("y*x", -1, "-v_1"),
        ("x*y", 3, "3*v_1"),
        ("x/y", 1, "v_1"),
        ("-y", 3, "-3"),
    ],
)
def test_what_numbers_decide_is_folded(text: str, number: float, folded: str) -> None:
    assert texts(text, {"y": number})[1] == folded


def test_words_are_escaped_for_latex() -> None:
    assert of(Word("a_b%{}\\^~#$&")).text("latex") == (
        r"\text{a\_b\%\{\}\textbackslash{}\textasciicircum{}\textasciitilde{}\#\$\&}"
    )
    assert of(Word("a_b")).text("unicode") == "a_b"


def test_sums_and_products_are_left_as_a_lecture_writes_them() -> None:
    above = Symbol(3, "adjoint")
    one = times(above, of(1.0))
    chain = times(above, of(Partial(3, 1)))
    assert one.text() == "v̄₃·1"
    assert Sum((chain, one)).text() == "v̄₃·∂v₃/∂v₁ + v̄₃·1"
    assert times(-2.0, of(-0.5)).text() == "(−2)·(−0.5)"
    assert times(above, of(-1.0)).text("latex") == r"\bar v_{3} \cdot \left(-1\right)"


def test_sums_keep_their_terms_apart() -> None:
    first = Formula(parse("x*y"), {"x": Symbol(1), "y": Symbol(2)})
    second = Formula(parse("x*y"), {"x": Symbol(3), "y": 4})
    assert Sum((first, second)).text() == "v₁·v₂ + v₃·4"


NUMBERS = st.sampled_from([-3, -2, -1, 0, 1, 2, 3, 0.5, -1.5])
LEAVES = st.one_of(
    st.sampled_from(["x", "y", "c", "d"]),
    NUMBERS.map(lambda n: f"({n})" if n < 0 else str(n)),
)
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["+", "-", "*", "/", "**"]), inner),
        inner.map("-({})".format),
        inner.map("sin({})".format),
        st.builds("(({}) if ({}) > ({}) else ({}))".format, inner, inner, inner, inner),
    ),
    max_leaves=12,
)


def value(text: str, scope: Mapping[str, float]) -> float | None:
    """Evaluate arithmetic by Python itself; None where it has no finite real value on the way."""
    try:
        found = eval(text, {"__builtins__": {}, "sin": math.sin}, dict(scope))
    except (ArithmeticError, ValueError, TypeError):
        return None
    real = isinstance(found, (int, float)) and math.isfinite(found)
    return float(found) if real else None


@given(FORMULAS, NUMBERS, NUMBERS)
def test_the_text_of_a_folded_formula_has_the_number_of_the_original(
    text: str, c: float, d: float
) -> None:
    terms: dict[str, Term] = {"x": X, "y": Y, "c": c, "d": d}
    shown = Formula(fold(parse(text), terms), terms).text("ascii")
    for x, y in ((0.7, 1.3), (-1.1, 0.4), (2.0, -0.6)):
        expected = value(text, {"x": x, "y": y, "c": c, "d": d})
        assume(expected is None or abs(expected) < 1e6)
        if expected is not None:
            found = value(shown, {"v_1": x, "v_2": y})
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-6), shown


def test_an_option_that_is_a_word_decides_which_formula_is_shown() -> None:
    text = "x*y if approximate == 'none' else f(x, approximate)"
    terms: dict[str, Term] = {"x": X, "y": Y, "approximate": Word("none")}
    assert Formula(fold(parse(text), terms), terms).text() == "v₁·v₂"
    terms["approximate"] = Word("tanh")
    assert Formula(fold(parse(text), terms), terms).text() == "f(v₁, tanh)"
    # A tensor's numbers are no option, whatever they look like.
    terms["approximate"] = Word("none", numeric=True)
    assert " if " in Formula(fold(parse(text), terms), terms).text()


def test_a_choice_within_a_choice_keeps_its_brackets() -> None:
    text = "(x if x > y else 1) if (y if x > 0 else 2) > 1 else x if y > 0 else y"
    assert Formula(parse(text), {"x": X, "y": Y}).text("ascii") == (
        "(v_1 if v_1 > v_2 else 1) if (v_2 if v_1 > 0 else 2) > 1 else v_1 if v_2 > 0 else v_2"
    )


def test_a_tree_that_is_no_formula_is_refused() -> None:
    tree = ast.parse("[x]", mode="eval").body
    with pytest.raises(TypeError, match=r"^not a formula: "):
        Formula(tree, {}).text()
