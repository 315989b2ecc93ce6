"""Keys of Mackie Control and their orders. Data alone."""

from __future__ import annotations

from remote_mixer.desk import paths
from remote_mixer.midi.mackie import (
    ACTION_KEYS,
    BANK_LEFT,
    BANK_RIGHT,
    CHANNEL_LEFT,
    CHANNEL_RIGHT,
    GLOBAL_KEYS,
)
from remote_mixer.surfaces import view as views
from remote_mixer.surfaces.orders import Order, parse

FLIP = GLOBAL_KEYS["flip"]
KNOBS = {0x28: views.GAIN, 0x29: views.SENDS, 0x2A: views.PAN, 0x2B: views.DYNAMICS, 0x2C: views.EQ}
"""Assign keys (track, send, pan, plug-in, EQ) → what the knobs turn then."""
GLOBAL_VIEW = 0x33
FIRST_VIEW, FIRST_FUNCTION = 0x3E, 0x36
STEPS = ("go", "back", "pause", "on", "finish")
"""Steps of the set list on F1 to F5."""
TRANSPORT = {GLOBAL_KEYS[path]: paths.param_of(path) for path in GLOBAL_KEYS if path.startswith("transport/")}

_ORDERS = {
    BANK_LEFT: "bank -1",
    BANK_RIGHT: "bank +1",
    CHANNEL_LEFT: "channel -1",
    CHANNEL_RIGHT: "channel +1",
    FLIP: "flip",
    GLOBAL_VIEW: "layer 1",
    **{note: f"knobs {knobs}" for note, knobs in KNOBS.items() if knobs != views.SENDS},
    0x29: "next_mix +1",
    **{FIRST_VIEW + number: f"layer {number + 2}" for number in range(8)},
    **{FIRST_FUNCTION + number: step for number, step in enumerate(STEPS)},
    ACTION_KEYS["undo"]: "undo",
    **{note: f"transport {key}" for note, key in TRANSPORT.items()},
}
_SHIFTED = {
    0x29: "next_mix -1",
    **{FIRST_VIEW + number: f"mix {number + 1}" for number in range(8)},
    **{FIRST_FUNCTION + number: f"scene {number + 1}" for number in range(8)},
    ACTION_KEYS["undo"]: "redo",
}

ORDERS: dict[int, Order] = {note: parse(text) for note, text in _ORDERS.items()}
"""Note of a key → its order. F6 to F8 have none without Shift: a scene is never recalled by one key alone."""
SHIFTED: dict[int, Order] = ORDERS | {note: parse(text) for note, text in _SHIFTED.items()}
"""The same while Shift is held."""
