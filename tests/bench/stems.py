"""Start and playing of a folder of long stems: `python -m tests.bench.stems [KIND]`, KIND as soundfile names it (WAV).

Writes an hour of stereo into a temporary folder (1 GB as 24-bit WAV) with 32 names, each opened and read by itself, and
prints, for a real engine without a card: the time from the start of its process, from a jump, and from `join-source`
until there is sound; its share of a core while it plays, and its memory.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
import soundfile

from remote_mixer.engine import shared
from remote_mixer.engine.shared import RATE
from tests.bench.machine import describe
from tests.engine.bare_mixer import noise
from tests.engine.running import Running, engine, until
from tests.support.warm import warm

STEMS, SECONDS = 32, 3600
PLAYED_SECONDS = 10


def _write(folder: Path, kind: str) -> None:
    """Write one stem in pieces of ten seconds, and link the others: each is opened and read by itself."""
    first = folder / f"00.{kind.lower()}"
    subtype = "PCM_24" if kind in {"WAV", "FLAC", "AIFF", "W64", "CAF"} else None
    with soundfile.SoundFile(first, "w", RATE, 2, subtype, format=kind) as file:
        piece = noise(1, 10 * RATE, 2)
        for _ in range(SECONDS // 10):
            file.write(piece)
    for number in range(1, STEMS):
        (folder / f"{number:02}.{kind.lower()}").hardlink_to(first)


def _all_sound(running: Running) -> bool:
    codes = np.frombuffer(running.block.meters()[1], np.uint8)
    return bool((codes[[shared.input_tap(channel) for channel in range(1, STEMS + 1)]] > 0).all())


def main() -> None:
    """Print the machine and the figures."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "WAV"
    print(f"{describe()}, {STEMS} stereo {kind} files of {SECONDS // 60} minutes at 48 kHz")
    with tempfile.TemporaryDirectory() as made:
        data, folder = warm(Path(made)), Path(made) / "mine"
        folder.mkdir()
        _write(folder, kind)
        start = time.monotonic()
        with engine(data, f"--stems={folder}") as running:
            print(f"ready after {time.monotonic() - start:.2f} s")
            until(lambda: _all_sound(running))
            print(f"all stems sound {time.monotonic() - start:.2f} s after the start of the process")
            process = psutil.Process(running.process.pid)
            before = process.cpu_times()
            running.plays(PLAYED_SECONDS)
            used = sum(process.cpu_times()[:2]) - sum(before[:2])
            print(
                f"{100 * used / PLAYED_SECONDS:.1f} % of a core while it plays, {process.memory_info().rss >> 20} MiB"
            )
            running.block.seek(SECONDS / 2)
            jumped = time.monotonic()
            until(lambda: running.block.doubles[shared.POSITION_SECONDS] > SECONDS / 2)
            print(f"plays on {time.monotonic() - jumped:.2f} s after a jump to the middle")
            left = running.answer(do="leave-source", name="stems")
            assert left == {"left": "stems"}, left
            running.plays(1)
            start = time.monotonic()
            running.answer(do="join-source", name="again", source="stems", folder=str(folder))
            until(lambda: _all_sound(running))
            print(f"all stems sound {time.monotonic() - start:.2f} s after join-source")


if __name__ == "__main__":
    main()
