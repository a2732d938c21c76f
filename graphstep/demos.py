"""The lecture's examples by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Demo:
    """Name one example: the source and values to run, and what to look for."""

    name: str
    title: str
    source: str
    values: tuple[str, ...]
    note: str = ""


_ALL = (
    Demo(
        "reverse",
        "Reverse mode, five pages",
        "3*a + a*b",
        ("a=10", "b=20"),
        "The lecture's page prints v_3 = 220; 30 + 200 is 230.",
    ),
    Demo(
        "quotient",
        "The second autograd example",
        "10/(1 + exp(3*a + a*b))",
        ("a=1", "b=2"),
        "The gradients are -0.3324 and -0.0665.",
    ),
    Demo(
        "survey",
        "Baydin et al. 2018, Tables 2 and 3",
        "log(x1) + x1*x2 - sin(x2)",
        ("x1=2", "x2=5"),
        "With --order level and --grain contribution this is Table 3, row by row.",
    ),
    Demo(
        "sigmoid",
        "The sigmoid from its four parts",
        "z = exp(-x); w = 1 + z; 1/w",
        ("x=0.5",),
        "The gradient is s(x)(1 - s(x)) = 0.235.",
    ),
    Demo(
        "tangents",
        "Slopes of exp from one backward with ones",
        "exp(x)",
        ("x=[1,3,5,7,9]",),
        "Seeded with ones, the gradient holds all five slopes.",
    ),
    Demo(
        "neuron",
        "CS231n: a neuron with a sigmoid",
        "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))",
        ("w0=2", "x0=-1", "w1=-3", "x1=-2", "w2=-3"),
        "Gradients: w0 -0.1966, x0 0.3932, w1 -0.3932, x1 -0.5898, w2 0.1966.",
    ),
)

DEMOS: Mapping[str, Demo] = {demo.name: demo for demo in _ALL}
