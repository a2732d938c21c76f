"""The lecture's losses, each with its graph."""

from __future__ import annotations

from graphstep.demos.demo import Demo, Group

LOSSES = Group(
    "Losses",
    (
        Demo(
            "mse",
            "Mean squared error",
            "mean((p - [3, -0.5, 2, 7])**2)",
            ("p=[2.5, 0, 2, 8]",),
            "1.5/4 = 0.375. The lecture's page divides by n a sum from i = 0 to n, which has n + 1 "
            "terms; a mean of n terms runs from 1 to n.",
        ),
        Demo(
            "rmse",
            "Root mean squared error",
            "sqrt(mean((p - [3, -0.5, 2, 7])**2))",
            ("p=[2.5, 0, 2, 8]",),
            "The same minimum, and another gradient: that of mse divided by 2 rmse.",
        ),
        Demo(
            "binary",
            "Binary cross-entropy",
            "y = [1, 0, 1]; -mean(y*log(p) + (1 - y)*log(1 - p))",
            ("p=[0.9, 0.2, 0.6]",),
            "(0.1054 + 0.2231 + 0.5108)/3 = 0.2798: each sample pays for the probability that it "
            "gave to what was so.",
        ),
        Demo(
            "categorical",
            "Categorical cross-entropy with a one-hot label",
            "y = [0, 0, 1]; -sum(y*log(p))",
            ("p=[0.1, 0.2, 0.7]",),
            "Of cat, dog, bird: a bird. The lecture's page gives log 0.7 = -0.36, without the "
            "minus in front: the loss is +0.357. Only the true class gets a gradient, -1/0.7.",
        ),
        Demo(
            "scores",
            "Cross-entropy of scores: softmax first",
            "y = [0, 0, 1]; p = softmax(z, 0); -sum(y*log(p))",
            ("z=[1, 2, 3]",),
            "The gradient is p - y: [0.0900, 0.2447, -0.3348].",
        ),
    ),
)
