"""A desk with a MIDI console on it, and gear at the far side."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.midi_cc import MidiCc
from remote_mixer.drivers.midi_ports import OpenLink
from tests.drivers.midi_cc.gear import Gear
from tests.support.waiting import PATIENCE_SECONDS, until

ANNE = Source(CLIENT, "anne", "Anne")
BAND = """\
# the band of Tuesday
[[buses]]
id = 1
name = "Reverb"

[[layers]]
name = "Vocals"

  # Anne sings here
  [[layers.channels]]
  id = 1
  name = "Anne"  # wireless
  fader = 20  # the big one
  mute = 30

  # and Bob there
  [[layers.channels]]
  id = 2
  name = "Bob"
  fader = { cc = [21, 53], law = "fader" }
  mute = { cc = 31, kind = "momentary" }

[main]
fader = { nrpn = 1024, channel = 3, high = 16000 }
"""


class Console:
    """The desk's side."""

    def __init__(self, setup: Setup, gear: Gear, open_link: OpenLink | None = None) -> None:
        self.desk, self.gear = Desk(), gear
        self.driver = MidiCc(setup, open_link or gear.open_link)
        self.map = Path(setup.spec) if setup.spec else setup.data / "midi-daw.toml"
        self.pending: set[str] = set()
        self.guard = Guard(self.driver, self.desk, lambda *_: None, self._pend)
        self.moves: list[tuple[str, Value]] = []
        self.desk.change_listeners.append(self._receive)

    def _pend(self, paths: frozenset[str]) -> None:
        self.pending = {path.removeprefix("daw/") for path in paths}

    @property
    def remembered(self) -> set[str]:
        return {path.removeprefix("daw/") for path in self.desk.remembered()}

    def _receive(self, change: Change) -> None:
        if change.source != ANNE:
            self.moves += [(path.removeprefix("daw/"), value) for path, value in change.after.items()]

    def set(self, local: str, value: Value) -> None:
        self.desk.set({f"daw/{local}": value}, ANNE)

    def value(self, local: str) -> Value:
        return self.desk.values[f"daw/{local}"]

    async def act(self, action: str, **arguments: object) -> None:
        await self.guard.act(action, arguments)

    async def stands(self, local: str, value: Value, seconds: float = PATIENCE_SECONDS) -> None:
        await until(lambda: self.value(local) == value, seconds)

    def address(self, local: str) -> str:
        return self.desk.layouts["daw"].addresses[local]

    def rows(self) -> dict[str, list[str]]:
        return {layer.name: list(layer.strips) for layer in self.desk.layouts["daw"].layers}


@asynccontextmanager
async def console(
    data: Path,
    text: str | None = BAND,
    *,
    spec: Path | None = None,
    kept: Mapping[str, Value] | None = None,
    gear: Gear | None = None,
    open_link: OpenLink | None = None,
) -> AsyncIterator[Console]:
    """Yield an online console on a desk: with this map, an existing one, or one of its own."""
    if text is not None and not spec:
        spec = data / "map.toml"
        spec.write_text(text, encoding="utf-8")
    values = {f"daw/{path}": value for path, value in (kept or {}).items()}
    made = Console(Setup("daw", str(spec or ""), data, values), gear or Gear(), open_link)
    living = asyncio.create_task(made.guard.live())
    try:
        await made.stands("status", "online")
        yield made
    finally:
        living.cancel()
        await asyncio.wait({living})
