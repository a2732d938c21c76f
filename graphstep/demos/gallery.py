"""The examples that the field knows, with their authors' numbers."""

from __future__ import annotations

from graphstep.demos.demo import Demo, Group

_MAP = "l1 = x; l2 = 4*l1*(1 - l1); l3 = 4*l2*(1 - l2); l4 = 4*l3*(1 - l3); l4"
_CHAIN = "; ".join(f"h{k} = sigmoid(h{k - 1})" for k in range(1, 9))
_MAZUR = ("w=[[.15, .2], [.25, .3]]", "v=[[.4, .45], [.5, .55]]")

GALLERY = Group(
    "The field's examples",
    (
        Demo(
            "circuit",
            "CS231n: (x + y)z",
            "q = x + y; q*z",
            ("x=-2", "y=5", "z=-4"),
            "The gradients are -4, -4 and 3.",
        ),
        Demo(
            "neuron",
            "CS231n: a neuron with a sigmoid",
            "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
            ("w0=2", "x0=-1", "w1=-3", "x1=-2", "w2=-3"),
            "Gradients: w0 -0.1966, x0 0.3932, w1 -0.3932, x1 -0.5898, w2 0.1966.",
        ),
        Demo(
            "micrograd",
            "micrograd: the expression of its README",
            "graphstep.demos.networks:micrograd",
            ("a=-4", "b=2"),
            "g = 24.7041, with gradients 138.8338 and 645.5773.",
            dtype="float64",
        ),
        Demo(
            "mazur",
            "Mazur: a 2-2-2 network and its squared error",
            "graphstep.demos.networks:mazur",
            _MAZUR,
            "The loss is 0.298371109 and dE/dw5 = 0.082167041, the first entry of v's gradient.",
            dtype="float64",
        ),
        Demo(
            "map",
            "The truncated logistic map: Baydin et al. 2018, Table 1",
            _MAP,
            ("x=0.2",),
            "The written-out derivative swells; the graph has three operations more an iteration. "
            "f(0.2) = 0.28901376 and f′(0.2) = 9.0660864.",
            dtype="float64",
        ),
        Demo(
            "trap",
            "where and sqrt: a NaN from a branch not taken",
            "where(x > 0, sqrt(x), 0)",
            ("x=[0, 4]",),
            "The branch not taken gets the adjoint 0, and 0 times the infinite slope of sqrt at 0 "
            "is NaN. Demo `safe` has the way out.",
        ),
        Demo(
            "safe",
            "where and sqrt: the argument made safe first",
            "s = where(x > 0, x, 1); where(x > 0, sqrt(s), 0)",
            ("x=[0, 4]",),
            "sqrt never sees the 0: the gradient is [0, 0.25].",
        ),
        Demo(
            "vanishing",
            "Eight sigmoids in a row: a gradient vanishes",
            _CHAIN,
            ("h0=0",),
            "s′ is at most 1/4, so eight of them leave less than 1/65536 of the adjoint.",
        ),
        Demo(
            "dead",
            "A dead ReLU: an adjoint that was computed, and is 0",
            "z = w*x + b; h = relu(z); (h - 1)**2",
            ("w=-1", "x=2", "b=-1"),
            "z = -3 is below 0 and relu passes nothing: w and b get 0 and never change again.",
        ),
    ),
)
