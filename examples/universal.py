"""A network as universal approximator
===================================

Two layers with a tanh between them learn sin(3x) from 33 points of it, by gradient descent over all
of their parameters. Step through the tenth training step, with its ``.grad``, in the terminal::

    graphstep descend graphstep.demos.networks:Fit "x=linspace(-1, 1, 33)" --momentum 0.9 --open 10
"""

from pathlib import Path

import torch
from torch import Tensor

import graphstep as gs
from graphstep.demos.networks import Fit
from graphstep.lab.landscape import losses
from graphstep.output.plot import Axis, Curve, Plot
from graphstep.output.plot_svg import plot_svg

torch.manual_seed(0)
fit = Fit()
points = torch.linspace(-1, 1, 33)
run = gs.descent(fit, x=points, lr=0.1, momentum=0.9, steps=400, tol=1e-3)
print(f"loss {run.iterates[0].value:.4f} before, {run.last.value:.5f} after: {run.message}")


def predicted(parameters: dict[str, Tensor]) -> tuple[tuple[float, float], ...]:
    """Return the points of the network with these parameters."""
    weights = {name.removeprefix("net."): value for name, value in parameters.items()}
    found = torch.func.functional_call(fit.net, weights, (points.reshape(-1, 1),))
    return tuple(zip(points.tolist(), found.reshape(-1).tolist(), strict=True))


learnt = Curve("sin(3x)", tuple(zip(points.tolist(), torch.sin(3 * points).tolist(), strict=True)))
before = Curve("before", predicted(dict(run.iterates[0].position)))
after = Curve("after", predicted(dict(run.last.position)), path=True)
fits = Plot("The fit", Axis("x", -1.05, 1.05), Axis("y", -1.4, 1.4), (learnt, before, after))
for name, plot in (("loss", losses([run])), ("fit", fits)):
    Path(f"{name}.svg").write_text(plot_svg(plot), encoding="utf-8")

# %%
# One training step is a graph like any other: here the tenth, each box coloured by its adjoint.

Path("step.svg").write_text(run.trace(10).svg(heat="adjoint"), encoding="utf-8")
