"""Programs against torch itself, their places, and what torch refuses."""

from __future__ import annotations

import threading

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from graphstep.expression import parse, run
from graphstep.expression.catalogue import FUNCTIONS, METHODS
from graphstep.expression.evaluate import HOMES
from graphstep.recording.place import Place

X = torch.tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0]])
Y = torch.tensor([[2.0, 0.25, 1.0], [3.0, -4.0, 2.0]])
W = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
A, B = torch.tensor(10.0), torch.tensor(20.0)
VALUES = {"x": X, "y": Y, "w": W, "a": A, "b": B, "i": torch.tensor([1, 0])}
F = torch.nn.functional


def given(text: str) -> dict[str, torch.Tensor | float]:
    return {name: VALUES[name] for name in parse(text).names}


def places(text: str) -> list[str]:
    found: list[Place | None] = []
    run(parse(text), given(text), found.append)
    assert found.pop() is None
    lines = text.split("\n")
    shown = []
    for place in found:
        assert place is not None
        assert place.line == place.end_line
        shown.append(lines[place.line - 1][place.column : place.end_column])
    return shown


class Operations(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # no types in torch
        self.names: list[str] = []

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]  # as torch has it
        self.names.append(str(func))
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3*a + a*b", 3 * A + A * B),
        ("z = a*b; 3*a + z", 3 * A + A * B),
        ("z = a*b\nz = z + 1\nw = -z", -(A * B + 1)),
        ("2**3*a - a**-1 + a//3 + 7 % a", 8 * A - A**-1 + A // 3 + 7 % A),
        ("pi*a", torch.pi * A),
        ("exp(1)", torch.tensor(1.0).exp()),
        ("1/4", torch.tensor(0.25)),
        ("x @ w", X @ W),
        ("x.T @ y.mT.T", X.T @ Y),
        ("softmax(x, dim=1)", X.softmax(1)),
        ("x.sum(dim=(0, 1), keepdim=True)", X.sum(dim=(0, 1), keepdim=True)),
        (
            "x[0] + x[-1, 1:].sum() + x[..., None][:, 0]",
            X[0] + X[-1, 1:].sum() + X[..., None][:, 0],
        ),
        ("x[i]", X[[1, 0]]),
        ("x[:, [0, 2]]", X[:, [0, 2]]),
        ("cat([x, y], dim=1)", torch.cat([X, Y], dim=1)),
        (
            "stack((x, [[1, 2, 3], [4, 5, 6.5]]))",
            torch.stack([X, torch.tensor([[1, 2, 3], [4, 5, 6.5]])]),
        ),
        ("stack(unbind(x, 1))", X.T),
        ("where((x > 0) & ~(y <= 1), x, -y)", torch.where((X > 0) & ~(Y <= 1), X, -Y)),
        ("where(a == 10, 1.5, 0)", torch.tensor(1.5)),
        ("max(x, dim=1).values", X.max(dim=1).values),
        ("sort(x)[1]", X.sort().indices),
        ("max(x, y)", torch.maximum(X, Y)),
        ("cross_entropy(x, [0, 2])", F.cross_entropy(X, torch.tensor([0, 2]))),
        ("mse_loss(x, y, reduction='sum')", F.mse_loss(X, Y, reduction="sum")),
        ("einsum('ij,jk->ik', x, w)", X @ W),
        ("x.reshape(2*3, -1).expand(6, 2)", X.reshape(6, 1).expand(6, 2)),
        (
            "layer_norm(x, (3,), weight=[1., 2., 3.])",
            F.layer_norm(X, (3,), torch.tensor([1.0, 2, 3])),
        ),
        ("clamp(x, min=-1, max=inf)", X.clamp(min=-1)),
        ("gelu(x, approximate='tanh')", F.gelu(X, approximate="tanh")),
        ("linspace(0, 1, 5) + zeros(5)", torch.linspace(0, 1, 5)),
        ("-0.0*a", torch.tensor(-0.0)),
    ],
)
def test_same_as_torch(text: str, expected: torch.Tensor) -> None:
    result = run(parse(text), given(text))
    torch.testing.assert_close(result, expected, rtol=0, atol=0, equal_nan=True)
    assert torch.equal(torch.signbit(result.float()), torch.signbit(expected.float()))


def test_python_operators_are_torch_operations() -> None:
    a, b = A.clone().requires_grad_(), B.clone().requires_grad_()
    with Operations() as seen:
        run(parse("3*a + a*b"), {"a": a, "b": b})
    assert seen.names == ["aten.mul.Tensor", "aten.mul.Tensor", "aten.add.Tensor"]


def test_places_are_the_exact_sub_expressions() -> None:
    assert places("3*a + a*b") == ["3*a", "a*b", "3*a + a*b"]
    assert places("z = a*b\n  3*a + sin(z).exp()") == [
        "a*b",
        "3*a",
        "sin(z)",
        "sin(z).exp()",
        "3*a + sin(z).exp()",
    ]
    assert places("(a + b)*x[0]") == ["a + b", "x[0]", "(a + b)*x[0]"]


def test_columns_count_characters_not_bytes() -> None:
    found: list[Place | None] = []
    run(parse("é*µ + α"), {"é": A, "μ": B, "α": A}, found.append)
    assert found[0] == Place("<expression>", 1, 0, 1, 3)
    assert found[1] == Place("<expression>", 1, 0, 1, 7)


def test_an_operation_over_two_lines() -> None:
    found: list[Place | None] = []
    run(parse("(a +\n b)"), {"a": A, "b": B}, found.append)
    assert found == [Place("<expression>", 1, 1, 2, 2), None]


def test_5000_terms_run_also_in_a_thread_with_a_small_stack() -> None:
    text = "+".join(["a"] * 5_000)
    results: list[float] = []
    size = threading.stack_size(512 * 1024)
    try:
        thread = threading.Thread(
            target=lambda: results.append(run(parse(text), {"a": torch.tensor(1.0)}).item())
        )
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
    assert results == [5000.0]


def test_numbers_as_values_stay_numbers_and_user_names_come_first() -> None:
    assert run(parse("a**2 + pi"), {"a": 3, "pi": 1.0}).item() == 10.0
    assert run(parse("[0.1, 0.2]*a"), {"a": A.double()}).tolist() == [1.0, 2.0]


def test_the_catalogue_names_what_torch_has() -> None:
    for entry in [*FUNCTIONS.values(), *METHODS.values()]:
        assert callable(getattr(HOMES[entry.home], entry.name)), entry
        assert not entry.name.endswith("_"), entry
        assert "inplace" not in entry.keywords, entry
        assert "out" not in entry.keywords, entry


@pytest.mark.parametrize(
    "name", [one.name for one in FUNCTIONS.values() if one.signature == "t" and not one.keywords]
)
def test_functions_of_one_tensor_run(name: str) -> None:
    square = torch.tensor([[0.5, 0.25], [0.125, 0.75]])
    entry = FUNCTIONS[name]
    result = getattr(HOMES[entry.home], name)(square)
    if isinstance(result, torch.Tensor):
        again = run(parse(f"{name}(x)"), {"x": square})
        torch.testing.assert_close(again, result, rtol=0, atol=0, equal_nan=True)


def test_the_global_generator_is_left_alone() -> None:
    before = torch.random.get_rng_state()
    run(parse("softmax(x*2, dim=1).sum()"), {"x": X})
    assert torch.equal(before, torch.random.get_rng_state())
