"""Every row of the rule table broken in every way that its text allows: the check objects."""

from __future__ import annotations

from collections import Counter

import pytest

from graphstep.rules.table import ROWS
from tests.full.equivalent import EQUIVALENT
from tests.full.mutations import judge, mutants, reason

pytestmark = [
    pytest.mark.full,
    pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning"),
    # Some of the operations are called deprecated, or in beta, at their first call.
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
KINDS = (
    "sign", "factor", "factor dropped", "term dropped", "number off by one", "operand swapped",
    "transposition dropped", "axis off by one", "other branch",
    "conjugation dropped",
)  # fmt: skip


def test_the_check_objects_to_every_broken_row(capsys: pytest.CaptureFixture[str]) -> None:
    made: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    alike: list[str] = []
    wrong: list[str] = []
    for row in ROWS.values():
        for mutant in mutants(row):
            verdict, why = judge(mutant), reason(mutant)
            if verdict == "equal" and why:
                alike.append(f"{mutant}\n    {why}")
                continue
            made[mutant.kind] += 1
            caught[mutant.kind] += verdict == "caught"
            if verdict != "caught":
                wrong.append(f"{verdict}: {mutant}")
    total = sum(made.values())
    with capsys.disabled():
        print(f"\n{len(ROWS)} rows × {total} mutations × {sum(caught.values())} caught")
        print("\n".join(f"  {kind}: {caught[kind]} of {made[kind]}" for kind in KINDS))
        print(f"{len(alike)} broken texts mean the same:", *alike, sep="\n  ")
    assert set(made) == set(KINDS)
    assert wrong == []


def test_every_row_is_broken() -> None:
    assert [row.name for row in ROWS.values() if not mutants(row)] == []


def test_what_is_called_equivalent_is_a_mutant_of_today() -> None:
    today = {(m.row, m.place, m.text) for row in ROWS.values() for m in mutants(row)}
    assert EQUIVALENT.keys() <= today
