"""Examine every entry of torch's operator database, print the table, and keep it in docs/.

Run it as `python -m tests.full.op_db_table` after a change of the rules or of torch; with names
of entries it examines these and keeps the others as they stand.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import torch

from tests.full.op_db import Coverage, entries, examine
from tests.full.op_db_reasons import BY_TORCH, EXCLUDED, UNEVEN

TABLE = Path(__file__).parents[2] / "docs" / "op_db.md"
HEAD = "| entry | result | complex | runs | our rows | torch's nodes |"


Cells = Sequence[str]
"""A line: entry, result on real and on complex tensors, runs, our rows, torch's nodes."""


def stored() -> dict[str, tuple[str, str]]:
    """Return the results of every entry in the kept table, by name: on real and complex tensors."""
    return {name: (cells[1], cells[2]) for name, cells in kept().items()}


def kept() -> dict[str, Cells]:
    """Return the lines of the kept table by entry."""
    if not TABLE.exists():
        return {}
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    found = [[c.strip() for c in line.split("|")[1:-1]] for line in lines if "| `" in line[:3]]
    return {cells[0].strip("`"): cells for cells in found}


def cells_of(name: str, coverage: Coverage) -> Cells:
    """Return an entry's line of the table."""
    named = (coverage.own | coverage.complex_own, coverage.torch | coverage.complex_torch)
    own, torchs = (", ".join(f"`{n}`" for n in sorted(names)) for names in named)
    return f"`{name}`", *results_of(name, coverage), str(coverage.runs), own, torchs


def table(found: Mapping[str, Cells]) -> str:
    """Return the table as Markdown, one line an entry."""
    counts = Counter(cells[1] for cells in found.values())
    lately = Counter(cells[2] for cells in found.values())
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
        *(f"By torch's node: `{name}` ({why})." for name, why in BY_TORCH.items()),
        *(f"Not compared bit by bit: `{name}` ({why})." for name, why in UNEVEN.items()),
        "",
        "Written by `python -m tests.full.op_db_table`; `make test-full` compares.",
        "",
        HEAD,
        "| --- | --- | --- | ---: | --- | --- |",
    ]
    lines += ["| " + " | ".join(found[name]) + " |" for name in sorted(found)]
    return "\n".join(lines) + "\n"


def results_of(name: str, coverage: Coverage) -> tuple[str, str]:
    """Say what came of an entry, on real and on complex tensors.

    It is `own`, `own + torch`, `torch`, nothing, or why the entry is excluded.
    """
    if name in EXCLUDED:
        return f"excluded: {EXCLUDED[name]}", ""
    return coverage.result, coverage.complex_result


def main(chosen: Sequence[str]) -> None:
    """Examine all entries, or the chosen ones, on all cores; what fails is raised, none written."""
    names = chosen or list(entries())
    with ProcessPoolExecutor(initializer=torch.set_num_threads, initargs=(1,)) as pool:
        examined = dict(zip(names, pool.map(examine, names), strict=True))
    lines = {name: cells_of(name, coverage) for name, coverage in examined.items()}
    text = table({**kept(), **lines} if chosen else lines)
    TABLE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
