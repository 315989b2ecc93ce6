"""Pictures of the built-in engine: who looks at what goes into the shared block, and what the engine drew comes out.

`ch3/spectrum`, `bus2/spectrum`, `main/spectrum`: a meter code for each of 120 bands, of a twelfth of an octave from
20 Hz up. `main/loudness`: float32, little-endian, of momentary, short-term and integrated loudness (LUFS), range (LU),
true peak (dBTP) and correlation (−1 … 1).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from remote_mixer.desk import paths
from remote_mixer.engine import pictures
from remote_mixer.engine.pictures import CODES, SPECTRA, Howl
from remote_mixer.engine.shared import SharedBlock

SPECTRUM, LOUDNESS = "spectrum", "loudness"
_LOUDNESS = struct.Struct("<6f")
SAME_SHARE = 0.02  # a third of a semitone
STRIPS = {code: strip for strip, code in CODES.items()}


class Wanted:
    """Pictures of a console that somebody looks at; a strip keeps its place in the block as long as it is looked at."""

    def __init__(self, console: str) -> None:
        self._console = console
        self._places = [0] * SPECTRA
        self._loudness = False
        self._seen = 0

    def look(self, wanted: Sequence[str]) -> None:
        """Take the full paths that are looked at, the most important first: there is room for SPECTRA strips."""
        parsed = [paths.parse(path) for path in wanted]
        self._loudness = any(path.param == LOUDNESS for path in parsed)
        codes = [CODES[path.strip] for path in parsed if path.param == SPECTRUM and path.strip in CODES][:SPECTRA]
        self._places = [code if code in codes else 0 for code in self._places]
        for code in codes:
            if code not in self._places:
                self._places[self._places.index(0)] = code

    def write(self, block: SharedBlock) -> None:
        """Let the engine draw them."""
        block.look(self._places)

    def fresh(self, block: SharedBlock) -> Iterator[tuple[str, bytes]]:
        """Return what was drawn since the last time, by full path."""
        number, half = block.newest_pictures()
        if number == self._seen or not (self._loudness or any(self._places)):
            return
        self._seen, drawn = number, pictures.read(half)
        for code in filter(None, self._places):
            if spectrum := drawn.spectrum(code):
                yield paths.join(self._console, STRIPS[code], SPECTRUM), spectrum
        if self._loudness:
            yield paths.join(self._console, "main", LOUDNESS), _LOUDNESS.pack(*drawn.loudness)


def near(hz: float, other: object) -> bool:
    """Return whether two frequencies of feedback are one."""
    return isinstance(other, int | float) and abs(hz - other) <= SAME_SHARE * hz


def howl(block: SharedBlock) -> Howl:
    """Return the feedback that the engine has found."""
    _, half = block.newest_pictures()
    return pictures.read(half).howl
