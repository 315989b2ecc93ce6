"""Hands in several banks at once: each is heard first, none waits for long, and nothing arrives as one old step."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from remote_mixer.desk.sources import Source
from remote_mixer.drivers.mackie import navigator
from remote_mixer.midi.mackie import BANK_RIGHT, TOUCH_NOTE
from remote_mixer.midi.messages import NOTE_ON
from tests.drivers.mackie.joined import ANNE, BEN, CLEO, Joined, joined
from tests.support.daw_tracks import ARDOUR
from tests.support.waiting import until

HIGH, LOW = 0x3000, 0x1000
STEP = 1 / 1023
REST_SECONDS = 0.03
"""Rest between two keys that a DAW needs, or it takes them as a range; not the driver's own number for it."""
HELD_SECONDS = 1.0
"""Longer than the driver waits for anything here."""
SLOW_MACHINE = 10
"""Times for a quiet machine are held to ten times as much here: a test ends what hangs, not what is slow."""


def place(far: Joined, track: int) -> float:
    return (far.daw.tracks[track - 1].fader >> 4) * STEP


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


def is_move(message: bytes) -> bool:
    return message[0] & 0xF0 == 0xE0


def is_mute(message: bytes) -> bool:
    return message[0] == 0x90 and 0x10 <= message[1] < 0x18 and message[2] == 0x7F


async def hear_echo(far: Joined) -> None:
    """Move a fader until the driver knows that the DAW echoes a touched one."""
    far.hold("ch1/fader")
    far.set("ch1/fader", 0.7)
    await until(lambda: far.driver.confirms("daw/ch1/fader"))
    far.release("ch1/fader")
    await until(lambda: not far.daw.touched)


async def see_light(far: Joined) -> None:
    """Mute a track, so that the driver knows that the DAW's LEDs answer."""
    far.set("ch1/mute", True)
    await until(lambda: far.daw.tracks[0].mute)
    await until(lambda: not far.pending)


@pytest.mark.parametrize(("local", "value", "kind"), [("ch2/fader", 0.5, is_move), ("ch2/mute", True, is_mute)])
async def test_a_lost_move_or_press_is_repaired_by_itself(
    local: str, value: float, kind: Callable[[bytes], bool]
) -> None:
    async with joined(8, **ARDOUR) as far:
        await hear_echo(far)
        await see_light(far)
        lost: list[bytes] = []
        far.links.loses = lambda message: kind(message) and not lost and not lost.append(message)  # type: ignore[func-returns-value]  # appends once
        far.set(local, value)
        await until(lambda: lost and (place(far, 2) == pytest.approx(0.5, abs=0.001) or far.daw.tracks[1].mute))
        await until(lambda: not far.pending)
        assert far.value(local) == pytest.approx(value, abs=0.001)


async def test_a_move_whose_track_leaves_the_window_before_it_has_arrived_is_sent_again_there() -> None:
    async with joined(40, **ARDOUR) as far:
        await hear_echo(far)
        far.links.loses = lambda message: (
            is_move(message) and far.daw.first == 0 and "bank_right" not in far.daw.pressed
        )
        far.daw.pressed.clear()
        far.set("ch2/fader", 0.5)
        await until(lambda: any(message.startswith("e1") for message in far.sent()))
        far.set("ch20/mute", True)
        await until(lambda: far.daw.tracks[19].mute)
        await until(lambda: place(far, 2) == pytest.approx(0.5, abs=0.001) and far.settled)
        assert far.value("ch2/fader") == pytest.approx(0.5, abs=0.001)


async def test_a_move_whose_bank_is_moved_elsewhere_before_it_has_arrived_moves_its_own_track_and_no_other() -> None:
    async with joined(40, **ARDOUR) as far:
        await hear_echo(far)
        before = [track.fader for track in far.daw.tracks]
        far.links.loses = lambda message: is_move(message) and not far.daw.first
        far.set("ch2/fader", 0.5)
        await until(lambda: any(message.startswith("e1") for message in far.sent()))
        far.daw.go_to(16)  # as by another surface
        await until(lambda: far.daw.first == 0)
        far.links.loses = lambda message: False
        await until(lambda: place(far, 2) == pytest.approx(0.5, abs=0.001) and far.settled)
        changed = [
            number
            for number, (was, track) in enumerate(zip(before, far.daw.tracks, strict=True), 1)
            if was != track.fader
        ]
        assert changed == [2]


