"""The values of a console at its start, and its ten scenes: a band of sixteen on stage."""

from __future__ import annotations

from random import Random

from remote_mixer.simulator.kinds import Value
from remote_mixer.simulator.strips import EQ_GAIN, FADER, FREQUENCY, PAN, SEND
from remote_mixer.simulator.table import Model

BAND = (
    ("Kick", 1),
    ("Snare", 1),
    ("Hi-hat", 1),
    ("Toms", 1),
    ("Overheads", 1),
    ("Bass", 3),
    ("E-Guitar", 2),
    ("A-Guitar", 2),
    ("Keys L", 6),
    ("Keys R", 6),
    ("Violin", 2),
    ("Lead vocal", 5),
    ("Backing 1", 5),
    ("Backing 2", 5),
    ("Speaker", 7),
    ("Playback", 4),
)
BUSES = ("Wedge lead", "Wedge band", "In-ear keys", "In-ear drum")
SCENES = (
    "Soundcheck",
    "Welcome",
    "Song 1",
    "Song 2",
    "Reading",
    "Sermon",
    "Song 3",
    "Quiet song",
    "Blessing",
    "Last song",
)


def first_values(model: Model) -> dict[str, Value]:
    """Return the values at the start: named strips at a usual level, each with a send to the first four buses."""
    first: dict[str, Value] = {}
    for number, (name, color) in enumerate(BAND[: model.counts["ch"]], 1):
        root = f"/ch/{number:02}"
        first |= {f"{root}/config/name": name, f"{root}/config/color": color, f"{root}/mix/fader": FADER.at(-8)}
        first |= {f"{root}/mix/{bus:02}/level": SEND.at(-12) for bus in range(1, len(BUSES) + 1)}
        first[f"{root}/config/insrc"] = number - 1
    roots = [f"/bus/{n:02}" if model.family.key == "x32" else f"/bus/{n}" for n in range(1, len(BUSES) + 1)]
    first |= {f"{root}/config/name": name for root, name in zip(roots, BUSES, strict=True)}
    return {address: value for address, value in first.items() if address in model.leaves}


def scene_values(model: Model, number: int) -> dict[str, Value]:
    """Return the values of a scene: faders, pans, mutes, sends and EQ of all channels; the same at each call."""
    chance = Random(number)  # noqa: S311 - a scene, not a secret
    held: dict[str, Value] = {}
    for place in range(1, model.counts["ch"] + 1):
        root = f"/ch/{place:02}"
        held[f"{root}/mix/fader"] = FADER.at(chance.uniform(-20, 3))
        held[f"{root}/mix/on"] = int(chance.random() < 0.8)
        held[f"{root}/mix/pan"] = PAN.at(chance.uniform(-50, 50))
        held |= {f"{root}/eq/{band}/g": EQ_GAIN.at(chance.uniform(-6, 6)) for band in range(1, 5)}
        held |= {f"{root}/eq/{band}/f": FREQUENCY.at(chance.uniform(80, 8000)) for band in range(1, 5)}
        held |= {f"{root}/mix/{bus:02}/level": SEND.at(chance.uniform(-30, 0)) for bus in range(1, 17)}
    return {address: value for address, value in held.items() if address in model.leaves}
