"""What each action does, and what it answers to what it does not do."""

import base64
import hashlib
import urllib.error
import urllib.request

import pytest
from local.running import code, zipped
from scf_gen.local.api.parameters import PARAMETERS
from scf_gen.local.api.table import ACTIONS, UNSUPPORTED
from tencentcloud.scf.v20180416 import models, scf_client


def fields(model):
    """The names of the fields of one of the SDK's models."""
    return {name[1:] for name in vars(getattr(models, model)())} - {"headers"}


@pytest.mark.parametrize("action", PARAMETERS)
def test_an_action_takes_the_parameters_of_the_sdk(action):
    assert set(PARAMETERS[action]) == fields(f"{action}Request")


def test_every_action_of_the_sdk_is_known():
    known = {name for name in vars(scf_client.ScfClient) if name[0].isupper()}
    assert set(ACTIONS) | UNSUPPORTED == known
    assert set(PARAMETERS) == set(ACTIONS)


def test_every_answer_has_exactly_the_fields_of_the_sdk(client):
    client.create("echo")
    request_id = client.invoke("echo")["FunctionRequestId"]
    client.call("PublishVersion", FunctionName="echo")
    named = {"FunctionName": "echo"}
    answers = {
        "GetFunction": client.call("GetFunction", **named),
        "ListFunctions": client.call("ListFunctions"),
        "ListVersionByFunction": client.call("ListVersionByFunction", **named),
        "PublishVersion": client.call("PublishVersion", **named),
        "GetFunctionAddress": client.call("GetFunctionAddress", **named),
        "GetFunctionLogs": client.call("GetFunctionLogs", **named),
        "GetRequestStatus": client.call("GetRequestStatus", FunctionRequestId=request_id, **named),
        "Invoke": client.call("Invoke", **named),
        "InvokeFunction": client.call("InvokeFunction", **named),
        "GetAccount": client.call("GetAccount"),
        "ListNamespaces": client.call("ListNamespaces"),
        "UpdateFunctionConfiguration": client.call("UpdateFunctionConfiguration", **named),
    }
    for action, answer in answers.items():
        assert set(answer) == fields(f"{action}Response"), action
    parts = {
        "Function": answers["ListFunctions"]["Functions"][0],
        "FunctionVersion": answers["ListVersionByFunction"]["Versions"][0],
        "FunctionLog": answers["GetFunctionLogs"]["Data"][0],
        "LogSearchContext": answers["GetFunctionLogs"]["SearchContext"],
        "RequestStatus": answers["GetRequestStatus"]["Data"][0],
        "Result": answers["Invoke"]["Result"],
        "UsageInfo": answers["GetAccount"]["AccountUsage"],
        "NamespaceUsage": answers["GetAccount"]["AccountUsage"]["Namespace"][0],
        "LimitsInfo": answers["GetAccount"]["AccountLimit"],
        "NamespaceLimit": answers["GetAccount"]["AccountLimit"]["Namespace"][0],
        "TriggerCount": answers["GetAccount"]["AccountLimit"]["Namespace"][0]["Trigger"],
        "Namespace": answers["ListNamespaces"]["Namespaces"][0],
        "PublicNetConfigOut": answers["GetFunction"]["PublicNetConfig"],
        "IntranetConfigOut": answers["GetFunction"]["IntranetConfig"],
    }
    for model, part in parts.items():
        assert set(part) == fields(model), model


def test_what_was_set_is_told(client):
    given = {
        "Description": "says hello, 你好",
        "MemorySize": 256,
        "Timeout": 7,
        "InitTimeout": 9,
        "Handler": "scf.so",
        "Environment": {"Variables": [{"Key": "GREETING", "Value": "hello 😀"}]},
        "VpcConfig": {"VpcId": "vpc-1", "SubnetId": "subnet-1"},
        "Role": "a role",
        "Tags": [{"Key": "team", "Value": "red"}],
    }
    client.create("set", **given)
    told = client.call("GetFunction", FunctionName="set")
    assert {name: told[name] for name in given} == given
    assert told["Runtime"] == "CustomRuntime"
    assert told["CodeSize"] == len(base64.b64decode(code()["ZipFile"]))
    assert told["StatusReasons"] == []


