"""Speed of the engine's mixing: `python -m tests.bench.engine`.

For 8, 32 and 64 strips, every one stereo and with 8 sends, prints the time of one block (128 frames at 48 kHz, 2667 µs
of sound) and how many times real time that is. "at rest" is a mix that nobody touches; "in motion" moves all faders
every 10 ms, so that every amplitude of every strip is always on its way. CPU time of one thread, best of several runs.
"""

from __future__ import annotations

import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from remote_mixer.engine.compiled import load
from remote_mixer.engine.controls import MAX_CHANNELS, TABLE
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE, SharedBlock
from remote_mixer.engine.tables import OUTPUTS

STRIPS = (8, 32, 64)
LOOP_SECONDS = 20
TURN_BLOCKS = 4
RUNS, TURNS = 12, 250
STANDS = {"level": 0.5, "tap": 3, "fader": 1, "play": 1}  # of these local paths, in the memory's units
FADERS = TABLE.places["ch1/fader"].word


def processor() -> str:
    """Return the name of the processor."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())


def _mixer(strips: int, block: SharedBlock, kernels: Path) -> Mixer:
    sound = np.random.default_rng(1).uniform(-0.01, 0.01, (LOOP_SECONDS * RATE, 2)).astype(np.float32)
    for path in TABLE.places:
        if (local := path.rpartition("/")[2]) in STANDS and "/send/fx" not in path:
            block.write(path, STANDS[local])
    return Mixer({n: Stem(str(n), sound) for n in range(strips)}, block, load(kernels, print))


def _move(block: SharedBlock, turn: int) -> None:
    for channel in range(MAX_CHANNELS):
        block.floats[FADERS + channel] = 0.5 + 0.25 * (turn % 2)
    block.commit()


def block_seconds(turn: Callable[[int], None]) -> float:
    """Return the CPU seconds of a block, best of several runs of turns of TURN_BLOCKS."""
    best = float("inf")
    for _ in range(RUNS):
        start = time.thread_time()
        for number in range(TURNS):
            turn(number)
        best = min(best, (time.thread_time() - start) / TURNS / TURN_BLOCKS)
    return best


def _print_speed(strips: int, folder: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        block = SharedBlock.create(Path(f"{file.name}.shared"))
    mixer, out = _mixer(strips, block, folder), np.zeros((TURN_BLOCKS * BLOCK_FRAMES, OUTPUTS), np.float32)

    def in_motion(turn: int) -> None:
        _move(block, turn)
        mixer.mix(out)

    in_motion(0)
    for what, turn in (("at rest", lambda _: mixer.mix(out)), ("in motion", in_motion)):
        seconds = block_seconds(turn)
        times = BLOCK_FRAMES / RATE / seconds
        print(f"{strips:3} strips {what:10} {seconds * 1e6:6.1f} µs a block, {times:4.0f} × real time")


def main() -> None:
    """Print the machine and the figures."""
    print(f"{processor()}, Python {platform.python_version()}, {platform.system()} {platform.release()}")
    with tempfile.TemporaryDirectory() as folder:
        for strips in STRIPS:
            _print_speed(strips, Path(folder))


if __name__ == "__main__":
    main()
