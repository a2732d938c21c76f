"""The examples in docstrings give what stands below them."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import graphstep

FOLDER = Path(graphstep.__path__[0])
EXAMPLES = sorted(f for f in FOLDER.rglob("*.py") if ">>> " in f.read_text("utf-8"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_examples(file: Path) -> None:
    name = ".".join(file.relative_to(FOLDER.parent).with_suffix("").parts)
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


def test_a_wrong_example_is_found() -> None:
    wrong = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "planted", None, 0)
    assert doctest.DocTestRunner(verbose=False).run(wrong, out=lambda text: None).failed == 1
