"""The table of tests that were run in the console: event, result, whole log and transcript."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from scf_gen.local.store.database import OF_NAME, Database
from scf_gen.local.version import Name

# So many of a function are kept, and so much of the end of a log.
KEPT_RUNS = 20
KEPT_LOG_CHARS = 4 << 20


class Run(NamedTuple):
    """One that has ended; `result` is as the API's Invoke has it, the time in seconds since 1970."""

    request_id: str
    version: str
    began_s: float
    event: str
    result: Mapping[str, Any]
    log: str
    transcript: Mapping[str, Any]


class Runs:
    """The last tests of each function; they go with their function."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, function: Name, run: Run) -> None:
        """Keep one, and forget the oldest."""

        def work() -> None:
            execute = self._database.connection.execute
            row = (
                *function,
                *(run.request_id, run.version, run.began_s, run.event, json.dumps(run.result)),
                *(run.log[-KEPT_LOG_CHARS:], json.dumps(run.transcript)),
            )
            execute("INSERT INTO run VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            execute(
                f"DELETE FROM run WHERE number IN (SELECT number FROM run WHERE {OF_NAME} "
                "ORDER BY number DESC LIMIT -1 OFFSET ?)",
                (*function, KEPT_RUNS),
            )

        await self._database.run(work)

    async def of(self, function: Name) -> list[Mapping[str, Any]]:
        """In short, the newest first."""

        def work() -> list[Mapping[str, Any]]:
            asked = f"SELECT request_id, version, began_s, result FROM run WHERE {OF_NAME} ORDER BY number DESC"
            return [
                {"request_id": row[0], "version": row[1], "began_s": row[2], "result": _short(json.loads(row[3]))}
                for row in self._database.connection.execute(asked, function)
            ]

        return await self._database.run(work)

    async def transcripts(self, function: Name) -> list[Mapping[str, Any]]:
        """Those of all of them, the newest first."""

        def work() -> list[Mapping[str, Any]]:
            asked = f"SELECT transcript FROM run WHERE {OF_NAME} ORDER BY number DESC"
            return [json.loads(text) for (text,) in self._database.connection.execute(asked, function) if text != "{}"]

        return await self._database.run(work)

    async def get(self, function: Name, request_id: str) -> Run | None:
        """One of them."""

        def work() -> Run | None:
            asked = (
                "SELECT request_id, version, began_s, event, result, log, transcript FROM run "
                f"WHERE {OF_NAME} AND request_id = ?"
            )
            row = self._database.connection.execute(asked, (*function, request_id)).fetchone()
            if not row:
                return None
            asked_id, version, began_s, event, result, log, transcript = row
            return Run(asked_id, version, began_s, event, json.loads(result), log, json.loads(transcript))

        return await self._database.run(work)


def _short(result: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in result.items() if name not in ("RetMsg", "ErrMsg", "Log")}
