"""Our filters beside those of sox and ffmpeg, in one run: `python -m tests.bench.others [SECONDS]`.

64 channels of noise through a low cut and a four-band equaliser: the same settings in each program, each on one thread.
Ours also fades, meters and mixes them to main and eight buses; theirs read a file and convert its samples. So each is
run with the low cut alone too: the difference is that of the four bands. Seconds are of processor time, the least
of several runs by turns. First each program's output is compared with what the filters are: ffmpeg hands on channels
without names as they came, filters and all, and would be measured at nothing; so they are 64 of an ambisonic sound.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from remote_mixer.engine.controls import MAX_CHANNELS
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from tests.engine.bare_mixer import OUTPUTS, Sound, playing
from tests.engine.measured import defaults, turn
from tests.engine.responses import section

USUAL_SECONDS, RUNS = 8, 8
BANDS = ((100, 6, 1.0), (400, -4, 2.0), (2000, 3, 1.0), (8000, 5, 0.7))  # Hz, dB, Q: bells
CUT_HZ, CUT_Q = 80, 0.5**0.5
NAMED = "aformat=channel_layouts=ambisonic 7"
TOLD_SECONDS, APART = (
    1,
    1e-4,
)  # of noise of ±0.01 that is compared: unfiltered it would be off by a hundred times as much
BATCH_BLOCKS = 50


def _ours(seconds: int, *, bands: bool) -> float:
    sound = np.random.default_rng(1).uniform(-0.01, 0.01, (RATE, 1)).astype(np.float32)
    with playing(*[sound] * MAX_CHANNELS) as mixer:
        for strip in (f"ch{number}" for number in range(1, MAX_CHANNELS + 1)):
            defaults(mixer, strip)
            turn(mixer, strip, lowcut_on=1, lowcut_freq=CUT_HZ, lowcut_slope="12", eq_on=bands)
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


def _sox(file: Path, out: Path | None = None, *, bands: bool) -> list[str]:
    bells = [word for hz, gain, q in BANDS for word in ("equalizer", f"{hz}", f"{q}q", f"{gain}")]
    to = ["-e", "floating-point", "-b", "32", str(out)] if out else ["-n"]
    return ["sox", "--single-threaded", str(file), *to, "highpass", f"{CUT_HZ}", *(bells if bands else ())]


def _ffmpeg(file: Path, out: Path | None = None, *, bands: bool) -> list[str]:
    bells = (f"equalizer=f={hz}:t=q:w={q}:g={gain}" for hz, gain, q in BANDS)
    filters = ",".join([NAMED, f"highpass=f={CUT_HZ}", *(bells if bands else ())])
    to = ["-c:a", "pcm_f32le", str(out)] if out else ["-f", "null", "-"]
    return ["ffmpeg", "-threads", "1", "-filter_threads", "1", "-i", str(file), "-af", filters, *to]


def _filters(command: Callable[..., list[str]], noise: Sound, folder: Path) -> bool:
    """Whether a program makes of a sound what its filters are."""
    frames = TOLD_SECONDS * RATE
    file, out = folder / "told.wav", folder / "out.wav"
    hertz = np.asarray(np.fft.rfftfreq(2 * frames, 1 / RATE), np.float64)
    soundfile.write(file, noise[:frames], RATE, format="WAV", subtype="FLOAT")
    _program(command(file, out, bands=True))
    told, _ = soundfile.read(out)
    out.unlink()
    bells = [section("bell", hz, gain, q, hertz) for hz, gain, q in BANDS]
    whole = np.prod([section("lowcut", CUT_HZ, 0, CUT_Q, hertz), *bells], axis=0)
    wanted = np.fft.irfft(np.fft.rfft(noise[:frames], 2 * frames, axis=0) * whole[:, np.newaxis], axis=0)[:frames]
    return bool(np.abs(told - wanted).max() < APART)


def _runs(seconds: int, file: Path, noise: Sound) -> Iterator[tuple[str, Callable[[], float], Callable[[], float]]]:
    """Yield each program's name and its runs, with the bands and without."""
    yield "ours", partial(_ours, seconds, bands=True), partial(_ours, seconds, bands=False)
    for command in (_sox, _ffmpeg):
        name = command(file, bands=True)[0]
        if shutil.which(name):
            if not _filters(command, noise, file.parent):
                sys.exit(f"{name} does not filter as it was asked to.")
            yield name, partial(_program, command(file, bands=True)), partial(_program, command(file, bands=False))
        else:
            print(f"{name:9} is not installed")


def main() -> None:
    """Print the figures."""
    seconds = int(sys.argv[1]) if sys.argv[1:] else USUAL_SECONDS
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "noise.wav"
        noise = np.random.default_rng(1).uniform(-0.01, 0.01, (seconds * RATE, MAX_CHANNELS)).astype(np.float32)
        soundfile.write(file, noise, RATE, format="WAV", subtype="FLOAT")
        runs = list(_runs(seconds, file, noise))
        took = np.min([[[run() for run in pair] for _, *pair in runs] for _ in range(RUNS)], axis=0)
    print(f"{seconds} s of {MAX_CHANNELS} channels, {seconds / took[0, 0]:.0f} × real time")
    for (name, *_), (whole, bare) in zip(runs, took, strict=True):
        times = f"{whole / took[0, 0]:5.1f} and {(whole - bare) / (took[0, 0] - took[0, 1]):5.1f} × as long as ours"
        print(f"{name:9} {whole:6.3f} s, of which the bands take {whole - bare:6.3f} s; {times}")


if __name__ == "__main__":
    main()
