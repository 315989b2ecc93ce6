"""A console in memory with everything a large digital desk has: preamps, EQ, dynamics, groups, scenes.

Its tapers and steps are like those of an X32; `studio:` is known where `running_studio` runs the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from math import pi, sin
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import STRIP_COLORS, Layout, Strip
from remote_mixer.desk.meters import encode
from remote_mixer.desk.params import Choice, Number, Param, Position, Text, Toggle, Value
from remote_mixer.desk.tapers import FADER, PAN, Taper
from remote_mixer.drivers import registry
from remote_mixer.drivers.base import DriverError, Setup
from remote_mixer.drivers.demo import Demo, DemoConsole
from tests.support.running import running

CHANNELS, BUSES, MATRICES, DCAS, MUTE_GROUPS = 16, 6, 2, 4, 6
EQ_TYPES = ("lowcut", "lowshelf", "bell", "vintage", "highshelf", "highcut")
RATIOS = ("1.1", "1.3", "1.5", "2", "2.5", "3", "4", "5", "7", "10", "20", "100")
ACTIONS = (
    Action("recall", "Recall scene", {"scene": Number(0, 99, "", whole=True)}),
    Action("clear_solo", "Clear solos"),
)
SCENES = {0: "Empty stage", 1: "Soundcheck", 2: "Opening", 3: "Main set", 4: "Ballads", 7: "Encore"}


def log_taper(unit: str, low: float, high: float, steps: int) -> Taper:
    """Return a law of equal ratios, a breakpoint for each step."""
    return Taper(unit, tuple((i / (steps - 1), low * (high / low) ** (i / (steps - 1))) for i in range(steps)))


TAPERS = {
    "fader": FADER,
    "pan": PAN,
    "gain": Taper("dB", ((0, -12), (1, 60))),
    "trim": Taper("dB", ((0, -18), (1, 18))),
    "cut": log_taper("Hz", 20, 400, 101),
    "freq": log_taper("Hz", 20, 20000, 201),
    "band": Taper("dB", ((0, -15), (1, 15))),
    "q": log_taper("", 0.3, 10, 72),
    "gate": Taper("dB", ((0, -80), (1, 0))),
    "range": Taper("dB", ((0, 3), (1, 60))),
    "threshold": Taper("dB", ((0, -60), (1, 0))),
    "attack": Taper("ms", ((0, 0), (1, 120))),
    "hold": log_taper("ms", 0.02, 2000, 101),
    "release": log_taper("ms", 5, 4000, 101),
    "knee": Taper("", ((0, 0), (1, 5))),
    "makeup": Taper("dB", ((0, 0), (1, 24))),
    "mix": Taper("%", ((0, 0), (1, 100))),
    "delay": Taper("ms", ((0, 0.3), (1, 500))),
    "weight": Taper("dB", ((0, -12), (1, 12))),
}


def _at(taper: str, unit: float, steps: int) -> Position:
    return Position(taper, round(TAPERS[taper].to_position(unit), 5), steps)


MASTER: dict[str, Param] = {
    "fader": Position("fader", 0.75, steps=1024),
    "mute": Toggle(),
    "name": Text(12),
    "color": Choice(STRIP_COLORS, "grey"),
    "icon": Number(1, 74, "", 1),
    "solo": Toggle(),
}
BANDS = ((1, "lowshelf", 120.0), (2, "bell", 400.0), (3, "bell", 2500.0), (4, "highshelf", 8000.0))
LOW_CUT: dict[str, Param] = {
    "lowcut/on": Toggle(),
    "lowcut/freq": _at("cut", 80, 101),
    "lowcut/slope": Choice(("12", "18", "24"), "18"),
}
EQ: dict[str, Param] = {
    "eq/on": Toggle(default=True),
    **{
        f"eq/{band}/{local}": param
        for band, kind, freq in BANDS
        for local, param in (
            ("type", Choice(EQ_TYPES, kind)),
            ("freq", _at("freq", freq, 201)),
            ("gain", _at("band", 0, 121)),
            ("q", _at("q", 2, 72)),
        )
    },
}
GATE: dict[str, Param] = {
    "gate/on": Toggle(),
    "gate/mode": Choice(("exp2", "exp3", "exp4", "gate", "duck"), "gate"),
    "gate/threshold": _at("gate", -40, 161),
    "gate/range": _at("range", 30, 58),
    "gate/attack": _at("attack", 10, 121),
    "gate/hold": _at("hold", 50, 101),
    "gate/release": _at("release", 250, 101),
}
DYNAMICS: dict[str, Param] = {
    "dyn/on": Toggle(default=True),
    "dyn/mode": Choice(("comp", "exp"), "comp"),
    "dyn/detect": Choice(("peak", "rms"), "rms"),
    "dyn/envelope": Choice(("lin", "log"), "log"),
    "dyn/threshold": _at("threshold", -24, 121),
    "dyn/ratio": Choice(RATIOS, "4"),
    "dyn/knee": _at("knee", 2, 6),
    "dyn/makeup": _at("makeup", 3, 49),
    "dyn/attack": _at("attack", 10, 121),
    "dyn/hold": _at("hold", 10, 101),
    "dyn/release": _at("release", 150, 101),
    "dyn/mix": _at("mix", 100, 21),
    "dyn/auto": Toggle(),
}
GROUPS: dict[str, Param] = {
    **{f"dca/{n}": Toggle() for n in range(1, DCAS + 1)},
    **{f"mutegroup/{n}": Toggle() for n in range(1, MUTE_GROUPS + 1)},
}
PREAMP: dict[str, Param] = {
    "gain": _at("gain", 24, 145),
    "gain/idle": Text(32, read_only=True),
    "phantom": Toggle(),
    "trim": _at("trim", 0, 145),
    "polarity": Toggle(),
    "insert/on": Toggle(),
    "delay/on": Toggle(),
    "delay/time": _at("delay", 0.3, 4998),
}
ASSIGNED: dict[str, Param] = {
    "pan": Position("pan", 0.5, steps=101),
    "link": Toggle(),
    "main": Toggle(default=True),
    "mono": Toggle(),
    "mono_level": Position("fader", 0.0, steps=161),
}


def _sends(kind: str, count: int) -> dict[str, Param]:
    tap = Choice(("input", "pre_eq", "post_eq", "pre_fader", "post_fader", "group"), "post_fader")
    return {
        f"send/{kind}{n}/{local}": param
        for n in range(1, count + 1)
        for local, param in (("level", Position("fader", 0.0, steps=161)), ("mute", Toggle()), ("tap", tap))
    }


AUTOMIX: dict[str, Param] = {"automix/group": Choice(("off", "x", "y"), "off"), "automix/weight": _at("weight", 0, 49)}
CHANNEL = MASTER | ASSIGNED | PREAMP | LOW_CUT | EQ | GATE | DYNAMICS | GROUPS | AUTOMIX | _sends("bus", BUSES)
RETURN = MASTER | ASSIGNED | EQ | GROUPS | _sends("bus", BUSES)
BUS = MASTER | ASSIGNED | EQ | DYNAMICS | GROUPS | _sends("mtx", MATRICES)
MATRIX = MASTER | EQ | DYNAMICS
MAIN = MASTER | {"pan": ASSIGNED["pan"]} | EQ | DYNAMICS
OWN: dict[str, Param] = {
    **{f"mutegroup/{n}": Toggle() for n in range(1, MUTE_GROUPS + 1)},
    **{f"talk/{letter}": Toggle() for letter in "ab"},
    "scene/current": Number(-1, 99, "", -1, read_only=True),
    **{f"scene/{n}/name": Text(32, read_only=True) for n in range(100)},
}
NAMES = (
    "Kick",
    "Snare",
    "Hats",
    "Tom 1",
    "Tom 2",
    "OH L",
    "OH R",
    "Bass",
    "Gtr L",
    "Gtr R",
    "Keys",
    "Vox",
    "BV 1",
    "BV 2",
)
HUES = (
    "red",
    "red",
    "red",
    "red",
    "red",
    "yellow",
    "yellow",
    "orange",
    "green",
    "green",
    "cyan",
    "violet",
    "pink",
    "pink",
)


class Studio(Demo):
    """Driver and console in one, like its template."""

    title = "Studio console"

    def __init__(self, setup: Setup) -> None:
        """Take no spec."""
        super().__init__(setup)
        self.layout = _layout(setup.name)
        self.console = DemoConsole()
        self.console.values = _first_values(setup.name)
        self.recalled: list[int] = []

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Recall a scene or end all solos, as the console's own keys would."""
        if action == "clear_solo":
            self.console.move({path: False for path in self.console.values if path.endswith("/solo")})
            return
        scene = arguments.get("scene")
        if scene not in SCENES:
            raise DriverError("There is no such scene: choose another one.")
        self.recalled.append(scene)
        self.console.move({f"{self.name}/scene/current": float(scene)})

    def _reading(self, strip: Strip, tap: str, moment: float) -> int:
        swell = sin(2 * pi * moment / 2)
        if self.console.metering and tap in ("gate", "dyn"):
            return encode(min(0.0, -5 + 7 * swell) if self.console.values[f"{self.name}/{strip.id}/{tap}/on"] else 0)
        return super()._reading(strip, tap, moment)


