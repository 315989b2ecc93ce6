"""Stops of the loop: the watchdog of the driver tests barks at a stop, and at nothing else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.midi_link import open_link
from remote_mixer.drivers.midi_ports import Link, Receive
from tests.drivers.midi_cc.console import BAND, Console
from tests.drivers.midi_cc.gear import Gear
from tests.support.busy import busy_loops
from tests.support.jack import Jack, jack_server
from tests.support.waiting import until
from tests.support.watchdog import Watchdog, watched

STOP_SECONDS = 0.03
TRIES = 4


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    with jack_server(synchronous=True) as server:
        yield server


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watchdog]:
    """Measure what this file's own callbacks do."""
    with watched(monkeypatch, lambda file: file == __file__, is_crowded=lambda: False) as watchdog:
        yield watchdog


def work() -> None:
    end = time.thread_time() + STOP_SECONDS
    while time.thread_time() < end:
        pass


def block() -> None:
    time.sleep(STOP_SECONDS)


@pytest.mark.parametrize("stop", [work, block])
async def test_a_callback_and_a_task_that_stop_the_loop_are_noticed(here: Watchdog, stop: Callable[[], None]) -> None:
    async def step() -> None:
        stop()

    asyncio.get_running_loop().call_soon(stop)
    await asyncio.sleep(0)
    assert here.longest.seconds >= 0.9 * STOP_SECONDS
    assert stop.__name__ in here.longest.place
    await asyncio.create_task(step())
    assert here.longest.seconds >= 0.9 * STOP_SECONDS


async def test_a_core_that_others_have_is_no_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    def brief() -> None:
        for _ in range(1000):
            pass

    loop = asyncio.get_running_loop()
    with busy_loops(4, seconds=30), watched(monkeypatch, lambda file: file == __file__) as watchdog:
        for _ in range(300):
            loop.call_soon(brief)
            await asyncio.sleep(0.001)
    assert watchdog.longest.seconds < STOP_SECONDS / 2, watchdog.longest


async def test_looking_for_a_port_that_is_missing_does_not_stop_the_loop(
    jack: Jack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tries: list[str] = []

    async def counted(port: str, receive: Receive, client: str) -> Link:
        tries.append(port)
        return await open_link(port, receive, client)

    path = tmp_path / "map.toml"
    path.write_text('[ports]\noutput = "Synth"\n' + BAND)
    daw = Console(Setup("daw", str(path), tmp_path), Gear(), counted)
    living = asyncio.create_task(daw.guard.live())
    await until(lambda: "No MIDI output here is called “Synth”" in str(daw.value("notice")))
    with watched(monkeypatch, is_crowded=lambda: False) as watchdog:
        await until(lambda: len(tries) == TRIES)
    living.cancel()
    await asyncio.wait({living})
    assert watchdog.longest.seconds < 0.02, watchdog.longest
