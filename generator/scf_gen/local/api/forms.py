"""The forms in which the API tells of functions; the field names are those of Tencent's SDK."""

from collections.abc import Mapping
from typing import Any

from scf_gen.core import contract
from scf_gen.local.version import FAILED, RUNTIME, Version

# What a function has that nobody set.
_DEFAULTS: Mapping[str, Any] = {
    "Description": "",
    "Handler": contract.DEFAULT_HANDLER,
    "Timeout": contract.DEFAULT_TIMEOUT_S,
    "InitTimeout": contract.DEFAULT_INIT_TIMEOUT_S,
    "MemorySize": contract.DEFAULT_MEMORY_MB,
    "Runtime": RUNTIME,
    "VpcConfig": {"VpcId": "", "SubnetId": ""},
    "Environment": {"Variables": []},
    "Role": "",
    "InstallDependency": "FALSE",
    "ClsLogsetId": "",
    "ClsTopicId": "",
    "Tags": [],
    "Type": "Event",
    "L5Enable": "FALSE",
    "Layers": [],
    "DeadLetterConfig": {"Type": "", "Name": "", "FilterType": ""},
    "CfsConfig": {"CfsInsList": []},
    "AsyncRunEnable": "FALSE",
    "TraceEnable": "FALSE",
    "ProtocolType": "",
    "ProtocolParams": None,
    "InstanceConcurrencyConfig": None,
    "DnsCache": "FALSE",
}
# What there is nothing of here.
_ABSENT: Mapping[str, Any] = {
    "CodeInfo": "",
    "Triggers": [],
    "UseGpu": "FALSE",
    "EipConfig": {"EipFixed": "FALSE", "Eips": []},
    "AccessInfo": {"Host": "", "Vip": ""},
    "OnsEnable": "FALSE",
    "ImageConfig": None,
    "AvailableStatus": "Available",
}


def function_form(version: Version) -> dict[str, Any]:
    """What GetFunction answers."""
    settings = version.settings
    network = settings.get("PublicNetConfig", {})
    broken = version.status in FAILED.values()
    return {
        **_ABSENT,
        **{name: settings.get(name, default) for name, default in _DEFAULTS.items()},
        **_who_form(version),
        "FunctionVersion": version.version,
        "Qualifier": version.version,
        "CodeSize": version.code_bytes,
        "CodeResult": "failed" if broken else "success",
        "CodeError": version.reason,
        "ErrNo": 1 if broken else 0,
        "PublicNetConfig": {
            "PublicNetStatus": network.get("PublicNetStatus", "ENABLE"),
            "EipConfig": {"EipStatus": "DISABLE", **network.get("EipConfig", {}), "EipAddress": []},
        },
        "IntranetConfig": {"IpFixed": "DISABLE", **settings.get("IntranetConfig", {}), "IpAddress": []},
    }


def listed_form(version: Version) -> dict[str, Any]:
    """A function in the answer of ListFunctions."""
    names = ("Runtime", "Description", "Tags", "Type", "AsyncRunEnable", "TraceEnable")
    return {
        **_who_form(version),
        **{name: version.settings.get(name, _DEFAULTS[name]) for name in names},
        "TotalProvisionedConcurrencyMem": 0,
        "ReservedConcurrencyMem": None,
    }


def version_form(version: Version) -> dict[str, Any]:
    """A version in the answer of ListVersionByFunction."""
    return {
        "Version": version.version,
        "Description": version.settings.get("Description", ""),
        "AddTime": version.add_time,
        "ModTime": version.mod_time,
        "Status": version.status,
    }


def published_form(version: Version) -> dict[str, Any]:
    """What PublishVersion answers."""
    names = ("MemorySize", "Description", "Handler", "Timeout", "Runtime")
    return {
        **{name: version.settings.get(name, _DEFAULTS[name]) for name in names},
        "FunctionVersion": version.version,
        "CodeSize": version.code_bytes,
        "Namespace": version.name.namespace,
    }


def _who_form(version: Version) -> dict[str, Any]:
    reasons = [{"ErrorCode": f"{version.status}", "ErrorMessage": version.reason}] if version.reason else []
    return {
        "FunctionName": version.name.function,
        "FunctionId": version.function_id,
        "Namespace": version.name.namespace,
        "Status": version.status,
        "StatusDesc": version.reason,
        "StatusReasons": reasons,
        "AddTime": version.add_time,
        "ModTime": version.mod_time,
    }
