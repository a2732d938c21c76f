"""Sample calls for the rows of complex numbers and Fourier transforms, from real leaves."""

from __future__ import annotations

import torch
from torch import Tensor

from tests.rules.samples import M23, Sample, add, add_each

M232 = (2, 3, 2)


def z(x: Tensor) -> Tensor:
    """Return the complex numbers whose parts lie along the last axis."""
    return torch.view_as_complex(x)


add_each("view_as_complex", (M232,), times_i=lambda x: torch.view_as_complex(x) * 1j)
add_each("view_as_real", (M232,), imag=lambda x: z(x).imag, all=lambda x: torch.view_as_real(z(x)))
add_each("_conj", (M232,), conj=lambda x: z(x).conj() * z(x), transposed=lambda x: z(x).mH @ z(x))
add_each("_conj_physical", (M232,), conj=lambda x: torch.conj_physical(z(x)) * z(x))
add_each("conj_physical", (M232,), conj=lambda x: (z(x) * 1).conj_physical_() * 2j)
add_each("_neg_view", (M232,), neg=lambda x: z(x).conj().imag * 3)
add_each("angle", (M232,), of_complex=lambda x: torch.angle(z(x)))
add("angle", torch.angle, M23, of="of real")
add(
    "pow",
    lambda x: torch.tensor([0j, 1j, 2.0], dtype=torch.complex128) ** torch.complex(x, 0 * x),
    M23,
    of="complex of zero",
    low=1,
)
add("complex", torch.complex, M23, M23)
add("complex", torch.complex, (2, 3), (3,), of="broadcast")
add("polar", torch.polar, M23, M23, low=0.1)
add("polar", torch.polar, (2, 1), (3,), of="broadcast", low=0.1)
add_each("sgn", (M232,), of_complex=lambda x: torch.sgn(z(x)))
add_each("abs", (M232,), of_complex=lambda x: z(x).abs())
add_each(
    "_fft_c2c",
    (M232,),
    fft=lambda x: torch.fft.fft(z(x)),
    ifft=lambda x: torch.fft.ifft(z(x), dim=0),
    both_axes=lambda x: torch.fft.fft2(z(x), norm="ortho"),
)
for length in (4, 5):
    add("_fft_r2c", torch.fft.rfft, (2, length))
    add("_fft_r2c", torch.fft.fft, (2, length), of=f"two-sided {length}")
    add("_fft_r2c", torch.fft.rfft2, (length, 4), of=f"both axes {length}")
    add(
        "_fft_c2r",
        lambda x, length=length: torch.fft.irfft(z(x), n=length),
        (2, 3, 2),
        of=f"{length}",
    )
    add(
        "_fft_c2r",
        lambda x, length=length: torch.fft.hfft(z(x), n=length),
        (2, 3, 2),
        of=f"hfft {length}",
    )


def complex_leaves(sample: Sample) -> tuple[Tensor, ...]:
    """Return a sample's leaves with an imaginary part each."""
    generator = torch.Generator().manual_seed(len(sample.name) + 1)
    found = []
    for leaf in sample.leaves():
        imaginary = torch.rand(leaf.shape, generator=generator, dtype=torch.float64) - 0.4
        found.append(torch.complex(leaf.detach().double(), imaginary).requires_grad_())
    return tuple(found)
