"""Units of the surface, each on a MIDI link: announcement, replies, and messages by strip."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from remote_mixer.drivers.duties import until_one_ends
from remote_mixer.drivers.mackie.feedback import Move
from remote_mixer.drivers.mackie.releases import Releases
from remote_mixer.drivers.midi_ports import Link, OpenLink
from remote_mixer.midi import mackie as protocol
from remote_mixer.midi.mackie import EXTENDER_ID, MAIN_ID, STRIPS
from remote_mixer.midi.messages import NOTE_ON, SYSEX

MOST_ANSWERS, ANSWERS_SECONDS = 4, 1.0
"""Most replies of a unit in this time, for a DAW that queries at each announcement."""


class Units:
    """One to four units, each on a link of its own. Strips count from 0 over all units, fader number `width` is main.

    receive   called with (unit, message) for each message that is not answered here
    on_query  called when a DAW has sent a query: it has just started
    clock     seconds
    """

    def __init__(
        self,
        ports: Sequence[tuple[str, str]],
        open_link: OpenLink,
        receive: Callable[[int, bytes], None],
        on_query: Callable[[], None],
        clock: Callable[[], float],
    ) -> None:
        self._ports, self._open_link = ports, open_link
        self._receive, self._on_query, self._clock = receive, on_query, clock
        self._links: list[Link] = []
        self._releases = Releases(self._write, clock)
        self._answered = [deque[float](maxlen=MOST_ANSWERS) for _ in ports]
        self.count = len(ports)
        self.width = self.count * STRIPS

    async def open(self) -> None:
        """Open all links; on DriverError `close` is still due."""
        for unit, (port, client) in enumerate(self._ports):
            self._links.append(await self._open_link(port, partial(self._take, unit), client))

    def announce(self) -> None:
        """Announce all units, so that the DAW paints them."""
        for unit in range(len(self._links)):
            self._send(unit, protocol.announcement(_id(unit)))

    def let_go(self) -> None:
        """Release all faders: after a broken link the DAW may still count some as touched."""
        for fader in range(self.width + 1):
            self.touch(fader, down=False)

    async def gone(self) -> None:
        """Wait until one link has gone, then raise DriverError."""
        await until_one_ends(link.gone() for link in self._links)

    @property
    def dropped(self) -> int:
        """Count of lost incoming messages."""
        return sum(link.dropped for link in self._links)

    @property
    def notice(self) -> str:
        """A note on the choice of ports, where several match."""
        return " ".join(link.notice for link in self._links if link.notice)

    def close(self) -> None:
        """Close all links."""
        while self._links:
            self._links.pop().close()

    def tap(self, note: int, unit: int = 0) -> None:
        """Press and release a button."""
        for message in protocol.taps(note):
            self._send(unit, message)

    def tend(self) -> None:
        """Send releases again that are due."""
        self._releases.tend()

    def press(self, strip: int, led: str) -> None:
        """Press and release a strip's button, after all others are released for sure."""
        self._releases.before_press()
        unit, place = divmod(strip, STRIPS)
        self.tap(protocol.STRIP_LEDS.index(led) * STRIPS + place, unit)

    def touch(self, fader: int, *, down: bool) -> None:
        """Send touch or release of a fader."""
        unit, place = self._place(fader)
        self._send(unit, protocol.touch(place, down=down))

    def fader(self, fader: int, position: float) -> None:
        """Move a fader to 0–1."""
        unit, place = self._place(fader)
        self._send(unit, protocol.fader(place, position))

    def pot(self, strip: int, move: Move) -> None:
        """Turn or push a V-pot."""
        unit, place = divmod(strip, STRIPS)
        if move.push:
            self._push(protocol.PUSH_NOTE + place, unit, shift=move.shift)
        elif move.ticks:
            self._send(unit, protocol.pot(place, move.ticks))

    def _push(self, note: int, unit: int, *, shift: bool) -> None:
        press, release = protocol.taps(protocol.SHIFT_NOTE)
        if shift:
            self._send(0, press)
        self.tap(note, unit)
        if shift:
            self._send(0, release)

    def _place(self, fader: int) -> tuple[int, int]:
        return (0, STRIPS) if fader == self.width else divmod(fader, STRIPS)

    def _send(self, unit: int, message: bytes) -> None:
        if message[0] == NOTE_ON:
            self._releases.note(unit, message)
        self._write(unit, message)

    def _write(self, unit: int, message: bytes) -> None:
        if unit < len(self._links):
            self._links[unit].send(message)

    def _take(self, unit: int, message: bytes) -> None:
        answer = protocol.answer(_id(unit), message) if message[0] == SYSEX else None
        if answer is None:
            self._receive(unit, message)
        elif message[5] != protocol.QUERY:
            self._send(unit, answer)
        elif self._may_answer(self._answered[unit]):
            self._send(unit, answer)
            self._on_query()

    def _may_answer(self, answered: deque[float]) -> bool:
        now = self._clock()
        if len(answered) == MOST_ANSWERS and now - answered[0] < ANSWERS_SECONDS:
            return False
        answered.append(now)
        return True


def _id(unit: int) -> int:
    return EXTENDER_ID if unit else MAIN_ID
