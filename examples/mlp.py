"""A network with cross-entropy
============================

Three layers, every adjoint by our own rules, checked. Run it, or step through it::

    graphstep step examples/mlp.py:loss "x=randn(5,4)"
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

import graphstep as gs

torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3))
labels = torch.tensor([0, 2, 1, 1, 0])


def loss(x: Tensor) -> Tensor:
    """Return the mean cross-entropy of five samples."""
    scores = net(x)
    return F.cross_entropy(scores, labels)


if __name__ == "__main__":
    trace = gs.trace(loss, torch.randn(5, 4))
    report = trace.check()
    print(report.text())
    assert report.by_torch == ()
