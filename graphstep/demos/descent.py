"""What gradients are for: the lecture's descents, and four ways to the gradient itself."""

from __future__ import annotations

from graphstep.demos.demo import Demo, Group

_QUARTIC = "x**4/4 - 8*x**3/3 + 19*x**2/2 - 12*x + 1"

WAYS = Group(
    "Four ways to a gradient",
    (
        Demo(
            "ways",
            "Numerical, symbolic, forward and reverse, and the swell of formulas",
            "64*x*(1-x)*(1-2*x)**2*(1-8*x+8*x*x)**2",
            ("x=0.2",),
            "Baydin et al. 2018, Table 1 and Figure 3: differences lose digits to round-off on the "
            "left and to truncation on the right, formulas swell, and AD does neither.",
            also=(("compare",),),
            dtype="float64",
        ),
    ),
)

DESCENT = Group(
    "Gradient descent",
    (
        Demo(
            "parabola",
            "Gradient descent, first code: (x - 5)² from 9",
            "(x - 5)**2",
            ("x=9",),
            "With a rate of 0.3, five iterations lead to where the slope is at most 0.1.",
            also=(("descend", "--lr", "0.3", "--tol", "0.1", "--steps", "20"),),
        ),
        Demo(
            "quartic",
            "Gradient descent, second code: two minima, from 0.2 and from 3.2",
            _QUARTIC,
            ("x=0.2",),
            "Minima at 1 and 4, a maximum at 3: where one starts says where one ends. The page "
            "looks at the slope after each move, and counts 92 iterations.",
            also=(
                ("descend", "--lr", "0.01", "--tol", "0.01", "--check", "after",
                 "--start", "x=3.2", "--steps", "300"),
            ),
        ),
        Demo(
            "momentum",
            "The same, faster: momentum against plain descent",
            _QUARTIC,
            ("x=0.2",),
            "The change made last is carried on: fewer iterations to the same minimum.",
            also=(("descend", "--lr", "0.01", "--tol", "0.01", "--momentum", "0.7"),),
        ),
        Demo(
            "adaptive",
            "The same, with a rate that grows while the slope keeps its sign",
            _QUARTIC,
            ("x=0.2",),
            "The rate grows while the gradient keeps its sign, and shrinks when it flips.",
            also=(("descend", "--lr", "0.01", "--tol", "0.01", "--schedule", "adaptive"),),
        ),
        Demo(
            "fit",
            "A network as universal approximator: twelve tanh units learn sin 3x",
            "graphstep.demos.networks:Fit",
            ("x=linspace(-1, 1, 33)",),
            "One training step is the trace above; a descent takes two hundred of them.",
            also=(
                ("descend", "--lr", "0.1", "--momentum", "0.9", "--tol", "0.001",
                 "--steps", "200"),
            ),
        ),
    ),
)  # fmt: skip
