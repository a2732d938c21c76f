"""Directives that write what graphstep knows of itself: commands, rules, demos, public names."""

from __future__ import annotations

import argparse
import shlex

from docutils import nodes
from players import FOLDER
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Commands(SphinxDirective):
    """Write one section a command, from the parser that reads its arguments."""

    def run(self) -> list[nodes.Node]:
        from graphstep.cli.command import ENTRIES

        lines: list[str] = []
        for entry in ENTRIES:
            parser = entry.parser(entry.load())
            lines += [f"## {entry.name}", "", parser.description or "", ""]
            lines += ["```text", f"graphstep {entry.name} {entry.usage}", "```", ""]
            for action in parser._actions:
                lines += [_spelled(action), f": {_escaped(action.help or '')}", ""]
            if parser.epilog:
                lines += ["```text", parser.epilog, "```", ""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


class Rules(SphinxDirective):
    """Write the rule table, a section a family."""

    def run(self) -> list[nodes.Node]:
        from graphstep.rules.table import FAMILIES
        from graphstep.rules.torchs_own import torch_formulas

        lines: list[str] = []
        for family, rows in FAMILIES.items():
            lines += [f"## {family.capitalize()}", ""]
            lines += [
                "| operation | result | adjoint of each operand | torch's own formulas |",
                "| --- | --- | --- | --- |",
            ]
            for row in rows:
                partials = "<br>".join(_code(p) if p is not None else "none" for p in row.partials)
                theirs = "<br>".join(map(_code, torch_formulas().get(row.name, ())))
                cells = (_code(row.name), _code(row.forward or ""), partials, theirs)
                lines.append(f"| {' | '.join(cells)} |")
            lines.append("")
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


class Demos(SphinxDirective):
    """Write one section a subject, and in it each demo: its graph, and what the command prints."""

    def run(self) -> list[nodes.Node]:
        from graphstep.demos import GROUPS

        lines: list[str] = []
        for group in GROUPS:
            lines += [f"## {group.title}", ""]
            for demo in group.demos:
                lines += [f"### {demo.title}", "", _escaped(demo.note), ""]
                lines += ["```{picture}", f":order: {demo.order}", f":dtype: {demo.dtype}"]
                lines += [shlex.join((demo.source, *demo.values)), "```", ""]
                link = f'<p><a href="{FOLDER}/{demo.name}.html">Step through it here</a></p>'
                lines += ["```{raw} html", link, "```", ""]
                lines += ["```{graphstep}", f"graphstep demo {demo.name}", "```", ""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


class Keys(SphinxDirective):
    """Write every key of the app: what it does, and the name by which a reader gives it another."""

    def run(self) -> list[nodes.Node]:
        from graphstep.tui.keymap import remappable
        from graphstep.tui.looks import key_name

        lines = ["| Key | | Name |", "| --- | --- | --- |"]
        for key in remappable():
            names = " ".join(f"{{kbd}}`{key_name(one)}`" for one in key.key.split(","))
            lines.append(f"| {names} | {_escaped(key.tooltip)} | `{key.id}` |")
        return self.parse_text_to_nodes("\n".join(lines))


class Public(SphinxDirective):
    """Write the public names with their docstrings: functions, classes, errors."""

    def run(self) -> list[nodes.Node]:
        import graphstep as gs

        functions, classes, errors = [], [], []
        for name in gs.__all__:
            found = getattr(gs, name)
            if not isinstance(found, type):
                if callable(found):
                    functions.append(f".. autofunction:: {name}")
            elif issubclass(found, Exception):
                errors.append(f".. autoexception:: {name}")
            else:
                # A base class that has no page of its own is told of here.
                hidden = [b for b in found.__bases__ if b.__module__.startswith("graphstep")]
                own = all(base.__name__ in gs.__all__ for base in hidden)
                more = "" if own else "\n   :inherited-members: ABC"
                classes.append(f".. autoclass:: {name}\n   :members:{more}")
        lines: list[str] = []
        for title, entries in (("Functions", functions), ("Classes", classes), ("Errors", errors)):
            body = "\n\n".join([".. currentmodule:: graphstep", *entries])
            lines += [f"## {title}", "", "```{eval-rst}", body, "```", ""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def _spelled(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{action.metavar or action.dest}`"
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return ", ".join(f"`{option}{value}`" for option in action.option_strings)


def _escaped(text: str) -> str:
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>|" else c for c in text)


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|") if text else ""


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the directives."""
    app.add_directive("commands", Commands)
    app.add_directive("rules", Rules)
    app.add_directive("demos", Demos)
    app.add_directive("keys", Keys)
    app.add_directive("public", Public)
    return {"parallel_read_safe": False}
