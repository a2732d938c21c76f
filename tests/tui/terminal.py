"""A real terminal for the installed command, as tmux gives one."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

COMMAND = Path(sys.executable).with_name("graphstep")


class Terminal:
    """One tmux server of its own, with one window of 80 by 24."""

    def __init__(self, tmux: str, folder: Path, locale: str) -> None:
        self.words = [tmux, "-u", "-S", str(folder / "socket"), "-f", os.devnull]
        self._environment = {
            **os.environ, "LC_ALL": locale, "XDG_STATE_HOME": str(folder), "TERM": "xterm-256color",
        }  # fmt: skip

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            [*self.words, *words],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            env=self._environment,
        )
        return done.stdout

    def start(self, *words: str, **environment: str) -> None:
        """Run a graphstep command, and then say its exit code and stay."""
        self.run(shlex.join([str(COMMAND), *words]), **environment)

    def run(self, line: str, **environment: str) -> None:
        """Run a shell's line, and then say its exit code and stay."""
        given = shlex.join(["env", *(f"{name}={value}" for name, value in environment.items())])
        self("new-session", "-d", "-x", "80", "-y", "24", f"{given} {line}; echo code=$?; cat")

    def type(self, text: str) -> None:
        """Type a text, each character as a key."""
        self("send-keys", "-l", text)

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names for them, all at once."""
        self("send-keys", *keys)

    @property
    def child(self) -> int:
        """The process of the command that runs in the window."""
        shell = self("display-message", "-p", "#{pane_pid}").strip()
        found = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", shell], capture_output=True, text=True, check=True
        )
        return int(found.stdout.split()[0])

    def shown(self) -> str:
        return self("capture-pane", "-p")

    def wait_for(self, text: str) -> str:
        for _ in range(300):
            shown = self.shown()
            if text in shown:
                return shown
            time.sleep(0.1)
        raise AssertionError(f"no {text!r} in\n{self.shown()}")

    def is_restored(self) -> bool:
        """Tell whether the terminal is as before: no second screen, no mouse."""
        return self("display-message", "-p", "#{alternate_on}#{mouse_any_flag}").strip() == "00"
