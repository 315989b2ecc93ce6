"""Our filters beside those of sox and ffmpeg, in one run: `python -m tests.bench.others [SECONDS]`.

64 channels of noise through a low cut and a four-band equaliser: the same settings in each program, each on one thread.
Ours also fades, meters and mixes them to main and eight buses; theirs read a file. Seconds are of processor time, the
least of three runs.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from remote_mixer.engine.controls import MAX_CHANNELS
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from tests.engine.bare_mixer import OUTPUTS, playing
from tests.engine.measured import defaults, turn

USUAL_SECONDS, RUNS = 8, 3
BANDS = ((100, 6, 1.0), (400, -4, 2.0), (2000, 3, 1.0), (8000, 5, 0.7))  # Hz, dB, Q: bells
CUT_HZ = 80
BATCH_BLOCKS = 50


def _ours(seconds: int) -> float:
    sound = np.random.default_rng(1).uniform(-0.01, 0.01, (RATE, 1)).astype(np.float32)
    with playing(*[sound] * MAX_CHANNELS) as mixer:
        for strip in (f"ch{number}" for number in range(1, MAX_CHANNELS + 1)):
            defaults(mixer, strip)
            turn(mixer, strip, lowcut_on=1, lowcut_freq=CUT_HZ, lowcut_slope="12", eq_on=1)
            for band, (hz, gain, q) in enumerate(BANDS, start=1):
                settings: dict[str, float | str] = {"type": "bell", "freq": hz, "gain": gain, "q": q}
                turn(mixer, strip, **{f"eq_{band}_{local}": value for local, value in settings.items()})
        mixer.play(100)
        out = np.zeros((BATCH_BLOCKS * BLOCK_FRAMES, OUTPUTS), np.float32)
        began = time.process_time()
        for _ in range(seconds * RATE // len(out)):
            mixer.mixer.mix(out)
        return time.process_time() - began


def _program(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _sox(file: Path) -> list[str]:
    bands = [word for hz, gain, q in BANDS for word in ("equalizer", f"{hz}", f"{q}q", f"{gain}")]
    return ["sox", "--single-threaded", str(file), "-n", "highpass", f"{CUT_HZ}", *bands]


def _ffmpeg(file: Path) -> list[str]:
    bands = (f"equalizer=f={hz}:t=q:w={q}:g={gain}" for hz, gain, q in BANDS)
    filters = ",".join([f"highpass=f={CUT_HZ}", *bands])
    return ["ffmpeg", "-threads", "1", "-filter_threads", "1", "-i", str(file), "-af", filters, "-f", "null", "-"]


def _least(run: Callable[[], float]) -> float:
    return min(run() for _ in range(RUNS))


def main() -> None:
    """Print the figures."""
    seconds = int(sys.argv[1]) if sys.argv[1:] else USUAL_SECONDS
    ours = _least(partial(_ours, seconds))
    print(f"ours      {ours:6.3f} s for {seconds} s of {MAX_CHANNELS} channels, {seconds / ours:4.0f} × real time")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "noise.wav"
        noise = np.random.default_rng(1).uniform(-0.01, 0.01, (seconds * RATE, MAX_CHANNELS)).astype(np.float32)
        soundfile.write(file, noise, RATE, format="WAV", subtype="FLOAT")
        for command in (_sox(file), _ffmpeg(file)):
            name = command[0]
            if not shutil.which(name):
                print(f"{name:9} is not installed")
                continue
            took = _least(partial(_program, command))
            print(f"{name:9} {took:6.3f} s, {took / ours:4.1f} × as long as ours")


if __name__ == "__main__":
    main()
