"""Two simulated sound cards with a crystal each: one of them hears, the other asks the mix for its outputs."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.library import CARD_PROCESS, INPUT_PROCESS
from remote_mixer.engine.mixer import Table
from remote_mixer.engine.rates import rate
from remote_mixer.engine.ring import DRIFT, PLACE, TAPS, Ring, new_ring
from remote_mixer.engine.turn_memory import Ports, new_device, usual_feeds
from tests.engine.bare_mixer import Playing, Sound, enter
from tests.engine.test_callbacks import Process

Reals = NDArray[np.float64]
Heard = Callable[[Reals], Reals]
"""Sound at the microphones by the time in seconds: (frames,) for all inputs, or (frames, inputs)."""


class Pair:
    """A card whose outputs keep the engine's time, and one whose inputs are `ppm` faster."""

    def __init__(
        self, mixer: Playing, sound: Heard, ppm: float = 0, jitter: float = 0, frames: int = 128, inputs: int = 1
    ) -> None:
        self.sound, self.jitter, self.frames, self.inputs = sound, jitter, frames, inputs
        self.ring: Ring = new_ring(inputs, frames)
        self.signals = mixer.mixer.signals
        ports = Ports([0] * inputs, [0] * 2, usual_feeds(2), ring=self.ring)
        self.table = Table(new_device(mixer.mixer.switch, self.signals, mixer.mixer.output_words, ports))
        self.out = np.zeros((frames, 2), np.float32)
        self.speed = rate() * (1 + ppm / 1e6)
        self.written = self.turns = 0
        self.plugged, self.late = True, np.random.default_rng(7)
        self.offset = 0.0011
        self.hears, self.asks = (Process(enter().address_of(name)) for name in (INPUT_PROCESS, CARD_PROCESS))
        self.due = self._due()

    def _due(self) -> float:
        """Return when the inputs' card has its next block."""
        lateness = self.jitter * self.late.random()
        return self.offset + (self.written + 1) * self.frames / self.speed + lateness

    def _hear(self) -> None:
        frames = self.written * self.frames + np.arange(self.frames)
        sound = np.asarray(self.sound(self.offset + frames / self.speed), np.float32).reshape(self.frames, -1)
        block = np.ascontiguousarray(np.broadcast_to(sound, (self.frames, self.inputs)))
        if self.plugged:
            times = (ctypes.c_double * 3)(0, self.due, 0)
            self.hears(block.ctypes.data, None, self.frames, ctypes.addressof(times), 0, self.table.address)
        self.written += 1

    def play(self, seconds: float) -> Sound:
        """Return what the mix has of the inputs in so many seconds, (frames, inputs)."""
        return self.compared(seconds)[0]

    def compared(self, seconds: float) -> tuple[Sound, Reals]:
        """Return that, and the times at the inputs that it is of, (frames,), in seconds."""
        taken, times = [], []
        for _ in range(round(seconds * rate() / self.frames)):
            self.turns += 1
            now = self.turns * self.frames / rate() + self.jitter * self.late.random()
            while self.due <= now:
                self._hear()
                self.due = max(self._due(), self.due)
            call, place = (ctypes.c_double * 3)(0, now, 0), float(self.ring.loop[PLACE])
            self.asks(None, self.out.ctypes.data, self.frames, ctypes.addressof(call), 0, self.table.address)
            taken.append(self.signals.inputs[: self.frames, : self.inputs].copy())
            places = np.linspace(place, float(self.ring.loop[PLACE]), self.frames, endpoint=False)
            times.append(self.offset + (places + TAPS // 2 - 1) / self.speed)
        return np.concatenate(taken), np.concatenate(times)

    @property
    def drift(self) -> float:
        """By how many millionths the inputs' clock is found to be faster."""
        return 1e6 * float(self.ring.loop[DRIFT])
