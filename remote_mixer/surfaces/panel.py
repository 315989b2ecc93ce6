"""Panel of one unit: what its lights and displays are to show, and messages for what they do not show yet. No I/O."""

from __future__ import annotations

from collections.abc import Callable

BYTES_A_TICK = 62
"""Bytes that a line takes in a tick of 20 ms at MIDI's own pace, 3,125 a second; more would make a motor wait."""


class Panel:
    """One unit.

    send  sends a message to it
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._wanted: dict[object, bytes] = {}
        self._shown: dict[object, bytes] = {}
        self._late: dict[object, None] = {}
        self._left = BYTES_A_TICK

    def forget(self) -> None:
        """Send all again: the unit was switched on anew."""
        self._shown.clear()
        self._late |= dict.fromkeys(self._wanted)

    def show(self, key: object, message: bytes) -> None:
        """Let a light or a part of a display show what a message sets."""
        if self._wanted.get(key) != message:
            self._wanted[key] = message
            self._late[key] = None

    def send_now(self, message: bytes) -> None:
        """Send a message before all that waits."""
        self._left -= len(message)
        self._send(message)

    def tick(self) -> None:
        """Send what differs, as much as the line takes; the rest waits, the newest of each kind alone."""
        for key in list(self._late):
            if self._left <= 0:
                break
            del self._late[key]
            if self._shown.get(key) != self._wanted[key]:
                self._shown[key] = self._wanted[key]
                self.send_now(self._wanted[key])
        self._left = min(self._left, 0) + BYTES_A_TICK
