"""A Mackie surface of one and of four units on a console of 64 strips: what a tick costs, and a finger's move.

    python -m tests.bench.surfaces

A tick comes fifty times a second. Measured is the processor's time in it while nothing changes, while all faders of the
console move at 60 Hz, and that of one position from a finger until the desk has it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import quantiles

from tests.bench.machine import describe
from tests.surfaces.stage import Stage

ROUNDS = 500
CHANNELS = 64


def costs(act: Callable[[int], object], prepare: Callable[[int], object] = lambda _: None) -> str:
    """Return median and 99th percentile of the processor's time of an act, in microseconds."""
    taken: list[float] = []
    for turn in range(ROUNDS):
        prepare(turn)
        begun = time.process_time()
        act(turn)
        taken.append((time.process_time() - begun) * 1e6)
    ranks = quantiles(taken, n=100)
    return f"{ranks[49]:7.0f} µs, p99 {ranks[98]:7.0f} µs"


def measure(units: int) -> None:
    """Print the figures of a surface."""
    stage = Stage(channels=CHANNELS, units=units)

    def tick(_: int) -> None:
        stage.clock.now += 0.02
        stage.surface.tick()

    def move_all(turn: int) -> None:
        for channel in range(1, CHANNELS + 1):
            stage.set(f"ch{channel}/fader", 0.3 + turn % 100 / 200)

    print(f"{units} unit{'s' * (units > 1)}, {CHANNELS} strips")
    print(f"  a tick, nothing changes   {costs(tick)}")
    print(f"  a tick, all faders move   {costs(tick, move_all)}")
    stage.wait(1.0)
    stage.little.touch(0)
    print(f"  a finger's move to desk   {costs(lambda turn: stage.little.move(0, 300 + turn % 400))}")


if __name__ == "__main__":
    print(describe())
    for number in (1, 4):
        measure(number)
