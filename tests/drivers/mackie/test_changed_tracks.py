"""Values and fingers on tracks that change while the driver cannot see it, or at that moment."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest

from remote_mixer.drivers.mackie import session, tracks
from remote_mixer.drivers.mackie.session import Session
from tests.drivers.mackie.joined import Joined, joined
from tests.support.daw_protocol import COLUMNS, ROW, SCREEN
from tests.support.daw_tracks import ARDOUR
from tests.support.waiting import until

BANK_PRESSES = ("90 2e 7f", "90 2f 7f", "90 30 7f", "90 31 7f")


def life(far: Joined) -> Session:
    """Return the surface's session."""
    alive = far.driver._session
    assert alive is not None
    return alive


async def test_a_finger_moves_no_track_while_the_window_shows_a_bank_that_is_not_known() -> None:
    async with joined(16) as far:
        far.daw.rename(9, "Organ")
        far.set("ch10/fader", 0.5)
        await until(lambda: life(far).hands.missed)
        assert far.daw.first == 8
        far.hold("ch1/fader")
        far.set("ch1/fader", 0.9)
        await until(lambda: far.names[9:10] == ["Organ"], 30)
        far.set("ch1/fader", 0.8)
        await until(lambda: far.daw.tracks[0].fader)
        assert [n for n, track in enumerate(far.daw.tracks, 1) if track.fader] == [1]


async def test_a_finger_on_a_track_that_is_not_found_presses_for_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "WALKS_SECONDS", 1000.0)
    async with joined(16) as far:
        life(far)._walk_from += 1000
        far.daw.rename(9, "Organ")
        far.links.sides[0].sent.clear()
        far.hold("ch11/fader")
        far.set("ch11/fader", 0.5)
        await until(lambda: life(far).hands.missed and "daw/ch11/fader" in far.pending)
        for _ in range(8):
            await far.later()
        assert len([said for said in far.sent() if said.startswith(BANK_PRESSES)]) <= 2


async def test_what_waits_for_a_track_that_is_not_found_is_played_once_the_tracks_are_learned_again() -> None:
    async with joined(16) as far:
        far.daw.rename(9, "Organ")
        far.set("ch11/fader", 0.5)
        await until(lambda: life(far).hands.missed and "daw/ch11/fader" in far.pending)
        await until(lambda: far.daw.tracks[10].fader >> 4 == round(0.5 * 1023) and far.settled, 20)
        assert far.value("ch11/fader") == pytest.approx(0.5, abs=0.001)


async def test_the_value_of_a_track_that_is_not_found_after_that_either_is_not_known() -> None:
    async with joined(16) as far:
        hands = life(far).hands
        far.links.loses = lambda message: not hands.missed and message[:2] in {b"\x90\x2f", b"\x90\x31"}
        far.set("ch11/fader", 0.5)
        await until(lambda: hands.missed)
        await until(lambda: far.value("ch11/fader") is None and far.settled, 30)
        assert far.daw.tracks[10].fader == 0


async def test_what_is_set_during_a_walk_is_what_the_page_shows_after_it() -> None:
    async with joined(24) as far:
        far.daw.start()
        await until(lambda: life(far)._tracks.moving, 20)
        await until(lambda: far.daw.first > 0)
        far.set("ch2/fader", 0.75)
        await until(lambda: far.daw.tracks[1].fader, 20)
        await far.later()
        assert far.value("ch2/fader") == pytest.approx(0.75, abs=0.001)


async def test_what_is_set_in_doubt_is_played_once_the_new_names_are_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracks, "STABLE_SECONDS", 0.3)
    async with joined(8) as far:
        far.daw.rename(1, "Organ")
        far.daw.rename(2, "Choir")
        await far.later()
        far.set("ch5/mute", True)
        await until(lambda: far.daw.tracks[4].mute, 20)
        assert far.names[1:3] == ["Organ", "Choir"]
        await until(lambda: far.value("ch5/mute") is True)


async def test_what_was_wanted_of_a_track_that_is_another_now_is_dropped_with_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tracks, "STABLE_SECONDS", 0.3)
    async with joined(8) as far:
        far.daw.rename(1, "Organ")
        far.daw.rename(2, "Choir")
        await far.later()
        far.set("ch2/mute", True)
        await until(lambda: "set it again" in str(far.value("notice")), 20)
        assert (far.value("ch2/mute"), far.daw.tracks[1].mute) == (False, False)
        far.set("ch2/mute", True)
        await until(lambda: far.daw.tracks[1].mute and far.value("notice") == "")


async def test_two_links_that_go_at_once_leave_no_error_unread() -> None:
    unread: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: unread.append(context))
    try:
        async with joined(16, 2) as far:
            far.links.cut()
            await until(lambda: far.value("status") == "offline")
            assert "has gone" in str(far.value("notice"))
        gc.collect()
        assert unread == []
    finally:
        loop.set_exception_handler(None)


async def test_names_that_are_painted_after_their_bank_was_told_by_the_others_are_theirs_without_another_walk() -> None:
    async with joined(16, **ARDOUR) as far:
        names, late = list(far.names), list[bytes]()

        def is_late(data: bytes) -> bool:
            mine = far.daw.first == 8 and data[5:6] == bytes((SCREEN,)) and 5 * COLUMNS <= data[6] < ROW
            late.extend([data] * mine)
            return mine

        far.links.hides = is_late
        far.set("ch9/mute", True)
        await until(lambda: far.daw.tracks[8].mute and far.settled)
        assert far.names == [*names[:13], None, None, None]
        far.links.hides = lambda data: False
        far.links.sides[0].sent.clear()
        far.links.sides[0].say(*late)
        far.set("ch16/mute", True)
        await until(lambda: far.daw.tracks[15].mute and far.settled)
        assert far.names == names
        assert not [said for said in far.sent() if said.startswith(BANK_PRESSES)]
