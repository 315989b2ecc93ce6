"""A Mackie surface on a desk, by the bytes of an independent small one, while time passes when a test says so."""

from __future__ import annotations

import pytest

from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.meters import ZERO_DB, encode
from remote_mixer.desk.params import Number, Param, Position, Toggle
from remote_mixer.desk.policy import Policy, Rail
from remote_mixer.desk.tapers import FADER, Taper
from tests.surfaces.stage import ANNE, BAND, Stage

STEP = 1 / 1023
PAN_KEY, TRACK_KEY, SEND_KEY, EQ_KEY = 0x2A, 0x28, 0x29, 0x2C
BANK_RIGHT, CHANNEL_RIGHT, CHANNEL_LEFT, FLIP, SHIFT = 0x2F, 0x31, 0x30, 0x32, 0x46


def near(position: float) -> object:
    return pytest.approx(position, abs=0.51 * STEP)


# Faders


def test_motors_follow_the_desk_and_rest_where_it_stands() -> None:
    stage = Stage()
    stage.set("ch3/fader", 0.2)
    stage.wait(0.5)
    assert stage.place(2) == near(0.2)
    stage.wait(1.0)
    driven = stage.little.motors[2].driven
    stage.wait(5)
    assert stage.little.motors[2].driven == driven


def test_a_touch_holds_a_move_sets_and_the_motor_gets_its_echo_only_300_ms_after_the_lift() -> None:
    stage = Stage()
    stage.little.touch(0)
    assert stage.desk.holder("band/ch1/fader") == "surface-foh"
    stage.little.move(0, 500)
    assert stage.value("ch1/fader") == near(500 * STEP)
    stage.little.lift(0)
    assert stage.desk.holder("band/ch1/fader") is None
    driven = stage.little.motors[0].driven
    stage.wait(0.28)
    assert stage.little.motors[0].driven == driven
    stage.wait(0.04)
    assert stage.little.motors[0].driven == driven + 1
    assert stage.place(0) == near(500 * STEP)


def test_a_resting_finger_keeps_its_hold() -> None:
    stage = Stage()
    stage.little.touch(0)
    for _ in range(30):
        stage.wait(1.0)
        stage.desk.tend()
    assert stage.desk.holder("band/ch1/fader") == "surface-foh"


def test_a_finger_that_stops_a_motor_on_its_way_moves_on_from_the_desks_place_without_a_leap() -> None:
    stage = Stage()
    stage.set("ch1/fader", 0.1)
    stage.wait(0.06)
    stage.little.touch(0)
    caught = stage.little.motors[0].at
    assert caught * STEP > 0.2
    stage.little.move(0, caught + 1)
    assert stage.value("ch1/fader") == near(0.1)
    stage.little.move(0, caught + 51)
    assert stage.value("ch1/fader") == near(0.1 + 50 * STEP)
    stage.little.lift(0)
    stage.wait(1.0)
    assert stage.place(0) == near(0.1 + 50 * STEP)


def test_a_param_that_another_holds_is_left_to_them_and_the_motor_goes_back() -> None:
    stage = Stage()
    stage.desk.hold("band/ch1/fader", ANNE)
    stage.little.touch(0)
    stage.little.move(0, 100)
    stage.wait(0.04)
    assert stage.value("ch1/fader") == 0.75
    assert stage.little.lower(0) == "Anne"
    stage.little.lift(0)
    stage.wait(1.0)
    assert stage.place(0) == near(0.75)


def test_with_shift_a_touch_takes_over_and_one_that_was_taken_over_moves_nothing_more() -> None:
    stage = Stage()
    stage.desk.hold("band/ch1/fader", ANNE)
    stage.little.down(SHIFT)
    stage.little.touch(0)
    stage.little.move(0, 200)
    assert stage.value("ch1/fader") == near(200 * STEP)
    stage.desk.hold("band/ch1/fader", ANNE, take=True)
    stage.set("ch1/fader", 0.9)
    stage.little.move(0, 300)
    stage.little.lift(0)
    stage.wait(1.0)
    assert stage.value("ch1/fader") == 0.9
    assert stage.place(0) == near(0.9)


def test_a_ceiling_stops_the_value_and_after_the_touch_the_motor() -> None:
    stage = Stage()
    stage.desk.rights.policy = Policy(rails=(Rail("band/ch1/fader", ("engineer",), most_db=0.0),))
    stage.set("ch1/fader", 0.5)
    stage.wait(1.0)
    stage.little.touch(0)
    stage.little.move(0, 1023)
    assert stage.value("ch1/fader") == near(0.75)
    stage.wait(0.1)
    assert stage.little.lower(0) == "limit"
    stage.little.lift(0)
    stage.wait(1.0)
    assert stage.place(0) == near(0.75)


