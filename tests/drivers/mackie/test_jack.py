"""Mackie Control over real ports: the test DAW and the driver as two clients of a JACK server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.mackie import Mackie
from remote_mixer.drivers.midi_ports import Link, open_link
from tests.support.daw import Daw
from tests.support.jack import Jack, jack_server
from tests.support.waiting import until

ANNE = Source(CLIENT, "anne", "Anne")
TRACKS = [f"Trk {n}" for n in range(1, 21)]


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    with jack_server(synchronous=True) as server:
        yield server


class Host:
    """The DAW with a port of its own for each unit; its ports are closed at the end of its `with`."""

    def __init__(self, daw: Daw) -> None:
        self.daw, self._links = daw, list[Link]()
        daw.listeners.append(self._send)

    def _send(self, unit: int, data: bytes) -> None:
        if self._links:
            self._links[unit].send(data)

    def open(self) -> None:
        self._links = [
            open_link("", partial(self.daw.receive, unit), f"DAW {unit}") for unit in range(len(self.daw.units))
        ]

    def close(self) -> None:
        while self._links:
            self._links.pop().close()

    def __enter__(self) -> Host:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@asynccontextmanager
async def surface(spec: str) -> AsyncIterator[Desk]:
    """Yield the desk of a driver on real ports."""
    desk = Desk()
    guard = Guard(Mackie(Setup("daw", spec, Path())), desk, lambda *_: None, lambda _: None)
    living = asyncio.create_task(guard.live())
    try:
        yield desk
    finally:  # one that goes on after a failure would take the ports of the tests that follow
        living.cancel()
        await asyncio.wait({living})


def names(desk: Desk) -> list[object]:
    return [value for path, value in desk.values.items() if path.endswith("/name")]


async def test_a_daw_joined_to_our_virtual_ports_shows_all_its_tracks_and_is_played(jack: Jack) -> None:
    async with surface(",") as desk:
        with Host(Daw(20, 2)) as host:
            await until(lambda: desk.values["daw/status"] == "online")
            host.open()
            for unit, ours in enumerate(("Remote Mixer", "Remote Mixer XT 1")):
                jack.join(f"DAW {unit} out:midi", f"{ours} in:midi")
                jack.join(f"{ours} out:midi", f"DAW {unit} in:midi")
            host.daw.start()
            await until(lambda: names(desk) == TRACKS)
            desk.set({"daw/ch20/fader": 1.0, "daw/ch9/mute": True}, ANNE)
            await until(lambda: host.daw.tracks[19].fader == 0x3FFF)
            await until(lambda: host.daw.tracks[8].mute)
            assert host.daw.odd == []


async def test_a_named_port_that_vanishes_makes_the_console_offline_and_it_is_back_with_the_port(jack: Jack) -> None:
    with Host(Daw(8)) as host:
        host.open()
        async with surface("DAW 0") as desk:
            await until(lambda: names(desk) == TRACKS[:8])
            host.close()
            await until(lambda: desk.values["daw/status"] == "offline")
            assert "DAW 0" in str(desk.values["daw/notice"])
            host.open()
            await until(lambda: desk.values["daw/status"] == "online")
            await until(lambda: names(desk) == TRACKS[:8])
