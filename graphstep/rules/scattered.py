"""Scattered reductions: elements that an index sends to the same place are reduced there."""

from graphstep.rules.row import Row

_GIVEN = "x, z, v, dim, index, reduce, include_self"
_SLICES = "x, z, v, dim, along_slices(index, z, dim), reduce, include_self"

_SEGMENTS = "lengths, offsets, axis, initial"

ROWS = (
    Row(
        "scatter_reduce",
        None,
        f"scattered_self(g, {_GIVEN})",
        None,
        f"scattered_source(g, {_GIVEN})",
        tangent=f"scattered_tangent(dx, dz, {_GIVEN})",
    ),
    Row(
        "index_reduce",
        None,
        f"scattered_self(g, {_SLICES})",
        None,
        f"scattered_source(g, {_SLICES})",
        tangent=f"scattered_tangent(dx, dz, {_SLICES})",
    ),
    # stretches of elements that follow each other
    Row(
        "segment_reduce",
        None,
        f"segments_adjoint(g, x, v, reduce, {_SEGMENTS})",
        tangent=f"segments_tangent(dx, x, v, reduce, {_SEGMENTS})",
    ),
)
