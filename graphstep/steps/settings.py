"""Settings in a formula: each by its name, and none that changes nothing."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache

from graphstep.format.term import Term
from graphstep.rules.language import parse
from graphstep.rules.row import ADJOINTS, OPERANDS

_PLAIN: dict[str, int] = {
    "stride": 1, "dilation": 1, "groups": 1, "padding": 0, "output_padding": 0,
    "ignore_index": -100, "padding_idx": -1, "storage_offset": 0, "step": 1,
}  # fmt: skip
"""What these settings are where nobody set them, on every axis."""

_VALUES = frozenset({*OPERANDS, *ADJOINTS, "v", "v1", "v2", "v3", "xs"})


def settled_tree(tree: ast.expr, terms: Mapping[str, Term]) -> ast.expr:
    """Write the settings of every call as `dim=1`, and leave out those that change nothing.

    A setting is an argument that goes by its own name in a rule, and stands for a number, a flag
    or a list of numbers: `spread(g, x, dim, keepdim)` becomes `spread(g, x, dim=1)`.
    """
    found: ast.expr = _Settings(terms).visit(tree)
    return found


@cache
def may_be_set(text: str) -> bool:
    """Tell whether a text of a rule hands a function anything that may be a setting."""
    calls = (node for node in ast.walk(parse(text)) if isinstance(node, ast.Call))
    given = (part for call in calls for part in call.args)
    return any(isinstance(part, ast.Name) and part.id not in _VALUES for part in given)


class _Settings(ast.NodeTransformer):
    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._terms = terms

    def visit_Call(self, node: ast.Call) -> ast.expr:
        operands: list[ast.expr] = []
        settings = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        for argument in node.args:
            if not self._is_setting(argument):
                operands.append(self.visit(argument))
            elif isinstance(argument, ast.Name) and not self._is_idle(argument.id):
                settings.append(ast.keyword(argument.id, argument))
        return ast.Call(node.func, operands, settings)

    def _is_setting(self, node: ast.expr) -> bool:
        if not isinstance(node, ast.Name) or node.id in _VALUES or node.id not in self._terms:
            return False
        term = self._terms[node.id]
        if isinstance(term, tuple):
            return all(isinstance(part, (int, float)) for part in term)
        return term is None or isinstance(term, (bool, int, float))

    def _is_idle(self, name: str) -> bool:
        term = self._terms[name]
        if term is None or term is False:
            return True
        sizes = term if isinstance(term, tuple) else (term,)
        return name in _PLAIN and all(size == _PLAIN[name] for size in sizes)