def test_a_function_runs_as_it_was_set(client, region):
    names = "GREETING _HANDLER SCF_NAMESPACE SCF_FUNCTIONNAME SCF_FUNCTIONVERSION TENCENTCLOUD_REGION"
    script = f"""event='"'{"/".join(f"${name}" for name in names.split())}'"'"""
    variables = {"Variables": [{"Key": "GREETING", "Value": "hi"}]}
    client.call("CreateNamespace", Namespace="red")
    client.create("set", script, Handler="a.b", Namespace="red", Environment=variables)
    assert client.invoke("set", Namespace="red")["RetMsg"] == f'"hi/a.b/red/set/$LATEST/{region}"'


def test_an_update_takes_the_place_of_what_was(client):
    client.create("echo")
    assert client.invoke("echo", "1")["RetMsg"] == "1"
    client.call("UpdateFunctionCode", FunctionName="echo", Code=code("event=2"), Handler="new.handler")
    assert client.settled("echo") == "Active"
    assert client.invoke("echo", "1")["RetMsg"] == "2"
    client.call("UpdateFunctionCode", FunctionName="echo", ZipFile=code("event=$_HANDLER$V")["ZipFile"])
    assert client.settled("echo") == "Active"
    variables = {"Variables": [{"Key": "V", "Value": "!"}]}
    client.call("UpdateFunctionConfiguration", FunctionName="echo", Environment=variables)
    assert client.settled("echo") == "Active"
    assert client.invoke("echo", "1")["RetMsg"] == "new.handler!"
    nothing = {"Variables": [{"Key": "", "Value": ""}]}
    client.call("UpdateFunctionConfiguration", FunctionName="echo", Environment=nothing, Timeout=5)
    assert client.settled("echo") == "Active"
    assert client.invoke("echo", "1")["RetMsg"] == "new.handler"
    assert client.call("GetFunction", FunctionName="echo")["Timeout"] == 5


def test_versions_stay_as_they_were(client):
    client.create("echo", "event=1", Description="one")
    assert client.call("PublishVersion", FunctionName="echo", Description="first")["FunctionVersion"] == "1"
    client.call("UpdateFunctionCode", FunctionName="echo", Code=code("event=2"), Publish="TRUE")
    assert client.settled("echo") == "Active"
    client.call("UpdateFunctionCode", FunctionName="echo", Code=code("event=3"))
    assert client.settled("echo") == "Active"
    results = [client.invoke("echo", Qualifier=qualifier)["RetMsg"] for qualifier in ("1", "2", "$LATEST", "$DEFAULT")]
    assert results == ["1", "2", "3", "3"]
    listed = client.call("ListVersionByFunction", FunctionName="echo", Order="ASC")
    assert [version for version in listed["FunctionVersion"] if version != "$LATEST"] == ["1", "2"]
    assert client.call("GetFunction", FunctionName="echo", Qualifier="1")["Description"] == "first"
    client.call("DeleteFunction", FunctionName="echo", Qualifier="2")
    assert client.call("PublishVersion", FunctionName="echo")["FunctionVersion"] == "3"


def test_a_deleted_function_has_gone_with_all_of_it(client, refused):
    client.create("echo")
    client.invoke("echo")
    client.call("PublishVersion", FunctionName="echo")
    client.call("DeleteFunction", FunctionName="echo")
    for action in ("GetFunction", "Invoke", "GetFunctionLogs", "DeleteFunction", "GetFunctionAddress"):
        assert refused(action, FunctionName="echo") == "ResourceNotFound.Function"
    client.create("echo")
    assert client.call("GetFunctionLogs", FunctionName="echo")["TotalCount"] == 0


def test_regions_and_namespaces_are_worlds_of_their_own(server, client, refused):
    client.call("CreateNamespace", Namespace="red", Description="of the red team")
    client.create("echo", "event=1")
    client.create("echo", "event=2", Namespace="red")
    assert [client.invoke("echo", Namespace=name)["RetMsg"] for name in ("default", "red")] == ["1", "2"]
    assert server.client("ap-nowhere").call("ListFunctions")["TotalCount"] == 0
    assert refused("DeleteNamespace", Namespace="red") == "ResourceInUse.Namespace"
    client.call("DeleteFunction", FunctionName="echo", Namespace="red")
    client.call("DeleteNamespace", Namespace="red")
    assert [each["Name"] for each in client.call("ListNamespaces")["Namespaces"]] == ["default"]


