"""The SCF contract: its constants, and each of its sentences as a clause with source and certainty.

"Seed" is Tencent's page 583/38130, "Custom Runtime" its page 583/47274.
"""

from dataclasses import dataclass
from enum import StrEnum

READY_PATH = "/runtime/init/ready"
NEXT_PATH = "/runtime/invocation/next"
RESPONSE_PATH = "/runtime/invocation/response"
ERROR_PATH = "/runtime/invocation/error"

# Spelled as in the seed; clients look them up in any case.
REQUEST_ID_HEADER = "Request_Id"
MEMORY_LIMIT_HEADER = "Memory_Limit_In_Mb"
TIME_LIMIT_HEADER = "Time_Limit_In_Ms"

BOOTSTRAP = "bootstrap"
CODE_ROOT = "/var/user"
LAYER_ROOT = "/opt"
# The seed's SDK sample sends no handler at all, so there has to be one (emulator's choice).
DEFAULT_HANDLER = "index.main_handler"

# API CreateFunction, "FunctionName".
NAME_PATTERN = r"[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z0-9]"
NAME_RULE = "2 to 60 letters, digits, - and _, a letter first, a letter or digit last"

# Page 583/11637, "Quota Limits".
TIMEOUT_S = range(1, 901)
INIT_TIMEOUT_S = range(3, 301)
MEMORY_MB = (64, *range(128, 3073, 128))
EVENT_LIMIT_BYTES = 6 * 1024 * 1024
RESPONSE_LIMIT_BYTES = 6 * 1024 * 1024
ASYNC_EVENT_LIMIT_BYTES = 128 * 1024
LOG_TAIL_BYTES = 4096
# A request of the API holds 10 MB (TC3-HMAC-SHA256), which in base64 is this much of a ZIP. What the API's own pages say
# of ZipFile, 20 and 50 MB, does not fit into that.
INLINE_ZIP_LIMIT_BYTES = 7_500_000

DEFAULT_TIMEOUT_S = 3
DEFAULT_INIT_TIMEOUT_S = 3
DEFAULT_MEMORY_MB = 128
DEFAULT_REGION = "ap-guangzhou"
DEFAULT_NAMESPACE = "default"
LATEST = "$LATEST"

# Page 583/30228, "Environment Variables".
ENV_KEY_PATTERN = r"[A-Za-z][A-Za-z0-9_]*"
RESERVED_ENV_PREFIXES = ("SCF_", "QCLOUD_", "TENCENTCLOUD_")
# Page 583/11637: names and values of all variables together.
ENV_LIMIT_BYTES = 4096


class Certainty(StrEnum):
    """How sure it is that SCF behaves so."""

    OFFICIAL = "Tencent's text"
    SEEN = "seen live"
    INFERRED = "inferred"
    CHOICE = "emulator's choice"


