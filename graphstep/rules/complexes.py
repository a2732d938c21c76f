"""Real and imaginary parts, conjugates, sizes and directions of complex numbers, and transforms.

The texts are in torch's convention as they stand: v̄ is 2·∂L/∂conj(v) of a real L.
"""

from graphstep.rules.row import LINEAR, Row

ROWS = (
    Row("_conj", "conj(x)", "conj(g)", tangent=LINEAR),
    Row("_conj_physical", "conj(x)", "conj(g)", tangent=LINEAR),
    Row("conj_physical", "conj(x)", "conj(g)", tangent=LINEAR),
    Row("_neg_view", "-x", "-1"),
    Row("view_as_real", None, "from_parts(g)", tangent=LINEAR),
    Row("view_as_complex", None, "in_parts(g)", tangent=LINEAR),
    Row("complex", "x + 1j*y", "real(g)", "imag(g)", tangent=LINEAR),
    Row(
        "polar",
        "x*exp(1j*y)",
        "real(conj(sign(v))*g)",
        "imag(conj(v)*g)",
        tangent="complex(dx*cos(y) - dy*x*sin(y), dx*sin(y) + dy*x*cos(y))",
    ),
    Row("angle", "angle(x)", "angle_change(g, x)", tangent="angle_tangent(dx, x)"),
    # Fourier transforms: the one of the adjoint runs the other way
    Row("_fft_c2c", None, "fourier(g, dim, normalization, not_(forward))", tangent=LINEAR),
    Row(
        "_fft_r2c",
        None,
        "real(fourier(padded_half(g, x, dim, onesided), dim, normalization, False))",
        tangent=LINEAR,
    ),
    Row("_fft_c2r", None, "halved(g, x, dim, normalization, last_dim_size)", tangent=LINEAR),
)
