"""The table of test events that users of the console keep for a function."""

from typing import NamedTuple

from scf_gen.local.refusal import Refusal
from scf_gen.local.store.database import OF_NAME, Database
from scf_gen.local.version import Name

# API GetAccount, "TestModelLimit".
LIMIT = 20


class TestEvent(NamedTuple):
    """One that was saved; `body` is what the function gets."""

    name: str
    body: str


class TestEvents:
    """The saved test events of all functions; they go with their function."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, function: Name) -> list[TestEvent]:
        """Those of a function, by name."""

        def work() -> list[TestEvent]:
            asked = f"SELECT name, body FROM test_event WHERE {OF_NAME} ORDER BY name"
            return [TestEvent(*row) for row in self._database.connection.execute(asked, function)]

        return await self._database.run(work)

    async def save(self, function: Name, event: TestEvent) -> None:
        """Keep one, in the place of one of that name; raises Refusal where a function has too many."""

        def work() -> None:
            execute = self._database.connection.execute
            execute("INSERT OR REPLACE INTO test_event VALUES (?, ?, ?, ?, ?)", (*function, *event))
            if execute(f"SELECT count(*) FROM test_event WHERE {OF_NAME}", function).fetchone()[0] > LIMIT:
                raise Refusal("LimitExceeded.TestModel", f"A function may have {LIMIT} test events of its own.")

        await self._database.run(work)

    async def remove(self, function: Name, event: str) -> None:
        """Forget one."""

        def work() -> None:
            self._database.connection.execute(
                f"DELETE FROM test_event WHERE {OF_NAME} AND name = ?",
                (*function, event),
            )

        await self._database.run(work)
