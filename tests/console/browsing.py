"""Chromium, a local SCF to look at with it, and what the tests do there again and again."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local.running import Client, Running, zipped
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

ROOT = Path(__file__).parents[2]
SEED = ROOT / "tests" / "fixtures" / "seed"
LINK = re.compile(r"http://\S+/sign-in\?token=\S+")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
]
WAIT_MS = 20_000
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
# What a page that is closed to others may say when it is asked nevertheless.
expect.set_options(timeout=WAIT_MS)
EXPECTED = ("401 (Unauthorized)", "400 (Bad Request)", "net::ERR_")
# And what a page may meet that asks while the server starts again.
STARTING = "503 (Service Unavailable)"


def launch(playwright: Playwright) -> Browser:
    """The browser of this machine; it is installed if there is none."""
    found = subprocess.run([sys.executable, ROOT / "tools" / "browser.py"], capture_output=True, text=True, check=True)
    path = found.stdout.strip()
    libraries = Path(path).parent / "al2023" / "lib"
    environ = {"LD_LIBRARY_PATH": str(libraries)} if libraries.is_dir() else None
    return playwright.chromium.launch(executable_path=path, args=FLAGS, env=environ)


def seed_zip() -> bytes:
    """`demo.zip` of Tencent's document."""
    return zipped({name: (SEED / name).read_bytes() for name in ("bootstrap", "index.sh")})


@dataclass
class Console:
    """A local SCF and a browser that is signed in to it."""

    running: Running
    context: BrowserContext
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = EXPECTED

    @property
    def url(self) -> str:
        return f"http://{self.running.endpoint}"

    def client(self, region: str) -> Client:
        return self.running.client(region)

    def open(self, path: str = "/") -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{error}"))
        page.on("console", self._note)
        page.goto(self.url + path)
        return page

    def _note(self, message: object) -> None:
        text = message.text  # type: ignore[attr-defined]
        if message.type in {"error", "warning"} and not any(known in text for known in self.expected):  # type: ignore[attr-defined]
            self.complaints.append(text)


def sign_in(context: BrowserContext, running: Running) -> None:
    """With the newest link that the server has printed."""
    links = LINK.findall(running.log())
    page = context.new_page()
    page.goto(links[-1])
    page.wait_for_selector("#search")
    page.close()
    while LINK.findall(running.log()) == links:  # a link signs in once, so the next one has to wait for the next
        pass


@contextmanager
def console(browser: Browser, running: Running, **options: object) -> Iterator[Console]:
    """A browser of its own, signed in; in the end no page may have complained."""
    context = browser.new_context(**{"viewport": WIDE, "color_scheme": "light", **options})
    context.set_default_timeout(WAIT_MS)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    try:
        sign_in(context, running)
        found = Console(running, context)
        yield found
        assert not found.complaints, found.complaints
    finally:
        context.close()
