"""The command palette: what can be done now, by name; nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from textual.await_complete import AwaitComplete
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode

from graphstep.tui.looks import LookApp
from graphstep.tui.themes import THEMES

HIDDEN = frozenset({"command_palette", "theme"})
"""The palette itself, and the key that goes through the themes: each theme has a command."""

ENDS = frozenset({"leave", "quit"})


class Command(NamedTuple):
    """Name something to do, say what it does, and do it."""

    name: str
    says: str
    run: Callable[[], object]


class Commands(Provider):
    """Offer every action whose key would work on the screen now, and every other theme."""

    async def discover(self) -> Hits:
        for command in self._commands():
            yield DiscoveryHit(command.name, command.run, help=command.says)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._commands():
            score = max(matcher.match(command.name), matcher.match(command.says) * 0.9)
            if score > 0:
                shown = matcher.highlight(command.name)
                yield Hit(score, shown, command.run, text=command.name, help=command.says)

    def _commands(self) -> Iterator[Command]:
        seen = set(HIDDEN)
        active = list(self.screen.active_bindings.values())
        # The first of the list is what a hasty enter runs: it shall not end the app.
        for node, binding, enabled, _ in sorted(active, key=lambda one: one.binding.action in ENDS):
            if enabled and binding.tooltip and binding.action not in seen:
                seen.add(binding.action)
                name = f"{binding.description} ({self.app.get_key_display(binding)})"
                yield Command(name, binding.tooltip, self._run(binding.action, node))
        app = self.app
        if isinstance(app, LookApp):
            for name in THEMES:
                if name != app.theme:
                    yield Command(f"theme: {name}", "Show it so", partial(app.look, name))

    def _run(self, action: str, node: DOMNode) -> Callable[[], Awaitable[bool]]:
        return partial(self.app.run_action, action, node)


class Palette(CommandPalette):
    """Show the commands.

    A page key before their list is laid out does nothing, nor a second choice once the first
    has closed it.
    """

    def dismiss(self, result: None = None) -> AwaitComplete:
        if self.app.screen is not self:
            return AwaitComplete()
        return super().dismiss(result)

    def _action_command_list(self, action: str) -> None:
        # Before its lines are laid out, Textual's list does not know where a page ends.
        with suppress(KeyError):
            super()._action_command_list(action)
