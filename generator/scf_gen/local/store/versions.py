"""The table of functions and their versions."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scf_gen.core.contract import DEFAULT_NAMESPACE, LATEST
from scf_gen.local.clock import now_text
from scf_gen.local.refusal import Refusal
from scf_gen.local.store.code_files import CodeFiles, Upload
from scf_gen.local.store.database import OF_NAME, Database
from scf_gen.local.version import FAILED, Name, Status, Version

_COLUMNS = (
    "region, namespace, function, version, function_id, status, reason, settings, code_sha256, code_bytes, "
    "published, add_time, mod_time"
)
_REGIONS = "SELECT DISTINCT region FROM version ORDER BY region"
_ORDERS = {"AddTime": "add_time", "ModTime": "mod_time", "FunctionName": "function", "": "mod_time"}
# The filters of ListFunctions, and the only expressions that its SQL is put together from.
_FILTERS = {
    "Status": "status",
    **{
        name: f"coalesce(json_extract(settings, '$.{name}'), '{default}')"
        for name, default in {
            "Runtime": "",
            "Type": "Event",
            "AsyncRunEnable": "FALSE",
            "TraceEnable": "FALSE",
            "ClsTopicId": "",
            "ClsLogsetId": "",
            "Role": "",
        }.items()
    },
    "VpcId": "coalesce(json_extract(settings, '$.VpcConfig.VpcId'), '')",
    "SubnetId": "coalesce(json_extract(settings, '$.VpcConfig.SubnetId'), '')",
}


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of a list is wanted, and in which order."""

    offset: int = 0
    limit: int = 20
    order_by: str = ""
    descending: bool = True

    def of(self, order: str, *more: str) -> str:
        """The end of a SELECT; `more` decides between equals."""
        way = "DESC" if self.descending else "ASC"
        orders = ", ".join(f"{name} {way}" for name in (order, *more))
        return f" ORDER BY {orders} LIMIT {self.limit} OFFSET {self.offset}"


