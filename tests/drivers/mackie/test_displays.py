"""LCD, meter bars and time display as the DAW paints them."""

from __future__ import annotations

import pytest

from remote_mixer.drivers.mackie.displays import FALL_SECONDS, Lcd, Meters, TimeDisplay
from tests.drivers.mackie.manual_time import ManualTime

# LCD

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
    time = ManualTime()
    meters = Meters(8, time)
    codes: list[int] = []
    for level in range(0xE):
        meters.receive(0, level)
        codes += meters.readings([0])
    assert codes[:13] == [0, 96, 116, 136, 156, 176, 188, 196, 200, 204, 208, 212, 215]
    assert codes[13] == codes[12], "D is seen from some hosts and is no more than full"
    falling: list[int] = []
    for _ in range(20):
        time.now += FALL_SECONDS / 19
        falling += meters.readings([0])
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] == 0


def test_a_clip_is_reported_once_until_its_light_has_gone_out() -> None:
    meters = Meters(8, ManualTime())
    reported: list[int] = []
    for value in (0xE, 0xE, 0xF, 0xE):
        meters.receive(3, value)
        reported += meters.readings([3])
    assert reported == [216, 0, 0, 216]


# Time


def test_the_time_reads_from_left_to_right_with_its_dots() -> None:
    display = TimeDisplay()
    for digit, value in enumerate(reversed(b"\x30\x30\x71\x30\x72\x30\x73\x30\x34\x30")):
        display.paint(digit, value)
    assert display.text(beats=True) == "001.02.03.040"


def test_an_unlit_digit_is_a_blank_and_low_codes_are_letters() -> None:
    display = TimeDisplay()
    for digit, value in enumerate(b"\x00\x20\x01\x02"):
        display.paint(digit, value)
    assert display.text(beats=True) == "B.A"


@pytest.mark.parametrize(
    ("digits", "beats", "text"),
    [
        ("0010203040", True, "001.02.03.040"),
        ("0000112013", False, "000:01:12:013"),
        ("  10101000", True, "1.01.01.000"),
    ],
)
def test_digits_without_dots_stand_in_the_groups_that_people_read(digits: str, beats: bool, text: str) -> None:
    display = TimeDisplay()
    for digit, character in enumerate(reversed(digits)):
        display.paint(digit, ord(character) & 0x3F)
    assert display.text(beats=beats) == text
