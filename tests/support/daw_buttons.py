"""Buttons of the test DAW: banks, transport, display."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from tests.support import daw_protocol as facts
from tests.support.daw_display import State
from tests.support.daw_output import Unit

TICK_SECONDS = 0.04
WIND_SECONDS = 1.0


class Buttons(State):
    """A state with a method `_NAME` for each button that has an effect."""

    units: list[Unit]

    @abstractmethod
    def show(self) -> None:
        """Paint what has changed."""

    @abstractmethod
    def repaint(self) -> None:
        """Paint everything again."""

    @abstractmethod
    def later(self, seconds: float, what: Callable[[], None]) -> None:
        """Call a function after some seconds, unless the DAW is closed by then."""

    def _bank_left(self) -> None:
        self._walk(-self.width)

    def _bank_right(self) -> None:
        self._walk(self.width)

    def _channel_left(self) -> None:
        self._walk(-1)

    def _channel_right(self) -> None:
        self._walk(1)

    def _walk(self, strips: int) -> None:
        before, wanted = self.first, max(0, self.first + strips)
        if self.habits.ends == "shifted":
            self.first = min(wanted, self._last())
        elif wanted <= self._last():
            self.first = wanted
        if self.first == before and self.habits.paints_at_end:
            self.repaint()

    def _last(self) -> int:
        """Return the furthest first track that this host goes to."""
        return max(0, len(self.tracks) - (1 if self.habits.ends == "padded" else self.width))

    def _flip(self) -> None:
        self.flipped = not self.flipped

    def _smpte_beats(self) -> None:
        self.beats = not self.beats

    def _cycle(self) -> None:
        self.cycling = not self.cycling

    def _record(self) -> None:
        self.recording = not self.recording

    def _rewind(self) -> None:
        self.seconds = max(0.0, self.seconds - WIND_SECONDS)

    def _forward(self) -> None:
        self.seconds += WIND_SECONDS

    def _play(self) -> None:
        if not self.rolling:
            self.rolling = True
            self._meter_modes(facts.SIGNAL_LED)
            self.later(TICK_SECONDS, self._tick)

    def _stop(self) -> None:
        self.rolling = self.recording = False
        self._meter_modes(0)

    def _meter_modes(self, mode: int) -> None:
        for unit in self.units if self.habits.meters == "rolling" else []:
            for strip in range(facts.STRIPS):
                unit.sysex(facts.METER_MODE, strip, mode)

    def _tick(self) -> None:
        if self.rolling:
            self.seconds += TICK_SECONDS
            self.show()
            self.later(TICK_SECONDS, self._tick)
