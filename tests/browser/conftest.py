"""A real browser for pages: what it asks for and complains of is kept, and must be nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from graphstep.api import Trace, trace
from graphstep.output.deck.page import deck_html
from graphstep.output.options import PictureOptions
from tests.output.test_groups import network

FOLDED = PictureOptions(collapse=0)
"""Every group of a deck begins closed."""
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@dataclass
class Visit:
    """Hold an open page, and what it did that a deck must not do."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


Open = Callable[..., Visit]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    # One a module: while it runs, no test of another module can have an event loop of its own.
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open HTML text, at `link`, in a window of its own; options are those of the window."""
    contexts: list[BrowserContext] = []

    def open_page(html: str, link: str = "", **options: Any) -> Visit:
        path = tmp_path / f"page-{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        here = Visit(context.new_page())
        here.page.set_default_timeout(5000)
        here.page.on("console", lambda message: here.complaints.append(message.text))
        here.page.on("pageerror", lambda error: here.complaints.append(str(error)))
        here.page.on("dialog", lambda dialog: here.complaints.append(dialog.message))
        here.page.on("request", lambda request: here.requests.append(request.url))
        here.page.goto(path.as_uri() + link)
        asked = [url for url in here.requests if not url.startswith("data:")]
        here.requests[:] = asked[1:]
        return here

    yield open_page
    for context in contexts:
        context.close()


def number(here: Visit) -> int:
    """Return the number of the step that a deck shows."""
    return int(here.text("#number"))


def clean(here: Visit) -> bool:
    """Tell whether a page has asked for nothing and complained of nothing."""
    return here.complaints == [] and here.requests == []


@pytest.fixture(scope="package")
def lecture() -> Trace:
    return trace("3*a + a*b", a=10.0, b=20.0)


@pytest.fixture(scope="package")
def deck(lecture: Trace) -> str:
    return deck_html(lecture.timeline(), lecture.code)


@pytest.fixture(scope="module")
def opened() -> Trace:
    return network()


@pytest.fixture(scope="module")
def grouped(opened: Trace) -> str:
    return deck_html(opened.timeline(), opened.code, options=FOLDED)


def names(here: Visit) -> list[str]:
    """Return the names of the open groups, in the order of the page."""
    return [name.removeprefix("− ") for name in here.page.locator(".bar .name").all_text_contents()]
