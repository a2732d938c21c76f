"""Autograd: accumulation and release
==================================

y = 10/(1 + exp(3a + ab)) at (1, 2). Every backward adds to ``.grad``; without ``retain_graph=True``
it also releases what the next one would need.
"""

import graphstep as gs

trace = gs.trace("10/(1 + exp(3*a + a*b))", a=1.0, b=2.0)

for retain in (True, False):
    print(f"y.backward(retain_graph={retain})")
    for gradient in trace.backward(retain_graph=retain):
        print(f"  {gradient}")

try:
    trace.backward()
except RuntimeError as error:
    print("y.backward() once more")
    print(f"  RuntimeError: {str(error).partition('(')[0].strip()} …")
    print(f"  {error.__notes__[0]}")