class Versions:
    """Functions, each with its $LATEST and the versions that were published from it."""

    def __init__(self, database: Database, files: CodeFiles, told: Callable[[Name], None] = lambda _: None) -> None:
        """`told` hears of each function that is not as it was."""
        self._database = database
        self._files = files
        self._told = told

    async def add(self, version: Version, upload: Upload) -> None:
        """Keep a new function; raises Refusal if there is one of its name."""
        try:
            await self._database.run(self._add, version, upload)
        except Refusal:
            await self._drop_unused(version.code_sha256)
            raise
        self._told(version.name)

    async def get(self, name: Name, version: str = LATEST) -> Version:
        """One version; raises Refusal where there is none."""
        return await self._database.run(self._get, name, version)

    async def change(self, name: Name, change: Callable[[Version], Version], upload: Upload | None = None) -> Version:
        """Put what `change` makes of $LATEST in its place, with the ZIP that it refers to if that is new."""

        def work() -> tuple[Version, Version]:
            old = self._get(name, LATEST)
            new = change(old)
            if upload:
                self._files.keep(upload)
            self._put("REPLACE", replace(new, mod_time=now_text()))
            return old, new

        try:
            old, new = await self._database.run(work)
        except Refusal:
            if upload:
                await self._drop_unused(upload.sha256)
            raise
        if old.code_sha256 != new.code_sha256:
            await self._drop_unused(old.code_sha256)
        self._told(name)
        return new

    async def settle(self, name: Name, reason: str = "") -> None:
        """Say that the deployment of $LATEST is done, or why it failed; nothing if the function has gone."""

        def work() -> None:
            for version in self._select(f"{OF_NAME} AND version = ?", (*name, LATEST)):
                if version.status in FAILED:
                    status = FAILED[version.status] if reason else Status.ACTIVE
                    self._put("REPLACE", replace(version, status=status, reason=reason))

        await self._database.run(work)
        self._told(name)

    async def publish(self, name: Name, description: str | None) -> Version:
        """Freeze $LATEST as the next version; raises Refusal if it is not active."""
        published = await self._database.run(self._publish, name, description)
        self._told(name)
        return published

    async def remove(self, name: Name, version: str = "") -> list[Version]:
        """Remove a version, or all of a function with what was invoked of it; gives what has gone."""

        def work() -> list[Version]:
            gone = [self._get(name, version)] if version else self._select(OF_NAME, name)
            if not gone:
                raise _no_function(name)
            if any(one.status in FAILED for one in gone):
                raise Refusal("FailedOperation.DeleteFunction", f"The function {name.function} is being deployed.")
            for one in gone:
                self._execute(f"DELETE FROM version WHERE {OF_NAME} AND version = ?", (*name, one.version))
            if not version:
                for table in ("event", "invocation", "test_event", "run"):
                    self._execute(f"DELETE FROM {table} WHERE {OF_NAME}", name)
            return gone

        gone = await self._database.run(work)
        for sha256 in {one.code_sha256 for one in gone}:
            await self._drop_unused(sha256)
        self._told(name)
        return gone

    async def find(
        self, region: str, namespace: str, words: Mapping[str, str], filters: Mapping[str, Sequence[str]], page: Page
    ) -> tuple[int, list[Version]]:
        """How many functions hold the `words` (by "SearchKey", "Description") and pass the `filters`; a page of them.

        Raises Refusal for a filter that the API does not have.
        """
        if unknown := filters.keys() - _FILTERS.keys():
            raise Refusal("InvalidParameterValue.Filters", f"The filter `{min(unknown)}` is not supported.")
        where = (
            "region = ? AND namespace = ? AND version = ? AND instr(lower(function), lower(?)) "
            "AND instr(coalesce(json_extract(settings, '$.Description'), ''), ?)"
        )
        values: list[Any] = [region, namespace, LATEST, words.get("SearchKey", ""), words.get("Description", "")]
        for name, wanted in filters.items():
            where += f" AND {_FILTERS[name]} IN ({', '.join('?' * len(wanted))})"
            values += wanted

        def work() -> tuple[int, list[Version]]:
            [(total,)] = self._execute(f"SELECT count(*) FROM version WHERE {where}", values)
            return total, self._select(where + page.of(_ORDERS[page.order_by], "function"), values)

        return await self._database.run(work)

    async def of(self, name: Name, page: Page) -> tuple[int, list[Version]]:
        """How many versions a function has, and a page of them; raises Refusal where there is no function."""

        def work() -> tuple[int, list[Version]]:
            [(total,)] = self._execute(f"SELECT count(*) FROM version WHERE {OF_NAME}", name)
            if not total:
                raise _no_function(name)
            return total, self._select(OF_NAME + page.of(_ORDERS[page.order_by], "CAST(version AS INTEGER)"), name)

        return await self._database.run(work)

    async def names(self, region: str) -> dict[str, list[str]]:
        """The names of a region's functions, by namespace."""

        def work() -> dict[str, list[str]]:
            names: dict[str, list[str]] = {}
            asked = "SELECT namespace, function FROM version WHERE region = ? AND version = ?"
            for namespace, function in self._execute(asked, (region, LATEST)):
                names.setdefault(namespace, []).append(function)
            return names

        return await self._database.run(work)

    async def regions(self) -> list[str]:
        """Where there are functions."""
        return await self._database.run(lambda: [region for (region,) in self._execute(_REGIONS)])

    async def recover(self) -> list[Version]:
        """Sweep the ZIPs that a killed server left; gives the versions whose deployment it did not finish."""

        def work() -> list[Version]:
            self._files.sweep({sha256 for (sha256,) in self._execute("SELECT DISTINCT code_sha256 FROM version")})
            return self._select(f"status IN ({', '.join('?' * len(FAILED))})", [*FAILED])

        return await self._database.run(work)

    async def uses(self, sha256: str) -> bool:
        """Whether any version has that code."""
        return await self._database.run(self._uses, sha256)

    # in the database's thread

    def _add(self, version: Version, upload: Upload) -> None:
        region, namespace, function = version.name
        known = self._execute("SELECT 1 FROM namespace WHERE region = ? AND name = ?", (region, namespace))
        if namespace != DEFAULT_NAMESPACE and not known:
            raise Refusal("ResourceNotFound.Namespace", f"The namespace {namespace} does not exist.")
        if self._execute(f"SELECT 1 FROM version WHERE {OF_NAME}", version.name):
            raise Refusal("ResourceInUse.Function", f"The function {function} exists already.")
        self._files.keep(upload)
        self._put("INSERT", version)

    def _publish(self, name: Name, description: str | None) -> Version:
        latest = self._get(name, LATEST)
        if latest.status is not Status.ACTIVE:
            raise Refusal("FailedOperation.PublishVersion", f"The function {name.function} is {latest.status}.")
        number, now = latest.published + 1, now_text()
        settings = {**latest.settings, **({} if description is None else {"Description": description})}
        version = replace(latest, version=str(number), settings=settings, add_time=now, mod_time=now, published=0)
        self._put("INSERT", version)
        self._put("REPLACE", replace(latest, published=number))
        return version

    def _get(self, name: Name, version: str) -> Version:
        found = self._select(f"{OF_NAME} AND version = ?", (*name, version))
        if found:
            return found[0]
        if version != LATEST and self._select(OF_NAME, name):
            raise Refusal("ResourceNotFound.Qualifier", f"The function {name.function} has no version {version}.")
        raise _no_function(name)

    def _select(self, where: str, values: Sequence[Any]) -> list[Version]:
        return [_version(row) for row in self._execute(f"SELECT {_COLUMNS} FROM version WHERE {where}", values)]

    def _put(self, how: str, version: Version) -> None:
        row = (
            *(*version.name, version.version, version.function_id, version.status, version.reason),
            json.dumps(version.settings, ensure_ascii=False),
            *(version.code_sha256, version.code_bytes, version.published, version.add_time, version.mod_time),
        )
        self._execute(f"{how} INTO version ({_COLUMNS}) VALUES ({', '.join('?' * len(row))})", row)

    def _execute(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        return self._database.connection.execute(sql, values).fetchall()

    def _uses(self, sha256: str) -> bool:
        return bool(self._execute("SELECT 1 FROM version WHERE code_sha256 = ? LIMIT 1", (sha256,)))

    async def _drop_unused(self, sha256: str) -> None:
        def work() -> None:
            if not self._uses(sha256):
                self._files.drop(sha256)

        await self._database.run(work)


def _version(row: Sequence[Any]) -> Version:
    (region, namespace, function, version, function_id, status, reason, settings, *rest) = row
    code_sha256, code_bytes, published, add_time, mod_time = rest
    return Version(
        name=Name(region, namespace, function),
        version=version,
        function_id=function_id,
        status=Status(status),
        settings=json.loads(settings),
        code_sha256=code_sha256,
        code_bytes=code_bytes,
        add_time=add_time,
        mod_time=mod_time,
        reason=reason,
        published=published,
    )


def _no_function(name: Name) -> Refusal:
    return Refusal("ResourceNotFound.Function", f"The function {name.function} does not exist.")
