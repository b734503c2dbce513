"""The tables in which the local SCF keeps what it must not lose, and the one thread that touches them."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from scf_gen.errors import DataFolderInvalid
from scf_gen.local.refusal import Refusal

# The condition for rows of a function, by its name.
OF_NAME = "region = ? AND namespace = ? AND function = ?"
SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE namespace (
  region TEXT, name TEXT, description TEXT, add_time TEXT, mod_time TEXT,
  PRIMARY KEY (region, name)
) WITHOUT ROWID;
CREATE TABLE version (
  region TEXT, namespace TEXT, function TEXT, version TEXT, function_id TEXT, status TEXT, reason TEXT,
  settings TEXT, code_sha256 TEXT, code_bytes INTEGER, published INTEGER, add_time TEXT, mod_time TEXT,
  PRIMARY KEY (region, namespace, function, version)
) WITHOUT ROWID;
CREATE INDEX version_by_code ON version (code_sha256);
CREATE INDEX version_by_status ON version (status);
CREATE TABLE event (
  request_id TEXT PRIMARY KEY, region TEXT, namespace TEXT, function TEXT, version TEXT,
  body BLOB, attempt INTEGER, due_s REAL, asked_s REAL
) WITHOUT ROWID;
CREATE TABLE invocation (
  number INTEGER PRIMARY KEY, request_id TEXT, region TEXT, namespace TEXT, function TEXT, version TEXT,
  start_time TEXT, ret_code INTEGER, ret_msg TEXT, log TEXT, duration_ms REAL, bill_ms INTEGER,
  memory_bytes INTEGER, retry INTEGER
);
CREATE INDEX invocation_by_request ON invocation (request_id);
CREATE INDEX invocation_by_function ON invocation (region, namespace, function, start_time);
CREATE TABLE test_event (
  region TEXT, namespace TEXT, function TEXT, name TEXT, body TEXT,
  PRIMARY KEY (region, namespace, function, name)
) WITHOUT ROWID;
CREATE TABLE run (
  number INTEGER PRIMARY KEY, region TEXT, namespace TEXT, function TEXT, request_id TEXT, version TEXT,
  began_s REAL, event TEXT, result TEXT, log TEXT, transcript TEXT
);
CREATE INDEX run_by_function ON run (region, namespace, function);
"""

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """A SQLite file in WAL mode, opened in a thread of its own; `run` takes work there, in order.

    What a commit has acknowledged survives the end of this process and of the machine.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        self.connection: sqlite3.Connection

    async def open(self) -> None:
        """Open the file, or make it; raises DataFolderInvalid for one that this scf-gen cannot read."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        except sqlite3.Error as error:
            raise DataFolderInvalid(f"{self._path} cannot be opened: {error}") from error

    async def close(self) -> None:
        """Let the work that waits be done, and close the file."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self.connection.close)
        self._thread.shutdown()

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do `work` in the thread, as one transaction; raises Refusal if the disk does not take it."""

        def transaction() -> T:
            with self.connection:
                return work(*args, **kwargs)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, transaction)
        except (sqlite3.Error, OSError) as error:
            raise Refusal("InternalError.System", f"The local SCF could not keep it: {error}.") from error

    def _open(self) -> None:
        connection = sqlite3.connect(self._path, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        [(found,)] = connection.execute("PRAGMA user_version")
        if found not in (0, SCHEMA_VERSION):
            raise DataFolderInvalid(
                f"{self._path} was written by another version of scf-gen (form {found}, here {SCHEMA_VERSION})",
                "name another folder with --data-dir",
            )
        if not found:
            # One transaction: a process that is killed here leaves an empty file.
            connection.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version = {SCHEMA_VERSION};COMMIT;")
        self.connection = connection
