"""Complex operands, by torch's convention: v̄ is the direction in which a real output grows fastest.

For a holomorphic operation the contribution is then v̄·conj(∂v/∂x), and that of a linear map Jx is
conj(Jᵀ)v̄. Its row's texts are those for real operands, which the sweep conjugates. For any other
operation ∂v/∂x does not exist; its row says what goes to x, or leaves it to torch's node.
"""

from __future__ import annotations

import ast
from collections.abc import Collection
from functools import cache
from typing import Any

from torch import Tensor

from graphstep.recording.operation import Operation, flat_refs
from graphstep.rules.language import names
from graphstep.rules.row import ADJOINTS
from graphstep.rules.scope import bind

HOLOMORPHIC = frozenset({
    "add", "sub", "rsub", "mul", "div", "neg", "_neg_view", "reciprocal", "pow", "sqrt", "rsqrt",
    "addcmul", "addcdiv", "lerp", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p",
    "logaddexp", "ldexp", "sigmoid", "sin", "cos", "tan", "asin", "acos", "atan", "sinh",
    "cosh", "tanh", "asinh", "acosh", "atanh", "sinc", "mm", "bmm", "mv", "dot", "addmm", "baddbmm",
    "addbmm", "addmv", "addr", "linalg_inv_ex", "_linalg_det", "_linalg_solve_ex",
    "linalg_solve_triangular", "linalg_matrix_exp", "linalg_cross", "logsumexp", "logcumsumexp",
    "prod", "cumprod", "linalg_lu", "linalg_lu_factor_ex", "triangular_solve",
})  # fmt: skip
"""Operations that are holomorphic in every operand: their texts are conjugated."""

AS_WRITTEN = frozenset({
    "abs", "sgn", "angle", "_conj", "_conj_physical", "conj_physical", "view_as_real",
    "view_as_complex", "complex", "polar", "_fft_c2c", "_fft_r2c", "_fft_c2r", "vdot",
    "linalg_vector_norm", "norm", "dist", "var", "std", "var_mean", "std_mean", "sum", "mean",
    "cumsum", "trace", "clone", "alias", "_to_copy", "view", "_unsafe_view", "unsqueeze",
    "squeeze", "t", "transpose", "permute", "expand", "repeat", "flip", "roll", "rot90",
    "constant_pad_nd", "pixel_shuffle", "pixel_unshuffle", "tril", "triu", "diagonal", "unfold",
    "select", "slice", "index", "index_select", "masked_select", "gather", "take",
    "scatter", "scatter_add", "select_scatter", "slice_scatter", "cat", "stack", "split",
    "split_with_sizes", "unsafe_split", "unbind", "where", "masked_fill", "index_add", "index_copy",
    "index_fill.int_Tensor", "index_fill", "index_put", "_unsafe_index_put", "put",
    "masked_fill.Tensor", "masked_scatter", "diagonal_scatter", "diag_embed", "as_strided", "fill",
    "zero", "reflection_pad1d", "reflection_pad2d", "reflection_pad3d", "replication_pad1d",
    "replication_pad2d", "replication_pad3d", "copy", "narrow_copy", "block_diag",
    "channel_shuffle", "im2col", "col2im", "lu_unpack", "unsafe_split_with_sizes",
    "_unsafe_masked_index", "_unsafe_masked_index_put_accumulate", "select_backward",
    "slice_backward", "diagonal_backward", "unfold_backward", "_linalg_slogdet",
    "linalg_cholesky_ex", "cholesky", "cholesky_inverse", "cholesky_solve", "_linalg_eigh",
    "linalg_eig", "_linalg_svd", "linalg_qr", "linalg_lu_solve", "linalg_pinv", "linalg_lstsq",
    "reflection_pad1d_backward", "reflection_pad2d_backward", "reflection_pad3d_backward",
    "replication_pad1d_backward", "replication_pad2d_backward", "replication_pad3d_backward",
    "uniform", "renorm", "linalg_householder_product", "ormqr", "as_strided_scatter",
})  # fmt: skip
"""Operations whose texts hold for complex operands as they stand, most being linear."""

