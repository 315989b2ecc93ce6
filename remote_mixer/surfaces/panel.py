"""Panel of one unit: what its lights and displays are to show, and messages for what they do not show yet. No I/O."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

BYTES_A_TICK = 62
"""Bytes that a line takes in a tick of 20 ms at MIDI's own pace, 3,125 a second; more would make a motor wait."""
REFRESH_TICKS = 5
"""Ticks between two things that are sent again: of a hundred each has its turn within ten seconds."""


class Panel:
    """One unit. What it shows is sent again, one thing after another: a message may be lost, and none is answered.

    send  sends a message to it
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._wanted: dict[object, bytes] = {}
        self._shown: dict[object, bytes] = {}
        self._late: dict[object, None] = {}
        self._left = BYTES_A_TICK
        self._ticks = 0
        self._due: deque[object] = deque()

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
        self._refresh()
        self._left = min(self._left, 0) + BYTES_A_TICK

    def _refresh(self) -> None:
        self._ticks += 1
        if self._left <= 0 or self._ticks % REFRESH_TICKS:
            return
        if not self._due:
            self._due.extend(self._shown)
        if self._due and (message := self._shown.get(self._due.popleft())):
            self.send_now(message)
