"""MIDI learn: a person chooses a param, then moves its control at the gear."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from remote_mixer.drivers.midi_cc.control import CC, DATA_LSB, DATA_MSB, NRPN, PAIR, Control
from remote_mixer.drivers.midi_cc.decoder import NrpnSelection
from remote_mixer.drivers.midi_cc.model import Map, owner

LSB_ABOVE = 32
"""By the MIDI specification the fine half of CC 0–31 has a number 32 higher."""


class Learner:
    """Recognises the one control that moves, from two differing values."""

    def __init__(self) -> None:
        self._selection = NrpnSelection()
        self._values: dict[Control, set[int]] = {}
        self._half: dict[Control, int] = {}  # coarse halves that wait for their fine ones
        self._pairs: set[Control] = set()
        self._last: tuple[int, int] = (0, 0)

    def take(self, channel: int, number: int, value: int) -> Control | None:
        """Handle one control change; return the control that has moved, None while that is not certain."""
        before, self._last = self._last, (channel, number)
        if self._selection.take(channel, number, value):
            return None
        chosen = self._selection.of(channel)
        if chosen is not None and number in {DATA_MSB, DATA_LSB}:
            return self._halves(Control(NRPN, channel, chosen), value, coarse=number == DATA_MSB)
        pair = Control(PAIR, channel, number % LSB_ABOVE, number % LSB_ABOVE + LSB_ABOVE)
        if before == (channel, number - LSB_ABOVE) and number < 2 * LSB_ABOVE:
            self._meet(pair, before[1])
        if pair in self._pairs and number in {pair.number, pair.lsb}:
            return self._halves(pair, value, coarse=number == pair.number)
        return self._whole(Control(CC, channel, number), value)

    def _meet(self, pair: Control, number: int) -> None:
        """Record that two CCs are halves of one value; values of the first one so far were coarse halves."""
        if pair not in self._pairs:
            self._pairs.add(pair)
            values = self._values.pop(Control(CC, pair.channel, number), {0})
            self._half[pair] = max(values)

    def _whole(self, control: Control, value: int) -> Control | None:
        values = self._values.setdefault(control, set())
        values.add(value)
        return control if len(values) > 1 else None

    def _halves(self, control: Control, value: int, *, coarse: bool) -> Control | None:
        """Count a value at its fine half, or at the next coarse half if no fine one came."""
        if not coarse:
            return self._whole(control, self._half.pop(control, 0) << 7 | value)
        former = self._half.get(control)
        self._half[control] = value
        return self._whole(control, former << 7) if former is not None else None


LEARN_SECONDS = 60.0


class LearnMode:
    """The param that is being learned, if any.

    on_path     called with its local path, or with an empty text when learning ends
    on_learned  called once with (local path, control)
    on_notice   called with the reason why nothing is learned yet
    """

    def __init__(
        self,
        on_path: Callable[[str], None],
        on_learned: Callable[[str, Control], None],
        on_notice: Callable[[str], None],
    ) -> None:
        self.path = ""
        self._on_path = on_path
        self._on_learned = on_learned
        self._on_notice = on_notice
        self._learner = Learner()
        self._timer: asyncio.TimerHandle | None = None

    def start(self, path: str) -> None:
        """Start to learn a param, by its local path, in place of any other."""
        self.stop()
        self._learner = Learner()
        self._timer = asyncio.get_running_loop().call_later(LEARN_SECONDS, self._give_up)
        self._set(path)

    def stop(self) -> None:
        """Stop learning."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self.path:
            self._set("")

    def take(self, midi_map: Map, channel: int, number: int, value: int) -> None:
        """Handle a control change; controls in use are skipped, since a DAW that plays moves them by itself."""
        control = self._learner.take(channel, number, value) if self.path else None
        if not control:
            return
        former = owner(midi_map, control, self.path)
        if former:
            self._on_notice(f"{control} already moves {former}: move another control, or unbind it there first.")
            return
        path = self.path
        self.stop()
        self._on_learned(path, control)

    def _give_up(self) -> None:
        self.stop()
        self._on_notice(f"No control was moved within {LEARN_SECONDS:g} s: nothing was learned.")

    def _set(self, path: str) -> None:
        self.path = path
        self._on_path(path)
