"""A call of an action, admitted and checked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scf_gen.core.contract import DEFAULT_NAMESPACE, LATEST
from scf_gen.local.api.signature import Credential
from scf_gen.local.scf import LocalScf
from scf_gen.local.store.versions import Page
from scf_gen.local.version import DEFAULT_QUALIFIER, Name

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked: the parameters by name, without those that are null.

    `credential` is the caller's, `host` how the caller knows the server.
    """

    action: str
    region: str
    parameters: Mapping[str, Any]
    request_id: str
    credential: Credential
    host: str

    @property
    def namespace(self) -> str:
        """The namespace that is meant."""
        return self.parameters.get("Namespace") or DEFAULT_NAMESPACE

    @property
    def name(self) -> Name:
        """The function that is meant."""
        return Name(self.region, self.namespace, self.parameters.get("FunctionName", ""))

    @property
    def version(self) -> str:
        """The version that is meant; until there are aliases, all traffic of $DEFAULT goes to $LATEST."""
        qualifier = self.parameters.get("Qualifier") or LATEST
        return LATEST if qualifier == DEFAULT_QUALIFIER else qualifier

    def page(self, order_by: str, largest: int = 1000) -> Page:
        """The part of a list that is meant; `order_by` is how the action spells that parameter."""
        return Page(
            offset=self.parameters.get("Offset", 0),
            limit=min(self.parameters.get("Limit", 20), largest),
            order_by=self.parameters.get(order_by, ""),
            descending=self.parameters.get("Order", "DESC").upper() == "DESC",
        )


Action = Callable[[LocalScf, Call], Awaitable[Answer]]
