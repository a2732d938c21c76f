"""What to say where Graphviz fails, crashes, starves or takes too long: one line each."""

from __future__ import annotations

from graphstep.errors import GraphstepError

NO_MEMORY = "Graphviz ran out of memory while laying out the graph: fold it, or draw a part of it"


class LayoutError(GraphstepError):
    """Report that Graphviz failed, crashed or took too long, in one line."""


def failure(problem: str, said: list[str]) -> str:
    """Return the line for a layout that failed, from a `problem` and what Graphviz `said`."""
    if _starved([*said, problem]):
        return NO_MEMORY
    errors = [line for line in said if line.startswith("Error")]
    reason = [*errors, *said, problem, "it wrote nothing"]
    return f"Graphviz could not lay out the graph: {next(filter(None, reason))}"


def death(code: int, said: list[str], seconds: float, expired: bool) -> str:
    """Return the line for a process that ended with `code`, or was stopped after `seconds`."""
    if expired:
        return f"Graphviz was stopped: the layout took more than {seconds:g} s"
    if _starved(said):
        return NO_MEMORY
    how = f"signal {-code}" if code < 0 else f"status {code}"
    last = f": {said[-1]}" if said else ""
    return f"Graphviz crashed while laying out the graph ({how}){last}"


def _starved(said: list[str]) -> bool:
    words = ("out of memory", "MemoryError", "bad_alloc", "cannot allocate memory")
    return any(word.lower() in line.lower() for line in said for word in words)
