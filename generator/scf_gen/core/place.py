"""Where functions are deployed: the values of the table `[deploy]` of an `scf.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from scf_gen.core.function import CONFIG_FILE, Check, read_table, text_like
from scf_gen.errors import BadAnswer

REGION_VARIABLE = "TENCENTCLOUD_REGION"
REGION_PATTERN = r"[a-z0-9-]{1,64}"
NAMESPACE_PATTERN = r"[A-Za-z0-9_-]{1,60}"
REGION_RULE = "the short name of a region, such as ap-guangzhou"
NAMESPACE_RULE = "1 to 60 letters, digits, - and _"
ENDPOINT_RULE = "a host, or http:// or https:// and a host, with a port if need be"

_PORT = r"(\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d\d|655[0-2]\d|6553[0-5])"
RULES: Mapping[str, Check] = {
    "region": text_like(REGION_PATTERN, REGION_RULE),
    "namespace": text_like(NAMESPACE_PATTERN, NAMESPACE_RULE),
    "endpoint": text_like(rf"(https?://)?([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:{_PORT})?/?", ENDPOINT_RULE),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A region, a namespace and the address of the API; empty is what nobody has said."""

    region: str = ""
    namespace: str = ""
    endpoint: str = ""

    @classmethod
    def from_toml(cls, text: str, where: str = CONFIG_FILE) -> Self:
        """Read the table; raises FunctionInvalid, with `where` and the key, for what it cannot be."""
        return cls(**read_table(text, "deploy", RULES, where))

    @classmethod
    def from_options(cls, **options: str | None) -> Self:
        """Of the command line's options those that were given; raises BadAnswer for what they cannot be."""
        given = {name: value for name, value in options.items() if value is not None}
        for name, value in given.items():
            _check(f"--{name}", name, value)
        return cls(**given)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self:
        """The region that the environment names; raises BadAnswer for what it cannot be."""
        region = environ.get(REGION_VARIABLE, "")
        if region:
            _check(REGION_VARIABLE, "region", region)
        return cls(region)

    def over(self, other: "Place") -> "Place":
        """What this one says, and of the rest what `other` says."""
        return Place(self.region or other.region, self.namespace or other.namespace, self.endpoint or other.endpoint)


def _check(where: str, name: str, value: str) -> None:
    if complaint := RULES[name](value):
        raise BadAnswer(f"{where} {value!r} {complaint}")
