"""The local SCF's Invoke API against AWS's runtime interface emulator and cargo-lambda's, on the same echo, in turn.

Callers are processes of their own with one kept connection each; the calls of the local SCF are signed, beforehand. The
emulators' binaries come in the wheels of aws-sam-cli and cargo-lambda, which are fetched once. cargo-lambda wants
a cargo, and is left out where there is none.
"""

import asyncio
import io
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from calls import EVENT, PAIR, REGION, Callers, Target
from pairs import verdict
from rivals import cargo_lambda, rapid
from scf_gen.bundle.build import build
from scf_gen.languages import catalog
from scf_gen.local.store.code_files import CodeFiles
from scf_gen.local.store.database import Database
from scf_gen.local.store.versions import Versions
from scf_gen.local.version import Name, Status, Version

ECHO = Path(__file__).resolve().parent / "echo"
CALLS = 500  # in a block
BLOCKS = 15
CALLERS = 8
FEW, MANY = 100, 10_000
RATE_TARGET = 1.0
CALLERS_TARGET = 1.3
MANY_TARGET = 0.9


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
