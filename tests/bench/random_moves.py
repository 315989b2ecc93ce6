"""An engine whose controls all move at random: `python -m tests.bench.random_moves [MINUTES]`.

A JACK server of our own without hardware, with real-time priority where that is granted, calls the engine's process at
128 frames, with 32 live inputs. Two hundred times a second a control of the table, any one, is set to any value. For
each minute: how many periods the server counted as late, how many a second one did in whose graph jack_iodelay stands
alone (what the machine itself makes late), and the engine's own memory at the end.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import jack as jack_client
import psutil

from remote_mixer.drivers.builtin.layout import number_of
from remote_mixer.engine import shared
from remote_mixer.engine.controls import SOURCES, TABLE, Control, Kind
from remote_mixer.engine.shared import SharedBlock
from tests.bench.machine import describe
from tests.engine.running import Running, engine
from tests.support.jack import jack_server
from tests.support.warm import warm

INPUTS, FRAMES, SEED = 32, 128, 17
MOVES_PER_SECOND, USUAL_MINUTES, MINUTE = 200, 60.0, 60.0


def _any_value(row: Control, chance: random.Random) -> float:
    """Return any value of a control, in the unit of its kind."""
    if row.kind is Kind.CHOICE:
        return chance.randrange(len(row.choices))
    return number_of(row, chance.random() < 0.5 if row.kind is Kind.SWITCH else chance.random())


def _begin(data: Path) -> None:
    """Set all controls as they stand at the start, and each channel to its own input."""
    with SharedBlock.create(data / "block") as block:
        for path, place in TABLE.places.items():
            block.write(path, number_of(place.control, None))
        for channel in range(1, INPUTS + 1):
            block.write(f"ch{channel}/source", SOURCES.index(f"input {channel}"))


def _move(running: Running, seconds: float, chance: random.Random) -> int:
    """Move controls at random for some time; return how many moves there were."""
    begun, moves = time.monotonic(), 0
    while (gone := time.monotonic() - begun) < seconds:
        while moves < gone * MOVES_PER_SECOND:
            row = chance.choice(TABLE.rows)
            running.block.write(chance.choice(list(row.paths())), _any_value(row, chance))
            moves += 1
        running.block.commit()
        time.sleep(1 / MOVES_PER_SECOND)  # so many a second
    return moves


@contextmanager
def _witness() -> Iterator[Callable[[], int]]:
    """Yield what counts the late periods of a server with a program by others, which has next to nothing to do."""
    late: list[float] = []
    with jack_server(FRAMES, realtime=True) as server:
        client = jack_client.Client("witness", no_start_server=True)
        client.set_xrun_callback(late.append)
        program = subprocess.Popen(("jack_iodelay",), env=server.environment, stdout=subprocess.DEVNULL)
        with client:
            yield late.__len__
        program.terminate()
        program.wait()


def _minutes(running: Running, minutes: float, late_elsewhere: Callable[[], int]) -> Iterator[str]:
    """Yield a line at the end of each minute."""
    chance, process = random.Random(SEED), psutil.Process(running.process.pid)
    missed, elsewhere = running.block.words[shared.MISSED], late_elsewhere()
    while minutes > 0:
        moves = _move(running, min(minutes, 1) * MINUTE, chance)
        minutes -= 1
        before, missed = (missed, elsewhere), running.block.words[shared.MISSED]
        elsewhere = late_elsewhere()
        late = f"{missed - before[0]} late periods, {elsewhere - before[1]} at the witness"
        memory = process.memory_full_info().uss / 2**20
        yield f"{moves:6,} moves, {late}, {memory:.1f} MB, {process.num_threads()} threads"


def main() -> None:
    """Print a line for each minute."""
    minutes = float(sys.argv[1]) if sys.argv[1:] else USUAL_MINUTES
    print(describe(), f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder, _witness() as late, jack_server(FRAMES, realtime=True):
        data = warm(Path(folder))
        _begin(data)
        with engine(data, "--output=card", "--card=jack", f"--inputs={INPUTS}") as running:
            print(running.ready["output"], *running.ready["remarks"])
            for number, line in enumerate(_minutes(running, minutes, late), start=1):
                print(f"minute {number:3}: {line}", flush=True)
            assert running.process.stdin
            running.process.stdin.close()  # it leaves the server before that ends
            running.process.wait()


if __name__ == "__main__":
    main()
