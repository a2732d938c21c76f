"""Find the line and columns of the user's own sub-expression that asked for an operation."""

from __future__ import annotations

import ast
import linecache
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import torch

import graphstep
from graphstep.recording.operation import RawPlace
from graphstep.recording.place import Place

_TORCH, _OURS = (f"{Path(package.__path__[0])}{os.sep}" for package in (torch, graphstep))
_RECORDER = f"{Path(__file__).parent}{os.sep}"
_DEMOS = f"{_OURS}demos{os.sep}"
"""What is run there is code as a user's own, to be shown."""
_PASSED = (_TORCH, _RECORDER, "<frozen", "<string>", "<rule")
_kinds: dict[str, _Kind] = {}
_Span = tuple[int, int, int, int]
_Position = tuple[int | None, int | None, int | None, int | None]
_Kind: TypeAlias = Literal["user", "passed", "ours"]


def user_frame() -> RawPlace:
    """Return code and instruction of the innermost frame outside torch, for the recorder.

    None where the first such frame is graphstep's own: it called torch itself, as for
    `trace(torch.sin, x)`, and the line that called graphstep computes something else. None also
    where no line called at all: a thread of torch's engine has no frames below the recorder's.
    """
    frame = sys._getframe(1).f_back  # this function's, and the recorder's, are known
    while frame is not None:
        code = frame.f_code
        file = code.co_filename
        kind = _kinds.get(file)
        if kind is None:
            kind = _kinds[file] = _kind(file)
        if kind == "user":
            return code, frame.f_lasti
        if kind == "ours":
            return None
        frame = frame.f_back
    return None


def is_of_torch_or_ours(file: str) -> bool:
    """Tell whether a file is one of torch's or of graphstep's, the demos left out."""
    return file.startswith(_TORCH) or (file.startswith(_OURS) and not file.startswith(_DEMOS))


def _kind(file: str) -> _Kind:
    if file.startswith(_PASSED):
        return "passed"
    return "ours" if file.startswith(_OURS) and not file.startswith(_DEMOS) else "user"


def decode(raw: RawPlace) -> Place | None:
    """Turn a raw place into line and columns; None where the code carries no positions."""
    return decoded([raw])[0]


def decoded(places: Sequence[RawPlace]) -> list[Place | None]:
    """Decode the places of many operations; those of one instruction become one object."""
    # By the id of the code, which a place keeps alive: equal codes may be of two files.
    positions: dict[int, list[_Position]] = {}
    known: dict[tuple[int, int], Place | None] = {}
    found: list[Place | None] = []
    for raw in places:
        if raw is None or isinstance(raw, Place):
            found.append(raw)
            continue
        code, instruction = raw
        key = (id(code), instruction)
        if key not in known:
            if id(code) not in positions:
                linecache.checkcache(code.co_filename)
                positions[id(code)] = list(code.co_positions())
            known[key] = _placed(code.co_filename, positions[id(code)][instruction // 2])
        found.append(known[key])
    return found


def _placed(file: str, position: _Position) -> Place | None:
    line, end_line, column, end_column = position
    if line is None or end_line is None or column is None or end_column is None:
        return None
    start, end = _characters(file, line, column), _characters(file, end_line, end_column)
    return Place(file, line, start, end_line, end)


def _characters(file: str, line: int, utf8_column: int) -> int:
    text = linecache.getline(file, line)
    if text.isascii():
        return utf8_column
    return len(text.encode()[:utf8_column].decode(errors="replace"))


def assigned_names(file: str) -> Mapping[_Span, tuple[str, ...]]:
    """Map the span of every assigned expression of a file to the names that it is given.

    A tuple on the left gives one name for each result; other targets than names give none. A file
    that was saved anew is read anew.
    """
    linecache.checkcache(file)
    lines = linecache.getlines(file)
    known = _assigned.get(file)
    if known is None or known[0] is not lines:
        known = _assigned[file] = (lines, _names_in(file, "".join(lines)))
    return known[1]


_assigned: dict[str, tuple[list[str], Mapping[_Span, tuple[str, ...]]]] = {}
"""By file: the lines as `linecache` keeps them, and what was found in them."""


def _names_in(file: str, text: str) -> Mapping[_Span, tuple[str, ...]]:
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return {}
    names: dict[_Span, tuple[str, ...]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[*_, target], value=value):
                names |= _given(file, target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                names |= _given(file, target, value)
            case ast.NamedExpr(target=target, value=value):
                names |= _given(file, target, value)
            case ast.AugAssign(target=target):
                names |= _given(file, target, node)
    return names


def _given(file: str, target: ast.expr, value: ast.expr | ast.stmt) -> dict[_Span, tuple[str, ...]]:
    match target, value:
        case ast.Name(id=name), _:
            return {_span(file, value): (name,)}
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            pairs = [_given(file, *pair) for pair in zip(targets, values, strict=True)]
            return {span: names for pair in pairs for span, names in pair.items()}
        case ast.Tuple(elts=targets), _ if all(isinstance(t, ast.Name) for t in targets):
            return {_span(file, value): tuple(t.id for t in targets if isinstance(t, ast.Name))}
    return {}


def _span(file: str, node: ast.expr | ast.stmt) -> _Span:
    end_line = node.end_lineno or node.lineno
    return (
        node.lineno,
        _characters(file, node.lineno, node.col_offset),
        end_line,
        _characters(file, end_line, node.end_col_offset or 0),
    )
