"""Inner products in float64, of large tensors piece by piece."""

from __future__ import annotations

import pytest
import torch

from graphstep.check import products
from graphstep.check.products import inner


@pytest.mark.parametrize("piece", [2, 2**17])
@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.complex64])
def test_large_tensors_have_the_product_of_all_their_entries(
    piece: int, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(products, "PIECE", piece)
    generator = torch.Generator().manual_seed(0)
    left = torch.randn(3, 5, generator=generator, dtype=dtype)
    right = torch.randn(5, 3, generator=generator, dtype=dtype).mT
    pairs = list(zip(left.flatten().tolist(), right.flatten().tolist(), strict=True))
    total, size = inner(left, right)
    assert total == pytest.approx(sum((complex(a).conjugate() * b).real for a, b in pairs))
    assert size == pytest.approx(sum(abs(a) * abs(b) for a, b in pairs))


def test_what_is_not_there_or_empty_has_none() -> None:
    assert inner(None, torch.ones(3)) == (0.0, 0.0)
    assert inner(torch.ones(0, 3), torch.ones(0, 3)) == (0.0, 0.0)
