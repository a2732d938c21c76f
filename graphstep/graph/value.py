"""One numbered value of a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import torch

from graphstep.format.tensors import device_name, dtype_name
from graphstep.recording.operation import Ref
from graphstep.recording.place import Place
from graphstep.recording.summary import Summary


class Metadata(NamedTuple):
    """Describe a tensor that is not there, or was elsewhere."""

    shape: tuple[int, ...] | None
    dtype: str | None
    device: str | None


@dataclass(slots=True, eq=False)
class Value:
    """Describe one v_i: the plain attributes that its node carries in the networkx graph.

    `ref` holds the tensor as it was, None where nothing recorded it; `summary` stands in for it
    where only that was kept, and `metadata` says what the tensor itself does not. `no_path` says
    why no gradient reaches an input; it is empty where one does. `cut` is where the path ends.
    """

    i: int
    label: str | None
    op: str
    ref: Ref | None
    module: str = ""
    source: Place | None = None
    no_path: str = ""
    summary: Summary | None = None
    metadata: Metadata | None = None
    cut: Place | None = None
    _seen: torch.Tensor | None = field(default=None, init=False, repr=False)
    _value: torch.Tensor | None = field(default=None, init=False, repr=False)

    @property
    def name(self) -> str:
        """`v_3`."""
        return f"v_{self.i}"

    @property
    def shown_name(self) -> str:
        """The label, or `v_3` where there is none."""
        return self.label or self.name

    @property
    def value(self) -> torch.Tensor | None:
        """The tensor, detached; None where nothing recorded it."""
        if self.ref is None:
            return None
        tensor = self.ref.tensor
        if self._seen is not tensor:
            self._seen, self._value = tensor, tensor.detach()
        return self._value

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The shape, None where it is not known."""
        if self.metadata is not None:
            return self.metadata.shape
        return None if self.ref is None else tuple(self.ref.tensor.shape)

    @property
    def dtype(self) -> str | None:
        """Torch's own name of the dtype: `float32`."""
        if self.metadata is not None:
            return self.metadata.dtype
        return None if self.ref is None else dtype_name(self.ref.tensor.dtype)

    @property
    def device(self) -> str | None:
        """The device's name: `cpu`, `cuda:0`."""
        if self.metadata is not None:
            return self.metadata.device
        return None if self.ref is None else device_name(self.ref.tensor.device)

    @property
    def is_input(self) -> bool:
        """Whether it is one of v_{1-n} … v_0."""
        return self.i <= 0
