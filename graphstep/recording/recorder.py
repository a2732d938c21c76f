"""Record one forward run as it happens: every aten operation, its operands and its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any

import torch

from graphstep.recording.internals import (
    DispatchMode,
    HookTable,
    argument_names,
    below_view,
    hook_table,
    lazy_views_resolved,
)
from graphstep.recording.kind import KINDS, kind_of
from graphstep.recording.operation import Operation, RawPlace, Ref, ValueKey, resolved_by, value_key
from graphstep.recording.storages import Storages
from graphstep.recording.summary import Summary
from graphstep.recording.written import Views, Write

if TYPE_CHECKING:
    from torch._ops import OpOverload
    from torch.autograd.graph import Node

    from graphstep.recording.modules import ModulePaths


class Recorder(DispatchMode):
    """Keep references to what passes; copy only what an in-place operation is about to overwrite.

    `locate` says where in the user's text the current operation was asked for, `modules` which
    module is running. `values` maps each ValueKey seen so far to the tensor that held it,
    `first_seen` each that was an operand to the index of the operation that first used it. A
    tensor's `grad_fn` is attached only after this mode returns, so results are settled at the
    next operation. `leaves` holds every leaf itself, `rewritten` those that were used with other
    numbers later, `hooks` the user's hooks on values that were overwritten, `written` what was
    written through a view, by its node, and `views` how views were taken. `SummaryRecorder` fills
    `summaries` in place of `values`.
    """

    def __init__(self, locate: Callable[[], RawPlace], modules: ModulePaths) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch gives it no types
        self.operations: list[Operation] = []
        self.values: dict[ValueKey, Ref] = {}
        self.summaries: dict[ValueKey, Summary] = {}
        self.first_seen: dict[ValueKey, int] = {}
        self.leaves: dict[int, torch.Tensor] = {}
        self.rewritten: set[int] = set()
        self.hooks: dict[ValueKey, HookTable] = {}
        self.written: dict[Node, Write] = {}
        self.views = Views()
        self.failed: Operation | None = None
        self.failure: BaseException | None = None
        self._locate = locate
        self._modules = modules
        self._refs: dict[int, Ref] = {}
        self._storages = Storages()
        self._unsettled: Operation | None = None
        self._writing: tuple[Write, torch.Tensor] | None = None
        self._regaining = False
        self._held: list[Operation] = []
        self._complex = False
        self._resolved: dict[int, ValueKey] = {}
        self._used: set[ValueKey] = set()

    def watch(self, tensor: torch.Tensor) -> Ref:
        """Return the Ref of a tensor as it is now, making one at first sight."""
        ref = self._refs.get(id(tensor))
        if ref is None:
            ref = self._refs[id(tensor)] = Ref(tensor)
            self._storages.unsorted.append(ref)
            if tensor.is_complex():
                self._complex = True
        return ref

    def last_value(self) -> torch.Tensor | None:
        """Return the last result so far that carries a gradient."""
        pairs = (zip(o.results, o.result_keys, strict=False) for o in reversed(self.operations))
        return next((ref.tensor for pair in pairs for ref, key in pair if key is not None), None)

    def __torch_dispatch__(
        self,
        func: OpOverload,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or _NOTHING
        kind = KINDS.get(id(func)) or kind_of(func)
        if self._unsettled is not None:
            if self._regaining and kind.views:
                self._held.append(self._unsettled)
            else:
                self._settle(self._unsettled)
        kept: list[Any] = []
        keys: list[ValueKey | None] = []
        keep, watched = self._keep, self._refs.get
        for item in args:
            if type(item) in _PLAIN:
                kept.append(item)
            elif (ref := watched(id(item))) is not None and ref.key is not None:
                kept.append(ref)
                keys.append(ref.key)
            else:
                kept.append(keep(item, keys))
        # By position: a fifth of the time that keywords take here, once an operation.
        operation = Operation(
            len(self.operations),
            kind,
            tuple(kept),
            {name: keep(a, keys) for name, a in kwargs.items()} if kwargs else _NOTHING,
            tuple(keys),
            torch.is_grad_enabled(),
            self._locate(),
            self._modules.current,
        )
        if kind.writes:
            self.views.look_through(self.operations)
            below = below_view(args[0]) if args else None
            if below is not None and operation.grad_enabled:
                # Torch takes such a view anew once this has run, and locks its node meanwhile.
                self._regaining = below.is_complex() or args[0].is_complex()
                if type(operation.args[0]) is Ref:
                    steps = self.views.steps_to(args[0])
                    self._writing = Write(operation, steps, *self._noted(below)), below
            positional, _ = argument_names(func)
            by_name = {**dict(zip(positional, args, strict=False)), **kwargs}
            for name in kind.writes:
                self._preserve(by_name.get(name))
        try:
            if self._complex:
                with lazy_views_resolved():
                    out = func(*args, **kwargs)
            else:
                out = func(*args, **kwargs)
        except BaseException as error:  # raised again; the record names what it was raised by
            self.failed, self.failure, self._writing = operation, error, None
            raise
        operation.results = self._refs_of(out)
        self.operations.append(operation)
        self._unsettled = operation
        return out

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        super().__exit__(exc_type, exc, traceback)  # type: ignore[no-untyped-call]  # as above
        if self._unsettled is not None:
            self._settle(self._unsettled)

    def _settle(self, operation: Operation) -> None:
        if self._held:
            held, self._held = self._held, []
            for one in held:
                self._settle(one)
        self._regaining = False
        note = self._note
        operation.result_keys = tuple([ref.key or note(ref) for ref in operation.results])
        self._unsettled = None
        if self._writing is not None:
            (write, below), self._writing = self._writing, None
            after, key = self._noted(below)
            if isinstance(key, tuple) and key != write.key:
                self.written[key[0]] = write._replace(after=after)
        if self._complex and (key := resolved_by(operation)) is not None:
            self._resolved[id(operation.results[0].tensor)] = key

    def _noted(self, tensor: torch.Tensor) -> tuple[Ref, ValueKey | None]:
        ref = self.watch(tensor)
        return ref, ref.key or self._note(ref)

    def _keep(self, item: Any, keys: list[ValueKey | None]) -> Any:
        if isinstance(item, torch.Tensor):
            ref = self._refs.get(id(item)) or self.watch(item)
            keys.append(ref.key or self._note_operand(ref))
            return ref
        if isinstance(item, (list, tuple)):
            return tuple([self._keep(part, keys) for part in item])
        return item

    def _note_operand(self, ref: Ref) -> ValueKey | None:
        key = self._note(ref)
        if key is None and self._resolved:
            return self._resolved.get(id(ref.tensor))
        if key is not None:
            self.first_seen.setdefault(key, len(self.operations))
            if isinstance(key, int) and torch.is_grad_enabled():
                self._used.add(key)
        return key

    def _note(self, ref: Ref) -> ValueKey | None:
        """Remember which value a tensor holds now, and return its key.

        A leaf may be filled in place first, as a module's parameters are; its value is the one
        that its first use under autograd saw.
        """
        tensor = ref.tensor
        try:
            node = tensor.grad_fn
        except RuntimeError:  # as in value_key
            return None
        if node is not None:
            ref.key = (node, tensor.output_nr)
            self.values.setdefault(ref.key, ref)
            return ref.key
        if not tensor.requires_grad:
            return None
        leaf = id(tensor)
        if leaf not in self._used:
            self.leaves[leaf] = tensor
            self.values[leaf] = ref
        elif self.values[leaf] is not ref:
            self.rewritten.add(leaf)
        return leaf

    def _refs_of(self, out: Any) -> tuple[Ref, ...]:
        if isinstance(out, torch.Tensor):
            return (self.watch(out),)
        if isinstance(out, (list, tuple)):
            return tuple([ref for part in out for ref in self._refs_of(part)])
        return ()

    def _preserve(self, target: Any) -> None:
        """Clone what shares storage with `target`, for it is about to be overwritten."""
        for part in target if isinstance(target, (list, tuple)) else ():
            self._preserve(part)
        if not isinstance(target, torch.Tensor):
            return
        overwritten = self._storages.take(target)
        self.views.leave(overwritten)
        for ref in overwritten:
            # Torch leaves the hooks with the value that they were registered on.
            key, table = value_key(ref.tensor), hook_table(ref.tensor)
            if key is not None and table is not None:
                self.hooks[key] = table
            if self._refs.get(id(ref.tensor)) is ref:
                del self._refs[id(ref.tensor)]
            ref.tensor = ref.tensor.detach().clone()


_NOTHING: Mapping[str, Any] = {}
_PLAIN = frozenset((int, float, bool, str, type(None)))
"""What needs no look inside; telling it apart from a tensor by isinstance is slow."""
