# ruff: noqa: ANN001, ANN201, INP001, PTH109, T201 -- a handler like those that users write
"""A handler that does what its event says: {"do": "echo"}, {"do": "fail", "message": "…"} and so on."""

import base64
import os
import sys
import time

time.sleep(int(os.environ.get("LOAD_MS", "0")) / 1000)

CONTEXT_KEYS = (
    "request_id",
    "memory_limit_in_mb",
    "time_limit_in_ms",
    "function_name",
    "function_version",
    "namespace",
    "tencentcloud_region",
)


def main_handler(event, context):
    do = event.get("do") if isinstance(event, dict) else None
    act = ACTIONS.get(do) if isinstance(do, str) else None
    return act(event, context) if act else context.raw_event


def decoded(event):
    return base64.b64decode(event["base64"])


def sleep(event, _context):
    print("sleeping", file=sys.stderr, flush=True)
    time.sleep(event["ms"] / 1000)
    return "slept"


def log(event, _context):
    text = decoded(event).decode()
    print(text)
    print(text, file=sys.stderr)
    return "logged"


def print_(event, _context):
    print(decoded(event).decode())
    time.sleep(event.get("ms", 0) / 1000)
    return "printed"


def describe(_event, context):
    values = {key: context[key] for key in CONTEXT_KEYS}
    values["remaining_time_in_ms"] = context.remaining_time_in_ms()
    return values


def fail(event, _context):
    raise ValueError(event.get("message", "failed on demand"))


def recurse(event, context):
    return recurse(event, context)


ACTIONS = {
    "result": lambda event, _: decoded(event),
    "text": lambda event, _: decoded(event).decode(),
    "json": lambda event, _: event["value"],
    "nothing": lambda *_: None,
    "large": lambda event, _: b"x" * event["bytes"],
    "sleep": sleep,
    "log": log,
    "print": print_,
    "context": describe,
    "env": lambda event, _: os.environ.get(event["name"], ""),
    "cwd": lambda *_: os.getcwd(),
    "stdin": lambda *_: sys.stdin.read(),
    "fail": fail,
    "throw": fail,  # only exceptions can be raised
    "exit": lambda event, _: os._exit(event["status"]),
    "recurse": recurse,
    "unencodable": lambda *_: object(),
}
