"""A real mixer at the far end: a move on the desk changes the sound, once, and its echo moves nothing.

A JACK server without real-time priority makes late clients skip a period, and the messages in it are lost: beside four
busy loops one listener of a port missed 12 of 400 messages, another one 3. No test here sets anything twice.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from itertools import cycle
from pathlib import Path

import pytest

from remote_mixer.drivers.midi_link import open_link
from remote_mixer.drivers.midi_ports import Link, Receive
from tests.drivers.midi_cc.console import Console, console
from tests.drivers.midi_cc.mix_box import (
    MAP,
    NEAR_DB,
    TONE_IN,
    TONE_OUT,
    MixBox,
    mix_box,
    moved_and_right,
    sounds_as_shown,
)
from tests.support.busy import busy_loops
from tests.support.complete import need
from tests.support.jack import Jack, jack_server
from tests.support.level_meter import LevelMeter
from tests.support.waiting import PATIENCE_SECONDS, until

LOOPS, MOVES = 4, 25
ECHO_SECONDS = 3.0
"""Time for which the echo of a move is waited for before the next move."""
BACK_SECONDS = 30.0  # the box takes seconds to start on a busy machine, and the pauses between tries grow


class Wire:
    """Opens real links and notes what comes in over them."""

    def __init__(self) -> None:
        self.received: list[bytes] = []

    async def open_link(self, port: str, receive: Receive, client: str) -> Link:
        def both(message: bytes) -> None:
            receive(message)
            self.received.append(message)

        return await open_link(port, both, client)


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    need(shutil.which("jack_mix_box"), "jack_mix_box is not installed (apt-get install jack-mixer)")
    with jack_server() as server:
        yield server


@pytest.fixture(scope="module")
def box(jack: Jack) -> Iterator[tuple[MixBox, LevelMeter]]:
    with mix_box(jack) as made:
        yield made


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def daw(box: tuple[MixBox, LevelMeter], wire: Wire, tmp_path: Path) -> AsyncIterator[Console]:
    async with console(tmp_path, MAP, open_link=wire.open_link) as daw:
        yield daw


def move_to(daw: Console, raw: int) -> None:
    """Move the fader to one of its 128 places, from another one."""
    daw.set("ch1/fader", (raw ^ 1) / 127)
    daw.set("ch1/fader", raw / 127)


async def confirmed_by_the_next_moves(daw: Console, wire: Wire) -> None:
    """Move until an echo confirms it: the box echoes changes alone, and where that one is lost repeats bring none."""
    places = cycle((90, 64))
    wire.received.clear()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not wire.received or daw.pending | daw.remembered:
            move_to(daw, next(places))
            with suppress(TimeoutError):
                await until(lambda: wire.received and not daw.pending | daw.remembered, ECHO_SECONDS)


async def test_a_fader_changes_the_sound_by_the_decibels_that_it_shows_and_the_echo_moves_nothing(
    daw: Console, box: tuple[MixBox, LevelMeter], wire: Wire
) -> None:
    wire.received.clear()
    for raw in (120, 100, 64, 32, 90):
        move_to(daw, raw)
        await until(lambda: sounds_as_shown(daw, box[1]))
        assert daw.value("ch1/fader") == round(raw / 127, 5)
    await until(lambda: wire.received)  # one may be lost, and the box echoes no value for the second time
    assert [move for move in daw.moves if move[0] == "ch1/fader"] == []


async def test_the_bottom_of_the_fader_is_silence(daw: Console, box: tuple[MixBox, LevelMeter]) -> None:
    move_to(daw, 127)
    await until(lambda: box[1].level() > -1)
    move_to(daw, 0)
    await until(lambda: box[1].level() < -100)


async def test_of_a_burst_of_a_thousand_changes_the_last_one_is_received(
    daw: Console, box: tuple[MixBox, LevelMeter]
) -> None:
    for move in range(1000):
        daw.set("ch1/fader", move % 128 / 127)
    move_to(daw, 90)
    await until(lambda: abs(box[1].level() - -20.4) <= NEAR_DB)
    assert daw.value("ch1/fader") == round(90 / 127, 5)
    assert [move for move in daw.moves if move[0] == "ch1/fader"] == []


async def test_beside_busy_cores_every_move_is_right_at_the_box_and_on_the_page(
    daw: Console, box: tuple[MixBox, LevelMeter], wire: Wire
) -> None:
    """The short form of tests/bench/lost_moves.py, which measures the times."""
    with busy_loops(LOOPS, seconds=PATIENCE_SECONDS):
        assert len(await moved_and_right(daw, box[1], MOVES)) == MOVES
    assert daw.pending | daw.remembered <= {"ch1/fader"}
    await confirmed_by_the_next_moves(daw, wire)


async def test_a_box_that_ends_is_offline_by_name_and_back_by_itself(
    daw: Console, box: tuple[MixBox, LevelMeter], jack: Jack
) -> None:
    mixer, ear = box
    move_to(daw, 100)
    await until(lambda: abs(ear.level() - -14.9) <= NEAR_DB)
    mixer.stop()
    await daw.stands("status", "offline")
    assert "box:midi" in str(daw.value("notice"))
    mixer.start()
    ear.join(jack, TONE_IN, TONE_OUT)
    await daw.stands("status", "online", BACK_SECONDS)
    assert (daw.value("ch1/fader"), daw.remembered) == (round(100 / 127, 5), {"ch1/fader"})
    move_to(daw, 64)
    await until(lambda: abs(ear.level() - -34.7) <= NEAR_DB)
