"""What a demo is: one page of the lecture as a source with values, and what to look at."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from graphstep.graph.numbering import Order
    from graphstep.steps.step import Grain

View = Literal["accumulation", "cards", "curve", "jacobian", "release", "tangent", "tangents"]
"""What a demo prints below its trace; `graphstep.demos.views` has one function for each."""


@dataclass(frozen=True, slots=True)
class Demo:
    """Name one page: the source and values to run, and what to look for.

    `dtype`, `order` and `grain` are what the page needs where the user asks for nothing else.
    `views` are printed below the trace, then what the commands of `also` say of the same source
    and values: each is a command's name and its options.
    """

    name: str
    title: str
    source: str
    values: tuple[str, ...]
    note: str = ""
    views: tuple[View, ...] = ()
    dtype: str = "float32"
    order: Order = "evaluation"
    grain: Grain = "adjoint"
    also: tuple[tuple[str, ...], ...] = ()

    @property
    def words(self) -> str:
        """Return what to type after `graphstep step` for the same trace."""
        words = [self.source, *self.values]
        if self.dtype != "float32":
            words += ["--dtype", self.dtype]
        if self.order != "evaluation":
            words += ["--order", self.order]
        if self.grain != "adjoint":
            words += ["--grain", self.grain]
        return shlex.join(words)


@dataclass(frozen=True, slots=True)
class Group:
    """Head the demos of one subject with a title."""

    title: str
    demos: tuple[Demo, ...]
