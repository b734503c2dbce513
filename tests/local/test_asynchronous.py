"""InvocationType Event: accepted at once, tried again when it fails, not lost by a restart."""

import json
import signal
import threading

import pytest
from local.running import serving


def attempts(client, name, request_id):
    """What became of the event's invocations, in their order, when none is running any more."""
    while True:
        data = client.call("GetRequestStatus", FunctionName=name, FunctionRequestId=request_id)["Data"]
        if data and not any(each["RetCode"] == 1 for each in data):
            return sorted((each["RetryNum"], each["RetCode"], each["RetMsg"]) for each in data)


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A server that tries again without waiting."""
    with serving(tmp_path_factory.mktemp("hasty") / "data", "--retry-wait", "0") as running:
        yield running


def test_an_event_is_accepted_and_then_handled(client):
    client.create("echo")
    result = client.invoke("echo", '"soon"', InvocationType="Event", LogType="Tail")
    request_id = result.pop("FunctionRequestId")
    assert not any(result.values())
    assert attempts(client, "echo", request_id) == [(0, 0, '"soon"')]
    [log] = client.call("GetFunctionLogs", FunctionName="echo")["Data"]
    assert (log["RequestId"], log["RetryNum"]) == (request_id, 0)


def test_a_failing_event_is_tried_three_times_in_all(hasty):
    client = hasty.client("ap-failing")
    client.create("failing", "exit 3")
    request_id = client.invoke("failing", InvocationType="Event")["FunctionRequestId"]
    assert [(number, code) for number, code, _ in attempts(client, "failing", request_id)] == [
        (0, -1),
        (1, -1),
        (2, -1),
    ]


def test_an_event_that_works_the_second_time_is_done(hasty):
    client = hasty.client("ap-moody")
    client.create("moody", '[ "${seen-}" ] || { seen=1; curl -s -d oops "$api/invocation/error"; continue; }')
    request_id = client.invoke("moody", "1", InvocationType="Event")["FunctionRequestId"]
    (first, failed, error), second = attempts(client, "moody", request_id)
    assert (first, failed, second) == (0, -1, (1, 0, "1"))
    assert "oops" in error


def test_a_synchronous_failure_is_not_tried_again(hasty):
    client = hasty.client("ap-once")
    client.create("failing", "exit 3")
    client.invoke("failing")
    assert client.call("GetFunctionLogs", FunctionName="failing")["TotalCount"] == 1


def test_what_the_caller_did_wrong_is_refused_at_once(client, refused):
    client.create("echo")
    event = {"FunctionName": "echo", "InvocationType": "Event"}
    assert refused("Invoke", ClientContext="{", **event) == "InvalidParameterValue.Param"
    assert refused("Invoke", Qualifier="5", **event) == "ResourceNotFound.Qualifier"
    assert refused("Invoke", FunctionName="nobody", InvocationType="Event") == "ResourceNotFound.Function"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_accepted_events_survive_a_restart(tmp_path, number):
    with serving(tmp_path / "data") as server:
        client = server.client()
        client.create("slow", f"until [ -e {tmp_path}/go ]; do sleep 0.01; done", Timeout=30)
        events = [client.invoke("slow", str(number), InvocationType="Event") for number in range(5)]
        server.stop(number)
    with serving(tmp_path / "data", "--no-sandbox") as server:
        client = server.client()
        (tmp_path / "go").touch()
        results = {attempts(client, "slow", event["FunctionRequestId"])[0][1:] for event in events}
    assert results == {(0, str(number)) for number in range(5)}


def test_events_of_a_deleted_function_are_dropped(hasty):
    client = hasty.client("ap-deleted")
    client.create("failing", "exit 3")
    for _ in range(3):
        client.invoke("failing", InvocationType="Event")
    client.call("DeleteFunction", FunctionName="failing")
    client.create("failing")
    assert client.invoke("failing", "1")["RetMsg"] == "1"


def test_callers_do_not_disturb_each_other(client):
    client.create("echo")
    results = {}

    def call(number):
        results[number] = json.loads(client.invoke("echo", json.dumps({"n": number}))["RetMsg"])["n"]

    threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: number for number in range(8)}
