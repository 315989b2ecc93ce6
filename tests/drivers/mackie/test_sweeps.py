"""Looks at the banks behind the window, at their real times: soon, and at a person's pace. On a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise

import pytest

from remote_mixer.drivers.mackie import looks, navigator, session
from tests.drivers.mackie.joined import Joined, joined
from tests.support.daw_tracks import ARDOUR
from tests.support.virtual import loop, play
from tests.support.waiting import until

SHOWN_SECONDS = 10.0
BANK_KEYS = ("90 2e 7f", "90 2f 7f")
PERSON_SECONDS = 0.2
"""Least time between two keys of somebody who looks at each bank."""


REAL_SECONDS = [
    *((navigator, name, getattr(navigator, name)) for name in ("PATIENCE_SECONDS", "QUIET_SECONDS")),
    (session, "WALKS_SECONDS", session.WALKS_SECONDS),
    (looks, "SWEEP_SECONDS", looks.SWEEP_SECONDS),
]
"""The driver's own times, which are shortened for the other tests here."""


@pytest.fixture(autouse=True)
def real_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the time that the driver takes with a real DAW."""
    for module, name, seconds in REAL_SECONDS:
        monkeypatch.setattr(module, name, seconds)


async def left_the_last_bank(far: Joined) -> None:
    """Wait until a look has just left the last bank: a change there then waits for as long as it ever does."""
    await until(lambda: far.daw.first + far.daw.width >= len(far.daw.tracks))
    await until(lambda: far.daw.first + far.daw.width < len(far.daw.tracks))


async def is_shown(there: Callable[[], bool]) -> None:
    began = loop().time()
    await until(there)
    assert loop().time() - began < SHOWN_SECONDS


@pytest.mark.parametrize("tracks", [24, 40])
def test_a_change_behind_the_window_shows_within_ten_seconds(tracks: int) -> None:
    async def story() -> None:
        async with joined(tracks, repaints=True, **ARDOUR) as far:
            for muted in (True, False):
                await left_the_last_bank(far)
                far.daw.tracks[-1].mute = muted
                await is_shown(lambda: far.value(f"ch{tracks}/mute") is muted)  # noqa: B023 - awaited here

    play(story)


@pytest.mark.parametrize("tracks", [24, 40])
def test_a_new_track_behind_the_window_shows_within_ten_seconds_and_so_does_the_next_one(tracks: int) -> None:
    async def story() -> None:
        async with joined(tracks, repaints=True, **ARDOUR) as far:
            for name in ("Choir", "Harp"):
                await left_the_last_bank(far)
                far.daw.add(tracks - 2, name)
                await is_shown(lambda: name in far.names)  # noqa: B023 - awaited here

    play(story)


def test_banks_are_looked_at_at_the_pace_of_a_person() -> None:
    async def story() -> None:
        async with joined(40, repaints=True, **ARDOUR) as far:
            presses: list[float] = []
            far.links.sides[0].listeners.append(
                lambda message: presses.append(loop().time()) if message.hex(" ") in BANK_KEYS else None
            )
            await asyncio.sleep(3 * SHOWN_SECONDS)
            assert len(presses) > 20, "the banks are looked at"
            assert min(after - before for before, after in pairwise(presses)) > PERSON_SECONDS

    play(story)
