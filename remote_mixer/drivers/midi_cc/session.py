"""The talk over one open port: values to control changes and back, at the pace of a cable, and without echoes."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.midi_cc.control import Button, Entry, Knob
from remote_mixer.drivers.midi_cc.decoder import CallLater, Decoder, Timer
from remote_mixer.drivers.midi_ports import Link
from remote_mixer.drivers.outbox import Outbox

ECHO_SECONDS = 0.15
"""How long after the last send an answer may be an echo of any value of the gesture."""
SETTLED_SECONDS = 1.0
"""How long after the last send a value beside ours is the console's rounding; later it is a step of its own."""
MOST_REMEMBERED = 256


class Echo:
    """What was sent on one control, and whether what comes back is that. Times are in seconds, of any steady clock."""

    def __init__(self) -> None:
        self._sent: deque[int] = deque(maxlen=MOST_REMEMBERED)
        self._last_at = 0.0
        self._answered: tuple[int, int] | None = None  # the number, and its tolerance

    def sent(self, raw: int, now: float) -> None:
        """Note a number that was sent."""
        if now - self._last_at > ECHO_SECONDS:
            self._sent.clear()
        self._sent.append(raw)
        self._last_at = now
        self._answered = None

    def is_echo(self, raw: int, tolerance: int, now: float) -> bool:
        """Tell whether a number that came is ours, within the tolerance; after one that is not, none is until we send.

        Answers come in the order of what they answer, so a number that we have been at before the one last answered is
        not taken for ours again.
        """
        if not self._sent:
            return False
        candidates = list(self._sent) if now - self._last_at <= ECHO_SECONDS else [self._sent[-1]]
        place = next((p for p, ours in enumerate(candidates) if abs(ours - raw) <= tolerance), None)
        if place is None or now - self._last_at > SETTLED_SECONDS:
            self._sent.clear()
            return False
        self._answered = raw, tolerance
        for _ in range(place if len(candidates) > 1 else 0):
            self._sent.popleft()
        return True

    @property
    def stands_at(self) -> int | None:
        """Where the console says it stands, if that is not where it was sent last; None if it is, or said nothing."""
        if not self._sent or not self._answered:
            return None
        raw, tolerance = self._answered
        return raw if abs(self._sent[-1] - raw) > tolerance else None

    def rest(self, now: float) -> float:
        """Return how many seconds it still takes until no answer to an earlier value can come; 0 or less: none."""
        return self._last_at + ECHO_SECONDS - now

    def forget(self) -> None:
        """Take nothing that comes for ours, until something is sent."""
        self._sent.clear()


MESSAGES_A_SECOND = 580
"""A DIN cable carries about 1,000; a little under 600, so that no second anywhere holds more than these."""
ROUNDING, COARSE_ROUNDING = 1, 128
"""What a console may answer beside what it was sent: one lower is common; without the fine half, a coarse step."""


