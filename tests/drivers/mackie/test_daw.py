"""The test DAW itself: each row of the protocol's byte table, both ways, byte by byte."""

from __future__ import annotations

import pytest

from tests.drivers.mackie.scripted_daw import ScriptedDaw, screen
from tests.support import daw_protocol as facts


@pytest.mark.parametrize("strip", range(8))
def test_a_touched_fader_moves_its_track_and_comes_back_once_released_in_ten_bits(strip: int) -> None:
    bench = ScriptedDaw()
    moving = bench.do(f"90 {0x68 + strip:02x} 7f e{strip} 0f 64")
    assert bench.daw.tracks[strip].fader == 0x64 << 7 | 0x0F
    assert not any(message.startswith("e") for message in moving)
    assert bench.do(f"90 {0x68 + strip:02x} 00") == [f"e{strip} 00 64"]


def test_the_master_fader_is_the_ninth_and_its_touch_is_note_70() -> None:
    bench = ScriptedDaw()
    assert bench.do("90 70 7f e8 7f 7f") == []
    assert bench.daw.master.fader == 0x3FFF
    assert bench.do("90 70 00") == ["e8 70 7f"]


def test_a_fader_that_moves_untouched_is_answered_at_once_and_remembered_as_a_fault() -> None:
    bench = ScriptedDaw()
    assert "e2 00 40" in bench.do("e2 05 40")
    assert bench.daw.untouched_moves == [(0, 2)]


def test_a_host_that_needs_touch_puts_an_untouched_fader_back() -> None:
    bench = ScriptedDaw(needs_touch=True)
    assert bench.do("e2 00 40") == ["e2 00 00"]


def test_a_host_that_is_late_answers_moves_that_are_over() -> None:
    bench = ScriptedDaw(late_echo=0.05)
    bench.do("90 68 7f e0 00 20")
    assert bench.wait(0.06) == ["e0 00 20"]


@pytest.mark.parametrize(("value", "pan"), [("01", 1), ("05", 5), ("41", -1), ("7f", -50)])
def test_a_v_pot_turns_by_ticks_and_bit_six_is_left(value: str, pan: int) -> None:
    bench = ScriptedDaw()
    bench.do(f"b0 13 {value}")
    assert bench.daw.tracks[3].pan == pan


@pytest.mark.parametrize(("turn", "ring"), [("01", "16"), ("0a", "17"), ("32", "1b"), ("72", "11"), ("4a", "15")])
def test_a_ring_shows_the_pan_from_1_to_11_with_the_centre_led_in_the_middle_alone(turn: str, ring: str) -> None:
    bench = ScriptedDaw()
    assert f"b0 37 {ring}" in bench.do(f"b0 17 {turn}")
    assert "b0 37 56" in bench.do("90 27 7f 90 27 00")


def test_a_flipped_ring_shows_the_fader_wrapped_from_the_left_and_the_fader_pans() -> None:
    bench = ScriptedDaw()
    bench.daw.move_fader(0, 0x3FFF)
    said = bench.do("90 32 7f 90 32 00")
    assert {"b0 30 2b", "b0 31 21", "90 32 7f", "e0 00 40"} <= set(said)
    bench.do("90 68 7f e0 7f 7f 90 68 00 b0 11 02")
    assert (bench.daw.tracks[0].pan, bench.daw.tracks[1].fader) == (50, 256)


@pytest.mark.parametrize(("script", "seconds"), [("b0 3c 01", 11.0), ("b0 3c 42", 8.0)])
def test_the_jog_wheel_moves_the_time(script: str, seconds: float) -> None:
    bench = ScriptedDaw()
    bench.daw.seconds = 10.0
    bench.do(script)
    assert bench.daw.seconds == seconds


@pytest.mark.parametrize(("first", "what"), [(0x00, "rec"), (0x08, "solo"), (0x10, "mute")])
def test_rec_solo_and_mute_toggle_at_each_press_and_light_up(first: int, what: str) -> None:
    bench = ScriptedDaw()
    note = f"{first + 5:02x}"
    assert f"90 {note} 7f" in bench.do(f"90 {note} 7f 90 {note} 00")
    assert getattr(bench.daw.tracks[5], what) is True
    assert f"90 {note} 00" in bench.do(f"90 {note} 7f 90 {note} 00")


def test_select_is_one_tracks_at_a_time() -> None:
    bench = ScriptedDaw()
    bench.do("90 18 7f 90 18 00")
    assert bench.do("90 1f 7f 90 1f 00") == ["90 18 00", "90 1f 7f"]


def test_a_button_that_is_never_released_sticks() -> None:
    bench = ScriptedDaw()
    bench.do("90 10 7f")
    bench.do("90 10 7f")
    assert bench.daw.tracks[0].mute is True
    bench.do("90 10 00 90 10 7f")
    assert bench.daw.tracks[0].mute is False


def test_an_armed_track_blinks_where_the_host_does_so_and_note_offs_may_be_real_ones() -> None:
    bench = ScriptedDaw(blinking_rec=True, real_note_offs=True)
    assert bench.do("90 00 7f 90 00 00") == ["90 00 01"]
    assert bench.do("90 00 7f 90 00 00") == ["80 00 40"]


PLACES = {
    0x28: "track",
    0x2E: "bank_left",
    0x32: "flip",
    0x35: "smpte_beats",
    0x36: "f1",
    0x3D: "f8",
    0x3E: "midi_tracks",
    0x45: "user",
    0x46: "shift",
    0x4A: "read",
    0x4F: "group",
    0x50: "save",
    0x54: "marker",
    0x56: "cycle",
    0x5A: "solo",
    0x5B: "rewind",
    0x5F: "record",
    0x60: "up",
    0x64: "zoom",
    0x65: "scrub",
    0x66: "user_a",
    0x67: "user_b",
}


