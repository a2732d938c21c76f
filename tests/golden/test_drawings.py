"""DOT text and SVG structure of each example, as files in `drawings/`.

`python -m tests.golden.test_drawings` writes them anew; read what changed before it is kept.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

import graphstep as gs
from graphstep.demos.networks import mazur, micrograd

DRAWINGS = Path(__file__).with_name("drawings")


def _double(*entries: object) -> torch.Tensor:
    return torch.tensor(entries, dtype=torch.float64)


def _layer(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    hidden = torch.relu(x @ w + b)
    return hidden.softmax(-1).log().sum()


def _classified() -> gs.Trace:
    x = _double([1.0, -0.5, 0.25], [0.125, 2.0, -1.0])
    w = torch.arange(12, dtype=torch.float64).reshape(3, 4) / 8 - 0.5
    return gs.trace(_layer, x, w, _double(0.5, -0.25, 0.125, 0.0))


def _mazur() -> gs.Trace:
    return gs.trace(mazur, _double([0.15, 0.20], [0.25, 0.30]), _double([0.40, 0.45], [0.50, 0.55]))


EXAMPLES: dict[str, Callable[[], gs.Trace]] = {
    "lecture": lambda: gs.trace("3*a + a*b", a=10.0, b=20.0),
    "logistic": lambda: gs.trace("10/(1+exp(3*a+a*b))", a=1.0, b=2.0),
    "survey": lambda: gs.trace("log(x1) + x1*x2 - sin(x2)", x1=2.0, x2=5.0, order="level"),
    "square": lambda: gs.trace("x*x", x=3.0),
    "micrograd": lambda: gs.trace(micrograd, _double(-4.0)[0], _double(2.0)[0]),
    "mazur": _mazur,
    "classified": _classified,
}


def structure(svg: str) -> Iterator[str]:
    """Give a line an element: its name, id and class, and its text; no place and no size."""
    root = ElementTree.fromstring(svg)
    deep = {root: 0}
    for element in root.iter():
        deep |= dict.fromkeys(element, deep[element] + 1)
        name = element.tag.partition("}")[2]
        said = [element.get(part) for part in ("id", "class")]
        text = "…" if name == "style" else (element.text or "").strip()
        words = (name, f"#{said[0]}" * bool(said[0]), f".{said[1]}" * bool(said[1]), text)
        yield "  " * deep[element] + " ".join(word for word in words if word)


def golden(trace: gs.Trace, ending: str) -> str:
    """Return what the file of an example holds: DOT text, or the structure half-way."""
    if ending == "dot":
        return trace.dot()
    middle = trace.timeline().reverse_start + 1
    return "\n".join((*structure(trace.svg(middle)), ""))


@pytest.mark.parametrize("ending", ["dot", "svg.txt"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_drawing_is_as_it_was(name: str, ending: str) -> None:
    written = (DRAWINGS / f"{name}.{ending}").read_text(encoding="utf-8")
    assert golden(EXAMPLES[name](), ending) == written


def test_the_files_are_those_of_the_examples() -> None:
    found = {path.name.partition(".")[0] for path in DRAWINGS.iterdir()}
    assert found == set(EXAMPLES)


if __name__ == "__main__":
    DRAWINGS.mkdir(exist_ok=True)
    for one, make in EXAMPLES.items():
        for kind in ("dot", "svg.txt"):
            (DRAWINGS / f"{one}.{kind}").write_text(golden(make(), kind), encoding="utf-8")
