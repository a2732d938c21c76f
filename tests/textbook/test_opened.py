"""An operation opened into its textbook steps agrees with torch's kernel, forward and reverse."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

import graphstep as gs
from graphstep.textbook import opened as module
from graphstep.textbook.expansion import Expansion

TARGET = torch.tensor([1, 0, 3])
IGNORED = torch.tensor([1, -100, 3])
CLASSES = torch.tensor([0.5, 1.0, 2.0, 0.25])


def _random(*shape: int) -> Tensor:
    return torch.randn(shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


def _heads(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return queries, keys and values of two heads, three places and width two."""
    query = x.reshape(1, 2, 3, 2)
    return query, 2 * query, 3 * query


X = _random(3, 4)
P = X.sigmoid()
MEAN, VARIANCE = _random(4), _random(4).square() + 0.5

CASES: dict[str, tuple[Callable[..., Tensor], str]] = {
    "softmax": (lambda x: torch.softmax(x, 1), "_softmax"),
    "softmax of columns": (lambda x: torch.softmax(x, 0), "_softmax"),
    "log_softmax": (lambda x: F.log_softmax(x, -1), "_log_softmax"),
    "logsumexp": (lambda x: torch.logsumexp(x, 1), "logsumexp"),
    "logsumexp of all": (lambda x: torch.logsumexp(x, (0, 1), keepdim=True), "logsumexp"),
    "gelu": (F.gelu, "gelu"),
    "gelu by tanh": (lambda x: F.gelu(x, approximate="tanh"), "gelu"),
    "sigmoid": (torch.sigmoid, "sigmoid"),
    "tanh": (torch.tanh, "tanh"),
    "silu": (F.silu, "silu"),
    "mean": (lambda x: x.mean(), "mean"),
    "mean of rows": (lambda x: x.mean(1, keepdim=True), "mean"),
    "var": (lambda x: x.var(1), "var"),
    "var of all": (lambda x: x.var(correction=0), "var"),
    "layer_norm": (lambda x: F.layer_norm(x, (4,), MEAN, VARIANCE), "native_layer_norm"),
    "layer_norm of two axes": (lambda x: F.layer_norm(x, (3, 4)), "native_layer_norm"),
    "batch_norm": (
        lambda x: F.batch_norm(x, None, None, MEAN, VARIANCE, training=True),
        "native_batch_norm",
    ),
    "batch_norm in evaluation": (
        lambda x: F.batch_norm(x, MEAN.clone(), VARIANCE.clone(), MEAN, None),
        "native_batch_norm",
    ),
    "group_norm": (
        lambda x: F.group_norm(x.reshape(3, 4, 1), 2, MEAN, VARIANCE),
        "native_group_norm",
    ),
    "mse": (lambda x: F.mse_loss(x, P), "mse_loss"),
    "mse by sum": (lambda x: F.mse_loss(x, P, reduction="sum"), "mse_loss"),
    "binary_cross_entropy": (
        lambda x: F.binary_cross_entropy(torch.sigmoid(x), P),
        "binary_cross_entropy",
    ),
    "with logits": (
        lambda x: F.binary_cross_entropy_with_logits(x, P, reduction="none"),
        "binary_cross_entropy_with_logits",
    ),
    "nll": (lambda x: F.cross_entropy(x, TARGET), "nll_loss_forward"),
    "nll ignoring one": (lambda x: F.cross_entropy(x, IGNORED), "nll_loss_forward"),
    "nll by class": (lambda x: F.cross_entropy(x, TARGET, CLASSES.double()), "nll_loss_forward"),
    "nll of each": (lambda x: F.cross_entropy(x, TARGET, reduction="none"), "nll_loss_forward"),
    "nll summed": (lambda x: F.cross_entropy(x, IGNORED, reduction="sum"), "nll_loss_forward"),
    "nll of one sample": (lambda x: F.cross_entropy(x[0], TARGET[0]), "nll_loss_forward"),
    "mm": (lambda x: x @ x.T, "mm"),
    "bmm": (lambda x: torch.bmm(x.reshape(2, 3, 2), x.reshape(2, 2, 3)), "bmm"),
    "addmm": (lambda x: torch.addmm(MEAN, x, _random(4, 4), beta=2, alpha=3), "addmm"),
    "attention": (
        lambda x: F.scaled_dot_product_attention(*_heads(x)),
        "_scaled_dot_product_flash_attention_for_cpu",
    ),
    "causal attention": (
        lambda x: F.scaled_dot_product_attention(*_heads(x), is_causal=True),
        "_scaled_dot_product_flash_attention_for_cpu",
    ),
    "masked attention": (
        lambda x: F.scaled_dot_product_attention(*_heads(x), attn_mask=_random(1, 2, 3, 3)),
        "_scaled_dot_product_flash_attention_for_cpu",
    ),
}


