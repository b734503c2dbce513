"""Bootstraps whose handler does what it is asked for, each with a fault in how it is called; one case sees it."""

import pytest
from conformance.scripts import failed

# What the conformance handlers of the languages do, as far as it is needed here; the faults are put in by name.
HANDLED = """
import base64, json, threading

def read(answer):
    return answer.body, answer.headers["Request_Id"]

def call_next():
    answer = call("GET", "/invocation/next")
    return answer if answer.status == 200 else sys.exit(1)

def handle(text, request_id):
    event = json.loads(text)
    do = event.get("do") if isinstance(event, dict) else None
    if do == "context": return json.dumps({"request_id": request_id})
    if do == "print":
        print(base64.b64decode(event["base64"]).decode())
        time.sleep(event.get("ms", 0) / 1000)
        return "printed"
    if do == "log":
        os.write(2, base64.b64decode(event["base64"]) + b"\\n")
        return "logged"
    if do == "sleep":
        time.sleep(event["ms"] / 1000)
        return "slept"
    if do == "env": return os.environ.get(event["name"], "")
    if do == "fail": raise ValueError(event["message"])
    return text

def told(error): return str(error).encode()
def after_error(): pass

def serve():
    ready()
    while True:
        event, request_id = read(call_next())
        try: result = handle(event, request_id)
        except ValueError as failure:
            after_error()
            error(told(failure))
        else: response(result)
"""
ASKS_AT_ONCE = """
def call_next():
    while True:
        answer = call("GET", "/invocation/next")
        if answer.status == 200: return answer
"""
FAULTS = {
    "log-of-stdout": "sys.stdout = open(1, 'w')",
    "log-before-a-timeout": """
plain = handle
def handle(*args):
    try: return plain(*args)
    finally: sys.stdout.flush()
""",
    "log-of-many-events": "os.write = lambda *_: None",
    "headers-of-each-event": """
def read(answer, ids=[]):
    ids.append(answer.headers["Request_Id"])
    return answer.body, ids[0]
""",
    "headers-of-chunks-in-lower-case": """
def call_next():
    answer = call("GET", "/invocation/next")
    if "transfer-encoding" in answer.headers.keys(): answer.body = b"?"
    return answer
""",
    "trouble-next-4xx": ASKS_AT_ONCE,
    "sleep-4-s": """
def handle(text, _):
    if b"sleep" in text: raise ValueError("too slow")
    return text
""",
    "error-at-sign": "def told(error): return str(error) if str(error)[0] != '@' else open(str(error)[1:], 'rb')",
    "error-with-special-characters": "def told(error): return str(error).replace('\\n', '').encode()",
    "env-path": "del os.environ['PATH']",
    "error-many": "def after_error(): threading.Thread(target=time.sleep, args=[600], daemon=True).start()",
    "thousand-events": """
import tempfile
def handle(text, _):
    if len(text) > 1000: tempfile.mkstemp()
    return text
""",
    "trouble-gone": """
def call(method, path, body=None):
    end_s = time.process_time() + 5  # however busy the machine is
    while time.process_time() < end_s:
        try:
            connection = connect()
            connection.request(method, "/runtime" + path, body)
            answer = connection.getresponse()
            answer.body = answer.read()
            return answer
        except OSError: pass
    sys.exit(1)
""",
    "error-of-2-kb": "def told(error): return str(error)[:100]",
}
FAULTY = "log-of-stdout", "log-before-a-timeout"


def script_of(case: str, fault: str) -> str:
    # A subject that prints has to flush, unless that is its fault.
    flushed = "" if case in FAULTY and fault else "sys.stdout.reconfigure(line_buffering=True)\n"
    return f"{HANDLED}{flushed}{fault}\nserve()\n"


def test_a_good_one_passes(said_of):
    said = said_of(script_of("", ""), ",".join(FAULTS))
    assert failed(said) == set()
    assert {case["status"] for case in said.values()} == {"passed"}


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_seen(said_of, case):
    assert failed(said_of(script_of(case, FAULTS[case]), case)) == {case}


@pytest.mark.parametrize("wait", ["sys.exit(0)", "time.sleep(0.1)"])
def test_a_client_may_do_with_a_4xx_what_it_likes_but_spin(said_of, wait):
    script = f"""
def call_next():
    while True:
        answer = call("GET", "/invocation/next")
        if answer.status == 200: return answer
        {wait}
"""
    assert failed(said_of(script_of("", script), "trouble-next-4xx")) == set()


def test_an_error_page_that_is_taken_for_an_event(said_of):
    script = "def call_next(): return call('GET', '/invocation/next')\ndef handle(*_): return 'ok'"
    assert failed(said_of(script_of("", script), "trouble-next-4xx")) == {"trouble-next-4xx"}