async def test_a_move_that_still_glides_when_its_track_leaves_the_window_arrives() -> None:
    async with joined(40, **ARDOUR) as far:
        await hear_echo(far)
        controls = far.driver._session._controls  # type: ignore[union-attr]  # open
        controls.fader(1, 1.0, waited=1.0)
        assert controls._glides
        far.driver._session._tracks.values["daw/ch2/fader"] = 1.0  # type: ignore[union-attr]  # as a hand sets it
        far.daw.go_to(16)
        await until(lambda: place(far, 2) == 1.0 and far.settled)


class Wire:
    """A wire that loses the first press of a button, its first light, or all lights but those of a moved window."""

    def __init__(self, far: Joined, note: int, what: str) -> None:
        self._note, self._what, self._key = note, what, 0
        self.lost = self.presses = 0
        far.links.loses, far.links.hides = self._to_daw, self._from_daw

    def _to_daw(self, message: bytes) -> bool:
        if message[0] != 0x90 or message[2] != 0x7F:
            return False
        self._key = message[1]
        self.presses += self._key == self._note
        return self._loses(self._key == self._note and self._what == "press" and not self.lost)

    def _from_daw(self, message: bytes) -> bool:
        answers = message == bytes((0x90, self._note, 0x7F)) and self._key == self._note
        return self._loses(answers and (self._what == "all lights" or (self._what == "light" and not self.lost)))

    def _loses(self, it: bool) -> bool:
        self.lost += it
        return it


@pytest.mark.parametrize(("param", "note"), [("mute", 0x11), ("solo", 0x09), ("rec", 0x01)])
@pytest.mark.parametrize(("what", "presses"), [("press", 2), ("light", 1), ("all lights", 1)])
async def test_a_lost_press_or_light_is_repaired_within_a_second_and_undoes_nothing(
    param: str, note: int, what: str, presses: int
) -> None:
    async with joined(40, **ARDOUR) as far:
        wire = Wire(far, note, what)
        begun = asyncio.get_running_loop().time()
        far.set(f"ch2/{param}", True)
        await until(lambda: wire.lost and far.settled)
        assert asyncio.get_running_loop().time() - begun < 1.0 * SLOW_MACHINE
        assert far.value(f"ch2/{param}") is True
        assert getattr(far.daw.tracks[1], param)
        assert wire.presses == presses
        assert far.daw.first == 0


async def test_a_light_that_is_lost_again_as_the_window_is_painted_is_not_the_former_windows() -> None:
    async with joined(40, repaints=True, **ARDOUR) as far:
        lost: list[bytes] = []

        def hides(data: bytes) -> bool:
            mine = far.daw.first == 0 and data[:2] == b"\x90\x11" and far.daw.tracks[1].mute and len(lost) < 2
            if mine:
                lost.append(data)
            return mine

        far.links.hides = hides
        far.set("ch2/mute", True)
        await until(lambda: len(lost) == 2 and far.settled)
        assert far.daw.tracks[1].mute
        assert far.value("ch2/mute") is True
        assert far.sent().count("90 11 7f") == 1


async def test_where_no_light_ever_answers_and_no_bank_can_be_painted_again_a_mute_is_not_known() -> None:
    async with joined(8, **ARDOUR) as far:
        wire = Wire(far, 0x11, "all lights")
        far.set("ch2/mute", True)
        await until(lambda: far.value("ch2/mute") is None and far.settled)
        assert wire.presses == 1


async def test_no_window_moves_for_a_lost_light_while_a_finger_rests() -> None:
    async with joined(40, **ARDOUR) as far:
        far.hold("ch5/fader")
        wire = Wire(far, 0x11, "light")
        far.daw.pressed.clear()
        far.set("ch2/mute", True)
        await until(lambda: wire.lost and far.settled)
        assert far.daw.pressed == []
        far.release("ch5/fader")


@pytest.mark.parametrize("window_moves", [False, True])
async def test_a_lost_last_move_is_repaired_where_the_daw_never_echoes_a_touched_fader(*, window_moves: bool) -> None:
    async with joined(24) as far:
        lost = list[bytes]()

        def loses(message: bytes) -> bool:
            first = is_move(message) and not lost
            if first:
                lost.append(message)
            return first

        far.links.loses = loses
        far.set("ch2/fader", 0.5)
        await until(lambda: lost)
        if window_moves:  # before the fader's release, which would have sent the move again
            far.set("ch20/mute", True)
            await until(lambda: far.daw.first > 1)
        await until(lambda: place(far, 2) == pytest.approx(0.5, abs=0.001))


