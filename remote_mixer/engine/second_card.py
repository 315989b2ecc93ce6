"""Card of the inputs alone, on a clock of its own: its callback fills a ring, from which the mix reads (see `ring`).

The other card plays on whatever happens to this one: where it is gone, its inputs fade out, and it is opened again.
"""

from __future__ import annotations

import math
import threading
import time

from remote_mixer.engine.output import OutputError, Pulse, Unfit
from remote_mixer.engine.portaudio import (
    INPUT,
    INVALID_RATE,
    Info,
    Stream,
    latency_of,
    load_library,
    open_stream,
    quiet,
    reason,
)
from remote_mixer.engine.rates import rate
from remote_mixer.engine.realtime import prioritise, threads
from remote_mixer.engine.ring import DRIFT, LATER, LONG, LOST, PLAYS, SHORT, Ring, added_seconds

AGAIN_SECONDS = 2.0


class SecondCard:
    """Stream of a card's inputs, started by the first `watch`, and again whenever it has ended."""

    def __init__(self, card: Info, ring: Ring, process: int, table: int, frames: int) -> None:
        """Take the card, and the ring that it fills.

        process, table  addresses of the callback and of what it is called with
        frames          of a block
        """
        self._card, self._ring, self._frames = card, ring, frames
        self._process, self._table = process, table
        self._pulse, self._finished = Pulse(ring.counts), threading.Event()
        self._stream: Stream = None
        self._away = f"{card['name']} does not answer, and its inputs are silent: connect it again, or choose another."
        self._fault = ""
        self._tried = -math.inf

    @property
    def latency(self) -> float:
        """Seconds that the card says it takes, and those that the ring adds."""
        return (latency_of(self._stream) if self._stream else 0.0) + added_seconds(self._ring)

    @property
    def remarks(self) -> list[str]:
        """Sentence about why the inputs are silent."""
        return [self._fault] if self._fault else []

    @property
    def said(self) -> str:
        """Sentence for people: the card, the drift of its clock, what this adds, and how often the sound broke off."""
        drift, counts = 1e6 * self._ring.loop[DRIFT], self._ring.counts
        state = f"drift {drift:+.0f} ppm".replace("-", "−") if counts[PLAYS] else "silent"
        later = f"{1000 * added_seconds(self._ring):.1f} ms more latency"
        breaks = int(counts[SHORT] + counts[LONG] + counts[LOST])
        said = f", interruptions: {breaks:,}" if breaks else ""
        return f"Microphones: {self._card['name']}, resampled, {state}, {later}{said}."

    def watch(self, clock: Stream) -> None:
        """Close a stream that has ended; open it at intervals, and again; `remarks` then says what is wrong.

        clock  stream of the other card, which has been started
        """
        if self._stream and not self._runs():
            self.close()
            self._fault = self._away
        elif not self._stream and time.monotonic() - self._tried > AGAIN_SECONDS:
            self._open(clock)
            self._tried = time.monotonic()

    def close(self) -> None:
        """Close the stream."""
        stream, self._stream = self._stream, None
        if stream:
            with quiet():
                stream.close(ignore_errors=True)

    def _runs(self) -> bool:
        return self._pulse.beats() and not self._finished.is_set() and bool(self._stream.active)

    def _open(self, clock: Stream) -> None:
        before = threads()
        self._finished = threading.Event()
        try:
            with quiet():
                self._stream = self._started(clock)
        except OutputError as error:
            self._fault = f"{error} Its inputs are silent." if isinstance(error, Unfit) else self._away
            return
        self._fault, self._pulse = "", Pulse(self._ring.counts)
        prioritise(threads() - before)  # what is not granted, the other card says

    def _started(self, clock: Stream) -> Stream:
        """Return the stream, which calls from now on, its time compared with the other's. Raises OutputError."""
        stream: Stream = None
        try:
            stream = open_stream(
                INPUT,
                self._card,
                self._process,
                self._table,
                self._finished.set,
                channels=self._ring.sound.shape[1],
                blocksize=self._frames,
                latency="low",
            )
            stream.start()
            self._ring.loop[LATER] = clock.time - stream.time  # JACK counts from each stream's start
        except (load_library().PortAudioError, ValueError) as error:
            if stream:
                stream.close(ignore_errors=True)
            if error.args[1:] and error.args[1] == INVALID_RATE:
                sentence = "{} does not run at {:,} Hz, as the card that plays does: choose another rate."
                raise Unfit(sentence.format(self._card["name"], rate())) from error
            raise reason(error, self._card["name"]) from error
        return stream
