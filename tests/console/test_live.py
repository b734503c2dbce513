"""Pages follow what happens: in other tabs, by the SDK, while a function runs, over a restart."""

import signal
import socket
from contextlib import closing

from console.browsing import STARTING, console
from local.running import serving
from playwright.sync_api import expect


def test_two_tabs_agree(site, client, region):
    one, other = site.open(f"/?region={region}"), site.open(f"/?region={region}")
    for page in (one, other):
        page.get_by_text("No functions here yet").wait_for()
        page.locator("#live[data-state=live]").wait_for()
    client.create("shared")
    for page in (one, other):
        page.locator("#rows").get_by_role("link", name="shared").wait_for()
        page.locator("#rows").get_by_text("Active").wait_for()
    client.invoke("shared")
    for page in (one, other):
        page.locator("#rows").get_by_text("Success").wait_for()
    one.get_by_role("button", name="Delete shared").click()
    one.get_by_role("button", name="Delete", exact=True).click()
    for page in (one, other):
        page.get_by_text("No functions here yet").wait_for()


def test_two_tabs_of_one_function_agree(site, client, region):
    client.create("shared", "echo said-by-the-function >&2")
    one, other = (site.open(f"/function/{region}/default/shared") for _ in range(2))
    for page in (one, other):
        page.locator("#status").get_by_text("Active").wait_for()
        page.locator("#live[data-state=live]").wait_for()
    other.get_by_role("tab", name="Instances").click()
    one.get_by_role("button", name="Test", exact=True).click()
    one.get_by_text("The test succeeded").wait_for()
    other.locator(".sequence").get_by_text("The result is taken").wait_for()
    other.locator("#instances").get_by_text("idle", exact=True).wait_for()
    other.get_by_role("tab", name="Function code").click()
    other.locator(".runs button").first.click()
    other.locator(".result .log").get_by_text("said-by-the-function").wait_for()
    one.get_by_role("tab", name="Configuration").click()
    other.get_by_role("tab", name="Configuration").click()
    one.get_by_label("Description").fill("changed in the other tab")
    one.get_by_role("button", name="Save", exact=True).click()
    one.get_by_text("The configuration is saved.").wait_for()
    expect(other.get_by_label("Description")).to_have_value("changed in the other tab")


def test_the_log_is_live_while_the_function_runs(site, client, region):
    with closing(socket.create_server(("127.0.0.1", 0))) as gate:
        # The function waits for a word that never comes, until the gate is closed.
        wait = f"read -r _ < /dev/tcp/127.0.0.1/{gate.getsockname()[1]}"
        client.create("slow", f"echo first-words >&2; {wait}; echo last-words >&2", Timeout=60)
        page = site.open(f"/function/{region}/default/slow")
        page.locator("#live[data-state=live]").wait_for()
        page.locator("#status").get_by_text("Active").wait_for()
        page.get_by_role("button", name="Test", exact=True).click()
        page.locator(".result[data-state=running] .log").get_by_text("first-words").wait_for()
        assert "last-words" not in page.locator(".result .log").inner_text()
    page.get_by_text("The test succeeded").wait_for()
    page.locator(".result .log").get_by_text("last-words").wait_for()


def test_a_restart_is_told_and_loses_nothing(browser, tmp_path):
    with serving(tmp_path / "data") as first:
        port = first.endpoint.rpartition(":")[2]
        first.client("here").create("kept")
        with console(browser, first) as site:
            page = site.open("/function/here/default/kept")
            page.locator("#live[data-state=live]").wait_for()
            page.locator("#status").get_by_text("Active").wait_for()
            page.locator("#body").fill('{"n": 1}')
            page.get_by_role("button", name="Test", exact=True).click()
            page.get_by_text("The test succeeded").wait_for()
            page.locator("#body").fill('{"not": "yet run"}')
            site.expected += (STARTING,)
            first.stop(signal.SIGKILL)
            page.get_by_text("The connection to the local SCF is lost").wait_for()
            page.get_by_role("button", name="Test", exact=True).click()
            page.get_by_text("cannot be reached").wait_for()
            with serving(tmp_path / "data", "--port", port):
                page.get_by_text("The local SCF was started again").wait_for()
                assert page.locator("#body").input_value() == '{"not": "yet run"}'
                page.locator(".runs button").first.click()
                page.locator(".result .body").get_by_text('{"n": 1}').wait_for()
                page.get_by_role("tab", name="Instances").click()
                page.locator(".sequence").get_by_text("The result is taken").wait_for()
                page.get_by_role("tab", name="Function code").click()
                page.get_by_role("button", name="Run again").click()
                page.get_by_text("The test succeeded").wait_for()
                assert page.locator("#body").input_value() == '{"n": 1}'
                page.reload()
                page.locator("#status").get_by_text("Active").wait_for()


def test_a_session_that_has_ended_says_so(browser, tmp_path):
    with serving(tmp_path / "data") as running, console(browser, running) as site:
        page = site.open("/")
        page.locator("#live[data-state=live]").wait_for()
        site.context.clear_cookies()
        site.expected += (STARTING,)
        running.stop(signal.SIGKILL)
        with serving(tmp_path / "data", "--port", running.endpoint.rpartition(":")[2]):
            page.get_by_text("not signed in any more").wait_for()
            page.goto(site.url)
            page.get_by_role("heading", name="Sign in").wait_for()


def test_a_hidden_page_comes_back_with_the_state_of_now(site, client, region):
    page, seen = site.open(f"/?region={region}"), site.open(f"/?region={region}")
    for one in (page, seen):
        one.locator("#live[data-state=live]").wait_for()
    hide = """(hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    client.create("meanwhile")
    seen.locator("#rows").get_by_role("link", name="meanwhile").wait_for()
    assert page.locator("#rows a").count() == 0
    page.evaluate(hide, False)
    page.locator("#rows").get_by_role("link", name="meanwhile").wait_for()
