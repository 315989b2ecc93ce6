"""Hands in several banks at once: each is heard first, none waits for long, and nothing arrives as one old step."""

from __future__ import annotations

import asyncio

import pytest

from remote_mixer.desk.sources import Source
from tests.drivers.mackie.joined import ANNE, BEN, CLEO, Joined, joined
from tests.drivers.mackie.wire import SLOW_MACHINE, STEP, place
from tests.support.daw_tracks import ARDOUR
from tests.support.waiting import until

HIGH = 0x3000


class Moves:
    """Places of a track's fader in the DAW, as moves from the surface set them."""

    def __init__(self, far: Joined, track: int) -> None:
        self.places = [place(far, track)]
        far.links.sides[0].listeners.append(lambda message: self._note(place(far, track)))

    def _note(self, where: float) -> None:
        if where != self.places[-1]:
            self.places.append(where)

    @property
    def biggest(self) -> float:
        return max((abs(b - a) for a, b in zip(self.places, self.places[1:], strict=False)), default=0.0)


async def drag(far: Joined, local: str, who: Source, steps: int, by: float = 0.01, seconds: float = 0.02) -> None:
    """Move a held fader from where the desk has it, step by step."""
    for _ in range(steps):
        await asyncio.sleep(seconds)
        stands = far.value(local)
        assert isinstance(stands, float)
        far.set(local, min(stands + by, 1.0), who)


async def test_a_fader_that_the_daw_moved_behind_the_window_is_heard_at_a_touch_and_does_not_leap_back() -> None:
    async with joined(40, **ARDOUR) as far:
        far.daw.tracks[19].fader = HIGH
        assert far.value("ch20/fader") == 0.0
        moves = Moves(far, 20)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        far.hold("ch20/fader")
        far.set("ch20/fader", 0.02)
        await until(lambda: far.value("ch20/fader") == pytest.approx((HIGH >> 4) * STEP, abs=0.001))
        assert loop.time() - begun < 0.3 * SLOW_MACHINE
        far.set("ch20/fader", 0.03)
        await until(lambda: place(far, 20) == pytest.approx((HIGH >> 4) * STEP + 0.01, abs=0.002))
        far.release("ch20/fader")
        await until(lambda: not far.daw.touched)
        assert moves.biggest < 0.05


async def test_a_mute_in_another_bank_does_not_wait_for_a_finger_that_rests() -> None:
    async with joined(24, **ARDOUR) as far:
        far.hold("ch1/fader", ANNE)
        far.set("ch1/fader", 0.3, ANNE)
        await until(lambda: far.daw.touched)
        far.set("ch20/mute", True, BEN)
        await until(lambda: far.daw.tracks[19].mute, 0.5 * SLOW_MACHINE)
        await drag(far, "ch1/fader", ANNE, 3)
        await until(lambda: place(far, 1) == pytest.approx(0.33, abs=0.002))
        assert [n for n, track in enumerate(far.daw.tracks, 1) if track.fader] == [1]
        assert not far.daw.untouched_moves


async def test_what_waits_for_its_bank_is_pending_until_the_daws_light_confirms_it() -> None:
    async with joined(24, answer=0.3) as far:
        far.set("ch20/mute", True)
        await until(lambda: "daw/ch20/mute" in far.pending)
        await until(lambda: far.daw.tracks[19].mute)
        await until(lambda: not far.pending)
        assert far.value("ch20/mute") is True


async def land(far: Joined, local: str, who: Source) -> None:
    """Put a finger down, and wait until the DAW has told where its fader stands."""
    far.hold(local, who)
    await until(lambda: f"daw/{local}" not in far.remembered)


async def test_three_hands_in_three_banks_all_move_on_and_none_arrives_as_one_old_step() -> None:
    async with joined(24, **ARDOUR) as far:
        hands = {1: ANNE, 9: BEN, 17: CLEO}
        moves = {track: Moves(far, track) for track in hands}
        for track, who in hands.items():
            await land(far, f"ch{track}/fader", who)
        await asyncio.gather(*(drag(far, f"ch{track}/fader", who, 120) for track, who in hands.items()))
        await until(lambda: all(place(far, track) == pytest.approx(1.0, abs=0.005) for track in hands))
        for track in hands:
            assert len(moves[track].places) > 8, "it moved on and on"
            assert moves[track].biggest < 0.4
        assert [n for n, track in enumerate(far.daw.tracks, 1) if track.fader] == list(hands)


async def test_a_value_that_waited_for_long_glides_to_its_place() -> None:
    async with joined(16, **ARDOUR) as far:
        far.daw.silent = True  # the window does not move meanwhile
        moves = Moves(far, 1)
        far.driver._session._turns.call(0, "fader")  # type: ignore[union-attr]  # as its value waits
        far.driver._session._turns._calls[0, "fader"].since -= 1  # type: ignore[union-attr]  # for a second already
        far.set("ch1/fader", 0.9)
        await until(lambda: place(far, 1) == pytest.approx(0.9, abs=0.002))
        assert moves.biggest < 0.07


async def test_a_set_equal_to_a_remembered_value_is_sent_all_the_same() -> None:
    async with joined(16, **ARDOUR) as far:
        far.set("ch12/mute", True)
        await until(lambda: far.value("ch12/mute") is True and far.daw.tracks[11].mute)
        far.set("ch1/mute", True)
        await until(lambda: far.daw.tracks[0].mute)
        far.daw.tracks[11].mute = False
        far.set("ch12/mute", True)
        await until(lambda: far.daw.tracks[11].mute)


async def test_what_the_daw_did_just_before_its_track_leaves_the_window_is_what_is_remembered_of_it() -> None:
    async with joined(16, **ARDOUR) as far:
        for muted in (True, False, True):
            far.daw.tracks[1].mute = muted
            far.daw.show()
            await asyncio.sleep(0)  # the light is on its way, in this turn of the loop
            far.set("ch12/mute", muted)
            await until(lambda: far.daw.tracks[11].mute is muted and far.settled)  # noqa: B023 - awaited here
            assert far.value("ch2/mute") is muted
            far.set("ch1/solo", muted)
            await until(lambda: far.daw.tracks[0].solo is muted and far.settled)  # noqa: B023 - awaited here
