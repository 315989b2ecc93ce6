"""Releases of keys and touched faders, sent again: one that is lost leaves them down in the DAW for good.

No message of the protocol confirms a release. A DAW takes a key that stayed down together with the next one as a range,
and paints a fader that stayed touched no more, in any bank (Ardour 7.3). A second release changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from remote_mixer.midi import mackie as protocol
from remote_mixer.midi.messages import note_on

REPEATS_SECONDS = (0.1, 1.0)
"""Times after a release at which it is sent again: JACK may lose several periods in a row."""


class Releases:
    """Releases that were sent lately, by unit and note; a press of the same key ends them.

    send   sends a message to a unit
    clock  seconds
    """

    def __init__(self, send: Callable[[int, bytes], None], clock: Callable[[], float]) -> None:
        self._send, self._clock = send, clock
        self._due: dict[tuple[int, int], list[float]] = {}

    def note(self, unit: int, message: bytes) -> None:
        """Record the press or release of a key or fader (a note-on)."""
        key, now = (unit, message[1]), self._clock()
        self._due.pop(key, None)
        if message[2] == protocol.RELEASED:
            self._due[key] = [now + seconds for seconds in REPEATS_SECONDS]

    def tend(self) -> None:
        """Send again what is due."""
        now = self._clock()
        for key, times in list(self._due.items()):
            if times[0] > now:
                continue
            self._again(*key)
            del times[0]
            if not times:
                del self._due[key]

    def before_press(self) -> None:
        """Send again all releases that were sent but once: the next press must not meet a key that is down."""
        for key, times in self._due.items():
            if len(times) == len(REPEATS_SECONDS):
                self._again(*key)

    def _again(self, unit: int, note: int) -> None:
        self._send(unit, note_on(1, note, protocol.RELEASED))