class Line:
    """A link whose messages leave at the pace."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self._free_at = time.monotonic()

    def send(self, messages: list[bytes]) -> None:
        """Send messages now; `rest` grows by the time that they take."""
        for message in messages:
            self.link.send(message)
        self._free_at = max(self._free_at, time.monotonic()) + len(messages) / MESSAGES_A_SECOND

    @property
    def rest(self) -> float:
        """Seconds until the next messages may leave."""
        return max(0.0, self._free_at - time.monotonic())


class Playing:
    """The controls of one map on one line.

    stands      where the console stands, by local path, as far as is known
    tell        takes (local path, value) when the console moved something itself
    call_later  the loop's
    """

    def __init__(
        self, line: Line, stands: Mapping[str, Value], tell: Callable[[str, Value], None], call_later: CallLater
    ) -> None:
        self.line = line
        self._stands = dict(stands)
        self._tell = tell
        self._outbox = Outbox(self._transmit, lambda path: line.rest, call_later)
        self._call_later = call_later
        self._settling: dict[str, Timer] = {}
        self._entries: Mapping[str, Entry] = {}
        self._echoes: dict[str, Echo] = {}
        self._decoder = Decoder({}, self._heard, call_later)

    def lay(self, entries: Mapping[str, Entry]) -> None:
        """Take the controls of a map in place of those before; answers to one that stays are still its echoes."""
        stay = {path: echo for path, echo in self._echoes.items() if entries.get(path) == self._entries[path]}
        for path in self._settling.keys() - stay.keys():
            self._settling.pop(path).cancel()
        self._entries = entries
        self._echoes = {path: Echo() for path in entries} | stay
        self._decoder.lay({path: entry.control for path, entry in entries.items()})

    def close(self) -> None:
        """Send nothing that still waits, and wait for nothing any more."""
        self._outbox.clear()
        self._decoder.close()
        for timer in self._settling.values():
            timer.cancel()
        self._settling.clear()

    def hear(self, channel: int, number: int, value: int) -> None:
        """Take a control change that came in."""
        self._decoder.take(channel, number, value)

    def send(self, values: Mapping[str, Value]) -> None:
        """Bring the console to values, each at its turn and the newest of each path."""
        self._outbox.put(values)

    def _transmit(self, path: str, value: Value) -> None:
        """Send one value; a momentary button is pressed only where that brings it there."""
        entry = self._entries.get(path)
        if not entry or (turns_round(entry) and self._stands.get(path) == value):
            return
        self._stands[path] = value
        self._send(path, entry.raw(value), entry.messages(value))

    def put(self, path: str, *numbers: int) -> None:
        """Send numbers on a control at once, whatever they stand for."""
        for raw in numbers:
            self._send(path, raw, self._entries[path].control.messages(raw))

    def _send(self, path: str, raw: int, messages: list[bytes]) -> None:
        self.line.send(messages)
        self._decoder.sent(path, raw)
        self._echoes[path].sent(raw, time.monotonic())

    def _heard(self, path: str, raw: int, coarse: bool) -> None:
        entry, echo = self._entries[path], self._echoes[path]
        value = entry.value(raw)
        rounding = 0 if isinstance(entry, Button) else COARSE_ROUNDING if coarse else ROUNDING
        if not echo.is_echo(entry.raw(value), rounding, time.monotonic()):
            self._moved(path, value)
        elif echo.stands_at is not None and path not in self._settling:
            self._settle(path)

    def _settle(self, path: str) -> None:
        """Wait until no answer to an earlier value can come; if the console then stands elsewhere, so does the page."""
        self._settling.pop(path, None)
        echo = self._echoes[path]
        rest = echo.rest(time.monotonic())
        if rest > 0:
            self._settling[path] = self._call_later(rest, lambda: self._settle(path))
        elif echo.stands_at is not None:
            raw = echo.stands_at
            echo.forget()
            self._moved(path, self._entries[path].value(raw))

    def _moved(self, path: str, value: Value) -> None:
        self._stands[path] = value
        self._tell(path, value)


def wiggle(entry: Entry, value: Value) -> list[tuple[int, ...]]:
    """Return the numbers that move a control a little and end at a value, for a DAW that listens for what moves.

    What stands together leaves together. A momentary button is pressed an even number of times, so that its state
    stays, whatever it is.
    """
    raw = entry.raw(value)
    if isinstance(entry, Knob):
        return [(raw - 1 if raw > entry.low else raw + 1,), (raw,)] * 3
    if entry.momentary:
        return [(entry.on, entry.off)] * 2
    return [(entry.off if raw == entry.on else entry.on,), (raw,)] * 3


def resting(entry: Entry) -> Value:
    """Return where a control whose value is not known does least harm: the middle of its travel, or off."""
    return entry.value((entry.low + entry.high + 1) // 2 if isinstance(entry, Knob) else entry.off)


def turns_round(entry: Entry) -> bool:
    """Tell whether a control is a momentary button: sent once more, it would turn the console's state round."""
    return isinstance(entry, Button) and entry.momentary
