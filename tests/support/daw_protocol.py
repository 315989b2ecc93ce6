"""Mackie Control's numbers on the host's side, written from the protocol's table and not from the program's code.

The driver has tables of its own: the same mistake must not hide in both.
"""

from __future__ import annotations

from collections.abc import Iterator

NOTE_OFF, NOTE, CONTROL, PRESSURE, BEND, SYSEX, END = 0x80, 0x90, 0xB0, 0xD0, 0xE0, 0xF0, 0xF7
VENDOR = bytes((SYSEX, 0x00, 0x00, 0x66))
MAIN_ID, EXTENDER_ID = 0x14, 0x15
QUERY, ANNOUNCED, REPLY, CONFIRMED, REFUSED, SCREEN, ASK_VERSION, VERSION, METER_MODE = (
    0x00, 0x01, 0x02, 0x03, 0x04, 0x12, 0x13, 0x14, 0x20,
)  # fmt: skip

STRIPS = 8
COLUMNS = 7
ROW = STRIPS * COLUMNS
TOP, BOTTOM = 0, ROW
SCREEN_SIZE = 2 * ROW
MASTER = 8
"""The ninth fader, of the main unit only."""

STRIP_NOTES = {"rec": 0x00, "solo": 0x08, "mute": 0x10, "select": 0x18, "push": 0x20}
"""First note of each row of eight."""
TOUCH = 0x68
"""68–6F for the strips, 70 for the master fader."""
TURN, RING, JOG = 0x10, 0x30, 0x3C
"""First controller of the V-pots (from the surface), of their rings (to it), and the jog wheel."""
TIME, TIME_DIGITS = 0x40, 10
"""The time display's rightmost digit."""

_BUTTON_ROWS = """
track send pan plug_in eq instrument bank_left bank_right channel_left channel_right flip global_view name_value
smpte_beats f1 f2 f3 f4 f5 f6 f7 f8 midi_tracks inputs audio_tracks audio_instruments aux busses outputs user
shift option control alt read write trim touch latch group save undo cancel enter marker nudge cycle drop replace click
solo rewind forward stop play record up down left right zoom scrub user_a user_b
"""
BUTTONS = dict(enumerate(_BUTTON_ROWS.split(), start=0x28))
NOTE_OF = {name: note for note, name in BUTTONS.items()} | {"smpte_led": 0x71, "beats_led": 0x72, "rude_solo": 0x73}

ON, OFF, BLINK = 0x7F, 0x00, 0x01
DOT, BOOST_CUT, CENTRE_LED = 0x40, 1 << 4, 0x40
CLIP, UNCLIP, SIGNAL_LED = 0xE, 0xF, 0x01
LENGTHS = {NOTE_OFF: 3, NOTE: 3, 0xA0: 3, CONTROL: 3, 0xC0: 2, PRESSURE: 2, BEND: 3}


def bend(strip: int, value: int) -> bytes:
    """Return the message that moves a fader (0–7, master 8) to a 14-bit position."""
    return bytes((BEND | strip, value & 0x7F, value >> 7))


def position(low: int, high: int) -> int:
    """Return the 14-bit position of a pitch bend's two data bytes."""
    return high << 7 | low


def messages(data: bytes) -> Iterator[bytes]:
    """Yield whole messages; the rest comes back as it is, for the test to report."""
    while data:
        length = data.find(END) + 1 if data[0] == SYSEX else LENGTHS.get(data[0] & 0xF0, 0)
        length = length or len(data)
        yield data[:length]
        data = data[length:]


def time_digit(character: str, *, dot: bool) -> int:
    """Return the value of one digit: ASCII's low six bits, and a dot behind it."""
    return ord(character) & 0x3F | (DOT if dot else 0)


def response(challenge: bytes) -> bytes:
    """Return the reply to a surface's challenge of four bytes, as Logic's host sends it."""
    c0, c1, c2, c3 = challenge
    mixed = (
        c0 + (c1 ^ 0x0A) - c3,
        (c2 >> 4) ^ (c0 + c3),
        (c3 - (c2 << 2)) ^ (c0 | c1),
        c1 - c2 + (0xF0 ^ (c3 << 4)),
    )
    return bytes(part & 0x7F for part in mixed)
