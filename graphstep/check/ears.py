"""Hear what the user's own code does in a backward: their hooks, and their Functions' backwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, TypeVar

from torch import Tensor
from torch.autograd.graph import Node

from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.gradients import emptied
from graphstep.recording.internals import HookTable, is_python_node
from graphstep.recording.node_hooks import NodeHooks
from graphstep.sweep.user_code import Terms, UserCode

_Run = TypeVar("_Run", bound=Callable[..., Any])


class Ears:
    """While listening, keep what one backward gives to the user's code, and what this hands on.

    `tables` are those of the user's hooks on tensors, `nodes` those on nodes, `given` maps i to v̄_i
    before them. A hook of ours stands in their place; it runs them, and sees both ends. A hook
    before a node changes the adjoints of its results, one after it its terms. What a reentrant
    checkpoint's own backward brings to a leaf past the graph arrives while its node runs, and
    counts as that node's term.
    """

    def __init__(
        self, trace: TraceGraph, tables: Mapping[int, HookTable], nodes: NodeHooks
    ) -> None:
        self.given: dict[int, Tensor] = {}
        self._left: dict[int, Tensor] = {}
        self._changed: set[int] = set()
        self._terms: dict[Node, Terms] = {}
        self._running: list[dict[int, Tensor]] = []
        self._trace = trace
        self._tables = tables
        self._nodes = nodes

    def user_code(self) -> UserCode:
        """Return what was heard; hooks that changed nothing are left out."""
        return UserCode({i: self._left[i] for i in self._changed}, self._terms)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Stand where the user's hooks stand, and put these back after."""
        trace, tables = self._trace, self._tables
        hooks = {i: self._hook(i, tuple(table.values())) for i, table in tables.items()}
        with ExitStack() as stack:
            stack.enter_context(emptied(tables.values()))
            for i, table in tables.items():
                table[0] = hooks[i]
            self._stand_in(stack)
            hidden: set[int] = set()
            for application in trace.applications:
                if is_python_node(application.node):
                    hidden.update(self._listen(application, stack))
            for i in hidden - tables.keys():
                stack.callback(trace.leaves[i].register_hook(self._hook(i, ())).remove)
            yield

    def _stand_in(self, stack: ExitStack) -> None:
        """Put hooks of ours in the place of those on nodes."""
        results = {a.node: a.results for a in self._trace.torch_applications()}
        results |= {node: {0: i} for i, node in self._trace.accumulators.items()}
        ours = [
            (table, self._before(results[node], tuple(table.values())))
            for node, table in self._nodes.before.items()
        ]
        ours += [
            (table, self._after(node, tuple(table.values())))
            for node, table in self._nodes.after.items()
        ]
        stack.enter_context(emptied(table for table, _ in ours))
        for table, run in ours:
            table[0] = run

    def _before(
        self, results: Mapping[int, int], users: tuple[Callable[..., Any], ...]
    ) -> Callable[..., Terms]:
        def run(above: Terms) -> Terms:
            left = _left(users, above)
            for number, i in results.items():
                was, now = above[number], left[number]
                if was is not None and now is not None and now is not was:
                    self._changed.add(i)
                    self.given.setdefault(i, was.detach())
                    self._left[i] = now.detach()
            return left

        return _named(run, users)

    def _after(self, node: Node, users: tuple[Callable[..., Any], ...]) -> Callable[..., Terms]:
        def run(below: Terms, above: Terms) -> Terms:
            left = _left(users, below, above)
            if left is not below:
                self._terms[node] = tuple(None if t is None else t.detach() for t in left)
            return left

        return _named(run, users)

    def _listen(self, application: Application, stack: ExitStack) -> tuple[int, ...]:
        """Keep what a Python node gives, and return the leaves that it reaches past the graph."""
        node = application.node
        beyond = application.parents[len(node.next_functions) :]
        hidden = tuple([i for i in beyond if i is not None])

        def before(above: tuple[Tensor | None, ...]) -> None:
            self._running.append({})

        def after(below: tuple[Tensor | None, ...], above: tuple[Tensor | None, ...]) -> None:
            parts = self._running.pop()
            own = [None if term is None else term.detach() for term in below]
            self._terms[node] = (*own, *[parts.get(i) for i in hidden])

        stack.callback(node.register_prehook(before).remove)
        stack.callback(node.register_hook(after).remove)
        return hidden

    def _hook(self, i: int, users: tuple[Callable[[Tensor], Any], ...]) -> Callable[..., Tensor]:
        def run(adjoint: Tensor) -> Tensor:
            left = adjoint
            for hook in users:
                changed = hook(left)
                left = left if changed is None else changed
            if left is not adjoint:
                self._changed.add(i)
            _add(self.given, i, adjoint.detach())
            _add(self._left, i, left.detach())
            if self._running:
                _add(self._running[-1], i, adjoint.detach())
            return left

        return _named(run, users)


def _left(users: tuple[Callable[..., Any], ...], gradients: Terms, *others: Terms) -> Terms:
    """Run hooks on a node, one after the other, and return what they leave.

    Raises TypeError, in torch's words, for a hook that returns no tuple.
    """
    for hook in users:
        changed = hook(gradients, *others)
        if changed is not None and not isinstance(changed, tuple):
            raise TypeError(f"expected tuple, but hook returned '{type(changed).__name__}'")
        gradients = gradients if changed is None else changed
    return gradients


def _named(run: _Run, users: tuple[Callable[..., Any], ...]) -> _Run:
    """Give our hook the name of the user's, which torch says where it complains of a result."""
    if users:
        run.__name__ = getattr(users[-1], "__name__", run.__name__)
    return run


def _add(sums: dict[int, Tensor], i: int, term: Tensor) -> None:
    sums[i] = sums[i] + term if i in sums else term
