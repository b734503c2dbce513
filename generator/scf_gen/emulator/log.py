"""An invocation's log, in the order and form of SCF's own (LOG-FORM; page 583/52638, "Log Structure")."""

from collections.abc import Callable

from scf_gen.core.function import Function
from scf_gen.core.result import Outcome

Sink = Callable[[bytes], None]
_MB = 1024 * 1024


class Log:
    """Collects what one invocation wrote, between SCF's own lines; each piece also goes to `live` at once."""

    def __init__(self, live: Sink) -> None:
        self._live = live
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Add output of the function, as it is."""
        self._pieces.append(data)
        self._live(data)

    def text(self) -> bytes:
        """All that was written so far."""
        return b"".join(self._pieces)

    def clear(self) -> None:
        """Begin a new log."""
        self._pieces.clear()

    def start(self, request_id: str) -> None:
        """The first line, also before what the function wrote while it began or since its last event (INIT-LOG)."""
        line = f"START RequestId:{request_id}\n".encode()
        self._pieces.insert(0, line)
        self._live(line)

    def init_report(self, request_id: str, function: Function, cold_start_ms: float, memory_bytes: int) -> None:
        """The line that ends a cold start; on this machine all of it is the function's own initialization."""
        spent = f"{cold_start_ms:.0f}ms"
        self._line(
            f"Init Report RequestId: {request_id} Coldstart: {spent} "
            f"(PullCode: 0ms InitRuntime: 0ms InitFunction: {spent}) "
            f"Memory: {function.memory_mb}MB MemUsage: {memory_bytes / _MB:.2f}MB"
        )

    def end(self, outcome: Outcome) -> None:
        """The last lines: the result or the failure, and the report."""
        request_id = outcome.request_id
        if outcome.ok:
            self._line(f"Response RequestId:{request_id} RetMsg:{outcome.body.decode(errors='replace')}")
        else:
            self._line(f"ERROR RequestId:{request_id} Result:{outcome.failure_json()}")
        self._line(f"END RequestId:{request_id}")
        self._line(
            f"Report RequestId:{request_id} Duration:{outcome.duration_ms:.0f}ms "
            f"Memory:{outcome.function.memory_mb}MB MemUsage:{outcome.memory_bytes / _MB:.6f}MB"
        )

    def _line(self, text: str) -> None:
        unfinished = self._pieces and not self._pieces[-1].endswith(b"\n")
        self.write((b"\n" if unfinished else b"") + text.encode() + b"\n")
