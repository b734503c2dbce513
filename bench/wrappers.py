"""Each language's wrapper against the smallest loop one would write by hand, and Bash against the seed's bootstrap.

Times are medians from the dispatch of an event to its result, measured as `scf-gen bench --against` does. Both log the
event and answer with it.

Bash and the seed are measured in two ways. "in turn", each event follows the result of the other function at once. Both
still work then on what they do between events, on the same core: the seed's small events wait for its own work, for the
wrapper was quick and left it no time, and the wrapper's large events wait for the seed's. So that ratio says as much of
the pair as of the functions. "at rest", both have been waiting for an event for a while; what they do between
events counts for neither.
"""

import asyncio
import contextlib
import io
import itertools
import shutil
import sys
import tempfile
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
SIZES_BYTES = {40: 10, 5_000: 5, 100_000: 5}  # and how many times faster than the seed Bash has to be


def main() -> None:
    """Print the table."""
    print(f"{'language':10} {'event':>8} {'':7} {'wrapper':>10} {'against':>8} {'':>10} {'ratio':>7}  target")
    with tempfile.TemporaryDirectory() as folder:
        for language in catalog.languages().values():
            wrapper = Path(folder, language.lang)
            with contextlib.redirect_stdout(io.StringIO()):
                cli.run(["new", language.lang, "--lang", language.lang, "--output-dir", folder])
            build(wrapper, language)
            if (BARE / language.lang).is_dir():
                bare = Path(shutil.copytree(BARE / language.lang, Path(folder, f"bare-{language.lang}")))
                build(bare, language)
                pair = compare(language, wrapper, bare, Plan(event(40), ROUNDS, cold_starts=1))
                row(language, 40, "in turn", "bare", pair, pair.ratio, verdict(pair.ratio, 1.25, at_most=True))
                continue
            for (size_bytes, target), rest_s in itertools.product(SIZES_BYTES.items(), (0.0, REST_S)):
                plan = Plan(event(size_bytes), SLOW_ROUNDS, cold_starts=1, rest_s=rest_s)
                pair = compare(language, wrapper, SEED, plan)
                times_faster = 1 / pair.ratio
                judged = verdict(times_faster, target, at_most=False)
                row(language, size_bytes, "at rest" if rest_s else "in turn", "seed", pair, times_faster, judged)


def event(size_bytes: int) -> bytes:
    """A JSON text of that size."""
    return b'"%s"' % (b"x" * (size_bytes - 2))


def row(language: Language, size_bytes: int, way: str, against: str, pair: Pair, ratio: float, judged: str) -> None:
    """Print one line."""
    times = f"{pair.first_ms:8.3f}ms {against:>8} {pair.second_ms:8.3f}ms"
    print(f"{language.title:10} {size_bytes:>7}B {way:7} {times} {ratio:6.2f}x  {judged}", flush=True)


def compare(language: Language, first: Path, second: Path, plan: Plan) -> Pair:
    """The medians of both functions, on one warm instance each, in turn."""
    programs = local_programs(language)
    function = Function(timeout_s=30, init_timeout_s=30)
    subjects = [Subject(str(code), function, code, programs) for code in (first, second)]
    with keep_apart() as cores:
        done = asyncio.run(measure(subjects, replace(plan, cores=cores)))
    if isinstance(done, Failed):
        sys.exit(done.outcome.log.decode(errors="replace")[-2000:])
    return Pair(*(measurement.figures["median_ms"] for measurement in done))


main()
