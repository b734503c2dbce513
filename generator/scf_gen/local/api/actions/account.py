"""The account: its namespaces, its limits, and where its code can be had."""

from scf_gen.core import contract
from scf_gen.local.api.call import Answer, Call
from scf_gen.local.api.download import address
from scf_gen.local.scf import LocalScf
from scf_gen.local.store import test_events
from scf_gen.local.store.namespaces import Namespace

# Page 583/11637, and the sample of API GetAccount; the local SCF does not enforce what can be raised by asking.
_CONCURRENCY_MB = 128_000
_NAMESPACES = 5
_TRIGGERS = ("Apigw", "Ckafka", "Clb", "Cls", "Cm", "Cmq", "Cos", "Eb", "Mps", "Timer", "Vod")
_NAMESPACE_LIMITS = {
    "FunctionsCount": 50,
    "TimeoutLimit": contract.TIMEOUT_S[-1],
    "InitTimeoutLimit": contract.INIT_TIMEOUT_S[-1],
    "TestModelLimit": test_events.LIMIT,
    "RetryNumLimit": 2,
    "MinMsgTTL": 60,
    "MaxMsgTTL": 21600,
    "ConcurrentExecutions": 100,
    "Trigger": {**dict.fromkeys(_TRIGGERS, 10), "Total": 10 * len(_TRIGGERS)},
}


async def create_namespace(scf: LocalScf, call: Call) -> Answer:
    """CreateNamespace"""
    await scf.namespaces.add(call.region, call.namespace, call.parameters.get("Description", ""))
    return {}


async def list_namespaces(scf: LocalScf, call: Call) -> Answer:
    """ListNamespaces"""
    words = {pair["Key"]: pair["Value"] for pair in call.parameters.get("SearchKey", [])}
    found = await scf.namespaces.find(call.region, words)
    page = call.page("Orderby")
    found.sort(key=_mod_time if page.order_by == "Updatetime" else _name, reverse=page.descending)
    shown = [
        {
            "Name": namespace.name,
            "Description": namespace.description,
            "AddTime": namespace.add_time,
            "ModTime": namespace.mod_time,
            "Type": "default",
        }
        for namespace in found[page.offset : page.offset + page.limit]
    ]
    return {"Namespaces": shown, "TotalCount": len(found)}


async def delete_namespace(scf: LocalScf, call: Call) -> Answer:
    """DeleteNamespace"""
    await scf.namespaces.remove(call.region, call.namespace)
    return {}


async def get_account(scf: LocalScf, call: Call) -> Answer:
    """GetAccount"""
    names = await scf.versions.names(call.region)
    namespaces = [namespace.name for namespace in await scf.namespaces.find(call.region, {})]
    usage = [
        {
            "Namespace": namespace,
            "Functions": names.get(namespace, []),
            "FunctionsCount": len(names.get(namespace, [])),
            "TotalConcurrencyMem": 0,
            "TotalAllocatedConcurrencyMem": 0,
            "TotalAllocatedProvisionedMem": 0,
        }
        for namespace in namespaces
    ]
    return {
        "AccountUsage": {
            "NamespacesCount": len(namespaces),
            "Namespace": usage,
            "TotalConcurrencyMem": _CONCURRENCY_MB,
            "TotalAllocatedConcurrencyMem": 0,
            "UserConcurrencyMemLimit": _CONCURRENCY_MB,
        },
        "AccountLimit": {
            "NamespacesCount": _NAMESPACES,
            "Namespace": [{"Namespace": namespace, **_NAMESPACE_LIMITS} for namespace in namespaces],
        },
    }


async def get_function_address(scf: LocalScf, call: Call) -> Answer:
    """GetFunctionAddress"""
    version = await scf.versions.get(call.name, call.version)
    return {"Url": address(call.host, version.code_sha256, call.credential), "CodeSha256": version.code_sha256}


def _name(namespace: Namespace) -> str:
    return namespace.name


def _mod_time(namespace: Namespace) -> str:
    return namespace.mod_time
