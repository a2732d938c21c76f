"""What a trace looks like: tables, pictures, files and pages."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from graphstep.errors import InputError
from graphstep.format.numbers import printed_with
from graphstep.graph.trace_graph import TraceGraph
from graphstep.output.code import Code
from graphstep.running.run import Origin
from graphstep.steps.step import Grain
from graphstep.steps.timeline import Timeline
from graphstep.sweep.tangent import TangentSweep

if TYPE_CHECKING:
    from graphstep.explain.memory import Memory
    from graphstep.notebook import Player
    from graphstep.output.options import PictureChoices
    from graphstep.output.rows import Mode
    from graphstep.output.scene import Scene, Scenes
    from graphstep.output.survey_table import Layout


MOST_ON_PAPER = 60
"""A worksheet has no room for more boxes."""


class TraceViews(ABC):
    """Show a recorded run in every form, from the timeline that its subclass gives."""

    recorded: TraceGraph
    origin: Origin

    @abstractmethod
    def timeline(self, grain: Grain = "adjoint") -> Timeline:
        """Return every step in order, one adjoint or one contribution at a time."""

    @abstractmethod
    def tangents(self, seed: str | int | None = None) -> TangentSweep:
        """Return the forward sweep for ẋ = 1 in one input."""

    @abstractmethod
    def save(self, path: str | Path) -> Path:
        """Write the trace to a file that `graphstep.load` reads."""

    def table(
        self,
        *,
        format: str = "text",
        mode: Mode = "all",
        grain: Grain = "adjoint",
        seed: str | int | None = None,
        layout: Layout = "rows",
        precision: int | None = None,
    ) -> str:
        """Return the trace as a table in `text`, `markdown`, `latex`, `csv`, `json` or `html`.

        `mode="tangent"` gives the forward sweep for ẋ = 1 in the input `seed` (default: the
        first). `layout="survey"` puts the adjoints or tangents beside the values, as Tables 2
        and 3 of Baydin et al. 2018 do; `precision` is the most decimals of a number (default: 4).
        Raises InputError for what is not there.
        """
        from graphstep.output.survey_table import write_in

        write = write_in(layout)
        tangents = self.tangents(seed) if mode == "tangent" else None
        with printed_with(precision):
            return write(self.timeline(grain), format=format, mode=mode, tangents=tangents)

    def dot(self, *, precision: int | None = None, **choices: Unpack[PictureChoices]) -> str:
        """Return the graph as DOT text, folded and written as `svg` is drawn."""
        from graphstep.output.dot import dot_text

        with printed_with(precision):
            scene = self._scene("adjoint", "light", choices)
            return dot_text(scene.picture, **scene.lettering)

    def svg(
        self,
        step: int | None = None,
        *,
        theme: str = "light",
        grain: Grain = "adjoint",
        heat: str | None = None,
        precision: int | None = None,
        **choices: Unpack[PictureChoices],
    ) -> str:
        """Return the graph as SVG, with everything filled in or as it stands after `step`.

        `heat="adjoint"` colours each box by the largest `|v̄|` in it, on a log scale, and says it.
        `precision` is the most decimals of a number (default: 4); `choices` are collapse,
        max_nodes, clusters, partials, values, font, font_size and direction; see
        `graphstep.output.options.PictureOptions`. The trace keeps the last few drawings, so that
        another step of one is a lookup.
        """
        with printed_with(precision):
            scene = self._scene(grain, theme, choices)
            last = len(scene.timeline) - 1
            if step is not None and not 0 <= step <= last:
                raise InputError(f"no step {step}: this trace has steps 0 to {last}")
            return scene.svg(step, heat)

    def export(
        self,
        path: str | Path,
        *,
        step: int | None = None,
        all_steps: bool = False,
        theme: str | None = None,
        grain: Grain = "adjoint",
        heat: str | None = None,
        layout: Layout | None = None,
        precision: int | None = None,
        **choices: Unpack[PictureChoices],
    ) -> list[Path]:
        """Write the trace to a file whose ending says the format, and return what was written.

        `heat`, `precision` and `choices` are those of `svg`, `layout` is that of `table`. Raises
        InputError for what means nothing to the format.
        """
        from graphstep.output.options import PictureOptions

        if Path(path).suffix.lower() == ".graphstep":
            if step is not None or all_steps:
                raise InputError(".graphstep holds the whole trace; leave out the steps")
            if layout is not None or precision is not None:
                raise InputError(
                    ".graphstep holds numbers as they are; leave out layout and precision"
                )
            if (heat, theme) != (None, None) or PictureOptions(**choices) != PictureOptions():
                raise InputError(".graphstep draws no such picture; leave out how it is drawn")
            return [self.save(path)]
        from graphstep.output.export import export

        with printed_with(precision):
            return export(
                self.timeline(grain), Path(path), step=step, all_steps=all_steps, theme=theme,
                heat=heat, code=self.code, options=PictureOptions(**choices), layout=layout,
                scene=lambda: self._scene(grain, theme or "light", choices),
            )  # fmt: skip

    def worksheet(
        self,
        path: str | Path,
        *,
        blanks: Collection[str] = ("adjoints",),
        theme: str = "print",
        grain: Grain = "adjoint",
        precision: int | None = None,
        **choices: Unpack[PictureChoices],
    ) -> list[Path]:
        """Write graph and table with blanks to fill in, and beside it, as `…-key`, the answers.

        `path` ends in .pdf, .tex or .md; `blanks` are of adjoints, values and partials; `precision`
        and `choices` are those of `svg`, but for paper a graph of more than 60 values is folded.
        Returns what was written.
        """
        from graphstep.output.worksheet_files import worksheet

        if choices.get("collapse", "auto") == "auto" and choices.get("max_nodes") is None:
            choices["max_nodes"] = MOST_ON_PAPER
        with printed_with(precision):
            scene = self._scene(grain, theme, choices)
            return worksheet(scene, Path(path), self.origin.text, blanks)

    def _scene(self, grain: Grain, theme: str, choices: PictureChoices) -> Scene:
        from graphstep.output.options import PictureOptions
        from graphstep.output.themes import theme as theme_named

        options = PictureOptions(**choices)
        return self._scenes.scene(self.timeline, grain, theme_named(theme), options)

    @cached_property
    def _scenes(self) -> Scenes:
        from graphstep.output.scene import Scenes

        return Scenes()

    def memory(self) -> Memory:
        """Say what torch keeps for the backward: which operation saved what, and how large it is.

        Tensors that share their memory count once. Raises InputError for a trace from a file.
        """
        from graphstep.explain.memory import memory

        return memory(self.recorded, self.origin.text)

    @property
    def code(self) -> Code:
        """What was run, as a deck shows it."""
        return Code(self.origin.text, self.origin.language, self.origin.file)

    def player(
        self,
        step: int = 0,
        *,
        grain: Grain = "adjoint",
        theme: str = "light",
        height: int = 640,
        precision: int | None = None,
    ) -> Player:
        """Return the step deck, opened at `step`, for a notebook to show in `height` pixels."""
        from graphstep.notebook import Player
        from graphstep.output.deck.page import deck_html

        timeline = self.timeline(grain)
        if not 0 <= step < len(timeline):
            raise InputError(f"no step {step}: this trace has steps 0 to {len(timeline) - 1}")
        with printed_with(precision):
            page = deck_html(timeline, self.code, step, theme)
        return Player(page, height, self.origin.text)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        return {"image/svg+xml": self.svg(), "text/plain": repr(self)}
