"""Station of a surface in the program, with ports in memory."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from remote_mixer.drivers import midi_link
from remote_mixer.drivers.midi_ports import Link, Receive
from tests.support.midi import pairs
from tests.support.running import online, running
from tests.support.waiting import until

MUTE = bytes((0x90, 0x10, 0x7F, 0x90, 0x10, 0x00))
"""The first strip's mute key, pressed and released."""


async def test_a_unit_moves_nothing_before_all_units_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_in_memory, sides = pairs("Left", "Right")

    async def open_link(port: str, receive: Receive, client: str) -> Link:
        if port == "Right":
            sides["Left"].say(MUTE)
            for _ in range(3):  # turns of the loop: it has arrived
                await asyncio.sleep(0)
        return await open_in_memory(port, receive, client)

    monkeypatch.setattr(midi_link, "open_link", open_link)
    with running(tmp_path, ("band", "demo:"), surfaces=(("FOH", "mackie:Left,Right"),)) as app:
        await online(app)
        await until(lambda: app.rooms.surfaces[0].state == "connected")
        assert app.desk.values["band/ch1/mute"] is False
        app.loop.call_soon_threadsafe(sides["Left"].say, MUTE)
        await until(lambda: app.desk.values["band/ch1/mute"] is True)
