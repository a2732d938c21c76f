"""A check brings in no compiler: torch._dynamo alone would double the time of a command."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
import graphstep as gs
trace = gs.trace("z = 3*a + a*b; where(z > 0, log(z)/7, 2 - z)**2", a=1.0, b=2.0)
report = trace.check()
assert report.oracles() == dict.fromkeys(("grad", "engine", "tangent", "numeric"), "ok")
for step in trace.steps:
    trace.timeline().equation(step.index).one_line()
print(sorted({"textual", "torch._dynamo"} & set(sys.modules)))
"""


def test_a_check_imports_neither_dynamo_nor_textual() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
