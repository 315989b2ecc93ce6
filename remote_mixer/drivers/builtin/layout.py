"""Layout of the built-in engine, its params from the engine's table of controls, and their initial values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import STRIP_COLORS, Layout, Strip
from remote_mixer.desk.params import Choice, Number, Param, Position, Text, Toggle, Value
from remote_mixer.desk.tapers import FADER, PAN, Taper
from remote_mixer.drivers.behringer import laws
from remote_mixer.drivers.builtin import takes
from remote_mixer.drivers.builtin.latency import MEASURE_LATENCY
from remote_mixer.drivers.builtin.pictures import LOUDNESS, SPECTRUM
from remote_mixer.engine import shared
from remote_mixer.engine.controls import (
    BUSES,
    DCAS,
    DIRECTS,
    EFFECTS,
    FIRST_INPUT,
    MUTE_GROUPS,
    SOURCES,
    STEM,
    TABLE,
    Control,
    Kind,
)

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
FILE = Text(300, read_only=True)
OWN_LAWS = {row.scale.name: Taper(row.scale.unit, row.scale.points) for row in TABLE.rows if row.scale.points}
SHARED_LAWS = {
    row.scale.name: laws.LAWS[row.scale.name]
    for row in TABLE.rows
    if row.kind is Kind.MEASURE and row.scale.name in laws.LAWS
}
TAPERS = {"fader": FADER, "pan": PAN, **OWN_LAWS, **{name: law.taper() for name, law in SHARED_LAWS.items()}}
TAPS = ("input", "gate", "dyn", "automix", "post_fader")
BUS_TAPS, STEREO_TAPS, MAIN_TAPS = ("post_fader", "dyn"), ("left", "right"), ("left", "right", "dyn")


def _position(row: Control) -> Param:
    law = SHARED_LAWS.get(row.scale.name)
    return Position(row.scale.name, float(row.initial), law.steps if law else row.steps)


PARAM_OF_KIND: dict[Kind, Callable[[Control], Param]] = {
    Kind.AMPLITUDE: _position,
    Kind.BALANCE: _position,
    Kind.MEASURE: _position,
    Kind.SWITCH: lambda row: Toggle(bool(row.initial)),
    Kind.CHOICE: lambda row: Choice(row.choices, str(row.initial)),
}
NUMBER_OF_KIND: dict[Kind, Callable[[Control, Any], float]] = {
    Kind.AMPLITUDE: lambda row, position: 10 ** (TAPERS[row.scale.name].to_unit(position) / 20),
    Kind.BALANCE: lambda _, position: 2 * position - 1,
    Kind.MEASURE: lambda row, position: TAPERS[row.scale.name].to_unit(position),
    Kind.SWITCH: lambda _, on: int(on),
    Kind.CHOICE: lambda row, choice: row.choices.index(choice),
}


def number_of(row: Control, value: Value) -> float:
    """Return a param's value as the engine keeps it; one that is not known counts as the initial one."""
    return NUMBER_OF_KIND[row.kind](row, row.initial if value is None else value)


def control_params(strip: str) -> dict[str, Param]:
    """Return the controls of a kind of strip (`ch*`, `bus*`, `main`), or of the `transport`, as params by local path.

    Order: those of the strip itself, then bus after bus.
    """
    prefix = f"{strip}/"
    rows = [replace(row, path=row.path.removeprefix(prefix)) for row in TABLE.rows if row.path.startswith(prefix)]
    numbered = [(number, path, row) for row in rows for number, path in enumerate(row.paths())]
    return {path: PARAM_OF_KIND[row.kind](row) for _, path, row in sorted(numbered, key=itemgetter(0))}


