# SPDX-License-Identifier: MIT-0
"""A page as a reader has it before them, and everything that went wrong on it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, ViewportSize

DEADLINE_MILLISECONDS = 10_000
WIDE = (1280, 900)
PHONE = (360, 740)


@dataclass
class Opened:
    """A page and what it complained of or asked the network for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def focused(self) -> str:
        """The accessible name of what has the focus."""
        told = self.page.evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
        )
        return str(told)

    def details(self) -> str:
        """What the panel says, or nothing when it is closed."""
        panel = self.page.locator("#details")
        return panel.inner_text() if panel.is_visible() else ""


@contextmanager
def opened(
    browser: Browser,
    path: Path,
    size: tuple[int, int] = WIDE,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Opened]:
    """Open a page from disk; at the end, any error or warning in its console fails the test."""
    with _watched(browser, size, scheme) as ready:
        ready.page.goto(path.as_uri())
        yield ready
        assert ready.requests == [path.as_uri()]


@contextmanager
def browsing(
    browser: Browser,
    address: str,
    size: tuple[int, int] = WIDE,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Opened]:
    """Open a page of a server; at the end, a complaint or a request to another is an error."""
    with _watched(browser, size, scheme) as ready:
        ready.page.goto(address)
        yield ready
        own = "/".join(address.split("/")[:3])
        assert [each for each in ready.requests if not each.startswith((own, "data:"))] == []


@contextmanager
def _watched(
    browser: Browser, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> Iterator[Opened]:
    page = _shared(browser)
    page.set_viewport_size(ViewportSize(width=size[0], height=size[1]))
    page.emulate_media(color_scheme=scheme)
    ready = Opened(page)
    watchers: dict[Any, Any] = {
        "console": lambda message: ready.complaints.append(message.text),
        "pageerror": lambda error: ready.complaints.append(str(error)),
        "request": lambda request: ready.requests.append(request.url),
    }
    for event, watcher in watchers.items():
        page.on(event, watcher)
    try:
        yield ready
        assert ready.complaints == []
    finally:
        for event, watcher in watchers.items():
            page.remove_listener(event, watcher)
        page.goto("about:blank")
        page.context.clear_permissions()
        page.context.clear_cookies()


def _shared(browser: Browser) -> Page:
    """The tab of all tests, empty: each new one costs processes that start anew."""
    if browser.contexts:
        return browser.contexts[0].pages[0]
    context = browser.new_context()
    context.set_default_timeout(DEADLINE_MILLISECONDS)
    return context.new_page()
