"""Time of the sound callback under JACK: `python -m tests.bench.callback [SECONDS]`.

A JACK server of our own without hardware, with real-time priority where that is granted, calls the engine's code for 64
strips of which 16 play inputs, while a thread of the same Python process is busy all the time. For periods of 64 and
128 frames: how long a call took, of the period, and how many periods were late by the server's count.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.compiled import load
from remote_mixer.engine.controls import FIRST_INPUT, MAX_CHANNELS, TABLE
from remote_mixer.engine.jack import Jack
from remote_mixer.engine.library import Kernels
from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.patch import Patch
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import RATE, SharedBlock
from tests.support.jack import jack_server

INPUTS = 16
PERIODS = (64, 128)
SETTLE_SECONDS, USUAL_SECONDS = 1.0, 20.0
STANDS = {"level": 0.5, "tap": 1, "fader": 1, "play": 1}  # of these local paths, in the memory's units


def _mixer(folder: Path, kernels: Kernels) -> Mixer:
    block = SharedBlock.create(folder / "block")
    for path in TABLE.places:
        if (local := path.rpartition("/")[2]) in STANDS:
            block.write(path, STANDS[local])
    for channel in range(INPUTS):
        block.write(f"ch{channel + 1}/source", FIRST_INPUT + channel)
    block.commit()
    sound = np.random.default_rng(1).uniform(-0.01, 0.01, (RATE, 2)).astype(np.float32)
    return Mixer({n: Stem(str(n), sound) for n in range(MAX_CHANNELS)}, block, kernels)


def _busy(end: threading.Event) -> None:
    while not end.is_set():
        sum(number * number for number in range(2000))


def _percentile(times: NDArray[np.uint32], share: float) -> int:
    """Return the µs within which a share of the calls were done."""
    return int(np.searchsorted(np.cumsum(times), share * times.sum()))


def _measure(frames: int, seconds: float, kernels: Kernels) -> None:
    with jack_server(frames, realtime=True), tempfile.TemporaryDirectory() as folder:
        jack = Jack(_mixer(Path(folder), kernels), INPUTS, Patch())
        jack.start()
        time.sleep(SETTLE_SECONDS)
        jack.times.fill(0)
        before, end = jack.xruns, threading.Event()
        busy = threading.Thread(target=_busy, args=(end,))
        busy.start()
        time.sleep(seconds)
        end.set()
        busy.join()
        times, xruns = jack.times.copy(), jack.xruns - before
        remarks = jack.remarks
        jack.close()
    period = frames / RATE * 1e6
    parts = [f"{name} {us} µs ({us / period:.0%})" for name, us in _shares(times)]
    print(f"{frames:3} frames: {times.sum() / seconds:.0f} of {RATE / frames:.0f} calls a second, {', '.join(parts)};")
    print(f"            {xruns} late periods in {seconds:.0f} s. {' '.join(remarks)}")


def _shares(times: NDArray[np.uint32]) -> list[tuple[str, int]]:
    return [(name, _percentile(times, share)) for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999))]


def main() -> None:
    """Print the figures."""
    seconds = float(sys.argv[1]) if sys.argv[1:] else USUAL_SECONDS
    with tempfile.TemporaryDirectory() as folder:
        kernels = load(Path(folder), lambda _: None)
        for frames in PERIODS:
            _measure(frames, seconds, kernels)


if __name__ == "__main__":
    main()
