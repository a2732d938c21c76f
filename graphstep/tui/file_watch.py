"""The file of a source: whether it was saved since its trace was made, or is gone."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal

News = Literal["", "saved", "gone"]
CALM = 0.1
"""Seconds for which a saved file must stay as it is: an editor may still be writing it."""


class FileWatch:
    """Look at the file of the trace on the screen.

    A file is known by its time, its size and its number in the file system, as editors that write
    another file and rename it give it another of these.
    """

    def __init__(self) -> None:
        self._file: Path | None = None
        self._stamp: object = None
        self._failed = False

    def ran(self, file: Path | None, stamped: object) -> None:
        """Take a file, as it was with that stamp, for what is on the screen."""
        self._file, self._stamp, self._failed = file, stamped, False

    def failed(self, stamped: object) -> None:
        """Take the file as it was with that stamp for one that could not be run."""
        self._stamp, self._failed = stamped, True

    @property
    def watches(self) -> bool:
        return self._file is not None

    async def news(self) -> News:
        """Return what became of the file since it ran, or failed."""
        found = await asyncio.to_thread(stamp, self._file)
        if found is None:
            return "gone"
        if found == self._stamp:
            return ""
        await asyncio.sleep(CALM)
        return "saved" if await asyncio.to_thread(stamp, self._file) == found else ""

    def stale_text(self, news: News) -> str:
        """Return in words why the trace is not that of the file, or nothing."""
        if news == "gone":
            return "✗ file gone"
        return "✗ file fails" if self._failed else ""


def stamp(file: Path | None) -> object:
    """Return what changes when a file is saved; None where there is no file."""
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return None if found is None else (found.st_mtime_ns, found.st_size, found.st_ino)
