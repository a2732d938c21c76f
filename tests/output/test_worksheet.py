"""A worksheet leaves open what it says and nothing shows through; its key has every answer."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import torch
from pypdf import PdfReader

import graphstep as gs
from graphstep.cli.main import main
from graphstep.demos.networks import micrograd
from graphstep.format.numbers import number
from graphstep.output.worksheet import BLANKS, LINE
from tests.compiling import compiled
from tests.output.test_groups import loop


@pytest.fixture(scope="module")
def trace() -> gs.Trace:
    return gs.trace("(a + b)*(a + b)", a=17.25, b=21.5)


def texts(svg: Path) -> list[str]:
    root = ElementTree.fromstring(svg.read_text("utf-8"))
    found = ["".join(e.itertext()) for e in root.iter() if not e.tag.endswith("style")]
    return [text.strip() for text in found if text.strip()]


@pytest.mark.parametrize(
    "blanks", [c for n in (1, 2, 3) for c in itertools.combinations(BLANKS, n)], ids=",".join
)
def test_what_is_left_open_is_nowhere_and_the_key_has_it(
    blanks: tuple[str, ...], tmp_path: Path
) -> None:
    trace = gs.trace("7*a*(a*b)", a=3.0, b=11.0)
    trace.worksheet(tmp_path / "s.md", blanks=blanks)
    sheet, key = ((tmp_path / name).read_text("utf-8") for name in ("s.md", "s-key.md"))
    drawn, full = ("\n".join(texts(tmp_path / name)) for name in ("s.svg", "s-key.svg"))
    # v₁ = 7a = 21, v₂ = ab = 33, v₃ = 693; v̄₁ = 33, v̄₂ = 21, v̄₀ = 63, v̄₋₁ = 462.
    secrets = {"values": ["693"], "adjoints": ["63", "462"], "partials": []}
    for kind in BLANKS:
        for secret in secrets[kind]:
            there = kind not in blanks
            assert bool(re.search(rf"= {secret}\b", sheet)) == there
            assert bool(re.search(rf"= {secret}\b", drawn)) == there
            assert re.search(rf"= {secret}\b", key)
            assert re.search(rf"= {secret}\b", full)
    assert ("= v̄₃·v₂ " in sheet) == ("partials" not in blanks)
    assert "= v̄₃·v₂ " in key
    assert LINE.replace("_", "\\_") in sheet
    assert "\\_" not in key
    # The last step's equation, which describes a full drawing, would give the answer away.
    assert "462" not in drawn or "adjoints" not in blanks


def test_sheet_and_key_have_the_same_geometry(trace: gs.Trace, tmp_path: Path) -> None:
    trace.worksheet(tmp_path / "s.md")
    sizes = [
        re.search(r'viewBox="[^"]*"', (tmp_path / name).read_text("utf-8"))
        for name in ("s.svg", "s-key.svg")
    ]
    assert sizes[0] is not None
    assert sizes[1] is not None
    assert sizes[0][0] == sizes[1][0]


def test_a_pdf_has_pages_of_a4_with_graph_and_table(trace: gs.Trace, tmp_path: Path) -> None:
    written = trace.worksheet(tmp_path / "s.pdf", blanks=BLANKS)
    assert [path.name for path in written] == ["s.pdf", "s-key.pdf"]
    for path in written:
        pages = PdfReader(path).pages
        assert {(page.mediabox.width, page.mediabox.height) for page in pages} == {(595, 842)}
        said = "".join(page.extract_text() for page in pages)
        assert "Forward: values" in said
        assert ("1501.5625" in said) == (path.name == "s-key.pdf")
    chain = "x" + "+1" * 30
    gs.trace(chain, x=1.0).worksheet(tmp_path / "long.pdf")
    assert len(PdfReader(tmp_path / "long.pdf").pages) == 4


def test_latex_is_whole_and_its_blanks_are_lines(trace: gs.Trace, tmp_path: Path) -> None:
    trace.worksheet(tmp_path / "s.tex", blanks=("values",))
    sheet, key = ((tmp_path / name).read_text("utf-8") for name in ("s.tex", "s-key.tex"))
    assert sheet.count(r"= \blank$") == 3
    assert r"= \blank" not in key
    assert r"\section*{(a + b)*(a + b) (answers)}" in key
    assert "{s-graph.pdf}" in sheet
    assert (tmp_path / "s-key-graph.pdf").is_file()
    for text in (sheet, key):
        assert text.count("{") == text.count("}")


def test_the_latex_compiles(trace: gs.Trace, tmp_path: Path) -> None:
    trace.worksheet(tmp_path / "s.tex")
    compiled(tmp_path / "s.tex")
    compiled(tmp_path / "s-key.tex")


def test_no_row_of_the_latex_is_wider_than_its_page(tmp_path: Path) -> None:
    trace = gs.trace(micrograd, torch.tensor(-4.0), torch.tensor(2.0))
    for path in trace.worksheet(tmp_path / "s.tex"):
        if path.suffix == ".tex":
            compiled(path)
            assert "Overfull" not in path.with_suffix(".log").read_text("latin-1")
    key = (tmp_path / "s-key.tex").read_text("utf-8")
    assert key.count(r"\fitted{= 645.5773}") == 1


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["s.svg", "--worksheet"], "a worksheet goes to .pdf, .tex, .md, not to 's.svg'"),
        (["s.md", "--worksheet", "--blank", "adjoint"],
         "no blank 'adjoint' (there are adjoints, values, partials)"),
        (["s.md", "--blank", "values"],
         "--blank says what a --worksheet leaves open; give both"),
        (["s.pdf", "--worksheet", "--all-steps"],
         "a --worksheet shows no steps and no heat; leave these out"),
        (["s.pdf", "--worksheet", "--layout", "survey"],
         "a --worksheet has a layout of its own; leave out --layout"),
    ],
)  # fmt: skip
def test_what_no_worksheet_can_be_is_one_line(
    words: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "a*2", "a=1", "-o", *words]) == 2
    assert capsys.readouterr().err == f"graphstep: {line}\n"
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_names_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["a*2", "a=1", "--worksheet", "--blank", "values, adjoints", "-o", "s.md"]
    assert main(["export", *words]) == 0
    assert capsys.readouterr().err == "".join(
        f"wrote {name}\n" for name in ("s.svg", "s.md", "s-key.svg", "s-key.md")
    )


def test_a_worksheet_is_drawn_as_chosen(tmp_path: Path) -> None:
    trace = gs.trace("exp(a)*b", a=1.0, b=2.0)
    trace.worksheet(tmp_path / "s.md", direction="LR", precision=2, font="Courier", theme="light")
    drawn = (tmp_path / "s-key.svg").read_text("utf-8")
    assert 'font-family="Courier' in drawn
    assert "v₁ = 2.72<" in drawn
    assert "= 2\\.72 |" not in (tmp_path / "s-key.md").read_text("utf-8")
    assert "| = 2.72 |" in (tmp_path / "s-key.md").read_text("utf-8")
    trace.worksheet(tmp_path / "t.md")
    assert 'class="graphstep print"' in (tmp_path / "t.svg").read_text("utf-8")


def test_a_folded_box_gives_no_answer_away(tmp_path: Path) -> None:
    trace = loop(9)
    trace.worksheet(tmp_path / "s.md", collapse=0, blanks=BLANKS)
    sheet, key = (texts(tmp_path / name) for name in ("s.svg", "s-key.svg"))
    last = number(trace.value("v_27").item())
    assert f"v₂₇ = {last}" in key
    assert f"v₂₇ = {LINE}" in sheet
    assert not any(last in line for line in sheet)
    # The count of uses on a folded arrow is no partial.
    assert "9 uses" in sheet
    assert "9 uses" in key


def test_a_large_graph_is_folded_on_a_worksheet(tmp_path: Path) -> None:
    loop(30).worksheet(tmp_path / "s.md")
    drawn = (tmp_path / "s.svg").read_text("utf-8")
    assert len(re.findall(r'<g id="v_\d+" ', drawn)) <= 60
    loop(30).worksheet(tmp_path / "s.md", collapse="none")
    drawn = (tmp_path / "s.svg").read_text("utf-8")
    assert len(re.findall(r'<g id="v_\d+" ', drawn)) == 92


def test_a_drawing_makes_room_for_the_last_rows(tmp_path: Path) -> None:
    trace = gs.trace("10/(1+exp(3*a+a*b))", a=1.0, b=2.0)
    trace.worksheet(tmp_path / "s.pdf")
    (page,) = PdfReader(tmp_path / "s-key.pdf").pages
    assert "−0.3324" in page.extract_text()