async def test_a_move_that_the_daw_never_echoes_stays_pending() -> None:
    async with joined(8, **ARDOUR) as far:
        await hear_echo(far)
        far.links.loses = is_move
        far.set("ch1/fader", 0.2)
        await until(lambda: "daw/ch1/fader" in far.pending)
        far.daw.move_fader(0, LOW)
        await until(lambda: not far.pending)
        assert far.value("ch1/fader") == pytest.approx((LOW >> 4) * STEP, abs=0.001)


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


async def test_a_mute_that_the_daw_does_not_take_is_pressed_five_times_and_then_shows_what_its_light_says() -> None:
    async with joined(40, **ARDOUR) as far:
        far.links.loses = is_mute
        far.set("ch2/mute", True)
        await until(lambda: far.value("ch2/mute") is False and far.settled)
        assert far.sent().count("90 11 7f") == 5


async def test_a_key_of_the_transport_without_a_light_is_not_pressed_again_as_the_window_moves() -> None:
    async with joined(40, **ARDOUR) as far:
        far.links.hides = lambda message: message[:2] == b"\x90\x5f"
        far.set("transport/record", True)
        far.set("ch20/mute", True)
        await until(lambda: far.daw.tracks[19].mute and far.settled)
        assert far.daw.recording
        assert far.daw.pressed.count("record") == 1


async def test_a_mute_is_not_given_up_where_the_key_that_has_it_painted_is_lost_too() -> None:
    async with joined(40, **ARDOUR) as far:
        far.links.loses = lambda message: is_mute(message) or message[:2] in {b"\x90\x30", b"\x90\x31"}
        far.set("ch2/mute", True)
        await until(lambda: far.pending)
        await until(lambda: "90 31 7f" in far.sent())
        await until(lambda: far.pending)
        far.links.loses = lambda message: False
        await until(lambda: far.daw.tracks[1].mute and far.settled)


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


async def test_a_light_of_the_window_before_does_not_count_as_that_of_the_track_in_its_place() -> None:
    async with joined(16, **ARDOUR) as far:
        far.set("ch2/mute", True)
        await until(lambda: far.daw.tracks[1].mute and far.settled)
        loop, late = asyncio.get_running_loop(), list[bytes]()

        def is_late(data: bytes) -> bool:
            mine = data == b"\x90\x11\x00" and not late
            if mine:
                late.append(data)
                loop.call_later(0.2, far.links.sides[0].say, data)
            return mine

        far.links.hides = is_late
        far.set("ch10/mute", True)
        await until(lambda: late and far.settled)
        assert far.daw.tracks[9].mute
        assert far.value("ch10/mute") is True


async def test_a_press_whose_light_comes_while_the_tracks_are_in_doubt_is_not_repeated() -> None:
    async with joined(8, **ARDOUR) as far:
        await see_light(far)
        presses = list[bytes]()

        def renames(message: bytes) -> bool:
            if is_mute(message):
                presses.append(message)
                far.daw.rename(4, "Cello")
                far.daw.rename(5, "Oboe")
            return False

        far.links.loses = renames
        far.set("ch2/mute", True)
        await until(lambda: presses and far.settled and far.names[4:6] == ["Cello", "Oboe"])
        assert far.daw.tracks[1].mute
        assert far.value("ch2/mute") is True
        assert len(presses) == 1


async def test_a_daw_that_answers_while_the_program_is_held_is_not_pressed_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A second press of a bank key would pass over a bank: what was painted meanwhile is read first."""
    monkeypatch.setattr(navigator, "PATIENCE_SECONDS", 0.6)
    async with joined(16, **ARDOUR) as far:
        loop, waiting, presses = asyncio.get_running_loop(), list[bytes](), list[bytes]()

        def is_read_later(data: bytes) -> bool:
            if not waiting:
                loop.call_later(0.01, time.sleep, HELD_SECONDS)
                loop.call_later(0.02, loop.call_later, 0.005, read)
            waiting.append(data)
            return True

        def read() -> None:
            far.links.hides = lambda _: False
            for data in waiting:
                far.links.sides[0].say(data)

        far.links.hides = is_read_later
        far.links.sides[0].listeners.append(lambda message: presses.append(message[:3]))
        far.set("ch10/mute", True)
        await until(lambda: far.daw.tracks[9].mute and far.settled)
        assert presses.count(bytes([NOTE_ON, BANK_RIGHT, 127])) == 1
