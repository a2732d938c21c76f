"""The whole lecture as a small site: a page for each demo, and an index by subject.

The files need no network and no server. Everything that is not written here is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from pathlib import Path

from graphstep.demos import GROUPS, Demo
from graphstep.demos.demo import View
from graphstep.demos.views import view_text
from graphstep.errors import InputError
from graphstep.output.files import write_whole
from graphstep.output.labels import visible
from graphstep.steps.step import Grain
from graphstep.traced.trace import Trace

LONGEST = 400
"""A note or a command of more characters than this is clipped."""

_TITLES: Mapping[View, str] = {
    "accumulation": "two backwards",
    "cards": "the card of every value",
    "curve": "the plot",
    "jacobian": "the Jacobian, by rows and by columns",
    "release": "a second backward",
    "tangent": "forward mode, from each input",
    "tangents": "the tangents",
}

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 2.2rem; border-bottom: 1px solid; }
li { margin: 0.9rem 0; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
pre { overflow-x: auto; padding: 0.6rem; border: 1px solid; }
p { margin: 0.2rem 0; }
"""


def write_site(
    folder: Path, open_demo: Callable[[Demo], Trace], grain: Grain | None = None
) -> list[Path]:
    """Write a page for each demo and `index.html`, and return the files, the index last.

    `open_demo` runs a demo anew at each call; without `grain` each has its own. Raises InputError
    where `folder` cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make the folder {str(folder)!r}: {error.strerror}") from error
    written: list[Path] = []
    for group in GROUPS:
        for demo in group.demos:
            written += open_demo(demo).export(
                folder / f"{demo.name}.html", grain=grain or demo.grain
            )
    index = folder / "index.html"
    write_whole(index, index_html(open_demo).encode())
    return [*written, index]


def index_html(open_demo: Callable[[Demo], Trace]) -> str:
    """Return the index: each demo by subject, its note, its command, and its views."""
    return "\n".join(_index(open_demo))


def _index(open_demo: Callable[[Demo], Trace]) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>The lecture, step by step</title><style>{_STYLE}</style></head><body>"
    yield "<h1>The lecture, step by step</h1>"
    yield "<p>Each link opens a page that steps through values and adjoints with → and ←.</p>"
    for group in GROUPS:
        yield f"<h2>{_text(group.title)}</h2><ul>"
        for demo in group.demos:
            yield f'<li><a href="{escape(demo.name)}.html">{_text(demo.title)}</a>'
            yield f"<p>{_text(demo.note)}</p>"
            yield f"<p><code>graphstep demo {_text(demo.name)}</code></p>"
            for view in demo.views:
                lines = view_text(view, open_demo(demo), ascii=True).splitlines()
                shown = "\n".join(_text(line) for line in lines)
                yield f"<details><summary>{_TITLES[view]}</summary><pre>{shown}</pre></details>"
            yield "</li>"
        yield "</ul>"
    yield "</body></html>\n"


def _text(text: str) -> str:
    return escape(visible(text, LONGEST))
