"""Decoder of incoming control changes: from messages to values of controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Protocol

from remote_mixer.drivers.midi_cc.control import (
    CC,
    DATA_LSB,
    DATA_MSB,
    MOST_NRPN,
    NRPN,
    NRPN_LSB,
    NRPN_MSB,
    PAIR,
    RPN_LSB,
    RPN_MSB,
    Control,
)

LSB_SECONDS = 0.02
"""Time that a coarse half (MSB) waits for its fine half; a DIN cable takes 1 ms, and some gear never sends it."""


class Part(Enum):
    """Part of a number that came."""

    WHOLE = auto()
    COARSE = auto()
    """The upper 7 of 14 bits alone."""
    FINE = auto()
    """The lower 7 of 14 bits alone; the upper ones are those that we sent."""


class Timer(Protocol):
    """A pending call."""

    def cancel(self) -> None:
        """Cancel the call."""


CallLater = Callable[[float, Callable[[], None]], Timer]
"""The loop's `call_later`: seconds, and the function to call."""


class NrpnSelection:
    """The selected NRPN of each MIDI channel, kept until another NRPN, an RPN or none is selected."""

    def __init__(self) -> None:
        self._chosen: dict[int, dict[int, int]] = {}

    def take(self, channel: int, number: int, value: int) -> bool:
        """Handle a control change; return whether it changes the selection."""
        if number in {RPN_MSB, RPN_LSB}:
            self._chosen.pop(channel, None)
        elif number in {NRPN_MSB, NRPN_LSB}:
            self._chosen.setdefault(channel, {})[number] = value
        else:
            return False
        return True

    def of(self, channel: int) -> int | None:
        """Return the selected NRPN of a MIDI channel; None for none."""
        chosen = self._chosen.get(channel, {})
        if len(chosen) < 2:
            return None
        number = chosen[NRPN_MSB] * 128 + chosen[NRPN_LSB]
        return number if number <= MOST_NRPN else None


class Decoder:
    """Control changes → numbers of known controls.

    controls    by path
    on_value    called with (path, number, part)
    call_later  the loop's
    """

    def __init__(
        self, controls: Mapping[str, Control], on_value: Callable[[str, int, Part], None], call_later: CallLater
    ) -> None:
        self._on_value = on_value
        self._call_later = call_later
        self._controls: Mapping[str, Control] = {}
        self._routes: dict[tuple[str, int, int], tuple[str, str]] = {}
        self._selection = NrpnSelection()
        self._msb: dict[str, int] = {}
        self._ours: set[str] = set()  # paths whose coarse half in `_msb` was sent by us and not received since
        self._waiting: dict[str, Timer] = {}
        self._half = {"whole": self._whole, "msb": self._coarse, "lsb": self._fine}
        self.set_controls(controls)

    def set_controls(self, controls: Mapping[str, Control]) -> None:
        """Replace the controls; a control that stays keeps its received half."""
        for path in [path for path, control in self._controls.items() if controls.get(path) != control]:
            self._forget_timer(path)
            self._msb.pop(path, None)
        self._controls = controls
        self._routes = {}
        for path, control in controls.items():
            self._routes |= _routes(path, control)

    def take(self, channel: int, number: int, value: int) -> None:
        """Handle one control change; one of no known control is ignored."""
        route = self._routes.get((CC, channel, number)) or self._by_choice(channel, number, value)
        if route:
            path, half = route
            self._half[half](path, value)

    def sent(self, path: str, raw: int) -> None:
        """Record a number that we sent, as the base for a fine half that comes alone."""
        self._forget_timer(path)
        self._msb[path] = raw >> 7
        self._ours.add(path)

    def close(self) -> None:
        """Cancel all timers."""
        for path in list(self._waiting):
            self._forget_timer(path)

    def _by_choice(self, channel: int, number: int, value: int) -> tuple[str, str] | None:
        if self._selection.take(channel, number, value) or number not in {DATA_MSB, DATA_LSB}:
            return None
        chosen = self._selection.of(channel)
        path, _ = self._routes.get((NRPN, channel, -1 if chosen is None else chosen), ("", ""))
        return (path, "msb" if number == DATA_MSB else "lsb") if path else None

    def _whole(self, path: str, value: int) -> None:
        self._on_value(path, value, Part.WHOLE)

    def _coarse(self, path: str, value: int) -> None:
        self._forget_timer(path)
        self._msb[path] = value
        self._ours.discard(path)
        self._waiting[path] = self._call_later(LSB_SECONDS, lambda: self._no_fine_half(path))

    def _no_fine_half(self, path: str) -> None:
        del self._waiting[path]
        self._on_value(path, self._msb[path] << 7, Part.COARSE)

    def _fine(self, path: str, value: int) -> None:
        self._forget_timer(path)
        if path in self._msb:  # a fine half without a coarse one has no value
            part = Part.FINE if path in self._ours else Part.WHOLE
            self._on_value(path, self._msb[path] << 7 | value, part)

    def _forget_timer(self, path: str) -> None:
        timer = self._waiting.pop(path, None)
        if timer:
            timer.cancel()


def _routes(path: str, control: Control) -> dict[tuple[str, int, int], tuple[str, str]]:
    """Return (CC or NRPN, MIDI channel, number) → (path, half)."""
    place = (NRPN if control.kind == NRPN else CC, control.channel, control.number)
    if control.kind == PAIR:
        return {place: (path, "msb"), (CC, control.channel, control.lsb): (path, "lsb")}
    return {place: (path, "whole" if control.kind == CC else "nrpn")}
