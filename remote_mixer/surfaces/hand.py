"""Hand of one surface on the desk. What the desk refuses is an answer here, so that a motor can go back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Choice, Position, Toggle, Value
from remote_mixer.desk.readings import control_of
from remote_mixer.desk.refusal import Code, Held, Refusal
from remote_mixer.desk.sources import Source

SLACK = 1e-5
"""Least step of a position on the wire: at the limit itself, rounding could be above it."""


class Grip(Protocol):
    """Fader under a finger."""

    def lost(self) -> None:
        """Take notice that another hand has it, or that its console has gone."""

    def rebased(self, position: float) -> None:
        """Count from the console's own position from now on."""


class Hand:
    """One surface's hand.

    source   returns who it is to the desk
    touched  called with each move
    """

    def __init__(self, desk: Desk, source: Callable[[], Source], touched: Callable[[], None] = lambda: None) -> None:
        self.desk, self._source, self._touched = desk, source, touched
        self._grips: dict[str, Grip] = {}
        desk.hold_listeners.append(self._hold_changed)
        desk.rebase_listeners.append(self._rebased)

    # Reading

    def value(self, path: str) -> Value:
        """Return a value; None where it is not known, or there is no such param."""
        return self.desk.values.get(path)

    def position(self, path: str) -> float | None:
        """Return a position; None where it is not known, or there is none."""
        value = self.value(path)
        return value if isinstance(value, float) else None

    def reading(self, path: str) -> str:
        """Return a value as people read it; "" where there is no such param."""
        if path not in self.desk.values:
            return ""
        layout = self.desk.layouts[paths.console_of(path)]
        return control_of(layout, self.desk.param(path)).reading(self.desk.values[path])

    def other_holder(self, path: str) -> str | None:
        """Return the client, another than this one, that holds a param."""
        holder = self.desk.holder(path)
        return holder if holder != self._source().id else None

    # Holding

    def hold(self, path: str, grip: Grip, *, take: bool = False) -> Refusal | None:
        """Begin or prolong a hold; `take` takes it over from another hand of no higher role.

        A second fader of this hand on the same param is refused: each would make it leap to its own place.
        """
        if self._grips.get(path, grip) is not grip:
            return Held(path, self._source().id)
        try:
            self.desk.hold(path, self._source(), take=take)
        except Refusal as refusal:
            return refusal
        self._grips[path] = grip
        return None

    def release(self, path: str, grip: Grip) -> None:
        """End a hold of this grip."""
        if self._grips.get(path) is grip:
            del self._grips[path]
            self.desk.release(path, self._source())

    def _hold_changed(self, path: str, by: str | None, former: str | None) -> None:
        if former == self._source().id and (grip := self._grips.pop(path, None)):
            grip.lost()

    def _rebased(self, path: str, client: str, value: Value) -> None:
        grip = self._grips.get(path) if client == self._source().id else None
        if grip and isinstance(value, float):
            grip.rebased(value)
            self.desk.rebased(path, self._source())

    # Setting

    def set(self, path: str, value: Value) -> Refusal | None:
        """Set one param."""
        try:
            self.desk.set({path: value}, self._source())
        except Refusal as refusal:
            return refusal
        self._touched()
        return None

    def move(self, path: str, wanted: float) -> Refusal | None:
        """Set a position; where a limit refuses it, as high as it allows now."""
        refusal = self.set(path, wanted)
        if refusal and refusal.code is Code.LIMIT:
            self._rise(path)
        return refusal

    def _rise(self, path: str) -> None:
        param, present = self.desk.param(path), self.desk.values[path]
        if isinstance(param, Position):
            highest = param.below(self.desk.rights.highest(path, param, present, self._source()) - SLACK)
            if highest > (self.position(path) or 0.0):
                self.set(path, highest)

    def toggle(self, path: str) -> Refusal | None:
        """Switch a toggle over; one that is not known goes on."""
        return self.set(path, self.value(path) is not True)

    def turn(self, path: str, ticks: int, step: float) -> Refusal | None:
        """Turn a param by ticks: a position by so many steps (0–1), a choice by entries, a toggle on or off."""
        match self.desk.param(path), self.value(path):
            case Position() as param, float() as present:
                grid = max(step, 1 / (param.steps - 1) if param.steps else 0.0)
                return self.move(path, min(max(present + ticks * grid, 0.0), 1.0))
            case Choice() as param, str() as present if present in param.choices:
                place = param.choices.index(present) + (1 if ticks > 0 else -1)
                return self.set(path, param.choices[min(max(place, 0), len(param.choices) - 1)])
            case Toggle(), _:
                return self.set(path, ticks > 0)
        return None