def test_a_level_rises_under_a_finger_as_fast_as_its_limit_wants() -> None:
    stage = Stage()
    stage.desk.rights.policy = Policy(rails=(Rail("band/ch1/fader", ("engineer",), rise_db=6.0),))
    stage.set("ch1/fader", 0.5)
    stage.wait(5.0)
    stage.little.touch(0)
    stage.little.move(0, 767)
    stage.wait(0.5)
    assert 0.5 < float(stage.value("ch1/fader") or 0) < 0.74
    stage.wait(2.0)
    assert stage.value("ch1/fader") == near(767 * STEP)


def test_a_console_that_is_offline_takes_nothing_and_the_motor_goes_back() -> None:
    stage = Stage()
    stage.offline()
    stage.little.touch(0)
    stage.little.move(0, 0)
    stage.wait(0.04)
    assert stage.little.lower(0) == "offline"
    stage.little.lift(0)
    stage.wait(1.0)
    assert stage.place(0) == near(0.75)


def test_a_fader_without_touch_holds_while_it_moves_and_follows_once_it_has_rested() -> None:
    stage = Stage(has_touch=False)
    stage.little.move(0, 700)
    stage.little.move(0, 650)
    assert stage.value("ch1/fader") == near(650 * STEP)
    assert stage.desk.holder("band/ch1/fader") == "surface-foh"
    stage.wait(0.4)
    assert stage.desk.holder("band/ch1/fader") is None
    stage.set("ch1/fader", 0.1)
    stage.wait(1.0)
    assert stage.place(0) == near(0.1)


def test_what_moves_without_a_finger_on_a_fader_that_feels_one_is_no_move() -> None:
    stage = Stage()
    stage.little.move(0, 100)
    assert stage.value("ch1/fader") == 0.75
    stage.wait(1.0)
    assert stage.place(0) == near(0.75)


def test_a_drag_of_one_finger_is_one_gesture() -> None:
    stage = Stage()
    gestures: set[int] = set()
    stage.desk.change_listeners.append(lambda change: gestures.add(change.gesture))
    stage.little.touch(0)
    for to in range(600, 700, 5):
        stage.little.move(0, to)
        stage.wait(0.3)
    stage.little.lift(0)
    assert len(gestures) == 1


def test_under_a_finger_the_fader_keeps_its_strip_while_the_bank_goes_on() -> None:
    stage = Stage(channels=16)
    stage.little.touch(0)
    stage.little.press(BANK_RIGHT)
    stage.wait(0.1)
    stage.little.move(0, 400)
    assert stage.value("ch1/fader") == near(400 * STEP)
    assert stage.value("ch9/fader") == 0.75
    stage.little.lift(0)
    stage.wait(1.0)
    assert stage.place(0) == near(0.75)


def test_the_main_fader_is_the_main_of_the_console_in_sight() -> None:
    stage = Stage()
    stage.little.touch(8)
    stage.little.move(8, 300)
    assert stage.value("main/fader") == near(300 * STEP)


# Rows and mixes


def test_banks_go_by_eight_single_steps_by_one_and_both_stop_at_the_ends() -> None:
    stage = Stage(channels=16)
    stage.little.press(CHANNEL_LEFT)
    stage.wait(0.5)
    assert stage.little.upper(0) == "Ch 1"
    stage.little.press(CHANNEL_RIGHT)
    stage.wait(0.5)
    assert stage.little.upper(0) == "Ch 2"
    for _ in range(9):
        stage.little.press(BANK_RIGHT)
    stage.wait(0.5)
    assert stage.little.upper(7) == "Mix 4"


def test_an_extender_shows_the_next_eight_strips_and_a_bank_is_both() -> None:
    stage = Stage(channels=32, units=2)
    assert stage.view.window(16)[8] == "band/ch9"
    stage.units[1].touch(0)
    stage.units[1].move(0, 511)
    assert stage.value("ch9/fader") == near(511 * STEP)
    stage.little.press(BANK_RIGHT)
    assert stage.view.window(16)[0] == "band/ch17"


def test_view_keys_choose_layers_and_with_shift_mixes() -> None:
    stage = Stage(channels=16)
    stage.little.press(0x3F)  # channels, mixes
    stage.wait(0.5)
    assert stage.little.upper(0) == "Mix 1"
    assert stage.little.lit[0x3F] == 0x7F
    stage.little.down(SHIFT)
    stage.little.press(0x40)
    stage.little.up(SHIFT)
    assert stage.view.mix == "band/bus3"


