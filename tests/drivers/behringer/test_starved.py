"""A program that gets no time for a while, or a slow network, is no silence of the console. On a clock that jumps."""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import pytest

from remote_mixer.desk.change import Cause
from remote_mixer.drivers.unconfirmed import STALE_SECONDS
from remote_mixer.simulator.network import Wifi
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.joined import ANNE, joined
from tests.drivers.behringer.story import opened
from tests.support.virtual import Datagram, loop, play
from tests.support.waiting import until

FADER = "/ch/01/mix/fader"
HELD_SECONDS = 8.0
"""Longer than the silence after which a console is offline."""
PROBE_SECONDS = 5.0


def test_a_console_stays_online_while_the_program_itself_is_held_and_is_read_whole_after_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            there.page.statuses.clear()
            there.console.console.move("/ch/12/eq/4/g", 0.1)  # no datagram tells: as if it found no room meanwhile
            held = iter([HELD_SECONDS])
            there.loop.late = lambda: next(held, 0.0)
            took = await there.repair(["/ch/12/eq/4/g"])
            assert HELD_SECONDS < took["/ch/12/eq/4/g"] < HELD_SECONDS + 1.5
            assert there.page.statuses == []

    play(story)


def test_a_console_that_is_silent_while_the_program_listens_is_offline(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            began = there.loop.time()
            there.console.power(on=False)
            await there.page.status("offline")
            assert 5 < there.loop.time() - began < 5.5

    play(story)


@pytest.mark.parametrize(("word", "seed"), [("xr12", 1), ("xr12", 2), ("xr12", 3), ("x32", 1)])
def test_a_starved_program_reads_a_console_at_the_first_try_and_says_nothing_wrong_of_it(
    tmp_path: Path, word: str, seed: int
) -> None:
    """Other programs keep the core for up to a second, again and again."""

    async def story() -> None:
        chance, console = Random(seed), Simulator(word, clock=loop().time)
        loop().late = lambda: chance.uniform(0, 1) if chance.random() < 0.006 else 0.0
        times: dict[str, Any] = {"offline_seconds": 0.5, "gap_seconds": 2.0, "probe_seconds": PROBE_SECONDS}
        async with joined(tmp_path, word, simulator=console, **times) as there:
            await asyncio.sleep(2 * PROBE_SECONDS)
            await there.guard.act("recall", {"scene": 2})
            await until(lambda: there.value("scene/current") == 2 and there.right())
            assert set(there.statuses) == {"syncing", "online"}
            assert not [notice for notice in there.notices if notice and "Reading" not in notice]

    play(story)


def test_what_was_lost_before_the_program_was_held_is_sent_again_after_it(tmp_path: Path) -> None:
    """Its age is what passed while the program could notice: both copies of the move go, then other programs run."""

    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            lost: list[Datagram] = []

            def loses(datagram: Datagram) -> bool:
                if datagram.address == FADER:
                    lost.append(datagram)
                return datagram.address == FADER

            there.loop.loses = loses
            there.page.desk.set({"band/ch1/fader": 0.75}, ANNE, Cause.HAND)
            await until(lambda: len(lost) == 2, 1)
            there.loop.loses = lambda _: False
            held = iter([STALE_SECONDS + 1])
            there.loop.late = lambda: next(held, 0.0)
            await until(lambda: there.page.stands(FADER, 0.75) and not there.page.pending, STALE_SECONDS + 3)

    play(story)


@pytest.mark.parametrize(("word", "delay"), [("xr12", 0.13), ("xr12", 0.3), ("xr12", 0.49), ("x32", 0.13)])
def test_a_console_behind_a_slow_network_is_slow_and_neither_silent_nor_wrong(
    tmp_path: Path, word: str, delay: float
) -> None:
    """Each datagram is on its way for so long, as over a crowded radio band: an answer takes twice that."""

    async def story() -> None:
        console = Simulator(word, wifi=Wifi(delay=delay), clock=loop().time)
        async with joined(tmp_path, word, simulator=console, probe_seconds=1e6, open_seconds=3.0) as there:
            there.statuses.clear()
            there.set("ch1/fader", 0.3)
            there.set("ch2/mute", value=True)
            await until(lambda: there.stands(FADER, 0.3) and console.values["/ch/02/mix/on"] == 0, 2)
            await until(lambda: not there.pending, 3)
            await until(there.right, 200)
            assert there.value("ch1/gate/mode") is not None, "the order of its gates was told"
            assert there.statuses == []

    play(story)
