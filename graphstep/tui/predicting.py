"""What the command line asks of the predict mode; it is known before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Predicting:
    """Ask for predictions from the first step on; the score goes to the file `score`, if any."""

    score: Path | None = None
