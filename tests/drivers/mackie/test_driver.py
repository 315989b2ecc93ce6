"""The Mackie driver with the test DAW: moves, painting, and every pitfall of the protocol's notes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from remote_mixer.drivers import guard
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.mackie.driver import Mackie
from remote_mixer.drivers.mackie.fader_law import UNKNOWN
from tests.drivers.mackie.joined import Joined, joined
from tests.support.daw_tracks import ARDOUR
from tests.support.waiting import until

REAPERS_START = "f0 00 00 66 14 01 58 59 5a 57 18 61 05 57 18 61 05 f7"


def position(value: int) -> float:
    return round((value >> 4) / 1023, 5)


async def test_a_surface_announces_itself_with_the_text_that_reaper_repaints_at_and_so_again_on_every_open() -> None:
    async with joined(8) as far:
        assert far.sent()[0] == REAPERS_START
        far.links.cut()
        await until(lambda: far.value("status") == "offline")
        assert "has gone" in str(far.value("notice"))
        far.links.sides[0].sent.clear()
        far.links.bring_back()
        await until(lambda: far.value("status") == "online")
        assert far.sent()[0] == REAPERS_START


async def test_a_daw_that_was_gone_for_long_is_back_within_three_seconds_of_its_return(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guard, "PAUSES_SECONDS", (600.0,))  # as after many tries
    async with joined(24) as far:
        far.links.cut()
        await until(lambda: far.value("status") == "offline")
        far.daw.move_fader(0, 0x3FF0)
        await asyncio.sleep(0)
        far.links.bring_back()
        await until(lambda: far.value("status") == "online" and far.value("ch1/fader") == 1.0)


async def test_a_fader_that_was_touched_when_the_link_broke_is_let_go_of_on_return() -> None:
    async with joined(8) as far:
        far.hold("ch1/fader")
        await until(lambda: far.daw.touched)
        far.links.cut()
        await until(lambda: far.value("status") == "offline")
        far.links.bring_back()
        await until(lambda: not far.daw.touched)


async def test_extenders_say_that_they_are_extenders() -> None:
    async with joined(20, 2) as far:
        assert far.sent(1)[0] == REAPERS_START.replace("66 14", "66 15")
        assert not [message for message in far.sent(1) if message.startswith("90 2f")], "the main unit walks alone"


async def test_before_anything_is_painted_nothing_is_claimed_to_be_known() -> None:
    async with joined(8, there=False) as far:
        layout = far.desk.layouts["daw"]
        unknown = {path for path, _ in layout.paths() if far.desk.values[path] is None}
        assert unknown == {path for path, _ in layout.paths()} - {"daw/status", "daw/notice", "daw/transport/time"}


async def test_a_fader_is_touched_before_it_moves_and_released_after() -> None:
    async with joined(8) as far:
        far.links.sides[0].sent.clear()
        far.set("ch3/fader", 0.75)
        await until(lambda: "90 6a 00" in far.sent())
        assert far.sent() == [*["90 6a 7f", "e2 7b 5f"] * 2, "90 6a 00"], "touch and last move twice: one may be lost"
        assert far.daw.tracks[2].fader == 0x5F << 7 | 0x7B


async def test_a_finger_keeps_the_fader_touched_and_lets_it_go_when_it_lifts() -> None:
    async with joined(8) as far:
        far.links.sides[0].sent.clear()
        far.hold("ch1/fader")
        far.set("ch1/fader", 1.0)
        far.set("ch1/fader", 0.5)
        far.release("ch1/fader")
        await until(lambda: "90 68 00" in far.sent())
        assert far.sent()[0] == "90 68 7f"
        assert far.sent().count("90 68 00") == 1
        assert far.daw.tracks[0].fader >> 4 == 512


@pytest.mark.parametrize("late", [0.05, 0.1, 0.2])
async def test_a_daw_that_answers_late_does_not_pull_the_fader_back(late: float) -> None:
    async with joined(8, late_echo=late) as far:
        received: list[object] = []
        far.desk.change_listeners.append(
            lambda change: received.extend(v for p, v in change.after.items() if p == FADER)
        )
        far.hold("ch1/fader")
        for step in (256, 512, 768, 1023):
            far.set("ch1/fader", step / 1023)
            await until(lambda step=step: far.daw.tracks[0].fader >> 4 == step)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        far.release("ch1/fader")
        await until(lambda: far.daw.said[0].count(bytes.fromhex("e0 70 7f")) >= 2)  # the late answer, and the release's
        await far.later()
        far.daw.move_fader(0, 0)
        await until(lambda: far.value("ch1/fader") == 0.0)
        assert received == [round(step / 1023, 5) for step in (256, 512, 768, 1023, 0)]


FADER = "daw/ch1/fader"


async def test_the_daws_own_moves_come_to_the_desk() -> None:
    async with joined(8) as far:
        far.daw.move_fader(4, 12808)
        await until(lambda: far.value("ch5/fader") == position(12808))
        far.daw.tracks[1].mute = far.daw.tracks[1].rec = True
        far.daw.tracks[2].pan = -50
        far.daw.master.fader = 8000
        far.daw.show()
        await until(lambda: (far.value("ch2/mute"), far.value("ch2/rec"), far.value("ch3/pan")) == (True, True, 0.0))
        await until(lambda: far.value("main/fader") == position(8000))


async def test_buttons_are_pressed_and_released_and_their_lights_are_the_truth() -> None:
    async with joined(8) as far:
        far.links.sides[0].sent.clear()
        for local in ("rec", "solo", "mute", "select"):
            far.set(f"ch2/{local}", True)
        await until(lambda: len(far.sent()) == 8)
        assert far.sent() == [f"90 {note} {how}" for note in ("01", "09", "11", "19") for how in ("7f", "00")]
        track = far.daw.tracks[1]
        assert (track.rec, track.solo, track.mute) == (True, True, True)
        assert far.daw.selected is track
        far.set("ch2/mute", False)
        await until(lambda: not track.mute)
        await until(lambda: far.value("ch2/mute") is False)


async def test_a_button_that_the_daw_does_not_heed_goes_back_to_what_its_light_says() -> None:
    async with joined(8) as far:
        far.daw.selected = far.daw.tracks[0]
        far.daw.show()
        await until(lambda: far.value("ch1/select") is True)
        far.set("ch1/select", False)
        await until(lambda: far.value("ch1/select") is True)


async def test_two_presses_within_the_lights_answer_end_where_they_began() -> None:
    async with joined(8, answer=0.1) as far:
        far.set("ch1/mute", True)
        await until(lambda: "90 10 00" in far.sent())
        far.set("ch1/mute", False)
        await until(lambda: [message[:5] for message in far.sent()].count("90 10") == 4)
        assert not far.daw.tracks[0].mute
        await until(lambda: far.value("ch1/mute") is False)


@pytest.mark.parametrize("wanted", [0.0, 0.5, 1.0, 0.73])
@pytest.mark.parametrize("pans", ["side", "both"])
async def test_pan_reaches_the_centre_both_ends_and_any_hundredth_that_the_daw_paints(wanted: float, pans: str) -> None:
    async with joined(8, pans=pans) as far:
        far.daw.tracks[3].pan = 17
        far.daw.show()
        await until(lambda: far.value("ch4/pan") == 0.67)
        far.set("ch4/pan", wanted)
        await until(lambda: far.daw.tracks[3].pan == round(wanted * 100 - 50))
        await until(lambda: far.value("ch4/pan") == wanted)
        await until(lambda: not far.pending)


@pytest.mark.parametrize("position", [0.25, 0.5])
async def test_pan_stands_where_it_was_set_whichever_of_the_texts_on_the_way_is_lost(position: float) -> None:
    async def pans(number: int) -> None:
        painted: list[bytes] = []

        def hides(data: bytes) -> bool:
            if data[:7] != b"\xf0\x00\x00\x66\x14\x12\x38":  # the lower row's first cell
                return False
            painted.append(data)
            return len(painted) == number

        async with joined(8, **ARDOUR) as far:
            far.daw.tracks[0].pan = 12
            far.daw.show()
            await until(lambda: far.value("ch1/pan") == pytest.approx(0.62, abs=0.001))
            far.links.hides = hides
            far.set("ch1/pan", position)
            await until(lambda: far.settled and painted)
            assert far.daw.tracks[0].pan == round(position * 100) - 50, number
            await until(lambda: far.value("ch1/pan") == pytest.approx(position, abs=0.001))

    await asyncio.gather(*map(pans, range(1, 6)))


async def test_a_push_that_would_turn_the_v_pot_to_another_param_is_not_sent_where_one_with_shift_centres() -> None:
    async with joined(8, **ARDOUR) as far:
        far.daw.tracks[3].pan = 17
        far.daw.show()
        await until(lambda: far.value("ch4/pan") not in {None, 0.5})
        await _pan(far, 0.5)
        assert far.daw.tracks[3].pot == "pan"


async def test_pan_without_texts_reaches_the_centre_and_both_ends() -> None:
    async with joined(8, lower="blank", text_row="upper", text_seconds=0.0) as far:
        for wanted in (0.0, 0.5, 1.0):
            await _pan(far, wanted)


async def _pan(far: Joined, wanted: float) -> None:
    """Set the fourth track's pan, and wait until the DAW has it."""
    far.set("ch4/pan", wanted)
    await until(lambda: far.daw.tracks[3].pan == round(wanted * 100 - 50))
    await until(lambda: not far.pending)


