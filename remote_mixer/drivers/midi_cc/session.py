"""Session over one open port: values out at the pace of a cable and again until they stand, control changes in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from remote_mixer.desk.params import Value
from remote_mixer.drivers.midi_cc.control import Button, Entry, Knob
from remote_mixer.drivers.midi_cc.decoder import CallLater, Decoder, Part, Timer
from remote_mixer.drivers.midi_cc.echo import Echo
from remote_mixer.drivers.midi_ports import Link

MESSAGES_A_SECOND = 580
"""A DIN cable carries about 1,000; this stays under 600 in every second anywhere."""
ROUNDING, COARSE_ROUNDING = 1, 128
"""Tolerances of an echo: one lower is common; without the fine half, one coarse step."""

SILENT_PAUSES_SECONDS = (0.1, 0.9)
"""Pauses before a value is sent again where no echo is to be expected."""
ANSWERING_PAUSES_SECONDS = (0.1, 0.2, 0.2, 0.2, 0.3, 0.5, 0.5, 1.0, 2.0, 5.0)
"""The same where an echo is to be expected; ten seconds in all, lest a control be pulled back much later.

Some gear echoes changes alone (jack_mix_box 17): where that one echo is lost, repeats bring none, and a value that has
arrived stays unconfirmed until the next move."""
HALF_REPEATS = 2
"""Repeats after which the echo of one half is taken for the whole."""


class PacedLink:
    """A link that keeps the pace of a cable."""

    def __init__(self, link: Link, clock: Callable[[], float] = time.monotonic) -> None:
        self.link = link
        self._clock = clock
        self._free_at = clock()

    def send(self, messages: list[bytes]) -> None:
        """Send messages now; `rest` grows by the time that they take."""
        for message in messages:
            self.link.send(message)
        self._free_at = max(self._free_at, self._clock()) + len(messages) / MESSAGES_A_SECOND

    @property
    def rest(self) -> float:
        """Seconds until the next messages may leave."""
        return max(0.0, self._free_at - self._clock())


class Listener(Protocol):
    """Receiver of a session's reports, each by local path."""

    def moved(self, path: str, value: Value) -> None:
        """Receive a value that the console itself has set."""

    def confirmed(self, path: str) -> None:
        """Note that the console has echoed the value sent last."""

    def unconfirmed(self, path: str) -> None:
        """Note that no echo of the value sent last has come in time."""

    def repeat(self, path: str, value: Value) -> None:
        """Queue a value to be sent again."""


@dataclass(slots=True)
class Delivery:
    """Number sent last on a control, until the far end's echo says that it stands.

    timer    due when it is sent again; None once it was sent often enough
    repeats  how often it was queued to be sent again
    queued   whether it is queued now
    """

    raw: int
    timer: Timer | None = None
    repeats: int = 0
    queued: bool = False

    def stop(self) -> None:
        """Cancel the timer."""
        if self.timer:
            self.timer.cancel()


