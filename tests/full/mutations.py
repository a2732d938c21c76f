"""Break every row of the rule table on purpose, and ask the check whether it objects."""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from unittest import mock

import torch
from torch import Tensor

from graphstep.api import Trace
from graphstep.check.conventions import convention
from graphstep.rules.conjugation import AS_WRITTEN
from graphstep.rules.functions import FUNCTIONS
from graphstep.rules.row import LINEAR, OPERANDS, Row
from graphstep.rules.table import ROWS
from graphstep.sweep.tangent import TangentSweep, tangent_sweep
from tests.full.equivalent import CONTRACT, EQUIVALENT, SOUND_HERE
from tests.rules.opened import opened
from tests.rules.samples_all import SAMPLES
from tests.rules.samples_layers import MOMENTS
from tests.rules.test_complex import COMPLEX, seeded

Verdict = Literal["caught", "equal", "missed"]
AXES = frozenset({"dim", "dims", "dim0", "dim1", "dim2", "dimension"})
SOUND = dict(ROWS)
PLACES = (*OPERANDS, "5th", "6th", "7th")
WRONG = {"complex128": 1e-7, "float64": 1e-7, "float32": 1e-4, "float16": 1e-2}
"""By the coarsest dtype, how much ⟨v̄, v̇⟩ may differ, relative to the sizes of its products."""


@dataclass(frozen=True)
class Mutant:
    """Hold a broken row: `place` is the operand's letter or `tangent`, `kind` what was done."""

    row: str
    place: str
    kind: str
    text: str

    def broken(self) -> Row:
        row = ROWS[self.row]
        if self.place == "tangent":
            return Row(row.name, row.forward, *row.partials, tangent=self.text)
        partials = list(row.partials)
        partials[PLACES.index(self.place)] = self.text
        return Row(row.name, row.forward, *partials, tangent=row.tangent)

    def __str__(self) -> str:
        return f"{self.row}, {self.place}, {self.kind}: {self.text}"


def mutants(row: Row) -> list[Mutant]:
    """Return every way in which a row is broken, each text once."""
    texts = {letter: text for letter, text in zip(PLACES, row.partials, strict=False) if text}
    if row.tangent not in (None, LINEAR):
        texts["tangent"] = row.tangent or ""
    return [
        Mutant(row.name, place, kind, broken)
        for place, text in texts.items()
        for broken, kind in {b: k for k, b in _broken(text) if b != text}.items()
    ]


def reason(mutant: Mutant) -> str:
    """Say why a broken text means the same as the sound one; empty where it does not."""
    listed = EQUIVALENT.get((mutant.row, mutant.place, mutant.text), "")
    if listed or mutant.place == "tangent":
        return listed
    row, number = mutant.broken(), PLACES.index(mutant.place)
    lost = row.is_elementwise(number) and not ROWS[mutant.row].is_elementwise(number)
    return CONTRACT if lost else ""


def _broken(text: str) -> Iterator[tuple[str, str]]:
    tree = ast.parse(text, mode="eval").body
    if text != "0":
        yield "sign", f"-({text})"
        yield "factor", f"2*({text})"
    for one, other in (("x", "y"), ("y", "z"), ("dx", "dy"), ("g", "v")):
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        if {one, other} <= used:
            yield "operand swapped", _renamed(tree, {one: other, other: one})
    for number, node in enumerate(ast.walk(tree)):
        for kind, change in _changes(node):
            broken = copy.deepcopy(tree)
            found = list(ast.walk(broken))[number]
            yield kind, ast.unparse(_put(broken, found, change(found)))


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], ast.expr]]]:
    match node:
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            yield "term dropped", lambda n: n.left
            yield "term dropped", lambda n: n.right
        case ast.BinOp(op=ast.Mult()):
            yield "factor dropped", lambda n: n.left
            yield "factor dropped", lambda n: n.right
        case ast.BinOp(op=ast.Div() | ast.Pow()):
            yield "factor dropped", lambda n: n.left
    match node:
        case ast.BinOp(op=ast.Sub() | ast.Div() | ast.Pow() | ast.MatMult()):
            yield "operand swapped", lambda n: ast.BinOp(n.right, n.op, n.left)
        case ast.UnaryOp(op=ast.USub()):
            yield "sign", lambda n: n.operand
        case ast.Attribute(attr="T"):
            yield "transposition dropped", lambda n: n.value
        case ast.Name(id=name) if name in AXES:
            yield "axis off by one", lambda n: _call("beside", n)
        case ast.Call(func=ast.Name(id="conj"), args=[_]):
            yield "conjugation dropped", lambda n: n.args[0]
        case ast.Constant(value=bool() | str() | None):
            pass
        case ast.Constant():
            yield "number off by one", lambda n: ast.Constant(n.value + 1)
        case ast.IfExp():
            yield "other branch", lambda n: ast.IfExp(n.test, n.orelse, n.body)


