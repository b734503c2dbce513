"""Chaos: whatever is done to bootstraps, each invocation ends in exactly one outcome, and nothing is left over.

`make soak` runs 10,000 events and prints the table.
"""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest
from scf_gen import cli
from scf_gen.bundle.build import build
from scf_gen.cli.subject import local_programs
from scf_gen.core.function import Function
from scf_gen.core.result import Kind
from scf_gen.emulator.instance import Instance
from scf_gen.emulator.pool import Pool
from scf_gen.emulator.sandbox import find_sandbox
from scf_gen.languages import catalog

EVENTS = int(os.environ.get("SCF_GEN_SOAK", "300"))
INSTANCES_PER_LANGUAGE = 2
EVERY = 10  # one blow for so many events
BODIES = (
    b'{"n": 1}',
    b'{"do":"fail","message":"on demand"}',
    b'{"do":"large","bytes":200000}',
    b'{"do":"sleep","ms":3}',
)
STRAY_POST = b"POST /runtime/invocation/response HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\nstray"


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Function, Path]]:
    """A project of each language, with the handler that does what its event says."""
    folder = tmp_path_factory.mktemp("chaos")
    found = {}
    for language in catalog.languages().values():
        code = folder / language.lang
        assert cli.run(["new", language.lang, "--lang", language.lang, "--output-dir", str(folder), "--no-input"]) == 0
        shutil.copy(language.folder / f"scf_conformance.{language.suffix}", code)
        build(code, language)
        function = Function(language.lang, language.lang, "scf_conformance.main_handler", 256, 1.5, 5)
        found[language.lang] = (function, code)
    return found


async def kill(instance: Instance, chance: random.Random) -> None:
    send_signal(instance, chance, signal.SIGKILL)


async def stop(instance: Instance, chance: random.Random) -> None:
    send_signal(instance, chance, signal.SIGSTOP)


async def post_a_stray_result(instance: Instance, _: random.Random) -> None:
    await speak(instance.port, STRAY_POST % 5)


async def hang_up_in_the_middle_of_a_body(instance: Instance, _: random.Random) -> None:
    await speak(instance.port, STRAY_POST % 5000)


EXPECTED = {
    *(Kind.OK, Kind.FUNCTION_ERROR, Kind.EXITED, Kind.EXIT_BEFORE_READY),
    *(Kind.TIMEOUT, Kind.NEVER_FETCHED, Kind.INIT_TIMEOUT),
}
BLOWS = (kill, kill, stop, post_a_stray_result, hang_up_in_the_middle_of_a_body)


def send_signal(instance: Instance, chance: random.Random, number: int) -> None:
    """To any process of the instance."""
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(instance.pid)
        chance.choice([root, *root.children(recursive=True)]).send_signal(number)


async def speak(port: int, data: bytes) -> None:
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(data)
        writer.close()
        await writer.wait_closed()


@contextlib.asynccontextmanager
async def pools(functions: dict[str, tuple[Function, Path]]) -> AsyncIterator[list[Pool]]:
    """Half of the languages in the sandbox, half as plain processes."""
    sandbox, reason = find_sandbox()
    assert sandbox, reason
    async with contextlib.AsyncExitStack() as stack:
        made = [
            Pool(
                function,
                code,
                limit=INSTANCES_PER_LANGUAGE,
                programs=local_programs(catalog.languages()[function.lang]),
                sandbox=sandbox if number % 2 else None,
            )
            for number, (function, code) in enumerate(functions.values())
        ]
        yield [await stack.enter_async_context(pool) for pool in made]


async def invoke_in_chaos(functions: dict[str, tuple[Function, Path]], events: int) -> Counter[tuple[str, Kind]]:
    """Invoke `events` times in all, and strike a random instance after every few; the outcomes by language and kind."""
    chance = random.Random(7)
    tally: Counter[tuple[str, Kind]] = Counter()
    async with pools(functions) as all_pools, asyncio.TaskGroup() as blows:

        async def invoke_some(pool: Pool, lang: str, count: int) -> None:
            for number in range(count):
                tally[lang, (await pool.invoke(chance.choice(BODIES))).kind] += 1
                if number % EVERY == 0 and pool.instances:
                    blows.create_task(chance.choice(BLOWS)(chance.choice(pool.instances), chance))

        callers = [(pool, lang) for pool, lang in zip(all_pools, functions, strict=True) for _ in range(2)]
        async with asyncio.TaskGroup() as group:
            for number, (pool, lang) in enumerate(callers):
                group.create_task(invoke_some(pool, lang, len(range(number, events, len(callers)))))
    return tally


@contextlib.contextmanager
def nothing_left_over() -> Iterator[None]:
    """No process, socket, temporary file or thread."""

    def held() -> Counter[object]:
        this = psutil.Process()
        held: Counter[object] = Counter(sockets=len(this.net_connections()), fds=this.num_fds())
        # Of what is left over, one is a child of this process. A local SCF of other tests has children of its own.
        held.update((child.pid, child.name()) for child in this.children())
        held.update(Path(tempfile.gettempdir()).iterdir())
        held.update(thread.name for thread in threading.enumerate() if "waitpid" not in thread.name)
        return held

    before = held()
    yield
    assert held() - before == Counter()


def test_each_invocation_has_one_outcome_and_nothing_is_left_over(functions, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with nothing_left_over():
        tally = asyncio.run(invoke_in_chaos(functions, EVENTS))
    show(tally)
    assert tally.total() == EVENTS
    assert {kind for _, kind in tally} <= EXPECTED
    for lang in functions:
        assert tally[lang, Kind.OK] > EVENTS / len(functions) / 3


def show(tally: Counter[tuple[str, Kind]]) -> None:
    """The table of `make soak`."""
    kinds = sorted({kind for _, kind in tally})
    print(f"\n{'language':10}", *(f"{kind:>26}" for kind in kinds), file=sys.stderr)  # noqa: T201
    for lang in sorted({lang for lang, _ in tally}):
        print(f"{lang:10}", *(f"{tally[lang, kind]:>26}" for kind in kinds), file=sys.stderr)  # noqa: T201
