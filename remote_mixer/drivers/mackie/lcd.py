"""One unit's display: two rows of 56 characters, seven for each strip, painted in pieces at any offset."""

from __future__ import annotations

from remote_mixer.drivers.mackie.protocol import STRIPS

ROW = 56
CELL = ROW // STRIPS
"""Characters a strip."""


class Lcd:
    """The display as the DAW has painted it so far; blank at first."""

    def __init__(self) -> None:
        self._characters = bytearray(b" " * (2 * ROW))
        self.names = self.texts = ("",) * STRIPS
        """The upper and the lower row, a text for each strip."""

    def paint(self, offset: int, characters: bytes) -> bool:
        """Put characters from an offset (0–111) on, which may span strips and rows; return whether anything differs.

        What would run over the end is cut off, and bytes that are no characters in Latin-1 are blanks.
        """
        fitting = characters[: max(2 * ROW - offset, 0)]
        self._characters[offset : offset + len(fitting)] = bytes(map(_printable, fitting))
        former = self.names, self.texts
        self.names, self.texts = self._row(0), self._row(ROW)
        return former != (self.names, self.texts)

    def _row(self, start: int) -> tuple[str, ...]:
        row = self._characters[start : start + ROW].decode("latin-1")
        return tuple(row[at : at + CELL].strip() for at in range(0, ROW, CELL))


def _printable(character: int) -> int:
    return character if 0x20 <= character < 0x7F or character >= 0xA0 else 0x20
