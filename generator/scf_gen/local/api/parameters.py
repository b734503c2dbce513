"""The parameters of each action that the local SCF knows, as Tencent's SDK has them (API version 2018-04-16)."""

from collections.abc import Mapping
from dataclasses import replace

from scf_gen.core import contract
from scf_gen.core.function import INIT_TIMEOUT_RULE, MEMORY_RULE, TIMEOUT_RULE
from scf_gen.core.place import NAMESPACE_PATTERN, NAMESPACE_RULE
from scf_gen.local.api.schema import FLAG, OBJECT, TEXT, WHOLE, ListOf, Parameter, Struct, among, at_most, matches

_BAD = "InvalidParameterValue"
_TEXT, _WHOLE = Parameter(TEXT), Parameter(WHOLE)
_SWITCH = Parameter(TEXT, rule=among(("TRUE", "FALSE")), says="it has to be TRUE or FALSE")
_TEXTS = Parameter(ListOf(TEXT))


def _required(parameter: Parameter) -> Parameter:
    return replace(parameter, required=True)


def _struct(**fields: Parameter) -> Parameter:
    return Parameter(Struct(fields))


def _list(**fields: Parameter) -> Parameter:
    return Parameter(ListOf(Struct(fields)))


_NAME = _required(_TEXT)
_NEW_NAME = Parameter(
    TEXT,
    required=True,
    rule=matches(contract.NAME_PATTERN),
    code="InvalidParameter.FunctionName",
    says=contract.NAME_RULE,
)
_NAMESPACE = _TEXT
_NEW_NAMESPACE = Parameter(
    TEXT,
    required=True,
    rule=matches(NAMESPACE_PATTERN),
    code=f"{_BAD}.NamespaceInvalid",
    says=NAMESPACE_RULE,
)
_DESCRIPTION = Parameter(TEXT, rule=at_most(1000), code=f"{_BAD}.Description", says="up to 1000 characters")
_HANDLER = Parameter(TEXT, rule=matches(r"[^\x00-\x1f\x7f]{1,128}"), code=f"{_BAD}.Handler")
_MEMORY = Parameter(WHOLE, rule=among(contract.MEMORY_MB), code=f"{_BAD}.Memory", says=MEMORY_RULE)
_TIMEOUT = Parameter(WHOLE, rule=among(contract.TIMEOUT_S), code="LimitExceeded.Timeout", says=TIMEOUT_RULE)
_INIT_TIMEOUT = Parameter(
    WHOLE, rule=among(contract.INIT_TIMEOUT_S), code="LimitExceeded.InitTimeout", says=INIT_TIMEOUT_RULE
)
_ENVIRONMENT = _struct(Variables=_list(Key=_TEXT, Value=_TEXT))
_ORDER = Parameter(TEXT, rule=lambda text: text.upper() in {"ASC", "DESC"}, code=f"{_BAD}.Order", says="ASC or DESC")
_OFFSET = Parameter(WHOLE, rule=lambda number: number >= 0, code=f"{_BAD}.Offset")
_LIMIT = Parameter(WHOLE, rule=lambda number: number >= 0, code=f"{_BAD}.Limit")
_LOG_TYPE = Parameter(TEXT, rule=among(("None", "Tail", "")), says="None or Tail")
_ROUTING_KEY = Parameter(TEXT, rule=at_most(1024), says="up to 1024 bytes")
_TIME = Parameter(
    TEXT,
    rule=matches(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|"),
    code=f"{_BAD}.StartTimeOrEndTime",
    says="the form is 2017-05-16 20:00:00",
)


def _order_by(*names: str) -> Parameter:
    return Parameter(TEXT, rule=among(names), code=f"{_BAD}.OrderBy", says=" or ".join(names))


_VPC = _struct(VpcId=_TEXT, SubnetId=_TEXT)
_DEAD_LETTER = _struct(Type=_required(_TEXT), Name=_required(_TEXT), FilterType=_TEXT)
_PUBLIC_NET = _struct(PublicNetStatus=_required(_TEXT), EipConfig=_struct(EipStatus=_required(_TEXT)))
_CFS = _struct(
    CfsInsList=_required(
        _list(
            **dict.fromkeys(
                ("UserId", "UserGroupId", "CfsId", "MountInsId", "LocalMountDir", "RemoteMountDir"), _required(_TEXT)
            ),
            **dict.fromkeys(("IpAddress", "MountVpcId", "MountSubnetId"), _TEXT),
        )
    )
)
_TAGS = _list(Key=_required(_TEXT), Value=_required(_TEXT))
_LAYERS = _list(LayerName=_required(_TEXT), LayerVersion=_required(_WHOLE))
_PROTOCOL = _struct(WSParams=_struct(IdleTimeOut=_WHOLE))
_CONCURRENCY = _struct(
    DynamicEnabled=_TEXT,
    MaxConcurrency=_WHOLE,
    InstanceIsolationEnabled=_TEXT,
    Type=_TEXT,
    MixNodeConfig=_list(NodeSpec=_TEXT, Num=_WHOLE),
    SessionConfig=_struct(
        SessionSource=_TEXT,
        SessionName=_TEXT,
        MaximumConcurrencySessionPerInstance=_WHOLE,
        MaximumTTLInSeconds=_WHOLE,
        MaximumIdleTimeInSeconds=_WHOLE,
        SessionPath=_TEXT,
        IdleTimeoutStrategy=_TEXT,
    ),
)
_IMAGE = _struct(
    ImageType=_required(_TEXT),
    ImageUri=_required(_TEXT),
    **dict.fromkeys(("RegistryId", "EntryPoint", "Command", "Args"), _TEXT),
    ContainerImageAccelerate=Parameter(FLAG),
    ImagePort=_WHOLE,
)
_GIT = (
    *("GitUrl", "GitUserName", "GitPassword", "GitPasswordSecret", "GitBranch"),
    *("GitDirectory", "GitCommitId", "GitUserNameSecret"),
)
_COS = dict.fromkeys(("CosBucketName", "CosObjectName", "CosBucketRegion"), _TEXT)
_CODE = _struct(
    ZipFile=_TEXT, **_COS, **dict.fromkeys(("DemoId", "TempCosObjectName", *_GIT), _TEXT), ImageConfig=_IMAGE
)

# What CreateFunction and UpdateFunctionConfiguration have in common.
_SETTINGS = {
    "Description": _DESCRIPTION,
    "MemorySize": _MEMORY,
    "Timeout": _TIMEOUT,
    "InitTimeout": _INIT_TIMEOUT,
    "Environment": _ENVIRONMENT,
    "Runtime": _TEXT,
    "Namespace": _NAMESPACE,
    "VpcConfig": _VPC,
    "Role": _TEXT,
    "InstallDependency": _SWITCH,
    "ClsLogsetId": _TEXT,
    "ClsTopicId": _TEXT,
    "Layers": _LAYERS,
    "DeadLetterConfig": _DEAD_LETTER,
    "PublicNetConfig": _PUBLIC_NET,
    "CfsConfig": _CFS,
    "ProtocolParams": _PROTOCOL,
    "InstanceConcurrencyConfig": _CONCURRENCY,
    "DnsCache": _SWITCH,
    "IntranetConfig": _struct(IpFixed=_required(_TEXT)),
}
_CALL = {
    "FunctionName": _NAME,
    "Namespace": _NAMESPACE,
    "Qualifier": _TEXT,
    "LogType": _LOG_TYPE,
    "RoutingKey": _ROUTING_KEY,
}
_PAGE = {"Offset": _OFFSET, "Limit": _LIMIT, "Order": _ORDER}

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "CreateFunction": {
        **_SETTINGS,
        "FunctionName": _NEW_NAME,
        "Code": replace(_CODE, required=True, missing_code="MissingParameter.Code"),
        "Handler": _HANDLER,
        "Type": Parameter(TEXT, rule=among(("Event", "HTTP")), code=f"{_BAD}.Type", says="Event or HTTP"),
        "CodeSource": _TEXT,
        "Tags": _TAGS,
        "AsyncRunEnable": _SWITCH,
        "TraceEnable": _SWITCH,
        "AutoDeployClsTopicIndex": _SWITCH,
        "AutoCreateClsTopic": _SWITCH,
        "ProtocolType": _TEXT,
    },
    "UpdateFunctionCode": {
        "FunctionName": _NAME,
        "Handler": _HANDLER,
        "ZipFile": _TEXT,
        **_COS,
        "Namespace": _NAMESPACE,
        "InstallDependency": _SWITCH,
        "EnvId": _TEXT,
        "Publish": _SWITCH,
        "Code": _CODE,
        "CodeSource": _TEXT,
    },
    "UpdateFunctionConfiguration": {
        **_SETTINGS,
        "FunctionName": _NAME,
        "Publish": _SWITCH,
        "L5Enable": _SWITCH,
        "IgnoreSysLog": Parameter(FLAG),
    },
    "GetFunction": {"FunctionName": _NAME, "Qualifier": _TEXT, "Namespace": _NAMESPACE, "ShowCode": _SWITCH},
    "ListFunctions": {
        **_PAGE,
        "Orderby": _order_by("AddTime", "ModTime", "FunctionName"),
        "SearchKey": _TEXT,
        "Namespace": _NAMESPACE,
        "Description": _TEXT,
        "Filters": replace(
            _list(Name=_required(_TEXT), Values=_required(_TEXTS)),
            rule=at_most(10),
            code=f"{_BAD}.Filters",
            says="up to 10",
        ),
    },
    "DeleteFunction": {"FunctionName": _NAME, "Namespace": _NAMESPACE, "Qualifier": _TEXT},
    "Invoke": {
        **_CALL,
        "ClientContext": _TEXT,
        "InvocationType": Parameter(
            TEXT,
            rule=among(("RequestResponse", "Event", "")),
            code=f"{_BAD}.InvokeType",
            says="RequestResponse or Event",
        ),
    },
    "InvokeFunction": {**_CALL, "Event": _TEXT},
    "GetFunctionLogs": {
        **_PAGE,
        "FunctionName": _TEXT,
        "OrderBy": _order_by("function_name", "duration", "mem_usage", "start_time"),
        "Filter": _struct(
            RetCode=Parameter(
                TEXT,
                rule=among(
                    ("", "not0", "is0", "TimeLimitExceeded", "ResourceLimitExceeded", "UserCodeException"),
                ),
                code=f"{_BAD}.RetCode",
            )
        ),
        "Namespace": _NAMESPACE,
        "Qualifier": _TEXT,
        "FunctionRequestId": _TEXT,
        "StartTime": _TIME,
        "EndTime": _TIME,
        "SearchContext": _struct(Offset=_required(_TEXT), Limit=_required(_WHOLE), Keyword=_TEXT, Type=_TEXT),
    },
    "GetRequestStatus": {
        "FunctionName": _NAME,
        "FunctionRequestId": _required(_TEXT),
        "Namespace": _NAMESPACE,
        "StartTime": _TIME,
        "EndTime": _TIME,
    },
    "PublishVersion": {"FunctionName": _NAME, "Description": _DESCRIPTION, "Namespace": _NAMESPACE},
    "ListVersionByFunction": {
        **_PAGE,
        "FunctionName": _NAME,
        "Namespace": _NAMESPACE,
        "OrderBy": _order_by("AddTime", "ModTime"),
    },
    "GetFunctionAddress": {"FunctionName": _NAME, "Qualifier": _TEXT, "Namespace": _NAMESPACE},
    "GetAccount": {},
    "CreateNamespace": {
        "Namespace": _NEW_NAMESPACE,
        "Description": _DESCRIPTION,
        "ResourceEnv": _struct(TKE=Parameter(OBJECT), OFFLINE=Parameter(FLAG)),
    },
    "ListNamespaces": {
        **_PAGE,
        "Orderby": _order_by("Name", "Updatetime"),
        "SearchKey": _list(Key=_required(_TEXT), Value=_required(_TEXT)),
    },
    "DeleteNamespace": {"Namespace": _NAME},
}
