"""Say why a gradient is what it is: where it became zero, not finite, or small."""

from __future__ import annotations

from graphstep.explain.answer import Answer, answer
from graphstep.explain.diagnosis import Diagnosis, diagnosis, zero_sentences
from graphstep.explain.non_finite import NonFinite, first_non_finite

__all__ = [
    "Answer",
    "Diagnosis",
    "NonFinite",
    "answer",
    "diagnosis",
    "first_non_finite",
    "zero_sentences",
]
