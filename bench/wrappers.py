"""Each language's wrapper against the smallest loop one would write by hand, and Bash against the seed's bootstrap.

Times are medians from the dispatch of an event to its result, measured as `scf-gen bench --against` does. Both log the
event and answer with it.
"""

import asyncio
import contextlib
import io
import shutil
import sys
import tempfile
from pathlib import Path

from pairs import Pair, verdict
from scf_gen import cli
from scf_gen.bench.cores import keep_apart
from scf_gen.bench.measure import Failed, Plan, Subject, measure
from scf_gen.bundle.build import build
from scf_gen.cli.subject import local_programs
from scf_gen.core.function import Function
from scf_gen.languages import catalog
from scf_gen.languages.language import Language

ROOT = Path(__file__).resolve().parents[1]
BARE = ROOT / "bench" / "bare"
SEED = ROOT / "tests" / "fixtures" / "seed"
ROUNDS = 300
SLOW_ROUNDS = 100
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
    pair = compare(language, wrapper, other, b'"%s"' % (b"x" * (size_bytes - 2)), rounds)
    times = f"{pair.first_ms:8.3f}ms {against:>8} {pair.second_ms:8.3f}ms"
    if against == "seed":
        ratio, judged = 1 / pair.ratio, verdict(1 / pair.ratio, SIZES_BYTES[size_bytes], at_most=False)
    else:
        ratio, judged = pair.ratio, verdict(pair.ratio, 1.25, at_most=True)
    print(f"{language.title:10} {size_bytes:>7}B {times} {ratio:6.2f}x  {judged}", flush=True)


def compare(language: Language, first: Path, second: Path, event: bytes, rounds: int) -> Pair:
    """The medians of both functions, on one warm instance each, in turn."""
    programs = local_programs(language)
    function = Function(timeout_s=30, init_timeout_s=30)
    subjects = [Subject(str(code), function, code, programs) for code in (first, second)]
    with keep_apart() as cores:
        done = asyncio.run(measure(subjects, Plan(event, rounds, cold_starts=1, cores=cores)))
    if isinstance(done, Failed):
        sys.exit(done.outcome.log.decode(errors="replace")[-2000:])
    return Pair(*(measurement.figures["median_ms"] for measurement in done))


main()
