"""Layout of a Mackie console, and the ports of its spec."""

from __future__ import annotations

from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.params import Choice, Param, Position, Text, Toggle
from remote_mixer.desk.tapers import PAN, Taper
from remote_mixer.drivers.mackie import displays
from remote_mixer.midi.mackie import CELL, COLOR_NAMES, FADER_STEPS, GLOBAL_LEDS, MOST_UNITS

TITLE = "Mackie Control"
CLIENT = "Remote Mixer"
# Each DAW has a fader law of its own, so dB is never calculated from the position.
TRAVEL = Taper("%", ((0, 0), (1, 100)))
PAN_STEPS = 101
"""Pan is set and read by the DAW's text, of up to a hundred steps; where it sends none, by a ring of 11 lights."""
CHANNEL: dict[str, Param] = {
    "fader": Position("travel", steps=FADER_STEPS),
    "fader/text": Text(CELL, read_only=True),
    "mute": Toggle(),
    "solo": Toggle(),
    "rec": Toggle(),
    "select": Toggle(),
    "pan": Position("pan", 0.5, steps=PAN_STEPS),
    "pan/text": Text(CELL, read_only=True),
    "name": Text(CELL, read_only=True),
    "color": Choice(COLOR_NAMES, COLOR_NAMES[0], read_only=True),
}
MAIN: dict[str, Param] = {local: CHANNEL[local] for local in ("fader", "fader/text")}
OWN: dict[str, Param] = {
    **{local: Toggle() for local in GLOBAL_LEDS},
    "transport/time": Text(displays.TIME_LENGTH, read_only=True),
}
ACTIONS = (
    Action("read_tracks", "Read tracks again"),
    Action("marker", "Set a marker in the DAW"),
    Action("undo", "Undo in the DAW"),
    Action("save", "Save in the DAW"),
)


def ports_of(spec: str) -> list[tuple[str, str]]:
    """Return (port, name of a virtual port) for each unit of `PORT[,PORT…]`, the main unit first.

    An empty port stands for a pair of virtual ones. Raises ValueError for more units than the protocol has.
    """
    ports = [port.strip() for port in spec.split(",")]
    if len(ports) > MOST_UNITS:
        raise ValueError(
            f"mackie: takes at most {MOST_UNITS} ports (a main unit and {MOST_UNITS - 1} extenders), not {len(ports)}"
        )
    return [(port, f"{CLIENT} XT {number}" if number else CLIENT) for number, port in enumerate(ports)]


def layout(name: str, channels: int) -> Layout:
    """Return the layout for this number of tracks."""
    strips = [Strip(f"ch{n}", "channel", n, f"Ch {n}", CHANNEL, ("post_fader",)) for n in range(1, channels + 1)]
    strips.append(Strip("main", "main", None, "Main", MAIN))
    tapers = {"travel": TRAVEL, "pan": PAN}
    return Layout(name, TITLE, "mackie", tapers=tapers, params=OWN, strips=tuple(strips), actions=ACTIONS)
