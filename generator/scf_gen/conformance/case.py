"""The cases: the TOML files in cases/, each an area; unknown keys are errors."""

import fnmatch
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from scf_gen.conformance.answer import Answer
from scf_gen.conformance.step import Step
from scf_gen.conformance.table import read
from scf_gen.core import contract
from scf_gen.core.function import Function
from scf_gen.core.names import unknown_name_hint
from scf_gen.errors import BadAnswer, CaseInvalid

FOLDER = Path(__file__).parent / "cases"
PATHS = {
    "ready": contract.READY_PATH,
    "next": contract.NEXT_PATH,
    "response": contract.RESPONSE_PATH,
    "error": contract.ERROR_PATH,
}
# When SIGTERM comes: while the bootstrap waits for an event, or while the handler sleeps.
TERMINATE = ("", "waiting", BUSY := "busy")
# How a bootstrap that has to end by itself may do so.
EXITS = ("", "anyhow", FAILING := "failing", PERHAPS := "perhaps")
NAMES = {path: name for name, path in PATHS.items()}
_ALL = "scf-gen conform --list-cases shows all"


@dataclass(frozen=True, slots=True)
class Away:
    """The runtime API's port is closed once `after` events are done, for `for_s` seconds, or for good."""

    after: int
    for_s: float | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """How the runtime API misbehaves: answers by path, in turn, then `all` of them in one shape."""

    all: Answer = field(default_factory=Answer)
    answers: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    away: Away | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What a case changes of the function."""

    handler: str | None = None
    memory_mb: int | None = None
    timeout_s: float | None = None
    init_timeout_s: float | None = None
    env: Mapping[str, str] = field(default_factory=dict)

    def applied_to(self, function: Function) -> Function:
        """`function` with what differs; its variables stay, and more are set."""
        named = {name: getattr(self, name) for name in ("handler", "memory_mb", "timeout_s", "init_timeout_s")}
        changes = {name: value for name, value in named.items() if value is not None}
        return replace(function, env={**function.env, **self.env}, **changes)


@dataclass(frozen=True, slots=True)
class Case:
    """Something that a bootstrap has to do; `requests` are the fewest and the most to each path."""

    id: str
    title: str
    clauses: tuple[str, ...]
    area: str
    steps: tuple[Step, ...]
    function: Limits | None
    server: Server | None
    requests: Mapping[str, Sequence[int]] = field(default_factory=dict)
    needs: str = ""
    slow: bool = False
    fresh: bool = False
    exits: str = ""
    reads: str = ""
    ready_body: bool = False
    terminate: str = ""
    limit_s: float = 10.0
    cpu_s: float | None = None

    def bound(self, *, root: str, file: str) -> Self:
        """The case for one subject: {root} is its folder, {file} the file of its handler."""
        steps = tuple(replace(step, body=step.body and step.body.replace("{root}", root)) for step in self.steps)
        limits = self.function
        if limits and limits.handler:
            limits = replace(limits, handler=limits.handler.replace("{file}", file))
        return replace(self, steps=steps, function=limits)


def load(folder: Path = FOLDER) -> Mapping[str, Case]:
    """All cases by id, in the order of areas and of their files; raises CaseInvalid."""
    cases: dict[str, Case] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise CaseInvalid(f"{path.name}: {error}") from error
        if unknown := sorted(data.keys() - {"case"}):
            raise CaseInvalid(f"{path.name}: unknown key {unknown[0]!r}", "a file holds [[case]] tables")
        for table in data.get("case", []):
            case = parse(table, path.stem)
            if case.id in cases:
                raise CaseInvalid(f"{path.name}: there are two cases {case.id}")
            cases[case.id] = case
    return cases


def parse(table: Mapping[str, Any], area: str) -> Case:
    """One `[[case]]`; raises CaseInvalid."""
    where = f"{area}.toml, case {table.get('id', '?')}"
    rest = {key: value for key, value in table.items() if key not in {"steps", "function", "server"}}
    steps = tuple(read(Step, step, f"{where}, step") for step in table.get("steps", []))
    for step in steps:
        step.check(where)
    limits = read(Limits, table["function"], f"{where}, function") if "function" in table else None
    server = _server(table["server"], f"{where}, server") if "server" in table else None
    case = read(Case, rest, where, area=area, steps=steps, function=limits, server=server)
    for key, allowed in (("terminate", TERMINATE), ("exits", EXITS)):
        if (value := getattr(case, key)) not in allowed:
            raise CaseInvalid(f"{where}: unknown {key} {value!r}", f"there are {', '.join(filter(None, allowed))}")
    if unknown := sorted(case.requests.keys() - PATHS):
        raise CaseInvalid(f"{where}: requests to {unknown[0]!r}", f"there are {', '.join(PATHS)}")
    return case


def select(cases: Mapping[str, Case], wanted: Iterable[str]) -> Sequence[Case]:
    """The cases of these ids or patterns, in their own order; raises BadAnswer, with the nearest id, for others."""
    chosen: set[str] = set()
    for pattern in wanted:
        found = fnmatch.filter(cases, pattern)
        if not found:
            raise BadAnswer(f"unknown case {pattern!r}", unknown_name_hint(pattern, cases, listing=_ALL))
        chosen.update(found)
    return [case for case in cases.values() if case.id in chosen]


def _server(table: object, where: str) -> Server:
    if not isinstance(table, Mapping):
        raise CaseInvalid(f"{where} has to be a table")
    if unknown := sorted(table.keys() - {*PATHS, "all", "away"}):
        raise CaseInvalid(f"{where}: unknown key {unknown[0]!r}", f"there are {', '.join([*PATHS, 'all', 'away'])}")
    return Server(
        all=_answer(table.get("all", {}), f"{where}.all"),
        answers={name: _answers(table.get(name, []), f"{where}.{name}") for name in PATHS},
        away=read(Away, table["away"], f"{where}.away") if "away" in table else None,
    )


def _answers(tables: object, where: str) -> Sequence[Answer]:
    if not isinstance(tables, list):
        raise CaseInvalid(f"{where} has to be a list of tables")
    answers = [_answer(table, where) for table in tables]
    return [answer for answer in answers for _ in range(answer.times)]


def _answer(table: object, where: str) -> Answer:
    answer = read(Answer, table, where)
    answer.check(where)
    return answer
