"""One browser for each module; each test has a session of its own."""

from collections.abc import Iterator

import pytest
from console.browsing import Console, console, launch
from local.running import Running
from playwright.sync_api import Browser, sync_playwright


# Not for the session: while Playwright runs, asyncio takes its loop for running, and other tests have their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def site(browser: Browser, server: Running) -> Iterator[Console]:
    with console(browser, server) as found:
        yield found
