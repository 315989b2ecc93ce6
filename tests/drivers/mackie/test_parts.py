"""The small parts of the surface: display, meters, touch, V-pots, buttons, texts, time; on a time of the test's own."""

from __future__ import annotations

import pytest

from remote_mixer.drivers.mackie.controls import DEAF_SECONDS, LIFT_SECONDS, PAUSE_SECONDS, Touch
from remote_mixer.drivers.mackie.displays import FALL_SECONDS, Lcd, Meters, TimeDisplay
from remote_mixer.drivers.mackie.feedback import ANSWER_SECONDS, Buttons, Pots
from remote_mixer.drivers.mackie.texts import PROOF_SECONDS, RECENT_SECONDS, Texts, is_value


class Time:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Fingers:
    """A Touch and what it said."""

    def __init__(self) -> None:
        self.time, self.said = Time(), list[tuple[int, bool]]()
        self.touch = Touch(self._note, self.time)

    def _note(self, fader: int, *, down: bool) -> None:
        self.said.append((fader, down))

    def after(self, seconds: float) -> dict[int, int | None]:
        self.time.now += seconds
        return self.touch.tend()


# Display

ROWS = "Kick   Snare  Hats   Bass   Guitar Keys   Vox ld Vox 2  " + "  C      L50    R12  " + " " * 35


@pytest.mark.parametrize("size", [1, 3, 7, 11, 56, 112])
def test_a_display_painted_in_pieces_of_any_size_reads_the_same(size: int) -> None:
    lcd = Lcd()
    for offset in reversed(range(0, 112, size)):
        lcd.paint(offset, ROWS[offset : offset + size].encode())
    assert lcd.names == ("Kick", "Snare", "Hats", "Bass", "Guitar", "Keys", "Vox ld", "Vox 2")
    assert lcd.texts == ("C", "L50", "R12", "", "", "", "", "")


def test_what_runs_over_the_displays_end_is_cut_off_and_control_bytes_are_blanks() -> None:
    lcd = Lcd()
    lcd.paint(110, b"abcdef")
    lcd.paint(120, b"xyz")
    lcd.paint(0, b"K\x01ck\x7f\x00\xe9")
    assert lcd.texts[7] == "ab"
    assert lcd.names[0] == "K ck  é"


def test_painting_the_same_again_is_no_news() -> None:
    lcd = Lcd()
    assert lcd.paint(0, b"Kick")
    assert not lcd.paint(0, b"Kick")


# Meters


def test_a_level_reads_as_the_table_says_and_falls_by_itself() -> None:
    time = Time()
    meters = Meters(8, time)
    codes: list[int] = []
    for level in range(0xE):
        meters.hear(0, level)
        codes += meters.readings([0])
    assert codes[:13] == [0, 96, 116, 136, 156, 176, 188, 196, 200, 204, 208, 212, 215]
    assert codes[13] == codes[12], "D is seen from some hosts and is no more than full"
    falling: list[int] = []
    for _ in range(20):
        time.now += FALL_SECONDS / 19
        falling += meters.readings([0])
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] == 0


def test_a_clip_is_told_once_until_its_light_has_gone_out() -> None:
    meters = Meters(8, Time())
    told: list[int] = []
    for value in (0xE, 0xE, 0xF, 0xE):
        meters.hear(3, value)
        told += meters.readings([3])
    assert told == [216, 0, 0, 216]


# Touch


def test_a_move_without_a_finger_touches_once_and_releases_after_the_last_one() -> None:
    fingers = Fingers()
    for _ in range(5):
        fingers.touch.move(2)
        fingers.after(PAUSE_SECONDS / 2)
    assert fingers.said == [(2, True)]
    fingers.after(PAUSE_SECONDS)
    assert fingers.said == [(2, True), (2, False)]


def test_a_finger_that_rests_keeps_the_touch_and_its_last_value_goes_out_before_the_release() -> None:
    fingers = Fingers()
    fingers.touch.land(0)
    fingers.after(60)
    assert fingers.said == [(0, True)]
    fingers.touch.lift(0)
    fingers.touch.move(0)
    fingers.after(LIFT_SECONDS)
    assert fingers.said == [(0, True)]
    fingers.after(PAUSE_SECONDS)
    assert fingers.said == [(0, True), (0, False)]


def test_a_touched_fader_is_deaf_until_a_while_after_its_release_and_then_hears_the_last_word() -> None:
    fingers = Fingers()
    assert fingers.touch.takes(0, 1)
    fingers.touch.move(0)
    assert not fingers.touch.takes(0, 2)
    assert fingers.after(PAUSE_SECONDS) == {}
    assert not fingers.touch.takes(0, 3)
    assert not fingers.touch.takes(0, 4)
    assert fingers.after(DEAF_SECONDS) == {0: 4}
    assert fingers.touch.takes(0, 5)


def test_what_a_daw_said_before_the_last_move_is_never_heard() -> None:
    fingers = Fingers()
    fingers.touch.land(0)
    fingers.touch.takes(0, 2)
    fingers.touch.move(0)
    fingers.touch.lift(0)
    fingers.after(PAUSE_SECONDS)
    assert fingers.after(DEAF_SECONDS) == {0: None}


def test_one_touched_fader_does_not_deafen_another() -> None:
    fingers = Fingers()
    fingers.touch.move(0)
    assert fingers.touch.takes(1, 7)


