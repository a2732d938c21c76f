"""Every piece of LaTeX that graphstep writes compiles with pdflatex."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from pypdf import PdfReader

import graphstep as gs
from graphstep.cli.main import main
from graphstep.format.latex import latex_number, latex_text, latex_word
from graphstep.output.latex_table import latex_table
from tests.compiling import compiled
from tests.output.test_groups import loop, network

PACKAGES = r"\usepackage{amsmath,array,booktabs,graphicx,longtable}"


def document(path: Path, parts: list[str], size: str = "") -> Path:
    body = "\n\n\\par\\bigskip\n".join(parts)
    text = f"\\documentclass{{article}}{size}{PACKAGES}\\begin{{document}}{body}\\end{{document}}"
    path.write_text(text, encoding="utf-8")
    return path


def _greek(θ: torch.Tensor, größe_2: torch.Tensor, 中: torch.Tensor) -> torch.Tensor:
    Δ = θ * 1e-9 + größe_2 / 中
    return (Δ.softmax(-1) + torch.where(Δ > 0, Δ, float("inf"))).amax() ** 2


def traces() -> list[gs.Trace]:
    x = torch.randn(2, 3)
    many = "+".join(["a*b"] * 9)
    return [
        gs.trace("log(x1) + x1*x2 - sin(x2)", x1=2.0, x2=5.0),
        gs.trace(_greek, x, x + 9, x + 5),
        gs.trace("c/(a**-3 + sqrt(b)) + relu(d)*1e-12", a=1e-9, b=2e9, c=-1e-20, d=0.5),
        gs.trace(many, a=1.0, b=-2.0),
        gs.trace(lambda z: (z * z * 1e-9).abs().sum(), torch.tensor([1 - 2j, 2j])),
    ]


def overfull(pdf: Path) -> list[str]:
    """Return LaTeX's words about lines that are wider than their column or page."""
    said = pdf.with_suffix(".log").read_text(errors="replace")
    return [line for line in said.splitlines() if line.startswith(r"Overfull \hbox")]


@pytest.mark.parametrize("layout", ["rows", "survey"])
def test_tables_of_every_kind_compile(layout: str, tmp_path: Path) -> None:
    torch.manual_seed(0)
    parts = []
    for trace in (*traces(), network(), loop(5)):
        for grain in ("adjoint", "contribution"):
            parts.append(trace.table(format="latex", grain=grain, layout=layout))  # type: ignore[arg-type]
    parts.append(traces()[0].table(format="latex", mode="tangent", layout=layout))  # type: ignore[arg-type]
    pdf = compiled(document(tmp_path / "tables.tex", parts))
    assert overfull(pdf) == []
    assert len(PdfReader(pdf).pages) > 3


def test_the_checks_notice_a_table_wider_than_its_page(tmp_path: Path) -> None:
    narrow = latex_table("ll", (), [r"$a$ & $= 1$ \\"])
    assert overfull(compiled(document(tmp_path / "narrow.tex", [narrow]))) == []
    wide = latex_table("ll", (), [rf"$a$ & $= {' + '.join(['abcdefgh'] * 12)}$ \\"])
    assert overfull(compiled(document(tmp_path / "wide.tex", [wide]))) != []


def test_a_long_table_breaks_over_pages(tmp_path: Path) -> None:
    trace = gs.trace("x" + "*x" * 120, x=1.01)
    for layout in ("rows", "survey"):
        text = trace.table(format="latex", layout=layout)
        assert r"booktabs,longtable}" in text
        pages = PdfReader(compiled(document(tmp_path / f"{layout}.tex", [text]))).pages
        assert len(pages) > 1


def test_the_table_of_rules_compiles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "latex"]) == 0
    text = capsys.readouterr().out
    assert text.count(r"\partial v") > 100
    pdf = compiled(document(tmp_path / "rules.tex", [text]))
    assert overfull(pdf) == []
    assert len(PdfReader(pdf).pages) > 1


def test_words_and_numbers_are_safe_in_any_place(tmp_path: Path) -> None:
    hostile = r"\end{document} $x$ a_b^c #1 & 50% {~} α \\ ∂ ≤ 中 é ✓ … −" + "\u03c5\u202e\x00\n"
    words = [hostile, "x1", "größe", "β", "not recorded", *hostile]
    numbers = ["-1.5e-7", "f32[2,3] [0.5, …]", "[nan, inf, -inf]", "1-2j", "True", "not recorded"]
    numbers += ["i64[3]@cuda:0", "no gradient"]
    parts = [latex_text(word) for word in words] + [f"${latex_word(word)}$" for word in words]
    parts += [f"${latex_number(number)}$" for number in numbers]
    pdf = compiled(document(tmp_path / "words.tex", parts))
    said = PdfReader(pdf).pages[0].extract_text()
    assert said.startswith(r"\end{document} $")
    assert "50%" in said
    assert "U+202E" in said
