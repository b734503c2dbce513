"""The tabs of a function, its test events, and what can be copied."""

import base64
import json
import os
import subprocess
import sys

import pytest
from local.running import SECRET_ID, SECRET_KEY, bootstrap, zipped
from playwright.sync_api import expect

FAILING = """\
#!/bin/bash
api="http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime"
curl -s -d " " "$api/init/ready"
while curl -s "$api/invocation/next"; do curl -s -d "no" "$api/invocation/error"; done
"""


@pytest.fixture
def page(site, client, region):
    client.create("subject", 'echo "$event" >&2', Description="before")
    page = site.open(f"/function/{region}/default/subject")
    page.locator("#status").get_by_text("Active").wait_for()
    page.locator("#live[data-state=live]").wait_for()
    return page


def run(page):
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("The test succeeded").wait_for()


def test_configuration_can_be_changed(page, client):
    page.get_by_role("tab", name="Configuration").click()
    page.get_by_label("Handler").fill("other.handle")
    page.get_by_label("Memory", exact=True).select_option("256")
    page.get_by_label("Execution Timeout Period").fill("901")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("It has to be a whole number from 1 to 900.").wait_for()
    page.get_by_label("Execution Timeout Period").fill("9")
    page.get_by_role("button", name="Add a variable").click()
    page.get_by_label("Variable's name").fill("SCF_MINE")
    page.get_by_label("Variable's value").fill("1")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("The variable SCF_MINE belongs to SCF.").wait_for()
    page.get_by_label("Variable's name").fill("MINE")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("The configuration is saved.").wait_for()
    page.get_by_role("button", name="Dismiss").click()
    assert client.settled("subject") == "Active"
    told = client.call("GetFunction", FunctionName="subject")
    assert (told["Handler"], told["MemorySize"], told["Timeout"]) == ("other.handle", 256, 9)
    assert told["Environment"]["Variables"] == [{"Key": "MINE", "Value": "1"}]
    page.get_by_role("button", name="Remove the variable").click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("The configuration is saved.").wait_for()
    assert client.call("GetFunction", FunctionName="subject")["Environment"]["Variables"] == []


def test_news_take_nothing_back_that_is_being_edited(page, client):
    variables = {"Variables": [{"Key": "MINE", "Value": "1"}]}
    client.call("UpdateFunctionConfiguration", FunctionName="subject", Environment=variables)
    assert client.settled("subject") == "Active"
    page.get_by_role("tab", name="Configuration").click()
    page.get_by_role("button", name="Remove the variable").click()
    client.call("PublishVersion", FunctionName="subject")
    page.get_by_label("Version").locator("option", has_text="1").wait_for(state="attached")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("The configuration is saved.").wait_for()
    assert client.call("GetFunction", FunctionName="subject")["Environment"]["Variables"] == []


def test_changes_can_be_discarded(page):
    page.get_by_role("tab", name="Configuration").click()
    page.get_by_label("Description").fill("after")
    page.get_by_role("button", name="Discard changes").click()
    assert page.get_by_label("Description").input_value() == "before"


def test_other_code_takes_the_place_of_the_old(page, client):
    page.get_by_role("button", name="Upload").click()
    data = zipped({"bootstrap": bootstrap("echo new code >&2"), "lib/data.json": '{"a": 1}'})
    page.locator("#zip").set_input_files({"name": "new.zip", "mimeType": "application/zip", "buffer": data})
    page.get_by_text("The linter finds").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("The code is saved.").wait_for()
    page.get_by_role("button", name="data.json").click()
    page.locator(".source .tok-name", has_text='"a"').wait_for()
    client.settled("subject")
    page.locator("#status").get_by_text("Active").wait_for()
    run(page)
    page.locator(".result .log").get_by_text("new code").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "subject.zip"
    assert download.value.path().read_bytes() == data


def test_what_is_no_zip_is_refused_with_the_reason(page):
    page.get_by_role("button", name="Upload").click()
    page.locator("#zip").set_input_files({"name": "new.zip", "mimeType": "application/zip", "buffer": b"no ZIP"})
    page.locator("#zip-fault").get_by_text("new.zip is not a ZIP file that can be read: ").wait_for()
    assert "scf-gen-" not in page.locator("#zip-fault").inner_text()


def test_a_zip_can_be_dropped(page):
    page.get_by_role("button", name="Upload").click()
    data = base64.b64encode(zipped({"bootstrap": bootstrap()})).decode()
    dropped = page.evaluate_handle(
        """(data) => {
             const transfer = new DataTransfer();
             const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
             transfer.items.add(new File([bytes], "dropped.zip", { type: "application/zip" }));
             return transfer;
           }""",
        data,
    )
    page.locator(".drop").dispatch_event("drop", {"dataTransfer": dropped})
    page.locator(".drop").get_by_text("dropped.zip").wait_for()
    page.get_by_text("The linter finds").wait_for()


