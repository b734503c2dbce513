"""What the emulator costs: against the smallest server that plays the same messages, and with many events in its queue.

Both serve the same bootstrap, the bare loop in Go, in turn: block by block from within, and `scf-gen invoke --repeat`
with its output. The small server knows no clocks, no outcomes, no log and no memory: it
is what asyncio itself costs.
"""

import asyncio
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Self, cast

from pairs import verdict
from scf_gen.bench.cores import Cores, keep_apart
from scf_gen.bundle.build import build
from scf_gen.core.function import Function
from scf_gen.emulator.pool import Pool
from scf_gen.languages import catalog

BARE = Path(__file__).resolve().parent / "bare" / "go"
EVENT = b'{"key1":"test value 1","key2":"test value 2"}'
INVOCATIONS = 5000
BLOCKS = 50
COMMANDS = 7
INSTANCES = 16
QUEUES = (1000, 100)
QUEUE_ROUNDS = 9
RATE_TARGET = 0.6
QUEUE_TARGET = 1.2


Work = Callable[[int], Awaitable[None]]


class SmallestServer(asyncio.Protocol):
    """Answers ready and results with 200 and `/next` with the event, until `left` results have come."""

    def __init__(self) -> None:
        self._data = b""
        self._left = 0
        self._parked = False
        self._connected = asyncio.Event()
        self._done: asyncio.Future[None]
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The bootstrap's only connection."""
        self._transport = cast("asyncio.Transport", transport)
        self._connected.set()

    def data_received(self, data: bytes) -> None:
        """Answer one request, once it is complete."""
        self._data += data
        head, separator, body = self._data.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if not separator or (length and len(body) < int(length[1])):
            return
        self._data = b""
        if head.startswith(b"GET"):
            self._next()
            return
        self._answer(b"")
        if b"/response " in head:
            self._left -= 1
            if not self._left:
                self._done.set_result(None)

    async def serve(self, invocations: int) -> None:
        """Hand out so many events, and wait for their results."""
        await self._connected.wait()
        self._left, self._done = invocations, asyncio.get_running_loop().create_future()
        if self._parked:
            self._next()
        await self._done

    def _next(self) -> None:
        self._parked = not self._left
        if self._left:
            self._answer(EVENT)

    def _answer(self, body: bytes) -> None:
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


class Smallest:
    """The small server with its bootstrap; use `async with`."""

    def __init__(self, code: Path, cores: Cores) -> None:
        self._code = code
        self._cores = cores
        self._protocol = SmallestServer()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: self._protocol, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()
        self._process = await asyncio.create_subprocess_exec(
            self._code / "bootstrap",
            env={"SCF_RUNTIME_API": host, "SCF_RUNTIME_API_PORT": str(port)},
            stdout=asyncio.subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, self._cores.for_bootstrap or os.sched_getaffinity(0)),
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._process.kill()
        await self._process.wait()
        self._server.close()

    async def invoke(self, invocations: int) -> None:
        """Have the bootstrap handle so many events."""
        await self._protocol.serve(invocations)


async def rates(code: Path, cores: Cores) -> tuple[float, float, float]:
    """Invocations a second, the emulator's and the small server's, and the median of the blocks' ratios."""
    async with (
        Pool(Function(), code, cores=cores.for_bootstrap) as pool,
        Smallest(code, cores) as smallest,
    ):

        async def emulate(invocations: int) -> None:
            for _ in range(invocations):
                outcome = await pool.invoke(EVENT)
                assert outcome.ok

        return await in_turn(emulate, smallest.invoke, INVOCATIONS // BLOCKS, BLOCKS)


async def command_rates(code: Path) -> tuple[float, float, float]:
    """As `rates`, of `scf-gen invoke` as a user calls it, less what it takes for a single invocation."""

    async def invoke(invocations: int) -> None:
        argv = (sys.executable, "-m", "scf_gen", "invoke", code, "--data", EVENT.decode(), "--repeat", str(invocations))
        await asyncio.to_thread(subprocess.run, argv, check=True, capture_output=True)

    taken: list[tuple[float, float]] = []
    async with Smallest(code, Cores()) as smallest:
        for _ in range(COMMANDS):
            start_s = await seconds(invoke, 1)
            took_s = await seconds(invoke, 1 + INVOCATIONS), await seconds(smallest.invoke, INVOCATIONS)
            taken.append((INVOCATIONS / (took_s[0] - start_s), INVOCATIONS / took_s[1]))
    return medians(taken)


async def in_turn(first: Work, second: Work, size: int, blocks: int) -> tuple[float, float, float]:
    """The medians of both rates, a second, and of their ratios, over blocks of `size` in turn."""
    taken = [(size / await seconds(first, size), size / await seconds(second, size)) for _ in range(blocks + 1)][1:]
    return medians(taken)


def medians(taken: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Of the first, of the second, and of their ratios."""
    first, second = zip(*taken, strict=True)
    return statistics.median(first), statistics.median(second), statistics.median(a / b for a, b in taken)


async def queue_costs(code: Path, cores: Cores) -> dict[int, float]:
    """Milliseconds an invocation, by how many are queued at once for a few instances."""
    costs: dict[int, list[float]] = {queued: [] for queued in QUEUES}
    async with Pool(Function(timeout_s=60), code, limit=INSTANCES, cores=cores.for_bootstrap) as pool:

        async def invoke_all(queued: int) -> None:
            outcomes = await asyncio.gather(*(pool.invoke(EVENT) for _ in range(queued)))
            assert all(outcome.ok for outcome in outcomes)

        await invoke_all(INSTANCES * 10)
        for _ in range(QUEUE_ROUNDS):
            for queued in QUEUES:
                costs[queued].append(await seconds(invoke_all, queued) * 1000 / queued)
    return {queued: statistics.median(taken) for queued, taken in costs.items()}


async def seconds(work: Work, number: int) -> float:
    """What `work` takes."""
    start_s = time.perf_counter()
    await work(number)
    return time.perf_counter() - start_s


def row(name: str, rates: tuple[float, float, float]) -> None:
    """Print one comparison."""
    rate, smallest, ratio = rates
    judged = verdict(ratio, RATE_TARGET, at_most=False)
    print(f"{name:36} {rate:7,.0f} /s   smallest server {smallest:7,.0f} /s   {ratio:5.2f}x  {judged}")


def main() -> None:
    """Print both comparisons."""
    with tempfile.TemporaryDirectory() as folder:
        code = Path(shutil.copytree(BARE, Path(folder, "bare-go")))
        build(code, catalog.languages()["go"])
        with keep_apart() as cores:
            inner = asyncio.run(rates(code, cores))
            costs = asyncio.run(queue_costs(code, cores))
        whole = asyncio.run(command_rates(code))
    print(f"{INVOCATIONS:,} invocations of the bare loop in Go; {cores}")
    row("emulator", inner)
    row("scf-gen invoke --repeat, all cores", whole)
    many, few = (costs[queued] for queued in QUEUES)
    words = "   ".join(f"{queued:,} queued {cost:.3f} ms each" for queued, cost in costs.items())
    print(f"{INSTANCES} instances: {words}   {many / few:5.2f}x  {verdict(many / few, QUEUE_TARGET, at_most=True)}")


main()
