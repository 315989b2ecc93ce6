"""Analysis of the mix beside it: spectra of the strips that somebody looks at, loudness of main, feedback.

A thread of its own does it `pictures.RATE` times a second. It reads the tape and the looks, which the sound callback
writes without waiting for anybody; one that comes too late draws an older picture, and the mix does not notice.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from remote_mixer.engine import pictures
from remote_mixer.engine.controls import MAX_CHANNELS, TABLE
from remote_mixer.engine.feedback import FeedbackWatch
from remote_mixer.engine.loudness import Loudness
from remote_mixer.engine.pictures import MAIN, SPECTRA, Howl, LoudnessReading, Pictures
from remote_mixer.engine.probes import Probes
from remote_mixer.engine.rates import rate
from remote_mixer.engine.shared import LOOKS_BYTE, SharedBlock
from remote_mixer.engine.sight import Sight
from remote_mixer.engine.spectrum import LONG_FRAMES, Spectrum, codes
from remote_mixer.engine.tables import LOOKS, Looks
from remote_mixer.engine.tape import Tape

HOWL_TURNS = 8 * pictures.RATE
"""Turns for which a howl is still reported after it ended, so that a person can read of it."""


class Analysis:
    """Pictures of one mix."""

    def __init__(self, block: SharedBlock, looks: Looks, tape: Tape) -> None:
        self._block, self._tape, self._reader = block, tape, tape.reader()
        self._sight = Sight(looks)
        self._spectrum = Spectrum(rate())
        self._loudness = Loudness(rate())
        self._resets = self._word(pictures.RESETS)
        self._feedback = FeedbackWatch(rate())
        self._probes = Probes(block, self._sight, range(SPECTRA, LOOKS))
        self._howl, self._howl_turns = Howl(0, 0.0), 0

    def turn(self) -> None:
        """Take what was mixed since the last turn, and publish pictures."""
        self._sight.turn()
        self._listen()
        self._search()
        strips = tuple(self._look(place, self._word(place)) for place in range(SPECTRA))
        levels = b"".join(self._levels(place, code) for place, code in enumerate(strips))
        self._block.publish(Pictures(strips, self._reading(), self._howl, levels))

    def _word(self, number: int) -> int:
        return self._block.words[LOOKS_BYTE // 4 + number]

    def _listen(self) -> None:
        if self._word(pictures.RESETS) != self._resets:
            self._resets = self._word(pictures.RESETS)
            self._loudness.reset()
        for piece in self._reader.read():
            self._loudness.add(piece[:, :2])
            self._feedback.add(piece[:, :2].mean(axis=1))

    def _search(self) -> None:
        """Look for the strip that howls, and report it until some time after its end."""
        if hz := self._feedback.howl:
            channel = self._probes.search(hz, self._feedback.amplitude)
            self._howl, self._howl_turns = Howl(channel or MAIN, hz), HOWL_TURNS
        else:
            self._probes.rest()
        self._howl_turns = max(self._howl_turns - 1, 0)
        if not self._howl_turns:
            self._howl = Howl(0, 0.0)

    def _look(self, place: int, code: int) -> int:
        """Let a place look at a strip; return the code of the strip of which there is a picture now."""
        is_channel = 1 <= code <= MAX_CHANNELS
        seen = self._sight.aim(place, code - 1 if is_channel else -1)
        return code if seen or MAX_CHANNELS < code <= MAIN else 0

    def _levels(self, place: int, code: int) -> bytes:
        """Return the meter codes of a strip's spectrum, with those that are unused."""
        if not code:
            return bytes(pictures.SPECTRUM_BYTES)
        if code <= MAX_CHANNELS:
            levels = self._spectrum.levels(self._sight.sound(place, LONG_FRAMES)) + self._gain(code)
        else:
            left = 0 if code == MAIN else 2 * (code - MAX_CHANNELS)
            levels = self._spectrum.levels(self._tape.newest(LONG_FRAMES)[:, left : left + 2].mean(axis=1))
        return codes(levels).ljust(pictures.SPECTRUM_BYTES, b"\0")

    def _gain(self, channel: int) -> float:
        """Return a channel's gain in dB, which the sound of a look lacks."""
        return self._block.floats[TABLE.places[f"ch{channel}/gain"].word]

    def _reading(self) -> LoudnessReading:
        loudness = self._loudness
        now = loudness.momentary, loudness.short_term
        return LoudnessReading(*now, loudness.integrated, loudness.range, loudness.true_peak, loudness.correlation)


class AnalysisThread:
    """Thread that makes pictures; where it fails it ends, with a sentence, and the mix goes on without."""

    def __init__(self, analysis: Analysis, say_problem: Callable[[str], None]) -> None:
        self._analysis, self._say_problem = analysis, say_problem
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, name="analysis", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End, before the shared block is closed."""
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._end.wait(1 / pictures.RATE):
                self._analysis.turn()
        except Exception as fault:  # noqa: BLE001  # the guard of this thread: the mix goes on
            self._say_problem(f"There are no spectra and no loudness any more ({type(fault).__name__}: {fault}).")
