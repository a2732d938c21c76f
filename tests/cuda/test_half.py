"""Half precision on a cuda device: autocast, scaled gradients, and every kernel of attention."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

import graphstep as gs
from tests.cuda.seen import by_torch, operations

HALVES = [torch.float16, torch.bfloat16]
KERNELS = {
    SDPBackend.FLASH_ATTENTION: "_scaled_dot_product_flash_attention",
    SDPBackend.EFFICIENT_ATTENTION: "_scaled_dot_product_efficient_attention",
    SDPBackend.CUDNN_ATTENTION: "_scaled_dot_product_cudnn_attention",
    SDPBackend.MATH: "_safe_softmax",
}


@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_autocast_with_a_scaled_loss(dtype: torch.dtype) -> None:
    net = nn.Sequential(nn.Linear(8, 16), nn.LayerNorm(16), nn.GELU(), nn.Linear(16, 4)).cuda()
    x, scaler = torch.randn(5, 8, device="cuda"), torch.amp.GradScaler("cuda")
    with torch.autocast("cuda", dtype=dtype):
        trace = gs.trace(net, x, loss=lambda out: scaler.scale(out.float().square().mean()))
    assert {"float32", str(dtype).removeprefix("torch.")} <= {
        v.dtype for v in trace.values.values()
    }
    assert by_torch(trace) == set()
    report = trace.check()
    assert report.ok, report.text()


@pytest.mark.parametrize("dtype", HALVES, ids=str)
@pytest.mark.parametrize("causal", [False, True], ids=["all", "causal"])
@pytest.mark.parametrize("backend", KERNELS, ids=lambda backend: backend.name)
def test_each_kernel_of_attention(backend: SDPBackend, causal: bool, dtype: torch.dtype) -> None:
    q, k, v = (torch.randn(2, 4, 16, 32, device="cuda", dtype=dtype) for _ in range(3))

    def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        with sdpa_kernel(backend):
            return F.scaled_dot_product_attention(q, k, v, is_causal=causal)

    seed = torch.randn(2, 4, 16, 32, device="cuda", dtype=dtype)
    trace = gs.trace(attend, q, k, v, grad_output=seed)
    assert KERNELS[backend] in operations(trace)
    assert by_torch(trace) == set()
    report = trace.check()
    assert report.ok, report.text()


@pytest.mark.parametrize("backend", KERNELS, ids=lambda backend: backend.name)
def test_attention_with_dropout_goes_by_torchs_node(backend: SDPBackend) -> None:
    q = torch.randn(1, 2, 16, 32, device="cuda", dtype=torch.float16)

    def attend(q: Tensor) -> Tensor:
        with sdpa_kernel(backend):
            return F.scaled_dot_product_attention(q, q, q, dropout_p=0.5)

    trace = gs.trace(attend, q, grad_output=torch.randn_like(q))
    hidden = set() if backend is SDPBackend.MATH else {KERNELS[backend]}
    assert by_torch(trace) == hidden
    report = trace.check()
    assert report.ok, report.text()


def test_a_mask_that_is_learned() -> None:
    q, k, v = (torch.randn(2, 4, 16, 32, device="cuda") for _ in range(3))
    bias = torch.randn(2, 4, 16, 16, device="cuda")

    def attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
        with sdpa_kernel(SDPBackend.EFFICIENT_ATTENTION):
            return F.scaled_dot_product_attention(q, k, v, attn_mask=bias)

    trace = gs.trace(attend, q, k, v, bias, grad_output=torch.randn_like(q))
    assert KERNELS[SDPBackend.EFFICIENT_ATTENTION] in operations(trace)
    assert by_torch(trace) == set()
    report = trace.check()
    assert report.ok, report.text()


def test_heads_that_share_keys() -> None:
    q = torch.randn(2, 8, 16, 32, device="cuda", dtype=torch.bfloat16)
    k, v = (torch.randn(2, 2, 16, 32, device="cuda", dtype=torch.bfloat16) for _ in range(2))

    def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
            return F.scaled_dot_product_attention(q, k, v, enable_gqa=True)

    trace = gs.trace(attend, q, k, v, grad_output=torch.randn_like(q))
    assert by_torch(trace) == set()
    report = trace.check()
    assert report.ok, report.text()


# Torch lays the weights of a layer in one buffer in float16, and not in bfloat16.
@pytest.mark.filterwarnings("ignore:RNN module weights are not part of single contiguous chunk")
@pytest.mark.parametrize("dtype", HALVES, ids=str)
def test_products_and_recurrence(dtype: torch.dtype) -> None:
    layer = nn.GRU(8, 8).cuda().to(dtype)
    x = torch.randn(5, 3, 8, device="cuda", dtype=dtype)
    trace = gs.trace(lambda x: (layer(x)[0] @ x.mT).square().mean(), x)
    assert by_torch(trace) == set()
    report = trace.check()
    assert report.ok, report.text()
