"""Step: one change that a reader can follow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graphstep.sweep.contributions import Contribution

Grain = Literal["adjoint", "contribution"]
Half = Literal["forward", "reverse"]
Kind = Literal["input", "value", "seed", "adjoint", "contribution", "hook", "gradient"]
StateKind = Literal["pending", "partial", "final", "no path"]


@dataclass(frozen=True, slots=True)
class Step:
    """Say what happens to v_i at one place of the timeline.

    `kind` is `input` or `value` going forward; `seed`, then `adjoint` (all terms of v̄_i at
    once) or `contribution` (one term), `hook` where the user's own hooks changed the sum, then
    `gradient` (the input's finished adjoint) in reverse.
    `terms` are the contributions that come in here, `before` how many came earlier.
    """

    index: int
    half: Half
    kind: Kind
    i: int
    terms: tuple[Contribution, ...] = ()
    before: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """Say how far a value or an adjoint is: `text` is what to print, `reason` why there is none."""

    kind: StateKind
    text: str
    reason: str = ""
