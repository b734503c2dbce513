"""What holds for every page: WCAG 2.1 AA by axe in light and dark, no sideways scrolling, and the keyboard suffices."""

import base64

import pytest
from axe_playwright_python.sync_playwright import Axe
from console.browsing import NARROW, console, seed_zip
from local.running import zipped

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
FAULTY = {"name": "demo.zip", "mimeType": "application/zip", "buffer": zipped({"bootstrap": "echo $x\r\n"}, 0o100644)}


@pytest.fixture
def demo(client):
    """The seed's function, invoked once with success, and one that fails."""
    code = {"ZipFile": base64.b64encode(seed_zip()).decode()}
    broken = {"ZipFile": base64.b64encode(zipped({"index.sh": "x"})).decode()}
    client.call("CreateFunction", FunctionName="demo", Runtime="CustomRuntime", Code=code, Description="Echoes")
    client.call("CreateFunction", FunctionName="broken", Runtime="CustomRuntime", Code=broken)
    for name in ("demo", "broken"):
        client.settled(name)
        client.invoke(name)


def states(site, region):
    """Every page, in each of its states."""
    page = site.open(f"/?region={region}")
    page.locator("#rows").get_by_text("demo").wait_for()
    yield "functions", page
    page.get_by_role("button", name="Delete demo").click()
    yield "delete", page
    page.get_by_role("button", name="Cancel").click()
    page.get_by_label("Search by name").fill("nothing")
    page.get_by_text("No function is called that").wait_for()
    yield "not found", page
    page.goto(f"{site.url}/?region={region}-empty")
    page.get_by_text("No functions here yet").wait_for()
    yield "empty", page
    page.goto(f"{site.url}/create?region={region}")
    page.get_by_text("Bash template").wait_for()
    page.get_by_role("button", name="Next").click()
    yield "create, a fault", page
    page.get_by_label("Function name").fill("another")
    page.get_by_role("button", name="Next").click()
    page.locator("#zip").set_input_files(FAULTY)
    page.get_by_text("The linter finds").wait_for()
    page.get_by_text("Advanced Settings").click()
    page.get_by_role("button", name="Add a variable").click()
    yield "create, configuration", page
    page.goto(f"{site.url}/function/{region}/default/demo")
    page.locator(".source").first.wait_for()
    yield "code", page
    page.get_by_role("button", name="Test", exact=True).click()
    page.locator(".result[data-state=ok]").wait_for()
    page.get_by_role("button", name="Upload").click()
    page.locator("#body").fill("{")
    yield "tested", page
    for tab in ("Configuration", "Log", "Instances"):
        page.get_by_role("tab", name=tab).click()
        if tab == "Instances":
            page.locator(".exchange summary").first.click()
        yield tab, page
    page.goto(f"{site.url}/function/{region}/default/broken")
    page.locator("#status").get_by_text("Active").wait_for()
    page.get_by_role("button", name="Test", exact=True).click()
    page.locator(".result[data-state=failed]").wait_for()
    yield "failed", page


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible(browser, server, demo, region, theme):
    with console(browser, server, color_scheme=theme, reduced_motion="reduce") as site:
        for name, page in states(site, region):
            found = Axe().run(page, options=AXE)
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"


def test_the_page_for_strangers_is_accessible(browser, server):
    page = browser.new_page()
    page.goto(f"http://{server.endpoint}/")
    # axe puts its own script where the policy lets it, as a browser's tools may.
    assert Axe().run(page, options=AXE).violations_count == 0
    page.close()


def test_no_page_is_wider_than_a_phone(browser, server, demo, region):
    with console(browser, server, viewport=NARROW) as site:
        for name, page in states(site, region):
            assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], name


def test_the_theme_can_be_switched_and_is_kept(site):
    page = site.open("/")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Light or dark").click()
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != before
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_the_keyboard_alone_creates_and_tests_a_function(site, region):
    page = site.open(f"/create?region={region}")
    page.get_by_text("Bash template").wait_for()

    def tab_to(what: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "(e => e.id || e.labels?.[0]?.textContent || e.textContent)(document.activeElement).trim()"
            )
            assert page.evaluate(
                "(e => getComputedStyle(e).outlineStyle !== 'none' || e.matches('[type=radio], .unseen, main'))"
                "(document.activeElement)"
            ), focused
            if focused == what:
                return
        raise AssertionError(f"{what} cannot be reached")

    tab_to("name")
    page.keyboard.type("by-keyboard")
    tab_to("Empty functionYour own code, from a ZIP file")
    page.keyboard.press("ArrowDown")
    tab_to("Next")
    page.keyboard.press("Enter")
    page.get_by_text("The linter finds").wait_for()
    tab_to("complete")
    page.keyboard.press("Enter")
    page.locator("#status").get_by_text("Active").wait_for()
    tab_to("run")
    page.keyboard.press("Enter")
    page.get_by_text("The test succeeded").wait_for()
    page.locator("#tab-code").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("heading", name="Basic information").wait_for()
    page.keyboard.press("End")
    page.get_by_role("heading", name="Runtime API").wait_for()
    assert page.url.endswith("/instances")


def test_loading_moves_nothing(site, client, demo, region):
    """The layout shift that the browser itself measures; 0.1 is what counts as good."""
    for path in (
        f"/?region={region}",
        f"/function/{region}/default/demo",
        f"/function/{region}/default/demo/configuration",
    ):
        page = site.open(path)
        page.locator("#rows a, #status .badge").first.wait_for()
        shift = page.evaluate(
            """() => new Promise((done) => {
                 let sum = 0;
                 new PerformanceObserver((list) => list.getEntries().forEach((one) => { sum += one.value; }))
                   .observe({ type: "layout-shift", buffered: true });
                 requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
               })"""
        )
        assert shift < 0.1, path
        page.close()
