"""The functions of a namespace: told of, removed."""

from collections.abc import Iterator
from dataclasses import dataclass

from scf_gen.cloud.client import Client
from scf_gen.cloud.deployed import is_no_function, settled
from scf_gen.errors import CloudError, Refused

_PAGE = 100
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Listed:
    """A function in a list."""

    name: str
    status: str
    runtime: str
    type: str
    changed: str


def list_all(client: Client) -> Iterator[Listed]:
    """All functions, by name."""
    offset = 0
    while True:
        answer = client.call("ListFunctions", Offset=offset, Limit=_PAGE, Order="ASC", Orderby="FunctionName")
        page = answer.get("Functions") or []
        for item in page:
            words = (item.get(key) or "" for key in ("FunctionName", "Status", "Runtime", "Type", "ModTime"))
            yield Listed(*map(str, words))
        offset += len(page)
        if not page or offset >= int(answer.get("TotalCount") or 0):
            return


def check_namespace(client: Client) -> None:
    """Raises CloudError if the namespace is not there; nothing is said where the API does not tell of all of them."""
    try:
        answer = client.call("ListNamespaces", Namespace=None, Limit=_PAGE)
    except Refused:
        return
    names = sorted(str(item.get("Name") or "") for item in answer.get("Namespaces") or [])
    if 0 < len(names) < _PAGE and client.namespace not in names:
        raise CloudError(
            f"there is no namespace {client.namespace} in {client.region}", f"there is: {', '.join(names[:_SHOWN])}"
        )


def delete(client: Client, name: str) -> None:
    """Remove a function with its versions, and wait until it has gone; raises CloudError if it is not there."""
    there = settled(client, name)
    if there:
        try:
            client.call("DeleteFunction", FunctionName=name)
        except Refused as refusal:
            if not is_no_function(refusal):  # an earlier try, whose answer was lost, did it
                raise
        there = settled(client, name)
        if there:
            raise CloudError(
                f"{name} is {there.status} after DeleteFunction: {there.reason or 'Tencent gives no reason'}"
            )
        return
    raise CloudError(
        f"there is no function {name} in {client.region}, namespace {client.namespace}",
        "see scf-gen list, and --region and --namespace for where",
    )