def test_flip_lets_the_faders_have_the_sends_of_the_mix_and_main_its_master() -> None:
    stage = Stage()
    stage.set("ch1/send/bus2/level", 0.4)
    stage.view.mix = "band/bus2"
    stage.little.press(FLIP)
    stage.wait(1.0)
    assert stage.place(0) == near(0.4)
    stage.little.touch(0)
    stage.little.move(0, 600)
    stage.little.press(0x10)
    assert stage.value("ch1/send/bus2/level") == near(600 * STEP)
    assert stage.value("ch1/send/bus2/mute") is True
    assert stage.value("ch1/mute") is False, "in a mix no key mutes the house"
    stage.little.touch(8)
    stage.little.move(8, 700)
    assert stage.value("bus2/fader") == near(700 * STEP)
    assert stage.value("ch1/fader") == 0.75


def test_a_musicians_surface_moves_their_own_mix_alone() -> None:
    stage = Stage(role="musician", mix="band/bus2")
    assert stage.view.fader("band/ch1") == "band/ch1/send/bus2/level"
    stage.little.touch(0)
    stage.little.move(0, 300)
    assert stage.value("ch1/send/bus2/level") == near(300 * STEP)
    stage.little.lift(0)
    stage.little.press(FLIP)
    stage.wait(1.0)
    stage.little.touch(0)
    stage.little.move(0, 100)
    assert stage.value("ch1/fader") == 0.75
    stage.little.lift(0)
    stage.wait(1.0)
    assert stage.place(0) == near(0.75)


# Keys and lights


def test_mute_solo_and_select_act_and_are_lit() -> None:
    stage = Stage()
    for note in (0x08, 0x11, 0x1A):
        stage.little.press(note)
    stage.wait(0.5)
    assert (stage.value("ch1/solo"), stage.value("ch2/mute"), stage.view.selected) == (True, True, "band/ch3")
    assert [stage.little.lit[note] for note in (0x08, 0x09, 0x11, 0x12, 0x1A)] == [0x7F, 0, 0x7F, 0, 0x7F]
    stage.little.press(0x11)
    assert stage.value("ch2/mute") is False


def test_undo_redo_the_set_list_and_scenes_have_their_keys() -> None:
    stage = Stage()
    for note in (0x51, 0x36, 0x37):
        stage.little.press(note)
    stage.little.down(SHIFT)
    for note in (0x51, 0x38):
        stage.little.press(note)
    assert stage.cues == [("undo", ""), ("go", ""), ("back", ""), ("redo", ""), ("scene", "3")]


def test_a_knob_turns_the_pan_by_ticks_and_a_push_centres_it() -> None:
    stage = Stage()
    stage.little.turn(0, -5)
    assert stage.value("ch1/pan") == pytest.approx(0.45)
    stage.wait(0.5)
    assert stage.little.lower(0) == "L10"
    assert stage.little.rings[0] & 0x30 == 0x10
    stage.little.press(0x20)
    stage.wait(0.5)
    assert stage.value("ch1/pan") == 0.5
    assert stage.little.rings[0] == 0x40 | 0x10 | 6


def test_knobs_have_the_sends_of_the_next_mix_with_the_send_key_and_no_push_resets_one() -> None:
    stage = Stage()
    stage.little.press(SEND_KEY)
    stage.little.press(SEND_KEY)
    assert stage.view.mix == "band/bus2"
    stage.little.turn(0, 10)
    stage.little.press(0x20)
    assert stage.value("ch1/send/bus2/level") == pytest.approx(0.1, abs=0.001)


BANDS = {f"eq/{band}/{what}": Position("dB", 0.5) for band in range(1, 5) for what in ("freq", "gain", "q")}
EQ: dict[str, Param] = {"eq/on": Toggle(), **BANDS}
STUDIO = Layout(
    "band",
    "Studio",
    "test",
    {"dB": Taper("dB", ((0, -15), (1, 15))), "fader": FADER},
    {
        "transport/position": Number(0, 86_400, "s"),
        "transport/play": Toggle(),
        "transport/cycle": Toggle(),
        "transport/rewind": Toggle(),
    },
    (
        Strip(
            "ch1", "channel", 1, "Ch 1", {"fader": Position("fader"), "gain": Position("dB"), "eq/on": Toggle(), **EQ}
        ),
        Strip("ch2", "channel", 2, "Ch 2", {"fader": Position("fader")}),
    ),
)


def test_eq_of_the_selected_strip_is_on_the_knobs_by_pages_each_under_its_name() -> None:
    stage = Stage(layout=STUDIO)
    stage.little.press(0x18)
    stage.little.press(EQ_KEY)
    stage.wait(0.5)
    assert [stage.little.upper(knob) for knob in range(4)] == ["eq on", "1 freq", "1 gain", "1 q"]
    stage.little.press(0x20)
    stage.little.turn(2, 10)
    stage.wait(0.5)
    assert stage.little.lower(2) == "+3.0dB"
    assert stage.value("ch1/eq/on") is True
    assert stage.value("ch1/eq/1/gain") == pytest.approx(0.6)
    stage.little.press(EQ_KEY)
    stage.wait(0.5)
    assert stage.little.upper(0) == "3 gain"
    stage.little.press(PAN_KEY)
    stage.wait(0.5)
    assert stage.little.upper(0) == "Ch 1"