# V-pots


@pytest.mark.parametrize("ticks_a_step", [0.5, 1, 3, 10, 64])
@pytest.mark.parametrize(("start", "wanted"), [(5, 0), (0, 10), (10, 9), (3, 3), (5, 6)])
def test_a_pot_gets_where_it_should_whatever_a_tick_is_worth(ticks_a_step: float, start: int, wanted: int) -> None:
    time, place, sent = Time(), start * ticks_a_step, 0
    pots = Pots(time)
    pots.want(0, wanted)
    while pots.turning(0):
        time.now += ANSWER_SECONDS
        ticks, _ = pots.tend([min(max(round(place / ticks_a_step), 0), 10)])
        place = min(max(place + ticks.get(0, 0), 0), 10 * ticks_a_step)
        sent += 1
    assert abs(place / ticks_a_step - wanted) <= 1.5
    assert sent <= 45


def test_a_pot_waits_for_the_ring_before_it_turns_on() -> None:
    time = Time()
    pots = Pots(time)
    pots.want(0, 8)
    assert pots.tend([5]) == ({0: 3}, [])
    assert pots.tend([5]) == ({}, [])
    time.now += ANSWER_SECONDS
    assert pots.tend([5]) == ({0: 6}, [])
    assert pots.tend([8]) == ({}, [0])


def test_a_pot_whose_ring_is_dark_or_never_moves_is_given_up() -> None:
    time = Time()
    pots = Pots(time)
    pots.want(0, 8)
    assert pots.tend([None]) == ({}, [0])
    pots.want(0, 8)
    for _ in range(60):
        time.now += ANSWER_SECONDS
        pots.tend([5])
    assert not pots.turning(0)


# Buttons


def test_a_button_is_pressed_where_its_light_is_not_as_wanted_or_not_known() -> None:
    buttons = Buttons(Time())
    pressed = [buttons.needs_press((n, "mute"), lit, True) for n, lit in enumerate((None, False, True))]
    assert pressed == [True, True, False]


def test_a_press_that_is_on_its_way_counts_as_done() -> None:
    buttons = Buttons(Time())
    wanted = [True, False, False, True]
    assert [buttons.needs_press((0, "mute"), False, on) for on in wanted] == [True, True, False, True]


def test_a_light_that_never_comes_is_told_of_once() -> None:
    time = Time()
    buttons = Buttons(time)
    buttons.needs_press((0, "mute"), lit=False, wanted=True)
    buttons.needs_press((1, "mute"), lit=False, wanted=True)
    buttons.heard((1, "mute"), lit=True)
    assert (buttons.waits((0, "mute")), buttons.waits((1, "mute"))) == (True, False)
    time.now += 1
    assert buttons.overdue() == {(0, "mute")}
    assert buttons.overdue() == set()


# Texts

OWNERS = [
    *((text, "fader") for text in ("-3.2", "-3.2dB", "4.3 dB", "-inf", "-oo", "-inf dB", "0.0", "+1,5 dB", "-12dB")),
    *((text, "pan") for text in ("C", "L50", "R12", "50L", "<C>", "L50R50", "50%", "center", "<> 3")),
    *((text, None) for text in ("", "Volume", "Kick", "Trk 3", "12")),
]


@pytest.mark.parametrize(("text", "owner"), OWNERS)
def test_a_text_belongs_to_the_control_that_it_reads_like(text: str, owner: str | None) -> None:
    assert Texts(Time()).owner(0, text) == owner


def test_a_bare_number_belongs_to_what_has_just_moved() -> None:
    time = Time()
    texts = Texts(time)
    texts.moved(0, "pan")
    assert texts.owner(0, "12") == "pan"
    time.now += 0.1
    texts.moved(0, "fader")
    assert texts.owner(0, "12") == "fader"
    assert texts.owner(1, "12") is None
    time.now += RECENT_SECONDS + 0.1
    assert texts.owner(0, "12") is None


def test_a_text_that_was_not_renewed_after_a_move_is_out_of_date_and_a_renewed_one_is_not() -> None:
    time = Time()
    texts = Texts(time)
    for strip in (0, 1):
        texts.owner(strip, "-3.2 dB")
    time.now += 1
    for strip in (0, 1):
        texts.moved(strip, "fader")
    texts.owner(1, "-4.0 dB")
    time.now += PROOF_SECONDS + 0.01
    assert texts.outdated() == [(0, "fader")]
    assert texts.outdated() == []


@pytest.mark.parametrize("name", ["Kick", "Trk 12", "Vox L", "Bass", "Audio1", "808"])
def test_names_are_no_values(name: str) -> None:
    assert is_value(name) is (name == "808")


# Time


def test_the_time_reads_from_left_to_right_with_its_dots() -> None:
    display = TimeDisplay()
    for digit, value in enumerate(reversed(b"\x30\x30\x71\x30\x72\x30\x73\x30\x34\x30")):
        display.paint(digit, value)
    assert display.text() == "001.02.03.040"


def test_an_unlit_digit_is_a_blank_and_low_codes_are_letters() -> None:
    display = TimeDisplay()
    for digit, value in enumerate(b"\x00\x20\x01\x02"):
        display.paint(digit, value)
    assert display.text() == "BA"
