"""What installs graphstep: pins, lists that must agree, the Makefile, the wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import graphstep

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins() -> dict[str, str]:
    """Return the versions of constraints.txt by normalised name."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {normalised(name): version for name, version in pairs}


def normalised(requirement: str) -> str:
    """Return the name that a requirement begins with, as package indexes compare names."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def test_the_group_and_the_extra_of_developers_are_one_list() -> None:
    extra = PROJECT["project"]["optional-dependencies"]["dev"]
    assert PROJECT["dependency-groups"]["dev"] == extra


def test_every_named_dependency_has_an_exact_pin() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    named = [*PROJECT["project"]["dependencies"], *extras["dev"], *extras["docs"]]
    assert {normalised(requirement) for requirement in named} <= pins().keys()


def test_pins_are_plain_versions() -> None:
    assert all(re.fullmatch(r"[0-9][0-9a-z.]*", version) for version in pins().values())
    assert pins()["torch"] == "2.13.0"


def test_the_exact_pin_of_textual_is_the_one_tested_with() -> None:
    assert f"textual=={pins()['textual']}" in PROJECT["project"]["dependencies"]


def test_the_changelog_begins_with_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.search(r"^## \[(.+?)\]", text, flags=re.MULTILINE)
    assert first is not None
    assert first[1] == graphstep.__version__


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (
            "#!/bin/sh\nexit 1\n",
            "needs Python >= 3.11, and {python} is older; name another: make PYTHON=python3.12 …",
        ),
        (None, "no {python} here; name your Python >= 3.11: make PYTHON=python3.12 …"),
    ],
    ids=["old", "absent"],
)
def test_make_says_which_python_it_needs(tmp_path: Path, script: str | None, problem: str) -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "old-python"
    if script is not None:
        python.write_text(script, encoding="utf-8")
        python.chmod(0o755)
    # What an outer make told its children is not for this one.
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    run = subprocess.run(
        [make, "demo", f"PYTHON={python}"],
        cwd=tmp_path,
        env=inherited,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert run.stderr.splitlines()[0] == f"graphstep: {problem.format(python=python)}"
    assert not (tmp_path / ".venv").exists()


@pytest.mark.full
def test_the_wheel_holds_the_package_and_its_command(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir"]
    subprocess.run([*pip, str(tmp_path), str(ROOT)], check=True, timeout=300)
    (wheel,) = tmp_path.glob("graphstep-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        info = f"graphstep-{graphstep.__version__}.dist-info"
        entry_points = archive.read(f"{info}/entry_points.txt").decode()
        assert f"{info}/licenses/LICENSE" in archive.namelist()
    ours = (path for path in (ROOT / "graphstep").rglob("*") if path.is_file())
    assert held == {
        path.relative_to(ROOT).as_posix() for path in ours if path.suffix not in (".pyc", ".pyo")
    }
    assert "graphstep = graphstep.cli.main:main" in entry_points
    answer = subprocess.run(
        [sys.executable, "-m", "graphstep", "--version"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout == f"graphstep {graphstep.__version__}\n"
