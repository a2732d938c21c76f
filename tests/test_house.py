"""The house is as docs/house.md says: every room is in its table, and no file is too long."""

from __future__ import annotations

import re
from pathlib import Path

import graphstep

PACKAGE = Path(graphstep.__path__[0])
TESTS = Path(__file__).parent
TABLE = (PACKAGE.parent / "docs" / "house.md").read_text("utf-8")
LONGEST = 250


def test_every_room_is_in_the_table_and_there() -> None:
    cells = re.findall(r"^\| (`.+?) \|", TABLE, flags=re.MULTILINE)
    listed = {name for cell in cells for name in re.findall(r"`([a-z_]+(?:/|\.py))`", cell)}
    modules = {file.name for file in PACKAGE.glob("*.py") if not file.name.startswith("__")}
    rooms = {f"{file.parent.name}/" for file in PACKAGE.glob("*/__init__.py")}
    assert listed == modules | rooms


def test_no_file_has_more_lines_than_one_reads_at_once() -> None:
    files = [*PACKAGE.rglob("*.py"), *TESTS.rglob("*.py")]
    lines = {file: len(file.read_text("utf-8").splitlines()) for file in files}
    assert {str(file): count for file, count in lines.items() if count > LONGEST} == {}
