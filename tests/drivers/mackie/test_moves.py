"""Moves of faders that are lost, or whose track leaves the window, arrive all the same, and at no other track."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.drivers.mackie.joined import joined
from tests.drivers.mackie.wire import STEP, hear_echo, is_move, is_mute, place, see_light
from tests.support.daw_tracks import ARDOUR
from tests.support.waiting import until

LOW = 0x1000


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