@pytest.mark.parametrize(("row", "seconds"), [("lower", 1.5), ("upper", 0.4)])
async def test_the_daws_own_reading_is_shown_and_never_taken_for_a_name(row: str, seconds: float) -> None:
    async with joined(8, text_row=row, text_seconds=seconds) as far:
        far.set("ch1/fader", 1.0)
        await until(lambda: far.value("ch1/fader/text") == "4.3 dB")
        await until(lambda: not far.daw.texts)
        assert far.names == [f"Trk {n}" for n in range(1, 9)]
        assert far.value("ch1/fader/text") == "4.3 dB"
        assert far.value("ch1/pan/text") == "C"


async def test_a_reading_that_the_daw_does_not_renew_is_not_shown_for_another_place_of_the_fader() -> None:
    async with joined(8, text_seconds=0.1) as far:
        far.set("ch1/fader", 1.0)
        await until(lambda: far.value("ch1/fader/text") == "4.3 dB")
        await until(lambda: not far.daw.touched)
        far.daw.move_fader(0, 5000)
        await until(lambda: far.value("ch1/fader/text") in {None, UNKNOWN})


@pytest.mark.parametrize("channel", [1, 16])
async def test_transport_keys_work_and_the_time_runs_but_ten_times_a_second_at_most(channel: int) -> None:
    async with joined(8, time_channel=channel) as far:
        times: list[object] = []
        far.desk.change_listeners.append(lambda change: times.extend(v for p, v in change.after.items() if "time" in p))
        far.set("transport/play", True)
        await until(lambda: far.daw.rolling and far.value("transport/stop") is False)
        await until(lambda: far.daw.seconds > 0.6)
        far.set("transport/stop", True)
        await until(lambda: far.value("transport/play") is False)
        assert 2 <= len(times) <= 0.6 * 10 + 4
        await until(lambda: far.value("transport/time") == far.daw.time_text().strip())


