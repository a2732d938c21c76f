"""CS231n's circuits
=================

(x + y)z, and a neuron with a sigmoid, as the course draws them.
"""

import graphstep as gs

circuit = gs.trace("q = x + y; q*z", x=-2.0, y=5.0, z=-4.0)
print({name: f"{circuit.adjoint(name):g}" for name in "xyz"})

inputs = {"w0": 2.0, "x0": -1.0, "w1": -3.0, "x1": -2.0, "w2": -3.0}
trace = gs.trace("1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", **inputs)
print(f"output {trace.value(trace.recorded.outputs[-1]):.4f}")
for name in inputs:
    print(f"{name}: {trace.adjoint(name):7.4f}")
assert trace.check().ok
