"""How many elements an operation will give, reckoned before it allocates them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeGuard

import torch

from graphstep.expression.limits import MAX_ELEMENTS

Shape = Sequence[int]


def check_size(elements: float) -> None:
    """Raise ValueError where a result would have more than MAX_ELEMENTS elements."""
    if elements > MAX_ELEMENTS:
        shown = f"{elements:.0f}" if math.isfinite(elements) else "too many"
        raise ValueError(f"the result would have {shown} elements; at most {MAX_ELEMENTS} fit")


def expected_elements(
    size: str, arguments: Sequence[object], keywords: Mapping[str, object]
) -> float:
    """Return an upper bound of the elements of a result; `size` is the catalogue's word.

    What torch will refuse anyway counts as 0.
    """
    if "padding" in keywords:
        arguments = [*arguments[:2], None, None, keywords["padding"]]
    bound = BOUNDS.get(size)
    if bound is None:
        return 0
    try:
        return bound(arguments)
    except (IndexError, TypeError, ValueError):
        return 0


def shapes(arguments: Sequence[object]) -> list[Shape]:
    """Return the shapes of the tensors among arguments, lists of tensors included."""
    found: list[Shape] = []
    for one in arguments:
        if isinstance(one, torch.Tensor):
            found.append(one.shape)
        elif isinstance(one, list | tuple):
            found.extend(item.shape for item in one if isinstance(item, torch.Tensor))
    return found


def broadcast(arguments: Sequence[object]) -> float:
    """Return the elements of the operands' broadcast shape."""
    sizes: list[int] = []
    for shape in shapes(arguments):
        for place, extent in enumerate(reversed(shape)):
            if place == len(sizes):
                sizes.append(extent)
            elif sizes[place] == 1:
                sizes[place] = extent
    return math.prod(sizes)


def matmul(arguments: Sequence[object]) -> float:
    """Return the elements of a matrix product, batched or not."""
    left, right = shapes(arguments)[:2]
    rows = left[-2] if len(left) > 1 else 1
    columns = right[-1] if len(right) > 1 else 1
    return rows * columns * batch_elements(left[:-2], right[:-2])


def batch_elements(left: Shape, right: Shape) -> float:
    """Return the elements of two broadcast batch shapes."""
    total = 1
    for place in range(max(len(left), len(right))):
        one = left[-1 - place] if place < len(left) else 1
        other = right[-1 - place] if place < len(right) else 1
        total *= max(one, other)
    return total


def counted(arguments: Sequence[object]) -> float:
    """Return the product of the positive integers among arguments, nested ones included."""
    total = 1.0
    for one in arguments:
        if isinstance(one, list | tuple):
            total *= counted(one)
        elif is_count(one):
            total *= max(one, 0) if one != -1 else 1
    return total


def is_count(value: object) -> TypeGuard[int]:
    """Return whether value is an integer and no truth value."""
    return isinstance(value, int) and not isinstance(value, bool)


def first_elements(arguments: Sequence[object]) -> float:
    """Return the elements of the first operand."""
    return math.prod(shapes(arguments)[0])


def expand(arguments: Sequence[object]) -> float:
    """Bound x.expand(sizes): -1 keeps a size."""
    kept = math.prod(size for size in shapes(arguments)[0] if size > 1)
    return counted(arguments[1:]) * (kept if has_minus_one(arguments[1:]) else 1)


def has_minus_one(sizes: Sequence[object]) -> bool:
    """Return whether -1 is among sizes, nested ones included."""
    return any(has_minus_one(one) if isinstance(one, list | tuple) else one == -1 for one in sizes)


def diag(arguments: Sequence[object]) -> float:
    """Bound a diagonal matrix: a vector becomes a square."""
    shape = shapes(arguments)[0]
    offset = arguments[1] if len(arguments) > 1 and is_count(arguments[1]) else 0
    return (shape[0] + abs(offset)) ** 2 if len(shape) == 1 else 0


