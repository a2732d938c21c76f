"""The options of `graphstep step` that ask for predictions, refused where they cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphstep.cli.main import main
from graphstep.tui.looks import Look

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


def test_without_a_source_there_is_the_start_page_where_there_is_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["step", "--theme", "projector"]) == 2
    assert capsys.readouterr().err == (
        "graphstep: give a SOURCE: the start page, which asks for one, needs a terminal\n"
    )
    shown: list[tuple[object, Look]] = []

    def present(request: object, look: Look, predicting: object) -> int:
        shown.append((request, look))
        return 0

    monkeypatch.setattr("graphstep.cli.step.has_terminal", lambda: True)
    monkeypatch.setattr("graphstep.cli.step.present_live", present)
    assert main(["step", "--theme", "projector"]) == 0
    assert [(request, look.theme) for request, look in shown] == [(None, "projector")]
