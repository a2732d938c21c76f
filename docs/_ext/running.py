"""Directives that run what a page shows, so that a page cannot show what graphstep does not say.

`graphstep` runs one line of the command line, `python` a piece of Python, both in this process;
`picture` draws the graph of a source, light and dark. A run that ends otherwise than announced is
a warning, which ends the build.
"""

from __future__ import annotations

import hashlib
import io
import shlex
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PICTURES = "_build/pictures"


class Graphstep(SphinxDirective):
    """Show one command and what it prints; `:exit:` announces another exit code than 0."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"exit": directives.nonnegative_int}

    def run(self) -> list[nodes.Node]:
        from graphstep.cli.main import main

        command = " ".join(self.content)
        _, *words = shlex.split(command)
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = main(words)
        announced = self.options.get("exit", 0)
        if code != announced:
            problem = f"exit code {code}, not {announced}, from: {command}\n{said.getvalue()}"
            return [self.state.document.reporter.warning(problem, line=self.lineno)]
        return [_literal(f"$ {command}\n{said.getvalue().rstrip()}", "console")]


class Python(SphinxDirective):
    """Show a piece of Python and what it prints; the pieces of a page share their names."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        code = "\n".join(self.content)
        names = self.env.temp_data.setdefault("graphstep_names", {})
        said = io.StringIO()
        with redirect_stdout(said):
            exec(compile(code, f"<{self.env.docname}>", "exec"), names)
        shown: list[nodes.Node] = [_literal(code, "python")]
        if said.getvalue():
            shown.append(_literal(said.getvalue().rstrip(), "text"))
        return shown


class Picture(SphinxDirective):
    """Draw a source: `SOURCE NAME=VALUE …`, at `:step:` (default: all of it), by `:grain:`."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "step": directives.nonnegative_int,
        "grain": directives.unchanged,
        "order": directives.unchanged,
        "dtype": directives.unchanged,
        "alt": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        from graphstep.api import open_source

        source, *assignments = shlex.split(" ".join(self.content))
        chosen = {name: self.options[name] for name in ("order", "dtype") if name in self.options}
        trace = open_source(source, assignments, **chosen)
        shown: list[nodes.Node] = []
        for theme in ("light", "dark"):
            drawn = trace.svg(
                self.options.get("step"), theme=theme, grain=self.options.get("grain", "adjoint")
            )
            name = f"{hashlib.sha256(drawn.encode()).hexdigest()[:16]}.svg"
            folder = Path(self.env.srcdir, PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(drawn, encoding="utf-8")
            alt = self.options.get("alt", f"The graph of {source}")
            image = nodes.image(uri=f"/{PICTURES}/{name}", alt=alt)
            image["classes"] += [f"only-{theme}", "align-center"]
            shown.append(image)
        return shown


def _literal(text: str, language: str) -> nodes.literal_block:
    block = nodes.literal_block(text, text)
    block["language"] = language
    return block


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directives."""
    app.add_directive("graphstep", Graphstep)
    app.add_directive("python", Python)
    app.add_directive("picture", Picture)
    return {"parallel_read_safe": False}