def test_lists_in_pages(client):
    for number in range(5):
        client.create(f"fn-{number}", Description="odd" if number % 2 else "even")

    def names(**parameters):
        listed = client.call("ListFunctions", Orderby="FunctionName", Order="ASC", **parameters)
        return listed["TotalCount"], [function["FunctionName"] for function in listed["Functions"]]

    assert names(Offset=3) == (5, ["fn-3", "fn-4"])
    assert names(Limit=2) == (5, ["fn-0", "fn-1"])
    assert names(SearchKey="FN-2") == (1, ["fn-2"])
    assert names(Description="odd") == (2, ["fn-1", "fn-3"])
    assert names(Filters=[{"Name": "Status", "Values": ["CreateFailed"]}]) == (0, [])


def test_logs_can_be_found(client):
    client.create("moody", 'echo "about $event" >&2; [ "$event" = 1 ] && exit 3')
    good = client.invoke("moody", "0")["FunctionRequestId"]
    bad = client.invoke("moody", "1")["FunctionRequestId"]

    def found(**parameters):
        answer = client.call("GetFunctionLogs", FunctionName="moody", **parameters)
        return {log["RequestId"]: log for log in answer["Data"]}

    assert list(found()) == [bad, good]
    assert list(found(Order="asc", OrderBy="start_time")) == [good, bad]
    assert list(found(Filter={"RetCode": "is0"})) == [good]
    assert list(found(Filter={"RetCode": "not0"})) == [bad]
    assert list(found(FunctionRequestId=bad, Qualifier="$LATEST")) == [bad]
    assert found()[bad]["RetCode"] == 439
    assert "about 1" in found()[bad]["Log"]
    start = found()[good]["StartTime"]
    assert list(found(StartTime="2020-01-01 00:00:00", EndTime="2020-01-01 23:59:59")) == []
    assert set(found(StartTime=start, EndTime=found()[bad]["StartTime"])) == {good, bad}


def test_a_failed_invocation_is_an_answer(client):
    client.create("failing", "exit 3")
    result = client.invoke("failing")
    assert result["InvokeResult"] == -1
    assert result["RetMsg"] == result["ErrMsg"]
    assert '"statusCode":439' in result["ErrMsg"]


def test_the_code_can_be_fetched_by_its_address(client):
    client.create("echo")
    told = client.call("GetFunctionAddress", FunctionName="echo")
    with urllib.request.urlopen(told["Url"]) as answer:
        data = answer.read()
    assert data == base64.b64decode(code()["ZipFile"])
    assert told["CodeSha256"] == hashlib.sha256(data).hexdigest()
    for wrong in (told["Url"][:-1], told["Url"].replace("expires=", "expires=9"), told["Url"].partition("?")[0]):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(wrong)


