"""Tencent's own clients, of which only endpoint, protocol, region and keys are set."""

import asyncio
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from local.running import SECRET_ID, SECRET_KEY, code
from tencentcloud.common import credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.scf.v20180416 import models
from tencentcloud.scf.v20180416.scf_client_async import ScfClient as AsyncScfClient

EVENT = '{   "key1": "test value 1",   "key2": "test value 2" }'


@pytest.fixture
def seed_program(server, region, seed, tmp_path):
    """Runs one of the document's two programs in a folder with its `demo.zip`; gives what it printed."""

    with zipfile.ZipFile(tmp_path / "demo.zip", "w") as demo:
        for name in ("index.sh", "bootstrap"):
            info = zipfile.ZipInfo(name)
            info.external_attr = 0o100755 << 16
            demo.writestr(info, (seed / name).read_bytes())
    settings = {
        '"SecretId", "secretKey"': f'"{SECRET_ID}", "{SECRET_KEY}"',
        "HttpProfile()": 'HttpProfile(protocol="http")',
        '"scf.tencentcloudapi.com"': f'"{server.endpoint}"',
        '"na-toronto"': f'"{region}"',
    }

    def run(name):
        text = (seed / f"{name}.py").read_text()
        for old, new in settings.items():
            assert text.count(old) == 1
            text = text.replace(old, new)
        done = subprocess.run(
            [sys.executable, "-c", text], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=30
        )
        return json.loads(done.stdout)

    return run


def test_the_two_programs_of_the_document(seed_program, client):
    assert seed_program("create_function").keys() == {"RequestId"}
    assert client.settled("CustomRuntime-Bash") == "Active"
    answer = seed_program("invoke_function")
    result = answer["Result"]
    assert result.keys() == {
        *("MemUsage", "Log", "RetMsg", "BillDuration", "FunctionRequestId", "Duration", "ErrMsg", "InvokeResult")
    }
    # The sample handler's unquoted echo takes the spaces of its event together.
    assert result["RetMsg"] == """Echoing request: '{ "key1": "test value 1", "key2": "test value 2" }'"""
    assert (result["Log"], result["ErrMsg"], result["InvokeResult"]) == ("", "", 0)
    assert result["MemUsage"] > 0
    assert result["BillDuration"] >= result["Duration"] > 0
    assert result["FunctionRequestId"] == answer["RequestId"]


def test_the_log_comes_with_tail(client):
    client.create("tail", 'echo "said $event" >&2')
    log = client.invoke("tail", '"hello"', LogType="Tail")["Log"]
    assert 'said "hello"\n' in log
    assert "START RequestId:" in log
    assert client.invoke("tail", LogType="None")["Log"] == ""


def test_the_log_ends_with_its_last_4_kb(client):
    client.create("much", "printf 'ä%.0s' {1..5000} >&2")
    log = client.invoke("much", LogType="Tail")["Log"]
    assert 4090 <= len(log.encode()) <= 4096
    assert "\nReport RequestId:" in log


def test_the_async_client(server, client, region):
    client.create("echo")

    async def call():
        profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=server.endpoint))
        async with AsyncScfClient(credential.Credential(SECRET_ID, SECRET_KEY), region, profile) as sdk:
            request = models.InvokeRequest()
            request.from_json_string(json.dumps({"FunctionName": "echo", "ClientContext": EVENT}))
            answers = await asyncio.gather(*(sdk.Invoke(request) for _ in range(4)))
            return [answer.Result.RetMsg for answer in answers]

    assert asyncio.run(call()) == [EVENT] * 4


def test_get_requests(server, region, client):
    client.create("echo", Description="told by GET")
    asking = server.client(region, method="GET")
    assert asking.invoke("echo", '{"a": "ä &=+%"}')["RetMsg"] == '{"a": "ä &=+%"}'
    found = asking.call("ListFunctions", Limit=5, Filters=[{"Name": "Status", "Values": ["Active", "Creating"]}])
    assert [function["Description"] for function in found["Functions"]] == ["told by GET"]


def test_the_fixture_is_the_document_but_for_python_3(seed: Path):
    text = (seed / "create_function.py").read_text()
    assert "open('demo.zip', 'rb')" in text
    assert "b64encode(code).decode()" in text


NODE_PROGRAM = """
const { scf } = require("tencentcloud-sdk-nodejs-scf");
const [endpoint, region, secretId, secretKey, ZipFile] = process.argv.slice(1);
const httpProfile = { endpoint, protocol: "http://" };
const client = new scf.v20180416.Client({ credential: { secretId, secretKey }, region, profile: { httpProfile } });
const name = { FunctionName: "from-node" };

async function main() {
  await client.CreateFunction({ ...name, Runtime: "CustomRuntime", Code: { ZipFile } });
  while ((await client.GetFunction(name)).Status !== "Active");
  const { Result } = await client.Invoke({ ...name, ClientContext: '{"from": "Node.js, 你好"}', LogType: "Tail" });
  const refusal = await client.Invoke({ FunctionName: "nobody" }).catch((error) => error.code);
  console.log(JSON.stringify({ Result, refusal }));
}

main();
"""


def test_the_sdk_for_nodejs(server, region, nodejs_sdk):
    settings = (server.endpoint, region, SECRET_ID, SECRET_KEY, code()["ZipFile"])
    done = subprocess.run(
        ["node", "-e", NODE_PROGRAM, *settings], cwd=nodejs_sdk, capture_output=True, text=True, check=True, timeout=60
    )
    answer = json.loads(done.stdout)
    assert answer["Result"]["RetMsg"] == '{"from": "Node.js, 你好"}'
    assert "START RequestId:" in answer["Result"]["Log"]
    assert answer["refusal"] == "ResourceNotFound.Function"


def test_tccli(server, region, tccli, tmp_path):
    pair = {"TENCENTCLOUD_SECRET_ID": SECRET_ID, "TENCENTCLOUD_SECRET_KEY": SECRET_KEY}
    environ = {**os.environ, **pair, "HOME": str(tmp_path), "PYTHONPATH": str(tccli), "TENCENTCLOUD_REGION": region}

    def run(action, *parameters):
        command = [sys.executable, "-c", "from tccli.main import main; main()", "scf", action]
        place = ("--endpoint", f"http://{server.endpoint}", "--region", region)
        done = subprocess.run(
            [*command, *place, *parameters], env=environ, capture_output=True, text=True, check=True, timeout=60
        )
        return json.loads(done.stdout)

    new = ("--Runtime", "CustomRuntime", "--Code", json.dumps(code()), "--Timeout", "5")
    assert run("CreateFunction", "--FunctionName", "from-tccli", *new).keys() == {"RequestId"}
    while run("GetFunction", "--FunctionName", "from-tccli")["Status"] != "Active":
        pass
    invoked = run("Invoke", "--FunctionName", "from-tccli", "--ClientContext", '{"from": "tccli"}')
    assert invoked["Result"]["RetMsg"] == '{"from": "tccli"}'
