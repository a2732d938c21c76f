"""What stands in `trace.json`, as types, and the check that a file keeps to them.

`docs/file.md` says the same in words. A change that an older reader would misread raises VERSION.
"""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, Literal, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

FORMAT = "graphstep"
VERSION = 3
LARGEST = 2**63


TensorKind = Literal["plain", "complex", "sparse", "meta"]


class Damaged(ValueError):
    """Say which part of a file is not what it has to be."""


class StoredTensor(TypedDict):
    """Point to a member of the safetensors part; of a `meta` tensor there is no member."""

    kind: TensorKind
    key: str
    shape: list[int]
    dtype: str


class StoredVerdict(TypedDict):
    """Say whether ours agreed with torch's adjoint; `error` is a term, for inf and nan."""

    ok: bool
    error: Any
    torch: StoredTensor | None


class StoredPlace(TypedDict):
    """Span a piece of one of the `sources`."""

    source: int
    line: int
    column: int
    end_line: int
    end_column: int


class StoredValue(TypedDict):
    """Describe v_i: what it is, its tensor, its adjoint, and what torch had for that.

    `seed` is what an output's adjoint started with, `unhooked` the adjoint before the user's
    hooks changed it.
    """

    i: int
    label: str | None
    op: str
    shape: list[int] | None
    dtype: str | None
    device: str | None
    module: str
    place: StoredPlace | None
    no_path: str
    value: StoredTensor | None
    adjoint: StoredTensor | None
    seed: StoredTensor | None
    unhooked: StoredTensor | None
    verdict: StoredVerdict | None


class StoredApplication(TypedDict):
    """Describe one operation: its operands, its results by place, its formula, its tangent's."""

    name: str
    node: str
    parents: list[int | None]
    results: list[list[int]]
    forward: Any
    tangent: list[Any] | None


class StoredContribution(TypedDict):
    """Describe one term of an adjoint: whose, by which rule, and that rule's formula.

    `partial` is the local partial as a term in a list of one, or null where it is no factor.
    """

    application: int
    position: int
    value: StoredTensor
    rule: Literal["own", "torch"]
    text: str | None
    formula: Any
    partial: list[Any] | None
    summed: bool


class StoredTangents(TypedDict):
    """Hold the tangents for ẋ = 1 in v_seed, one a value, null behind what has no formula."""

    seed: int
    tangents: list[StoredTensor | None]
    missing: list[str]


class StoredSource(TypedDict):
    """Hold the text of one file of the user's code."""

    file: str
    text: str


class StoredTrace(TypedDict):
    """Hold one recorded run.

    `engine_order` has every i in the order in which torch's engine came by, where that is known.
    """

    format: str
    version: int
    written_by: str
    title: str
    code: int | None
    sources: list[StoredSource]
    order: str
    values: list[StoredValue]
    outputs: list[int]
    applications: list[StoredApplication]
    contributions: list[StoredContribution]
    engine_order: list[int] | None
    tangents: list[StoredTangents]


def upgraded(data: dict[str, Any], version: int) -> dict[str, Any]:
    """Return a record of version 1, which had no tangents, or of 2, as one of this version."""
    data = {**data, "version": VERSION, "engine_order": None}
    operations = data.get("applications")
    if version == 2 or not isinstance(operations, list):
        return data
    operations = [{**one, "tangent": None} if isinstance(one, dict) else one for one in operations]
    return {**data, "applications": operations, "tangents": []}


def check(found: Any, kind: Any, where: str) -> None:
    """Raise Damaged unless `found` is of the type `kind`, with `where` as its name."""
    if kind is Any:
        return
    if is_typeddict(kind):
        hints = get_type_hints(kind)
        if not isinstance(found, dict) or found.keys() != hints.keys():
            raise Damaged(f"{where} is no record of {', '.join(hints)}")
        for name, part in hints.items():
            check(found[name], part, f"{where}.{name}")
    elif get_origin(kind) is list:
        if not isinstance(found, list):
            raise Damaged(f"{where} is no list")
        for k, item in enumerate(found):
            check(item, get_args(kind)[0], f"{where}[{k}]")
    elif get_origin(kind) is UnionType:
        if found is not None:
            check(found, next(k for k in get_args(kind) if k is not NoneType), where)
    elif get_origin(kind) is Literal:
        if found not in get_args(kind):
            raise Damaged(f"{where} is none of {', '.join(get_args(kind))}")
    elif type(found) is not kind:
        raise Damaged(f"{where} is no {'text' if kind is str else kind.__name__}")
    elif kind is int and abs(found) >= LARGEST:
        raise Damaged(f"{where} is too large")
