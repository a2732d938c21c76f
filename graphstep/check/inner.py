"""Torch's adjoints within a node that was taken apart: torch's kernels, one step at a time."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from graphstep.graph.inner import InnerNode
from graphstep.graph.trace_graph import TraceGraph
from graphstep.sweep.kernel import kernel_terms


def inner_adjoints(
    trace: TraceGraph, adjoints: Mapping[int, Tensor | None], hooked: Mapping[int, Tensor]
) -> dict[int, Tensor]:
    """Return the adjoint of every value that the engine knows nothing of.

    `adjoints` are those of the engine, `hooked` those that the user's hooks changed. What the
    engine has for a node's result goes back over its steps, each run again by itself; that
    the steps together are what the node does shows in the engine's adjoints below it.
    """
    inner = {
        i for a in trace.applications if isinstance(a.node, InnerNode) for i in a.results.values()
    }
    found: dict[int, Tensor] = {}
    for application in reversed(trace.applications) if inner else ():
        if not application.is_step or inner.isdisjoint(application.parents):
            continue
        known = [
            (i, found.get(i, hooked.get(i, adjoints[i]))) for i in application.results.values()
        ]
        above = {i: adjoint for i, adjoint in known if adjoint is not None}
        terms = kernel_terms(application, above)
        for parent, term in zip(application.parents, terms, strict=True):
            if parent in inner and term is not None:
                found[parent] = found[parent] + term if parent in found else term
    return found


def with_inner(trace: TraceGraph, order: Mapping[int, None]) -> dict[int, None]:
    """Return the values in `order`, those within a node right after the node's own."""
    within: dict[int, list[int]] = {}
    owners = {a.node: a.first for a in trace.applications if a.is_step}
    for application in reversed(trace.applications):
        if isinstance(application.node, InnerNode):
            owner = owners[application.node.within]
            within.setdefault(owner, []).extend(application.results.values())
    return dict.fromkeys(k for i in order for k in (i, *within.get(i, ())))
