"""Mackie Control Universal: numbers and messages of both directions. No I/O.

Sources: the facts that Ardour's and REAPER's surfaces and TouchMCU's notes agree on, and Logic Control's MIDI
implementation for handshake and reset.
"""

from __future__ import annotations

from math import inf

from remote_mixer.midi.messages import control_change, note_on, pitch_bend, sysex

STRIPS = 8
"""Strips a unit."""
MOST_UNITS = 4
ROW = 56
"""Characters of a row of the LCD, and of a strip in it."""
CELL = ROW // STRIPS
VENDOR = (0x00, 0x00, 0x66)
MAIN_ID, EXTENDER_ID = 0x14, 0x15
LISTENED_IDS = {0x10, 0x11, 0x14, 0x15}
"""Logic Control and Mackie Control, main and extender: a DAW may address an extender by the main unit's id."""

# SysEx commands
QUERY, ANNOUNCE, REPLY, CONFIRM = 0x00, 0x01, 0x02, 0x03
RESET, LCD, VERSION_QUERY, VERSION = 0x08, 0x12, 0x13, 0x14
COLORS = 0x72
"""Eight colours, one a strip, of an X-Touch."""
COLOR_NAMES = ("off", "red", "green", "yellow", "blue", "pink", "cyan", "white")
SECOND_LCD = bytes((0xF0, 0x00, 0x00, 0x67, 0x15, 0x13))
"""Begins a text for a second LCD, which some surfaces have; then its offset."""
FADERS_DOWN, LEDS_OFF, ALL_OFF = 0x61, 0x62, 0x63
# Seven bytes of serial number and four of challenge, which ids 14 and 15 need not answer.
# REAPER repaints only at these values.
SERIAL = (0x58, 0x59, 0x5A, 0x57, 0x18, 0x61, 0x05)
CHALLENGE = (0x57, 0x18, 0x61, 0x05)
FIRMWARE = b"V2.10"

# Notes and control changes
STRIP_LEDS = ("rec", "solo", "mute", "select")
"""Eight notes each from note 0 up; an LED has its button's note."""
BANK_LEFT, BANK_RIGHT, CHANNEL_LEFT, CHANNEL_RIGHT = 0x2E, 0x2F, 0x30, 0x31
GLOBAL_LEDS = {
    "flip": 0x32,
    "transport/cycle": 0x56,
    "transport/rewind": 0x5B,
    "transport/forward": 0x5C,
    "transport/stop": 0x5D,
    "transport/play": 0x5E,
    "transport/record": 0x5F,
    "transport/beats": 0x72,
}
GLOBAL_KEYS = GLOBAL_LEDS | {"transport/beats": 0x35}
"""An LED has its button's note, but for the time display's format."""
ACTION_KEYS = {"save": 0x50, "undo": 0x51, "marker": 0x54}
GLOBAL_OF_NOTE = {note: local for local, note in GLOBAL_LEDS.items()}
PUSH_NOTE = 0x20
"""Push of the first V-pot."""
SHIFT_NOTE = 0x46
"""Modifier key."""
TOUCH_NOTE = 0x68
POT_CC, RING_CC, TIME_CC = 0x10, 0x30, 0x40
TIME_DIGITS = 10
PRESSED, RELEASED, BLINKING = 0x7F, 0x00, 0x01
MOST_TICKS = 15

LEVELS_DB = (-inf, -60.0, -50.0, -40.0, -30.0, -20.0, -14.0, -10.0, -8.0, -6.0, -4.0, -2.0, -0.5)
"""Level in dB by meter value 0–C. The DAW chooses the scale; this is TouchMCU's, its last step (0 dB) 0.5 dB lower,
because a clip is reported apart.
"""
SET_CLIP, CLEAR_CLIP = 0xE, 0xF

FADER_STEPS = 1024
"""The real surface's faders send the upper 10 of the 14 bits."""
RING_STEPS = 11
_SPREAD = 3


def announcement(unit_id: int) -> bytes:
    """Return the message that announces a unit; it answers a device query and starts a DAW that never asks."""
    return sysex(*VENDOR, unit_id, ANNOUNCE, *SERIAL, *CHALLENGE)


def answer(unit_id: int, message: bytes) -> bytes | None:
    """Return the reply to a DAW's SysEx, or None if it needs none."""
    if message[1:5] != bytes((*VENDOR, unit_id)):
        return None
    bodies = {
        QUERY: (ANNOUNCE, *SERIAL, *CHALLENGE),
        REPLY: (CONFIRM, *SERIAL),
        VERSION_QUERY: (VERSION, *FIRMWARE),
    }
    body = bodies.get(message[5])
    return sysex(*VENDOR, unit_id, *body) if body else None


def command(message: bytes) -> tuple[int, bytes] | None:
    """Return a SysEx's command and data; None for other vendors' messages."""
    ours = message[1:4] == bytes(VENDOR) and len(message) >= 7 and message[4] in LISTENED_IDS
    return (message[5], message[6:-1]) if ours else None


def taps(note: int) -> tuple[bytes, bytes]:
    """Return press and release of a button; without the release a DAW's toggle sticks."""
    return note_on(1, note, PRESSED), note_on(1, note, RELEASED)


def touch(place: int, *, down: bool) -> bytes:
    """Return touch or release of a unit's fader (0–7, 8 is the main unit's main)."""
    return note_on(1, TOUCH_NOTE + place, PRESSED if down else RELEASED)


def fader(place: int, position: float) -> bytes:
    """Return the message for a unit's fader (0–7, 8 is main) at a position 0–1."""
    step = round(position * (FADER_STEPS - 1))
    return pitch_bend(place + 1, step << 4 | step >> 6)


def fader_position(value: int) -> float:
    """Return the position (0–1) of 14 bits of pitch bend."""
    return round((value >> 4) / (FADER_STEPS - 1), 5)


def pot(place: int, ticks: int) -> bytes:
    """Return the message for a V-pot (0–7) turned by −15 to 15 ticks, right is positive."""
    return control_change(1, POT_CC + place, min(abs(ticks), MOST_TICKS) | (0x40 if ticks < 0 else 0))


def ring_step(value: int) -> int | None:
    """Return the step of a V-pot's LED ring, 0–10 with 5 in the middle; None if it is dark."""
    mode, place = value >> 4 & 3, value & 0xF
    if not place:
        return None
    if mode == _SPREAD:  # from the middle to both sides, six places
        return min(place - 1, 5) * 2
    return min(place, RING_STEPS) - 1


def is_lit(led: str, velocity: int) -> bool:
    """Return whether an LED is on. A blinking mute LED means silenced by another strip's solo: not muted."""
    return velocity > BLINKING or (velocity == BLINKING and led != "mute")
