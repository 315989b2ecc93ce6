"""Control changes as they come in → the params that they move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
"""How long a coarse half (MSB) waits for its fine half; a DIN cable brings it within 1 ms, and some never send it."""


class Timer(Protocol):
    """What `CallLater` returns."""

    def cancel(self) -> None:
        """Let it not happen."""


CallLater = Callable[[float, Callable[[], None]], Timer]
"""The loop's: seconds, and what to call then."""


class Choice:
    """Which NRPN each MIDI channel's data entry goes to: it sticks until another one, an RPN or none is chosen."""

    def __init__(self) -> None:
        self._chosen: dict[int, dict[int, int]] = {}

    def take(self, channel: int, number: int, value: int) -> bool:
        """Note a control change; tell whether it was one that chooses."""
        if number in {RPN_MSB, RPN_LSB}:
            self._chosen.pop(channel, None)
        elif number in {NRPN_MSB, NRPN_LSB}:
            self._chosen.setdefault(channel, {})[number] = value
        else:
            return False
        return True

    def of(self, channel: int) -> int | None:
        """Return the NRPN that is chosen on a MIDI channel; None for none."""
        chosen = self._chosen.get(channel, {})
        if len(chosen) < 2:
            return None
        number = chosen[NRPN_MSB] * 128 + chosen[NRPN_LSB]
        return number if number <= MOST_NRPN else None


class Decoder:
    """Puts control changes together to values of the controls it was told.

    controls    by path
    tell        takes (path, number, coarse); coarse: only the upper 7 of 14 bits came
    call_later  the loop's
    """

    def __init__(
        self, controls: Mapping[str, Control], tell: Callable[[str, int, bool], None], call_later: CallLater
    ) -> None:
        self._tell = tell
        self._call_later = call_later
        self._controls: Mapping[str, Control] = {}
        self._routes: dict[tuple[str, int, int], tuple[str, str]] = {}
        self._choice = Choice()
        self._msb: dict[str, int] = {}
        self._waiting: dict[str, Timer] = {}
        self._half = {"whole": self._whole, "msb": self._coarse, "lsb": self._fine}
        self.lay(controls)

    def lay(self, controls: Mapping[str, Control]) -> None:
        """Take controls in place of those before; one that stays keeps the half that came of it."""
        for path in [path for path, control in self._controls.items() if controls.get(path) != control]:
            self._forget_timer(path)
            self._msb.pop(path, None)
        self._controls = controls
        self._routes = {}
        for path, control in controls.items():
            self._routes |= _routes(path, control)

    def take(self, channel: int, number: int, value: int) -> None:
        """Take one control change; what moves nothing here is ignored."""
        route = self._routes.get((CC, channel, number)) or self._by_choice(channel, number, value)
        if route:
            path, half = route
            self._half[half](path, value)

    def sent(self, path: str, raw: int) -> None:
        """Note what we sent on a control, so that a fine half alone means a step from there."""
        self._forget_timer(path)
        self._msb[path] = raw >> 7

    def close(self) -> None:
        """Wait for nothing any more."""
        for path in list(self._waiting):
            self._forget_timer(path)

    def _by_choice(self, channel: int, number: int, value: int) -> tuple[str, str] | None:
        if self._choice.take(channel, number, value) or number not in {DATA_MSB, DATA_LSB}:
            return None
        chosen = self._choice.of(channel)
        path, _ = self._routes.get((NRPN, channel, -1 if chosen is None else chosen), ("", ""))
        return (path, "msb" if number == DATA_MSB else "lsb") if path else None

    def _whole(self, path: str, value: int) -> None:
        self._tell(path, value, False)

    def _coarse(self, path: str, value: int) -> None:
        self._forget_timer(path)
        self._msb[path] = value
        self._waiting[path] = self._call_later(LSB_SECONDS, lambda: self._no_fine_half(path))

    def _no_fine_half(self, path: str) -> None:
        del self._waiting[path]
        self._tell(path, self._msb[path] << 7, True)

    def _fine(self, path: str, value: int) -> None:
        self._forget_timer(path)
        if path in self._msb:  # alone it says nothing
            self._tell(path, self._msb[path] << 7 | value, False)

    def _forget_timer(self, path: str) -> None:
        timer = self._waiting.pop(path, None)
        if timer:
            timer.cancel()


def _routes(path: str, control: Control) -> dict[tuple[str, int, int], tuple[str, str]]:
    """Return (CC or NRPN, MIDI channel, number) → (path, which half)."""
    place = (NRPN if control.kind == NRPN else CC, control.channel, control.number)
    if control.kind == PAIR:
        return {place: (path, "msb"), (CC, control.channel, control.lsb): (path, "lsb")}
    return {place: (path, "whole" if control.kind == CC else "nrpn")}