def test_versions_can_be_looked_at(page, client):
    client.call("PublishVersion", FunctionName="subject", Description="the first")
    page.locator("#version option", has_text="1").wait_for(state="attached")
    page.get_by_label("Version").select_option("1")
    page.get_by_role("tab", name="Configuration").click()
    expect(page.get_by_label("Description")).to_have_value("the first")
    assert page.get_by_label("Description").is_disabled()


def test_the_log_can_be_searched(page, client):
    first = client.invoke("subject", '{"n": 1}')["FunctionRequestId"]
    client.invoke("subject", '{"n": 2}')
    page.get_by_role("tab", name="Log").click()
    page.locator(".invocations button").nth(1).wait_for()
    page.locator("#request").fill(first)
    expect(page.locator("#log-tab .invocations button")).to_have_count(1)
    page.locator("#log-tab .log").get_by_text('{"n": 1}').first.wait_for()
    page.locator("#request").fill("")
    page.get_by_label("Show").select_option("not0")
    page.locator("#log-tab").get_by_text("No invocations").wait_for()


def test_the_transcript_goes_from_ready_to_the_result(page):
    run(page)
    page.get_by_role("tab", name="Instances").click()
    page.locator("#instances").get_by_text("idle", exact=True).wait_for()
    page.locator(".sequence").get_by_text("The result is taken").wait_for()
    steps = page.locator(".sequence > li")
    texts = [" ".join(text.split()) for text in steps.locator("xpath=p|details/summary").all_inner_texts()]
    assert texts[0] == "SCF starts bootstrap"
    assert texts[1].startswith("POST /runtime/init/ready")
    assert texts[2] == "It is ready"
    assert set(texts[3:5]) >= {"SCF has an event for it"}
    assert any(text.startswith("GET /runtime/invocation/next") for text in texts[3:5])
    assert texts[5].startswith("POST /runtime/invocation/response")
    assert texts[6] == "The result is taken"
    page.locator(".exchange summary").nth(1).click()
    page.get_by_text("Memory_Limit_In_Mb: 128").wait_for()


def test_the_transcript_of_an_error_ends_with_the_error(site, client, region):
    code = {"ZipFile": base64.b64encode(zipped({"bootstrap": FAILING})).decode()}
    client.call("CreateFunction", FunctionName="failing", Runtime="CustomRuntime", Code=code)
    client.settled("failing")
    client.invoke("failing")
    page = site.open(f"/function/{region}/default/failing/instances")
    page.locator(".sequence").get_by_text("The error is taken").wait_for()
    assert page.locator(".sequence").get_by_text("The result is taken").count() == 0


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_button_that_was_pressed_keeps_the_focus(page, key):
    for name, count in (("Test", 1), ("Test", 2), ("Run again", 3)):
        button = page.get_by_role("button", name=name, exact=True)
        expect(button).to_be_enabled()
        button.focus()
        page.keyboard.press(key)
        expect(page.locator(".runs button")).to_have_count(count)
        expect(page.locator("#run")).to_be_focused()


def test_of_a_function_that_never_was_there_nothing_is_shown_until_it_is(site, client, region):
    page = site.open(f"/function/{region}/default/nope")
    page.locator("#status").get_by_text("Not found").wait_for()
    page.get_by_role("alert").get_by_text("There is no function nope").wait_for()
    for name in ("Download", "Upload", "Test", "Save as…"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    client.create("nope")
    page.locator("#status").get_by_text("Active").wait_for()
    expect(page.get_by_role("button", name="Upload")).to_be_enabled()
    client.call("DeleteFunction", FunctionName="nope")
    page.locator("#status").get_by_text("Deleted").wait_for()
    for name in ("Download", "Upload", "Test"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()


def test_an_event_is_checked_formatted_and_kept(page, client):
    page.locator("#body").fill('{\n  "a": 1,\n}')
    page.get_by_text("Not JSON, line 3, column 1").wait_for()
    page.get_by_role("button", name="Test", exact=True).click()
    assert page.locator(".result").get_attribute("data-state") == "empty"
    page.locator("#body").fill('{"a":12345678901234567890}')
    page.get_by_role("button", name="Format").click()
    page.get_by_text("It is left as it is").wait_for()
    page.locator("#body").fill('{"a":[1,"é"]}')
    page.get_by_role("button", name="Format").click()
    assert page.locator("#body").input_value() == '{\n  "a": [\n    1,\n    "é"\n  ]\n}'
    page.get_by_role("button", name="Save as…").click()
    page.get_by_label("Name", exact=True).fill("mine")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_text("mine is saved.").wait_for()
    page.get_by_label("Test Event").select_option("timer")
    assert json.loads(page.locator("#body").input_value())["Type"] == "Timer"
    page.reload()
    page.get_by_label("Test Event").select_option("own:mine")
    assert json.loads(page.locator("#body").input_value()) == {"a": [1, "é"]}
    page.get_by_role("button", name="Delete", exact=True).first.click()
    page.get_by_role("button", name="Delete", exact=True).last.click()
    page.locator('option[value="own:mine"]').wait_for(state="detached")


def test_an_event_arrives_byte_for_byte(page):
    page.locator("#body").fill('{ "n" : 1.0,  "text":"\\u00e9 é 😀" }')
    run(page)
    assert page.locator(".result .body").inner_text() == '{ "n" : 1.0,  "text":"\\u00e9 é 😀" }'


def test_a_test_is_listed_and_can_be_run_again(page):
    page.locator("#body").fill('{"run": "first"}')
    run(page)
    page.locator("#body").fill('{"run": "second"}')
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.locator(".runs button")).to_have_count(2)
    expect(page.locator("#run")).to_be_enabled()
    page.locator(".runs button").nth(1).click()
    page.locator(".result .body", has_text="first").wait_for()
    page.get_by_role("button", name="Run again").click()
    expect(page.locator(".runs button")).to_have_count(3)
    expect(page.locator(".result .body")).to_contain_text("first")


def test_the_sdk_code_does_what_the_test_did(page):
    page.locator("#body").fill('{"quoted": "it\'s \\\\ \\"é\\" 😀\\n"}')
    page.get_by_role("button", name="Copy as SDK code").click()
    page.get_by_text("SDK code is copied.").wait_for()
    code = page.evaluate("navigator.clipboard.readText()")
    keys = {"TENCENTCLOUD_SECRET_ID": SECRET_ID, "TENCENTCLOUD_SECRET_KEY": SECRET_KEY}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **keys}, capture_output=True, text=True, check=True
    )
    answer = json.loads(done.stdout)
    assert answer["Result"]["RetMsg"] == page.locator("#body").input_value()


