"""LaTeX and Typst run on what was written, where they are installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


def compiled(path: Path) -> Path:
    """Return the PDF of a LaTeX document; fail with LaTeX's own words, skip where there is none."""
    program = shutil.which("pdflatex") or shutil.which("lualatex")
    if program is None:
        pytest.skip("no LaTeX is installed")
    words = [program, "-interaction=nonstopmode", "-halt-on-error", path.name]
    done = subprocess.run(words, cwd=path.parent, capture_output=True, timeout=120, check=False)
    said = done.stdout.decode(errors="replace")
    assert done.returncode == 0, said[said.find("\n!") :][:2000]
    assert "Missing character" not in said, said
    assert "invalid in math mode" not in said, said
    return path.with_suffix(".pdf")
