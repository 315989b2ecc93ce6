"""Takes beside the mix: `python -m tests.bench.takes [SECONDS]`.

1. The deck in the sound callback: a block of 128 frames of 64 channels, with nothing recorded, with 32 channels, mixes
   and main recorded, with 32 channels played, and with both.
2. A real engine with 32 inputs, on the clock: processor time, blocks missed, fullest ring and frames lost while it
   records all of them, mixes and main, for so many seconds; and its memory.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
import soundfile

from remote_mixer.engine import shared
from remote_mixer.engine.controls import SOURCES
from remote_mixer.engine.deck_memory import ADDRESS, FILLED, FRAMES, PLAYED, RUNS, TRACKS, WANTED
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from tests.bench import machine
from tests.engine.bare_mixer import OUTPUTS, Playing, noise, playing
from tests.engine.running import engine
from tests.support.warm import warm

TRACKS_WANTED, CHANNELS = 32, 64
BLOCKS, USUAL_SECONDS = 4000, 60.0
MEGABYTE = 1e6


def _block_us(mixing: Playing) -> float:
    """Return the median time of a block, in µs."""
    out, times = np.zeros((BLOCK_FRAMES, OUTPUTS), np.float32), []
    for _ in range(BLOCKS):
        mixing.mixer.deck.play[FILLED] = mixing.mixer.deck.play[PLAYED] + RATE
        start = time.perf_counter_ns()
        mixing.mixer.mix(out)
        times.append(time.perf_counter_ns() - start)
    return statistics.median(times) / 1000


def _deck() -> None:
    ring = np.zeros((TRACKS_WANTED + OUTPUTS, 4 * RATE), np.float32)
    with playing(*(noise(n, RATE) for n in range(CHANNELS))) as mixing:
        deck = mixing.mixer.deck
        deck.armed[0, :TRACKS_WANTED] = range(TRACKS_WANTED)
        deck.outputs[:] = range(TRACKS_WANTED, TRACKS_WANTED + OUTPUTS)
        deck.played[:, :TRACKS_WANTED] = np.arange(TRACKS_WANTED)
        deck.chosen[:TRACKS_WANTED] = 1
        mixing.settle()
        for way in (deck.record, deck.play):
            way[[ADDRESS, FRAMES, TRACKS]] = ring.ctypes.data, ring.shape[1], len(ring)
        deck.play[RUNS] = 1
        for title, recorded, played in (("nothing", 0, 0), ("recorded", 1, 0), ("played", 0, 1), ("both", 1, 1)):
            deck.record[WANTED], deck.play[WANTED] = recorded, played
            mixing.play(20)
            print(f"{CHANNELS} channels, {BLOCK_FRAMES} frames, {TRACKS_WANTED} {title}: {_block_us(mixing):.1f} µs")


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _recording(seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = warm(Path(folder))
        with engine(data, f"--inputs={TRACKS_WANTED}") as running:
            for channel in range(1, TRACKS_WANTED + 1):
                running.block.write(f"ch{channel}/source", SOURCES.index("pink noise"))
                running.block.write(f"ch{channel}/arm", 1)
            running.block.commit()
            process = psutil.Process(running.process.pid)
            running.plays(2)
            before = _used(process)
            running.plays(10)
            idle = (_used(process) - before) / 10
            missed = running.block.words[shared.MISSED]
            running.answer(do="record", folder=str(data / "takes"), name="Bench", names={})
            before, end, fullest = _used(process), time.monotonic() + seconds, 0.0
            while time.monotonic() < end:
                fullest = max(fullest, dict(running.line().get("recorder") or {}).get("fill", 0))
            busy, memory = (_used(process) - before) / seconds, process.memory_info().rss
            running.answer(do="stop-recording")
            while running.line().get("recorder", {}).get("file", "?"):
                pass
            missed = running.block.words[shared.MISSED] - missed
        path = data / "takes" / "Bench.wav"
        info, size = soundfile.info(str(path)), path.stat().st_size
        print(f"{info.channels} tracks, {info.duration:.1f} s, {size / MEGABYTE / info.duration:.1f} MB a second")
        print(f"processor: {idle:.1%} of a core before, {busy:.1%} while it records; memory {memory / MEGABYTE:.0f} MB")
        print(f"blocks missed: {missed}; fullest ring {fullest:.0%} of 14 s")


def main() -> None:
    """Print the figures."""
    print(machine.describe())
    _deck()
    _recording(float(sys.argv[1]) if sys.argv[1:] else USUAL_SECONDS)


if __name__ == "__main__":
    main()
