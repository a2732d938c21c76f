"""The sample calls of all rows: each file lists those of its families."""

from __future__ import annotations

from tests.rules import (
    samples_arithmetic,
    samples_complex,
    samples_cuda,
    samples_elementwise,
    samples_factors,
    samples_layers,
    samples_matrices,
    samples_networks,
    samples_quantised,
    samples_recurrent,
    samples_reductions,
    samples_replaced,
    samples_scattered,
    samples_second,
    samples_second_norms,
    samples_second_windows,
    samples_shapes,
    samples_special,
    samples_windows,
)
from tests.rules.samples import SAMPLES

__all__ = [
    "SAMPLES",
    "samples_arithmetic",
    "samples_complex",
    "samples_cuda",
    "samples_elementwise",
    "samples_factors",
    "samples_layers",
    "samples_matrices",
    "samples_networks",
    "samples_quantised",
    "samples_recurrent",
    "samples_reductions",
    "samples_replaced",
    "samples_scattered",
    "samples_second",
    "samples_second_norms",
    "samples_second_windows",
    "samples_shapes",
    "samples_special",
    "samples_windows",
]
