"""Write the pictures of the console that the README shows, from a local SCF with a few functions in it."""

import base64
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from console.browsing import Console, console, launch, seed_zip  # noqa: E402
from local.running import bootstrap, serving, zipped  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

FOLDER = ROOT / "docs" / "images"
REGION = "ap-guangzhou"
NAME = "CustomRuntime-Bash"
SIZE = {"width": 1200, "height": 800}


def main() -> None:
    """Overwrite docs/images/console-*.png."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "data") as running,
        sync_playwright() as playwright,
    ):
        client = running.client(REGION)
        files = {
            NAME: seed_zip(),
            "thumbnails": zipped({"bootstrap": bootstrap("echo scaled >&2")}),
            "nightly-report": zipped({"bootstrap": bootstrap()}, 0o100644),
        }
        for name, data in files.items():
            code = {"ZipFile": base64.b64encode(data).decode()}
            client.call("CreateFunction", FunctionName=name, Runtime="CustomRuntime", Code=code)
            client.settled(name)
            client.invoke(name)
        browser = launch(playwright)
        with console(browser, running, viewport=SIZE) as site:
            walk(site)
        with console(browser, running, viewport=SIZE, color_scheme="dark") as site:
            page = site.open(f"/function/{REGION}/default/{NAME}/instances")
            page.locator(".sequence").get_by_text("The result is taken").wait_for()
            shoot(page, "instances")
        browser.close()


def walk(site: Console) -> None:
    """The list, and a test."""
    page = site.open("/")
    page.locator("#rows a").first.wait_for()
    shoot(page, "functions", height=456)
    page.get_by_role("link", name=NAME).click()
    page.locator(".source").wait_for()
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("The test succeeded").wait_for()
    page.locator(".result .log").get_by_text("Report RequestId").wait_for()
    page.set_viewport_size({**SIZE, "height": 1232})
    page.evaluate("scrollTo(0, 0)")
    shoot(page, "test", height=1232)


def shoot(page: Page, name: str, height: int = SIZE["height"]) -> None:
    """What is seen of a page, down to `height`, once its news has come."""
    page.locator("#live[data-state=live]").wait_for()
    page.mouse.move(0, 0)
    seen = {"x": 0, "y": 0, "width": SIZE["width"], "height": height}
    page.screenshot(path=FOLDER / f"console-{name}.png", clip=seen)


main()
