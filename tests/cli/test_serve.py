"""The app in a browser: in a real Chromium, and for nobody but this machine's own page."""

from __future__ import annotations

import builtins
import http.client
import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from graphstep.cli.command import ENTRIES
from graphstep.cli.main import main
from graphstep.cli.serve import step_words


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve the lecture's expression, and return the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    words = ["serve", "3*a + a*b", "a=10", "b=20", "--port", str(number), "--theme", "light"]
    folder = tmp_path_factory.mktemp("state")
    environment = {**os.environ, "XDG_STATE_HOME": str(folder)}
    with subprocess.Popen(
        [sys.executable, "-m", "graphstep", *words],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        try:
            assert child.stderr is not None
            line = child.stderr.readline()
            assert line == (
                f"graphstep: open http://127.0.0.1:{number} in a browser; ctrl+c ends\n"
            )
            listening(number)
            yield number
        finally:
            child.terminate()
            child.wait(20)


def listening(port: int) -> None:
    """Wait until the server, which has said where it will be, is there."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("nothing listens")


@pytest.mark.full
def test_the_steps_are_there_in_a_browser(port: int, chromium: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    arguments = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": 1000, "height": 620})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        received: list[bytes] = []
        page.on("websocket", lambda socket: socket.on("framereceived", take(received)))
        page.goto(f"http://127.0.0.1:{port}/?fontsize=14")
        wait_for(page, received, "step 1 of 10")
        page.locator(".xterm-helper-textarea").focus()
        page.keyboard.press("End")
        wait_for(page, received, "step 10 of 10")
        page.keyboard.press("q")
        browser.close()
    assert asked
    assert all(f"//127.0.0.1:{port}/" in url for url in asked)


def take(received: list[bytes]) -> Callable[[bytes | str], None]:
    return lambda frame: received.append(frame if isinstance(frame, bytes) else frame.encode())


def wait_for(page: Any, received: list[bytes], sought: str) -> None:
    """Wait until the browser was sent a text; it paints the terminal on a canvas."""
    for _ in range(300):
        page.wait_for_timeout(200)
        if sought.encode() in b"".join(received):
            return
    raise AssertionError(f"no {sought!r} in {b''.join(received)[-3000:]!r}")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:PORT"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example:PORT"}, 403),
        ({"Origin": "http://127.0.0.1:PORT"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_only_this_machines_own_page_is_answered(
    port: int, headers: dict[str, str], status: int
) -> None:
    for path in ("/", "/ws") if status == 403 else ("/",):
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        link.request(
            "GET", path, headers={k: v.replace("PORT", str(port)) for k, v in headers.items()}
        )
        answer = link.getresponse()
        assert answer.status == status
        text = answer.read().decode()
        assert "fonts.googleapis" not in text
        link.close()


def test_it_listens_at_loopback_alone(port: int) -> None:
    for address in {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port)}:
        if str(address).startswith("127.") or address == "::1":
            continue
        with pytest.raises(OSError, match="refused"):
            socket.create_connection((str(address), port), timeout=5)


def test_a_port_that_is_taken_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("textual_serve", reason="textual-serve is not installed")
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        number = holder.getsockname()[1]
        assert main(["serve", "a", "a=1", "--port", str(number)]) == 2
    assert capsys.readouterr().err == (
        f"graphstep: port {number} is taken; give another with --port N\n"
    )


def test_without_textual_serve_it_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any, **more: Any) -> Any:
        if name.partition(".")[0] == "textual_serve":
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "graphstep.tui.browser", raising=False)
    monkeypatch.setattr(builtins, "__import__", absent)
    assert main(["serve"]) == 3
    assert capsys.readouterr().err == (
        "graphstep: the app in a browser needs textual-serve; run: pip install 'graphstep[serve]'\n"
    )


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (["a*", "a=1"], 2, "graphstep: invalid syntax"),
        (["--port", "0"], 2, "graphstep: argument --port: '0' is no port from 1 to 65535"),
    ],
)
def test_what_is_wrong_is_said_before_it_serves(
    words: list[str], code: int, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", *words]) == code
    assert capsys.readouterr().err.splitlines()[0] == line


def test_a_tab_runs_what_was_asked_for() -> None:
    entry = next(entry for entry in ENTRIES if entry.name == "serve")
    given = ["-b", "b=[1, 2]", "--seed", "3", "--ascii", "--predict", "--precision", "6"]
    given += ["--keys", "my keys.json", "--grain", "contribution", "--engine-order"]
    args = entry.parser(entry.load()).read(given)
    assert shlex.split(step_words(args))[1:] == [
        "-m", "graphstep", "step", "--theme", "dark", "--ascii", "--predict",
        "--keys", "my keys.json", "--precision", "6",
        "--seed", "3", "--grain", "contribution", "--engine-order", "-b", "b=[1, 2]",
    ]  # fmt: skip
    args = entry.parser(entry.load()).read(["--theme", "projector"])
    assert shlex.split(step_words(args))[1:] == [
        "-m", "graphstep", "step", "--theme", "projector",
    ]  # fmt: skip


def test_it_takes_what_step_takes_but_what_a_browser_cannot() -> None:
    taken = {}
    for entry in ENTRIES:
        if entry.name in ("step", "serve"):
            given = entry.parser(entry.load()).read([])
            taken[entry.name] = set(vars(given))
    assert taken["step"] - taken["serve"] == {"images", "score"}
    assert taken["serve"] - taken["step"] == {"port"}
