"""The built-in engine's strips and params, and where their values stand at first."""

from __future__ import annotations

from collections.abc import Mapping

from remote_mixer.desk.layout import STRIP_COLORS, Layout, Strip
from remote_mixer.desk.params import Choice, Number, Param, Position, Text, Toggle, Value
from remote_mixer.desk.tapers import FADER, PAN, Taper
from remote_mixer.engine import shared
from remote_mixer.engine.shared import BUSES

TITLE = "Built-in engine"
COLOR_BY_WORD = {
    "red": ("kick", "snare", "drum", "tom", "bd", "sd"),
    "yellow": ("hat", "hh", "oh", "ride", "crash", "cymbal", "perc", "shaker", "loop"),
    "orange": ("bass",),
    "violet": ("vox", "voc", "voice", "sing", "choir"),
    "green": ("guitar", "gtr", "git", "banjo"),
    "cyan": ("key", "piano", "organ", "rhodes", "synth"),
    "blue": ("pad", "string", "violin", "cello"),
    "pink": ("lead", "solo", "brass", "horn", "sax", "trumpet", "flute"),
}

NAME = Text(32)
MASTER: dict[str, Param] = {
    "fader": Position("fader", 0.75),
    "mute": Toggle(),
    "name": NAME,
    "color": Choice(STRIP_COLORS, "grey"),
}
CEILING = Taper("dB", ((0, -40), (1, 0)))  # below full scale
BUS: dict[str, Param] = {
    **MASTER,
    "limiter": Toggle(),
    "ceiling": Position("ceiling", 1.0, steps=81),  # half decibels
}
SEND: dict[str, Param] = {
    "level": Position("fader"),
    "mute": Toggle(),
    "tap": Choice(("pre_fader", "post_fader"), "post_fader"),
}
CHANNEL: dict[str, Param] = {
    **MASTER,
    "solo": Toggle(),
    "pan": Position("pan", 0.5, steps=201),
    **{f"send/bus{bus}/{local}": param for bus in range(1, BUSES + 1) for local, param in SEND.items()},
}
OWN: dict[str, Param] = {
    "transport/play": Toggle(default=True),
    "transport/position": Number(0, 86_400, "s"),
    "clip": Toggle(),
}


def color_for(name: str) -> str:
    """A strip's colour from the words in its name."""
    words = name.lower()
    hits = (color for color, known in COLOR_BY_WORD.items() if any(word in words for word in known))
    return next(hits, "grey")


def make_layout(name: str, channels: int) -> Layout:
    """Channels, eight mixes and main of the console called `name`."""
    strips = [
        Strip(f"ch{n}", "channel", n, f"Ch {n}", CHANNEL, ("input", "post_fader")) for n in range(1, channels + 1)
    ]
    strips += [Strip(f"bus{n}", "bus", n, f"Mix {n}", BUS, ("post_fader",)) for n in range(1, BUSES + 1)]
    strips.append(Strip("main", "main", None, "Main", MASTER, ("left", "right")))
    return Layout(name, TITLE, "builtin", {"fader": FADER, "pan": PAN, "ceiling": CEILING}, OWN, tuple(strips))


def first_values(layout: Layout, kept: Mapping[str, Value]) -> dict[str, Value]:
    """Where every param stands at the start: as it was kept, where that still makes sense."""
    values: dict[str, Value] = {}
    for path, param in layout.paths():
        if not param.read_only:
            values[path] = _fitting(param, kept.get(path, param.default))
    return values


def _fitting(param: Param, value: Value) -> Value:
    try:
        return param.check(value)
    except ValueError:
        return param.default


def tap_places(layout: Layout) -> list[int]:
    """Where in the engine's meter frame each of the layout's taps stands."""
    channels = [strip.number for strip in layout.strips if strip.kind == "channel" and strip.number]
    places = [tap(number) for number in channels for tap in (shared.input_tap, shared.post_fader_tap)]
    return places + [shared.bus_tap(bus) for bus in range(1, BUSES + 1)] + [shared.main_tap(0), shared.main_tap(1)]
