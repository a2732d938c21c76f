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
HEAD = "| entry | result | complex | runs | our rows | torch's nodes |"


def stored() -> dict[str, tuple[str, str]]:
    """Return the results of every entry in the kept table, by name: on real and complex tensors."""
    if not TABLE.exists():
        return {}
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    cells = [[c.strip(" `") for c in line.split("|")[1:-1]] for line in lines if "| `" in line[:3]]
    return {row[0]: (row[1], row[2]) for row in cells}


def table(found: Mapping[str, Coverage]) -> str:
    """Return the table as Markdown, one line an entry."""
    counts = Counter(results_of(name, coverage)[0] for name, coverage in found.items())
    lately = Counter(coverage.complex_result for coverage in found.values())
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
        "by a row of ours; *torch*: by torch's own node, so that the agreement proves nothing;",
        "*no operation*: in float64 the input is the output. *complex*: the same in complex128.",
        "",
        f"{len(found)} entries: {counts['own']} own, {counts['own + torch']} own + torch, "
        f"{counts['torch']} torch, {counts['no operation']} no operation, {excluded} excluded.",
        f"On complex tensors: {lately['own']} own, {lately['own + torch']} own + torch, "
        f"{lately['torch']} torch.",
        *(f"Not compared bit by bit: `{name}` ({why})." for name, why in UNEVEN.items()),
        "",
        "Written by `python -m tests.full.op_db_table`; `make test-full` compares.",
        "",
        HEAD,
        "| --- | --- | --- | ---: | --- | --- |",
    ]
    for name in sorted(found):
        one = found[name]
        both = (one.own | one.complex_own, one.torch | one.complex_torch)
        own, torchs = (", ".join(f"`{n}`" for n in sorted(names)) for names in both)
        real, complex_ = results_of(name, one)
        lines.append(f"| `{name}` | {real} | {complex_} | {one.runs} | {own} | {torchs} |")
    return "\n".join(lines) + "\n"


def results_of(name: str, coverage: Coverage) -> tuple[str, str]:
    """Say what came of an entry, on real and on complex tensors.

    It is `own`, `own + torch`, `torch`, nothing, or why the entry is excluded.
    """
    if name in EXCLUDED:
        return f"excluded: {EXCLUDED[name]}", ""
    return coverage.result, coverage.complex_result


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
