"""What newer versions of Bash and curl brought, as lint/features.toml has it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scf_gen.languages.language import version_key


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that Bash has since a version such as "4.3"; `kinds` are nodes of the grammar."""

    feature: str
    since: str
    kinds: frozenset[str]
    pattern: re.Pattern[str]
    instead: str


@cache
def bash_features() -> tuple[Feature, ...]:
    """All that the linter knows of Bash's."""
    return tuple(
        Feature(one["feature"], one["since"], frozenset(one["kinds"]), re.compile(one["pattern"]), one["instead"])
        for one in _data()["bash"]
    )


@cache
def curl_options() -> Mapping[str, str]:
    """The version that brought each of curl's newer long options."""
    return {option: since for since, options in _data()["curl"].items() for option in options}


def is_newer(since: str, version: tuple[int, ...]) -> bool:
    """Whether `version` is too old for it."""
    return version_key(since) > version


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("features.toml").read_text("utf-8"))
