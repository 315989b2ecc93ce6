"""A JACK client that sends a tone into a mixer, and hears at what level it comes out."""

from __future__ import annotations

from collections import deque
from math import log10, sqrt

import jack as jack_client
import numpy as np

from tests.support.jack import FRAMES, Jack

NAME = "ear"
CYCLES = 5
"""Of the tone in so many FRAMES."""
AMPLITUDE = 0.5
PERIODS_HEARD = 8
SILENT_DB = -120.0


class LevelMeter:
    """A JACK client that sends a tone and measures what comes back."""

    def __init__(self) -> None:
        self._client = jack_client.Client(NAME, no_start_server=True)
        self._tone = self._client.outports.register("tone")
        self._received = self._client.inports.register("received")
        frames = np.arange(self._client.blocksize)  # of any server here a multiple of FRAMES
        self._wave = AMPLITUDE * np.sin(2 * np.pi * CYCLES / FRAMES * frames).astype("float32")
        self._powers: deque[float] = deque(maxlen=PERIODS_HEARD)
        self._client.set_process_callback(self._process)
        self._client.activate()

    def level(self) -> float:
        """Return the level of the last periods relative to the tone, in dB."""
        powers = list(self._powers)
        amplitude = sqrt(2 * sum(powers) / max(1, len(powers)))
        return max(SILENT_DB, 20 * log10(amplitude / AMPLITUDE)) if amplitude else SILENT_DB

    def join(self, jack: Jack, goal: str, source: str) -> None:
        """Send the tone into a port, and hear another one, by full names."""
        jack.join(f"{NAME}:tone", goal)
        jack.join(source, f"{NAME}:received")

    def close(self) -> None:
        """Leave the server."""
        self._client.deactivate()
        self._client.close()

    def _process(self, frames: int) -> None:
        self._tone.get_array()[:] = self._wave[:frames]
        self._powers.append(float(np.mean(np.square(self._received.get_array(), dtype="float64"))))