def einsum(arguments: Sequence[object]) -> float:
    """Return the elements of the output that an equation names."""
    equation = str(arguments[0]).replace(" ", "")
    inputs, _, output = equation.partition("->")
    extents: dict[str, int] = {}
    for letters, shape in zip(inputs.split(","), shapes(arguments), strict=False):
        if "." in letters:
            return math.prod(math.prod(one) for one in shapes(arguments))
        for letter, extent in zip(letters, shape, strict=False):
            extents[letter] = max(extent, extents.get(letter, 1))
    if "->" not in equation:
        output = "".join(one for one in extents if inputs.count(one) == 1)
    return math.prod(extents.get(letter, 1) for letter in output)


def square(arguments: Sequence[object]) -> float:
    """Bound eye(n) and eye(n, m)."""
    return counted(arguments) if len(arguments) > 1 else counted(arguments) ** 2


def arange(arguments: Sequence[object]) -> float:
    """Return the elements of a range given by its end; start and end; or start, end and step."""
    numbers = [float(one) for one in arguments if isinstance(one, int | float)]
    start, end, step = {1: [0.0, *numbers, 1.0], 2: [*numbers, 1.0]}.get(len(numbers), numbers)
    return abs((end - start) / step) if step else 0


def convolved(arguments: Sequence[object]) -> float:
    """Bound a convolution: every padded position, for every output channel."""
    image, kernel = shapes(arguments)[:2]
    spatial = len(kernel) - 2
    padding = arguments[4] if len(arguments) > 4 else 0
    widths = padding if isinstance(padding, tuple) else (padding,) * spatial
    extents = [
        extent + 2 * (width if is_count(width) else 0)
        for extent, width in zip(image[-spatial:], widths, strict=False)
    ]
    return math.prod(image[: -spatial - 1]) * kernel[0] * math.prod(extents)


def linear(arguments: Sequence[object]) -> float:
    """Return the elements of x @ w.T."""
    left, right = shapes(arguments)[:2]
    return math.prod(left[:-1]) * (right[0] if len(right) > 1 else 1)


def attention(arguments: Sequence[object]) -> float:
    """Bound the scores of an attention, the largest tensor that it makes."""
    query, key, _ = shapes(arguments)[:3]
    return batch_elements(query[:-2], key[:-2]) * query[-2] * key[-2]


def gathered(arguments: Sequence[object]) -> float:
    """Return the elements of index_select(x, dim, indices)."""
    source, chosen = shapes(arguments)[:2]
    dim = arguments[1]
    return math.prod(source) / max(source[dim], 1) * math.prod(chosen) if is_count(dim) else 0


def embedding(arguments: Sequence[object]) -> float:
    """Return the elements of the rows that indices pick from a weight."""
    chosen, weight = shapes(arguments)[:2]
    return math.prod(chosen) * weight[-1]


def indexed(shape: Shape, indices: Sequence[object]) -> float:
    """Bound the elements of x[indices]: integers drop a size, tensors put theirs."""
    total, place, chosen = 1.0, 0, 0.0
    for position, one in enumerate(indices):
        if one is None:
            continue
        if one is ...:
            behind = sum(1 for later in indices[position + 1 :] if later is not None)
            total *= math.prod(shape[place : len(shape) - behind])
            place = len(shape) - behind
            continue
        if isinstance(one, torch.Tensor):
            chosen = max(chosen, one.numel()) if chosen else float(one.numel())
        elif isinstance(one, slice) and place < len(shape):
            total *= shape[place]
        place += 1
    return total * math.prod(shape[place:]) * (chosen or 1)


BOUNDS: dict[str, Callable[[Sequence[object]], float]] = {
    "broadcast": broadcast,
    "matmul": matmul,
    "outer": lambda arguments: math.prod(math.prod(shape) for shape in shapes(arguments)),
    "addmm": lambda arguments: matmul(arguments[1:]),
    "einsum": einsum,
    "diag": diag,
    "expand": expand,
    "repeat": lambda arguments: first_elements(arguments) * counted(arguments[1:]),
    "joined": lambda arguments: sum(math.prod(shape) for shape in shapes(arguments)),
    "created": lambda arguments: (
        counted(arguments[:1]) if isinstance(arguments[0], tuple) else counted(arguments)
    ),
    "square": square,
    "range": arange,
    "points": lambda arguments: counted(arguments[2:]),
    "linear": linear,
    "convolved": convolved,
    "attention": attention,
    "gathered": gathered,
    "embedding": embedding,
}
"""The catalogue's words for sizes; every other word means no larger than the operands."""
