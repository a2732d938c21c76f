"""Step through the forward values and the reverse adjoints of torch code.

Names load when they are first asked for, so importing graphstep brings in neither torch nor
networkx nor textual.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphstep.api import Trace, trace
    from graphstep.blocks import Recording, from_output, record
    from graphstep.errors import ExpressionError, GraphstepError, InputError, MissingError
    from graphstep.lab.comparison import Comparison, compare
    from graphstep.lab.descent import Descent, descent
    from graphstep.steps.step import Step
    from graphstep.traced.opened import Opened
    from graphstep.traced.reopened import load
    from graphstep.traced.summarised import SummaryTrace

__version__ = "0.1.0"

__all__ = [
    "Comparison",
    "Descent",
    "ExpressionError",
    "GraphstepError",
    "InputError",
    "MissingError",
    "Opened",
    "Recording",
    "Step",
    "SummaryTrace",
    "Trace",
    "__version__",
    "compare",
    "descent",
    "from_output",
    "load",
    "record",
    "trace",
]

_HOMES = {
    "Comparison": "graphstep.lab.comparison",
    "Descent": "graphstep.lab.descent",
    "ExpressionError": "graphstep.errors",
    "GraphstepError": "graphstep.errors",
    "InputError": "graphstep.errors",
    "MissingError": "graphstep.errors",
    "Opened": "graphstep.traced.opened",
    "Recording": "graphstep.blocks",
    "Step": "graphstep.steps.step",
    "SummaryTrace": "graphstep.traced.summarised",
    "Trace": "graphstep.api",
    "compare": "graphstep.lab.comparison",
    "descent": "graphstep.lab.descent",
    "from_output": "graphstep.blocks",
    "load": "graphstep.traced.reopened",
    "record": "graphstep.blocks",
    "trace": "graphstep.api",
}


_EXTENSION = {"load_ipython_extension": "graphstep.notebook"}
"""What `%load_ext graphstep` asks for in a notebook."""


def __getattr__(name: str) -> object:
    """Load a public name from its module and keep it, as PEP 562 has it."""
    home = _HOMES.get(name) or _EXTENSION.get(name)
    if home is None:
        raise AttributeError(f"module 'graphstep' has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
