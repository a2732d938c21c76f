"""Whether a file loads, and whether what loads can be shown in every way."""

from __future__ import annotations

from pathlib import Path

import graphstep as gs


def survives(content: bytes, folder: Path) -> bool:
    """Load the file; tell whether that worked. What loads can be shown in every way."""
    path = folder / "x.graphstep"
    path.write_bytes(content)
    try:
        trace = gs.load(path)
        for format in ("text", "latex", "csv", "json", "html", "markdown"):
            trace.table(format=format, grain="contribution")
        trace.table(mode="tangent", seed=trace.recorded.inputs[-1], layout="survey")
        trace.dot(clusters=True)
        trace.save(path)
    except gs.InputError as error:
        text = str(error)
        assert text.isprintable()
        assert len(text) < 600
        assert sorted(folder.iterdir()) == [path]
        return False
    return True
