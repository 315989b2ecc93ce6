"""Speed of the strips' processing: `python -m tests.bench.strips`.

64 strips of one side with everything on (gain, delay, low cut of 24 dB, gate, four bands, compressor) and 8 sends each,
noise in all of them; then 8 stereo mixes and main at work too (delay, six bands, compressor, limiter), in blocks of 32,
64 and 128 frames; then both effects as well, into which all strips send. Before it the same with parts of it and with
key filters, and after it with every equaliser of the strips swept. Prints the time of 128 frames at 48 kHz and how many
times real time that is. CPU time of one thread, best of several runs.
"""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from remote_mixer.engine.compiled import load
from remote_mixer.engine.controls import BUSES, MAX_CHANNELS, PROCESSING, TABLE
from remote_mixer.engine.library import TURN
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE, SharedBlock
from remote_mixer.engine.tables import OUTPUTS
from tests.bench.engine import LOOP_SECONDS, STANDS, TURN_BLOCKS, block_seconds, processor

SETTLE_TURNS = 200
SETTINGS: dict[str, dict[str, float]] = {
    "nothing": {},
    "gain": {"gain": 6},
    "delay": {"delay/on": 1, "delay/time": 20},
    "low cut": {"lowcut/on": 1, "lowcut/freq": 80, "lowcut/slope": 2},
    "equaliser": {
        "eq/on": 1,
        **{f"eq/{n}/{local}": value for n in range(1, 5) for local, value in (("type", 2), ("gain", 3), ("q", 1.4))},
        **{f"eq/{n}/freq": hz for n, hz in enumerate((100, 400, 2000, 8000), start=1)},
    },
    "gate": {"gate/on": 1, "gate/threshold": -50, "gate/range": 30, "gate/release": 100, "gate/hold": 20},
    "compressor": {
        "dyn/on": 1,
        "dyn/threshold": -30,
        "dyn/ratio": 5,
        "dyn/knee": 2,
        "dyn/attack": 5,
        "dyn/release": 100,
        "dyn/mix": 100,
    },
}
"""By name: local paths and values in memory."""
KEYS = {
    f"{part}/filter/{local}": value
    for part in ("gate", "dyn")
    for local, value in (("on", 1), ("type", 6), ("freq", 1000))
}
SWEPT = TABLE.places["ch1/eq/2/freq"].word
EVERYTHING = {local: value for setting in SETTINGS.values() for local, value in setting.items()}


def _set(block: SharedBlock, settings: dict[str, float]) -> None:
    for channel in range(1, MAX_CHANNELS + 1):
        for row in PROCESSING:
            local = row.path.removeprefix("ch*/")
            block.write(f"ch{channel}/{local}", settings.get(local, 0))
    block.commit()


def _set_masters(block: SharedBlock) -> None:
    """Let main and the mixes do all they can."""
    settings = EVERYTHING | {f"eq/{n}/{local}": 3.0 for n in (5, 6) for local in ("gain", "q")}
    settings |= {"eq/5/type": 2, "eq/6/type": 2, "eq/5/freq": 500, "eq/6/freq": 5000, "limiter": 1, "ceiling": 0.5}
    for master in ("main", *(f"bus{n}" for n in range(1, BUSES + 1))):
        for local, value in settings.items():
            if f"{master}/{local}" in TABLE.places:
                block.write(f"{master}/{local}", value)
    block.commit()


def _set_sends(block: SharedBlock, level: float) -> None:
    """Let all strips send into both effects."""
    for path in TABLE.places:
        if "/send/fx" in path and path.endswith("level"):
            block.write(path, level)
    block.commit()


def _sweep(block: SharedBlock, turn: int) -> None:
    for channel in range(MAX_CHANNELS):
        block.floats[SWEPT + channel] = 300 + 200 * (turn % 2)
    block.commit()


def _print_speed(what: str, turn: Callable[[int], None]) -> None:
    for number in range(SETTLE_TURNS):
        turn(number)
    seconds = block_seconds(turn)
    print(f"{what:20} {seconds * 1e6:6.1f} µs a block, {BLOCK_FRAMES / RATE / seconds:4.0f} × real time")


def main() -> None:
    """Print the machine and the figures."""
    print(f"{processor()}, Python {platform.python_version()}, {platform.system()} {platform.release()}")
    with tempfile.TemporaryDirectory() as folder:
        block = SharedBlock.create(Path(folder) / "block")
        for path in TABLE.places:
            if (local := path.rpartition("/")[2]) in STANDS:
                block.write(path, STANDS[local])
        sound = np.random.default_rng(1).uniform(-0.1, 0.1, (LOOP_SECONDS * RATE, 1)).astype(np.float32)
        stems = {n: Stem(str(n), sound) for n in range(MAX_CHANNELS)}
        mixer, out = (
            Mixer(stems, block, load(Path(folder), print)),
            np.zeros((TURN_BLOCKS * BLOCK_FRAMES, OUTPUTS), np.float32),
        )

        kernels, switch, address = mixer.kernels, mixer.switch.ctypes.data, out.ctypes.data

        def mixes(_turn: int, frames: int = BLOCK_FRAMES) -> None:
            for start in range(0, len(out), frames):
                kernels(TURN, switch, address + start * out.itemsize * out.shape[1], frames)

        def sweeps(turn: int) -> None:
            _sweep(block, turn)
            mixes(turn)

        _set_sends(block, 0)
        for what, settings in SETTINGS.items():
            _set(block, settings)
            _print_speed(what, mixes)
        _set(block, EVERYTHING)
        _print_speed("strips, 128", mixes)
        _set(block, EVERYTHING | KEYS)
        _print_speed("and key filters", mixes)
        _set(block, EVERYTHING)
        _set_masters(block)
        for frames in (32, 64, 128):
            _print_speed(f"everything, {frames}", partial(mixes, frames=frames))
        _set_sends(block, STANDS["level"])
        for frames in (32, 64, 128):
            _print_speed(f"and two effects, {frames}", partial(mixes, frames=frames))
        _print_speed("everything, swept", sweeps)


if __name__ == "__main__":
    main()
