"""The table of invocations that have ended, with their logs."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from scf_gen.local.refusal import Refusal
from scf_gen.local.store.database import Database
from scf_gen.local.store.versions import Page
from scf_gen.local.version import Name

# Of a log and of a result so much is kept, and so many invocations (emulator's choice).
KEPT_BYTES = 1 << 16
KEPT_INVOCATIONS = 10_000
_WRITE_S = 0.2
_PRUNE_EVERY = 500


class Invocation(NamedTuple):
    """One that has ended; `retry` counts the earlier ones of the same asynchronous event."""

    request_id: str
    region: str
    namespace: str
    function: str
    version: str
    start_time: str
    ret_code: int
    ret_msg: str
    log: str
    duration_ms: float
    bill_ms: int
    memory_bytes: int
    retry: int


_COLUMNS = ", ".join(Invocation._fields)
_MARKS = f"({', '.join('?' * len(Invocation._fields))})"
# Older SQLite takes 999 values.
_ROWS = 999 // len(Invocation._fields)
_ORDERS = {
    "function_name": "function",
    "duration": "duration_ms",
    "mem_usage": "memory_bytes",
    "start_time": "number",
    "": "number",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which invocations: those that fit all that is not empty; times as texts, `ret_code` as an SQL condition."""

    name: Name
    request_id: str = ""
    version: str = ""
    start_time: str = ""
    end_time: str = ""
    ret_codes: str = ""


class Invocations:
    """Written a while later and many at once, so that no invocation waits for the disk; asking writes them first."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fresh: list[Invocation] = []
        self._written = 0
        self._timer: asyncio.TimerHandle | None = None
        self._writing: set[asyncio.Task[None]] = set()

    def add(self, invocation: Invocation) -> None:
        """Keep one, soon."""
        self._fresh.append(invocation)
        if not self._timer:
            self._timer = asyncio.get_running_loop().call_later(_WRITE_S, self._write_soon)

    async def find(self, wanted: Wanted, page: Page) -> tuple[int, list[Invocation]]:
        """How many there are, and a page of them."""
        conditions = {
            "request_id = ?": wanted.request_id,
            "version = ?": wanted.version,
            "start_time >= ?": wanted.start_time,
            "start_time <= ?": wanted.end_time,
        }
        chosen = {condition: value for condition, value in conditions.items() if value}
        where = " AND ".join(["region = ? AND namespace = ?", "? IN ('', function)", *chosen])
        where += wanted.ret_codes and f" AND {wanted.ret_codes}"
        values = (*wanted.name, *chosen.values())

        def work() -> tuple[int, list[Invocation]]:
            execute = self._database.connection.execute
            [(total,)] = execute(f"SELECT count(*) FROM invocation WHERE {where}", values)
            order = page.of(_ORDERS[page.order_by], "number")
            rows = execute(f"SELECT {_COLUMNS} FROM invocation WHERE {where}{order}", values)
            return total, [Invocation(*row) for row in rows]

        await self.write()
        return await self._database.run(work)

    async def last(self, region: str, namespace: str) -> dict[str, Invocation]:
        """The last one of each function of a namespace that was invoked."""

        def work() -> dict[str, Invocation]:
            columns = _COLUMNS.replace("log", "''")
            asked = (
                f"SELECT {columns}, max(number) FROM invocation WHERE region = ? AND namespace = ? GROUP BY function"
            )
            rows = self._database.connection.execute(asked, (region, namespace))
            return {row[3]: Invocation(*row[:-1]) for row in rows}

        await self.write()
        return await self._database.run(work)

    async def write(self) -> None:
        """Write what waits."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        fresh, self._fresh = self._fresh, []
        if fresh:
            with contextlib.suppress(Refusal):  # a log that the disk does not take is lost, as a log may be
                await self._database.run(self._insert, fresh)

    def _write_soon(self) -> None:
        self._timer = None
        task = asyncio.ensure_future(self.write())
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    def _insert(self, fresh: Sequence[Invocation]) -> None:
        # SQLite leaves Python alone within a statement, not between the rows of executemany.
        for start in range(0, len(fresh), _ROWS):
            rows = fresh[start : start + _ROWS]
            marks = ", ".join([_MARKS] * len(rows))
            values = tuple(chain.from_iterable(rows))
            self._database.connection.execute(f"INSERT INTO invocation ({_COLUMNS}) VALUES {marks}", values)
        self._written += len(fresh)
        if self._written >= _PRUNE_EVERY:
            self._written = 0
            self._database.connection.execute(
                "DELETE FROM invocation WHERE number <= (SELECT max(number) FROM invocation) - ?", (KEPT_INVOCATIONS,)
            )
