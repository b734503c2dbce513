"""What a watch makes of what it sees; a few figures stand for a bootstrap's memory."""

import asyncio

import pytest
from scf_gen.emulator.memory_watch import MemoryWatch


def watch(figures, limit=100):
    """A watch that sees these figures one after the other, what it asked for, and its calls of `on_excess`."""
    known, excesses = [], []
    left = iter(figures)

    def held_bytes(known_bytes):
        known.append(known_bytes)
        return next(left)

    made = MemoryWatch(limit, held_bytes, lambda: excesses.append(made.peak_bytes))
    return made, known, excesses


@pytest.mark.parametrize(
    ("figures", "known", "excesses"),
    [
        ([60, 90, 70, 80], [0, 60, 90, 90], []),
        ([100, 100, 100], [0, 100, 100], []),
        ([60, 101, 60], [0, 60, 101], [101, 101]),
        ([0, 0, 70], [0, 0, 0], []),
    ],
    ids=["it goes up and down", "at the limit", "above the limit", "nothing at first"],
)
def test_the_peak_is_kept_and_told_when_it_is_too_much(figures, known, excesses):
    made, asked_with, told = watch(figures)
    for _ in figures:
        made.check()
    assert made.peak_bytes == max(figures)
    assert (asked_with, told) == (known, excesses)


def test_it_looks_again_and_again():
    async def play():
        over = asyncio.Event()
        figures = iter([60, 70, 80, 101])
        made = MemoryWatch(100, lambda _: next(figures), over.set)
        made.start()
        async with asyncio.timeout(30):
            await over.wait()
        made.stop()
        assert made.peak_bytes == 101

    asyncio.run(play())
