"""Learning on the page: a person names a param, then moves the control for it at the far end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from remote_mixer.drivers.midi_cc.control import CC, DATA_LSB, DATA_MSB, NRPN, PAIR, Control
from remote_mixer.drivers.midi_cc.decoder import Choice
from remote_mixer.drivers.midi_cc.model import Map, owner

LSB_ABOVE = 32
"""The fine half of CC 0–31 has, by the MIDI specification, a number 32 higher."""


class Learner:
    """Listens to control changes until one control has moved."""

    def __init__(self) -> None:
        self._choice = Choice()
        self._heard: dict[Control, set[int]] = {}
        self._half: dict[Control, int] = {}  # coarse halves that wait for their fine ones
        self._pairs: set[Control] = set()
        self._last: tuple[int, int] = (0, 0)

    def take(self, channel: int, number: int, value: int) -> Control | None:
        """Take one control change; return the control that it shows to have moved, None while nothing is sure."""
        before, self._last = self._last, (channel, number)
        if self._choice.take(channel, number, value):
            return None
        chosen = self._choice.of(channel)
        if chosen is not None and number in {DATA_MSB, DATA_LSB}:
            return self._halves(Control(NRPN, channel, chosen), value, coarse=number == DATA_MSB)
        pair = Control(PAIR, channel, number % LSB_ABOVE, number % LSB_ABOVE + LSB_ABOVE)
        if before == (channel, number - LSB_ABOVE) and number < 2 * LSB_ABOVE:
            self._meet(pair, before[1])
        if pair in self._pairs and number in {pair.number, pair.lsb}:
            return self._halves(pair, value, coarse=number == pair.number)
        return self._whole(Control(CC, channel, number), value)

    def _meet(self, pair: Control, number: int) -> None:
        """Note that two CCs are the halves of one value; what was heard of the first one alone was its coarse half."""
        if pair not in self._pairs:
            self._pairs.add(pair)
            heard = self._heard.pop(Control(CC, pair.channel, number), {0})
            self._half[pair] = max(heard)

    def _whole(self, control: Control, value: int) -> Control | None:
        heard = self._heard.setdefault(control, set())
        heard.add(value)
        return control if len(heard) > 1 else None

    def _halves(self, control: Control, value: int, *, coarse: bool) -> Control | None:
        """Count a value when its fine half comes, or when a next coarse half shows that none will."""
        if not coarse:
            return self._whole(control, self._half.pop(control, 0) << 7 | value)
        former = self._half.get(control)
        self._half[control] = value
        return self._whole(control, former << 7) if former is not None else None


LEARN_SECONDS = 60.0


class Learning:
    """Which param is being learned, if any.

    show     told its local path, or an empty text when nothing is learned any more
    learned  told (local path, control) once
    say      told why nothing is learned yet
    """

    def __init__(
        self, show: Callable[[str], None], learned: Callable[[str, Control], None], say: Callable[[str], None]
    ) -> None:
        self.path = ""
        self._show = show
        self._learned = learned
        self._say = say
        self._learner = Learner()
        self._timer: asyncio.TimerHandle | None = None

    def start(self, path: str) -> None:
        """Learn a param, by its local path, in place of any other."""
        self.stop()
        self._learner = Learner()
        self._timer = asyncio.get_running_loop().call_later(LEARN_SECONDS, self._give_up)
        self._set(path)

    def stop(self) -> None:
        """Learn nothing any more."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self.path:
            self._set("")

    def take(self, told: Map, channel: int, number: int, value: int) -> None:
        """Listen to a control change; what moves another param already is not meant, as a DAW's own movements."""
        control = self._learner.take(channel, number, value) if self.path else None
        if not control:
            return
        former = owner(told, control, self.path)
        if former:
            self._say(f"{control} moves {former} already: move another control, or take it off there first.")
            return
        path = self.path
        self.stop()
        self._learned(path, control)

    def _give_up(self) -> None:
        self.stop()
        self._say(f"No control was moved within {LEARN_SECONDS:g} s: nothing was learned.")

    def _set(self, path: str) -> None:
        self.path = path
        self._show(path)