def _layout(name: str) -> Layout:
    taps = ("input", "post_fader", "gate", "dyn")
    strips = [Strip(f"ch{n}", "channel", n, f"Ch {n:02}", CHANNEL, taps) for n in range(1, CHANNELS + 1)]
    strips += [Strip(f"fx{n}", "return", n, f"FX {n}", RETURN, ("input",)) for n in range(1, 3)]
    strips += [Strip(f"bus{n}", "bus", n, f"Bus {n:02}", BUS, ("post_fader", "dyn")) for n in range(1, BUSES + 1)]
    strips += [Strip(f"mtx{n}", "matrix", n, f"Mtx {n}", MATRIX, ("post_fader", "dyn")) for n in range(1, MATRICES + 1)]
    strips += [Strip(f"dca{n}", "dca", n, f"DCA {n}", MASTER) for n in range(1, DCAS + 1)]
    strips.append(Strip("main", "main", None, "Main", MAIN, ("left", "right", "dyn")))
    return Layout(name, Studio.title, "studio", TAPERS, OWN, tuple(strips), actions=ACTIONS)


def _first_values(name: str) -> dict[str, Value]:
    values: dict[str, Value] = {f"{name}/scene/current": 3.0}
    values |= {f"{name}/scene/{n}/name": SCENES.get(n, "") for n in range(100)}
    for n, (label, hue) in enumerate(zip(NAMES, HUES, strict=True), 1):
        values |= {f"{name}/ch{n}/name": label, f"{name}/ch{n}/color": hue}
    values |= {
        f"{name}/bus1/name": "Anna",
        f"{name}/bus1/color": "violet",
        f"{name}/dca1/name": "Drums",
        f"{name}/dca1/color": "red",
    }
    values |= {f"{name}/ch{n}/dca/1": True for n in range(1, 6)} | {
        f"{name}/ch{n}/mutegroup/1": True for n in range(1, 8)
    }
    return values | {f"{name}/fx{n}/name": label for n, label in ((1, "Hall"), (2, "Delay"))}


@contextmanager
def running_studio(data: Path, *others: tuple[str, str]) -> Iterator[App]:
    """Run the program with this console as `foh`, and others beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.DRIVERS, "studio", "tests.support.studio:Studio")
        with running(data, ("foh", "studio:"), *others) as app:
            yield app
