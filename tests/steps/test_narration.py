"""The speaker's notes: what happens at each step in words, and never its result."""

from __future__ import annotations

from typing import Any

import torch

from graphstep.api import trace
from graphstep.steps.narration import narration
from graphstep.steps.step import Grain


def notes(text: str, grain: Grain = "adjoint", **values: float) -> list[str]:
    inputs: dict[str, Any] = {**values}
    timeline = trace(text, **inputs).timeline(grain)
    return [narration(timeline, k) for k in range(len(timeline))]


def test_one_adjoint_a_step() -> None:
    assert notes("z = a*b; a + z", a=2.0, b=3.0) == [
        "a is an input: its value is given, not computed.",
        "b is an input: its value is given, not computed.",
        "v₁ is computed from v₋₁ (a) and v₀ (b). "
        "The reverse sweep will need its local partials ∂v₁/∂v₋₁ = v₀ and ∂v₁/∂v₀ = v₋₁.",
        "v₂ is computed from v₋₁ (a) and v₁ (z). "
        "The reverse sweep will need its local partials ∂v₂/∂v₋₁ = 1 and ∂v₂/∂v₁ = 1.",
        "The reverse sweep starts at the output v₂: "
        "v̄₂ is the seed, the derivative of the output by itself.",
        "v₁ is used once, by v₂, which sends back its adjoint v̄₂ times the local partial ∂v₂/∂v₁.",
        "v₀ is used once, by v₁ (z), "
        "which sends back its adjoint v̄₁ times the local partial ∂v₁/∂v₀.",
        "v₋₁ is used twice, by v₂ and v₁ (z). "
        "Every use sends back its own term, and v̄₋₁ is their sum.",
    ]


def test_one_contribution_a_step() -> None:
    said = notes("a + a*b", "contribution", a=2.0, b=3.0)
    assert said[5].startswith("Use 1 of 2: v")
    assert said[5].endswith("More uses are to come.")
    assert said[-1] == "Nothing more arrives at a: v̄₋₁ is what torch leaves in its .grad."
    assert any(text.startswith("v₀ is used once: v₁ sends back its adjoint v̄₁") for text in said)


def test_what_is_no_product_and_what_has_many_operands() -> None:
    def joined(*parts: torch.Tensor) -> torch.Tensor:
        return torch.cat(parts).softmax(0).prod()

    opened = trace(joined, *(torch.ones(2) for _ in range(8)))
    said = [narration(opened.timeline(), k) for k in range(len(opened.timeline()))]
    assert said[8].startswith("v₁ is computed from 8 values.")
    assert any("sends back what becomes of its adjoint" in text for text in said)


def test_a_hook_and_an_output_that_is_used_again() -> None:
    a = torch.tensor(2.0, requires_grad=True)

    def both(a: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        b = a * 3
        b.register_hook(lambda grad: grad * 2)
        return b, b * b

    timeline = trace(both, a).timeline()
    said = [narration(timeline, k) for k in range(len(timeline))]
    assert "A hook that the user registered changes v̄₁ before it is passed on." in said
    assert any(text.endswith("It is an output too, so its seed comes first.") for text in said)
