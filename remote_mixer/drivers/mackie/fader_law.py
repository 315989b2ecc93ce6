"""Law of the DAW's faders, learned from its own texts: a DAW paints dB only after a move, and only of that fader."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping

from remote_mixer.desk.params import Value
from remote_mixer.midi.mackie import CELL, FADER_STEPS

REST_SECONDS = 0.7
"""Time after which a text surely belongs to the position beside it: it is out of date earlier; see `texts`."""
NEAR_STEPS, NEAR_DB = 64, 3.0
"""Distance of two learned positions between which a level is a straight line, in steps of the fader or in dB."""
LEARNED = "≈"
"""Begins a text that was learned and not painted."""
UNKNOWN = "–"
"""Text of a fader whose level is not known, beside others with levels: percents would be taken for dB there."""

_LEVEL = re.compile(r"([+-]?\d+(?:[.,]\d+)?) ?dB", re.IGNORECASE)


class FaderLaw:
    """Levels by position, from pairs of position and text."""

    def __init__(self) -> None:
        self._levels: dict[int, float] = {}
        self._steps: list[int] = []

    @property
    def known(self) -> bool:
        """Whether any pair was learned."""
        return bool(self._steps)

    def learn(self, position: float, text: str) -> None:
        """Learn a pair; a text that is no level in dB is ignored."""
        level = _LEVEL.fullmatch(text)
        if level:
            self._levels[_step(position)] = float(level[1].replace(",", "."))
            self._steps = sorted(self._levels)

    def text(self, position: float) -> str:
        """Return the text of a position, marked as learned; UNKNOWN where no learned ones are near."""
        level = self._level(_step(position))
        if level is None:
            return UNKNOWN
        texts = (f"{LEARNED}{level:.{decimals}f}dB" for decimals in (1, 0))
        return next((text for text in texts if len(text) <= CELL), UNKNOWN)

    def _level(self, step: int) -> float | None:
        if step in self._levels:
            return self._levels[step]
        at = bisect(self._steps, step)
        if not 0 < at < len(self._steps):
            return None
        low, high = self._steps[at - 1], self._steps[at]
        rise = self._levels[high] - self._levels[low]
        if high - low > NEAR_STEPS and abs(rise) > NEAR_DB:
            return None
        return self._levels[low] + rise * (step - low) / (high - low)


def _step(position: float) -> int:
    return round(position * (FADER_STEPS - 1))


class Levels:
    """Texts of all faders in one row: the DAW's own where it has painted them, else learned ones.

    values  what the desk has, by full path
    clock   seconds
    """

    def __init__(self, values: Callable[[], Mapping[str, Value]], clock: Callable[[], float]) -> None:
        self._values, self._clock = values, clock
        self._law = FaderLaw()
        self._resting: dict[str, tuple[Value, Value, float]] = {}  # fader → position, text, and since when

    def news(self) -> dict[str, Value]:
        """Learn from faders at rest; return the texts of the others, where they have changed."""
        faders = list(self._faders())
        for path, position, text in faders:
            self._rest(path, position, text)
        if not self._law.known and not any(_is_painted(text) for _, _, text in faders):
            return {}
        texts = {f"{path}/text": self._text(position) for path, position, text in faders if not _is_painted(text)}
        return {path: text for path, text in texts.items() if self._values().get(path) != text}

    def _faders(self) -> Iterator[tuple[str, Value, Value]]:
        values = self._values()
        for path, position in values.items():
            if path.endswith("/fader"):
                yield path, position, values.get(f"{path}/text")

    def _rest(self, path: str, position: Value, text: Value) -> None:
        former = self._resting.get(path)
        if former is None or former[:2] != (position, text):
            self._resting[path] = (position, text, self._clock())
        elif self._clock() - former[2] > REST_SECONDS and isinstance(text, str) and isinstance(position, float):
            self._law.learn(position, text)

    def _text(self, position: Value) -> Value:
        return self._law.text(position) if isinstance(position, float) else None


def _is_painted(text: Value) -> bool:
    """Return whether the DAW has painted a text."""
    return isinstance(text, str) and not text.startswith((LEARNED, UNKNOWN))
