"""Write a trace to a file; the file's ending says the format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from graphstep.errors import InputError
from graphstep.output.dot import dot_text
from graphstep.output.drawing import frame_of, picture_of
from graphstep.output.files import write_whole
from graphstep.output.image import image_bytes
from graphstep.output.picture import Frame, Picture
from graphstep.output.svg import base_svg
from graphstep.output.table import table
from graphstep.output.themes import theme as theme_named
from graphstep.steps.timeline import Timeline

TABLES = {".md": "markdown", ".tex": "latex", ".csv": "csv", ".json": "json", ".txt": "text"}
IMAGES = (".svg", ".png", ".pdf")
ENDINGS = (*IMAGES, ".dot", *TABLES, ".graphstep")


def export(
    timeline: Timeline,
    path: Path,
    *,
    step: int | None = None,
    all_steps: bool = False,
    theme: str = "light",
) -> list[Path]:
    """Write `path`, whole or not at all, and return the files written.

    `step` shows the drawing after that step, `all_steps` writes one drawing a step as
    `name-000.svg`, `name-001.svg` …, all of one geometry. Raises InputError for an ending,
    step or place that cannot be used.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        said = f"unknown ending {path.suffix!r}" if path.suffix else f"{str(path)!r} has no ending"
        raise InputError(f"{said} (must be one of {', '.join(ENDINGS)})")
    if step is not None and not 0 <= step < len(timeline):
        raise InputError(f"no step {step}: this trace has steps 0 to {len(timeline) - 1}")
    if ending not in IMAGES and (step is not None or all_steps):
        raise InputError(f"steps go to {', '.join(IMAGES)}; {ending} holds the whole trace")
    theme_named(theme)
    if ending in TABLES:
        return [write_whole(path, (table(timeline, format=TABLES[ending]) + "\n").encode())]
    picture = picture_of(timeline)
    if ending == ".dot":
        return [write_whole(path, dot_text(picture).encode())]
    last = len(timeline) - 1
    if not all_steps:
        frame = frame_of(timeline, last, True) if step is None else frame_of(timeline, step)
        return [write_whole(path, drawn) for drawn in _drawings(picture, [frame], theme, ending)]
    width = max(3, len(str(last)))
    frames = [frame_of(timeline, k) for k in range(last + 1)]
    return [
        write_whole(path.with_name(f"{path.stem}-{k:0{width}}{path.suffix}"), drawn)
        for k, drawn in enumerate(_drawings(picture, frames, theme, ending))
    ]


def _drawings(picture: Picture, frames: list[Frame], theme: str, ending: str) -> Iterator[bytes]:
    if ending != ".svg":
        for frame in frames:
            yield image_bytes(picture, frame, theme_named(theme), ending[1:])
        return
    drawing = base_svg(picture, theme_named(theme))
    for frame in frames:
        yield drawing.frame(frame).encode()