def _call(name: str, node: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), [node, ast.Name("x", ast.Load())], [])


def _put(tree: ast.expr, old: ast.AST, new: ast.expr) -> ast.expr:
    class Putting(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            return new if node is old else super().visit(node)

    found: ast.expr = Putting().visit(tree)
    return found


def _renamed(tree: ast.expr, names: Mapping[str, str]) -> str:
    changed = copy.deepcopy(tree)
    for node in ast.walk(changed):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return ast.unparse(changed)


def beside(dim: int | Sequence[int] | None, x: Tensor) -> Any:
    """Return the next axis, after the last one the first; of several axes each one's next."""
    rank = max(x.dim(), 1)
    if dim is None or isinstance(dim, int):
        return None if dim is None else (dim + 1) % rank
    return [(axis + 1) % rank for axis in dim]


def _texts(row: Row) -> list[str]:
    return [text for text in (*row.partials, row.tangent) if text]


@cache
def runs(row: str) -> tuple[Trace, ...]:
    """Return a trace of every sample of a row, each of which the check finds right."""
    found = tuple(opened(sample)[0] for sample in (*SAMPLES, MOMENTS) if sample.row == row)
    if row in AS_WRITTEN and any("conj(" in text for text in _texts(ROWS[row])):
        found += tuple(seeded(sample)[0] for sample in COMPLEX if sample.row == row)
    for trace in found:
        assert trace.check().ok, trace.check().text()
        assert not tangents_part(trace)
    return found


def judge(mutant: Mutant, sound: Sequence[Trace] | None = None) -> Verdict:
    """Say whether the check objects to a broken row on any sample, or what it gives is equal.

    `sound` are traces of the samples, by default those on the cpu.
    """
    sound = runs(mutant.row) if sound is None else sound
    with (
        warnings.catch_warnings(action="ignore"),
        mock.patch.dict(ROWS, {mutant.row: mutant.broken()}),
        mock.patch.dict(FUNCTIONS, {"beside": beside}),
    ):
        if any(_objects(mutant, trace) for trace in sound):
            return "caught"
        return "equal" if all(_same(mutant, trace) for trace in sound) else "missed"


def _objects(mutant: Mutant, trace: Trace) -> bool:
    """Tell whether the check finds a fault; a formula that cannot even be evaluated is one."""
    try:
        again = _again(trace)
        return tangents_part(again) if mutant.place == "tangent" else not again.check().ok
    except (RuntimeError, IndexError, TypeError, AttributeError, ValueError):
        return True


def _again(trace: Trace) -> Trace:
    return trace.seeded([trace.sweep.seeds[i] for i in trace.recorded.outputs])


def tangents_part(trace: Trace) -> bool:
    """Tell whether our tangents and adjoints part: ⟨ȳ, ẏ⟩ ≠ ⟨x̄, ẋ⟩ along a random direction."""
    swept = _pushed(trace)
    others = [a for a in trace.recorded.applications if a.name not in SOUND_HERE]
    if swept.missing or any(map(convention, others)):
        return False
    found = swept.tangents
    above = [(trace.sweep.seeds[i], found[i]) for i in trace.recorded.outputs]
    below = [(trace.sweep.adjoints[i], found[i]) for i in trace.recorded.inputs]
    sums, sizes = [], []
    for pairs in (above, below):
        products = [
            (left.conj() * right).real.detach() for left, right in pairs if left is not None
        ]
        sums.append(sum(float(p.sum()) for p in products))
        sizes.append(sum(float(p.abs().sum()) for p in products))
    wrong = max(WRONG.get(value.dtype or "", 0.0) for value in trace.values.values())
    return not abs(sums[0] - sums[1]) <= wrong * (1 + max(sizes))


def _pushed(trace: Trace) -> TangentSweep:
    generator = torch.Generator().manual_seed(3)
    direction = {
        i: torch.randn(x.shape, generator=generator, dtype=x.dtype).to(x.device)
        for i in trace.recorded.inputs
        for x in (trace.recorded.value(i),)
    }
    return tangent_sweep(trace.recorded, direction)


def _same(mutant: Mutant, trace: Trace) -> bool:
    """Tell whether a broken row gives what the sound one gave, to the last few bits."""
    again = _again(trace)
    if mutant.place == "tangent":
        ours: Mapping[int, Tensor | None] = _pushed(again).tangents
        with mock.patch.dict(ROWS, {mutant.row: SOUND[mutant.row]}):
            theirs: Mapping[int, Tensor | None] = _pushed(trace).tangents
    else:
        ours, theirs = again.sweep.adjoints, trace.sweep.adjoints
    pairs = [(ours[i], theirs[i]) for i in theirs]
    return all(
        one is other
        or (
            one is not None
            and other is not None
            and torch.allclose(one, other, rtol=1e-12, atol=1e-12, equal_nan=True)
        )
        for one, other in pairs
    )
