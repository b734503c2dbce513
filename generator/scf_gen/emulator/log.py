"""An invocation's log, in the order and form of SCF's own (LOG-FORM; page 583/52638, "Log Structure")."""

from scf_gen.core.function import Function
from scf_gen.core.result import Outcome
from scf_gen.emulator.excerpt import Excerpt
from scf_gen.emulator.process import Sink

_MB = 1024 * 1024


class Log:
    """Collects what one invocation wrote, between SCF's own lines; each piece also goes to `live` at once.

    Of what the function wrote before and after its Init Report an excerpt is kept; SCF's lines are whole.
    """

    def __init__(self, live: Sink) -> None:
        self._live = live
        self._settled = b""
        self._written = Excerpt()

    def write(self, data: bytes) -> bool | None:
        """Add output of the function, as it is; whether `live` wants a rest."""
        self._written.write(data)
        return self._live(data)

    def text(self) -> bytes:
        """All that was written so far."""
        return self._settled + self._written.text()

    @property
    def is_silent(self) -> bool:
        """Whether the function has written nothing since SCF's last line."""
        return not self._written.text()

    def clear(self) -> None:
        """Begin a new log."""
        self._settled = b""
        self._written = Excerpt()

    def start(self, request_id: str) -> None:
        """The first line, also before what the function wrote while it began or since its last event (INIT-LOG)."""
        self._settled = f"START RequestId:{request_id}\n".encode()
        self._live(self._settled)

    def init_report(self, request_id: str, function: Function, cold_start_ms: float, memory_bytes: int) -> None:
        """The line that ends a cold start; on this machine all of it is the function's own initialization."""
        spent = f"{cold_start_ms:.0f}ms"
        self._add_lines(
            f"Init Report RequestId: {request_id} Coldstart: {spent} "
            f"(PullCode: 0ms InitRuntime: 0ms InitFunction: {spent}) "
            f"Memory: {function.memory_mb}MB MemUsage: {memory_bytes / _MB:.2f}MB"
        )

    def end(self, outcome: Outcome) -> None:
        """The last lines: the result or the failure, and the report."""
        request_id = outcome.request_id
        self._add_lines(
            f"Response RequestId:{request_id} RetMsg:{outcome.body.decode(errors='replace')}"
            if outcome.ok
            else f"ERROR RequestId:{request_id} Result:{outcome.failure_json()}",
            f"END RequestId:{request_id}",
            f"Report RequestId:{request_id} Duration:{outcome.duration_ms:.0f}ms "
            f"Memory:{outcome.function.memory_mb}MB MemUsage:{outcome.memory_bytes / _MB:.6f}MB",
        )

    def _add_lines(self, *lines: str) -> None:
        before = self.text()
        added = "".join(f"{line}\n" for line in lines).encode()
        if not before.endswith(b"\n"):
            added = b"\n" + added
        self._settled = before + added
        self._written = Excerpt()
        self._live(added)
