"""The sources opened last, kept in a file of the user's state folder."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from graphstep.source.request import Request, request_from

MOST = 12
LARGEST = 100_000
"""A larger file is not ours."""


def state_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where graphstep keeps what it remembers, as the XDG rules and Windows have it."""
    if sys.platform == "win32" and environment.get("LOCALAPPDATA"):
        return Path(environment["LOCALAPPDATA"]) / "graphstep"
    given = environment.get("XDG_STATE_HOME", "")
    home = Path(given) if Path(given).is_absolute() else Path("~/.local/state").expanduser()
    return home / "graphstep"


class Recent:
    """Remember requests in `folder`; a folder that cannot be read or written is no error."""

    def __init__(self, folder: Path | None) -> None:
        self._file = None if folder is None else folder / "recent.json"

    def read(self) -> tuple[Request, ...]:
        """Return the requests of before, the last one first."""
        if self._file is None:
            return ()
        try:
            if self._file.stat().st_size > LARGEST:
                return ()
            data = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return ()
        found = map(request_from, data if isinstance(data, list) else [])
        return tuple(request for request in found if request is not None)[:MOST]

    def add(self, request: Request) -> None:
        """Put a request first; the same source, asked for otherwise, gives way to it."""
        if self._file is None:
            return
        others = [one for one in self.read() if one.source != request.source]
        text = json.dumps([asdict(one) for one in (request, *others)[:MOST]], indent=1)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".recent-", dir=self._file.parent)
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(name).replace(self._file)
            except (OSError, UnicodeError):
                Path(name).unlink(missing_ok=True)
        except OSError:
            return
