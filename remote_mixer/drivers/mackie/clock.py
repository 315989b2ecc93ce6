"""The time display: ten digits, painted one by one up to 25 times a second."""

from __future__ import annotations

from remote_mixer.drivers.mackie.protocol import TIME_DIGITS

LENGTH = 2 * TIME_DIGITS
"""Most characters of the display as a text."""


class TimeDisplay:
    """Digits from right to left, each with a dot of its own behind it; blank at first."""

    def __init__(self) -> None:
        self._digits = [" "] * TIME_DIGITS

    def paint(self, digit: int, value: int) -> None:
        """Light a digit (0 is the rightmost): the lower six bits are a character, the next one its dot."""
        self._digits[TIME_DIGITS - 1 - digit] = _character(value & 0x3F) + ("." if value & 0x40 else "")

    def text(self) -> str:
        """Return what it shows."""
        return "".join(self._digits).strip()


def _character(code: int) -> str:
    return chr(code + 0x40 if code < 0x20 else code) if code else " "
