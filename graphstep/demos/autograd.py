"""Reverse mode by hand, tensors, and what torch's autograd does with them."""

from __future__ import annotations

from graphstep.demos.demo import Demo, Group

_QUOTIENT = "10/(1 + exp(3*a + a*b))"
_SURVEY = "log(x1) + x1*x2 - sin(x2)"

REVERSE = Group(
    "Forward and reverse mode",
    (
        Demo(
            "reverse",
            "Reverse mode, five pages",
            "3*a + a*b",
            ("a=10", "b=20"),
            "The lecture's page prints v_3 = 220; 30 + 200 is 230.",
        ),
        Demo(
            "forward",
            "Forward mode: Baydin et al. 2018, Table 2",
            _SURVEY,
            ("x1=2", "x2=5"),
            "Each v is replaced by the pair of v and its tangent; the tangent of y is 5.5.",
            views=("tangent",),
            order="level",
        ),
        Demo(
            "survey",
            "Reverse mode: Baydin et al. 2018, Table 3",
            _SURVEY,
            ("x1=2", "x2=5"),
            "One contribution a row, as the table has it.",
            order="level",
            grain="contribution",
        ),
    ),
)

TENSORS = Group(
    "Tensors",
    (
        Demo(
            "tensors",
            "From a scalar to three dimensions, with the card of each",
            "s*sum(m @ v) + mean(t)",
            ("s=2:int64", "v=[2.1, 7.5, 3]", "m=[[1, 2, 3], [4, 5, 6]]", "t=ones(3,2,4)"),
            "Only floating and complex tensors may require grad: s is of whole numbers, and is a "
            "constant here. In the app, Enter opens the card of the current value.",
            views=("cards",),
        ),
        Demo(
            "dtypes",
            "A cast: float32 to float64 and on",
            "y = x.double(); z = y*exp(y); z.float()",
            ("x=[0.5, 1]",),
            "A cast passes the adjoint on, in the dtype of its operand.",
            views=("cards",),
        ),
        Demo(
            "linspace",
            "exp of linspace(0, 10, 100)",
            "exp(x)",
            ("x=linspace(0,10,100)",),
            "One operation on a hundred entries is one value; its card shows the first entries.",
            views=("cards", "curve"),
        ),
    ),
)

AUTOGRAD = Group(
    "Autograd",
    (
        Demo(
            "quotient",
            "The second autograd example",
            _QUOTIENT,
            ("a=1", "b=2"),
            "The gradients are -0.3324 and -0.0665.",
        ),
        Demo(
            "release",
            "A backward releases the tree; the second one fails",
            _QUOTIENT,
            ("a=1", "b=2"),
            "In the app, b runs another backward.",
            views=("release",),
        ),
        Demo(
            "accumulation",
            "With retain_graph=True gradients accumulate",
            _QUOTIENT,
            ("a=1", "b=2"),
            "Twice -0.3324 and -0.0665. In the app, R retains the graph and b runs a backward.",
            views=("accumulation",),
        ),
        Demo(
            "tangents",
            "exp and its tangents, from one backward with ones",
            "exp(x)",
            ("x=[1, 3, 5, 7, 9]",),
            "Every entry depends on its own x alone, so that one sweep, seeded with ones, gives "
            "all five slopes.",
            views=("tangents",),
        ),
    ),
)
