"""The documentation builds without a warning, and names only what there is."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import pytest

from graphstep.cli.command import ENTRIES
from graphstep.demos import DEMOS

DOCS = Path(__file__).parent.parent / "docs"
PAGES = sorted([*DOCS.glob("*.md"), DOCS.parent / "README.md"])
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```\{python\}\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^graphstep +([a-z]+)(?: +([a-z]+)\b)?", re.MULTILINE)


def test_the_plan_of_a_class_names_demos_that_there_are() -> None:
    rows = [
        line for line in (DOCS / "teacher.md").read_text("utf-8").splitlines() if "–" in line[:9]
    ]
    named = [name for row in rows for name in re.findall(r"`([a-z]+)`", row.split("|")[3])]
    assert len(named) > 15
    assert set(named) <= set(DEMOS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_only_commands_that_there_are(page: Path) -> None:
    commands = {entry.name for entry in ENTRIES}
    for block in FENCED.findall(page.read_text("utf-8")):
        for command, word in COMMAND.findall(block):
            assert command in commands
            if command == "demo" and word:
                assert word in DEMOS


@pytest.mark.parametrize(
    "page", [page for page in PAGES if PYTHON.search(page.read_text("utf-8"))], ids=lambda p: p.stem
)
def test_the_pieces_of_python_on_a_page_run_one_after_the_other(page: Path) -> None:
    names: dict[str, object] = {}
    with redirect_stdout(StringIO()) as said:
        for piece in PYTHON.findall(page.read_text("utf-8")):
            exec(compile(piece, page.name, "exec"), names)
    assert said.getvalue()


@pytest.mark.full
def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    if find_spec("sphinx_gallery") is None or find_spec("furo") is None:
        pytest.skip("the tools of the documentation are not installed")
    words = ["-q", "-E", "-W", "--keep-going", "-b", "html", "-d", str(tmp_path / "trees")]
    build = subprocess.run(
        [sys.executable, "-m", "sphinx", *words, str(DOCS), str(tmp_path / "html")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert build.returncode == 0, build.stderr
    for page in (
        "index",
        "tour",
        "lecture",
        "teacher",
        "engineer",
        "gallery/index",
        "steps/reverse",
    ):
        assert (tmp_path / "html" / f"{page}.html").is_file()
    reference = (tmp_path / "html" / "commands.html").read_text("utf-8")
    assert all(f'<section id="{entry.name}">' in reference for entry in ENTRIES)
    assert "with --predict" in reference  # and not with a dash of print