def _opened(case: str) -> gs.Opened:
    function, op = CASES[case]
    trace = gs.trace(lambda x: (function(x) * 1.5).square().sum(), X)
    i = next(i for i, value in trace.values.items() if value.op == op)
    return trace.open(i)


@pytest.mark.parametrize("case", CASES)
def test_the_textbook_agrees_with_the_kernel(case: str) -> None:
    opened = _opened(case)
    assert opened.ok, opened.text()
    assert "value" in opened.verdicts
    assert len(opened.verdicts) == 1 + len(opened.run.operands)
    assert opened.trace.check().ok


@pytest.mark.parametrize(
    ("case", "wrong", "where"),
    [
        ("softmax", "e = exp(x); e/sum(e, 0, keepdim=True)", "value"),
        ("sigmoid", "1/(1 + exp(x))", "value"),
        ("tanh", "detach(2*sigmoid(2*x) - 1) + 0*x", "x"),
        ("mm", "sum(unsqueeze(x, 2)*unsqueeze(detach(x).T, 0), 1) + 0*y.sum()", "y"),
    ],
)
def test_a_wrong_textbook_is_found_out(
    case: str, wrong: str, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {CASES[case][1]: lambda scope: Expansion(wrong)}
    monkeypatch.setattr(module, "EXPANSIONS", {**module.EXPANSIONS, **written})
    opened = _opened(case)
    assert not opened.ok
    assert not opened.verdicts[where].ok


def test_one_entry_of_a_product_is_a_row_times_a_column() -> None:
    trace = gs.trace("a @ b", a=[[1.0, 2.0], [3.0, 4.0]], b=[[5.0, 6.0], [7.0, 8.0]])
    opened = trace.open("v_1", (1, 0))
    assert opened.ok
    assert opened.text().splitlines() == [
        "v₁[1, 0] opens into: r = x[1]; c = y[:, 0]; sum(r*c)",
        "where x is v₋₁, y is v₀",
        "✓ the value agrees with torch's kernel (max abs error 0)",
        "✓ the adjoint of x agrees with torch's kernel (max abs error 0)",
        "✓ the adjoint of y agrees with torch's kernel (max abs error 0)",
    ]
    assert opened.trace.adjoint("x").tolist() == [[0.0, 0.0], [5.0, 7.0]]  # type: ignore[union-attr]


@pytest.mark.parametrize("index", [(0, 1), (2, 3)])
def test_an_entry_of_addmm_takes_its_share_of_what_is_added(index: tuple[int, int]) -> None:
    trace = gs.trace(lambda x: torch.addmm(x[:, :1], x, x.T @ x, alpha=2).sum(), X)
    i = next(i for i, value in trace.values.items() if value.op == "addmm")
    assert trace.open(i, index).ok


def test_half_precision_opens_in_float32_as_its_kernel_computes() -> None:
    trace = gs.trace(lambda x: torch.softmax(x, 1).square().sum(), X.bfloat16())
    opened = trace.open("v_1")
    assert opened.trace.values[0].dtype == "float32"
    assert opened.ok, opened.text()


def test_what_does_not_open_says_what_does() -> None:
    trace = gs.trace("softmax(3*x, 0)[0]", x=[1.0, 2.0])
    with pytest.raises(
        gs.InputError,
        match=r"^v_1 \(mul\) has no textbook steps; here these have: v_2 \(_softmax\)$",
    ):
        trace.open("v_1")
    with pytest.raises(
        gs.InputError,
        match=r"^one element is written out of mm, bmm and addmm only, not of v_2 \(_softmax\)$",
    ):
        trace.open("v_2", (0,))
    with pytest.raises(
        gs.InputError, match=r"^v_2 has shape \[2\], which has no element \[1, 2\]$"
    ):
        trace.open("v_2", (1, 2))
