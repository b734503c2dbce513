"""One server for each worker, one browser for each module; each test has a session and a region of its own."""

import uuid
from collections.abc import Iterator

import pytest
from console.browsing import Console, console, launch
from local.running import Client, Running, serving
from playwright.sync_api import Browser, sync_playwright


# Not for the session: while Playwright runs, asyncio takes its loop for running, and other tests have their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(tmp_path_factory.mktemp("console") / "data") as running:
        yield running


@pytest.fixture
def region() -> str:
    return f"test-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def site(browser: Browser, server: Running) -> Iterator[Console]:
    with console(browser, server) as found:
        yield found


@pytest.fixture
def client(server: Running, region: str) -> Client:
    return server.client(region)
