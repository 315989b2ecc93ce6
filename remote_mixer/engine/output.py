"""Outputs of the mix: what all have in common, and the clock that keeps time where there is no other."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine.mixer import Mixer
from remote_mixer.engine.rates import rate
from remote_mixer.engine.shared import BLOCK_FRAMES
from remote_mixer.engine.tables import OUTPUTS
from remote_mixer.engine.turn_memory import CALLS

TURN_BLOCKS = 4
TURN_FRAMES = TURN_BLOCKS * BLOCK_FRAMES
STALLED_SECONDS = 3.0
SHARED_MEMORY = "/dev/shm"  # noqa: S108 - libjack's own place
ROOM_BYTES = 1024 * 1024  # its first client takes 192 kB
LATE_SECONDS = 0.1  # a clock later than this skips the missed blocks instead of catching up


class Wanted(NamedTuple):
    """Device that a person wants.

    inputs      number of inputs, 0 for none
    card        part of a card's name, or `jack`; empty for the best there is
    frames      of a block of a card's; JACK has its own
    rate        of a card's, one of RATES; 0 for the usual one, or else what the card has. JACK has its own
    input_card  part of the name of another card, whose inputs are resampled; empty for the same card
    """

    inputs: int = 0
    card: str = ""
    frames: int = TURN_FRAMES
    rate: int = 0
    input_card: str = ""


class OutputError(Exception):
    """No card can be played on; the text says why."""


class Unfit(OutputError):
    """A card or a server on which the mix cannot run; the text tells a person what to change."""


class OtherRate(Exception):  # an event, not an error
    """A device that runs at another rate than the mix, which can run there too: the engine has to begin again."""

    def __init__(self, name: str, frames: int) -> None:
        super().__init__(f"{name} runs at {frames:,} Hz: the engine starts again at that rate.")


def check_room() -> None:
    """Check that libjack, which PortAudio asks too, finds room for its files: without it ends the process (SIGBUS).

    Raises Unfit.
    """
    if sys.platform == "linux" and os.path.ismount(SHARED_MEMORY):
        room = os.statvfs(SHARED_MEMORY)
        if room.f_bavail * room.f_frsize < ROOM_BYTES:
            raise Unfit(
                f"Sound cards and JACK need 1 MB of room in {SHARED_MEMORY}, and less is left: make room there."
            )


class Output(Protocol):
    """Calls the mix at the pace of real time, from `start` until `close`."""

    @property
    def title(self) -> str:
        """Name of it, for people."""

    @property
    def missed_blocks(self) -> int:
        """Blocks that came too late, or had to be skipped."""

    @property
    def block(self) -> dict[str, float]:
        """`frames` of a block, and `latency` in seconds from input to output where the device knows it."""

    @property
    def outputs(self) -> int:
        """Number of outputs that play what the controls `output/*` say."""

    @property
    def remarks(self) -> list[str]:
        """Sentences about what a person can mend."""

    def start(self) -> None:
        """Begin to call the mix. Raises OutputError."""

    def runs(self) -> bool:
        """Whether the mix is still called."""

    def close(self) -> None:
        """Stop calling; wait for the last call to end."""


class Pulse:
    """Watch on the count of a device's calls."""

    def __init__(self, counts: NDArray[np.int64]) -> None:
        self._counts, self._seen, self._time = counts, -1, 0.0

    def beats(self) -> bool:
        """Whether the device has called within STALLED_SECONDS."""
        calls, now = int(self._counts[CALLS]), time.monotonic()
        if calls != self._seen:
            self._seen, self._time = calls, now
        return now - self._time <= STALLED_SECONDS


class Clock:
    """Output to nowhere at real-time pace, from a thread of its own: meters and recordings go on."""

    title = "no sound card: a clock keeps time"
    outputs = 0
    block: dict[str, float] = {}  # noqa: RUF012  # as above
    remarks: list[str] = []  # noqa: RUF012  # never changed

    def __init__(self, mixer: Mixer) -> None:
        self.missed_blocks = 0
        self._mixer = mixer
        self._out = np.zeros((TURN_FRAMES, OUTPUTS), np.float32)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def runs(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        start, turns, turn_seconds = time.monotonic(), 0, TURN_FRAMES / rate()
        while not self._stop.is_set():
            self._mixer.mix(self._out)
            turns += 1
            late = time.monotonic() - start - turns * turn_seconds
            if late > LATE_SECONDS:
                skipped = int(late / turn_seconds)
                self.missed_blocks += skipped * TURN_BLOCKS
                turns += skipped
            elif late < 0:
                self._stop.wait(-late)
