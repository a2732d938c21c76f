"""Every differentiable entry of torch's operator database: traced, stepped, and as torch has it."""

from __future__ import annotations

import pytest

from tests.full.op_db import Coverage, entries, examine
from tests.full.op_db_reasons import BY_TORCH, EXCLUDED, UNEVEN
from tests.full.op_db_table import results_of, stored

pytestmark = pytest.mark.full

# The names come from the kept table: torch's database takes seconds to import.
STORED = stored()


def test_the_table_in_the_documentation_lists_every_differentiable_entry() -> None:
    assert STORED.keys() == entries().keys()


def test_what_is_excluded_or_uneven_is_in_the_database() -> None:
    assert {*EXCLUDED, *UNEVEN} <= entries().keys()


def test_what_goes_by_torchs_node_has_a_reason() -> None:
    by_torch = {name for name, found in STORED.items() if any(r.endswith("torch") for r in found)}
    assert by_torch == BY_TORCH.keys()


@pytest.mark.parametrize("name", sorted(EXCLUDED))
def test_an_excluded_entry_has_nothing_to_trace(name: str) -> None:
    assert examine(name) == Coverage()


@pytest.mark.parametrize("name", sorted(STORED.keys() - EXCLUDED.keys()))
def test_adjoints_are_those_of_torch(name: str) -> None:
    found = examine(name)
    assert found.runs
    assert results_of(name, found) == STORED[name]
