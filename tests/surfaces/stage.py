"""A desk, a small surface on it, and time that passes when a test says so."""

from __future__ import annotations

from functools import partial

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import OFFLINE, ONLINE, Layout
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source, console
from remote_mixer.drivers.demo import _layout
from remote_mixer.surfaces.hand import Hand
from remote_mixer.surfaces.mackie.surface import TICK_SECONDS, MackieSurface
from remote_mixer.surfaces.surroundings import Surroundings
from remote_mixer.surfaces.view import View
from tests.desk.desks import Clock
from tests.surfaces.little_surface import LittleSurface

BAND = console("band")
ANNE = Source(CLIENT, "anne", "Anne")


class Stage:
    """One demo console on a desk, and a surface of one or more units."""

    def __init__(
        self,
        channels: int = 16,
        units: int = 1,
        role: str = "engineer",
        mix: str = "",
        layout: Layout | None = None,
        **more: bool,
    ) -> None:
        self.clock = Clock()
        self.desk = Desk(self.clock)
        self.desk.add(layout or _layout("band", channels), {})
        self.online()
        self.source = Source(CLIENT, "surface-foh", "FOH", role, mix)
        self.view = View(self.desk, mix)
        self.cues: list[tuple[str, str]] = []
        hand = Hand(self.desk, lambda: self.source)
        around = Surroundings(hand, self.view, self._send, self.clock, lambda *cue: self.cues.append(cue), str.title)
        self.surface = MackieSurface(units, around, **more)
        self.units = [
            LittleSurface(self.clock, partial(self.surface.receive, unit), 0x15 if unit else 0x14)
            for unit in range(units)
        ]
        self.surface.start()
        self.wait(1.0)

    def _send(self, unit: int, message: bytes) -> None:
        self.units[unit].receive(message)

    @property
    def little(self) -> LittleSurface:
        return self.units[0]

    def online(self) -> None:
        self.desk.set({"band/status": ONLINE}, BAND)

    def offline(self) -> None:
        self.desk.set({"band/status": OFFLINE}, BAND)

    def wait(self, seconds: float, step: float = TICK_SECONDS) -> None:
        """Let time pass, tick by tick."""
        for _ in range(max(1, round(seconds / step))):
            self.clock.now += step
            self.surface.tick()

    def value(self, local: str) -> Value:
        return self.desk.values[f"band/{local}"]

    def value_of(self, path: str) -> float | None:
        """Return the position of a path, None where there is none."""
        value = self.desk.values.get(path)
        return value if isinstance(value, float) else None

    def set(self, local: str, value: Value, who: Source = ANNE) -> None:
        self.desk.set({f"band/{local}": value}, who)

    def place(self, fader: int) -> float:
        """Return where a motor of the first unit stands (0–1)."""
        return self.little.motors[fader].at / 1023
