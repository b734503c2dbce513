"""What a PATH holds, as the function that is to be deployed."""

import hashlib
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from scf_gen.archive.source import is_package
from scf_gen.cli.package import check_package, make_package
from scf_gen.cli.subject import name_of
from scf_gen.core import contract
from scf_gen.core.function import CONFIG_FILE, Function
from scf_gen.errors import FunctionInvalid, PackageInvalid

if TYPE_CHECKING:
    from scf_gen.cloud.plan import Wanted


def deployed_name(path: Path, function: Function) -> str:
    """The name that the function gets; raises FunctionInvalid for what can be no function's name."""
    name = name_of(path, function)
    if not re.fullmatch(contract.NAME_PATTERN, name):
        raise FunctionInvalid(
            f"{path} has the name {name!r}, which can be no function's: it has to be {contract.NAME_RULE}",
            f"set name in [function] of {CONFIG_FILE}",
        )
    return name


def read_wanted(
    path: Path, function: Function, *, is_configured: bool, lint: bool = True, aim: str = "deploy"
) -> "Wanted":
    """The function with its code: a folder is built, linted and packed, a ZIP linted and taken as it is.

    Raises PackageInvalid for a ZIP that SCF could not run, and what `make_package` raises.
    """
    from scf_gen.cloud.plan import Wanted

    if path.is_dir():
        with TemporaryDirectory(prefix="scf-gen-") as folder:
            output = Path(folder).resolve() / f"{function.name}.zip"
            make_package(path, output, function, lint=lint, aim=aim)
            zipped = output.read_bytes()
    elif is_package(path):
        if lint:
            check_package(path, path, aim)
        zipped = path.read_bytes()
    else:
        raise PackageInvalid(f"{path} holds no {contract.BOOTSTRAP} at its root", "make it with scf-gen package")
    return Wanted(function, zipped, hashlib.sha256(zipped).hexdigest(), is_configured)