def test_gain_is_turned_and_never_reset() -> None:
    stage = Stage(layout=STUDIO)
    stage.little.press(TRACK_KEY)
    stage.little.turn(0, 20)
    stage.little.press(0x20)
    assert stage.value("ch1/gain") == pytest.approx(0.2)


def test_transport_keys_act_and_the_display_has_the_time() -> None:
    stage = Stage(layout=STUDIO)
    stage.desk.set({"band/transport/position": 3723.456}, BAND)
    stage.little.press(0x5E)
    stage.wait(0.5)
    assert stage.value("transport/play") is True
    assert stage.little.lit[0x5E] == 0x7F
    assert stage.little.time == "1.02.03.456"
    stage.little.press(0x5D)
    assert stage.value("transport/play") is False
    stage.little.down(0x5B)
    assert stage.value("transport/rewind") is True
    stage.little.up(0x5B)
    assert stage.value("transport/rewind") is False


# Displays and meters


def test_a_strip_shows_name_colour_and_while_touched_its_level() -> None:
    stage = Stage()
    stage.set("ch2/name", "Größe ♥ lang")
    stage.set("ch1/name", "Kick")
    stage.set("ch1/color", "red")
    stage.little.touch(0)
    stage.little.move(0, 512)
    stage.wait(0.5)
    assert (stage.little.upper(0), stage.little.lower(0)) == ("Kick", "-10.0dB")
    assert stage.little.upper(1) == "Grosse"
    assert stage.little.colors[0] == 1
    stage.little.move(0, 0)
    stage.wait(0.5)
    assert stage.little.lower(0) == "-oodB"
    stage.little.lift(0)
    stage.wait(2.0)
    assert stage.little.lower(0) == "C"


def test_meters_are_steps_of_the_surface_and_a_clip_goes_by_itself() -> None:
    stage = Stage()
    tap = "band/ch1/input" if "input" in stage.desk.layouts["band"].strips[0].taps else "band/ch1/post_fader"
    stage.surface.meters({tap: encode(-14.0)})
    assert (0, 6) in stage.little.meters
    stage.surface.meters({tap: ZERO_DB + 1})
    assert (0, 0xE) in stage.little.meters
    stage.wait(2.0)
    stage.surface.meters({tap: 0})
    assert stage.little.meters[-1] == (0, 0xF) or (0, 0xF) in stage.little.meters


def test_a_unit_that_is_switched_on_anew_is_painted_whole() -> None:
    stage = Stage()
    before = bytes(stage.little.lcd)
    stage.little.lcd[:] = b" " * 112
    stage.little.motors[0].stop(0)
    stage.little.announce()
    stage.wait(1.0)
    assert bytes(stage.little.lcd) == before
    assert stage.place(0) == near(0.75)


def test_a_message_that_is_lost_is_repaired_by_itself_a_motor_in_a_second_anything_in_ten() -> None:
    stage = Stage()
    receive = stage.little.receive
    stage.little.receive = lambda message: None  # type: ignore[method-assign] # the line loses all
    stage.set("ch1/fader", 0.2)
    stage.set("ch1/mute", True)
    stage.set("ch1/name", "Lost")
    stage.wait(0.3)
    stage.little.receive = receive  # type: ignore[method-assign] # the line is back
    stage.wait(1.0)
    assert stage.place(0) == near(0.2)
    stage.wait(10.0)
    assert (stage.little.lit[0x10], stage.little.upper(0)) == (0x7F, "Lost")


def test_a_tick_sends_no_more_than_a_line_of_midi_takes() -> None:
    stage = Stage()
    sent: list[int] = []
    receive = stage.little.receive

    def count(message: bytes) -> None:
        sent.append(len(message))
        receive(message)

    stage.little.receive = count  # type: ignore[method-assign] # it counts
    stage.little.announce()
    for fader in range(1, 9):
        stage.set(f"ch{fader}/fader", 0.3)
    stage.wait(1.0)
    assert sum(sent) <= 3125


def test_a_value_that_the_console_has_not_given_leaves_the_motor_where_it_is() -> None:
    stage = Stage()
    stage.desk.set({"band/ch1/fader": 0.2}, BAND)
    stage.wait(1.0)
    stage.desk.set({"band/ch1/fader": None}, BAND)
    stage.wait(1.0)
    assert stage.place(0) == near(0.2)
