"""The clients of the local SCF."""

import fcntl
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from local.running import Client
from tencentcloud.common.exception import TencentCloudSDKException


@pytest.fixture
def refused(client: Client) -> Callable[..., str]:
    """The code of the error that a call gets."""

    def call(action: str, **parameters: object) -> str:
        with pytest.raises(TencentCloudSDKException) as refusal:
            client.call(action, **parameters)
        return refusal.value.code

    return call


@pytest.fixture(scope="session")
def tccli(pytestconfig: pytest.Config) -> Path:
    """The folder that Tencent's command line tool is installed in."""
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target", ".")
    return installed(pytestconfig, "tccli", pip)


@pytest.fixture(scope="session")
def nodejs_sdk(pytestconfig: pytest.Config) -> Path:
    """The folder that Tencent's SDK for Node.js is installed in."""
    npm = shutil.which("npm", path=os.pathsep.join([sysconfig.get_path("scripts"), *os.get_exec_path()]))
    return installed(pytestconfig, "nodejs", (npm or "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts"))


def installed(config: pytest.Config, client: str, install: Sequence[str]) -> Path:
    """The folder with a client, installed by the first test that wants it."""
    wanted = tomllib.loads((Path(__file__).parent / "clients.toml").read_text())[client]
    folder = config.cache.mkdir(f"client-{client}")
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "installed"
        if not done.is_file() or done.read_text().split() != wanted:
            subprocess.run([*install, *wanted], cwd=folder, check=True, timeout=300)
            done.write_text("\n".join(wanted))
    return folder
