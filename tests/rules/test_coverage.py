"""How many of aten's overloads go by a row of ours."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch._ops import OpOverload

from graphstep.recording.internals import operand_names
from graphstep.rules.table import ROWS, rows_named


def functional() -> Iterator[OpOverload]:
    """Yield every overload of aten that makes a tensor of tensors and writes to none."""
    for name in dir(torch.ops.aten):
        packet = getattr(torch.ops.aten, name)
        for overload in packet.overloads() if hasattr(packet, "overloads") else ():
            function = getattr(packet, overload)
            schema = function._schema
            makes = any("Tensor" in str(made.type) for made in schema.returns)
            writes = any(
                a.alias_info is not None and a.alias_info.is_write for a in schema.arguments
            )
            if makes and not writes and operand_names(function):
                yield function


def test_at_least_250_overloads_go_by_rows_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    served = [function for function in functional() if rows_named(function)]
    with capsys.disabled():
        print(f"\n{len(ROWS)} rows serve {len(served)} functional overloads of aten")
    assert len(served) >= 250
