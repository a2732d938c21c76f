"""Derivative rules, the chain rule, gradients and Jacobians."""

from __future__ import annotations

from graphstep.demos.demo import Demo, Group

RULES = Group(
    "Derivatives and the chain rule",
    (
        Demo(
            "usual",
            "The usual functions: 3x, x⁴, eˣ, sin x, cos x, ln x",
            "stack([3*x, x**4, exp(x), sin(x), cos(x), log(x)])",
            ("x=2",),
            "Each arrow that leaves x has one derivative: 3, 4x³, eˣ, cos x, -sin x, 1/x. One "
            "forward sweep gives all six.",
            views=("jacobian",),
        ),
        Demo(
            "sum",
            "The rule of sums: (f + g)′ = f′ + g′",
            "f = x**2; g = sin(x); f + g",
            ("x=2",),
            "2x + cos x = 3.5839: x is used twice, and its adjoint has two terms.",
        ),
        Demo(
            "product",
            "The rule of products: (fg)′ = f′g + fg′",
            "f = x**2; g = sin(x); f*g",
            ("x=2",),
            "The adjoint of f is g, that of g is f; so 2x·sin x + x²·cos x = 1.9726.",
        ),
        Demo(
            "composition",
            "The chain rule, applied recursively",
            "log(sin(x**2))",
            ("x=1",),
            "One factor an arrow: (1/sin x²)·(cos x²)·(2x) = 1.2842.",
        ),
        Demo(
            "sigmoid",
            "The sigmoid from its four parts",
            "n = -x; z = exp(n); w = 1 + z; s = reciprocal(w)",
            ("x=0.5",),
            "The factors are -s², 1, z and -1. Their product s²z is s(1 - s), as z = 1/s - 1; "
            "here 0.235.",
        ),
        Demo(
            "fused",
            "The sigmoid as one operation",
            "sigmoid(x)",
            ("x=0.5",),
            "The same gradient 0.235 in one step, whose rule is v(1 - v).",
        ),
    ),
)

JACOBIANS = Group(
    "Gradient and Jacobian",
    (
        Demo(
            "linear",
            "A gradient: a·x0 + b·x1 has [a b]",
            "a*x0 + b*x1",
            ("a=2:int64", "b=3:int64", "x0=5", "x1=7"),
            "a and b are whole numbers, which carry no gradient; x0 gets a = 2, x1 gets b = 3.",
            views=("jacobian",),
        ),
        Demo(
            "logistic",
            "A gradient through the sigmoid: s′(z)·[a b]",
            "z = a*x0 + b*x1; sigmoid(z)",
            ("a=2:int64", "b=-3:int64", "x0=1", "x1=0.5"),
            "z = 0.5, so s′(z) = 0.235, and the gradient is 0.235·[2 -3] = [0.47 -0.705].",
            views=("jacobian",),
        ),
        Demo(
            "jacobian",
            "Three outputs of two inputs: forward mode takes fewer sweeps",
            "stack([x0*x1, sin(x0), x1**2])",
            ("x0=1", "x1=2"),
            "Reverse mode gives a row a sweep, the gradient of one output; forward mode a column.",
            views=("jacobian",),
        ),
        Demo(
            "wide",
            "Two outputs of four inputs: reverse mode takes fewer sweeps",
            "stack([sum(x**2), prod(x)])",
            ("x=[1, 2, 3, 4]",),
            "A loss has one output and very many inputs, so learning uses reverse mode.",
            views=("jacobian",),
        ),
    ),
)
