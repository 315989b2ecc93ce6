"""Keys of several people never go down together: a DAW takes two that are down at once as a range."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from remote_mixer.midi.mackie import TOUCH_NOTE
from remote_mixer.midi.messages import NOTE_ON
from tests.drivers.mackie.joined import ANNE, BEN, CLEO, joined
from tests.support.daw_tracks import ARDOUR
from tests.support.waiting import until

REST_SECONDS = 0.03
"""Rest between two keys that a DAW needs, or it takes them as a range; not the driver's own number for it."""


async def test_presses_of_two_people_on_two_mutes_never_overlap() -> None:
    async with joined(16, **ARDOUR) as far:
        far.set("ch1/mute", True, ANNE)
        far.set("ch5/mute", True, BEN)
        far.set("ch12/mute", True, CLEO)
        await until(lambda: far.daw.tracks[11].mute)
        await until(lambda: far.settled)
        assert [n for n, track in enumerate(far.daw.tracks, 1) if track.mute] == [1, 5, 12]
        presses = [message for message in far.links.sides[0].sent if message[0] == 0x90 and 0x10 <= message[1] < 0x18]
        assert all(one[2] == 0 for one, after in pairwise(presses) if after[2]), "one is up before the next is down"
        assert presses[-1][2] == 0


async def test_three_people_press_keys_of_one_bank_one_after_the_other_and_never_together() -> None:
    async with joined(8, **ARDOUR) as far:
        keys: list[tuple[float, int, int]] = []
        far.links.sides[0].listeners.append(
            lambda message: (
                keys.append((asyncio.get_running_loop().time(), message[1], message[2]))
                if message[0] == NOTE_ON and message[1] < TOUCH_NOTE
                else None
            )
        )
        for turn in (True, False):
            for track, who in ((2, ANNE), (4, BEN), (7, CLEO)):
                far.set(f"ch{track}/mute", turn, who)
                far.set(f"ch{track}/solo", turn, who)
            await until(lambda: far.settled)
            shown = [n for n, track in enumerate(far.daw.tracks, 1) if track.mute and track.solo]
            assert shown == [2, 4, 7] * turn, "and no range from the first to the last"
        presses = [place for place, (_, _, down) in enumerate(keys) if down]
        assert len(presses) == 12, "each key once"
        releases = [keys[place + 1] for place in presses]
        assert [up[1:] for up in releases] == [(keys[place][1], 0) for place in presses], "up before the next is down"
        gaps = [keys[after][0] - before[0] for before, after in zip(releases, presses[1:], strict=False)]
        assert min(gaps) > REST_SECONDS * 0.5, "as far as this clock tells"


class LostOnce:
    """Loses the first message that is equal to one."""

    def __init__(self, message: bytes) -> None:
        self._message, self.lost = message, False

    def __call__(self, message: bytes) -> bool:
        """Return whether the message is lost."""
        hit = not self.lost and message == self._message
        self.lost |= hit
        return hit


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_key_whose_release_is_lost_makes_no_range_with_the_next_one(at_once: bool) -> None:
    async with joined(16, **ARDOUR) as far:
        far.links.loses = loss = LostOnce(b"\x90\x10\x00")
        far.set("ch1/mute", True, ANNE)
        if not at_once:
            await until(lambda: far.settled and not far.daw._held)
        far.set("ch5/mute", True, BEN)
        await until(lambda: far.daw.tracks[4].mute and far.settled)
        assert loss.lost
        assert [n for n, track in enumerate(far.daw.tracks, 1) if track.mute] == [1, 5]


async def test_a_shift_key_whose_release_is_lost_is_released_all_the_same() -> None:
    async with joined(8, **ARDOUR) as far:
        far.daw.tracks[3].pan = 17
        far.daw.show()
        await until(lambda: far.value("ch4/pan") not in {None, 0.5})
        far.links.loses = loss = LostOnce(b"\x90\x46\x00")
        far.set("ch4/pan", 0.5)
        await until(lambda: loss.lost and not far.daw.lit["shift"] and far.settled)
