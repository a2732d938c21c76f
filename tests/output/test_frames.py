"""Every step in one file, or a file each; all of one geometry."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from pypdf import PdfReader

import graphstep as gs
from graphstep.cli.main import main
from graphstep.output.frames import numbered
from graphstep.output.svg_writing import NAMESPACE


@pytest.fixture(scope="module")
def trace() -> gs.Trace:
    return gs.trace("3*a + a*b", a=10.0, b=20.0)


def test_a_pdf_has_a_page_a_step_all_of_one_size(trace: gs.Trace, tmp_path: Path) -> None:
    assert trace.export(tmp_path / "x.pdf", all_steps=True) == [tmp_path / "x.pdf"]
    pages = PdfReader(tmp_path / "x.pdf").pages
    assert len(pages) == len(trace.steps) == 10
    assert len({tuple(page.mediabox) for page in pages}) == 1


def _apart(one: Image.Image, other: Image.Image) -> float:
    """Return how many in a thousand pixels of two pictures differ so that one can see it."""
    off = ImageChops.difference(one, other).convert("L").point(lambda level: 255 * (level > 32))
    return 1000 * ImageStat.Stat(off).mean[0] / 255


def test_a_gif_plays_every_step_as_its_png_shows_it(trace: gs.Trace, tmp_path: Path) -> None:
    trace.export(tmp_path / "x.gif", all_steps=True)
    stills = [
        Image.open(io.BytesIO(path.read_bytes())).convert("RGB")
        for path in trace.export(tmp_path / "x.png", all_steps=True)
    ]
    gif = Image.open(io.BytesIO((tmp_path / "x.gif").read_bytes()))
    assert getattr(gif, "n_frames", 0) == len(stills) == 10
    assert gif.info["loop"] == 0
    for k in range(10):
        gif.seek(k)
        shown = gif.convert("RGB")
        assert shown.size == stills[k].size
        # Lines change their colours from step to step; between a frame and its still, only shades.
        apart = [_apart(shown, still) for still in stills]
        others = apart[:k] + apart[k + 1 :]
        assert apart[k] * 4 < min(others), apart
        assert shown.getpixel((0, 0)) == (255, 255, 255)
    assert gif.info["duration"] == 3000


def states(svg: str, at: float, total: float) -> dict[str, str]:
    """Return what each group of an animated SVG shows at a time, by its title."""
    moment = re.compile(r"([\d.]+)% \{ visibility: (\w+)")
    moments = {
        name: [(float(when), how) for when, how in moment.findall(body)]
        for name, body in re.findall(r"@keyframes (\S+) \{ (.*) \}", svg)
    }
    found: dict[str, str] = {}

    def walk(group: ElementTree.Element, shown: bool) -> None:
        moves = moments.get(group.get("class", ""))
        if moves is not None:
            assert moves[0][0] == 0.0
            shown = [how for when, how in moves if when <= 100 * at / total + 1e-3][-1] == "visible"
        elif group.get("visibility") == "hidden":
            shown = False
        title = group.find(f"{{{NAMESPACE}}}title")
        if title is not None and shown:
            assert str(title.text) not in found
            found[str(title.text)] = group.get("class", "")
        for inner in group.findall(f"{{{NAMESPACE}}}g"):
            walk(inner, shown)

    for group in ElementTree.fromstring(svg).findall(f"{{{NAMESPACE}}}g"):
        walk(group, True)
    return found


def test_an_animated_svg_shows_at_each_moment_the_frame_of_its_step(
    trace: gs.Trace, tmp_path: Path
) -> None:
    (path,) = trace.export(tmp_path / "x.svg", all_steps=True)
    played = path.read_text("utf-8")
    assert "<script" not in played
    assert len(played) < 60_000
    for k in range(10):
        known = states(trace.svg(k), 0, 1)
        assert len(known) > 5
        assert states(played, k + 0.5, 12.0) == known
    without = re.sub("@keyframes.*", "", played)
    assert states(without, 0, 1) == states(trace.svg(9), 0, 1)
    ids = re.findall(r' id="([^"]*)"', played)
    assert len(ids) == len(set(ids))


def test_a_pattern_gives_a_file_a_step_in_a_folder_of_its_own(
    trace: gs.Trace, tmp_path: Path
) -> None:
    written = trace.export(tmp_path / "frames" / "%02d.svg", all_steps=True)
    assert [path.name for path in written] == [f"{k:02d}.svg" for k in range(10)]
    for k, path in enumerate(written):
        assert path.read_text("utf-8") == trace.svg(k)
    written = trace.export(tmp_path / "x.png", all_steps=True)
    assert [path.name for path in written] == [f"x-{k:03d}.png" for k in range(10)]
    assert len({Image.open(io.BytesIO(path.read_bytes())).size for path in written}) == 1


@pytest.mark.parametrize("name", ["%s.svg", "%02d-%02d.svg", "100%.svg", "%n.svg", "%999d.svg"])
def test_any_other_pattern_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(gs.InputError) as caught:
        numbered(tmp_path / name, 3)
    assert str(caught.value) == (
        f"{name!r} needs one %d or %02d, where the number of the step goes"
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["x.gif"], ".gif shows every step: give --all-steps (all_steps=True)"),
        (["x.typ"], ".typ shows every step: give --all-steps (all_steps=True)"),
        (["x.md", "--all-steps"], "all steps go to .svg, .png, .pdf, .gif, .tex, .typ, "
         ".reveal.html; .md holds the whole trace"),
        (["x.json", "--step", "1"], "one step goes to .svg, .png, .pdf, not to .json"),
        (["a b.tex", "--all-steps"],
         "LaTeX cannot include 'a b.tex': use letters, digits, . _ and -"),
    ],
)  # fmt: skip
def test_what_a_format_cannot_hold_is_one_line(
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


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["-o", "x.svg", "--layout", "rows"],
         "a layout is that of a table, as .md, .tex, .csv, .txt, not of .svg"),
        (["-o", "x.tex", "--all-steps", "--layout", "survey"],
         "a layout is that of a table, as .md, .tex, .csv, .txt, not of all steps"),
        (["-o", "x.html", "--layout", "survey"],
         "a layout is that of a table, as .md, .tex, .csv, .txt, not of .html"),
        (["-o", "x.graphstep", "--precision", "2"],
         ".graphstep holds numbers as they are; leave out layout and precision"),
        (["-o", "x.svg", "--precision", "0"], "no precision 0: it is 1 to 17 decimals"),
    ],
)  # fmt: skip
def test_what_a_format_has_no_use_for_is_said(
    words: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", "exp(a)", "a=1", *words]) == 2
    assert capsys.readouterr().err == f"graphstep: {line}\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "more"),
    [("x.svg", []), ("x.dot", []), ("x.html", []), ("x.md", []), ("x.csv", []), ("x.txt", []),
     ("x.tex", []), ("x.tex", ["--layout", "survey"]), ("x.tex", ["--all-steps"]),
     ("x.typ", ["--all-steps"]), ("x.reveal.html", ["--all-steps"]), ("x.graphml", []),
     ("x.json", []), ("x.md", ["--worksheet"]), ("x.tex", ["--worksheet"])],
)  # fmt: skip
def test_the_precision_is_that_of_every_text(name: str, more: list[str], tmp_path: Path) -> None:
    words = ["export", "exp(a)", "a=1", "-o", str(tmp_path / name), *more]
    assert main([*words, "--precision", "7"]) == 0
    found = "".join(
        path.read_text("utf-8")
        for path in tmp_path.iterdir()
        if path.suffix not in (".pdf", ".png")
    )
    assert "2.7182817" in found  # float32
    assert main([*words, "--precision", "2"]) == 0
    found = (tmp_path / name).read_text("utf-8")
    assert "2.7182817" not in found
    assert ("2.72" in found) or (tmp_path / "x.svg").exists()


def test_the_layout_of_an_exported_table_is_chosen(tmp_path: Path) -> None:
    for ending in ("md", "tex", "csv", "txt"):
        main(["export", "exp(a)", "a=1", "-o", str(tmp_path / f"x.{ending}"), "--layout", "survey"])
    assert "Forward primal trace ↓" in (tmp_path / "x.md").read_text("utf-8")
    assert "Reverse adjoint trace" in (tmp_path / "x.tex").read_text("utf-8")
    assert "left name,left formula" in (tmp_path / "x.csv").read_text("utf-8")
    assert "Forward primal trace ↓" in (tmp_path / "x.txt").read_text("utf-8")
