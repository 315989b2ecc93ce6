"""Cost of the effects and of automatic mixing: `python -m tests.bench.effects`.

64 strips of noise with nothing on, in blocks of 32 and 128 frames: at rest; eight of them sent into the reverb, into
the delay, into both; all in one group of automatic mixing. Prints what each adds to 128 frames at 48 kHz, and how many
times real time that would be alone. CPU time of one thread, best of several runs.
"""

from __future__ import annotations

import platform
import tempfile
from pathlib import Path

import numpy as np

from remote_mixer.drivers.builtin.layout import number_of
from remote_mixer.engine.compiled import load
from remote_mixer.engine.controls import MAX_CHANNELS, TABLE
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE, SharedBlock
from remote_mixer.engine.tables import OUTPUTS
from tests.bench.engine import LOOP_SECONDS, TURN_BLOCKS, block_seconds, processor

SENDERS, SETTLE_TURNS = 8, 400
REVERB, DELAY = ({f"ch{channel}/send/fx{effect}/level": 0.3 for channel in range(1, SENDERS + 1)} for effect in (1, 2))
SHARED = {f"ch{channel}/automix/group": 1.0 for channel in range(1, MAX_CHANNELS + 1)}
SETTINGS = {"reverb": REVERB, "delay": DELAY, "both": REVERB | DELAY, "automatic mixing": SHARED}


def _seconds(mixer: Mixer, block: SharedBlock, settings: dict[str, float], frames: int) -> float:
    """Return the seconds of 128 frames with these controls, all others as at the start."""
    for path, place in TABLE.places.items():
        block.write(path, settings.get(path, number_of(place.control, None)))
    block.commit()
    out = np.zeros((TURN_BLOCKS * BLOCK_FRAMES, OUTPUTS), np.float32)

    def turn(_number: int) -> None:
        for start in range(0, len(out), frames):
            mixer.mix(out[start : start + frames])

    for number in range(SETTLE_TURNS):
        turn(number)
    return block_seconds(turn)


def main() -> None:
    """Print the machine and the figures."""
    print(f"{processor()}, Python {platform.python_version()}, {platform.system()} {platform.release()}")
    with tempfile.TemporaryDirectory() as folder:
        sound = np.random.default_rng(1).uniform(-0.1, 0.1, (LOOP_SECONDS * RATE, 1)).astype(np.float32)
        for frames in (128, 32):
            block = SharedBlock.create(Path(folder) / f"block{frames}")
            stems = {n: Stem(str(n), sound) for n in range(MAX_CHANNELS)}
            mixer = Mixer(stems, block, load(Path(folder), print))
            rest = _seconds(mixer, block, {}, frames)
            print(f"blocks of {frames}, at rest {rest * 1e6:6.1f} µs")
            for name, settings in SETTINGS.items():
                more = _seconds(mixer, block, settings, frames) - rest
                print(f"  {name:16} {more * 1e6:+6.1f} µs, {BLOCK_FRAMES / RATE / more:5.0f} × real time")


if __name__ == "__main__":
    main()
