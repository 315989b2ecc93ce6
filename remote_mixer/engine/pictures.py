"""Pictures of the sound in the shared block: spectra of the strips that somebody looks at, and the loudness of main.

Standard library only. The server writes which strips are looked at, a code for each of SPECTRA places; the engine
publishes pictures some RATE times a second, in two halves like its meters (see `shared`). All of a half:

| byte | type | content |
|---|---|---|
| 0 | uint32 × 16 | code of the strip that each place shows; those behind SPECTRA are unused |
| 64 | float64 × 8 | `LoudnessReading`, then `Howl` |
| 128 | uint8 × SPECTRA × 128 | level of each band as a meter code (see `shared`), of place after place |

A strip's code is in CODES, 0 for none.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from remote_mixer.engine.controls import BUSES, MAX_CHANNELS

RATE = 15
SPECTRA = 12
"""Strips that can be looked at at once."""
MAIN = MAX_CHANNELS + BUSES + 1
BANDS_AN_OCTAVE = 12
LOWEST_HZ, HIGHEST_HZ = 20.0, 20_000.0
BANDS = 120
"""Bands of a twelfth of an octave, from LOWEST_HZ upward; band n's middle is LOWEST_HZ · 2 ** ((n + 1/2) / 12)."""

LOOKS_BYTES = 64
"""Words that the server writes: uint32 × SPECTRA, the codes of the strips, then in the last word RESETS."""
RESETS = 15
STRIPS_BYTES, LOUDNESS_BYTES, SPECTRUM_BYTES = 64, 64, 128
SPECTRA_BYTE = STRIPS_BYTES + LOUDNESS_BYTES
HALF_BYTES = SPECTRA_BYTE + SPECTRA * SPECTRUM_BYTES

CODES = {
    **{f"ch{number}": number for number in range(1, MAX_CHANNELS + 1)},
    **{f"bus{number}": MAX_CHANNELS + number for number in range(1, BUSES + 1)},
    "main": MAIN,
}
"""Id of a strip → its code."""

_READINGS = struct.Struct("=8d")


class LoudnessReading(NamedTuple):
    """Loudness of main as `loudness` measures it: LUFS, LU and dBTP, −∞ for silence; correlation −1 … 1."""

    momentary: float
    short_term: float
    integrated: float
    range: float
    true_peak: float
    correlation: float


class Howl(NamedTuple):
    """Feedback: code of the strip through which it most likely goes, MAIN for one not known, 0 for none, and Hz."""

    strip: int
    hz: float


class Pictures(NamedTuple):
    """Content of one half: the codes of the strips, loudness, feedback, and the spectra one after the other."""

    strips: tuple[int, ...]
    loudness: LoudnessReading
    howl: Howl
    spectra: bytes

    def spectrum(self, code: int) -> bytes:
        """Return the meter codes of a strip's BANDS bands; none while there is no picture of it."""
        if code not in self.strips:
            return b""
        start = SPECTRUM_BYTES * self.strips.index(code)
        return self.spectra[start : start + BANDS]


def read(half: bytes) -> Pictures:
    """Return what a half, HALF_BYTES, holds."""
    strips = struct.unpack_from(f"={SPECTRA}I", half)
    *loudness, strip, hz = _READINGS.unpack_from(half, STRIPS_BYTES)
    return Pictures(strips, LoudnessReading(*loudness), Howl(int(strip), hz), half[SPECTRA_BYTE:])


def write(half: memoryview, pictures: Pictures) -> None:
    """Write pictures into a half."""
    struct.pack_into(f"={SPECTRA}I", half, 0, *pictures.strips)
    _READINGS.pack_into(half, STRIPS_BYTES, *pictures.loudness, *pictures.howl)
    half[SPECTRA_BYTE : SPECTRA_BYTE + len(pictures.spectra)] = pictures.spectra
