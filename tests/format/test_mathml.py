"""Formulas in MathML: the same trees as in the other styles, well-formed whatever the text."""

from __future__ import annotations

import ast
import xml.etree.ElementTree as ElementTree

import pytest

from graphstep.api import trace
from graphstep.format.folding import fold
from graphstep.format.formula import Formula, Sum, of, times
from graphstep.format.term import Partial, Symbol, Term, Word
from graphstep.rules.language import names, parse
from graphstep.rules.row import LINEAR
from graphstep.rules.table import ROWS

X, Y = "<msub><mi>v</mi><mn>1</mn></msub>", "<msub><mi>v</mi><mn>2</mn></msub>"
BAR = '<msub><mover accent="true"><mi>v</mi><mo>¯</mo></mover><mn>3</mn></msub>'
CELL = '<mtd style="text-align: left">'
SPACE = '<mspace width="0.3em"/>'
HOSTILE = "</math><script>\u202e\x00&\"'"


def mathml(text: str) -> str:
    terms: dict[str, Term] = {"x": Symbol(1), "y": Symbol(2)}
    return Formula(fold(parse(text), terms), terms).text("mathml")


def bracketed(inside: str) -> str:
    stretchy = "" if "<mfrac>" in inside else ' stretchy="false"'
    return f"<mrow><mo{stretchy}>(</mo>{inside}<mo{stretchy}>)</mo></mrow>"


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("x*y", f"<mrow>{X}<mo>·</mo>{Y}</mrow>"),
        ("(x + y)*x", f"<mrow>{bracketed(f'<mrow>{X}<mo>+</mo>{Y}</mrow>')}<mo>·</mo>{X}</mrow>"),
        ("x - (y - x)", f"<mrow>{X}<mo>−</mo>{bracketed(f'<mrow>{Y}<mo>−</mo>{X}</mrow>')}</mrow>"),
        ("x/(y*x)", f"<mfrac>{X}<mrow>{Y}<mo>·</mo>{X}</mrow></mfrac>"),
        ("(x/y)**2", f"<msup>{bracketed(f'<mfrac>{X}{Y}</mfrac>')}<mn>2</mn></msup>"),
        ("-x**2", f"<mrow><mo>−</mo><msup>{X}<mn>2</mn></msup></mrow>"),
        ("x*(-y)", f"<mrow>{X}<mo>·</mo>{bracketed(f'<mrow><mo>−</mo>{Y}</mrow>')}</mrow>"),
        ("x @ y.T", f"<mrow>{X}<mo>@</mo><msup>{Y}<mo>&#x22a4;</mo></msup></mrow>"),
        ("sqrt(x)", f"<msqrt>{X}</msqrt>"),
        ("exp(x)", f"<mrow><mi>exp</mi><mo>&#x2061;</mo>{bracketed(X)}</mrow>"),
        ("abs(x)", f'<mrow><mo stretchy="false">|</mo>{X}<mo stretchy="false">|</mo></mrow>'),
        (
            "log2(x)",
            "<mrow><msub><mi>log</mi><mn>2</mn></msub><mo>&#x2061;</mo>" + bracketed(X) + "</mrow>",
        ),
        ("-x*y", f"<mrow><mrow><mo>−</mo>{X}</mrow><mo>·</mo>{Y}</mrow>"),
        (
            "0 if x <= 0 else y",
            f"<mrow><mo>{{</mo><mtable><mtr>{CELL}<mn>0</mn></mtd>{CELL}<mrow><mtext>if</mtext>"
            f"{SPACE}<mrow>{X}<mo>≤</mo><mn>0</mn></mrow></mrow></mtd></mtr>"
            f"<mtr>{CELL}{Y}</mtd>{CELL}<mtext>else</mtext></mtd></mtr></mtable></mrow>",
        ),
        ("-x/y", f"<mrow><mo>−</mo><mfrac>{X}{Y}</mfrac></mrow>"),
        (
            "(x == 0) & (y == 0)",
            f"<mrow><mrow>{X}<mo>=</mo><mn>0</mn></mrow>{SPACE}<mtext>and</mtext>{SPACE}"
            f"<mrow>{Y}<mo>=</mo><mn>0</mn></mrow></mrow>",
        ),
    ],
)
def test_markup(text: str, markup: str) -> None:
    assert mathml(text) == markup


def test_a_chain_a_sum_and_a_negative_number() -> None:
    chain = times(Symbol(3, "adjoint"), of(Partial(3, 1)))
    fraction = "<mfrac><mrow><mo>∂</mo><msub><mi>v</mi><mn>3</mn></msub></mrow>"
    fraction += f"<mrow><mo>∂</mo>{X}</mrow></mfrac>"
    assert chain.text("mathml") == f"<mrow>{BAR}<mo>·</mo>{fraction}</mrow>"
    minus_two = bracketed("<mrow><mo>−</mo><mn>2</mn></mrow>")
    added = Sum((of(Symbol(1)), of(-2.0)))
    assert added.text("mathml") == f"<mrow>{X}<mo>+</mo>{minus_two}</mrow>"
    assert of(Symbol(-1)).text("mathml") == "<msub><mi>v</mi><mn>−1</mn></msub>"


def test_every_row_of_the_rule_table_typesets() -> None:
    texts = [t for row in ROWS.values() for t in (row.forward, *row.partials, row.tangent)]
    shown = 0
    for text in texts:
        if text is not None and text != LINEAR:
            tree = parse(text)
            terms: dict[str, Term] = {name: Symbol(1) for name in names(text)}
            ElementTree.fromstring(Formula(tree, terms).text("mathml"))
            shown += 1
    assert shown > 300


def test_hostile_text_stays_text() -> None:
    for formula in (of(Word(HOSTILE)), of(Word(HOSTILE, numeric=True)), of((Word(HOSTILE), None))):
        root = ElementTree.fromstring(formula.text("mathml"))
        assert "</math><script>��&\"'" in "".join(root.itertext())
        assert {element.tag for element in root.iter()} <= {"mrow", "mo", "mtext"}


def test_what_is_no_formula_is_refused() -> None:
    with pytest.raises(TypeError, match="not a formula"):
        Formula(ast.parse("x[0:1]", mode="eval").body, {"x": Symbol(1)}).text("mathml")


def test_an_equation_says_the_same_as_in_unicode() -> None:
    timeline = trace("3*a + a*b", a=-10.0, b=20.0).timeline()
    for step in timeline:
        equation = timeline.equation(step.index)
        markup = f"<math>{equation.one_line('mathml')}</math>"
        assert len(equation.texts("mathml")) == len(equation.texts())
        words = "".join(ElementTree.fromstring(markup).itertext())
        numbers = equation.texts()[-1]
        assert words.endswith(numbers)
        assert words.count("=") == equation.one_line().count("=")
