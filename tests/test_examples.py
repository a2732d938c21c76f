"""Every example runs as it stands, is short, prints its page's numbers, and has a title."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

EXAMPLES = sorted(Path(__file__).parent.parent.joinpath("examples").glob("*.py"))

PRINTED = {
    "autograd": ["= -0.6648", "= -0.133", "RuntimeError: Trying to backward", "v_4 (exp)"],
    "derivatives": ["x**2 * sin(x)      3.1516   by the law    3.1516"],
    "digits": ["operands of up to 1 cancel to 4.77e-07", "sums to", "tensor(0.5000)"],
    "exploding": ["v_1: max |v̄| = 100000", "input: 1.5e-04", "dead: v_-2 v_-1 v_0 v_1 v_2"],
    "gradient": ["tensor(2.) tensor(-3.)", "∂f/∂x1 = 0.2350·(-3) = -0.7050"],
    "jacobian": ["tensor([0.5403, 0.0000])", "tensor([2.0000, 0.5403, 0.0000])"],
    "lecture": ["v₃ = v₁ + v₂ = 30 + 200 = 230", "= 1·20 + 1·3 = 23"],
    "logistic_map": ["n = 4:  9 operations, l = 0.28901376, slope 9.0660864"],
    "losses": ["mse          0.3750", "rmse         0.6124", "binary       0.2798", "0.3567"],
    "mazur": ["dE/dw5 = 0.08216704056", "0.35891647972", "0.14978071613"],
    "micrograd": ["138.8338", "645.5773"],
    "mlp": ["0 by torch's own node"],
    "neuron": ["'x': '-4', 'y': '-4', 'z': '3'", "output 0.7311", "w1: -0.3932"],
    "sigmoid": ["v̄₀ = v̄₁·∂v₁/∂v₀ = v̄₁·v₁·(1 − v₁) = 1·0.235 = 0.235", "= 0.2350"],
    "survey": ["v_5      11.652     5.500", "−0.2837 + 1·2 = 1.7163"],
    "tangents": ["x = 9: slope   8103.08"],
    "tensors": [
        "dim 3  shape [3, 2, 4]  torch.float32  requires_grad=True",
        "no grad: only Tensors",
    ],
    "trap": ["tensor([   nan, 0.2500])", "a zero adjoint times an infinite", "[0.0000, 0.2500]"],
    "universal": ["loss 0.7575 before, 0.003"],
    "vanishing": ["h0: adjoint 7.675e-06", "w: value -1, adjoint 0", "sigmoid  1 → 0.2247"],
}


def test_there_are_examples() -> None:
    assert set(PRINTED) <= {path.stem for path in EXAMPLES}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= 60
    # The gallery takes the page's title from here.
    title, line, *_ = text.removeprefix('"""').splitlines()
    assert text.startswith('"""')
    assert line == "=" * len(title)
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(path), run_name="__main__")
    out = capsys.readouterr().out
    assert out
    for piece in PRINTED.get(path.stem, ()):
        assert piece in out
