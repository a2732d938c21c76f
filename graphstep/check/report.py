"""What a check found, as text and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor

from graphstep.check.finding import Finding
from graphstep.check.verdict import Verdict
from graphstep.explain import NonFinite
from graphstep.format.numbers import number
from graphstep.format.plain import plain
from graphstep.format.tensors import has_entries, shown, sized

RuleName = Literal["own", "torch", "leaf"]
LARGE = 16
"""Tensors of more elements are left out of the JSON."""


@dataclass(frozen=True, slots=True)
class NodeReport:
    """Say of one v_i what it is, its adjoint by us and by torch, and whether they agree.

    `formula` writes how it is computed, when somebody asks.
    """

    i: int
    name: str
    label: str | None
    op: str
    formula: Callable[[], str]
    value: Tensor | None
    adjoint: Tensor | None
    rule: RuleName
    verdict: Verdict
    no_path: str = ""


@dataclass(frozen=True, slots=True)
class InputReport:
    """Say of one input its gradient by us and the `.grad` that torch's backward left."""

    label: str
    name: str
    gradient: Tensor | None
    verdict: Verdict
    no_path: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Hold everything one check compared.

    `ok` is whether every node, every `.grad` and both further oracles agree; an oracle that
    could not be asked counts neither way. `non_finite` says where the run stops being finite,
    which is no disagreement where torch's does too, and `zero` which gradients are 0 at every
    entry, and why. `first_disagreement` names the first value,
    in the order of the reverse sweep, where ours and torch's part.
    """

    source: str
    device: str
    dtype: str
    output: Tensor
    nodes: tuple[NodeReport, ...]
    inputs: tuple[InputReport, ...]
    tangent: Finding
    numeric: Finding
    non_finite: NonFinite | None
    zero: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return (
            all(node.verdict.ok for node in self.nodes)
            and all(one.verdict.ok for one in self.inputs)
            and self.tangent.ok is not False
            and self.numeric.ok is not False
        )

    @property
    def first_disagreement(self) -> str | None:
        for node in reversed(self.nodes):
            if not node.verdict.ok:
                return node.name
        if self.tangent.first is not None:
            return f"v_{self.tangent.first}"
        return next((one.name for one in self.inputs if not one.verdict.ok), None)

    @property
    def by_torch(self) -> tuple[str, ...]:
        """Return the names of the values whose operation torch's own node differentiated."""
        return tuple(node.name for node in self.nodes if node.rule == "torch")

    def oracles(self) -> dict[str, str]:
        """Return one word an oracle: ok, disagrees, or skipped and why."""
        return {
            "grad": "ok" if all(one.verdict.ok for one in self.inputs) else "disagrees",
            "engine": "ok" if all(node.verdict.ok for node in self.nodes) else "disagrees",
            "tangent": self.tangent.word(),
            "numeric": self.numeric.word(),
        }

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "ok": self.ok,
            "source": self.source,
            "device": self.device,
            "dtype": self.dtype,
            "output": _plain(self.output),
            "nodes": [_node_json(node) for node in self.nodes],
            "inputs": {one.label: _input_json(one) for one in self.inputs},
            "first_disagreement": self.first_disagreement,
            "oracles": self.oracles(),
            "non_finite": None if self.non_finite is None else self.non_finite.sentence,
            **({"zero": list(self.zero)} if self.zero else {}),
        }

    def text(self) -> str:
        """Return the report for a person."""
        lines = [f"check on {self.device}, {self.dtype}"]
        width = max((len(one.label) for one in self.inputs), default=0)
        for one in self.inputs:
            lines.append("  " + _input_line(one, width))
        nodes = len(self.nodes)
        agreed = sum(node.verdict.ok for node in self.nodes)
        own = sum(node.rule == "own" for node in self.nodes)
        torch_count = len(self.by_torch)
        lines.append(
            f"  {_mark(agreed == nodes)} {agreed} of {nodes} adjoints as torch's engine has them"
            f" ({own} by our rules, {torch_count} by torch's own node)"
        )
        for node in self.nodes:
            if not node.verdict.ok:
                lines.append(
                    f"    {node.name} ({node.op}): ours {shown(node.adjoint)}, torch"
                    f" {shown(node.verdict.torch)}, apart by {number(node.verdict.max_abs_error)}"
                )
        rounded = [node.verdict.rounded_in for node in self.nodes if node.verdict.rounded]
        if rounded:
            lines.append(
                f"    {len(rounded)} of them part from torch's by roundings in {rounded[0]}: each"
                " of their terms is that of torch's kernel in float64"
            )
        lines.append(f"  {_finding('⟨v̄, v̇⟩ at every operation', self.tangent)}")
        lines.append(f"  {_finding('central difference along a random direction', self.numeric)}")
        if self.non_finite is not None:
            lines.append(f"  ! {self.non_finite.sentence}")
        lines += [f"  ! {sentence}" for sentence in self.zero]
        if self.ok:
            lines.append("every adjoint agrees")
        else:
            lines.append(f"first disagreement in reverse order: {self.first_disagreement}")
        return "\n".join(lines)


def _mark(ok: bool) -> str:
    return "✓" if ok else "✗"


def _finding(name: str, finding: Finding) -> str:
    if finding.ok is None:
        return f"· {name}: skipped, {finding.why}"
    return f"✓ {name}" if finding.ok else f"✗ {name}: {finding.why}"


def _input_line(one: InputReport, width: int) -> str:
    name = f"{one.label:{width}}  {one.name}"
    if one.gradient is None and one.verdict.ok:
        return f"· {name}  no path: {one.no_path}"
    return (
        f"{_mark(one.verdict.ok)} {name}  ours {sized(one.gradient)}"
        f"  .grad {sized(one.verdict.torch)}"
    )


def _node_json(node: NodeReport) -> dict[str, Any]:
    return {
        "name": node.name,
        "label": node.label,
        "op": node.op,
        "formula": node.formula(),
        "shape": None if node.value is None else list(node.value.shape),
        "value": _plain(node.value),
        "adjoint": _plain(node.adjoint),
        "torch": _plain(node.verdict.torch),
        "max_abs_error": plain(node.verdict.max_abs_error),
        "rule": node.rule,
        "ok": node.verdict.ok,
        **({"no_path": node.no_path} if node.no_path else {}),
    }


def _input_json(one: InputReport) -> dict[str, Any]:
    return {
        "name": one.name,
        "grad": _plain(one.gradient),
        "torch_grad": _plain(one.verdict.torch),
        "ok": one.verdict.ok,
        **({"no_path": one.no_path} if one.no_path else {}),
    }


def _plain(tensor: Tensor | None) -> Any:
    if tensor is None or tensor.numel() > LARGE or not has_entries(tensor):
        return None
    return plain(tensor.detach().tolist())
