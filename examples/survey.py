"""Tables 2 and 3 of the survey
============================

Those of Baydin, Pearlmutter, Radul and Siskind (2018), forward mode and reverse mode, row by row.
"""

import graphstep as gs

trace = gs.trace("log(x1) + x1*x2 - sin(x2)", order="level", x1=2.0, x2=5.0)

print("Table 2: values, and tangents for a unit step in x1")
for i, value in trace.values.items():
    print(f"  {value.name:5} {trace.value(i):9.3f} {trace.tangent('x1', i):9.3f}")

print("Table 3: one contribution a row")
timeline = trace.timeline("contribution")
for step in timeline:
    if step.half == "reverse":
        print("  " + timeline.caption(step.index))
