"""Search for the channel that howls: the one that is loudest in main at that frequency.

Probes look at all channels, a few at a time. Every microphone of a room picks a howl up; the one that feeds it is,
most likely, the one through which most of it comes back: what it picks up, times gain and fader.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remote_mixer.engine.controls import MAX_CHANNELS, TABLE, TONE
from remote_mixer.engine.rates import rate
from remote_mixer.engine.shared import SharedBlock
from remote_mixer.engine.sight import Sight

FRAMES = 4096
WAIT_TURNS = 3  # from the aim until FRAMES are there
LEAST_SHARE = 0.05  # of the howl in main; a channel that gives less does not feed it


class Probes:
    """Places among the looks that are used for the search."""

    def __init__(self, block: SharedBlock, sight: Sight, places: Sequence[int]) -> None:
        self._block, self._sight, self._places = block, sight, places
        self._window = np.hanning(FRAMES).astype(np.float32)
        self._first, self._turns = 0, 0
        self._shares: dict[int, float] = {}

    def rest(self) -> None:
        """Look at nothing."""
        for place in self._places:
            self._sight.aim(place, -1)
        self._first, self._turns, self._shares = 0, 0, {}

    def search(self, hz: float, amplitude: float) -> int:
        """Go on with the search; return the channel, 1-based, with the largest share in a howl so far; 0 for none.

        amplitude  of the howl in main
        """
        channels = range(self._first, min(self._first + len(self._places), MAX_CHANNELS))
        aims = list(zip(self._places, channels, strict=False))
        there = [self._sight.aim(*aim) for aim in aims]
        self._turns += all(there)
        if self._turns >= WAIT_TURNS:
            self._shares |= {channel: self._amplitude(place, channel, hz) / amplitude for place, channel in aims}
            self._turns, self._first = 0, channels.stop % MAX_CHANNELS
        most = max(self._shares, key=self._shares.__getitem__, default=0)
        return most + 1 if self._shares.get(most, 0) > LEAST_SHARE else 0

    def _amplitude(self, place: int, channel: int, hz: float) -> float:
        """Return what a channel gives to main at a frequency: an amplitude."""
        turns = np.exp(-2j * np.pi * hz / rate() * np.arange(FRAMES))
        amplitude = 2 * abs(np.dot(self._sight.sound(place, FRAMES) * self._window, turns)) / self._window.sum()
        return float(amplitude * self._way(channel + 1))

    def _way(self, channel: int) -> float:
        """Return the amplitude of a channel's way into main; 0 for a tone, which is no microphone."""
        words, floats, places = self._block.words, self._block.floats, TABLE.places
        if words[places[f"ch{channel}/mute"].word] or words[places[f"ch{channel}/source"].word] == TONE:
            return 0.0
        gain = 10 ** (floats[places[f"ch{channel}/gain"].word] / 20)
        return float(floats[places[f"ch{channel}/fader"].word] * gain)
