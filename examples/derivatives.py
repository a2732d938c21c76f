"""The derivatives of the usual functions
======================================

Each is an arrow that leaves x, and one forward sweep gives all of them. Sums, products and
compositions follow by the chain rule.
"""

import math

import graphstep as gs

LAW = {
    "3*x": lambda x: 3,
    "x**4": lambda x: 4 * x**3,
    "exp(x)": math.exp,
    "sin(x)": math.cos,
    "cos(x)": lambda x: -math.sin(x),
    "log(x)": lambda x: 1 / x,
    "x**2 + sin(x)": lambda x: 2 * x + math.cos(x),
    "x**2 * sin(x)": lambda x: 2 * x * math.sin(x) + x**2 * math.cos(x),
    "log(sin(x**2))": lambda x: math.cos(x**2) / math.sin(x**2) * 2 * x,
}

trace = gs.trace(f"stack([{', '.join(LAW)}])", x=1.5)
slopes = trace.tangent(seed="x")

for (function, law), slope in zip(LAW.items(), slopes.tolist(), strict=True):
    print(f"{function:15} {slope:9.4f}   by the law {law(1.5):9.4f}")
    assert math.isclose(slope, law(1.5), rel_tol=1e-5)
