"""Whether a run on cuda rounded its products to TF32, whose numbers have 11 bits, as half's do."""

from __future__ import annotations

from typing import Any

import torch

from graphstep.graph.trace_graph import TraceGraph

_CUDNN = frozenset({"convolution", "_cudnn_rnn"})
_CUBLAS = frozenset({"mm", "addmm", "bmm", "baddbmm", "addbmm"})
EPS = torch.finfo(torch.float16).eps
"""One rounding in TF32, the same as in float16."""


def rounds_to_tf32(trace: TraceGraph) -> bool:
    """Tell whether float32 products of a trace may go through cuda's tensor cores.

    cuDNN's do unless `torch.backends.cudnn.allow_tf32` is turned off, those of matrices where
    `torch.backends.cuda.matmul.allow_tf32` is turned on.
    """
    names = (_CUDNN if _allowed(torch.backends.cudnn) else frozenset()) | (
        _CUBLAS if _allowed(torch.backends.cuda.matmul) else frozenset()
    )
    return any(
        application.name in names
        and any(
            value.device is not None
            and value.device.startswith("cuda")
            and value.dtype == "float32"
            for value in (trace.values[i] for i in application.results.values())
        )
        for application in trace.applications
    )


def _allowed(backend: Any) -> bool:
    try:
        return bool(backend.allow_tf32)
    except RuntimeError:
        # So torch says that the setting was made in its newer way, which has no such answer.
        return True
