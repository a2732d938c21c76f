"""The tensors of a saved trace: each kept once, whatever its layout, and given back on the cpu."""

from __future__ import annotations

import hashlib

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor

from graphstep.format.tensors import dtype_name
from graphstep.saving.schema import Damaged, StoredTensor, TensorKind


class TensorPool:
    """Collect tensors to write; those of the same bytes share one member."""

    def __init__(self) -> None:
        self._members: dict[str, Tensor] = {}
        self._keys: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._seen: dict[int, tuple[Tensor, StoredTensor]] = {}

    def add(self, tensor: Tensor | None) -> StoredTensor | None:
        """Take a tensor in, and return where it can be found."""
        return None if tensor is None else self.put(tensor)

    def put(self, tensor: Tensor) -> StoredTensor:
        """Take a tensor in that is there."""
        found = self._seen.get(id(tensor))
        if found is None:
            # The tensor is kept with it, so that its id stays its own.
            found = self._seen[id(tensor)] = tensor, self._stored(tensor)
        return found[1]

    def _stored(self, tensor: Tensor) -> StoredTensor:
        plain = tensor.detach()
        shape, dtype = list(plain.shape), dtype_name(plain.dtype)
        if plain.device.type == "meta":
            return {"kind": "meta", "key": "", "shape": shape, "dtype": dtype}
        sparse = plain.layout != torch.strided
        if sparse:
            plain = plain.to_dense()
        if plain.is_complex():
            plain = torch.view_as_real(plain.resolve_conj())
        plain = plain.resolve_neg().cpu().contiguous()
        # Torch's own zeros of a derivative may lie nowhere; a copy of them does.
        plain = plain.clone() if not plain.data_ptr() and plain.numel() else plain
        kind: TensorKind = "sparse" if sparse else "complex" if tensor.is_complex() else "plain"
        return {"kind": kind, "key": self._key(plain), "shape": shape, "dtype": dtype}

    def _key(self, tensor: Tensor) -> str:
        # Of a single entry torch calls any stride contiguous, and views none of them as bytes.
        flat = tensor.as_strided((tensor.numel(),), (1,))
        content = flat.view(torch.uint8).numpy().data if tensor.numel() else b""
        digest = hashlib.blake2b(content).digest()
        which = dtype_name(tensor.dtype), tuple(tensor.shape), digest
        if which not in self._keys:
            self._keys[which] = key = f"t{len(self._keys)}"
            # Two members must not share memory, and neither may change before they are written.
            self._members[key] = tensor.clone()
        return self._keys[which]

    def content(self) -> bytes:
        """Return the safetensors part."""
        return safetensors.torch.save(self._members)


class StoredTensors:
    """Find tensors in the safetensors part of a file. Raises Damaged for what is none."""

    def __init__(self, content: bytes) -> None:
        try:
            self._members = safetensors.torch.load(content)
        except (SafetensorError, RuntimeError, ValueError, KeyError, OverflowError):
            raise Damaged("its tensors cannot be read") from None

    def get(self, stored: StoredTensor | None, where: str) -> Tensor | None:
        """Return the tensor, or None where the file has none."""
        return None if stored is None else self.there(stored, where)

    def there(self, stored: StoredTensor, where: str) -> Tensor:
        """Return a tensor. Raises Damaged where it is not there, or not what was announced."""
        dtype = getattr(torch, stored["dtype"], None)
        if not isinstance(dtype, torch.dtype):
            raise Damaged(f"{where} has no dtype of torch")
        shape = tuple(stored["shape"])
        found: Tensor | None = None
        try:
            if stored["kind"] == "meta":
                found = torch.empty(shape, dtype=dtype, device="meta")
            else:
                found = self._members.get(stored["key"])
            if found is not None and stored["kind"] != "meta" and dtype.is_complex:
                found = torch.view_as_complex(found)
            if found is not None and stored["kind"] == "sparse":
                found = found.to_sparse()
        except (RuntimeError, TypeError):
            found = None
        if found is None or found.shape != shape or found.dtype != dtype:
            raise Damaged(f"{where} has no tensor of its shape and dtype")
        return found
