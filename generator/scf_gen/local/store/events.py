"""The table of asynchronous events that have been accepted and are not finished."""

from dataclasses import dataclass

from scf_gen.local.store.database import Database
from scf_gen.local.version import Name


@dataclass(frozen=True, slots=True)
class Event:
    """One that waits; `attempt` counts the invocations that failed, times are seconds since 1970."""

    request_id: str
    name: Name
    version: str
    attempt: int
    due_s: float
    asked_s: float


class Events:
    """What has been accepted; an event is here until its last invocation has ended."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, event: Event, body: bytes) -> None:
        """Accept one; after this it is not lost."""

        def work() -> None:
            row = (event.request_id, *event.name, event.version, body, event.attempt, event.due_s, event.asked_s)
            self._database.connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

        await self._database.run(work)

    async def body(self, request_id: str) -> bytes | None:
        """Its bytes; None if its function has been deleted."""

        def work() -> bytes | None:
            asked = "SELECT body FROM event WHERE request_id = ?"
            row = self._database.connection.execute(asked, (request_id,)).fetchone()
            return bytes(row[0]) if row else None

        return await self._database.run(work)

    async def postpone(self, event: Event) -> None:
        """Keep a new `attempt` and `due_s`."""

        def work() -> None:
            self._database.connection.execute(
                "UPDATE event SET attempt = ?, due_s = ? WHERE request_id = ?",
                (event.attempt, event.due_s, event.request_id),
            )

        await self._database.run(work)

    async def remove(self, request_id: str) -> None:
        """Forget one that is finished."""

        def work() -> None:
            self._database.connection.execute("DELETE FROM event WHERE request_id = ?", (request_id,))

        await self._database.run(work)

    async def waiting(self, request_id: str = "") -> list[Event]:
        """All that wait, the oldest first, or the one of that id."""

        def work() -> list[Event]:
            rows = self._database.connection.execute(
                "SELECT request_id, region, namespace, function, version, attempt, due_s, asked_s FROM event "
                "WHERE ? IN ('', request_id) ORDER BY asked_s",
                (request_id,),
            )
            return [Event(row[0], Name(*row[1:4]), *row[4:]) for row in rows]

        return await self._database.run(work)
