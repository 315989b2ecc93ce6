"""The console in memory: no sound and no hardware, but it answers, confirms, meters and moves its own faders.

`--console NAME=demo:` makes a band of eight channels, four mixes and main; `demo:64` makes 64 channels. It is the
template for a new driver, and the console of most tests, which move and unplug it through `DemoConsole`.
"""

from __future__ import annotations

import asyncio
from math import pi, sin

from remote_mixer.desk import paths
from remote_mixer.desk.layout import STRIP_COLORS, Layout, Strip
from remote_mixer.desk.meters import encode
from remote_mixer.desk.params import Choice, Param, Position, Text, Toggle, Value
from remote_mixer.desk.tapers import FADER, PAN
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup

METER_SECONDS = 1 / 25
USUAL_CHANNELS, MOST_CHANNELS, BUSES = 8, 64, 4
BAND = (
    ("Kick", "red"),
    ("Snare", "red"),
    ("Hats", "red"),
    ("Bass", "orange"),
    ("Guitar", "green"),
    ("Keys", "cyan"),
    ("Vox lead", "violet"),
    ("Vox 2", "violet"),
)

# One table per kind of strip: local path → Param.
SENDS: dict[str, Param] = {
    f"send/bus{bus}/{local}": param
    for bus in range(1, BUSES + 1)
    for local, param in (
        ("level", Position("fader")),
        ("mute", Toggle()),
        ("tap", Choice(("pre_fader", "post_fader"), "post_fader")),
    )
}
MASTER: dict[str, Param] = {
    "fader": Position("fader", 0.75),
    "mute": Toggle(),
    "name": Text(32),
    "color": Choice(STRIP_COLORS, "grey"),
}
CHANNEL: dict[str, Param] = MASTER | {"solo": Toggle(), "pan": Position("pan", 0.5, steps=201)} | SENDS


class DemoConsole:
    """The simulated console: keeps the values sent to it; its own faders can be moved, and its meters can rest."""

    metering = True

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        self.there = asyncio.Event()
        self.gone = asyncio.Event()
        self.report: Report | None = None
        self.there.set()

    def move(self, values: dict[str, Value]) -> None:
        """Move controls at the console itself, by full path."""
        self.values |= values
        if self.report:
            self.report.values(values)

    def unplug(self) -> None:
        """Cut the link until `plug`."""
        self.there.clear()
        self.gone.set()

    def plug(self) -> None:
        """Restore the link."""
        self.gone.clear()
        self.there.set()


class Demo(Driver):
    """Driver and console in one."""

    title = "Demo console"

    def __init__(self, setup: Setup) -> None:
        """Take a number of channels (1–64, none for 8) as the spec."""
        super().__init__(setup)
        if setup.spec and not (setup.spec.isdecimal() and 1 <= int(setup.spec) <= MOST_CHANNELS):
            raise ValueError(f"demo: takes a number of channels from 1 to {MOST_CHANNELS}, not “{setup.spec}”")
        self.layout = _layout(setup.name, int(setup.spec or USUAL_CHANNELS))
        self.console = DemoConsole()

    async def open(self, report: Report) -> Opened:
        """Read the console whole."""
        report.progress("Reading the console.")
        if not self.console.there.is_set():
            raise DriverError("The demo console is unplugged: plug it in again.")
        self.console.values = _first_values(self.layout) | self.console.values
        return Opened(self.layout, self.console.values)

    async def run(self, report: Report) -> None:
        """Report the console's moves, and a meter frame 25 times a second."""
        self.console.report = report
        moment = 0.0
        while not self.console.gone.is_set():
            report.meters(self._readings(moment))
            moment += METER_SECONDS
            await asyncio.sleep(METER_SECONDS)
        raise DriverError("The demo console was unplugged.")

    def confirms(self, path: str) -> bool:
        """Return True: this console answers each value."""
        return True

    def send(self, path: str, value: Value) -> None:
        """Keep the value, as a console would, and confirm it."""
        self.console.values[path] = value
        if self.console.report:
            self.console.report.confirm(path)

    def query(self, path: str) -> bool:
        """Report the value that the console has."""
        value = self.console.values[path]
        if self.console.report and value is not None:
            self.console.report.values({path: value})
            self.console.report.remembered(frozenset())
        return value is not None

    async def close(self) -> None:
        """Stop reporting."""
        self.console.report = None

    def _readings(self, moment: float) -> bytes:
        """Return a reading for each tap: swells around −18 dB that follow fader and mute."""
        return bytes(
            self._reading(strip, tap, moment + 0.7 * place)
            for place, strip in enumerate(self.layout.strips)
            for tap in strip.taps
        )

    def _reading(self, strip: Strip, tap: str, moment: float) -> int:
        if not self.console.metering:
            return 0
        level = -18 + 9 * sin(2 * pi * moment / 3) + 4 * sin(2 * pi * moment * 1.9)
        if tap == "input":
            return encode(level)
        prefix = paths.join(self.name, strip.id)
        fader = self.console.values[f"{prefix}/fader"]
        if self.console.values[f"{prefix}/mute"] or not isinstance(fader, float):
            return 0
        return encode(level + FADER.to_unit(fader))


def _layout(name: str, channels: int) -> Layout:
    strips = [
        Strip(f"ch{n}", "channel", n, f"Ch {n}", CHANNEL, ("input", "post_fader")) for n in range(1, channels + 1)
    ]
    strips += [Strip(f"bus{n}", "bus", n, f"Mix {n}", MASTER, ("post_fader",)) for n in range(1, BUSES + 1)]
    strips.append(Strip("main", "main", None, "Main", MASTER, ("left", "right")))
    return Layout(name, Demo.title, "demo", {"fader": FADER, "pan": PAN}, {}, tuple(strips))


def _first_values(layout: Layout) -> dict[str, Value]:
    values = {path: param.default for path, param in layout.paths() if not param.read_only}
    channels = [strip for strip in layout.strips if strip.kind == "channel"]
    for place, strip in enumerate(channels):
        name, color = BAND[place % len(BAND)]
        round_number = place // len(BAND) + 1
        values[paths.join(layout.name, strip.id, "name")] = name if round_number == 1 else f"{name} {round_number}"
        values[paths.join(layout.name, strip.id, "color")] = color
    return values