NONE: frozenset[str] = frozenset()


def serves_complex(name: str) -> bool:
    """Tell whether the row of this name holds for complex operands."""
    return name in HOLOMORPHIC or name in AS_WRITTEN


def is_holomorphic(name: str) -> bool:
    """Tell whether the texts of an operation, in place or not, are conjugated."""
    return name in HOLOMORPHIC or name.removesuffix("_") in HOLOMORPHIC


def has_complex(operation: Operation) -> bool:
    """Tell whether an operation takes or gives complex tensors."""
    refs = (*operation.operand_refs(), *flat_refs(operation.results))
    return any(ref.tensor.is_complex() for ref in refs)


def complex_names(operation: Operation) -> frozenset[str]:
    """Return the names in a rule's scope that stand for complex tensors or numbers."""
    return frozenset(name for name, item in bind(operation).items() if _is_complex(item))


def unconjugated(text: str, operation: Operation) -> str:
    """Return a forward or tangent text for one call, without `conj` and `real` of real numbers."""
    return text if has_complex(operation) else for_call("", text, NONE)


def for_call(name: str, text: str, complex_ones: frozenset[str]) -> str:
    """Return a row's text as it holds for one call, in which some names are complex.

    Where none is, `conj(x)` and `real(x)` are x. Where some are, a holomorphic local partial is
    conjugated as a whole, a whole contribution in its operands.
    """
    if not complex_ones:
        return _for_reals(text) if "conj(" in text or "real(" in text else text
    return _conjugated(text, complex_ones) if name in HOLOMORPHIC else text


@cache
def _for_reals(text: str) -> str:
    return ast.unparse(_Plain().visit(ast.parse(text, mode="eval").body))


@cache
def _conjugated(text: str, complex_ones: frozenset[str]) -> str:
    used = names(text)
    if not used & complex_ones:
        return text
    tree = ast.parse(text, mode="eval").body
    if used & ADJOINTS:
        return ast.unparse(_Operands(complex_ones).visit(tree))
    return ast.unparse(_outside(tree, complex_ones))


def _outside(tree: ast.expr, complex_ones: frozenset[str]) -> ast.expr:
    """Conjugate a local partial, each branch of a choice for itself."""
    match tree:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return ast.IfExp(test, _outside(body, complex_ones), _outside(orelse, complex_ones))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return ast.UnaryOp(ast.USub(), _outside(operand, complex_ones))
    return _conj(tree) if names(ast.unparse(tree)) & complex_ones else tree


class _Operands(ast.NodeTransformer):
    """Conjugate the complex operands of a whole contribution, but not in its conditions."""

    def __init__(self, complex_ones: Collection[str]) -> None:
        self._complex = complex_ones

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return _conj(node) if node.id in self._complex else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return ast.Call(node.func, [self.visit(a) for a in node.args], node.keywords)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        return ast.IfExp(node.test, self.visit(node.body), self.visit(node.orelse))


class _Plain(ast.NodeTransformer):
    """Leave out what changes nothing of real operands.

    That is conj(x), real(x), … & (imag(x) == 0), and … ± imag(x).
    """

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in ("conj", "real"):
            return node.args[0]
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        drops = isinstance(node.op, (ast.BitAnd, ast.Add, ast.Sub))
        if drops and "imag(" in ast.unparse(node.right):
            return node.left
        return node


def _conj(tree: ast.expr) -> ast.expr:
    return ast.Call(ast.Name("conj", ast.Load()), [tree], [])


def _is_complex(item: Any) -> bool:
    if isinstance(item, Tensor):
        return item.is_complex()
    if isinstance(item, (list, tuple)):
        return any(map(_is_complex, item))
    return isinstance(item, complex)
