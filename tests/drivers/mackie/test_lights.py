"""Lights tell whether a press has arrived; one that is lost, late, or of the window before undoes nothing."""

from __future__ import annotations

import asyncio
import time

import pytest

from remote_mixer.drivers.mackie import navigator
from remote_mixer.midi.mackie import BANK_RIGHT
from remote_mixer.midi.messages import NOTE_ON
from tests.drivers.mackie.joined import Joined, joined
from tests.drivers.mackie.wire import SLOW_MACHINE, is_mute, see_light
from tests.support.daw_tracks import ARDOUR
from tests.support.waiting import until

ANSWER_SECONDS = 0.1
"""Time that a DAW takes to answer a press."""
HELD_SECONDS = 1.0
"""Longer than the driver waits for anything here."""


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
        await until(lambda: wire.lost and far.settled and far.value(f"ch2/{param}") is True)
        assert asyncio.get_running_loop().time() - begun < 1.0 * SLOW_MACHINE
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


class LateLights:
    """Holds a light of a window that has come until its button is pressed, and the answer to that for some time."""

    def __init__(self, far: Joined, note: int, first: int) -> None:
        self._far, self._first = far, first
        self._lit, self._dark = (bytes((0x90, note, light)) for light in (0x7F, 0))
        self._held, self.answered = False, False
        far.links.loses, far.links.hides = self._to_daw, self._from_daw

    def _to_daw(self, message: bytes) -> bool:
        if message == self._lit and self._held and not self.answered:
            self._far.links.sides[0].say(self._lit)
        return False

    def _from_daw(self, data: bytes) -> bool:
        if data == self._lit and self._far.daw.first == self._first and not self._held:
            self._held = True
            return True
        if data == self._dark and self._held and not self.answered:
            self.answered = True
            asyncio.get_running_loop().call_later(ANSWER_SECONDS, self._far.links.sides[0].say, data)
            return True
        return False


@pytest.mark.parametrize("repaints", [False, True])
async def test_a_light_from_before_a_press_that_comes_after_it_is_no_answer(*, repaints: bool) -> None:
    async with joined(16, repaints=repaints, **ARDOUR) as far:
        far.daw.tracks[9].mute = True
        wire = LateLights(far, 0x11, 8)
        far.set("ch10/mute", True)
        await until(lambda: wire.answered and far.settled)
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


async def test_a_press_that_the_window_moves_away_from_is_made_once_more_and_does_not_stay_pending() -> None:
    """Somebody moves the DAW's own window; the press comes there before the news of it comes here."""
    async with joined(9, answer=ANSWER_SECONDS) as far:
        await until(lambda: far.settled)
        far.daw.go_to(1)
        far.set("ch4/mute", True)
        await until(lambda: far.settled)
        await until(lambda: far.daw.tracks[3].mute and far.value("ch4/mute") is True)


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
