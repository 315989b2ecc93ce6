"""Memory of the deck: rings between the mix and the takes that are written and played, see `deck`.

A ring is (tracks, frames) float32 in C order, each track in one piece. The deck knows it by its address, since it is
made when a take begins and let go when it has ended. Every number here has one writer: Python, or the mix.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.controls import MAX_CHANNELS

FADE_FRAMES = 256  # 5 ms; a power of two, so that its whole is 1 to the last bit
PLAYED_FULL = 2 * FADE_FRAMES  # of a channel's place: its input fades out, then its track fades in
SIDES = 2
NOTHING = -1
"""Number of a track that there is not."""

# Both ways: wanted (Python), taken up by the mix, address, frames and tracks of the ring (Python).
WANTED, ACTIVE, ADDRESS, FRAMES, TRACKS = range(5)
# Of a recording: frames written to the ring so far.
WRITTEN = 5
RECORD_FIELDS = 6
# Of a take that is played: whether it is to run (Python), frames in the ring so far (Python), frames played so far,
# place of its fade in and out (0 … FADE_FRAMES), whether it goes up or down, gaps, blocks seen.
RUNS, FILLED, PLAYED, FADE, STEP, GAPS, SEEN = range(5, 12)
PLAY_FIELDS = 12

# Beginnings of the parts in the deck's numbers, of which the first is the clock of `tables.Chain`: one more array in
# what kernels pass to each other would be dear to compile. In the comments their shapes.
RECORD = 1  # (RECORD_FIELDS,)
PLAY = RECORD + RECORD_FIELDS  # (PLAY_FIELDS,)
ARMED = PLAY + PLAY_FIELDS  # (SIDES, MAX_CHANNELS), track to which each side of a channel is recorded, or NOTHING
PLAYS = ARMED + SIDES * MAX_CHANNELS  # likewise, track that is played in place of it
CHOSEN = PLAYS + SIDES * MAX_CHANNELS  # (MAX_CHANNELS,), whether a channel is to play the take (Python)
GOALS = CHOSEN + MAX_CHANNELS  # likewise, whether it is to play it in the present block
PLACES = GOALS + MAX_CHANNELS  # likewise, between 0, the input alone, and PLAYED_FULL, the track alone
OUTPUTS = PLACES + MAX_CHANNELS  # (outputs,), track to which each output is recorded, or NOTHING

Counts = NDArray[np.int64]


class Deck:
    """Deck of an engine, shared by all of its mixes: `numbers`, int64, and views of their parts for Python."""

    def __init__(self, outputs: int) -> None:
        """Make a deck on which nothing is recorded or played."""
        self.numbers = np.zeros(OUTPUTS + outputs, np.int64)
        for tracks in (self.armed, self.played, self.outputs):
            tracks.fill(NOTHING)

    @property
    def record(self) -> Counts:
        """Fields of the recording."""
        return self.numbers[RECORD:PLAY]

    @property
    def play(self) -> Counts:
        """Fields of the take that is played."""
        return self.numbers[PLAY:ARMED]

    @property
    def armed(self) -> Counts:
        """Tracks that are recorded, of the channels."""
        return self.numbers[ARMED:PLAYS].reshape(SIDES, MAX_CHANNELS)

    @property
    def played(self) -> Counts:
        """Tracks that are played."""
        return self.numbers[PLAYS:CHOSEN].reshape(SIDES, MAX_CHANNELS)

    @property
    def chosen(self) -> Counts:
        """Choice of the controls for each channel."""
        return self.numbers[CHOSEN:GOALS]

    @property
    def places(self) -> Counts:
        """Places of the channels."""
        return self.numbers[PLACES:OUTPUTS]

    @property
    def outputs(self) -> Counts:
        """Tracks that are recorded, of the outputs."""
        return self.numbers[OUTPUTS:]
