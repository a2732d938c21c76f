"""Where torch's gradient is, by torch's own choice, not the derivative of what was computed."""

from __future__ import annotations

from graphstep.graph.application import Application
from graphstep.recording.operation import Operation
from graphstep.rules.scope import arguments

_SYMMETRIC = "torch takes the operand of {} to be symmetric"
_PICKED = "torch gives each of several elements that meet in {} the whole adjoint"
_ONE_WAY = "torch's forward mode and backward of {} disagree"

_STRAIGHT = "torch passes the adjoint straight through the rounding of {}"

CONVENTIONS: dict[str, str] = {
    "cholesky": _SYMMETRIC,
    "cholesky_inverse": "torch takes the operand of {} to be triangular",
    "cholesky_solve": "torch takes the operand of {} to be triangular",
    "linalg_cholesky_ex": _SYMMETRIC,
    "_linalg_eigh": _SYMMETRIC,
    "as_strided": _PICKED,
    "as_strided_scatter": "torch hands on the adjoint of what {} wrote over, not that of the rest",
    "max_unpool2d": _PICKED,
    "max_unpool3d": _PICKED,
    "nextafter": "torch gives {} no gradient where its operands are equal",
    "_ctc_loss": "torch takes the operand of {} to be log-probabilities",
    "scatter_reduce": _ONE_WAY,
    "triangular_solve": _ONE_WAY,
    "fake_quantize_per_tensor_affine_cachemask": _STRAIGHT,
    "fake_quantize_per_channel_affine_cachemask": _STRAIGHT,
    "_fake_quantize_per_tensor_affine_cachemask_tensor_qparams": _STRAIGHT,
    "_fake_quantize_learnable_per_tensor_affine": _STRAIGHT,
    "_fake_quantize_learnable_per_channel_affine": _STRAIGHT,
    "_fused_moving_avg_obs_fq_helper": _STRAIGHT,
}
"""By operation, why a difference quotient or a tangent may not agree with torch's gradient."""


def convention(application: Application) -> str:
    """Return why an operation's gradient is not its derivative; empty where it is."""
    name = application.name
    operation = application.operation
    if name == "linalg_pinv" and operation is not None and operation.kwargs.get("hermitian"):
        return _SYMMETRIC.format(name)
    if name == "embedding" and operation is not None and _counts_otherwise(operation):
        return "torch leaves out the padding's row, or divides by how often a row was looked up"
    return CONVENTIONS.get(name.removesuffix("_"), "").format(name)


def _counts_otherwise(operation: Operation) -> bool:
    given = arguments(operation)
    return given.get("padding_idx", -1) >= 0 or bool(given.get("scale_grad_by_freq"))