NONE: Mapping[str, Param] = {}
LABELS: dict[str, Param] = {"name": NAME, "color": Choice(STRIP_COLORS, "grey")}
MAIN = {**LABELS, **control_params("main")}
BUS = {**LABELS, **control_params("bus*")}
CHANNEL = {**LABELS, **control_params("ch*")}
RETURN = {**LABELS, **control_params("fx*")}
DCA = {**LABELS, **control_params("dca*")}
SOLO = control_params("solo")
OWN: dict[str, Param] = {
    **{f"transport/{local}": param for local, param in control_params("transport").items()},
    **{f"mutegroup/{number}": Toggle() for number in range(1, MUTE_GROUPS + 1)},
    "transport/position": Number(0, 86_400, "s"),
    "clip": Toggle(),
    "feedback/strip": Text(32, read_only=True),
    "feedback/freq": Number(0, 24_000, "Hz", read_only=True),
}
EFFECT_LABELS = ("Reverb", "Delay")
RESET_LOUDNESS = Action("reset_loudness", "Measure loudness anew")
TAP_TEMPO = Action("tap_tempo", "Tap tempo")
CLEAR_SOLO = Action("clear_solo", "Clear solos")


def color_for(name: str) -> str:
    """Return a strip's colour from the words in its name."""
    words = name.lower()
    hits = (color for color, known in COLOR_BY_WORD.items() if any(word in words for word in known))
    return next(hits, "grey")


def make_layout(
    name: str, channels: int, file_lines: int = 0, inputs: int = 0, more: Mapping[str, Param] = NONE
) -> Layout:
    """Return the layout of the console `name`: channels, returns, mixes, main, DCAs, solo bus, and lines on its files.

    inputs  of the device, from which a channel can choose
    more    params of the console's own
    """
    channel = CHANNEL | {"source": Choice((*SOURCES[: FIRST_INPUT + inputs], *DIRECTS[:channels]), SOURCES[STEM])}
    strips = [Strip(f"ch{n}", "channel", n, f"Ch {n}", channel, TAPS, (SPECTRUM,)) for n in range(1, channels + 1)]
    strips += [
        Strip(f"fx{n}", "return", n, EFFECT_LABELS[n - 1], RETURN | control_params(f"fx{n}"), STEREO_TAPS)
        for n in range(1, EFFECTS + 1)
    ]
    strips += [Strip(f"bus{n}", "bus", n, f"Mix {n}", BUS, BUS_TAPS, (SPECTRUM,)) for n in range(1, BUSES + 1)]
    strips.append(Strip("main", "main", None, "Main", MAIN, MAIN_TAPS, (SPECTRUM, LOUDNESS)))
    strips += [Strip(f"dca{n}", "dca", n, f"DCA {n}", DCA, ()) for n in range(1, DCAS + 1)]
    strips.append(Strip("solo", "solo", None, "Solo", SOLO, STEREO_TAPS))
    own = OWN | takes.PARAMS | {**more} | {f"files/{line}": FILE for line in range(1, file_lines + 1)}
    actions = (*takes.ACTIONS, RESET_LOUDNESS, TAP_TEMPO, CLEAR_SOLO, MEASURE_LATENCY)
    return Layout(name, TITLE, "builtin", TAPERS, own, tuple(strips), actions=actions)


def first_values(layout: Layout, kept: Mapping[str, Value]) -> dict[str, Value]:
    """Return the value of every param at the start: the kept one where it is still valid, else the default."""
    values: dict[str, Value] = {}
    for path, param in layout.paths():
        if not param.read_only:
            values[path] = fitting(param, kept.get(path, param.default))
    return values


def fitting(param: Param, value: Value) -> Value:
    """Return a value, or the default where the param does not take it."""
    try:
        return param.check(value)
    except ValueError:
        return param.default


def tap_places(layout: Layout) -> list[int]:
    """Return the index in the engine's meter frame of each of the layout's taps."""
    channels = [strip.number for strip in layout.strips if strip.kind == "channel" and strip.number]
    of_channel = (shared.input_tap, shared.gate_tap, shared.dyn_tap, shared.automix_tap, shared.post_fader_tap)
    places = [tap(number) for number in channels for tap in of_channel]  # as in TAPS
    places += [shared.effect_tap(effect, side) for effect in range(1, EFFECTS + 1) for side in range(2)]
    places += [place for bus in range(1, BUSES + 1) for place in (shared.bus_tap(bus), shared.master_dyn_tap(bus))]
    return [*places, shared.main_tap(0), shared.main_tap(1), shared.master_dyn_tap(0), *map(shared.solo_tap, range(2))]
