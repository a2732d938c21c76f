"""Which module is running: `layers.0`, as `named_modules` spells it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from torch import Tensor, nn
from torch.nn.modules.module import (
    register_module_forward_hook,
    register_module_forward_pre_hook,
)
from torch.utils.hooks import RemovableHandle


class ModulePaths:
    """Follow calls of modules through torch's global forward hooks, while entered.

    `current` is the path of the innermost running module, empty outside of any. `roots` collects
    the outermost modules that ran, in order, so that their parameters can be named. Only the
    thread that entered is followed. No hook is left behind. `around` names, by id, modules that
    the user's code holds in variables: `encoder`, `layers.0`.
    """

    def __init__(self, around: Mapping[int, str] | None = None) -> None:
        self.around = around or {}
        self.current = ""
        self.roots: list[nn.Module] = []
        self._names: dict[int, str] = {}
        self._stack: list[str] = []
        self._handles: list[RemovableHandle] = []
        self._thread = 0

    def parameters(self) -> dict[str, nn.Parameter]:
        """Map dotted names to the parameters of the modules that ran outermost.

        Names carry their module's variable in front where `around` has it, else its class where
        two modules would collide. A parameter of two modules goes by its first name.
        """
        found: dict[str, nn.Parameter] = {}
        seen: set[int] = set()
        for count, root in enumerate(self.roots):
            own = dict(root.named_parameters(prefix=self.around.get(id(root), "")))
            clash = any(name in found for name in own)
            for name, parameter in own.items():
                if id(parameter) not in seen:
                    seen.add(id(parameter))
                    found[f"{type(root).__name__}{count}.{name}" if clash else name] = parameter
        return found

    def buffer_names(self) -> dict[int, str]:
        """Map id(buffer) to its dotted name, over the modules that ran outermost."""
        return {
            id(buffer): name
            for root in self.roots
            for name, buffer in root.named_buffers(prefix=self.around.get(id(root), ""))
        }

    def __enter__(self) -> ModulePaths:
        self._thread = threading.get_ident()
        self._handles = [
            register_module_forward_pre_hook(self._before),
            register_module_forward_hook(self._after, always_call=True),
        ]
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles.clear()
        self._stack.clear()
        self.current = ""

    def _before(self, module: nn.Module, args: tuple[Tensor, ...]) -> None:
        if threading.get_ident() != self._thread:
            return
        if not self._stack and not any(module is root for root in self.roots):
            self.roots.append(module)
            for name, part in module.named_modules(prefix=self.around.get(id(module), "")):
                self._names.setdefault(id(part), name or type(module).__name__)
        self.current = self._names.get(id(module), type(module).__name__)
        self._stack.append(self.current)

    def _after(self, module: nn.Module, args: Any, output: Any) -> None:
        if threading.get_ident() == self._thread and self._stack:
            self._stack.pop()
            self.current = self._stack[-1] if self._stack else ""