class Session:
    """The controls of one map on one link.

    values      the console's values by local path, as far as known
    call_later  the loop's
    clock       seconds that never go back

    MIDI acknowledges nothing, and messages do get lost: a JACK client that is late skips a period, and what stood in
    its port's buffer for that period is gone (measured: one message in thirty on a busy machine).
    """

    def __init__(
        self,
        line: PacedLink,
        values: Mapping[str, Value],
        listener: Listener,
        call_later: CallLater,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.line = line
        self._values = dict(values)
        self._listener = listener
        self._call_later = call_later
        self._clock = clock
        self._entries: Mapping[str, Entry] = {}
        self._echoes: dict[str, Echo] = {}
        self._deliveries: dict[str, Delivery] = {}
        self._silent: set[str] = set()  # controls that were sent all repeats and never echoed
        self._overtaken: dict[str, int] = {}  # numbers queued to be sent again when the console moved the control
        self._decoder = Decoder({}, self._decoded, call_later)

    def set_entries(self, entries: Mapping[str, Entry]) -> None:
        """Replace the controls; a control that stays keeps its echoes."""
        stay = {path: echo for path, echo in self._echoes.items() if entries.get(path) == self._entries[path]}
        for path in self._deliveries.keys() - stay.keys():
            self._deliveries.pop(path).stop()
        self._entries = entries
        self._echoes = {path: Echo() for path in entries} | stay
        self._decoder.set_controls({path: entry.control for path, entry in entries.items()})

    def close(self) -> None:
        """Stop the decoder and all timers."""
        self._decoder.close()
        for delivery in self._deliveries.values():
            delivery.stop()
        self._deliveries.clear()

    def answers(self, path: str) -> bool:
        """Return whether the far end has echoed a control since the port was opened."""
        return path in self._echoes and self._echoes[path].has_answered

    def receive(self, channel: int, number: int, value: int) -> None:
        """Handle an incoming control change."""
        self._decoder.take(channel, number, value)

    def send(self, path: str, value: Value) -> None:
        """Send one value; a momentary button is pressed only where that changes its state."""
        entry = self._entries.get(path)
        if not entry or (is_momentary(entry) and self._values.get(path) == value):
            return
        raw = entry.raw(value)
        if self._overtaken.pop(path, None) == raw:
            self._listener.moved(path, self._values[path])
            return
        self._values[path] = value
        self._send(path, raw, entry.messages(value))

    def send_raw(self, path: str, *numbers: int) -> None:
        """Send numbers on a control at once, whatever their meaning."""
        for raw in numbers:
            self._send(path, raw, self._entries[path].control.messages(raw))

    def _send(self, path: str, raw: int, messages: list[bytes]) -> None:
        self.line.send(messages)
        self._decoder.sent(path, raw)
        self._echoes[path].sent(raw, self._clock())
        self._await_echo(path, raw)

    def _decoded(self, path: str, raw: int, part: Part) -> None:
        entry, echo = self._entries[path], self._echoes[path]
        rounding = 0 if isinstance(entry, Button) else COARSE_ROUNDING if part is Part.COARSE else ROUNDING
        number = entry.raw(entry.value(raw)) if isinstance(entry, Button) else raw
        if part is not Part.WHOLE and self._may_lack_a_half(path, raw, rounding):
            return
        if not echo.is_echo(number, rounding, self._clock()):
            self._moved(path, entry.read(raw, rounding if part is Part.COARSE else 0))
        elif echo.is_confirmed:
            self._listener.confirmed(path)
        elif (delivery := self._deliveries[path]).timer is None:
            self._await_echo(path, delivery.raw)

    def _may_lack_a_half(self, path: str, raw: int, rounding: int) -> bool:
        """Return whether the echo of one half says little, as the other half may be lost on its way there.

        Some gear answers only one half, or the one that has changed: what it answers counts once both were sent again.
        """
        delivery = self._deliveries.get(path)
        return delivery is not None and delivery.repeats < HALF_REPEATS and abs(delivery.raw - raw) <= rounding

    def _moved(self, path: str, value: Value) -> None:
        delivery = self._deliveries.pop(path, None)
        if delivery:
            delivery.stop()
        if delivery and delivery.queued:
            self._overtaken[path] = delivery.raw
        self._values[path] = value
        self._listener.moved(path, value)

    # Values sent again

    def _await_echo(self, path: str, raw: int) -> None:
        """Begin to wait for the echo of a number; for one that was queued to be sent again, go on waiting."""
        former = self._deliveries.get(path)
        if former and former.queued and former.raw == raw:
            former.queued = False
            former.timer = former.timer or self._look_later(path, SILENT_PAUSES_SECONDS[0])
            return
        if former:
            former.stop()
        self._deliveries[path] = Delivery(raw, self._look_later(path, SILENT_PAUSES_SECONDS[0]))

    def _look_later(self, path: str, seconds: float) -> Timer:
        return self._call_later(seconds, partial(self._look, path))

    def _look(self, path: str) -> None:
        """Look for the echo of the number sent last; where there is none, queue the number once more.

        A console that answers another number to one that was sent again does stand there: it is believed.
        """
        delivery, echo = self._deliveries[path], self._echoes[path]
        delivery.timer = None
        stands_at = echo.stands_at if delivery.repeats else None
        if stands_at is not None:
            echo.forget()
            self._moved(path, self._entries[path].value(stands_at))
        elif not echo.is_confirmed:
            self._repeat(path, delivery)

    def _repeat(self, path: str, delivery: Delivery) -> None:
        """Queue a number once more and wait on; report that nothing confirms it where no echo is to be expected."""
        entry, pauses = self._entries[path], self._pauses(path)
        ended = delivery.repeats >= len(pauses)
        if ended or not self.answers(path):
            self._listener.unconfirmed(path)
        if ended:
            self._silent.add(path)
            return
        if not delivery.queued:
            delivery.repeats += 1
        delivery.timer = self._look_later(path, pauses[min(delivery.repeats, len(pauses) - 1)])
        if not is_momentary(entry) and not delivery.queued:
            delivery.queued = True
            self._listener.repeat(path, entry.value(delivery.raw))

    def _pauses(self, path: str) -> tuple[float, ...]:
        """Return the pauses between the repeats of a control's number: few where no echo is to be expected."""
        far_end_echoes = any(echo.has_answered for echo in self._echoes.values())
        awaited = self.answers(path) or (far_end_echoes and path not in self._silent)
        return ANSWERING_PAUSES_SECONDS if awaited else SILENT_PAUSES_SECONDS


def wiggle(entry: Entry, value: Value) -> list[tuple[int, ...]]:
    """Return the groups of numbers that move a control a little and end at a value, for MIDI learn in a DAW.

    Each group leaves at once. A momentary button is pressed an even number of times, so that its state stays the same.
    """
    raw = entry.raw(value)
    if isinstance(entry, Knob):
        return [(raw - 1 if raw > entry.low else raw + 1,), (raw,)] * 3
    if entry.momentary:
        return [(entry.on, entry.off)] * 2
    return [(entry.off if raw == entry.on else entry.on,), (raw,)] * 3


def resting(entry: Entry) -> Value:
    """Return a safe value for a control whose value is unknown: mid travel, or off."""
    return entry.value((entry.low + entry.high + 1) // 2 if isinstance(entry, Knob) else entry.off)


def is_momentary(entry: Entry) -> bool:
    """Return whether a control is a momentary button, which each send toggles."""
    return isinstance(entry, Button) and entry.momentary