LARGE = " " * (128 * 1024) + "1"
NEW = {"FunctionName": "fn", "Runtime": "CustomRuntime", "Code": {"ZipFile": "UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA=="}}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"FunctionName": None}, "MissingParameter"),
        ({"Code": None}, "MissingParameter.Code"),
        ({"Code": {}}, "MissingParameter.Code"),
        ({"Runtime": None}, "InvalidParameterValue.Runtime"),
        ({"Runtime": "Python3.7"}, "InvalidParameterValue.Runtime"),
        ({"Type": "HTTP"}, "UnsupportedOperation"),
        ({"Type": "Job"}, "InvalidParameterValue.Type"),
        ({"FunctionName": "1st"}, "InvalidParameter.FunctionName"),
        ({"FunctionName": "under_"}, "InvalidParameter.FunctionName"),
        ({"FunctionName": "../etc"}, "InvalidParameter.FunctionName"),
        ({"FunctionName": "a" * 61}, "InvalidParameter.FunctionName"),
        ({"FunctionName": "fn\n"}, "InvalidParameter.FunctionName"),
        ({"FunctionName": 5}, "InvalidParameter"),
        ({"Surprise": 1}, "UnknownParameter"),
        ({"Code": {"Surprise": 1}}, "UnknownParameter"),
        ({"Timeout": "3"}, "InvalidParameter"),
        ({"Timeout": 3.0}, "InvalidParameter"),
        ({"Timeout": 901}, "LimitExceeded.Timeout"),
        ({"Timeout": 0}, "LimitExceeded.Timeout"),
        ({"InitTimeout": 301}, "LimitExceeded.InitTimeout"),
        ({"MemorySize": 100}, "InvalidParameterValue.Memory"),
        ({"Description": "x" * 1001}, "InvalidParameterValue.Description"),
        ({"Description": "\ud800"}, "InvalidParameterValue"),
        ({"Handler": "a\nb"}, "InvalidParameterValue.Handler"),
        ({"Environment": {"Variables": [{"Key": "1", "Value": "x"}]}}, "InvalidParameterValue.Environment"),
        ({"Environment": {"Variables": [{"Key": "A", "Value": ""}]}}, "InvalidParameterValue.Environment"),
        ({"Environment": {"Variables": [{"Key": "A", "Value": "\0"}]}}, "InvalidParameterValue.Environment"),
        ({"Environment": {"Variables": {"A": "x"}}}, "InvalidParameter"),
        (
            {"Environment": {"Variables": [{"Key": "SCF_X", "Value": "x"}]}},
            "InvalidParameterValue.EnvironmentSystemProtect",
        ),
        (
            {"Environment": {"Variables": [{"Key": "A", "Value": "x" * 4096}]}},
            "InvalidParameterValue.EnvironmentExceededLimit",
        ),
        ({"Layers": [{"LayerName": "node", "LayerVersion": 1}]}, "ResourceNotFound.Layer"),
        ({"Namespace": "nowhere"}, "ResourceNotFound.Namespace"),
        ({"InstallDependency": True}, "InvalidParameter"),
        ({"InstallDependency": "yes"}, "InvalidParameterValue"),
        ({"Code": {"ZipFile": "UEs"}}, "InvalidParameterValue.ZipFileBase64BinasciiError"),
        ({"Code": {"ZipFile": "UEsF!!=="}}, "InvalidParameterValue.ZipFileBase64BinasciiError"),
        ({"Code": {"ZipFile": "bm8gemlwIQ=="}}, "InvalidParameterValue.ZipFile"),
        ({"Code": {"CosBucketName": "b", "CosObjectName": "/o"}}, "UnsupportedOperation.Cos"),
    ],
    ids=str,
)
def test_what_cannot_be_created(client, refused, parameters, expected):
    assert refused("CreateFunction", **{**NEW, **parameters}) == expected
    assert client.call("ListFunctions")["TotalCount"] == 0


@pytest.mark.parametrize(
    "files",
    [{"../outside": "x"}, {"/etc/outside": "x"}, {"a\\..\\b": "x"}],
    ids=lambda files: next(iter(files)),
)
def test_a_zip_that_leads_outside_is_refused(client, refused, files):
    packed = base64.b64encode(zipped(files)).decode()
    assert refused("CreateFunction", **{**NEW, "Code": {"ZipFile": packed}}) == "InvalidParameterValue.ZipFile"


def test_a_zip_that_unpacks_to_too_much_is_refused(client, refused):
    data = bytearray(zipped({"bomb": "0123"}))
    size_of_bomb = data.index(b"PK\x01\x02") + 24  # the uncompressed size in the list of files
    data[size_of_bomb : size_of_bomb + 4] = (501 << 20).to_bytes(4, "little")
    packed = base64.b64encode(data).decode()
    assert refused("CreateFunction", **{**NEW, "Code": {"ZipFile": packed}}) == "InvalidParameterValue.ZipFile"


def test_a_link_in_a_zip_is_refused(client, refused):
    packed = base64.b64encode(zipped({"link": "/etc/passwd"}, mode=0o120777)).decode()
    assert refused("CreateFunction", **{**NEW, "Code": {"ZipFile": packed}}) == "InvalidParameterValue.ZipFile"


def test_damaged_code_fails_when_it_is_deployed(client, refused):
    data = bytearray(zipped({"bootstrap": "#!/bin/bash\n" + "echo hello\n" * 50}))
    data[60] ^= 0xFF
    damaged = {"ZipFile": base64.b64encode(data).decode()}
    client.call("CreateFunction", FunctionName="broken", Runtime="CustomRuntime", Code=damaged)
    assert client.settled("broken") == "CreateFailed"
    assert client.call("GetFunction", FunctionName="broken")["StatusReasons"]
    assert refused("Invoke", FunctionName="broken") == "FailedOperation.FunctionStatusError"
    client.call("UpdateFunctionCode", FunctionName="broken", Code=code())
    assert client.settled("broken") == "Active"
    assert client.invoke("broken", "5")["RetMsg"] == "5"


