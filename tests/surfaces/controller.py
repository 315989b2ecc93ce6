"""A MIDI controller in memory on the running program, and the host who teaches it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from remote_mixer.drivers import midi_link
from tests.support.midi import FarSide, pair
from tests.support.people import Answer, host
from tests.support.running import running
from tests.support.waiting import until

KNOB_RIGHT, KNOB_LEFT = (1, 1, 2, 1), (127, 126, 127)


class Controller:
    """One controller, joined to the program as the surface “Nano”."""

    def __init__(self, app: App, far: FarSide) -> None:
        self.app, self._far = app, far

    def send(self, *messages: bytes) -> None:
        """Send messages, each on its own."""
        for message in messages:
            self.app.loop.call_soon_threadsafe(self._far.say, message)

    def cc(self, number: int, *values: int, channel: int = 1) -> None:
        self.send(*(bytes((0xB0 + channel - 1, number, value)) for value in values))

    def key(self, note: int) -> None:
        """Press a key and let it go."""
        self.send(bytes((0x90, note, 100)), bytes((0x80, note, 0)))

    def call(self, method: str, path: str = "", body: object = None) -> Answer:
        return host(self.app).call(method, f"/surfaces{path}", body)

    @property
    def controls(self) -> list[dict[str, Any]]:
        """Return the controls of the map, as pages list them."""
        found: list[dict[str, Any]] = self.call("GET").json["surfaces"][0]["controls"]
        return found

    async def learns(self, wanted: dict[str, Any]) -> asyncio.Task[Answer]:
        """Begin to learn, and return the call once the controller is listened to."""
        asked = asyncio.create_task(asyncio.to_thread(self.call, "POST", "/Nano/learn", wanted))
        midi = self.app.rooms.surfaces[0].surface
        await until(lambda: midi.is_learning or asked.done())  # type: ignore[attr-defined] # it has a map
        return asked

    async def learned(self, wanted: dict[str, Any], *messages: bytes) -> dict[str, Any]:
        """Let a control that sends these messages move something; return the control."""
        asked = await self.learns(wanted)
        self.send(*messages)
        answer = await asked
        assert answer.status == 201, answer.body
        found: dict[str, Any] = answer.json
        return found


@contextmanager
def controlled(data: Path, monkeypatch: pytest.MonkeyPatch, spec: str = "midi:") -> Iterator[Controller]:
    """Run the program with a controller whose port is in memory."""
    open_link, far = pair()
    monkeypatch.setattr(midi_link, "open_link", open_link)
    with running(data, ("band", "demo:8"), surfaces=(("Nano", spec),)) as app:
        yield Controller(app, far)
