"""Names, events, results, logs and files that hold HTML, scripts or a terminal's codes are shown, never run."""

import base64

from local.running import bootstrap, zipped
from playwright.sync_api import expect

HTML = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
TEMPLATE = "{{7*7}}${7*7}"
# As printf reads it.
TERMINAL = r"\033[31mred\033[0m \033]0;title\007 \033[2J\033]8;;javascript:alert(1)\007link \r lone \u202ertl"


def is_only_text(page) -> bool:
    return page.evaluate(
        "window.hacked === undefined && document.querySelectorAll('img, script:not([src])').length === 0"
    )


def test_whatever_a_function_says_is_text(site, client, region):
    script = f"printf '%s\\n' '{HTML}' {TEMPLATE!r} >&2; printf '{TERMINAL}\\n' >&2; event='{HTML}'"
    client.create("hostile", script, Description=HTML, Environment={"Variables": [{"Key": "K", "Value": HTML}]})
    page = site.open(f"/function/{region}/default/hostile")
    page.locator(".source").wait_for()
    page.locator("#body").fill('{"html": "<img src=x onerror=alert(1)>"}')
    page.get_by_role("button", name="Test", exact=True).click()
    page.locator(".result[data-state=ok]").wait_for()
    log = page.locator(".result .log")
    log.get_by_text("Report RequestId").wait_for()
    shown = log.inner_text()
    assert HTML in shown
    assert TEMPLATE in shown
    assert r"\x1b]0;title\x07 \x1b[2J" in shown
    assert r"\x1b]8;;javascript:alert(1)\x07link \x0d lone \u202ertl" in shown
    assert log.locator(".ansi-red").inner_text() == "red"
    assert log.locator("a").count() == 0
    assert page.locator(".result .body").inner_text() == HTML
    for tab in ("Configuration", "Log", "Instances"):
        page.get_by_role("tab", name=tab).click()
    page.locator(".exchange summary").last.click()
    page.locator(".sequence details[open]").get_by_text("onerror").first.wait_for()
    assert is_only_text(page)
    page.goto(f"{site.url}/?region={region}")
    page.get_by_text(HTML).wait_for()
    assert is_only_text(page)


def test_files_and_their_names_are_text(site, client, region):
    name = "<img src=x onerror=window.hacked=1>.sh"
    files = {"bootstrap": bootstrap(), name: f"# {HTML}\n\x1b[31m{HTML}\n", "a/<b>/c.html": f"{HTML}\r\n"}
    code = {"ZipFile": base64.b64encode(zipped(files)).decode()}
    client.call("CreateFunction", FunctionName="files", Runtime="CustomRuntime", Code=code)
    client.settled("files")
    page = site.open(f"/function/{region}/default/files")
    tree = page.get_by_role("navigation", name="Files")
    tree.get_by_role("button", name=name).click()
    page.locator("#viewer").get_by_text(HTML).first.wait_for()
    assert r"\x1b[31m" in page.locator("#viewer").inner_text()
    tree.get_by_role("button", name="c.html").click()
    page.locator("#viewer", has_text=r"</script>\r").wait_for()
    assert is_only_text(page)


def test_what_a_user_types_is_text(site, client, region):
    client.create("typed")
    page = site.open(f"/?region={region}")
    page.get_by_label("Search by name").fill(HTML)
    page.get_by_text("No function is called that").wait_for()
    page.get_by_label("Namespace").select_option(label="New namespace…")
    page.get_by_label("Name, in").fill(HTML)
    page.get_by_role("button", name="Create", exact=True).last.click()
    page.get_by_text("1 to 60 letters").wait_for()
    page.keyboard.press("Escape")
    page.goto(f"{site.url}/create?region={region}&namespace=%3Cimg%20src%3Dx%20onerror%3Dwindow.run%3D1%3E")
    page.get_by_label("Function name").fill(HTML)
    page.get_by_role("button", name="Next").click()
    page.get_by_text("It has to be 2 to 60 letters").wait_for()
    assert is_only_text(page)
    page.goto(f"{site.url}/function/{region}/default/typed")
    expect(page.locator("#body")).not_to_be_empty()
    page.get_by_role("button", name="Save as…").click()
    page.get_by_label("Name", exact=True).fill(HTML)
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_text("A letter, then letters").wait_for()
    assert is_only_text(page)


def test_what_the_linter_says_of_a_hostile_zip_is_text(site, region):
    page = site.open(f"/create?region={region}")
    page.get_by_label("Function name").fill("hostile")
    page.get_by_role("button", name="Next").click()
    data = zipped({"bootstrap": f"#!/bin/bash\necho ${HTML}\n", "<img src=x onerror=window.hacked=1>.sh": "echo $x\n"})
    page.locator("#zip").set_input_files(
        {"name": "<img src=x onerror=window.hacked=1>.zip", "mimeType": "application/zip", "buffer": data}
    )
    page.get_by_text("The linter finds").wait_for()
    assert is_only_text(page)


def test_a_script_that_got_in_would_not_run(site):
    """The last wall: even HTML that is made by a fault of ours does nothing."""
    page = site.open("/")
    blocked = page.evaluate(
        """() => { try { document.body.innerHTML = "<img src=x onerror='window.hacked=1'>"; return "not blocked"; }
                   catch (error) { return error.name; } }"""
    )
    assert blocked == "TypeError"
    site.complaints.clear()
