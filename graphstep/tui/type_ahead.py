"""Type-ahead: keys that come faster than the app answers go where each before them led."""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic

from textual.app import App
from textual.dom import DOMNode
from textual.events import Event
from textual.message_pump import MessagePump

PATIENCE = 1.0
"""Seconds after which the next key goes on, whatever the one before it started."""
GLANCE = 0.02
"""Seconds between two looks whether what is waited for is still there."""


class TypeAhead:
    """Let one key of `app` on at a time.

    Textual sends a key to what has the focus when the key arrives. Of keys that arrive together,
    as over a slow line, those after a tab, or after a key that opens a screen, would be typed into
    what had the focus before.
    """

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._waiting: deque[Event] = deque()
        self._let_on: Event | None = None
        self._chase: asyncio.Task[None] | None = None

    @property
    def waits(self) -> bool:
        """Tell whether a key is not done yet, or not begun."""
        return self._chase is not None

    def takes(self, event: Event) -> bool:
        """Tell whether a key may be handled now; one that may not comes again later.

        It does not where the app is about to end, and has no screen left that takes keys.
        """
        if not self._app.screen_stack:
            return False
        if event is self._let_on:
            self._let_on = None
        elif self._chase is not None:
            self._waiting.append(event)
            return False
        start = self._app.focused or self._app.screen
        self._chase = asyncio.create_task(self._follow(start))
        return True

    async def _follow(self, start: DOMNode) -> None:
        """Wait until a key that began at `start` is done, and let the next one on."""
        until = monotonic() + PATIENCE
        app = self._app
        # It rises from node to node, and so does what it made one of them say.
        rising = [node for node in start.ancestors_with_self if node is not app]
        for node in (app, *rising, app, *rising, app):
            await _passed(node, until)
        # What it opened may take the focus.
        for node in (*app.screen_stack[-1:], app):
            await _passed(node, until)
        if self._waiting and app.is_running:
            self._let_on = self._waiting.popleft()
            app.post_message(self._let_on)
        else:
            self._chase = None


async def _passed(node: MessagePump, until: float) -> None:
    """Wait until a node has handled what was sent to it so far, or is gone."""
    done = asyncio.Event()
    if not node.call_later(done.set):
        return
    while not (done.is_set() or node._closed) and monotonic() < until:
        try:
            await asyncio.wait_for(done.wait(), GLANCE)
        except TimeoutError:
            continue
