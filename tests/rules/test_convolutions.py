"""The weight's adjoint of a convolution, laid out in one piece or in many."""

from __future__ import annotations

import pytest
import torch

from graphstep.rules.functions import windows


@pytest.mark.parametrize("most", [1, 2**24])
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize(
    ("rank", "groups", "stride", "padding", "dilation"),
    [(1, 1, 1, 0, 1), (1, 2, 3, 2, 2), (2, 1, 2, 1, 1), (2, 2, 1, 2, 2), (3, 1, 2, 1, 1)],
)
@pytest.mark.parametrize("samples", [0, 1, 3])
def test_the_weights_adjoint_is_that_of_torchs_kernel(
    most: int,
    transposed: bool,
    rank: int,
    groups: int,
    stride: int,
    padding: int,
    dilation: int,
    samples: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(windows, "MOST_LAID_OUT", most)
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(samples, 4, *[9, 8, 7][:rank], generator=generator, dtype=torch.float64)
    outer, inner = (4, 6 // groups) if transposed else (6, 4 // groups)
    weight = torch.randn(outer, inner, *[3, 2, 3][:rank], generator=generator, dtype=torch.float64)
    steps, pads, gaps, beyond = ([size] * rank for size in (stride, padding, dilation, 0))
    v = torch.convolution(x, weight, None, steps, pads, gaps, transposed, beyond, groups)
    g = torch.randn(v.shape, generator=generator, dtype=torch.float64)
    _, expected, _ = torch.ops.aten.convolution_backward(
        g, x, weight, None, steps, pads, gaps, transposed, beyond, groups, [False, True, False]
    )
    found = windows.convolution_weight(g, x, weight, steps, pads, gaps, transposed, groups)
    torch.testing.assert_close(found, expected)
