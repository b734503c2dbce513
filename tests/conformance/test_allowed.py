"""Bootstraps that do something unusual, but nothing wrong: the suite must not fail them."""

import pytest
from conformance.scripts import GOOD, failed
from scf_gen.conformance.step import same_json

# An HTTP client of few lines; each script sets what is unusual about it.
CLIENT = """
import socket
site, version, head, whole = "", "1.1", "Connection: close", True

def call(method, path, body=b""):
    body = body if isinstance(body, bytes) else body.encode()
    with socket.create_connection((os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"]))) as link:
        start = f"{method} {site}/runtime{path} HTTP/{version}\\r\\n{head}\\r\\nContent-Length: {len(body)}"
        link.sendall(start.encode() + b"\\r\\n\\r\\n" + body)
        answer = link.makefile("rb")
        assert answer.readline().split()[1] == b"200"
        if method == "POST" and not whole:
            return
        call.body = answer.read().partition(b"\\r\\n\\r\\n")[2]
        return call

"""
ANY_CLIENT = "init-ready,event-quotes,answer-keep-alive,init-order,answer-closed-silently"


@pytest.mark.parametrize(
    "unusual",
    [
        "",
        "version, head = '1.0', 'X-A: b'",
        "site = 'http://{SCF_RUNTIME_API}:{SCF_RUNTIME_API_PORT}'.format(**os.environ)",
    ],
    ids=["reads to the end of the connection", "HTTP/1.0", "the whole URL in the request"],
)
def test_a_simple_client(said_of, unusual):
    assert failed(said_of(f"{CLIENT}{unusual}\n{GOOD}", ANY_CLIENT)) == set()


def test_a_client_of_http_1_0_gets_neither_chunks_nor_interim_answers(said_of):
    script = f"{CLIENT}version = '1.0'\n{GOOD}"
    assert failed(said_of(script, "answer-chunked-trailer,answer-interim")) == set()


@pytest.mark.parametrize("case", ["answer-bytewise", "answer-chunked-bytewise"])
def test_a_client_that_hangs_up_when_it_has_read_the_status(finding_of, case):
    """Its next request comes while the answer is still being written."""
    chunked = "def next(): return b''.join(http_body())\n" if "chunked" in case else ""
    script = f"""{CLIENT}
whole = False
def http_body():
    rest = call("GET", "/invocation/next").body
    while True:
        size, _, rest = rest.partition(b"\\r\\n")
        if not int(size, 16): return
        yield rest[:int(size, 16)]
        rest = rest[int(size, 16) + 2:]
{chunked}{GOOD}"""
    assert [finding_of(script, case) for _ in range(5)] == [""] * 5


def test_one_that_answers_an_event_it_has_seen_with_what_it_answered_before(finding_of):
    script = """
seen = {}
ready()
while True:
    answer = call("GET", "/invocation/next")
    id = answer.headers["Request_Id"]
    response(seen.setdefault(id, answer.body))
"""
    assert finding_of(script, "answer-keep-alive") == ""
    assert finding_of(script, "trouble-response-reset") == ""


def test_one_that_tells_the_refusal_of_its_result(finding_of):
    script = """
ready()
while True:
    if response(next()).status == 413: error("too large")
"""
    assert finding_of(script, "trouble-result-refused") == ""


def test_an_error_after_a_result_that_was_taken(finding_of):
    script = "ready()\nwhile True:\n  response(next())\n  error('late')"
    assert "/error was called though no event was under way" in finding_of(script, "answer-keep-alive")


def test_an_answer_of_which_the_status_was_read(finding_of):
    """Whoever has it knows that the post was taken; so it is cut before."""
    script = (
        CLIENT
        + "whole = False\n"
        + """
def patient(method, path, body=b""):
    for _ in range(5):
        try: return once(method, path, body)
        except (OSError, AssertionError, IndexError): time.sleep(0.1)
once, call = call, patient
"""
        + GOOD.replace("next()", "once('GET', '/invocation/next').body")
    )
    assert finding_of(script, "trouble-response-cut") == ""


def test_one_that_gives_up_with_status_0(finding_of):
    script = "import atexit\natexit.register(lambda: os._exit(0))\n" + GOOD
    assert finding_of(script, "trouble-gone") == ""
    assert finding_of(script, "trouble-next-5xx-for-good") == ""


@pytest.mark.parametrize("status", [0, 1, 143])
def test_one_that_ends_at_sigterm_with_any_status(finding_of, status):
    script = f"signal.signal(signal.SIGTERM, lambda *_: os._exit({status}))\n{GOOD}"
    assert finding_of(script, "term-waiting") == ""


def test_one_that_ends_before_sigterm(finding_of):
    assert finding_of("ready(); response(next()); sys.exit(5)", "term-waiting").startswith("to run until SIGTERM")


def test_one_without_a_use_for_the_handlers_name(said_of):
    cases = "init-missing-*,init-bad-handler,init-handler-says-why"
    said = said_of(GOOD, cases)
    assert {case["status"] for case in said.values()} == {"skipped"}
    assert {case["message"] for case in said.values()} == {"no file beside the bootstrap has the word _HANDLER"}
    assert failed(said_of("os.environ['_HANDLER']\n" + GOOD, cases)) == set(said)


def test_recursion_up_to_the_memorys_limit(said_of):
    script = """
ready()
while True:
    event = next()
    if b"recurse" in event:
        fill = [b"x" * 10**6 for _ in range(10**6)]
    response(event)
"""
    assert failed(said_of(script, "error-recursion")) == set()


JSON = """
import json
ready()
while True:
    event = json.loads(next())
    response(json.dumps(event, ensure_ascii=ASCII, separators=(", ", COLON)).encode("utf-8", "replace"))
"""


@pytest.mark.parametrize("style", ["ASCII, COLON = True, ':'", "ASCII, COLON = False, ' : '"])
def test_one_that_answers_with_what_the_event_says_as_json(said_of, style):
    script = f"{style}\nsys.setrecursionlimit(100_000)\nsys.set_int_max_str_digits(0)\n{JSON}"
    assert failed(said_of(script, "event-*")) == set()


@pytest.mark.parametrize(
    ("event", "result", "same"),
    [
        ('{"a": 1, "b": [2]}', '{"b":[2],"a":1.0}', True),
        ('{"a":1,"a":2}', '{"a":2}', True),
        ("[1E400, -0, 0.10000000000000000555]", "[null,0,0.1]", True),
        ("123456789012345678901234567890", "1.2345678901234568e+29", True),
        (r'"\ud800 \ud83d\ude00"', '"\ufffd 😀"', True),
        ("1", "true", False),
        ("[1]", "[2]", False),
        ('"a "', '"a"', False),
        ('""', "", False),
        ("1", "1 2", False),
    ],
)
def test_what_is_the_same_json(event, result, same):
    assert same_json(result.encode(), event.encode()) == same


def test_values_with_spaces_or_as_nothing(said_of):
    script = """
import json
ready()
while True:
    event = json.loads(next())
    value = event.get("value") if isinstance(event, dict) else event
    response("" if value is None else json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\\n")
"""
    assert failed(said_of(script, "result-json,result-json-in-utf-8")) == set()


def test_values_with_escapes(said_of):
    script = "import json\nready()\nwhile True: response(json.dumps(json.loads(next())))"
    assert failed(said_of(script, "result-json-in-utf-8")) == {"result-json-in-utf-8"}
