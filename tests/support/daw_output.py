"""Output of the test DAW: each unit gets the difference to what it shows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.support.daw_protocol import (
    BEND,
    COLUMNS,
    CONTROL,
    END,
    MASTER,
    NOTE,
    NOTE_OFF,
    PRESSURE,
    RING,
    ROW,
    SCREEN,
    SCREEN_SIZE,
    SYSEX,
    TIME,
    VENDOR,
    bend,
)  # fmt: skip
from tests.support.daw_tracks import Habits

Piece = tuple[int, bytes]
UNSEEN = bytes(SCREEN_SIZE)
MOST_FRAGMENT = 23


@dataclass
class Display:
    """State that a unit is to show: values by LED, fader, ring and digit, and the LCD's 112 characters."""

    leds: dict[int, int] = field(default_factory=dict)
    faders: dict[int, int] = field(default_factory=dict)
    rings: dict[int, int] = field(default_factory=dict)
    digits: dict[int, int] = field(default_factory=dict)
    screen: bytearray = field(default_factory=lambda: bytearray(b" " * SCREEN_SIZE))

    def write(self, offset: int, text: bytes, width: int = COLUMNS) -> None:
        """Write text on the LCD, cut or filled to the width."""
        self.screen[offset : offset + width] = text[:width].ljust(width)

    def lines(self, time_channel: int) -> dict[bytes, bytes]:
        """Return the data bytes of each message by its first bytes."""
        lines = {bytes((NOTE, note)): bytes((value,)) for note, value in self.leds.items()}
        lines |= {bytes((BEND | strip,)): bend(strip, value)[1:] for strip, value in self.faders.items()}
        lines |= {bytes((CONTROL, RING + strip)): bytes((value,)) for strip, value in self.rings.items()}
        clock = CONTROL | time_channel - 1
        return lines | {bytes((clock, TIME + place)): bytes((value,)) for place, value in self.digits.items()}


class Unit:
    """One surface unit as the host remembers it."""

    def __init__(self, identity: int, habits: Habits, leave: Callable[[bytes], None]) -> None:
        self.identity = identity
        self.ready = not habits.asks
        self.serial = self.version = b""
        self._habits = habits
        self._leave = leave
        self._random = random.Random(habits.seed * 100 + identity)
        self._lines: dict[bytes, bytes] = {}
        self._screen = UNSEEN
        self._running = 0

    def forget(self, head: bytes | None = None) -> None:
        """Forget what is shown, or one message's value, so that it is painted again."""
        if head is not None:
            self._lines.pop(head, None)
        else:
            self._lines.clear()
            self._screen = UNSEEN

    def forget_lines(self) -> None:
        """Forget all but the LCD, so that it is painted again."""
        self._lines.clear()

    def show(self, display: Display) -> None:
        """Send what the unit does not show yet."""
        for offset, text in _pieces(self._habits.lcd, self._screen, bytes(display.screen), self._random):
            if max(text) < 0x80:  # a name beyond ASCII is no MIDI data, and does not leave the host
                self.sysex(SCREEN, offset, *text)
        self._screen = bytes(display.screen)
        lines = display.lines(self._habits.time_channel)
        for head, tail in lines.items():
            if self._lines.get(head) != tail:
                self.say(head + tail)
        self._lines |= lines

    def echo(self, strip: int, place: int) -> None:
        """Send where a touched fader stands; a host that echoes once does not where it has said that last."""
        head, tail = fader_head(strip), bend(strip, place)[1:]
        if not self._habits.echoes_once or self._lines.get(head) != tail:
            self._lines[head] = tail
            self.say(head + tail)

    def meter(self, strip: int, value: int) -> None:
        """Send a strip's (0–7) meter: 0–D a level, E clip, F clip off."""
        self.say(bytes((PRESSURE, strip << 4 | value)))

    def sysex(self, *data: int) -> None:
        """Send a SysEx of the protocol with this unit's id."""
        self.say(VENDOR + bytes((self.identity, *data, END)))

    def say(self, message: bytes) -> None:
        """Send a whole message, encoded by this host's habits."""
        if self._habits.real_note_offs and message[0] == NOTE and message[2] == 0:
            message = bytes((NOTE_OFF, message[1], 0x40))
        repeated = self._habits.running_status and message[0] == self._running
        self._running = message[0] if message[0] < SYSEX else 0
        self._leave(message[1:] if repeated else message)


def fader_head(strip: int) -> bytes:
    """Return the first bytes of a fader's message; see `Display.lines`."""
    assert strip <= MASTER
    return bytes((BEND | strip,))


def _pieces(how: str, old: bytes, new: bytes, chance: random.Random) -> Iterator[Piece]:
    if old == new:
        return iter(())
    if how == "whole":
        return iter([(0, new)])
    return _fragments(old, new, chance) if how == "fragments" else _cells(old, new)


def _cells(old: bytes, new: bytes) -> Iterator[Piece]:
    for start in range(0, SCREEN_SIZE, COLUMNS):
        if old[start : start + COLUMNS] != new[start : start + COLUMNS]:
            yield start, new[start : start + COLUMNS]


def _fragments(old: bytes, new: bytes, chance: random.Random) -> Iterator[Piece]:
    """Return the changed part, and some more around it, in pieces of any size and order."""
    changed = [place for place in range(SCREEN_SIZE) if old[place] != new[place]]
    start = max(0, changed[0] - chance.randrange(COLUMNS))
    end = min(SCREEN_SIZE, changed[-1] + 1 + chance.randrange(COLUMNS))
    pieces = []
    while start < end:
        stop = min(end, start + chance.randint(1, MOST_FRAGMENT))
        pieces.append((start, new[start:stop]))
        start = stop
    chance.shuffle(pieces)
    return iter(pieces)


def row_offset(row: str) -> int:
    """Return the offset of a row of the LCD."""
    return 0 if row == "upper" else ROW
