"""What runs in place of a kernel that cannot run again on other numbers as it is."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.nn import functional as F

from graphstep.recording.internals import base_name
from graphstep.rules.scope import signature

if TYPE_CHECKING:
    from torch._ops import OpOverload

_ATTENTION = frozenset(
    f"_scaled_dot_product_{kernel}_attention" for kernel in ("flash", "efficient", "cudnn")
)
_Form = Callable[..., Sequence[Tensor]]


def another_form(function: OpOverload, *, precise: bool) -> _Form | None:
    """Return what runs in an operation's place, or None where it runs itself.

    A `precise` run is in float64, which neither attention on cuda nor oneDNN's layer of an LSTM
    has a kernel for: torch's plain steps make their differentiable results. A recurrent network of
    cuDNN's would read its weights from one buffer, whatever the list of them says: it gets none.
    Run again, a tensor may lie otherwise in memory, where no view of it has the other shape; and of
    the scatters torch has no backward for complex tensors, where it has one of a write. A rectifier
    with random slopes has those that were drawn.
    """
    if function in _RELAID:
        return lambda *args, **named: (_RELAID[function](*args, **named),)
    name = base_name(function)
    if name.removesuffix("_") == "rrelu_with_noise":
        return _with_the_draw
    if name == "_cudnn_rnn":
        return _without_buffer(function)
    if precise and name == "mkldnn_rnn_layer":
        return _lstm
    return _attention(function) if precise and name in _ATTENTION else None


def _put_over(view: OpOverload) -> Callable[..., Tensor]:
    def run(below: Tensor, source: Tensor, *place: Any, **named: Any) -> Tensor:
        made = below.clone()
        view(made, *place, **named).copy_(source)
        return made

    return run


_ATEN = torch.ops.aten
_RELAID: Mapping[OpOverload, Callable[..., Tensor]] = {
    _ATEN.view.default: torch.reshape,
    _ATEN._unsafe_view.default: torch.reshape,
    _ATEN.select_scatter.default: _put_over(_ATEN.select.int),
    _ATEN.slice_scatter.default: _put_over(_ATEN.slice.Tensor),
}


def _with_the_draw(
    x: Tensor,
    noise: Tensor,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    generator: torch.Generator | None = None,
) -> Sequence[Tensor]:
    return (x * noise if training else F.leaky_relu(x, (lower + upper) / 2),)


def _without_buffer(function: OpOverload) -> _Form:
    place = signature(function).places["weight_buf"]

    def network(*args: Any) -> Sequence[Tensor]:
        with warnings.catch_warnings():
            # That the weights are not in one buffer is so by intent.
            warnings.filterwarnings("ignore", "RNN module weights are not part")
            found: Sequence[Tensor] = function(*args[:place], None, *args[place + 1 :])
        return found

    return network


def _lstm(x: Tensor, *args: Any) -> Sequence[Tensor]:
    weights, (h, c, reverse), has_biases, train = args[:4], args[4:7], args[11], args[14]
    shape = (1, *h.shape[-2:])
    out, last_h, last_c = torch.lstm(
        x.flip(0) if reverse else x,
        [h.reshape(shape), c.reshape(shape)],
        weights if has_biases else weights[:2],
        has_biases,
        1,
        dropout=0.0,
        train=train,
        bidirectional=False,
        batch_first=False,
    )
    return out.flip(0) if reverse else out, last_h.reshape(h.shape), last_c.reshape(c.shape)


def _attention(function: OpOverload) -> _Form:
    names = signature(function).positional

    def attention(*args: Any, scale: float | None = None) -> Sequence[Tensor]:
        # Not at the top: seldom needed.
        from torch.nn.attention import SDPBackend, sdpa_kernel

        named = dict(zip(names, args, strict=False))
        query, key, value = args[:3]
        with sdpa_kernel(SDPBackend.MATH):
            found = F.scaled_dot_product_attention(
                query,
                key,
                value,
                named.get("attn_bias"),
                is_causal=named.get("is_causal", False),
                scale=scale,
                enable_gqa=query.shape[1] != key.shape[1],
            )
        return (found,)

    return attention
