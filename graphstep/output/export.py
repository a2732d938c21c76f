"""Write a trace to a file; the file's ending says the format."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from graphstep.errors import InputError
from graphstep.output.code import Code
from graphstep.output.deck.page import deck_html
from graphstep.output.dot import dot_text
from graphstep.output.files import write_whole
from graphstep.output.frames import animated_svg, drawing, gif, pdf_pages, write_frames
from graphstep.output.interchange import graphml, node_link_json
from graphstep.output.options import USUAL, PictureOptions
from graphstep.output.scene import Scene
from graphstep.output.slides import beamer, reveal, typst
from graphstep.output.survey_table import Layout, write_in
from graphstep.output.themes import theme as theme_named
from graphstep.steps.timeline import Timeline

DRAWN = (".svg", ".png", ".pdf")
DECK = ".html"
DATA: dict[str, Callable[[Timeline], str]] = {".json": node_link_json, ".graphml": graphml}
TABLES = {".md": "markdown", ".tex": "latex", ".csv": "csv", ".txt": "text"}
WHOLE = (*DATA, *TABLES)
"""What holds a trace at once; `.graphstep` is written by `Trace.save`."""
COLOURLESS = (*WHOLE, ".dot")
PLAYED: dict[str, Callable[[Scene], bytes]] = {
    ".pdf": pdf_pages,
    ".gif": gif,
    ".svg": animated_svg,
}
SLIDES: dict[str, Callable[[Scene, Path], list[Path]]] = {
    ".tex": beamer,
    ".typ": typst,
    ".reveal.html": reveal,
}
STEPS = tuple(dict.fromkeys((*DRAWN, *PLAYED, *SLIDES)))
ENDINGS = tuple(dict.fromkeys((*DRAWN, DECK, ".dot", *WHOLE, ".graphstep", *STEPS)))


def export(
    timeline: Timeline,
    path: Path,
    *,
    step: int | None = None,
    all_steps: bool = False,
    theme: str | None = None,
    heat: str | None = None,
    code: Code | None = None,
    options: PictureOptions = USUAL,
    layout: Layout | None = None,
    scene: Callable[[], Scene] | None = None,
) -> list[Path]:
    """Write `path`, whole or not at all, and return the files written.

    `step` shows the drawing after that step. `all_steps` writes every step: as pages of a PDF,
    a GIF or SVG that plays, slides to include, or, where the name has a `%02d` and for PNG, a
    file each; all of one geometry. `heat` colours one drawing by the size of what it names,
    `options` say how pictures are drawn, `layout` how a table is laid out. A deck opens at
    `step`, and shows the `code` that was run. `scene` gives what these draw, where it is kept.
    Raises InputError for an ending, step or place that cannot be used, and for what means nothing
    to the format.
    """
    ending = ending_of(path)
    if step is not None and not 0 <= step < len(timeline):
        raise InputError(f"no step {step}: this trace has steps 0 to {len(timeline) - 1}")
    look = theme_named(theme or "light")
    if heat is not None and (all_steps or ending not in DRAWN):
        what = "all steps" if all_steps else ending
        raise InputError(f"heat colours one drawing, as {', '.join(DRAWN)}, not {what}")
    if layout is not None and (all_steps or ending not in TABLES):
        what = "all steps" if all_steps else ending
        raise InputError(f"a layout is that of a table, as {', '.join(TABLES)}, not of {what}")
    if theme is not None and not all_steps and ending in COLOURLESS:
        raise InputError(f"{ending} has no colours; leave out the theme")
    shown = scene or partial(Scene, timeline, look, options)
    if all_steps:
        return _every_step(shown(), path, ending)
    if options != USUAL and ending in WHOLE:
        raise InputError(f"{ending} draws no such picture; leave out how it is drawn")
    if ending == DECK:
        page = deck_html(timeline, code or Code(path.stem), step or 0, look.name, options)
        return [write_whole(path, page.encode())]
    if step is not None and ending not in DRAWN:
        raise InputError(f"one step goes to {', '.join(DRAWN)}, not to {ending}")
    if ending in DATA:
        return [write_whole(path, (DATA[ending](timeline) + "\n").encode())]
    if ending in TABLES:
        text = write_in(layout or "rows")(timeline, format=TABLES[ending])
        return [write_whole(path, (text + "\n").encode())]
    if ending == ".graphstep":
        raise InputError("a .graphstep file is written by graphstep export or Trace.save")
    if ending not in (*DRAWN, ".dot"):
        raise InputError(f"{ending} shows every step: give --all-steps (all_steps=True)")
    if ending == ".dot":
        return [write_whole(path, dot_text(shown().picture, **shown().lettering).encode())]
    return [write_whole(path, drawing(shown(), step, ending[1:], heat))]


def ending_of(path: Path) -> str:
    """Return the ending that says the format. Raises InputError for one that says none."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if path.name.lower().endswith(ending):
            return ending
    said = f"unknown ending {path.suffix!r}" if path.suffix else f"{str(path)!r} has no ending"
    raise InputError(f"{said} (must be one of {', '.join(ENDINGS)})")


def _every_step(scene: Scene, path: Path, ending: str) -> list[Path]:
    if ending in DRAWN and (ending not in PLAYED or "%" in path.name):
        return write_frames(scene, path)
    if ending in PLAYED:
        return [write_whole(path, PLAYED[ending](scene))]
    if ending in SLIDES:
        return SLIDES[ending](scene, path)
    raise InputError(f"all steps go to {', '.join(STEPS)}; {ending} holds the whole trace")
