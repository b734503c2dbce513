"""Each language's wrapper against the smallest loop one would write by hand, and Bash against the seed's bootstrap.

Times are medians from the dispatch of an event to its result, on the emulator, the two in turn.
"""

import asyncio
import shutil
import sys
import tempfile
from pathlib import Path

from pairs import Pair, verdict
from scf_gen import cli
from scf_gen.bundle.build import build
from scf_gen.core.function import Function
from scf_gen.emulator.pool import Pool
from scf_gen.languages import catalog, toolbox
from scf_gen.languages.language import Language

ROOT = Path(__file__).resolve().parents[1]
BARE = ROOT / "bench" / "bare"
SEED = ROOT / "tests" / "fixtures" / "seed"
ROUNDS = 300
SLOW_ROUNDS = 60


def main() -> None:
    """Print the table."""
    print(f"{'language':10} {'event':>8} {'wrapper':>10} {'against':>8} {'':>10} {'ratio':>7}  target")
    with tempfile.TemporaryDirectory() as folder:
        for language in catalog.languages().values():
            wrapper = Path(folder, language.lang)
            cli.run(["new", language.lang, "--lang", language.lang, "--output-dir", folder])
            build(wrapper, language)
            if (BARE / language.lang).is_dir():
                bare = Path(shutil.copytree(BARE / language.lang, Path(folder, f"bare-{language.lang}")))
                build(bare, language)
                row(language, wrapper, bare, 40, "bare", ROUNDS)
            else:
                for size_bytes in (40, 5_000, 100_000):
                    row(language, wrapper, SEED, size_bytes, "seed", SLOW_ROUNDS)


def row(language: Language, wrapper: Path, other: Path, size_bytes: int, against: str, rounds: int) -> None:
    """Measure and print one line."""
    pair = asyncio.run(measure(language, wrapper, other, b'"%s"' % (b"x" * (size_bytes - 2)), rounds))
    times = f"{pair.first_ms:8.3f}ms {against:>8} {pair.second_ms:8.3f}ms"
    if against == "seed":
        target = 10 if size_bytes < 100 else 5
        ratio, judged = 1 / pair.ratio, verdict(1 / pair.ratio, target, at_most=False)
    else:
        ratio, judged = pair.ratio, verdict(pair.ratio, 1.25, at_most=True)
    print(f"{language.title:10} {size_bytes:>7}B {times} {ratio:6.2f}x  {judged}", flush=True)


async def measure(language: Language, first: Path, second: Path, event: bytes, rounds: int) -> Pair:
    """Both functions on one warm instance each, in turn."""
    import statistics

    folders = tuple(str(Path(found.path).parent) for tool in language.tools_for("run") if (found := toolbox.find(tool)))
    function = Function(timeout_s=30, init_timeout_s=30)
    times: list[tuple[float, float]] = []
    async with (
        Pool(function, first, path_extra=folders) as pool,
        Pool(function, second, path_extra=folders) as other_pool,
    ):
        for _ in range(rounds + 10):
            outcomes = await pool.invoke(event), await other_pool.invoke(event)
            if failed := [outcome for outcome in outcomes if not outcome.ok]:
                sys.exit(failed[0].log.decode(errors="replace"))
            times.append((outcomes[0].duration_ms, outcomes[1].duration_ms))
    return Pair(*(statistics.median(series) for series in zip(*times[10:], strict=True)))


main()
