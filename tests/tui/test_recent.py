from __future__ import annotations

import sys
from pathlib import Path

import pytest

from graphstep.source.request import Request
from graphstep.tui.recent import MOST, Recent, state_folder


def test_the_last_one_is_first_and_a_source_is_there_once(tmp_path: Path) -> None:
    recent = Recent(tmp_path / "new" / "folder")
    assert recent.read() == ()
    for asked in (Request("a", ("a=1",)), Request("b"), Request("a", ("a=2",))):
        recent.add(asked)
    assert recent.read() == (Request("a", ("a=2",)), Request("b"))


def test_only_so_many_are_kept(tmp_path: Path) -> None:
    recent = Recent(tmp_path)
    for k in range(MOST + 5):
        recent.add(Request(f"a*{k}"))
    assert [one.source for one in recent.read()][:2] == ["a*16", "a*15"]
    assert len(recent.read()) == MOST
    assert [path.name for path in tmp_path.iterdir()] == ["recent.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[3, null]", '{"source": 1}', "[" * 50_000, "\x00" * 200_000]
)
def test_a_broken_file_is_no_recent_source(tmp_path: Path, text: str) -> None:
    (tmp_path / "recent.json").write_text(text)
    recent = Recent(tmp_path)
    assert recent.read() == ()
    recent.add(Request("a"))
    assert recent.read() == (Request("a"),)


def test_a_folder_that_cannot_be_is_silent(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (None, tmp_path / "file" / "below"):
        recent = Recent(folder)
        recent.add(Request("a"))
        assert recent.read() == ()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a folder of its own")
def test_the_folder_is_that_of_xdg(tmp_path: Path) -> None:
    assert state_folder({"XDG_STATE_HOME": str(tmp_path)}) == tmp_path / "graphstep"
    home = Path("~/.local/state/graphstep").expanduser()
    assert state_folder({}) == home
    assert state_folder({"XDG_STATE_HOME": "relative"}) == home
