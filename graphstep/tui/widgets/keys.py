"""The key bar: what can be pressed now, as much of it as fits, help and quit always."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import ClassVar, NamedTuple

from textual.binding import ActiveBinding, Binding
from textual.content import Content
from textual.events import Click
from textual.keys import format_key
from textual.widget import Widget

from graphstep.output.labels import cell_width

GAP = "  "
ALWAYS = frozenset({"help", "leave"})
"""The actions whose hints stand at the right end, however narrow the screen."""

FRONTS = ("$text-accent", "$text")
"""The colours of a key that works now, and of what it does."""


class Hint(NamedTuple):
    """Hold one key and what it does; `joined` to the next hint, they share its words."""

    key: str
    shown: str
    says: str
    enabled: bool
    joined: bool = False

    @property
    def width(self) -> int:
        return cell_width(f"{self.shown} {self.says}" if self.says else self.shown)


class KeyBar(Widget, can_focus=False):
    """Show a hint for each key of the screen; a click on it is a press of the key."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"keys--key", "keys--says"}

    def __init__(self) -> None:
        super().__init__()
        self._places: list[tuple[int, Hint]] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> Content:
        # A reader's own keys come last among the active ones; the hints keep their order.
        order = {
            key.id: k for k, key in enumerate(self.screen.BINDINGS) if isinstance(key, Binding)
        }
        bindings = sorted(
            self.screen.active_bindings.values(),
            key=lambda active: order.get(active.binding.id, len(order)),
        )
        left = hints(b for b in bindings if b.binding.action not in ALWAYS)
        right = hints(b for b in bindings if b.binding.action in ALWAYS)
        content, self._places = Content(""), []
        end = max(0, self.size.width - _length(right) + len(GAP))
        for hint in _fitting(left, end - len(GAP)):
            content = self._with(content, hint)
        content += Content(" " * max(0, end - content.cell_length))
        for hint in right:
            content = self._with(content, hint)
        return content

    def _with(self, content: Content, hint: Hint) -> Content:
        self._places.append((content.cell_length, hint))
        own = (self.get_component_styles(f"keys--{part}").text_style for part in ("key", "says"))
        if hint.enabled:
            key, says = (f"{front} {style}" for front, style in zip(FRONTS, own, strict=True))
        else:
            key = says = "$text-disabled"
        content += Content.assemble((hint.shown, key))
        if hint.says:
            content += Content.assemble((f" {hint.says}", says))
        return content + Content(" " if hint.joined else GAP)

    def on_click(self, event: Click) -> None:
        event.stop()
        for start, hint in self._places:
            if start <= event.x < start + hint.width:
                if hint.enabled:
                    self.app.simulate_key(hint.key)
                return


def hints(bindings: Iterable[ActiveBinding]) -> list[Hint]:
    """Return a hint for each action that is shown; those of a group share its words."""
    found = {b.binding.action: b for b in reversed(list(bindings)) if b.binding.show}
    made = []
    for group, members in groupby(reversed(found.values()), key=lambda b: b.binding.group):
        own = list(members)
        for number, (_, binding, enabled, _) in enumerate(own, 1):
            joined = group is not None and number < len(own)
            says = binding.description
            if group is not None:
                says = "" if joined else group.description
            shown = binding.key_display or format_key(binding.key)
            made.append(Hint(binding.key, shown, says, enabled, joined))
    return made


def _length(shown: list[Hint]) -> int:
    gaps = sum(1 if hint.joined else len(GAP) for hint in shown)
    return sum(hint.width for hint in shown) + gaps


def _fitting(shown: list[Hint], room: int) -> list[Hint]:
    """Return the hints that fit, up to the first that does not."""
    for count in range(len(shown), 0, -1):
        if not shown[count - 1].joined and _length(shown[:count]) - len(GAP) <= room:
            return shown[:count]
    return []
