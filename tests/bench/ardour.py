"""A real Ardour with 40 tracks: how fast it is read, how fast a move arrives on either side.

    python -m tests.bench.ardour

Ardour runs without a window in a process of its own, with its dummy sound. A move in Ardour is a line to its Lua
program, and its delay runs from the line's writing to the desk's change. A set's delay runs from the desk to the moment
at which the Lua program, asked again and again, sees the value in the session; so both hold one line's way through it.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles

from tests.bench.machine import describe, milliseconds
from tests.drivers.osc_daw.joined import Joined, joined
from tests.support.ardour import Ardour, headless_ardour
from tests.support.waiting import until

TRACKS = 40
OPENINGS, MOVES = 20, 500
MOST_READ_SECONDS, MOST_MOVE_SECONDS, MOST_SET_SECONDS = 1.0, 0.05, 0.02
"""Targets: the longest of all readings, and the 99th percentiles of moves and sets."""


async def _main() -> None:
    print(describe())
    with tempfile.TemporaryDirectory() as folder, headless_ardour(Path(folder), TRACKS) as ardour:
        address, data = ("127.0.0.1", ardour.port), Path(folder)
        openings = []
        for _ in range(OPENINGS):
            begun = time.perf_counter()
            async with joined(address, data) as daw:
                openings.append(time.perf_counter() - begun)
                assert len(daw.ids) == TRACKS + 4
        _tell(f"{TRACKS} tracks read", openings, milliseconds(max(openings), MOST_READ_SECONDS))
        async with joined(address, data) as daw:
            moves = [await _move(daw, ardour, move) for move in range(MOVES)]
            _tell("move in Ardour → desk", moves, f"p99 {milliseconds(_p99(moves), MOST_MOVE_SECONDS)}")
            sets = [await _set(daw, ardour, move) for move in range(MOVES)]
            _tell("set → Ardour's state", sets, f"p99 {milliseconds(_p99(sets), MOST_SET_SECONDS)}")
            spent, begun = time.process_time(), time.perf_counter()
            await asyncio.sleep(10)
            share = (time.process_time() - spent) / (time.perf_counter() - begun)
            print(f"driver at rest: {share * 100:.1f} % of a core")


async def _move(daw: Joined, ardour: Ardour, move: int) -> float:
    """Move a fader in Ardour; return the seconds until the desk has changed."""
    path = f"ch{move % TRACKS + 1}/fader"
    before = daw.value(path)
    changed: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def note(_: object) -> None:
        if daw.value(path) != before and not changed.done():
            changed.set_result(time.perf_counter())

    daw.desk.change_listeners.append(note)
    begun = time.perf_counter()
    ardour.set(f'route("Spur {move % TRACKS + 1}"):gain_control()', 0.1 + move / MOVES)
    async with asyncio.timeout(10):
        ended = await changed
    daw.desk.change_listeners.remove(note)
    await asyncio.sleep(0.01)
    return ended - begun


async def _set(daw: Joined, ardour: Ardour, move: int) -> float:
    """Set a fader on the desk; return the seconds until Ardour has it."""
    track = move % TRACKS + 1
    position = 0.5 + move / MOVES / 3
    gain = 10 ** (daw.desk.layouts["daw"].tapers["fader"].to_unit(position) / 20)
    begun = time.perf_counter()
    daw.set(f"ch{track}/fader", position)
    while abs(ardour.number(f'route("Spur {track}"):gain_control():get_value()') / gain - 1) > 0.01:
        assert time.perf_counter() - begun < 10
    ended = time.perf_counter()
    await until(lambda: daw.settled)
    return ended - begun


def _p99(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=100)[98]


def _tell(what: str, seconds: Sequence[float], judged: str) -> None:
    print(f"{what}: p50 {median(seconds) * 1000:.1f} ms, longest {max(seconds) * 1000:.1f} ms; {judged}")


if __name__ == "__main__":
    asyncio.run(_main())