def test_the_command_names_the_function_and_its_place(page, region, site):
    page.locator("#body").fill('{"a": "it\'s"}')
    page.get_by_role("button", name="Copy as scf-gen invoke").click()
    page.get_by_text("scf-gen invoke is copied.").wait_for()
    command = page.evaluate("navigator.clipboard.readText()")
    words = subprocess.run(["bash", "-c", f"printf '%s\\n' {command}"], capture_output=True, text=True, check=True)
    assert words.stdout.splitlines() == [
        *("scf-gen", "invoke", "--remote", "subject", "--region", region, "--namespace", "default"),
        *("--endpoint", site.url, "-d", '{"a": "it\'s"}'),
    ]


def test_a_log_of_4_mb_does_not_freeze_the_page(site, client, region):
    words = "for i in $(seq 1 64000); do echo 'a line of sixty-four characters, as programs tend to write them.'; done"
    client.create("loud", f"{{ {words}; }} >&2", Timeout=60)
    page = site.open(f"/function/{region}/default/loud")
    page.locator("#status").get_by_text("Active").wait_for()
    page.evaluate(
        """() => {
             window.largest = 0;
             new MutationObserver((records) => {
               const inChunks = records.filter((one) => one.target.className === "chunk");
               const added = inChunks.flatMap((one) => [...one.addedNodes]).map((node) => node.textContent.length);
               window.largest = Math.max(window.largest, added.reduce((sum, chars) => sum + chars, 0));
             }).observe(document.querySelector(".result .log"), { childList: true, subtree: true });
           }"""
    )
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("The test succeeded").wait_for(timeout=60_000)
    chunks = page.locator(".result .log .chunk")
    expect(chunks.last).to_contain_text("Report RequestId")
    assert chunks.count() > 400
    # So much a frame is put on the page, of which only what is seen is drawn.
    assert 0 < page.evaluate("window.largest") <= 1 << 18
    assert chunks.first.evaluate("chunk => getComputedStyle(chunk).contentVisibility") == "auto"


def test_a_template_becomes_a_function(site, region):
    page = site.open(f"/create?region={region}")
    page.get_by_label("Function name").fill("templated")
    page.get_by_text("Python template").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("The linter finds").wait_for()
    page.get_by_role("button", name="Complete").click()
    page.locator("#status").get_by_text("Active").wait_for()
    assert page.locator("#tree button").all_inner_texts()
    run(page)
    assert "test value 1" in page.locator(".result .body").inner_text()


def test_namespaces_and_regions_can_be_chosen_and_made(site, region):
    page = site.open(f"/?region={region}")
    page.get_by_label("Namespace").select_option(label="New namespace…")
    page.get_by_label("Name, in").fill("staging")
    page.get_by_role("button", name="Create", exact=True).last.click()
    expect(page.locator("#namespace")).to_have_value("staging")
    assert page.url.endswith(f"/?region={region}&namespace=staging")
    page.get_by_label("Namespace").select_option(label="Delete staging…")
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator("#namespace")).to_have_value("default")
    page.get_by_label("Region").select_option(label="Another region…")
    page.get_by_label("Name of the region").fill("moon-south")
    page.get_by_role("button", name="Go there").click()
    expect(page.locator("#region")).to_have_value("moon-south")
    page.get_by_label("Region").select_option("na-toronto")
    page.get_by_text("default of na-toronto is empty").wait_for()
