"""The lecture's first tree
========================

3a + ab at a = 10, b = 20, forward and back. The lecture's page prints v₃ = 220; 30 + 200 is 230.
"""

import graphstep as gs

trace = gs.trace("3*a + a*b", a=10.0, b=20.0)

for step in trace.steps:
    print(trace.timeline().caption(step.index))

print(trace.check().text())
