"""Cost of the pictures: `python -m tests.bench.analysis`.

A mix of 64 strips; processor time of the analysis for a second of sound while nobody looks, and while 1 and 12 strips
are looked at; and of the mix itself, for a block of 128 frames, without and with 12 looks. One thread, best of runs.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from remote_mixer.engine import pictures
from remote_mixer.engine.analysis import Analysis
from remote_mixer.engine.compiled import load
from remote_mixer.engine.controls import MAX_CHANNELS
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE, SharedBlock
from remote_mixer.engine.tables import OUTPUTS
from tests.bench.machine import describe

RUNS, TURNS = 5, 3 * pictures.RATE
TURN_BLOCKS = RATE // pictures.RATE // BLOCK_FRAMES


def _seconds(work: Callable[[], object]) -> float:
    """Return the processor time of this thread that some work takes."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


class Mixed:
    """A mix of noise, and its analysis."""

    def __init__(self, folder: Path) -> None:
        self.block = SharedBlock.create(folder / "block")
        for channel in range(1, MAX_CHANNELS + 1):
            self.block.write(f"ch{channel}/fader", 0.1)
        self.block.write("main/fader", 1)
        self.block.write("transport/play", 1)
        self.block.commit()
        noise = np.random.default_rng(1).uniform(-0.1, 0.1, (RATE, 1)).astype(np.float32)
        stems = {number: Stem(str(number), noise) for number in range(MAX_CHANNELS)}
        self.mixer = Mixer(stems, self.block, load(folder, print))
        self.analysis = Analysis(self.block, self.mixer.looks, self.mixer.tape)
        self.out = np.zeros((TURN_BLOCKS * BLOCK_FRAMES, OUTPUTS), np.float32)

    def measure(self, looks: int) -> tuple[float, float]:
        """Return the seconds of the analysis for one of sound, and of a block of the mix."""
        self.block.look(range(1, looks + 1))
        best = [np.inf, np.inf]
        for _ in range(RUNS):
            mix = analysis = 0.0
            for _ in range(TURNS):
                mix += _seconds(lambda: self.mixer.mix(self.out))
                analysis += _seconds(self.analysis.turn)
            best = [min(best[0], analysis / TURNS * pictures.RATE), min(best[1], mix / TURNS / TURN_BLOCKS)]
        return best[0], best[1]


def main() -> None:
    """Print the machine and the figures."""
    print(describe())
    with tempfile.TemporaryDirectory() as folder:
        mixed = Mixed(Path(folder))
        for looks in (0, 1, pictures.SPECTRA):
            analysis, block = mixed.measure(looks)
            print(f"{looks:2} strips: analysis {analysis * 1e3:.1f} ms a second, the mix {block * 1e6:.1f} µs a block")


if __name__ == "__main__":
    main()
