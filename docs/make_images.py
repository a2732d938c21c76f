"""Draw the pictures of the README and the documentation with graphstep itself.

    .venv/bin/python docs/make_images.py

The same versions give the same bytes.
"""

from __future__ import annotations

import asyncio
import html
import re
from pathlib import Path

from rich.cells import cell_len

import graphstep as gs
from graphstep.tui import make_app
from graphstep.tui.widgets.graph import GraphPane

IMAGES = Path(__file__).parent / "images"
SIZE = (106, 30)
COMMAND = "graphstep step '3*a + a*b' a=10 b=20"

_WIDE = "▶"
"""What many fonts lack, so that a viewer takes it from one whose letters are wider."""
_CLUSTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_RUN = re.compile(
    r'(<text [^>]*?)x="([\d.]+)"([^>]*?) textLength="([\d.]+)"([^>]*>)([^<]*)(</text>)'
)


def main() -> None:
    """Write every picture into docs/images."""
    IMAGES.mkdir(exist_ok=True)
    trace = gs.trace("3*a + a*b", a=10.0, b=20.0)
    last = len(trace.steps) - 1
    for theme in ("light", "dark"):
        trace.export(IMAGES / f"graph-{theme}.svg", step=last, theme=theme)
    app = asyncio.run(screenshot(trace, presses=last))
    (IMAGES / "app.svg").write_text(app, encoding="utf-8")


async def screenshot(trace: gs.Trace, presses: int) -> str:
    """Return the step app as SVG after → was pressed so many times."""
    app = make_app(trace)
    async with app.run_test(size=SIZE) as pilot:
        for _ in range(presses):
            await pilot.press("right")
        graph = app.screen.query_one(GraphPane)
        while not graph.settled:
            await pilot.pause(0.05)
        await pilot.pause()
        return on_its_cells(app.export_screenshot(title=COMMAND))


def on_its_cells(drawing: str) -> str:
    """Give each letter its own place, with the marks on it, and drop the fonts of the web.

    Rich counts the macron of v̄ as a character when it says how long a run of text is, and a
    viewer then stretches the run.
    """
    return _RUN.sub(_placed, _FONT.sub("", drawing))


def _placed(run: re.Match[str]) -> str:
    head, left, middle, length, tail, content, end = run.groups()
    text = html.unescape(content)
    if not text.strip():
        return ""
    width = float(length) / len(text)
    cells = 0
    spans = []
    # A mark with a place of its own would not stand on its letter.
    for cluster in _CLUSTER.findall(text):
        place = f"{float(left) + width * cells:.5g}"
        kept = f' textLength="{width:.5g}" lengthAdjust="spacingAndGlyphs"'
        fitted = kept if cluster in _WIDE else ""
        spans.append(f'<tspan x="{place}"{fitted}>{html.escape(cluster)}</tspan>')
        cells += cell_len(cluster)
    return f"{head}{middle.strip()}{tail}{''.join(spans)}{end}"


if __name__ == "__main__":
    main()
