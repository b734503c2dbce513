"""Each language's wrapper against the smallest loop one would write by hand, and Bash against the seed's bootstrap.

Times are medians from the dispatch of an event to its result, measured as `scf-gen bench --against` does. Both log the
event and answer with it.

Bash is measured in two ways. "in turn", each event follows the result of the other function at once. Both still work
then on what they do between events, on the same core: the seed's small events wait for its own work, for the wrapper
was quick and left it no time, and the wrapper's large events wait for the seed's. So that ratio says as much of the
pair as of the functions. "at rest", all have been waiting for an event for a while; what they do between events counts
for none. A bare loop of Bash stands beside it there, to show what can be had.
"""

import asyncio
import contextlib
import io
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
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
REST_S = 0.02  # the seed needs some 8 ms to ask for the next event
AT_MOST = 1.25  # times a bare loop
SEED_LANG = "bash"
# How many times faster than the seed Bash has to be. None: no Bash can be, and it is judged as the other languages are.
SIZES_BYTES = {40: 10, 5_000: 5, 100_000: None}


def main() -> None:
    """Print the table."""
    print(f"{'language':10} {'event':>8} {'':7} {'wrapper':>10} {'against':>8} {'':>10} {'ratio':>7}  target")
    with tempfile.TemporaryDirectory() as folder:
        for language in catalog.languages().values():
            wrapper = Path(folder, language.lang)
            with contextlib.redirect_stdout(io.StringIO()):
                cli.run(["new", language.lang, "--lang", language.lang, "--output-dir", folder])
            build(wrapper, language)
            bare = Path(shutil.copytree(BARE / language.lang, Path(folder, f"bare-{language.lang}")))
            build(bare, language)
            if language.lang == SEED_LANG:
                shutil.copy(wrapper / "index.sh", bare)
                for size_bytes in SIZES_BYTES:
                    compare_with_seed(language, wrapper, bare, size_bytes)
            else:
                pair = Pair(*medians(language, [wrapper, bare], Plan(event(40), ROUNDS, cold_starts=1)))
                row(language, 40, "in turn", "bare", pair, pair.ratio, verdict(pair.ratio, AT_MOST, at_most=True))


def compare_with_seed(language: Language, wrapper: Path, bare: Path, size_bytes: int) -> None:
    """Print the lines of Bash for events of that size."""
    plan = Plan(event(size_bytes), SLOW_ROUNDS, cold_starts=1)
    pair = Pair(*medians(language, [wrapper, SEED], plan))
    target = SIZES_BYTES[size_bytes]
    judged = verdict(1 / pair.ratio, target, at_most=False) if target else ""
    row(language, size_bytes, "in turn", "seed", pair, 1 / pair.ratio, judged)

    wrapper_ms, bare_ms, seed_ms = medians(language, [wrapper, bare, SEED], replace(plan, rest_s=REST_S))
    pair = Pair(wrapper_ms, seed_ms)
    row(language, size_bytes, "at rest", "seed", pair, 1 / pair.ratio, f"(a bare loop: {seed_ms / bare_ms:.2f}x)")
    pair = Pair(wrapper_ms, bare_ms)
    judged = "" if target else verdict(pair.ratio, AT_MOST, at_most=True)
    row(language, size_bytes, "at rest", "bare", pair, pair.ratio, judged)


def event(size_bytes: int) -> bytes:
    """A JSON text of that size."""
    return b'"%s"' % (b"x" * (size_bytes - 2))


def row(language: Language, size_bytes: int, way: str, against: str, pair: Pair, ratio: float, judged: str) -> None:
    """Print one line."""
    times = f"{pair.first_ms:8.3f}ms {against:>8} {pair.second_ms:8.3f}ms"
    print(f"{language.title:10} {size_bytes:>7}B {way:7} {times} {ratio:6.2f}x  {judged}".rstrip(), flush=True)


def medians(language: Language, folders: Sequence[Path], plan: Plan) -> list[float]:
    """The medians of the functions in these folders, in ms, on one warm instance each, in turn."""
    programs = local_programs(language)
    function = Function(timeout_s=30, init_timeout_s=30)
    subjects = [Subject(str(code), function, code, programs) for code in folders]
    with keep_apart() as cores:
        done = asyncio.run(measure(subjects, replace(plan, cores=cores)))
    if isinstance(done, Failed):
        sys.exit(done.outcome.log.decode(errors="replace")[-2000:])
    return [measurement.figures["median_ms"] for measurement in done]


main()
