"""Slides to include in a talk: each step once, and text that compiles."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import torch
from pypdf import PdfReader

import graphstep as gs
from tests.compiling import compiled


@pytest.fixture(scope="module")
def trace() -> gs.Trace:
    return gs.trace("log(x1) + x1*x2 - sin(x2)", x1=2.0, x2=5.0)


def test_beamer_overlays_show_the_page_and_the_equation_of_each_step(
    trace: gs.Trace, tmp_path: Path
) -> None:
    pages, slides = trace.export(tmp_path / "talk.tex", all_steps=True)
    assert (pages.name, slides.name) == ("talk.pdf", "talk.tex")
    count = len(trace.steps)
    assert len(PdfReader(pages).pages) == count
    text = slides.read_text("utf-8")
    assert text.count("{") == text.count("}")
    for k in range(count):
        assert rf"\only<{k + 1}>{{%" in text
        assert f"[page={k + 1},width=" in text
        assert trace.timeline().equation(k).one_line("latex") in text


def test_the_beamer_frame_compiles(trace: gs.Trace, tmp_path: Path) -> None:
    trace.export(tmp_path / "talk.tex", all_steps=True)
    (tmp_path / "main.tex").write_text(
        r"\documentclass{beamer}\usepackage{amsmath,graphicx}"
        r"\begin{document}\input{talk.tex}\end{document}"
    )
    compiled(tmp_path / "main.tex")
    assert len(PdfReader(tmp_path / "main.pdf").pages) == len(trace.steps)


def test_a_typst_document_has_a_page_a_step(trace: gs.Trace, tmp_path: Path) -> None:
    *drawn, slides = trace.export(tmp_path / "talk.typ", all_steps=True)
    text = slides.read_text("utf-8")
    assert text.count("#pagebreak()") == len(trace.steps) - 1
    for image, step in zip(drawn, trace.steps, strict=True):
        assert f'#image("{image.name}", height: 80%)' in text
        assert image.read_text("utf-8") == trace.svg(step.index)
        assert f'"{trace.timeline().caption(step.index)}"' in text


def test_the_typst_document_compiles(tmp_path: Path) -> None:
    typst = pytest.importorskip("typst", reason="typst is not installed")
    trace = gs.trace(_hostile, torch.ones(3), torch.ones(3))
    trace.export(tmp_path / "talk.typ", all_steps=True)
    typst.compile(tmp_path / "talk.typ", output=tmp_path / "talk.pdf")
    assert len(PdfReader(tmp_path / "talk.pdf").pages) == len(trace.steps)
    (tmp_path / "talk.typ").write_text('#text("unclosed)')
    with pytest.raises(typst.TypstError):
        typst.compile(tmp_path / "talk.typ", output=tmp_path / "talk.pdf")


def _hostile(größe: torch.Tensor, 中: torch.Tensor) -> torch.Tensor:
    return (größe * 中 * 1e-9).sum()


class _Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found[-1]["src"] = dict(attrs)["src"]
            return
        if tag == "figure":
            self.found.append(dict(attrs))
        self.open += 1

    def handle_endtag(self, tag: str) -> None:
        self.open -= 1


def test_a_reveal_section_shows_one_step_at_a_time(trace: gs.Trace, tmp_path: Path) -> None:
    *drawn, section = trace.export(tmp_path / "talk.reveal.html", all_steps=True)
    parser = _Images()
    text = section.read_text("utf-8")
    parser.feed(text)
    assert parser.open == 0
    for step in trace.steps:
        assert f">{escape(trace.timeline().caption(step.index))}</figcaption>" in text
    assert [image["src"] for image in parser.found] == [path.name for path in drawn]
    # Fragment k comes with the k-th key: after k keys exactly one image is to be seen.
    last = len(drawn) - 1
    for keys in range(last + 1):
        seen = []
        for k, image in enumerate(parser.found):
            kinds, index = str(image["class"]).split(), int(str(image["data-fragment-index"]))
            come = keys > index
            if "fade-out" in kinds:
                visible = not come
            elif "current-visible" in kinds:
                visible = keys == index + 1
            else:
                visible = come
            seen += [k] if visible else []
        assert seen == [keys]
