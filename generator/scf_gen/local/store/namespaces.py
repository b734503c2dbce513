"""The table of namespaces; every region has `default` without anybody making it."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from scf_gen.core.contract import DEFAULT_NAMESPACE
from scf_gen.local.clock import now_text
from scf_gen.local.refusal import Refusal
from scf_gen.local.store.database import Database

_EPOCH = "2018-04-16 00:00:00"  # since when the API has it


class Namespace(NamedTuple):
    """A namespace of a region."""

    name: str
    description: str = ""
    add_time: str = _EPOCH
    mod_time: str = _EPOCH


class Namespaces:
    """The namespaces of all regions."""

    def __init__(self, database: Database, told: Callable[[str], None] = lambda _: None) -> None:
        """`told` hears of each region whose namespaces are not as they were."""
        self._database = database
        self._told = told

    async def add(self, region: str, name: str, description: str) -> None:
        """Make one; raises Refusal if it exists."""
        if name == DEFAULT_NAMESPACE:
            raise Refusal("InvalidParameterValue.DefaultNamespace", "The default namespace cannot be created.")
        if not await self._insert(region, name, description):
            raise Refusal("ResourceInUse.Namespace", f"The namespace {name} exists already.")

    async def provide(self, region: str, name: str) -> None:
        """Make one that does not exist yet."""
        if name != DEFAULT_NAMESPACE:
            await self._insert(region, name, "")

    async def remove(self, region: str, name: str) -> None:
        """Remove an empty one; raises Refusal if it is not there or holds functions."""

        def work() -> None:
            key = (region, name)
            execute = self._database.connection.execute
            if execute("SELECT 1 FROM version WHERE region = ? AND namespace = ? LIMIT 1", key).fetchone():
                raise Refusal("ResourceInUse.Namespace", f"The namespace {name} holds functions.")
            if not execute("DELETE FROM namespace WHERE region = ? AND name = ?", key).rowcount:
                raise Refusal("ResourceNotFound.Namespace", f"The namespace {name} does not exist.")

        if name == DEFAULT_NAMESPACE:
            raise Refusal("FailedOperation.DeleteNamespace", "The default namespace cannot be deleted.")
        await self._database.run(work)
        self._told(region)

    async def find(self, region: str, words: Mapping[str, str]) -> list[Namespace]:
        """Those whose name and description hold the words by "Namespace" and "Description"."""

        def work() -> list[Namespace]:
            rows = self._database.connection.execute(
                "SELECT name, description, add_time, mod_time FROM namespace WHERE region = ?", (region,)
            )
            return [Namespace(DEFAULT_NAMESPACE), *(Namespace(*row) for row in rows)]

        return [
            namespace
            for namespace in await self._database.run(work)
            if words.get("Namespace", "") in namespace.name and words.get("Description", "") in namespace.description
        ]

    async def _insert(self, region: str, name: str, description: str) -> bool:
        """Whether it is new."""

        def work() -> bool:
            now = now_text()
            row = (region, name, description, now, now)
            return bool(
                self._database.connection.execute(
                    "INSERT OR IGNORE INTO namespace VALUES (?, ?, ?, ?, ?)", row
                ).rowcount
            )

        is_new = await self._database.run(work)
        if is_new:
            self._told(region)
        return is_new
