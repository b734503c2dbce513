"""What a developer can do about a failure or a warning: a line each, by what it is about.

The keys are the kinds of outcomes (`core.result.Kind`), what may be wrong with a bootstrap file, and what a bootstrap
may do that SCF says nothing of. A lint rule that sees the same from the source is named here, and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Advice:
    """One line, which may name a function's limits and an outcome's `{detail}`; `rule` is the lint rule's code."""

    text: str
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.rule})" if self.rule else self.text


_OUTCOMES = {
    "function error": Advice("the handler failed; its own words are in the result, and maybe in the log"),
    "init timeout": Advice("post /runtime/init/ready when the handler is loaded, or raise init_timeout_s", "SCF301"),
    "exit before ready": Advice("the end of the log says why the bootstrap gave up"),
    "event never fetched": Advice("the bootstrap is ready but does not get /runtime/invocation/next", "SCF315"),
    "invocation timeout": Advice("raise timeout_s, or do less; so ends an event without a result, too", "SCF305"),
    "exit during the invocation": Advice(
        "the bootstrap ended {detail} in the middle of an event; it has to catch a failure and post it as an error",
        "SCF308",
    ),
    "exit between events": Advice(
        "the bootstrap ended {detail} and did not ask for this event; it has to loop", "SCF304"
    ),
    "ended by a signal": Advice("the bootstrap was ended {detail}"),
    "exit without a word": Advice("the bootstrap ended {detail} and wrote nothing into the log"),
    "error without words": Advice("the handler failed, and the error that was posted is empty"),
    "over memory": Advice("raise memory_mb, or hold less; {detail}"),
    "response too large": Advice("answer with less, or with a link"),
    "event not JSON": Advice("{detail}"),
    "event too large": Advice("an event may have 6 MB: {detail}"),
    "bootstrap missing": Advice(
        "there is no file named bootstrap at the root; `scf-gen build` makes it for a compiled language", "SCF201"
    ),
    "bootstrap not executable": Advice("run chmod 755 bootstrap", "SCF202"),
    "bootstrap cannot start": Advice("SCF cannot start such a file"),
    "cancelled": Advice("the caller gave up"),
}

_FILES = {
    "CRLF": Advice("save bootstrap with LF line ends: sed -i 's/\\r$//' bootstrap", "SCF203"),
    "no interpreter": Advice(
        "name an interpreter that SCF has, such as #!/bin/bash, or bring one in the package", "SCF206"
    ),
    "byte order mark": Advice("save bootstrap as UTF-8 without a byte order mark", "SCF204"),
    "no #! line": Advice("begin a script with a #! line; build a program for Linux on x86-64", "SCF205"),
    "another machine": Advice("build it for Linux on x86-64", "SCF209"),
    "unreadable": Advice("run chmod 755 bootstrap"),
    "no file": Advice("bootstrap is no file: put the program itself there", "SCF212"),
}

_WARNINGS = {
    "late result": Advice("a result or error was posted while no event was waiting for one; SCF ignores it"),
    "early result": Advice("a result or error was posted before ready"),
    "large result": Advice("a result over 6 MB was posted"),
    "unknown path": Advice("{detail}: the runtime API has no such path, and answers 404"),
    "wrong method": Advice("{detail}: the runtime API takes another method there, and answers 405"),
    "not HTTP": Advice("the runtime API refused a request: {detail}; a Content-Length counts bytes, not characters"),
}

ADVICE: Mapping[str, Advice] = {**_OUTCOMES, **_FILES, **_WARNINGS}
