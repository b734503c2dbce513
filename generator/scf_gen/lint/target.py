"""The systems that SCF runs functions on, as lint/targets.toml has them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DEFAULT = "centos7"


@dataclass(frozen=True, slots=True)
class Target:
    """A system: versions such as (2, 17), the libraries it has, and commands that it lacks with what to do instead."""

    name: str
    title: str
    glibc: tuple[int, ...]
    bash: tuple[int, ...]
    curl: tuple[int, ...]
    symbols: Mapping[str, tuple[int, ...]]
    loader: str
    libraries: frozenset[str]
    interpreters: frozenset[str]
    missing_commands: Mapping[str, str]


@cache
def targets() -> Mapping[str, Target]:
    """All targets by name."""
    data = tomllib.loads(Path(__file__).with_name("targets.toml").read_text("utf-8"))
    common = data["common"]
    return {
        name: Target(
            name=name,
            title=table["title"],
            glibc=version_of(table["glibc"]),
            bash=version_of(table["bash"]),
            curl=version_of(table["curl"]),
            symbols={prefix: version_of(version) for prefix, version in table["symbols"].items()},
            loader=common["loader"],
            libraries=frozenset(common["libraries"]),
            interpreters=frozenset(common["interpreters"]),
            missing_commands=common["missing_commands"],
        )
        for name, table in data["target"].items()
    }


def version_of(text: str) -> tuple[int, ...]:
    """A version's numbers: "2.17" gives (2, 17)."""
    return tuple(int(part) for part in text.split("."))
