"""Torch's own derivative formulas, from the file that its wheel carries."""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_ENTRY = re.compile(r"- name: (\w+)(?:\.(\w+))?\(")
_FORMULA = re.compile(r"  (\w+(?:, \w+)*): (.+)")
_NO_FORMULA = frozenset(
    {"result", "result0", "result1", "values", "dispatch", "output_differentiability"}
)


@cache
def torch_formulas() -> dict[str, tuple[str, ...]]:
    """Return torch's gradient formulas of every operation, by name and by name with overload.

    They stand in the `derivatives.yaml` of its wheel; nothing is found where that is not there.
    """
    found: dict[str, tuple[str, ...]] = {}
    spec = find_spec("torchgen")
    if spec is None or spec.origin is None:
        return found
    path = Path(spec.origin).parent / "packaged" / "autograd" / "derivatives.yaml"
    if not path.exists():
        return found
    names: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if entry := _ENTRY.match(line):
            name, overload = entry.groups()
            names = [name, f"{name}.{overload}"] if overload else [name]
            names = [one for one in names if one not in found]
            found.update(dict.fromkeys(names, ()))
        elif (formula := _FORMULA.match(line)) and formula[1] not in _NO_FORMULA:
            text = f"{formula[1]}: {formula[2].strip()}"
            found.update({one: (*found[one], text) for one in names})
    return found