def test_every_global_button_has_its_place() -> None:
    bench = ScriptedDaw()
    for note in PLACES:
        bench.do(f"90 {note:02x} 7f 90 {note:02x} 00")
    assert bench.daw.pressed == list(PLACES.values())
    assert not bench.daw.odd


@pytest.mark.parametrize(
    ("press", "leds"),
    [
        ("5e", {"90 5e 7f", "90 5d 00"}),
        ("5f", {"90 5f 7f"}),
        ("56", {"90 56 7f"}),
        ("32", {"90 32 7f"}),
        ("5b", {"90 5b 7f", "90 5b 00"}),
        ("5c", {"90 5c 7f", "90 5c 00"}),
        ("35", {"90 71 7f", "90 72 00"}),
    ],
)
def test_the_transport_and_what_belongs_to_it_light_up(press: str, leds: set[str]) -> None:
    bench = ScriptedDaw()
    assert leds <= set(bench.do(f"90 {press} 7f") + bench.do(f"90 {press} 00"))


def test_stop_ends_play_and_record() -> None:
    bench = ScriptedDaw()
    bench.do("90 5f 7f 90 5f 00 90 5e 7f 90 5e 00")
    assert {"90 5d 7f", "90 5e 00", "90 5f 00"} <= set(bench.do("90 5d 7f 90 5d 00"))


TIME_VALUES = ["30", "30", "30", "71", "30", "71", "30", "71", "20", "20"]


@pytest.mark.parametrize(("channel", "status"), [(1, "b0"), (16, "bf")])
def test_the_time_is_ten_digits_from_right_to_left_with_dots(channel: int, status: str) -> None:
    bench = ScriptedDaw(started=False, time_channel=channel)
    bench.daw.start()
    assert bench.daw.time_text() == "  1.01.01.000"
    digits = [message for message in bench.replies() if message.startswith(f"{status} 4")]
    assert digits == [f"{status} {0x40 + place:02x} {value}" for place, value in enumerate(TIME_VALUES)]


def test_a_rolling_host_says_the_time_up_to_25_times_a_second() -> None:
    bench = ScriptedDaw()
    bench.do("90 5e 7f 90 5e 00")
    assert bench.wait(1.001).count("b0 40 30") <= 25
    assert bench.daw.time_text() == "  1.03.01.000"


def test_a_letter_on_the_display_is_asciis_low_six_bits() -> None:
    assert facts.time_digit("A", dot=False) == 0x01
    assert facts.time_digit("7", dot=True) == 0x77


@pytest.mark.parametrize(
    ("index", "value", "said"), [(0, 0, "d0 00"), (7, 12, "d0 7c"), (3, 14, "d0 3e"), (3, 15, "d0 3f")]
)
def test_a_meter_is_strip_and_level_in_one_byte_and_e_and_f_are_the_clip(index: int, value: int, said: str) -> None:
    bench = ScriptedDaw()
    bench.daw.meter(index, value)
    assert bench.replies() == [said]


def test_a_meter_out_of_view_is_not_said() -> None:
    bench = ScriptedDaw()
    bench.daw.meter(8, 5)
    assert bench.replies() == []


def test_a_host_may_say_meters_only_while_rolling_and_ends_them_with_a_mode() -> None:
    bench = ScriptedDaw(meters="rolling")
    bench.daw.meter(0, 5)
    assert bench.replies() == []
    bench.do("90 5e 7f 90 5e 00")
    bench.daw.meter(0, 5)
    assert bench.replies() == ["d0 05"]
    assert "f0 00 00 66 14 20 07 00 f7" in bench.do("90 5d 7f 90 5d 00")


def test_names_stand_in_the_upper_row_and_values_in_the_lower_one_for_a_while() -> None:
    bench = ScriptedDaw(["Lead Vocal", "Gïtarre"], text_seconds=1.5)
    bench.daw.repaint()
    assert {screen(0x00, "LedVcl "), screen(0x07, "Gotarr "), screen(0x38, "C      ")} <= set(bench.replies())
    assert screen(0x3F, "0.0 dB ") in bench.do("90 69 7f e1 08 64")
    assert bench.wait(1.4) == []
    assert bench.wait(0.2) == [screen(0x3F, "C      ")]


def test_a_host_may_write_values_over_the_names() -> None:
    bench = ScriptedDaw(text_row="upper")
    assert screen(0x00, "-3.9 dB") in bench.do("90 68 7f e0 00 50")
    assert bench.wait(1.6) == [screen(0x00, "Trk 1  ")]


def test_each_move_keeps_its_value_on_the_screen_anew() -> None:
    bench = ScriptedDaw(lower="blank")
    bench.do("b0 10 05")
    bench.wait(1.0)
    assert screen(0x38, "R10    ") in bench.do("b0 10 05")
    assert bench.wait(1.0) == []
    assert bench.wait(0.6) == [screen(0x38, "       ")]


@pytest.mark.parametrize("seed", range(20))
def test_fragments_make_the_same_screen_as_whole_paintings(seed: int) -> None:
    whole, pieces = ScriptedDaw(started=False, lcd="whole"), ScriptedDaw(started=False, lcd="fragments", seed=seed)
    for bench in (whole, pieces):
        bench.daw.start()
        bench.do("90 2f 7f 90 2f 00 b0 11 03")
    assert _screen_of(pieces.daw.said[0]) == _screen_of(whole.daw.said[0])


def _screen_of(said: list[bytes]) -> bytes:
    shown = bytearray(112)
    for message in said:
        if message[:6] == bytes.fromhex("f00000661412"):
            shown[message[6] : message[6] + len(message) - 8] = message[7:-1]
    assert len(shown) == 112
    return bytes(shown)
