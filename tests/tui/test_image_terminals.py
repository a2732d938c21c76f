"""Images in a real terminal: what is sent to one that knows sixel, or kitty's graphics."""

from __future__ import annotations

import base64
import fcntl
import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image, ImageColor

from graphstep.output.themes import theme

CELL = 10, 20
"""The pixels of a cell."""
LAST_CHUNK = rb"\x1b_G[^;\x1b]*m=0[^;\x1b]*f=100"


class Terminal:
    """Be a terminal that says which images it shows, and keep what is written to it."""

    def __init__(self, words: list[str], answers: dict[bytes, bytes]) -> None:
        self._answers = answers
        self.seen = b""
        self._parent, child = pty.openpty()
        fcntl.ioctl(
            child, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 100 * CELL[0], 30 * CELL[1])
        )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "graphstep", *words], stdin=child, stdout=child,
            stderr=child, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"},
        )  # fmt: skip
        os.close(child)

    def until(self, pattern: bytes, seconds: float = 60, start: int = 0) -> bool:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if re.search(pattern, self.seen[start:], re.DOTALL):
                return True
            if select.select([self._parent], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self._parent, 65536)
                except OSError:
                    break
                for asked in [asked for asked in self._answers if asked in self.seen]:
                    os.write(self._parent, self._answers.pop(asked))
        return re.search(pattern, self.seen[start:], re.DOTALL) is not None

    def press(self, key: bytes) -> None:
        os.write(self._parent, key)

    def close(self) -> None:
        self._process.kill()
        self._process.wait(10)
        os.close(self._parent)


SIXEL = {b"\x1b[c": b"\x1b[?62;4;22c"}
KITTY: dict[bytes, bytes] = {b"\x1b[c": b"\x1b[?62;22c", b"a=q": b"\x1b_Gi=1;OK\x1b\\"}


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    found: list[Terminal] = []
    yield found
    for terminal in found:
        terminal.close()


@pytest.mark.full
@pytest.mark.parametrize(
    ("answers", "image"), [(SIXEL, rb"\x1bP[0-9;]*q.*\x1b\\"), (KITTY, rb"\x1b_G[^\x1b]*f=100")]
)
def test_a_terminal_that_shows_images_gets_them(
    terminals: list[Terminal], answers: dict[bytes, Any], image: bytes
) -> None:
    words = ["step", "3*a + a*b", "a=10", "b=20", "--images"]
    terminals.append(terminal := Terminal(words, dict(answers)))
    assert terminal.until(image), terminal.seen[-3000:]
    seen = len(terminal.seen)
    terminal.press(b"z")
    assert terminal.until(image, start=seen)
    terminal.press(b"q")
    assert terminal.until(rb"\x1b\[\?1049l")


@pytest.mark.full
def test_what_kitty_gets_is_the_graph_at_the_step(terminals: list[Terminal]) -> None:
    words = ["step", "3*a + a*b", "a=10", "b=20", "--images"]
    terminals.append(terminal := Terminal(words, dict(KITTY)))
    assert terminal.until(LAST_CHUNK), terminal.seen[-3000:]
    chunks = re.findall(rb"\x1b_G[^;\x1b]*f=100[^;\x1b]*;([^\x1b]*)\x1b", terminal.seen)
    shown = Image.open(io.BytesIO(base64.b64decode(b"".join(chunks)))).convert("RGB")
    assert shown.width % CELL[0] == shown.height % CELL[1] == 0
    colours = {colour for _, colour in shown.getcolors(shown.width * shown.height) or []}
    dark = theme("dark")
    assert {ImageColor.getrgb(name) for name in (dark.background, dark.current)} <= colours
