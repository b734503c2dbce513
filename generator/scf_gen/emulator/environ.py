"""The environment of a bootstrap: what SCF sets, what the function sets, and nothing of this machine's own."""

import locale
import os
import socket
from collections.abc import Mapping, Sequence
from pathlib import Path

from scf_gen.core import contract
from scf_gen.core.function import Function

PORT_VARIABLE = "SCF_RUNTIME_API_PORT"
SCF_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

# Page 583/30228. The account's numbers are made up; the variables that only a trigger or a shell sets are left out.
BUILT_IN = {
    "SCF_RUNTIME": "CustomRuntime",
    "TENCENTCLOUD_APPID": "1250000000",
    "TENCENTCLOUD_UIN": "100000000001",
    "TENCENTCLOUD_TZ": "UTC",
    "TENCENTCLOUD_RUNENV": "SCF",
    "USER_CODE_ROOT": f"{contract.CODE_ROOT}/",
    "_SCF_SERVER_PORT": "28902",
    "PWD": contract.CODE_ROOT,
    "HOME": "/home/qcloud",
    "USER": "qcloud",
    "LOGNAME": "qcloud",
    "SHELL": "/bin/bash",
    "LANG": "en_US.UTF8",
    "LC_ALL": "en_US.UTF8",
    "PATH": SCF_PATH,
    "LD_LIBRARY_PATH": f"/var/runtime/java8:{contract.CODE_ROOT}:/opt",
    "PYTHONPATH": f"{contract.CODE_ROOT}:/opt",
    "PYTHONDONTWRITEBYTECODE": "x",
    "NODE_PATH": f"{contract.CODE_ROOT}:{contract.CODE_ROOT}/node_modules:/opt:/opt/node_modules",
    "CLASSPATH": "/var/runtime/java8:/var/runtime/java8/lib/*:/opt",
}


def environ(function: Function, code: Path, host: str, port: int, programs: Sequence[Path] = ()) -> Mapping[str, str]:
    """The complete environment; `code` stands for /var/user, and SCF's PATH ends with the folders of `programs`."""
    built_in = {name: value.replace(contract.CODE_ROOT, str(code)) for name, value in BUILT_IN.items()}
    built_in["LANG"] = built_in["LC_ALL"] = _locale(BUILT_IN["LC_ALL"])
    built_in["PATH"] = ":".join((SCF_PATH, *(str(program.parent) for program in programs)))
    return {  # ENV-BUILT-IN: nothing else
        **built_in,
        "HOSTNAME": socket.gethostname(),
        **function.env,  # ENV-USER
        "SCF_RUNTIME_API": host,  # ENV-API
        PORT_VARIABLE: str(port),
        "SCF_FUNCTIONNAME": function.name,
        "SCF_FUNCTIONVERSION": function.version,
        "SCF_NAMESPACE": function.namespace,
        "TENCENTCLOUD_REGION": function.region,
        "_HANDLER": function.handler,  # ENV-HANDLER
    }


def _locale(wanted: str) -> str:
    """SCF's locale, or C.UTF-8 where this machine lacks it: every shell would complain into the function's log."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, wanted)
    except locale.Error:
        return "C.UTF-8"
    else:
        return wanted
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def on_scf_path(name: str) -> bool:
    """Whether SCF's own PATH, on this machine, leads to a program of that name."""
    return any(os.access(Path(folder, name), os.X_OK) for folder in SCF_PATH.split(":"))
