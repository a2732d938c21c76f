"""The lecture as a site: every demo linked, no request to anywhere, and hostile text inert."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

import graphstep as gs
from graphstep.api import open_source
from graphstep.cli.main import main
from graphstep.demos import DEMOS, GROUPS, Demo, Group, site
from graphstep.demos.site import index_html, write_site

BOTH = "graphstep: --all and --html DIR write all demos: give both, and no NAME"
HOSTILE = "</title><script>alert(1)</script>\u202e&\"'"


def opened(demo: Demo) -> gs.Trace:
    return open_source(demo.source, demo.values, dtype=demo.dtype, order=demo.order)


def test_the_index_links_every_demo_and_asks_nothing_of_the_network() -> None:
    text = unescape(index_html(opened))
    assert re.findall(r'href="([^"]+)"', text) == [f"{name}.html" for name in DEMOS]
    assert "default-src 'none'" in text
    assert not re.search(r"https?://|<script|<link|<img|url\(|@import", text)
    for group in GROUPS:
        assert f"<h2>{group.title}</h2>" in text
    assert "a.grad = −0.3324 + −0.3324 = −0.6648" in text


def test_hostile_text_is_inert(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = Demo("bad", HOSTILE, "2*x", ("x=1",), HOSTILE)
    monkeypatch.setattr(site, "GROUPS", (Group(HOSTILE, (demo,)),))
    text = index_html(opened)
    assert "<script" not in text
    assert "\u202e" not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 3
    assert text.count("<title>") == text.count("</title>") == 1


def test_the_site_of_two_demos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = (DEMOS["reverse"], DEMOS["survey"])
    monkeypatch.setattr(site, "GROUPS", (Group("Two", two),))
    folder = tmp_path / "new" / "lecture"
    written = write_site(folder, opened)
    assert [path.name for path in written] == ["reverse.html", "survey.html", "index.html"]
    assert sorted(folder.iterdir()) == sorted(written)
    for path in written:
        assert "default-src 'none'" in path.read_text("utf-8")


def test_a_folder_that_cannot_be_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_text("here", encoding="utf-8")
    assert main(["demo", "--all", "--html", str(file)]) == 2
    assert capsys.readouterr().err == (
        f"graphstep: cannot make the folder {str(file)!r}: File exists\n"
    )
    assert file.read_text("utf-8") == "here"


@pytest.mark.parametrize("words", [["--all"], ["--html", "x"], ["reverse", "--all", "--html", "x"]])
def test_the_two_options_go_together(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", *words]) == 2
    assert capsys.readouterr().err.splitlines() == [BOTH]