@pytest.mark.parametrize(
    ("action", "parameters", "expected"),
    [
        ("CreateFunction", NEW, "ResourceInUse.Function"),
        ("Invoke", {"FunctionName": "nobody"}, "ResourceNotFound.Function"),
        ("Invoke", {"FunctionName": "fn", "Namespace": "nowhere"}, "ResourceNotFound.Function"),
        ("Invoke", {"FunctionName": "fn", "Qualifier": "7"}, "ResourceNotFound.Qualifier"),
        ("Invoke", {"FunctionName": "fn", "ClientContext": "no json"}, "InvalidParameterValue.Param"),
        ("Invoke", {"FunctionName": "fn", "ClientContext": {"a": 1}}, "InvalidParameter"),
        ("Invoke", {"FunctionName": "fn", "Event": "{}"}, "UnknownParameter"),
        ("Invoke", {"FunctionName": "fn", "InvocationType": "Later"}, "InvalidParameterValue.InvokeType"),
        ("Invoke", {"FunctionName": "fn", "LogType": "All"}, "InvalidParameterValue"),
        ("InvokeFunction", {"FunctionName": "fn", "Event": "no json"}, "InvalidParameterValue.Param"),
        (
            "Invoke",
            {"FunctionName": "fn", "ClientContext": f'"{"x" * 6 * 2**20}"'},
            "InvalidParameter.RequestTooLarge",
        ),
        (
            "Invoke",
            {"FunctionName": "fn", "ClientContext": LARGE, "InvocationType": "Event"},
            "InvalidParameter.RequestTooLarge",
        ),
        ("UpdateFunctionCode", {"FunctionName": "nobody", "Code": NEW["Code"]}, "ResourceNotFound.Function"),
        ("UpdateFunctionCode", {"FunctionName": "fn"}, "MissingParameter.Code"),
        ("UpdateFunctionConfiguration", {"FunctionName": "fn", "Runtime": "Go1"}, "InvalidParameterValue.Runtime"),
        ("PublishVersion", {"FunctionName": "nobody"}, "ResourceNotFound.Function"),
        ("ListFunctions", {"Orderby": "Size"}, "InvalidParameterValue.OrderBy"),
        ("ListFunctions", {"Order": "up"}, "InvalidParameterValue.Order"),
        ("ListFunctions", {"Offset": -1}, "InvalidParameterValue.Offset"),
        ("ListFunctions", {"Filters": [{"Name": "x'; --", "Values": ["1"]}]}, "InvalidParameterValue.Filters"),
        ("GetFunctionLogs", {"FunctionName": "fn", "StartTime": "now"}, "InvalidParameterValue.StartTimeOrEndTime"),
        (
            "GetFunctionLogs",
            {"FunctionName": "fn", "StartTime": "2020-01-01 00:00:00", "EndTime": "2020-02-30 00:00:00"},
            "InvalidParameterValue.StartTimeOrEndTime",
        ),
        (
            "GetFunctionLogs",
            {"FunctionName": "fn", "StartTime": "2020-01-01 00:00:00", "EndTime": "2020-01-03 00:00:00"},
            "InvalidParameterValue.StartTimeOrEndTime",
        ),
        ("GetFunctionLogs", {"FunctionName": "fn", "Offset": 9999, "Limit": 2}, "InvalidParameterValue.Limit"),
        ("CreateNamespace", {"Namespace": "default"}, "InvalidParameterValue.DefaultNamespace"),
        ("CreateNamespace", {"Namespace": "a b"}, "InvalidParameterValue.NamespaceInvalid"),
        ("DeleteNamespace", {"Namespace": "default"}, "FailedOperation.DeleteNamespace"),
        ("DeleteNamespace", {"Namespace": "nowhere"}, "ResourceNotFound.Namespace"),
        ("ListAliases", {"FunctionName": "fn"}, "UnsupportedOperation"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused(client, refused, action, parameters, expected):
    client.call("CreateFunction", **NEW)
    assert client.settled("fn") == "Active"
    assert refused(action, **parameters) == expected


def test_a_refusal_says_what_and_where(client):
    from tencentcloud.common.exception import TencentCloudSDKException

    with pytest.raises(TencentCloudSDKException) as refusal:
        client.call("CreateFunction", **{**NEW, "Environment": {"Variables": [{"Key": "A", "Velue": "x"}]}})
    assert refusal.value.message == "The parameter `Environment.Variables.0.Velue` is not recognized."
    assert refusal.value.requestId
