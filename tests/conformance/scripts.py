"""Bootstraps in Python that keep every rule, to be made to break one."""

# Keeps every rule that its script does not break; each script ends with what it changes.
PRELUDE = """\
import http.client, os, signal, sys, time

connection = None

def connect():
    return http.client.HTTPConnection(os.environ["SCF_RUNTIME_API"], int(os.environ["SCF_RUNTIME_API_PORT"]))

def fresh(method, path, body=None):
    connection = connect()
    connection.request(method, "/runtime" + path, body)
    return connection.getresponse().read()

def call(method, path, body=None):
    global connection
    for attempt in range(5):
        try:
            if connection is None:
                connection = connect()
            connection.request(method, "/runtime" + path, body)
            answer = connection.getresponse()
            answer.body = answer.read()
            if answer.status < 500:
                return answer
        except (OSError, http.client.HTTPException):
            connection = None
        time.sleep(0.1)
    sys.exit(1)

def ready(): return call("POST", "/init/ready", " ")
def next(): return call("GET", "/invocation/next").body
def response(body): return call("POST", "/invocation/response", body)
def error(body): return call("POST", "/invocation/error", body)
def hang():
    while True: signal.pause()
"""
GOOD = "ready()\nwhile True: response(next())\n"
CASES = "init-ready,event-hello,event-quotes,answer-keep-alive,trouble-next-reset,trouble-result-refused,term-waiting"

Said = dict[str, dict[str, str]]


def failed(said: Said) -> set[str]:
    return {name for name, case in said.items() if case["status"] == "failed"}
