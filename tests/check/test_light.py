"""A check brings in no compiler: torch._dynamo alone would double the time of a command.

Nor the forward modes that torch writes in Python, before an operation asks for one.
"""

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
heavy = {"textual", "torch._dynamo", "torch._decomp.decompositions_for_jvp"}
print(sorted(heavy & set(sys.modules)))
"""


def test_a_check_imports_neither_dynamo_nor_textual() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


PYTHON_MODE = """
import sys
import torch
import graphstep as gs
name = "torch._decomp.decompositions_for_jvp"
x = torch.linspace(-1, 1, 6).reshape(2, 3).requires_grad_()

def twice(x):
    loss = torch.nn.functional.cross_entropy(x, torch.tensor([0, 2]))
    (gradient,) = torch.autograd.grad(loss, x, create_graph=True)
    return (gradient ** 2).sum()

trace = gs.trace(twice, x)
before = name in sys.modules
print(before, trace.check().oracles()["tangent"], name in sys.modules)
"""


def test_an_operation_whose_forward_mode_is_python_brings_it_in() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PYTHON_MODE], capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "False ok True\n", "")