async def test_a_key_without_a_light_of_its_own_falls_back() -> None:
    async with joined(8) as far:
        for local in ("forward", "rewind"):
            far.set(f"transport/{local}", True)
            await until(lambda key=local: key in far.daw.pressed)  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            await until(lambda key=local: far.value(f"transport/{key}") is False)  # type: ignore[misc]  # as above


async def test_flip_makes_faders_and_v_pots_each_others_and_forgets_what_they_were() -> None:
    async with joined(16) as far:
        far.daw.move_fader(0, 0x3FFF)
        await until(lambda: far.value("ch1/fader") == 1.0)
        far.set("flip", True)
        await until(lambda: far.value("ch1/pan") == 1.0)
        await until(lambda: far.value("ch1/fader") == pytest.approx(0.5, abs=0.001))
        assert far.value("ch9/fader") is None


async def test_meters_stand_for_the_tracks_in_the_window_and_clip_is_said_once() -> None:
    async with joined(10) as far:
        await until(lambda: len(far.readings) == 10)
        far.daw.meter(2, 0xC)
        await until(lambda: far.readings[2] > 200)
        assert far.readings[0] == far.readings[9] == 0
        far.daw.meter(3, 0xE)
        await until(lambda: far.readings[3] == 216)
        await until(lambda: far.readings[3] == 0)


async def test_other_vendors_messages_and_bytes_of_no_sense_change_nothing() -> None:
    async with joined(8) as far:
        before = dict(far.desk.values)
        for odd in ("f0 00 00 67 15 13 00 f7", "f0 f7", "f0 00 00 66 14 12 f7", "d0 ff", "d0", "f0 00 00 66 14 f7"):
            far.daw.say_raw(0, bytes.fromhex(odd))
        far.daw.move_fader(0, 0x3FF0)
        await until(lambda: far.value("ch1/fader") == 1.0)
        assert {path for path in before if before[path] != far.desk.values[path]} == {"daw/ch1/fader"}


async def test_a_name_in_another_script_comes_as_the_daw_sends_it_without_control_bytes() -> None:
    async with joined(["Gesäng", "ベース", "Kick\x07"], ascii="low bits") as far:
        assert all(isinstance(name, str) and name.isprintable() for name in far.names)


def test_a_spec_of_more_units_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 4 ports"):
        Mackie(Setup("daw", "a,b,c,d,e", Path()))
