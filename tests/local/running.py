"""A local SCF as a process of its own, and the official client for it."""

import base64
import io
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.scf.v20180416.scf_client import ScfClient

SECRET_ID, SECRET_KEY = "AKIDlocal", "key-of-the-tests"
READY = re.compile(r"local SCF at (http://(\S+))\b")

# Answers each event with itself, after doing what a test wants done.
ECHO = """\
#!/bin/bash
api="http://$SCF_RUNTIME_API:$SCF_RUNTIME_API_PORT/runtime"
curl -s -d " " "$api/init/ready" > /dev/null
while event=$(curl -s "$api/invocation/next"); do
  {script}
  curl -s --data-binary "$event" "$api/invocation/response" > /dev/null
done
"""


def bootstrap(script: str = ":") -> str:
    return ECHO.replace("{script}", script)


def zipped(files: Mapping[str, bytes | str], mode: int = 0o100755) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, content)
    return data.getvalue()


def code(script: str = ":") -> dict[str, str]:
    return {"ZipFile": base64.b64encode(zipped({"bootstrap": bootstrap(script)})).decode()}


class Client:
    """The official SDK, with answers as plain values; `call` checks that their fields are those of the SDK's models."""

    def __init__(self, endpoint: str, region: str, credential: Credential, method: str = "POST") -> None:
        profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=endpoint, reqMethod=method))
        self.sdk = ScfClient(credential, region, profile)

    def call(self, action: str, **parameters: object) -> dict[str, object]:
        return self.sdk.call_json(action, parameters)["Response"]

    def create(self, name: str, script: str = ":", **parameters: object) -> None:
        self.call("CreateFunction", FunctionName=name, Runtime="CustomRuntime", Code=code(script), **parameters)
        assert self.settled(name, str(parameters.get("Namespace", "default"))) == "Active"

    def settled(self, name: str, namespace: str = "default") -> str:
        """The status after the deployment."""
        while (status := self.call("GetFunction", FunctionName=name, Namespace=namespace)["Status"]) in (
            "Creating",
            "Updating",
        ):
            pass
        return status

    def invoke(self, name: str, event: str = "{}", **parameters: object) -> dict[str, object]:
        return self.call("Invoke", FunctionName=name, ClientContext=event, **parameters)["Result"]


@dataclass
class Running:
    """A server's process."""

    process: subprocess.Popen[str]
    endpoint: str
    data_folder: Path
    stderr: Path
    drain: subprocess.Popen[bytes]

    def client(self, region: str = "ap-test", *, method: str = "POST", key: str = SECRET_KEY) -> Client:
        return Client(self.endpoint, region, Credential(SECRET_ID, key), method)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Its exit status; when it is given, `log` has all that the server said."""
        self.process.send_signal(number)
        status = self.process.wait(timeout=20)
        self.drain.wait(timeout=20)
        return status

    def log(self) -> str:
        return self.stderr.read_text()


@contextmanager
def serving(
    data_folder: Path, *options: str, prefix: tuple[str, ...] = (), environ: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """A server on a free port, with the tests' keys, until the end of the block."""
    stderr = data_folder.with_name(f"{data_folder.name}.stderr")
    keys = ("--secret-id", SECRET_ID, "--secret-key", SECRET_KEY) if environ is None else ()
    with stderr.open("w") as log:
        process = subprocess.Popen(
            [
                *prefix,
                sys.executable,
                "-m",
                "scf_gen",
                "serve",
                "--port",
                "0",
                "--data-dir",
                data_folder,
                *keys,
                *options,
            ],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TENCENTCLOUD_REGION": "", **(environ or {})},
        )
        for line in process.stderr:
            log.write(line)
            if found := READY.search(line):
                break
        else:
            raise AssertionError(stderr.read_text())
        log.flush()
        with stderr.open("a") as rest:
            drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=rest)
        process.stderr.close()
    try:
        yield Running(process, found[2], data_folder, stderr, drain)
    finally:
        process.kill()
        process.wait()
        drain.wait()
