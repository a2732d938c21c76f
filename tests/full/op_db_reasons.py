"""Entries of the operator database that are not wholly by our rows, or not compared, and why."""

from __future__ import annotations

EXCLUDED = {
    "nn.functional.batch_norm.without_cudnn": "declared for cuda only",
    "nn.functional.one_hot": "gives integers, which carry no gradient",
    "torch.ops.aten._efficient_attention_forward": "declared for cuda only",
    "torch.ops.aten._flash_attention_forward": "declared for cuda only",
}
"""Entries marked differentiable that have nothing to trace on the cpu, and why."""

UNEVEN = {
    "linalg.lstsq": "LAPACK's gelsy gives other last bits at every run",
    "linalg.lstsq.grad_oriented": "LAPACK's gelsy gives other last bits at every run",
}
"""Entries whose plain runs differ among themselves: their outputs are not compared bit by bit."""

_FUSED = "one node of torch's that has its gradients from its forward pass, chunk by chunk"
_SPARSE = "the operand is sparse: its adjoint lies at its own places alone, by torch's convention"
BY_TORCH = {
    "nn.functional.linear_cross_entropy.chunked": _FUSED,
    "nn.functional.linear_cross_entropy.chunked_none": _FUSED,
    "sparse.mm.reduce": _SPARSE,
    "sparse.sampled_addmm": _SPARSE,
    "to_sparse": _SPARSE,
}
"""Entries that go by nodes of torch's, and why."""
