"""Each language's wrapper against the smallest loop one would write by hand, and Bash against the seed's bootstrap.

Times are medians from the dispatch of an event to its result, on the emulator, the two in turn. Both log the event and
answer with it. The emulator has one core and the functions another, as far as there are two: where the scheduler puts
them would otherwise decide the ratio.
"""

import asyncio
import contextlib
import io
import os
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

import psutil
from pairs import Pair, verdict
from scf_gen import cli
from scf_gen.bundle.build import build
from scf_gen.cli.subject import local_programs
from scf_gen.core.function import Function
from scf_gen.emulator.pool import Pool
from scf_gen.languages import catalog
from scf_gen.languages.language import Language

ROOT = Path(__file__).resolve().parents[1]
BARE = ROOT / "bench" / "bare"
SEED = ROOT / "tests" / "fixtures" / "seed"
ROUNDS = 300
SLOW_ROUNDS = 100
WARM_UP = 10
CORES = sorted(os.sched_getaffinity(0))
SIZES_BYTES = {40: 10, 5_000: 5, 100_000: 5}  # and how many times faster than the seed Bash has to be


def main() -> None:
    """Print the table."""
    print(f"{'language':10} {'event':>8} {'wrapper':>10} {'against':>8} {'':>10} {'ratio':>7}  target")
    with tempfile.TemporaryDirectory() as folder:
        for language in catalog.languages().values():
            wrapper = Path(folder, language.lang)
            with contextlib.redirect_stdout(io.StringIO()):
                cli.run(["new", language.lang, "--lang", language.lang, "--output-dir", folder])
            build(wrapper, language)
            if (BARE / language.lang).is_dir():
                bare = Path(shutil.copytree(BARE / language.lang, Path(folder, f"bare-{language.lang}")))
                build(bare, language)
                row(language, wrapper, bare, 40, "bare", ROUNDS)
            else:
                for size_bytes in SIZES_BYTES:
                    row(language, wrapper, SEED, size_bytes, "seed", SLOW_ROUNDS)


def row(language: Language, wrapper: Path, other: Path, size_bytes: int, against: str, rounds: int) -> None:
    """Measure and print one line."""
    pair = asyncio.run(measure(language, wrapper, other, b'"%s"' % (b"x" * (size_bytes - 2)), rounds))
    times = f"{pair.first_ms:8.3f}ms {against:>8} {pair.second_ms:8.3f}ms"
    if against == "seed":
        ratio, judged = 1 / pair.ratio, verdict(1 / pair.ratio, SIZES_BYTES[size_bytes], at_most=False)
    else:
        ratio, judged = pair.ratio, verdict(pair.ratio, 1.25, at_most=True)
    print(f"{language.title:10} {size_bytes:>7}B {times} {ratio:6.2f}x  {judged}", flush=True)


def pin_to_cores() -> None:
    """Give this process the first core, and the functions that it runs the second."""
    if len(CORES) > 1:
        os.sched_setaffinity(0, CORES[:1])
        for child in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                child.cpu_affinity(CORES[1:2])


async def measure(language: Language, first: Path, second: Path, event: bytes, rounds: int) -> Pair:
    """Both functions on one warm instance each, in turn."""
    programs = local_programs(language)
    function = Function(timeout_s=30, init_timeout_s=30)
    times: list[tuple[float, float]] = []
    async with (
        Pool(function, first, programs=programs) as pool,
        Pool(function, second, programs=programs) as other_pool,
    ):
        for number in range(rounds + WARM_UP):
            outcomes = await pool.invoke(event), await other_pool.invoke(event)
            if number == 0:
                pin_to_cores()
            if failed := [outcome for outcome in outcomes if not outcome.ok]:
                sys.exit(failed[0].log.decode(errors="replace")[-2000:])
            times.append((outcomes[0].duration_ms, outcomes[1].duration_ms))
    return Pair(*(statistics.median(series) for series in zip(*times[WARM_UP:], strict=True)))


main()
