"""Virtual soundcheck: a take in place of the inputs, read by a thread into a ring from which the deck plays.

A take is stopped, and has faded out, before anything in its ring changes; only then is it played from another place. So
there is nothing to hear of it but silence, and the inputs never come back by themselves.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from remote_mixer.engine import take_header
from remote_mixer.engine.controls import MAX_CHANNELS
from remote_mixer.engine.deck_memory import (
    ACTIVE,
    ADDRESS,
    FADE,
    FADE_FRAMES,
    FILLED,
    FRAMES,
    GAPS,
    NOTHING,
    PLAYED,
    RUNS,
    SEEN,
    SIDES,
    TRACKS,
    WANTED,
    Deck,
)
from remote_mixer.engine.files import FAULTS, NOT_READ, opened, shown
from remote_mixer.engine.rates import rate
from remote_mixer.engine.take_header import Mark, Track

if TYPE_CHECKING:
    from soundfile import SoundFile

RING_SECONDS, PIECE_SECONDS = 4, 0.25
LOOK_SECONDS = 0.01
SHORTEST_LOOP_SECONDS = 0.25
BLOCKS_SEEN = 2  # the second one has begun after a change
MOST_TRACKS = 256
NEXT_TO_NOTHING = np.float32(2.0**-100)  # see `vectors.sound`: less is slow to compute with
STRIP = re.compile(r"ch(\d{1,2})(?: (left|right))?")
OUTPUT = re.compile(r"(?:main|bus\d) (?:left|right)")

Sound = NDArray[np.float32]


class Unfit(Exception):  # an answer, not an error
    """A take that cannot be played; the text is a sentence."""


@dataclass(frozen=True)
class TakeInfo:
    """A file that can be played as a take.

    tracks  as many as the file has; those of a file that names none are empty
    marks   markers, in order
    frames  length
    """

    path: Path
    tracks: Sequence[Track]
    marks: Sequence[Mark]
    frames: int
    rate: int

    @property
    def is_ours(self) -> bool:
        """Whether its tracks say which strips they were."""
        return any(STRIP.fullmatch(track.strip) or OUTPUT.fullmatch(track.strip) for track in self.tracks)


def look(path: Path) -> TakeInfo:
    """Return what a file holds. Raises Unfit."""
    try:
        with opened(path) as sound, path.open("rb") as file:
            tracks, marks = take_header.read(file)
            count, frames, theirs, kind = sound.channels, sound.frames, sound.samplerate, sound.format
    except FAULTS as fault:
        raise Unfit(f"{shown(path.name)} cannot be played: {NOT_READ}.") from fault
    if kind == "RAW" or not 0 < count <= MOST_TRACKS:
        raise Unfit(f"{shown(path.name)} cannot be played: {NOT_READ}.")
    return TakeInfo(path, [*tracks, *[Track("")] * count][:count], marks, frames, theirs)


def assign(take: TakeInfo, channels: int) -> tuple[NDArray[np.int64], str]:
    """Return which track plays in place of each side of each channel, as `deck_memory.Deck.played`, and a sentence.

    channels  of the mix; the sentence says which of them stay live, and what of the take is not played
    """
    played = np.full((SIDES, MAX_CHANNELS), NOTHING, np.int64)
    for number, (channel, sides) in enumerate(_places(take)):
        if channel <= channels:
            played[sides, channel - 1] = number
    live = [str(n + 1) for n in range(channels) if played[0, n] == NOTHING]
    return played, " ".join(_remarks(take, live, int(played.max(initial=NOTHING)) >= 0))


def _places(take: TakeInfo) -> Iterator[tuple[int, list[int]]]:
    """Yield channel, 1-based, and sides of each track; a channel of no console where it is none of a channel."""
    for number, track in enumerate(take.tracks, start=1):
        if not take.is_ours:
            yield number, [0, 1]
        elif match := STRIP.fullmatch(track.strip):
            yield int(match[1]) or MAX_CHANNELS + 1, {"left": [0], "right": [1]}.get(match[2] or "", [0, 1])
        else:
            yield MAX_CHANNELS + 1, []


def _remarks(take: TakeInfo, live: Sequence[str], plays: bool) -> Iterator[str]:
    if not take.is_ours:
        yield "It is from another program: its tracks play on the channels in their order."
    if not plays:
        yield "None of its tracks has a channel here."
    elif live:
        several = f"channels {', '.join(live)} stay" if len(live) > 1 else f"channel {live[0]} stays"
        yield f"The take has nothing for all channels: {several} live."


class Place(NamedTuple):
    """Frame from which a take plays, and the first frame and the one after the last of what is then repeated."""

    start: int
    loop: tuple[int, int] | None


class Soundcheck:
    """A take that plays, from its creation until `live` has ended it.

    note  a sentence about what does not play, else empty
    loop  what is repeated, see `Place`; None where the take ends
    """

    def __init__(
        self, deck: Deck, take: TakeInfo, channels: int, place: Place, before: Soundcheck | None = None
    ) -> None:
        """Begin to play in place of the inputs; `before` has left. Raises Unfit."""
        if take.rate != rate():
            kind = f"{take.rate:,} samples a second, and the mixer {rate():,}"
            raise Unfit(f"{shown(take.path.name)} has {kind}: convert it in a sound editor first.")
        if take.frames < 1:
            raise Unfit(f"{shown(take.path.name)} is empty.")
        self.take, self.loop, self._deck, self._before = take, _fitting(place.loop, take.frames), deck, before
        self._played, self.note = assign(take, channels)
        used = sorted({int(track) for track in np.unique(self._played) if track != NOTHING})
        if not used:
            raise Unfit(f"{shown(take.path.name)} has no track for a channel of this console.")
        self._used = np.array(used, np.int64)
        self._ring = np.zeros((len(used), RING_SECONDS * rate()), np.float32)
        self._sound: SoundFile = opened(take.path)
        self._place = self._start = min(place.start, take.frames - 1)
        self._segments: list[tuple[int, int]] = []
        self._unread = 0
        self._wants_run, self._has_ended = True, False
        self._has_left = False
        self._begun, self._moved, self._stop = threading.Event(), threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="take", daemon=True)
        self._thread.start()

    @property
    def position(self) -> float:
        """Place in the take, in seconds."""
        played = int(self._deck.play[PLAYED])
        begun = [segment for segment in list(self._segments) if segment[0] <= played]
        first, place = begun[-1] if begun else (played, self._start)
        return min(place + played - first, self.take.frames) / rate()

    @property
    def runs(self) -> bool:
        """Whether it goes on; else it is halted, or has ended, and its channels are silent."""
        return self._wants_run

    @property
    def faults(self) -> str:
        """A sentence where the disk did not give the take in time, else empty."""
        times = int(self._deck.play[GAPS])
        late = f"The take was silent {times} times: its disk is too slow." if times else ""
        unread = "Parts of the take cannot be read: they are silent." if self._unread else ""
        return " ".join(filter(None, (late, unread)))

    def halt(self) -> None:
        """Stop for a while; the channels are silent."""
        self._wants_run = False
        self._deck.play[RUNS] = 0

    def go_to(self, place: Place) -> None:
        """Go on from another place."""
        self._deck.play[RUNS] = 0
        self._start, self.loop = min(place.start, self.take.frames - 1), _fitting(place.loop, self.take.frames)
        self._has_ended = False
        self._moved.set()
        self._wants_run = True

    def go_on(self) -> None:
        """Go on where it was halted; from the start where it has ended."""
        if self._has_ended:
            self.go_to(Place(0, None))
        self._wants_run = True
        if self._begun.is_set() and not self._moved.is_set():
            self._deck.play[RUNS] = 1

    def live(self) -> None:
        """Let the inputs come back."""
        self._has_left = True
        self._deck.play[WANTED] = 0

    @property
    def is_over(self) -> bool:
        """Whether the inputs are back."""
        return self._begun.is_set() and not self._deck.play[WANTED] and not self._deck.play[ACTIVE]

    def close(self) -> None:
        """End the thread, where nothing plays it any more; never waits."""
        self._stop.set()

    def leave(self) -> None:
        """Stop, and let another take have the deck, which stays in the inputs' place; waits for the fade."""
        self.halt()
        self._silent()
        self._stop.set()
        self._thread.join(1.0)

    # The thread

    def _run(self) -> None:
        try:
            with self._sound:
                self._work()
        except FAULTS:
            self._unread += 1
        finally:
            self._begun.set()

    def _work(self) -> None:
        self._take_over()
        self._refill()
        self._deck.play[WANTED] = int(not self._has_left)
        self._begun.set()
        if self._has_left:
            self._deck.play[WANTED] = 0
        while not self._stop.wait(LOOK_SECONDS):
            if self._moved.is_set():
                self._silent()
                self._moved.clear()
                self._refill()
            self._fill()
            self._look_for_the_end()

    def _seen(self) -> None:
        """Wait until the mix works by what was last written for it."""
        seen = int(self._deck.play[SEEN])
        while self._deck.play[SEEN] < seen + BLOCKS_SEEN and not self._stop.wait(0.001):
            pass

    def _silent(self) -> None:
        """Halt the take, and wait until it has faded out."""
        self._deck.play[RUNS] = 0
        self._seen()
        while self._deck.play[FADE] and not self._stop.wait(0.001):
            pass

    def _take_over(self) -> None:
        """Give the deck this take's ring, whatever it had: it is silent, and reads every track it may read."""
        deck = self._deck
        deck.play[RUNS] = 0
        deck.played[deck.played != NOTHING] = 0
        self._seen()
        deck.play[[ADDRESS, FRAMES, TRACKS]] = self._ring.ctypes.data, self._ring.shape[1], len(self._ring)
        self._seen()
        self._before = None
        places = {int(track): place for place, track in enumerate(self._used)}
        deck.played[:] = np.vectorize(lambda track: places.get(int(track), NOTHING), otypes=[np.int64])(self._played)
        deck.play[GAPS] = 0

    def _refill(self) -> None:
        """Empty the ring, which nothing reads now, and go on at the start."""
        play = self._deck.play
        play[FILLED] = play[PLAYED]
        self._place, self._segments = self._start, [(int(play[PLAYED]), self._start)]
        self._fill()
        play[RUNS] = int(self._wants_run)
        if not self._wants_run:  # halted meanwhile
            play[RUNS] = 0

    def _fill(self) -> None:
        play = self._deck.play
        while int(play[FILLED] - play[PLAYED]) <= self._ring.shape[1] - 2 * _piece_frames() and not self._stop.is_set():
            if self._moved.is_set():
                return
            piece, filled = self._piece(), int(play[FILLED])
            at = filled % self._ring.shape[1]
            here = min(len(piece), self._ring.shape[1] - at)
            self._ring[:, at : at + here] = piece[:here].T
            self._ring[:, : len(piece) - here] = piece[here:].T
            play[FILLED] = filled + len(piece)

    def _piece(self) -> Sound:
        """Return the next frames, (frames, tracks): up to the loop's end, from its begin; silence after the take's."""
        end = self.loop[1] if self.loop else self.take.frames
        if self.loop and self._place >= end:
            self._place = self.loop[0]
            self._segments = [*self._segments[-8:], (int(self._deck.play[FILLED]), self._place)]
        begins = self.loop is not None and self._place == self.loop[0]
        count = min(max(end - self._place, 0) or _piece_frames(), _piece_frames())
        piece = self._read(count) if self._place < end else np.zeros((count, len(self._used)), np.float32)
        self._place += count
        if self.loop:
            _round_off(piece, begins=begins, ends=self._place == end)
        return piece

    def _read(self, count: int) -> Sound:
        """Return frames of the tracks that are used; what cannot be read is silent, and counted."""
        out = np.zeros((count, len(self._used)), np.float32)
        try:
            if self._sound.tell() != self._place:
                self._sound.seek(self._place)
            sound = self._sound.read(count, dtype="float32", always_2d=True)[:, self._used]
            out[: len(sound)] = np.where(np.isfinite(sound) & (np.abs(sound) > NEXT_TO_NOTHING), sound, 0)
            self._unread += count - len(sound)
        except FAULTS:
            self._unread += count
        return out

    def _look_for_the_end(self) -> None:
        if not self.loop and self._wants_run and self.position * rate() >= self.take.frames:
            self._has_ended = True
            self.halt()


def _piece_frames() -> int:
    return int(PIECE_SECONDS * rate())


def _fitting(loop: tuple[int, int] | None, frames: int) -> tuple[int, int] | None:
    """Return a loop within the take; all of it where it is too short to be one."""
    if loop is None:
        return None
    first, last = max(loop[0], 0), min(loop[1], frames)
    return (first, last) if last - first >= SHORTEST_LOOP_SECONDS * rate() else (0, frames)


def _round_off(piece: Sound, *, begins: bool, ends: bool) -> None:
    """Fade the ends of a loop, so that they do not click."""
    ramp = np.linspace(0, 1, FADE_FRAMES, dtype=np.float32)[: len(piece), np.newaxis]
    if begins:
        piece[: len(ramp)] *= ramp
    if ends:
        piece[len(piece) - len(ramp) :] *= ramp[::-1]
