"""Where coarse arithmetic parts ours from torch's, each operation is held against float64.

A number of 8 or 11 bits is rounded at every operation, ours and torch's differently where a kernel
computes in float32 what another one rounds in between. After some operations they may part by
more than one rounding, and neither is wrong. What can be asked is that every adjoint of ours is,
but for one rounding of each number that goes into it, the sum of what torch's own kernels in
float64 make of the adjoints above it.

TF32 rounds as half precision does. cuDNN's recurrent kernels are a third case: tanh and sigmoid are
approximate in those that keep a small network on the chip, so that torch's adjoints in float32 are
right to some five digits. Ours are not, and have to be those of float64 to float32's tolerance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from graphstep.check.tf32 import EPS, rounds_to_tf32
from graphstep.check.verdict import Verdict, largest, tolerance
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.sweep.kernel import kernel_terms
from graphstep.sweep.replay import NotReplayable, in_kind
from graphstep.sweep.reverse import ReverseSweep

HALF = (torch.float16, torch.bfloat16)
_PRECISE = torch.float64
_APPROXIMATE = "_cudnn_rnn"


def settled(
    trace: TraceGraph, sweep: ReverseSweep, verdicts: dict[int, Verdict]
) -> dict[int, Verdict]:
    """Return the verdicts, those on adjoints that only coarse arithmetic parts settled.

    An adjoint is settled where all above it are found right, and where it is what torch's kernels
    give in float64 for these, up to roundings of its terms. Traces without coarse arithmetic are
    left alone.
    """
    apart = [i for i in sorted(verdicts, reverse=True) if not verdicts[i].ok]
    if not apart:
        return verdicts
    tf32 = rounds_to_tf32(trace)
    coarse = (*HALF, torch.float32) if tf32 else HALF
    arithmetic = _arithmetic(trace, sweep, tf32)
    if not arithmetic:
        return verdicts
    users: dict[int, list[Application]] = {i: [] for i in verdicts}
    for application in trace.applications:
        for parent in {p for p in application.parents if p is not None}:
            users[parent].append(application)
    found = dict(verdicts)
    for i in apart:
        above = {k for application in users[i] for k in application.results.values()}
        if all(found[k].ok for k in above) and _is_rounded(sweep, i, users[i], coarse):
            found[i] = replace(verdicts[i], ok=True, rounded_in=arithmetic)
    return found


def _arithmetic(trace: TraceGraph, sweep: ReverseSweep, tf32: bool) -> str:
    """Name what computes more coarsely than float32 on the way; empty where nothing does."""
    dtypes = {adjoint.dtype for adjoint in sweep.adjoints.values() if adjoint is not None}
    if not dtypes.isdisjoint(HALF):
        return "half precision"
    if torch.float32 not in dtypes:
        return ""
    if tf32:
        return "TF32"
    recurrent = any(application.name == _APPROXIMATE for application in trace.applications)
    return "cuDNN's recurrent kernels" if recurrent else ""


def _is_rounded(
    sweep: ReverseSweep, i: int, users: Sequence[Application], coarse: Sequence[torch.dtype]
) -> bool:
    ours = sweep.unhooked.get(i, sweep.adjoints[i])
    if ours is None:
        return False
    try:
        terms = [term for application in users for term in _exact_terms(sweep, application, i)]
    except (NotReplayable, RuntimeError):
        # So torch says that an operation has no float64 kernel.
        return False
    seed = sweep.seeds.get(i)
    terms += [] if seed is None else [seed.to(in_kind(seed.dtype, _PRECISE))]
    if not terms:
        return False
    relative, absolute = tolerance(ours.dtype)
    if ours.dtype in coarse:
        # A term is rounded once, and so was every result that its formula may use: v, v², a mean.
        results = max(len(a.operation.results) for a in users if a.operation is not None)
        relative = (1 + results) * (torch.finfo(ours.dtype).eps if ours.dtype in HALF else EPS)
    total = torch.stack(terms).sum(0)
    gap = largest(ours.detach().to(total.dtype) - total)
    return gap <= absolute + relative * sum(map(largest, terms))


def _exact_terms(sweep: ReverseSweep, application: Application, i: int) -> list[Tensor]:
    """Return what torch's kernel in float64 contributes to v̄_i, one term an operand that is v_i."""
    above = {k: a for k in application.results.values() if (a := sweep.adjoints[k]) is not None}
    if application.operation is None:
        return []
    terms = kernel_terms(application, above, _PRECISE)
    found = zip(application.parents, terms, strict=True)
    return [term for parent, term in found if parent == i and term is not None]
