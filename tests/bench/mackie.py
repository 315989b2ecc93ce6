"""CPU cost of following a DAW by Mackie Control, and how soon a touched track is heard.

    python -m tests.bench.mackie
    python -m tests.bench.mackie --touches

A DAW of 40 tracks drives one, two, three and four units: 25 times a second it sends the meter of every strip in the
window (32 at most) and moves the time display; four times a second it renames a track, and once a second it moves the
bank. Printed is the CPU time of this program's side (link, parser, driver, guard, desk) as a share of one core over 20
seconds; the DAW's own time, measured afterwards without the driver, is subtracted. Then hands land on tracks outside
the window, which the DAW has moved meanwhile: from the touch until the desk has where the track stands; with
`--touches` these alone.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from pathlib import Path

import pytest

from remote_mixer.desk.desk import Desk
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.mackie import Mackie
from tests.bench.machine import describe, milliseconds
from tests.drivers.mackie.joined import joined
from tests.support.daw import Daw
from tests.support.daw_links import DawLinks
from tests.support.daw_tracks import ARDOUR
from tests.support.waiting import until

TRACKS = 40
TOUCHES = 40
SECONDS = 20
FRAMES_PER_SECOND = 25
MOST_TOUCH_SECONDS = 0.3


class Band:
    """A playing DAW, its links, and a desk that may listen."""

    def __init__(self, units: int) -> None:
        self.daw = Daw(TRACKS, units, asks=False)
        self.links = DawLinks(self.daw)
        self.desk = Desk()
        self.frames = 0
        self._driver = Mackie(Setup("daw", "," * (units - 1), Path()), self.links.open_link)

    async def listen(self) -> asyncio.Task[None]:
        """Connect the driver to the desk; return the guard's task once the console is online."""
        guard = Guard(self._driver, self.desk, self._count_frame, lambda paths: None)
        living = asyncio.create_task(guard.live())
        await until(lambda: self.desk.values["daw/status"] == "online", 30)
        assert len(self.desk.layouts["daw"].strips) == TRACKS + 1
        return living

    def _count_frame(self, console: str, codes: bytes) -> None:
        self.frames += 1

    async def play(self) -> float:
        """Play for SECONDS; return the CPU time of this process, in seconds per second."""
        self.daw.receive(0, bytes.fromhex("90 5e 7f 90 5e 00"))
        loop = asyncio.get_running_loop()
        begun, spent = loop.time(), time.process_time()
        for frame in range(SECONDS * FRAMES_PER_SECOND):
            self._frame(frame)
            await asyncio.sleep(begun + (frame + 1) / FRAMES_PER_SECOND - loop.time())
        return (time.process_time() - spent) / (loop.time() - begun)

    def _frame(self, frame: int) -> None:
        for track in range(TRACKS):
            self.daw.meter(track, (frame * 5 + track * 3) % 13)
        if frame % 6 == 0:
            self.daw.rename(frame // 6 % TRACKS, f"Trk {frame // 6 % TRACKS + 1}" if frame % 12 else f"T{frame}")
        if frame % FRAMES_PER_SECOND == 0:
            self.daw.go_to(frame // FRAMES_PER_SECOND % 2 * (TRACKS - self.daw.width))


async def _measure(units: int) -> None:
    band = Band(units)
    living = await band.listen()
    both = await band.play()
    said = sum(len(messages) for messages in band.daw.said) / SECONDS
    living.cancel()
    await asyncio.wait({living})
    band.daw.close()
    alone = Band(units)
    alone.daw.start()
    ours = both - await alone.play()
    alone.daw.close()
    print(f"{units} × 8 strips of {TRACKS}: {said:5.0f} messages/s from the DAW, {100 * ours:.1f} % of a core")


async def _touch() -> None:
    delays, loop = [], asyncio.get_running_loop()
    async with joined(TRACKS, **ARDOUR) as far:
        for touch in range(TOUCHES):
            track = touch % 8 + (8 if touch % 2 else 24)  # never in the window of the touch before
            path, fader = f"ch{track + 1}/fader", 0x1000 + touch * 0x40
            far.daw.tracks[track].fader = fader
            begun = loop.time()
            far.hold(path)
            await until(lambda: far.value(path) == pytest.approx((fader >> 4) / 1023, abs=0.001))  # noqa: B023 - awaited here
            delays.append(loop.time() - begun)
            far.release(path)
            await until(lambda: not far.daw.touched)
    middle, most = sorted(delays)[TOUCHES // 2], max(delays)
    longest = milliseconds(most, MOST_TOUCH_SECONDS)
    print(f"touch outside the window → its value: p50 {1000 * middle:.0f} ms, longest {longest} ({TOUCHES})")


async def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--touches", action="store_true", help="without the CPU cost")
    told = parser.parse_args()
    print(describe())
    for units in () if told.touches else (1, 2, 3, 4):
        await _measure(units)
    await _touch()


if __name__ == "__main__":
    asyncio.run(_main())
