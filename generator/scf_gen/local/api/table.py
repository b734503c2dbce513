"""The actions of the API: what the local SCF does, and what only Tencent's does."""

from collections.abc import Mapping

from scf_gen.local.api.actions import account, functions, invocations
from scf_gen.local.api.call import Action
from scf_gen.local.api.parameters import PARAMETERS
from scf_gen.local.api.schema import Struct

API_VERSION = "2018-04-16"
SERVICE = "scf"

ACTIONS: Mapping[str, Action] = {
    "CreateFunction": functions.create_function,
    "UpdateFunctionCode": functions.update_function_code,
    "UpdateFunctionConfiguration": functions.update_function_configuration,
    "GetFunction": functions.get_function,
    "ListFunctions": functions.list_functions,
    "DeleteFunction": functions.delete_function,
    "PublishVersion": functions.publish_version,
    "ListVersionByFunction": functions.list_version_by_function,
    "Invoke": invocations.invoke,
    "InvokeFunction": invocations.invoke_function,
    "GetFunctionLogs": invocations.get_function_logs,
    "GetRequestStatus": invocations.get_request_status,
    "GetAccount": account.get_account,
    "GetFunctionAddress": account.get_function_address,
    "CreateNamespace": account.create_namespace,
    "ListNamespaces": account.list_namespaces,
    "DeleteNamespace": account.delete_namespace,
}

SCHEMAS = {action: Struct(parameters) for action, parameters in PARAMETERS.items()}

# The rest of the API.
UNSUPPORTED = frozenset(
    (
        *("CreateAlias", "DeleteAlias", "GetAlias", "ListAliases", "UpdateAlias"),
        *("CreateTrigger", "DeleteTrigger", "ListTriggers", "UpdateTrigger", "UpdateTriggerStatus"),
        *("DeleteLayerVersion", "GetLayerVersion", "ListLayerVersions", "ListLayers", "PublishLayerVersion"),
        *("CreateCustomDomain", "DeleteCustomDomain", "GetCustomDomain", "ListCustomDomains"),
        *("UpdateCustomDomain",),
        *("DeleteProvisionedConcurrencyConfig", "DeleteReservedConcurrencyConfig"),
        *("GetProvisionedConcurrencyConfig", "GetReservedConcurrencyConfig", "PutProvisionedConcurrencyConfig"),
        *("PutReservedConcurrencyConfig", "PutTotalConcurrencyConfig"),
        *("CopyFunction", "DeleteFunctionVersion", "GetAsyncEventStatus", "GetFunctionEventInvokeConfig"),
        *("ListAsyncEvents", "TerminateAsyncEvent", "UpdateFunctionEventInvokeConfig", "UpdateNamespace"),
    )
)
