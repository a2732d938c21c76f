"""The lecture's demos as pages that step in a browser, put beside the built pages as `steps/`."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from graphstep.api import Trace, open_source
from graphstep.demos import Demo
from graphstep.demos.site import write_site

FOLDER = "steps"


def opened(demo: Demo) -> Trace:
    """Run a demo."""
    return open_source(demo.source, demo.values, dtype=demo.dtype, order=demo.order)


def write(app: Sphinx, problem: Exception | None) -> None:
    """Write the pages once the others are there."""
    if problem is None and app.builder.format == "html":
        write_site(Path(app.outdir, FOLDER), opened)


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the pages at the end of a build."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True}
