"""How a test in the console tells of the ways in which a function fails."""

import base64

import pytest
from local.running import bootstrap, zipped

READY = 'curl -s -d " " "http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime/init/ready"\n'
NEXT = 'curl -s "http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime/invocation/next"\n'
ERROR = 'curl -s -d "no such customer" "http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime/invocation/error"\n'
HANG = "exec sleep 60\n"
CASES = {
    "init timeout": (
        "#!/bin/bash\necho loading\n" + HANG,
        0o100755,
        "450",
        "init timeout",
        "timed out after 3 seconds",
    ),
    "crash before ready": ("#!/bin/bash\necho broken >&2\nexit 7\n", 0o100755, "450", "exit before ready", "status 7"),
    "crash": (
        "#!/bin/bash\n" + READY + NEXT + "exit 9\n",
        0o100755,
        "439",
        "exit during the invocation",
        "Process exited",
    ),
    "timeout": (
        "#!/bin/bash\n" + READY + NEXT + HANG,
        0o100755,
        "433",
        "invocation timeout",
        "Invoking task timed out",
    ),
    "error": ("#!/bin/bash\n" + READY + NEXT + ERROR + HANG, 0o100755, "430", "reported an error", "no such customer"),
    "not executable": (bootstrap(), 0o100644, "443", "run chmod 755 bootstrap", "Bootstrap not executable"),
    "no bootstrap": ("", 0o100755, "443", "bootstrap missing", "Bootstrap not found"),
    "CRLF": ("#!/bin/bash\r\n" + READY, 0o100755, "443", "bootstrap cannot start", "CRLF"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_failure_is_told_with_status_words_and_log(site, client, region, case):
    text, mode, status, words, message = CASES[case]
    files = {"bootstrap": text} if text else {"index.sh": "x"}
    code = {"ZipFile": base64.b64encode(zipped(files, mode)).decode()}
    timeout_s = 1 if case == "timeout" else 60
    client.call("CreateFunction", FunctionName="failing", Runtime="CustomRuntime", Code=code, Timeout=timeout_s)
    client.settled("failing")
    page = site.open(f"/function/{region}/default/failing")
    page.get_by_role("button", name="Test", exact=True).click()
    result = page.locator(".result[data-state=failed]")
    result.wait_for()
    assert words in result.locator(".headline").inner_text()
    assert "above" not in result.locator(".headline").inner_text()
    assert message in result.locator(".body").inner_text()
    assert result.locator("dt", has_text="Status").locator("+ dd").inner_text() == status
    log = result.locator(".log")
    log.get_by_text("Report RequestId").wait_for()
    assert "ERROR RequestId" in log.inner_text()
    page.get_by_role("tab", name="Log").click()
    page.locator("#log-tab").get_by_text(f"Failed ({status})").wait_for()


def test_a_function_that_cannot_be_unpacked_says_why(site, client, region):
    client.create("fine")
    page = site.open(f"/function/{region}/default/fine")
    page.locator("#status").get_by_text("Active").wait_for()
    client.call("DeleteFunction", FunctionName="fine")
    page.get_by_role("alert").get_by_text("There is no function fine").wait_for()
    assert page.locator("#run").is_disabled()
