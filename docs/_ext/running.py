"""Directives that run what a page shows, so that a page cannot show what graphstep does not say.

`graphstep` runs one line of the command line, `python` a piece of Python, both in this process;
`picture` draws the graph of a source and `plot` what a command writes with `-o`, light and dark.
A run that ends otherwise than announced is a warning, which ends the build.
"""

from __future__ import annotations

import hashlib
import io
import shlex
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

PICTURES = "_build/pictures"
THEMES = ("light", "dark")


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
        step, grain = self.options.get("step"), self.options.get("grain", "adjoint")
        drawn = {theme: trace.svg(step, theme=theme, grain=grain) for theme in THEMES}
        alt = self.options.get("alt", f"The graph of {source}")
        return _images(Path(self.env.srcdir, PICTURES), drawn, alt)


class Plot(SphinxDirective):
    """Show the plot or the picture that one command writes with `-o`.

    `:theme:` draws it in that theme alone, `:shown:` puts the command above it.
    """

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "alt": directives.unchanged_required,
        "theme": directives.unchanged_required,
        "shown": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        from graphstep.cli.main import main

        command = " ".join(self.content)
        _, *words = shlex.split(command)
        drawn = {}
        for theme in (self.options["theme"],) if "theme" in self.options else THEMES:
            said = io.StringIO()
            with TemporaryDirectory() as folder, redirect_stdout(said), redirect_stderr(said):
                file = Path(folder, "plot.svg")
                if main([*words, "-o", str(file), "--theme", theme]):
                    problem = f"no plot from: {command}\n{said.getvalue()}"
                    return [self.state.document.reporter.warning(problem, line=self.lineno)]
                drawn[theme] = file.read_text(encoding="utf-8")
        alt = self.options.get("alt", f"What {command} draws")
        typed = f"{command} --theme {self.options['theme']}" if "theme" in self.options else command
        above = [_literal(f"{typed} -o x.svg", "sh")] if "shown" in self.options else []
        return [*above, *_images(Path(self.env.srcdir, PICTURES), drawn, alt)]


def _images(folder: Path, drawn: Mapping[str, str], alt: str) -> list[nodes.Node]:
    """Write one drawing a theme and return the images, of which a page shows the fitting one."""
    folder.mkdir(parents=True, exist_ok=True)
    shown: list[nodes.Node] = []
    for theme, drawing in drawn.items():
        name = f"{hashlib.sha256(drawing.encode()).hexdigest()[:16]}.svg"
        (folder / name).write_text(drawing, encoding="utf-8")
        image = nodes.image(uri=f"/{PICTURES}/{name}", alt=alt)
        image["classes"] += [f"only-{theme}"] * (theme in THEMES) + ["align-center"]
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
    app.add_directive("plot", Plot)
    return {"parallel_read_safe": False}
