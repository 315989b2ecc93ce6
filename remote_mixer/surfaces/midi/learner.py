"""Learner: which control a person moves, and of which kind it is, by what it sends. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from remote_mixer.surfaces.midi.map_file import CC, MOST_NUMBER, PICK_UP, RELATIVE, TOGGLE, USUAL_KIND, Address

REST_SECONDS = 0.4
"""Time without a message after which a control has been moved: a key is up again by then, a fader at its end."""
LONGEST_SECONDS = 2.0
MOST_TICKS = 16
"""Most ticks that an encoder sends at once when it is turned fast."""
JUMP = 32
"""Difference between two values in a row that no finger makes at a fader."""
FINE = 32
"""Difference of the numbers of a pair's halves, as the MIDI standard has it."""


class Learned(NamedTuple):
    """Control that was moved: the address of its messages, its kind, and the number of a pair's fine half."""

    address: Address
    kind: str
    fine: int | None = None


class Learner:
    """Messages of a controller while a person moves one control of it. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._values: dict[Address, list[int]] = {}
        self._began_at = self._last_at = 0.0

    def take(self, address: Address, value: int) -> None:
        """Take a message."""
        self._last_at = self._clock()
        if not self._values:
            self._began_at = self._last_at
        self._values.setdefault(address, []).append(value)

    def result(self) -> Learned | None:
        """Return the control, once it rests, or has been moved long enough; None until then.

        A fader may send a key as well, when it is touched: what sent most is what was moved.
        """
        now = self._clock()
        if not self._values or (now - self._last_at < REST_SECONDS and now - self._began_at < LONGEST_SECONDS):
            return None
        address = max(self._values, key=lambda one: len(self._values[one]))
        kind, channel, number = address
        coarse = kind, channel, number - FINE
        if coarse in self._values:
            return Learned(coarse, PICK_UP, number)
        if kind == CC and (kind, channel, number + FINE) in self._values:
            return Learned(address, PICK_UP, number + FINE)
        return Learned(address, kind_of(address, self._values[address]))


def kind_of(address: Address, values: Sequence[int]) -> str:
    """Return the likeliest kind of a control by the values that it sent; of an endless encoder, turned to the right."""
    if address[0] != CC:
        return USUAL_KIND[address[0]]
    if set(values) <= {0, MOST_NUMBER}:
        return TOGGLE
    if all(first != second and abs(first - second) < JUMP for first, second in pairwise(values)):
        return PICK_UP  # a fader never sends one place twice
    return next((kind for kind in RELATIVE if _are_ticks(kind, values)), PICK_UP)


def _are_ticks(kind: str, values: Sequence[int]) -> bool:
    return all(0 < abs(RELATIVE[kind](value)) <= MOST_TICKS for value in values)
