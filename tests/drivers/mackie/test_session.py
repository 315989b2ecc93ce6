"""The Mackie driver with the test DAW, under what real hosts do: names, banks and moves at once."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from tests.drivers.mackie.joined import Joined, joined
from tests.support.waiting import until

ENDS = ["shifted", "padded", "whole"]
REAPERS_SERIAL = bytes.fromhex("58595a57186105")


async def moves_alone(far: Joined, track: int) -> None:
    """Check that a channel's fader moves that track and no other."""
    before = [other.fader for other in far.daw.tracks]
    wanted = 16 * (1023 - before[track - 1] // 16)
    far.set(f"ch{track}/fader", wanted / 16 / 1023)
    await until(lambda: far.daw.tracks[track - 1].fader >> 4 == wanted >> 4)
    after = [other.fader for other in far.daw.tracks]
    assert [n for n, (was, now) in enumerate(zip(before, after, strict=True), 1) if was != now] == [track]


HOSTS: list[tuple[list[str] | int, dict[str, Any]]] = [
    *((count, {"ends": ends, "lcd": "fragments", "seed": count}) for count in (8, 10, 40) for ends in ENDS),
    *((40, {"units": units, "lcd": "fragments", "seed": units, "ends": "padded"}) for units in (2, 3, 4)),
    *(([str(n) for n in range(1, 13)], {"ends": ends}) for ends in ENDS),
    *((["C", "L", "R", "1.5", "-3 dB", "mid", "50%", "R10", "0", "-inf"], {"ends": ends}) for ends in ENDS),
    *((["Vox", "Kick", "Vox", "Snare", "Vox", "Bass", "Vox", "Gtr", "Gtr", "Vox"], {"ends": ends}) for ends in ENDS),
    (20, {"heeds": REAPERS_SERIAL, "asks": False, "needs_touch": True}),
    (20, {"handshakes": True, "running_status": True, "real_note_offs": True, "width": 7, "lower": "blank"}),
]


async def test_each_channel_is_the_track_that_its_name_and_number_say_on_every_kind_of_host() -> None:
    async def visit(tracks: list[str] | int, habits: dict[str, Any]) -> None:
        async with joined(tracks, **habits) as far:
            assert far.names == [track.name for track in far.daw.tracks], habits
            for track in (len(far.names), 1, len(far.names) - 1, 5):
                await moves_alone(far, track)
            assert not far.daw.untouched_moves
            assert not far.daw.odd

    await asyncio.gather(*(visit(*host) for host in HOSTS))


async def test_a_screen_painted_in_pieces_of_any_size_and_order_reads_the_same() -> None:
    async def read(seed: int) -> None:
        async with joined(["Drums", "Bass", "Keys"], lcd="fragments", seed=seed, text_seconds=0.2) as far:
            far.set("ch1/pan", 1.0)
            far.daw.rename(1, "Tabla")
            await until(lambda: far.names == ["Drums", "Tabla", "Keys"])
            await until(lambda: far.daw.tracks[0].pan > 40)
            await until(lambda: far.value("ch1/pan/text") == f"R{far.daw.tracks[0].pan}")

    await asyncio.gather(*(read(seed) for seed in range(8)))


async def test_the_law_of_the_fader_is_read_off_the_daws_text_and_never_worked_out() -> None:
    for zero_at in (12808, 9000):
        async with joined(8, zero_at=zero_at) as far:
            far.set("ch2/fader", (zero_at >> 4) / 1023)
            await until(lambda: str(far.value("ch2/fader/text")).removeprefix("-") == "0.0 dB")
            assert far.desk.layouts["daw"].tapers["travel"].unit == "%"


async def test_a_button_pressed_again_and_again_never_sticks() -> None:
    async with joined(8) as far:
        for on in (True, False) * 4:
            far.set("ch8/solo", on)
            await until(lambda: far.daw.tracks[7].solo is on)  # noqa: B023 - waited for within its turn
            await until(lambda: far.value("ch8/solo") is on)  # noqa: B023 - as above


async def test_a_blinking_light_of_an_armed_track_is_a_light() -> None:
    async with joined(8, blinking_rec=True, real_note_offs=True) as far:
        far.set("ch1/rec", True)
        await until(lambda: far.daw.tracks[0].rec)
        far.set("ch1/rec", False)
        await until(lambda: not far.daw.tracks[0].rec)
        await until(lambda: far.value("ch1/rec") is False)


async def test_an_extenders_strips_are_played_on_its_own_port_and_the_master_on_the_main_units() -> None:
    async with joined(16, 2) as far:
        for side in far.links.sides:
            side.sent.clear()
        far.set("ch9/mute", True)
        far.set("main/fader", 1.0)
        await until(lambda: far.daw.tracks[8].mute and "90 70 00" in far.sent())
        assert far.sent(1) == ["90 10 7f", "90 10 00"]
        masters = [said for said in far.sent() if said.startswith(("90 70", "e8"))]
        assert masters == [*["90 70 7f", "e8 7f 7f"] * 2, "90 70 00"]


async def test_a_bank_moved_elsewhere_under_a_finger_moves_no_other_track() -> None:
    async with joined(24) as far:
        far.hold("ch1/fader")
        far.set("ch1/fader", 0.5)
        await until(lambda: far.daw.tracks[0].fader)
        far.daw.go_to(8)
        await until(lambda: far.daw.first == 0)
        far.set("ch1/fader", 1.0)
        await until(lambda: far.daw.tracks[0].fader == 0x3FFF)
        assert [n for n, track in enumerate(far.daw.tracks) if track.fader] == [0]


async def test_hands_all_over_a_big_session_end_where_they_wanted() -> None:
    chance = random.Random(4)
    async with joined(40, 2, ends="padded", late_echo=0.02, lcd="fragments") as far:
        wanted: dict[int, int] = {}
        for _ in range(60):
            track, step = chance.randrange(40), chance.randrange(1, 1024)
            wanted[track] = step
            far.set(f"ch{track + 1}/fader", step / 1023)
            if chance.random() < 0.2:
                await asyncio.sleep(0)
        await until(
            lambda: {n: track.fader >> 4 for n, track in enumerate(far.daw.tracks) if track.fader} == wanted, 30
        )
        assert not far.daw.untouched_moves


async def test_a_track_that_is_added_in_front_shifts_the_rest_and_hands_follow_the_tracks() -> None:
    async with joined(12) as far:
        far.daw.add(0, "Choir")
        await until(lambda: far.names[0] == "Choir" and len(far.names) == 13, 30)
        await moves_alone(far, 2)
        await moves_alone(far, 13)


async def test_a_daw_that_quits_and_opens_another_session_is_learned_anew() -> None:
    async with joined(10) as far:
        far.daw.tracks[:] = far.daw.tracks[:3]
        for track, name in zip(far.daw.tracks, ("Violin", "Viola", "Cello"), strict=True):
            track.name = name
        far.daw.start()
        await until(lambda: far.names == ["Violin", "Viola", "Cello"], 30)
        await moves_alone(far, 3)


async def test_a_surface_painted_all_over_again_is_no_news() -> None:
    async with joined(8) as far:
        far.daw.move_fader(1, 0x2000)
        await until(lambda: far.value("ch2/fader"))
        reported: list[str] = []
        far.desk.change_listeners.append(lambda change: reported.extend(change.after))
        for _ in range(20):
            far.daw.repaint()
        far.daw.move_fader(7, 0x3FFF)
        await until(lambda: far.value("ch8/fader") == 1.0)
        assert set(reported) <= {"daw/ch8/fader", "daw/ch8/fader/text"}


async def test_meters_that_are_said_only_while_rolling_fall_when_it_stops() -> None:
    async with joined(8, meters="rolling") as far:
        far.set("transport/play", True)
        await until(lambda: far.daw.rolling)
        far.daw.meter(5, 0xC)
        await until(lambda: far.readings[5:6] > b"\xc8")
        far.set("transport/stop", True)
        await until(lambda: far.readings[5:6] == b"\0")


async def test_noise_of_every_kind_never_ends_the_surface() -> None:
    chance = random.Random(7)
    async with joined(8, 2) as far:
        for turn in range(400):
            far.daw.say_raw(turn % 2, chance.randbytes(500))
            await asyncio.sleep(0)
        far.daw.say_raw(0, b"\xf7")
        far.daw.say_raw(1, b"\xf7")
        far.daw.repaint()
        await until(lambda: far.names == [f"Trk {n}" for n in range(1, 9)], 30)
        assert far.value("status") == "online"
        await moves_alone(far, 4)


async def test_huis_ping_and_other_vendors_are_not_answered() -> None:
    async with joined(8) as far:
        far.links.sides[0].sent.clear()
        for odd in ("90 00 00", "f0 00 00 66 05 00 13 00 f7", "f0 00 00 67 15 13 00 f7", "f0 00 00 66 12 00 f7"):
            far.daw.say_raw(0, bytes.fromhex(odd))
        far.daw.say_raw(0, bytes.fromhex("f0 00 00 66 14 13 00 f7"))
        await until(far.sent)
        assert [message[:17] for message in far.sent()] == ["f0 00 00 66 14 14"]


async def test_what_hands_have_begun_is_done_before_the_window_moves_on() -> None:
    async with joined(24) as far:
        for track in range(1, 9):
            far.set(f"ch{track}/pan", 1.0)
        far.set("ch24/fader", 1.0)
        await until(lambda: far.daw.tracks[23].fader == 0x3FFF)
        assert all(track.pan > 40 for track in far.daw.tracks[:8])


async def test_a_value_that_stands_over_a_name_does_not_hide_where_the_window_is() -> None:
    async def hop(ends: str) -> None:
        async with joined(12, ends=ends, text_row="upper", text_seconds=2.0, lower="blank") as far:
            for track in (12, 1, 11, 2, 6):
                await moves_alone(far, track)

    await asyncio.gather(*map(hop, ENDS))


@pytest.mark.parametrize("name", ["Audio", ""])
async def test_tracks_of_one_name_never_move_in_each_others_place(name: str) -> None:
    """Tracks that look the same as the first ones are left out."""

    async def visit(count: int, ends: str) -> None:
        async with joined([name] * count, ends=ends, first=0) as far:
            assert far.names == [name] * len(far.names)
            assert ("the same name" in str(far.value("notice"))) is (len(far.names) == 8)
            for track in (len(far.names), 1, 5):
                await moves_alone(far, track)

    await asyncio.gather(*(visit(count, ends) for count in (8, 10, 16) for ends in ENDS))


async def test_names_that_repeat_where_banks_meet_are_counted_one_by_one() -> None:
    async def visit(names: list[str], ends: str) -> None:
        async with joined(names, ends=ends) as far:
            assert far.names == names, ends
            for index, track in enumerate(far.daw.tracks):
                track.fader = (index + 1) << 5
            far.daw.show()
            for number in (len(names), 1, 9):
                await moves_alone(far, number)

    guitars = ["Gtr", "Gtr", "Kick", *["Gtr"] * 7, "Voc", "Gtr"]
    unnamed = ["Kick", "Snare", "Bass", *[""] * 17]
    sessions = [*((guitars, ends) for ends in ENDS), (unnamed, "shifted"), (unnamed, "padded")]
    await asyncio.gather(*(visit(names, ends) for names, ends in sessions))
