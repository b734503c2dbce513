"""The walk of Tencent's document, "Creating and publishing function in console", step by step."""

from console.browsing import seed_zip


def test_from_create_to_the_result_of_hello_world(site, region):
    page = site.open(f"/?region={region}")
    page.get_by_text("No functions here yet").wait_for()
    page.get_by_role("link", name="Create", exact=True).click()

    page.get_by_label("Function name").fill("CustomRuntime-Bash")
    page.get_by_label("Runtime environment").select_option("CustomRuntime")
    page.get_by_role("radio", name="Empty function").check()
    page.get_by_role("button", name="Next").click()

    page.get_by_label("Submitting Method").select_option("Local ZIP file")
    demo = {"name": "demo.zip", "mimeType": "application/zip", "buffer": seed_zip()}
    page.locator("#zip").set_input_files(demo)
    page.get_by_text("The linter finds").wait_for()
    page.get_by_text("Advanced Settings").click()
    page.get_by_label("Initialization Timeout Period").fill("5")
    page.get_by_role("button", name="Complete").click()

    page.get_by_role("heading", name="CustomRuntime-Bash").wait_for()
    assert page.url.endswith(f"/function/{region}/default/CustomRuntime-Bash")
    page.get_by_role("link", name="Function Service").click()
    page.get_by_role("link", name="CustomRuntime-Bash").click()

    assert page.get_by_role("tab", name="Function code").get_attribute("aria-selected") == "true"
    page.get_by_label("Test Event").select_option(label="Hello World event template")
    page.get_by_role("button", name="Test", exact=True).click()
    page.get_by_text("The test succeeded").wait_for()
    result = page.locator(".result")
    assert "Echoing request: '{" in result.locator(".body").inner_text()
    assert '"key1": "test value 1"' in result.locator(".body").inner_text()
    log = result.locator(".log")
    log.get_by_text("Report RequestId").wait_for()
    assert "START RequestId" in log.inner_text()
    assert site.client(region).call("GetFunction", FunctionName="CustomRuntime-Bash")["InitTimeout"] == 5
