"""A folder with programs that go wrong, in which the tests of mistakes run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mistakes.program import PROGRAM


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "user.py").write_text(PROGRAM, "utf-8")
    (tmp_path / "broken.py").write_text("import nothing_like_this\n", "utf-8")
    (tmp_path / "syntax.py").write_text("def f(:\n", "utf-8")
    (tmp_path / "binary.py").write_bytes(b"\0\1")
    monkeypatch.chdir(tmp_path)
    return tmp_path
