"""What a bootstrap sees of the runtime API."""

import json

import pytest
from scf_gen.core.result import Kind


def answers_of(outcome):
    return json.loads(outcome.body)


def test_headers_are_spelled_as_in_the_seed(bootstrap, invoke):
    script = "import json\nready(); response(json.dumps(next().getheaders())); next()"
    [outcome] = invoke(bootstrap(script), memory_mb=256, timeout_s=7)
    headers = dict(answers_of(outcome))
    assert headers["Request_Id"] == outcome.request_id
    assert headers["Memory_Limit_In_Mb"] == "256"
    assert headers["Time_Limit_In_Ms"] == "7000"


def test_next_asked_again_gives_the_same_event(bootstrap, invoke):
    script = """
ready()
while True:
    first, again, fresh_one = next(), next(), fresh("GET", "/invocation/next")
    same = first.body == again.body == fresh_one.body and first.getheader("Request_Id") == again.getheader("Request_Id")
    response(f"{first.text} {same}")
"""
    assert [outcome.body for outcome in invoke(bootstrap(script), b"1", b"2")] == [b"1 True", b"2 True"]


def test_all_waiting_polls_get_the_event(bootstrap, invoke):
    script = """
second = connect()
second.request("GET", "/runtime/invocation/next")
ready()
response(next().text + second.getresponse().read().decode())
next()
"""
    assert invoke(bootstrap(script), b"1")[0].body == b"11"


@pytest.mark.parametrize("second", ["response", "error"])
def test_the_first_result_wins_and_the_second_gets_an_answer(bootstrap, invoke, second):
    script = f"""
ready()
next(); response("first"); log("late:", {second}("second").status, {second}("third").text)
next(); response("of the second event")
next()
"""
    first, after = invoke(bootstrap(script), b"1", b"2")
    assert first.body == b"first"
    assert after.body == b"of the second event"
    assert b"late: 200 ignored: " in first.log + after.log


def test_the_second_result_is_a_warning(bootstrap, scf_gen):
    code = bootstrap("ready(); next(); response('first'); response('second'); next()")
    done = scf_gen("invoke", code, "--repeat", "2", "--timeout", "1")
    assert "warning: a result or error was posted while no event was waiting for one; SCF ignores it\n" in done.err


def test_a_result_before_ready_is_refused(bootstrap, invoke):
    script = "status = response('early').status\nready(); next(); response(str(status)); next()"
    assert invoke(bootstrap(script))[0].body == b"400"


def test_ready_answers_with_a_body_and_may_be_repeated(bootstrap, invoke):
    script = """
first = ready(); again = fresh("POST", "/init/ready")
next(); middle = ready(); response(f"{first.status} {bool(first.text)} {again.status} {middle.status}"); next()
"""
    assert invoke(bootstrap(script))[0].body == b"200 True 200 200"


def test_a_poll_that_began_before_ready_gets_the_event(bootstrap, invoke):
    script = """
poll = connect()
poll.request("GET", "/runtime/invocation/next")
ready()
response(poll.getresponse().read()); next()
"""
    assert invoke(bootstrap(script), b"1")[0].body == b"1"


def test_a_poll_given_up_does_not_swallow_the_event(bootstrap, invoke):
    script = """
ready()
for _ in range(3):
    poll = connect()
    poll.request("GET", "/runtime/invocation/next")
    poll.close()
while True: response(next().body)
"""
    assert [outcome.body for outcome in invoke(bootstrap(script), b"1", b"2")] == [b"1", b"2"]


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        ("'GET', '/no/such/path'", 404),
        ("'GET', '/invocation/response'", 405),
        ("'POST', '/invocation/next', 'x'", 405),
        ("'PUT', '/init/ready', 'x'", 405),
        ("'POST', '/init/ready?version=1', 'x'", 200),
    ],
)
def test_other_paths_and_methods(bootstrap, invoke, request_line, status):
    script = f"ready(); answer = call({request_line}); next(); response(str(answer.status)); next()"
    assert invoke(bootstrap(script))[0].body == str(status).encode()


@pytest.mark.parametrize(
    "post",
    [
        "call('POST', '/invocation/response', iter([b'in', b'pieces']))",
        "call('POST', '/invocation/response', 'inpieces', {'Content-Type': 'application/x-www-form-urlencoded'})",
        "call('POST', '/invocation/response', 'inpieces', {'Connection': 'close'})",
        "fresh('POST', '/invocation/response', 'inpieces', {'Expect': '100-continue'})",
    ],
    ids=["chunked", "form", "close", "expect"],
)
def test_a_result_may_come_in_any_legal_form(bootstrap, invoke, post):
    for outcome in invoke(bootstrap(f"ready()\nwhile True: next(); {post}"), b"1", b"2"):
        assert outcome.body == b"inpieces"


def test_curl_waits_for_100_continue_and_gets_it(tmp_path, invoke):
    (tmp_path / "bootstrap").write_text("""#!/bin/bash
api=http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime
curl -s -d ' ' "$api/init/ready"
while curl -s "$api/invocation/next"; do
  head -c 2000000 /dev/zero | tr '\\0' x |
    curl -s -H 'Expect: 100-continue' --expect100-timeout 60 --data-binary @- "$api/invocation/response"
done
""")
    (tmp_path / "bootstrap").chmod(0o755)
    [outcome] = invoke(tmp_path, timeout_s=30)
    assert outcome.body == b"x" * 2_000_000
    assert outcome.duration_ms < 30_000


def test_requests_sent_without_waiting_are_answered_in_order(bootstrap, invoke):
    script = r"""
import socket
pipe = socket.create_connection((os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"])))
get = b"GET /runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n"
post = b"POST /runtime/invocation/response HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
start = b"POST /runtime/init/ready HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n "
pipe.sendall(start + get + post + get + post + get)
hang()
"""
    assert [outcome.body for outcome in invoke(bootstrap(script), b"1", b"2")] == [b"hi", b"hi"]


@pytest.mark.parametrize("noise", [r"b'\x16\x03\x01 not http\r\n\r\n'", r"b'GET / HTTP/9.9\r\n\r\n'", "b''"])
def test_noise_on_the_port_disturbs_nobody(bootstrap, invoke, noise):
    script = f"""
import socket
noisy = socket.create_connection((os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"])))
noisy.sendall({noise}); noisy.close()
ready()
while True: response(next().body)
"""
    assert invoke(bootstrap(script), b"1")[0].kind is Kind.OK


@pytest.mark.parametrize(
    ("request_", "warning"),
    [
        (
            "call('POST', '/invocation/result', '1')",
            "POST /runtime/invocation/result: the runtime API has no such path",
        ),
        ("call('PUT', '/invocation/response', '1')", "PUT /runtime/invocation/response: the runtime API takes another"),
        ("fresh('POST', '/init/ready', 'ä'.encode(), {'Content-Length': '1'})", "a Content-Length counts bytes"),
    ],
)
def test_a_request_that_the_runtime_api_refuses_is_a_warning_once(bootstrap, scf_gen, request_, warning):
    code = bootstrap(f"ready(); next(); {request_}; {request_}; response('done'); next()")
    done = scf_gen("invoke", code)
    assert done.out == "done"
    assert done.err.count("warning: ") == 1
    assert warning in done.err
