"""Serve the app to browsers of this machine, and to nobody else."""

from __future__ import annotations

import errno
import re
import socket
import sys
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web
from textual_serve.server import Server

from graphstep.errors import InputError

HOST = "127.0.0.1"
OWN_NAMES = frozenset({HOST, "localhost"})
_ELSEWHERE = re.compile(r"<link[^>]*https?://fonts\.[^>]*>")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(command: str, port: int) -> None:
    """Run `command`, a shell's line that starts the app, for every tab, until ctrl+c.

    Raises InputError for a port that is taken.
    """
    try:
        with socket.socket() as asked:
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            asked.bind((HOST, port))
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        why = "is taken" if taken else f"cannot be used: {error.strerror}"
        raise InputError(f"port {port} {why}; give another with --port N") from None
    LoopbackServer(command, host=HOST, port=port, title="graphstep").serve()


class LoopbackServer(Server):
    """Serve as textual-serve does, without a request that leaves the machine.

    A page of another site can make the browser send requests here; such a request names that
    site, or reaches this machine by another name, and is refused.
    """

    def initialize_logging(self) -> None:
        """Log nothing: requests are of no interest to who reads a trace."""

    async def on_startup(self, app: web.Application) -> None:
        print(f"graphstep: open {self.public_url} in a browser; ctrl+c ends", file=sys.stderr)

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(only_own)
        return app

    async def handle_index(self, request: web.Request) -> web.Response:
        response = await super().handle_index(request)
        assert isinstance(response, web.Response)
        response.text = _ELSEWHERE.sub("", response.text or "")
        return response


@web.middleware
async def only_own(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what another site, or a name for this machine that is not ours, asks for."""
    origin = request.headers.get("Origin")
    if urlsplit(f"//{request.host}").hostname not in OWN_NAMES:
        raise web.HTTPForbidden(text="graphstep answers to 127.0.0.1 and localhost")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="graphstep answers to its own page")
    return await handler(request)
