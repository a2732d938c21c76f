"""Examine every entry of torch's operator database, print the table, and keep it in docs/.

Run it as `python -m tests.full.op_db_table` after a change of the rules or of torch.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch

from tests.full.op_db import EXCLUDED, UNEVEN, Coverage, entries, examine

TABLE = Path(__file__).parents[2] / "docs" / "op_db.md"
HEAD = "| entry | result | runs | our rows | torch's nodes |"


def stored() -> dict[str, str]:
    """Return the result of every entry in the kept table, by name."""
    if not TABLE.exists():
        return {}
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    cells = [[c.strip(" `") for c in line.split("|")[1:-1]] for line in lines if "| `" in line[:3]]
    return {row[0]: row[1] for row in cells}


def table(found: Mapping[str, Coverage]) -> str:
    """Return the table as Markdown, one line an entry."""
    counts = Counter(result_of(name, coverage) for name, coverage in found.items())
    excluded = sum(counts[r] for r in counts if r.startswith("excluded"))
    lines = [
        "---",
        "orphan: true",
        "---",
        "",
        "# torch's operator database",
        "",
        f"Every entry of `op_db` that torch {torch.__version__.split('+')[0]} calls "
        "differentiable, traced on the cpu in float64 and, where",
        "supported, complex128: the outputs are those of a plain run bit for bit, every adjoint is",
        "torch's, and `check` finds nothing. *own*: in float64 every operation of the entry went",
        "by a row of ours; *torch*: by torch's own node, as all do in complex128, so that the",
        "agreement proves nothing; *no operation*: in float64 the input is the output.",
        "",
        f"{len(found)} entries: {counts['own']} own, {counts['own + torch']} own + torch, "
        f"{counts['torch']} torch, {counts['no operation']} no operation, {excluded} excluded.",
        *(f"Not compared bit by bit: `{name}` ({why})." for name, why in UNEVEN.items()),
        "",
        "Written by `python -m tests.full.op_db_table`; `make test-full` compares.",
        "",
        HEAD,
        "| --- | --- | ---: | --- | --- |",
    ]
    for name in sorted(found):
        one = found[name]
        own, torchs = (", ".join(f"`{n}`" for n in sorted(names)) for names in (one.own, one.torch))
        lines.append(f"| `{name}` | {result_of(name, one)} | {one.runs} | {own} | {torchs} |")
    return "\n".join(lines) + "\n"


def result_of(name: str, coverage: Coverage) -> str:
    """Say what came of an entry: `own`, `own + torch`, `torch`, or why it is excluded."""
    return f"excluded: {EXCLUDED[name]}" if name in EXCLUDED else coverage.result


def main() -> None:
    """Examine all entries on all cores; what fails is raised and nothing is written."""
    names = list(entries())
    with ProcessPoolExecutor(initializer=torch.set_num_threads, initargs=(1,)) as pool:
        found = dict(zip(names, pool.map(examine, names), strict=True))
    text = table(found)
    TABLE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
