"""MIDI bytes: parser of incoming bytes into whole messages, and messages to send. No I/O.

From the MIDI 1.0 detailed specification: a byte from 80 hex up begins a message, real-time bytes (F8 up) may come
anywhere, even inside another message, and a channel message may omit a status byte equal to the last one (running
status).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

NOTE_ON, CONTROL_CHANGE, PITCH_BEND = 0x90, 0xB0, 0xE0
SYSEX, SYSEX_END, REAL_TIME, STATUS = 0xF0, 0xF7, 0xF8, 0x80
MOST_SYSEX = 4096
"""Longest accepted SysEx in bytes, both ends included; the longest that a DAW sends a control surface is 120."""
MOST_KEPT = 1024
"""Messages of a kind that are kept: a surface's face is painted of the same few hundred again and again."""

# Whole length in bytes (of a SysEx: at which it is too long), by the status byte, or by its high half for channels.
_CHANNEL_LENGTHS = {0x8: 3, 0x9: 3, 0xA: 3, 0xB: 3, 0xC: 2, 0xD: 2, 0xE: 3}
_SYSTEM_LENGTHS = {SYSEX: MOST_SYSEX, 0xF1: 2, 0xF2: 3, 0xF3: 2, 0xF6: 1}


class Parser:
    """Bytes in any pieces → whole messages, each with its status byte. Never raises; keeps at most MOST_SYSEX bytes.

    Real-time bytes are left out. A message cut short by another one, and a SysEx over MOST_SYSEX, are dropped; data
    bytes outside a message are ignored.
    """

    def __init__(self) -> None:
        self.dropped = 0
        """Count of messages that were cut short or too long."""
        self._message = bytearray()  # status byte and data so far; between messages only the status byte
        self._length = 0

    def feed(self, data: Iterable[int]) -> list[bytes]:
        """Parse bytes; return the messages completed by them, in order."""
        taken = (self._status(byte) if byte >= STATUS else self._data(byte) for byte in data if byte < REAL_TIME)
        return [message for message in taken if message]

    def _data(self, byte: int) -> bytes | None:
        if self._message:
            self._message.append(byte)
            if len(self._message) == self._length:
                return self._full()
        return None

    def _full(self) -> bytes | None:
        too_long = self._message[0] == SYSEX
        self.dropped += too_long
        message = self._take()
        return None if too_long else message

    def _status(self, status: int) -> bytes | None:
        in_sysex = self._message.startswith(b"\xf0")
        if in_sysex and status == SYSEX_END:
            return self._take() + b"\xf7"
        self.dropped += in_sysex or len(self._message) > 1
        self._length = _SYSTEM_LENGTHS.get(status) or _CHANNEL_LENGTHS.get(status >> 4, 0)
        self._message = bytearray((status,) if self._length else ())
        return self._take() if self._length == 1 else None

    def _take(self) -> bytes:
        """Return the message so far; a channel's status byte stays for the next one."""
        message = bytes(self._message)
        del self._message[1 if message[0] < SYSEX else 0 :]
        return message


@lru_cache(MOST_KEPT)
def control_change(channel: int, number: int, value: int) -> bytes:
    """Return a control change; channel 1–16, number and value 0–127, else ValueError."""
    return bytes((_status(CONTROL_CHANGE, channel), _seven_bits(number), _seven_bits(value)))


@lru_cache(MOST_KEPT)
def note_on(channel: int, note: int, velocity: int) -> bytes:
    """Return a note-on; channel 1–16, note and velocity 0–127 (velocity 0 ends the note), else ValueError."""
    return bytes((_status(NOTE_ON, channel), _seven_bits(note), _seven_bits(velocity)))


def pitch_bend(channel: int, value: int) -> bytes:
    """Return a pitch bend; channel 1–16, value 0–16383 (8192 is the centre), else ValueError."""
    return bytes((_status(PITCH_BEND, channel), value & 0x7F, _seven_bits(value >> 7)))


def sysex(*data: int) -> bytes:
    """Return a system exclusive message around these bytes, each 0–127, else ValueError."""
    return bytes((SYSEX, *map(_seven_bits, data), SYSEX_END))


def _status(kind: int, channel: int) -> int:
    if not 1 <= channel <= 16:
        raise ValueError(f"a MIDI channel is a number from 1 to 16, not {channel}")
    return kind | channel - 1


def _seven_bits(number: int) -> int:
    if not 0 <= number <= 127:
        raise ValueError(f"a MIDI data byte is a number from 0 to 127, not {number}")
    return number