class Duty(StrEnum):
    """Whose part a clause is."""

    PLATFORM = "SCF"
    BOOTSTRAP = "bootstrap"


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of the contract; `source` is a page of product 583, the seed (page 38130), or where it was seen."""

    id: str
    duty: Duty
    certainty: Certainty
    source: str
    text: str


_P, _B = Duty.PLATFORM, Duty.BOOTSTRAP
_A, _S, _I, _E = Certainty.OFFICIAL, Certainty.SEEN, Certainty.INFERRED, Certainty.CHOICE
_SEED, _PAGE, _STATUS, _ENV, _QUOTA = "seed", "page 47274", "page 42611", "page 30228", "page 11637"

# fmt: off
CLAUSES = (
    Clause("START-NAME", _P, _A, _SEED, "SCF starts the file named bootstrap at the root of the code."),
    Clause("START-EXECUTABLE", _B, _A, _SEED, "bootstrap has the executable permission; else the start fails with status 443, ReloadFail: Bootstrap not executable."),
    Clause("START-MISSING", _P, _E, "", "Without a bootstrap the start fails with status 443, ReloadFail: Bootstrap not found."),
    Clause("START-BROKEN", _P, _E, "", "A bootstrap that the kernel cannot start (CRLF, no such interpreter, another machine, no #! line) fails with status 443, ReloadFail: and the cause."),
    Clause("START-CWD", _P, _A, _ENV, "The working directory is /var/user, where the code lies."),
    Clause("FILES-READ-ONLY", _P, _A, _QUOTA, "The code is read-only: a write fails with EROFS."),
    Clause("FILES-TMP", _P, _A, _QUOTA, "/tmp alone can be written; it holds 512 MB, belongs to one instance, and lasts as long as that."),
    Clause("FILES-OPEN", _P, _A, _QUOTA, "1,024 files may be open."),
    Clause("SYSTEM-CENTOS", _B, _I, _SEED, "The bootstrap does with what CentOS 7.6 has: glibc 2.17, Bash 4.2, curl 7.29 and the usual programs; what else it needs it brings along."),
    Clause("ENV-BUILT-IN", _P, _A, _ENV, "The environment holds SCF's variables, the function's, and no others."),
    Clause("ENV-HANDLER", _P, _A, _SEED, "_HANDLER holds the function's handler as it was configured."),
    Clause("ENV-API", _P, _A, _SEED, "SCF_RUNTIME_API and SCF_RUNTIME_API_PORT say where the runtime API is."),
    Clause("ENV-USER", _P, _A, _ENV, "The function's own variables are set; names with the prefixes SCF_, QCLOUD_ and TENCENTCLOUD_ are refused."),
    Clause("ENV-PROXY", _B, _S, "sample deno bootstrap", "Proxy variables do not apply to the runtime API."),
    Clause("INIT-LOAD", _B, _A, _SEED, "The handler is loaded before ready is reported."),
    Clause("INIT-HANDLER", _B, _I, _SEED, "A handler that cannot be found or loaded is told on stderr, and the bootstrap exits with another status than 0, before ready."),
    Clause("INIT-READY", _B, _A, _SEED, "The bootstrap posts /runtime/init/ready when its initialization is complete."),
    Clause("INIT-READY-BODY", _B, _S, "johnmave126/tencent_scf", "Ready has a body of at least one byte; the emulator takes an empty one too."),
    Clause("INIT-READY-ONCE", _P, _A, _PAGE, "Ready may be repeated; the first one counts."),
    Clause("INIT-CLOCK", _P, _A, _SEED, "The initialization timeout runs from the start of bootstrap to ready."),
    Clause("INIT-TIMEOUT", _P, _E, _PAGE, "After it the process is ended: status 450, Initializing task timed out after N seconds (the text was seen live)."),
    Clause("INIT-EXIT", _P, _E, _PAGE, "An exit before ready fails at once: status 450, Bootstrap exited with status N before ready."),
    Clause("INIT-LOG", _P, _A, _PAGE, "What is written during the initialization comes with the log of the first invocation."),
    Clause("NEXT-BLOCKS", _P, _A, _SEED, "GET /runtime/invocation/next waits until there is an event."),
    Clause("NEXT-NO-TIMEOUT", _B, _A, _SEED, "The bootstrap sets no timeout for /next."),
    Clause("NEXT-BODY", _P, _A, _SEED, "The body of the answer is the event, byte for byte."),
    Clause("NEXT-HEADERS", _P, _A, _SEED, "The answer's headers are Request_Id, Memory_Limit_In_Mb and Time_Limit_In_Ms."),
    Clause("NEXT-HEADERS-CASE", _B, _S, _PAGE, "The bootstrap reads header names in any case and order: Tencent spells them in two ways."),
    Clause("NEXT-REPEATED", _P, _A, _SEED, "Asked again during an invocation, /next gives the same event."),
    Clause("NEXT-UNFETCHED", _P, _A, _PAGE, "An event that is not fetched within the timeout ends the instance with status 433 and a text of its own."),
    Clause("EVENT-JSON", _P, _A, _STATUS, "An event that is not JSON is refused with status 400 before any instance sees it."),
    Clause("EVENT-LIMIT", _P, _A, _STATUS, "An event may have 6 MB, 128 KB if invoked asynchronously; more is status 406."),
    Clause("HANDLER-EVENT", _B, _I, _SEED, "The handler gets the event's text, or what it says as JSON, unchanged."),
    Clause("HANDLER-CONTEXT", _B, _A, _SEED, "The handler can see the request's id and the limits."),
    Clause("RESULT-POST", _B, _A, _SEED, "The bootstrap posts the handler's result to /runtime/invocation/response."),
    Clause("RESULT-VERBATIM", _B, _A, _SEED, "The result is free text and comes back as the handler gave it."),
    Clause("RESULT-FORMS", _P, _I, "", "A post may be chunked, of any content type, and may wait for 100 Continue."),
    Clause("RESULT-FIRST", _P, _A, _SEED, "The first result or error of an invocation is final; later ones change nothing."),
    Clause("RESULT-LATE", _P, _E, "", "A later one is answered with 200 and a text that says it was ignored."),
    Clause("RESULT-EARLY", _P, _E, "", "A result before ready is answered with 400."),
    Clause("RESULT-LIMIT", _P, _A, _STATUS, "A result may have 6 MB; more ends the invocation with status 407, and the post is answered with 413."),
    Clause("RESULT-REFUSED", _B, _I, "", "A result that is refused does not end the loop."),
    Clause("ERROR-POST", _B, _A, _SEED, "When the handler fails, the bootstrap posts a text to /runtime/invocation/error."),
    Clause("ERROR-STATUS", _P, _E, _PAGE, "A posted error ends the invocation with status 430; the text is the errorMessage."),
    Clause("ERROR-GOES-ON", _B, _I, _SEED, "After a failed event the next one is handled."),
    Clause("INVOKE-CLOCK", _P, _A, _SEED, "The timeout runs from the dispatch of the event to the post of the result."),
    Clause("INVOKE-TIMEOUT", _P, _S, _STATUS, "After it the process is ended: status 433, Invoking task timed out after N seconds."),
    Clause("INVOKE-EXIT", _P, _S, _STATUS, "An exit during an invocation is status 439, Process exited before completing request."),
    Clause("INVOKE-MEMORY", _P, _S, _STATUS, "Memory over the limit ends the process: status 434, Task memory exceeded N MB."),
    Clause("INVOKE-ONE", _P, _A, "page 35259", "An instance handles one event at a time; more events at once need more instances."),
    Clause("INVOKE-REUSE", _P, _A, "page 35259", "An instance is kept and used again."),
    Clause("INVOKE-DISCARD", _P, _A, _STATUS, "After 433, 434 and 439 the instance is discarded, and the next event starts a new one."),
    Clause("INVOKE-BETWEEN", _P, _E, "", "An instance that ends, or has too much memory, between two events is discarded, and the next event starts a new one."),
    Clause("INVOKE-CANCEL", _P, _E, _STATUS, "A caller who gives up ends the invocation with status 499, and the instance."),
    Clause("LOG-STREAMS", _P, _A, _PAGE, "stdout and stderr are both log."),
    Clause("LOG-FORM", _P, _A, "page 52638", "The log has SCF's lines, START to Report, in SCF's order around the function's own."),
    Clause("LOG-TAIL", _P, _A, "API Invoke", "With LogType=Tail a caller gets the last 4 KB of the log."),
    Clause("FAILURE-JSON", _P, _S, "", "A failure is JSON with errorCode, errorMessage, requestId and statusCode, in that order, written as Go does."),
    Clause("FAILURE-PLACE", _P, _E, "", "It stands in RetMsg and in ErrMsg, and InvokeResult is -1."),
    Clause("API-UNKNOWN", _P, _E, "", "An unknown path of the runtime API is 404, a wrong method 405."),
    Clause("API-GONE", _P, _E, "", "A call to an instance that has ended is 410."),
    Clause("API-TROUBLE", _B, _I, "", "A refused or broken connection and a status over 499 are tried again for a few seconds, then the bootstrap exits; it never spins."),
    Clause("API-HTTP", _B, _I, "", "The bootstrap takes any legal HTTP/1.1 answer: chunked, in pieces, with or without keep-alive."),
    Clause("TERM-ENDS", _B, _S, "asynchronous functions", "SIGTERM ends the bootstrap."),
)
# fmt: on
