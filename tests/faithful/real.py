"""Programs of the kinds that people run, by name, and what of them goes by torch's own nodes."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from tests.faithful import real_functions as functions
from tests.faithful import real_models as models

REAL: dict[str, Callable[[], models.Made]] = {
    "two adversaries": models.adversaries,
    "meta-learning": models.meta_learning,
    "gradient penalty": models.gradient_penalty,
    "moving average": models.moving_average,
    "tied weights": models.tied_weights,
    "spectral norm": lambda: models.parametrised(nn.utils.parametrizations.spectral_norm),
    "weight norm": lambda: models.parametrised(nn.utils.parametrizations.weight_norm),
    "orthogonal": lambda: models.parametrised(nn.utils.parametrizations.orthogonal),
    "functional_call": models.called_with_weights,
    "clipping hooks": models.clipped_by_hooks,
    "reversible blocks": models.reversible,
    "mixture of experts": models.experts,
    "decoding with a cache": models.decoding_with_a_cache,
    "packed sequences": models.packed_sequences,
    "quantile loss": functions.quantile,
    "hard Gumbel softmax": functions.hard_choice,
    "Fourier transforms": functions.spectrum,
    "bfloat16 with a scaler": models.scaled_bfloat16,
    "transforms of torch.func": functions.transforms,
    "two threads": functions.two_threads,
    "sparse product": functions.sparse_product,
    "torch.compile": functions.compiled,
    "torch.jit": functions.scripted,
}
BY_TORCH = {
    "reversible blocks": {"Reversible"},
    "two threads": {"addmm", "select", "t", "view"},
    "sparse product": {
        "_sparse_addmm", "_sparse_coo_tensor_with_dims_and_tensors", "_sparse_softmax",
    },
    "transforms of torch.func": {"add", "mul"},
}  # fmt: skip
"""What goes by torch's own nodes: code of the user's, other threads, sparse values, and the dual
numbers of a transform, whose operands nobody can tell apart from outside."""
