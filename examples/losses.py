"""Losses
======

Mean squared error, its root, and cross-entropy: each loss, and what it sends back to a prediction.
"""

import graphstep as gs


def show(name: str, trace: gs.Trace, label: str) -> None:
    """Print a loss and its gradient."""
    gradient = trace.adjoint(label)
    assert gradient is not None
    loss = trace.value(trace.recorded.outputs[-1])
    entries = ", ".join(f"{entry:.4f}" for entry in gradient.tolist())
    print(f"{name:12} {loss:.4f}   gradient [{entries}]")
    assert trace.check().ok


p = [2.5, 0.0, 2.0, 8.0]
show("mse", gs.trace("mean((p - [3, -0.5, 2, 7])**2)", p=p), "p")
show("rmse", gs.trace("sqrt(mean((p - [3, -0.5, 2, 7])**2))", p=p), "p")

binary = "y = [1, 0, 1]; -mean(y*log(p) + (1 - y)*log(1 - p))"
show("binary", gs.trace(binary, p=[0.9, 0.2, 0.6]), "p")

# %%
# The label [0, 0, 1] against [0.1, 0.2, 0.7]: the lecture's page gives log 0.7 ≈ −0.36, without the
# minus in front of the sum. A loss is to become small, so it is +0.357.

trace = gs.trace("y = [0, 0, 1]; -sum(y*log(p))", p=[0.1, 0.2, 0.7])
show("categorical", trace, "p")

# %%
# Of scores, softmax first, the gradient is p − y.

scores = gs.trace("y = [0, 0, 1]; p = softmax(z, 0); -sum(y*log(p))", z=[1.0, 2.0, 3.0])
show("of scores", scores, "z")
