"""The options of `graphstep step` that ask for predictions, refused where they cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphstep.cli.main import main

RUN = ["step", "3*a", "a=1"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--score", "s.json"], 2, "--score is the score of predictions: it needs --predict"),
        (["--predict", "--score", "s.txt"], 2, "the score is JSON: 's.txt' must end in .json"),
        (
            ["--predict", "--score", "gone/s.json"],
            2,
            "no folder 'gone' to write 's.json' to",
        ),
        (["--predict", "--score", "d.json"], 2, "'d.json' is a folder; name a file"),
        (["--predict"], 3, "--predict asks in the terminal app, and there is no terminal here"),
    ],
)
def test_what_cannot_be_is_said_at_once(
    words: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "d.json").mkdir()
    assert main([*RUN, *words]) == code
    assert capsys.readouterr().err == f"graphstep: {said}\n"
