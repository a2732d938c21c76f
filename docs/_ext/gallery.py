"""Pictures for the gallery: the graph of every trace that an example makes, and its own drawings.

sphinx-gallery calls `scraper` after each block of an example.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from graphstep.api import Trace

LECTURE = (
    "losses",
    "derivatives",
    "sigmoid",
    "gradient",
    "jacobian",
    "lecture",
    "survey",
    "tensors",
    "autograd",
    "tangents",
    "neuron",
    "micrograd",
    "mazur",
    "logistic_map",
    "trap",
    "vanishing",
    "exploding",
    "mlp",
    "universal",
)
"""The examples in the lecture's order; those it does not name come after them."""

WIDE = 60
"""A graph of more values than this is no picture for a page."""


def scraper(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Write the pictures of one block and return the reST that shows them."""
    known: dict[int, Trace] = block_vars.setdefault("graphstep_drawn", {})
    shown = []
    for name, found in block_vars["example_globals"].items():
        if not isinstance(found, Trace) or id(found) in known or len(found.values) > WIDE:
            continue
        known[id(found)] = found
        light = _next_path(block_vars)
        light.write_text(found.svg(), encoding="utf-8")
        dark = light.with_name(f"{light.stem}-dark.svg")
        dark.write_text(found.svg(theme="dark"), encoding="utf-8")
        alt = f"The graph of the trace named {name}"
        shown += [
            _image(path, alt, f"only-{theme} ", gallery_conf)
            for path, theme in ((light, "light"), (dark, "dark"))
        ]
    for drawing in sorted(Path().glob("*.svg")):
        path = _next_path(block_vars)
        path.write_text(drawing.read_text(encoding="utf-8"), encoding="utf-8")
        drawing.unlink()
        shown.append(_image(path, f"What the example drew as {drawing.name}", "", gallery_conf))
    return "\n".join(shown)


def order(name: str) -> tuple[int, str]:
    """Return where an example's file name stands in the gallery."""
    stem = Path(name).stem
    return (LECTURE.index(stem) if stem in LECTURE else len(LECTURE)), stem


def _next_path(block_vars: dict[str, Any]) -> Path:
    """Return where the next picture goes; sphinx-gallery gives names for bitmaps only."""
    return Path(next(block_vars["image_path_iterator"])).with_suffix(".svg")


def _image(path: Path, alt: str, only: str, gallery_conf: dict[str, Any]) -> str:
    place = path.relative_to(gallery_conf["src_dir"]).as_posix()
    return f"\n.. image:: /{place}\n   :alt: {alt}\n   :class: {only}align-center\n"
