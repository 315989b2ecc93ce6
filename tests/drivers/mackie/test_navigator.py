"""Banks: the driver and the test DAW show all tracks as one row, though a unit has eight strips.

A walk takes two seconds of waiting for hosts that do not answer, so hosts of many kinds are walked side by side.
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from remote_mixer.drivers.mackie import navigator, session, tracks
from tests.drivers.mackie.joined import joined
from tests.support.waiting import until

TRACKS = [f"Trk {n}" for n in range(1, 41)]
ENDS = ["shifted", "padded", "whole"]
HOSTS: list[dict[str, Any]] = [
    *({"tracks": tracks, "ends": ends} for tracks in (8, 10, 40) for ends in ENDS),
    *({"tracks": tracks, "units": units} for tracks in (8, 10, 40) for units in (2, 3, 4)),
    {"tracks": 20, "handshakes": True},
    {"tracks": 20, "asks": False},
    {"tracks": 20, "lcd": "fragments", "units": 2},
    {"tracks": 20, "lcd": "whole", "paints_at_end": True},
    {"tracks": 20, "running_status": True, "real_note_offs": True},
]


async def walk(tracks: int, **habits: Any) -> None:
    """Join a host, and find all its tracks, once each."""
    async with joined(tracks, **habits) as far:
        assert far.names == TRACKS[:tracks], habits
        assert far.daw.first == 0
        assert far.daw.odd == []


async def test_the_walk_learns_every_track_once_whatever_the_hosts_habits() -> None:
    await asyncio.gather(*(walk(**host) for host in HOSTS))


async def test_the_walk_learns_every_track_of_a_host_that_takes_half_of_the_drivers_patience(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(navigator, "PATIENCE_SECONDS", 0.6)  # by itself, and long: a busy machine adds its own waits
    await walk(20, answer=0.3)


async def test_after_the_walk_the_window_is_where_the_user_had_it() -> None:
    async def walk(ends: str, first: int) -> None:
        async with joined(40, ends=ends, asks=False, first=first) as far:
            assert far.names == TRACKS
            assert far.daw.first == first

    await asyncio.gather(*(walk(ends, first) for ends in ENDS for first in (8, 13, 32)))


async def test_a_track_in_another_bank_is_brought_into_the_window_touched_and_moved() -> None:
    async def move(ends: str) -> None:
        async with joined(21, ends=ends) as far:
            far.set("ch20/fader", 0.5)
            await until(lambda: far.daw.tracks[19].fader >> 4 == 512)
            assert [n for n, track in enumerate(far.daw.tracks) if track.fader] == [19]
            assert not far.daw.untouched_moves

    await asyncio.gather(*(move(ends) for ends in ENDS))


async def test_values_outside_the_window_are_remembered_and_those_in_it_are_not() -> None:
    async with joined(20) as far:
        assert "daw/ch9/fader" in far.remembered, "from the first moment"
        assert "daw/ch8/fader" not in far.remembered
        assert "daw/ch9/name" not in far.remembered
        far.set("ch10/mute", True)
        await until(lambda: "daw/ch9/fader" not in far.remembered)
        assert {"daw/ch1/fader", "daw/ch20/mute"} <= far.remembered


async def test_a_held_fader_keeps_its_bank_and_what_others_want_elsewhere_waits() -> None:
    async with joined(24) as far:
        far.hold("ch20/fader")
        await until(lambda: far.daw.first == 16)
        await until(lambda: far.daw.touched == {(0, 3)})
        far.set("ch1/fader", 1.0)
        for position in (0.2, 0.4):
            far.set("ch20/fader", position)
            await until(lambda at=position: far.daw.tracks[19].fader >> 4 == round(at * 1023))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
        assert far.daw.tracks[0].fader == 0
        far.release("ch20/fader")
        await until(lambda: far.daw.tracks[0].fader == 0x3FFF)
        assert far.daw.touched <= {(0, 0)}


async def test_a_bank_moved_on_another_surface_moves_ours_and_no_value_lands_on_a_wrong_track() -> None:
    async with joined(16) as far:
        for index, track in enumerate(far.daw.tracks):
            track.fader = (index + 1) << 4
        far.daw.show()
        await until(lambda: far.value("ch8/fader") == pytest.approx(8 / 1023, abs=1e-5))
        far.daw.go_to(5)
        await until(lambda: far.value("ch13/fader") == pytest.approx(13 / 1023, abs=1e-5))
        far.daw.move_fader(12, 1000 << 4)
        await until(lambda: far.value("ch13/fader") == pytest.approx(1000 / 1023, abs=1e-5))
        assert [far.value(f"ch{n}/fader") for n in (1, 5, 8)] == pytest.approx([n / 1023 for n in (1, 5, 8)], abs=1e-5)


async def test_while_a_bank_is_half_painted_no_value_is_reported_of_any_track() -> None:
    async with joined(16, echoes_once=True) as far:  # else it tells its own faders again at each repeated release
        await until(lambda: far.value("ch1/fader") == 0.0)
        names = "".join(f"{name:7}" for name in TRACKS[8:16]).encode()
        far.daw.say_raw(0, bytes.fromhex("e0 7f 7f e7 7f 7f") + _screen(0, names[:30]))
        await far.later()
        assert [far.value(f"ch{n}/fader") for n in (1, 8, 9, 16)] == [0.0] * 4
        far.daw.say_raw(0, _screen(30, names[30:]))
        await until(lambda: (far.value("ch9/fader"), far.value("ch16/fader")) == (1.0, 1.0))
        assert (far.value("ch1/fader"), far.value("ch8/fader")) == (0.0, 0.0)


def _screen(offset: int, text: bytes) -> bytes:
    return b"\xf0\x00\x00\x66\x14\x12" + bytes((offset,)) + text + b"\xf7"


async def test_a_fader_let_go_as_its_bank_leaves_does_not_lend_its_value_to_the_track_that_comes() -> None:
    async with joined(16) as far:
        received: list[object] = []
        far.desk.change_listeners.append(
            lambda change: received.extend(v for p, v in change.after.items() if p == NINTH)
        )
        far.daw.move_fader(8, 0x3FF0)
        far.set("ch1/fader", 0.5)
        await until(lambda: far.daw.touched)
        far.set("ch10/mute", True)
        await until(lambda: far.value("ch9/fader") == 1.0)
        assert received == [1.0]


NINTH = "daw/ch9/fader"


async def test_no_bank_moves_away_under_a_finger_to_learn_new_tracks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracks, "STABLE_SECONDS", 0.2)
    monkeypatch.setattr(session, "WALKS_SECONDS", 0.0)
    async with joined(10) as far:
        far.hold("ch1/fader")
        await until(lambda: far.daw.touched)
        far.daw.pressed.clear()
        far.daw.remove(3)
        far.daw.add(5, "Choir")
        await until(lambda: far.driver._session and far.driver._session._looks.stale)
        await far.later()
        assert far.daw.pressed == []
        far.release("ch1/fader")
        await until(lambda: "Choir" in far.names)


async def test_tracks_renamed_and_loaded_anew_are_learned() -> None:
    async with joined(10) as far:
        far.daw.rename(2, "Organ")
        await until(lambda: far.names[2] == "Organ")
        assert far.names[:2] == ["Trk 1", "Trk 2"]
        far.daw.go_to(0)
        far.daw.remove(0)
        far.daw.add(0, "Choir")
        far.daw.add(1, "Bells")
        await until(lambda: far.names[:4] == ["Choir", "Bells", "Trk 2", "Organ"], 30)
        assert len(far.names) == 11


async def test_a_daw_that_starts_later_is_found_and_its_tracks_take_the_place_of_what_was_not_known() -> None:
    async with joined(10, there=False) as far:
        assert far.names == [None] * 8
        assert "shows no tracks" in str(far.value("notice"))
        assert far.value("ch1/fader") is None
        far.daw.silent = False
        far.daw.start()
        await until(lambda: far.names == TRACKS[:10], 20)
        await until(lambda: far.value("notice") == "")
