"""The block of memory that the server and the engine share: a small file mapped by both.

Standard library only, so that the server's process stays small; the engine wraps the same bytes in numpy arrays.
Every value is one aligned word of 4 or 8 bytes. Such a store is one instruction on the machines we run on, so a
reader sees the old value or the new one, never a half: true in practice, promised by no standard. Neither side waits
for the other: the writer bumps a counter afterwards, the reader compares the counter.

| byte | type | written by | content |
|---|---|---|---|
| 0 | uint32 | server, once | MAGIC |
| 4 | uint32 | server, once | VERSION of this table |
| 8 | uint32 | server | generation: bumped after each batch of controls |
| 12 | uint32 | engine | applied: the generation whose controls the mix now follows |
| 16 | uint32 | server | seeks: bumped after a new seek position |
| 20 | uint32 | server | clip clears: bumped to clear the latch |
| 24 | float64 | server | seek position, seconds |
| 32 | uint32 | engine | clip: 1 once main has gone over full scale |
| 36 | uint32 | engine | beats: bumped some 20 times a second by the engine's main thread |
| 40 | float64 | engine | position, seconds |
| 48 | uint32 | engine | blocks mixed (wraps at 2³²) |
| 52 | uint32 | engine | blocks missed: the card or the clock had to skip them |
| 56 | uint32 | engine | meter frames published; frame n is in half n % 2 |
| 60 | uint32 | engine | pictures published; number n is in half n % 2 |
| 64 | float32, uint32 | server | the controls, row after row of `controls.TABLE` |
| METER_BYTE | uint8 × 2 × 352 | engine | meter codes in two halves, see the `tap` functions |
| LOOKS_BYTE | uint32 × 16 | server | strips that are looked at, and resets of the loudness, see `pictures` |
| PICTURES_BYTE | 2 × pictures.HALF_BYTES | engine | pictures in two halves |

A meter code is 0 for −∞, else dB = (code − 216) / 2.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from remote_mixer.engine import pictures
from remote_mixer.engine.controls import BUSES, EFFECTS, MAX_CHANNELS, TABLE

MAGIC = 0x584D5245
VERSION = 10
RATE = 48_000  # the usual one, see `rates`
BLOCK_FRAMES = 128

# Word numbers (byte / 4) of single uint32 values.
GENERATION = 2
APPLIED = 3
SEEKS = 4
CLIP_CLEARS = 5
CLIP = 8
BEATS = 9
BLOCKS = 12
MISSED = 13
METER_FRAMES = 14
PICTURES = 15

# Numbers (byte / 8) of single float64 values.
SEEK_SECONDS = 3
POSITION_SECONDS = 5
MOST_SECONDS = 1e9  # of a position; more is no time in any music

CACHE_LINE_BYTES = 64
METER_BYTE = -(-4 * TABLE.end // CACHE_LINE_BYTES) * CACHE_LINE_BYTES
METER_HALF_BYTES = 352
LOOKS_BYTE = -(-(METER_BYTE + 2 * METER_HALF_BYTES) // CACHE_LINE_BYTES) * CACHE_LINE_BYTES
PICTURES_BYTE = LOOKS_BYTE + pictures.LOOKS_BYTES
SIZE_BYTES = PICTURES_BYTE + 2 * pictures.HALF_BYTES

LOOKS_BLOCK = slice(LOOKS_BYTE, PICTURES_BYTE)
SERVERS_BYTES = (slice(0, 12), slice(16, 32), slice(64, 4 * TABLE.end), LOOKS_BLOCK)
"""Bytes that only the server writes; others there show that another program has written over the block."""


def input_tap(channel: int) -> int:
    """Return the index of a channel's input meter in a meter frame; `channel` is 1-based."""
    return channel - 1


def post_fader_tap(channel: int) -> int:
    """Return the index of a channel's meter after fader and mute, before pan."""
    return MAX_CHANNELS + channel - 1


def bus_tap(bus: int) -> int:
    """Return the index of a mix's meter after fader, mute and limiter, of its louder side; `bus` is 1-based."""
    return main_tap(1) + bus


def main_tap(side: int) -> int:
    """Return the index of main's meter after its fader, mute and limiter; `side` 0 is left, 1 is right."""
    return 2 * MAX_CHANNELS + side


def gate_tap(channel: int) -> int:
    """Return the index of the gain of a channel's gate, 0 dB where it is open or off; `channel` is 1-based."""
    return bus_tap(BUSES) + channel


def dyn_tap(channel: int) -> int:
    """Return the index of the gain of a channel's compressor, without make-up; 0 dB where it is at rest or off."""
    return gate_tap(MAX_CHANNELS + channel)


def master_dyn_tap(master: int) -> int:
    """Return the index of the gain of a compressor likewise: of main (0) or of a mix, 1-based."""
    return dyn_tap(MAX_CHANNELS + 1) + master


def automix_tap(channel: int) -> int:
    """Return the index of a channel's gain in its group of automatic mixing; 0 dB where it is in none."""
    return master_dyn_tap(BUSES) + channel


def effect_tap(effect: int, side: int) -> int:
    """Return the index of an effect's meter after its return's fader, mute and pan; `effect` is 1-based."""
    return automix_tap(MAX_CHANNELS + 1) + 2 * (effect - 1) + side


def solo_tap(side: int) -> int:
    """Return the index of the solo bus's meter after its fader, mute and limiter; `side` 0 is left, 1 is right."""
    return effect_tap(EFFECTS + 1, side)


class SharedBlock:
    """The mapped file, seen as words, floats, doubles and bytes at once.

    `words`, `floats` and `doubles` count in their own size; `bytes_` counts in bytes.
    """

    def __init__(self, path: Path) -> None:
        """Map the file at `path`, made by `create`. Raises OSError, or ValueError where it was made otherwise."""
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), SIZE_BYTES)
        whole = memoryview(self._map)
        self.bytes_ = whole
        self.words = whole.cast("I")
        self.floats = whole.cast("f")
        self.doubles = whole.cast("d")
        self._written: list[bytes] = []
        if (self.words[0], self.words[1]) != (MAGIC, VERSION):
            self.close()
            raise ValueError(f"{path} was not made by this version of Remote Mixer; delete it and start again")

    @classmethod
    def create(cls, path: Path) -> Self:
        """Create the file, all controls zero, hence silent, and map it; an old file is replaced. Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        head = struct.pack("=II", MAGIC, VERSION)
        with path.open("xb") as file:
            file.write(head.ljust(SIZE_BYTES, b"\0"))
            file.flush()
            os.fsync(file.fileno())
        return cls(path)

    def write(self, path: str, number: float) -> None:
        """Write one control, in the unit of its kind (see `controls.Kind`); the engine follows after `commit`.

        path  local to the console, as `ch3/fader`. Raises KeyError where there is no such control.
        """
        place = TABLE.places[path]
        if place.control.kind.is_float:
            self.floats[place.word] = number
        else:
            self.words[place.word] = int(number)

    def commit(self) -> int:
        """Mark a batch of controls as complete; return the generation to wait for (see `follows`)."""
        generation = (self.words[GENERATION] + 1) & 0xFFFFFFFF
        self.words[GENERATION] = generation
        return generation

    def remember(self) -> None:
        """Remember what the server has written so far; to be called after each of its writes (see `is_intact`)."""
        self._written = [bytes(self.bytes_[part]) for part in SERVERS_BYTES]

    def is_intact(self) -> bool:
        """Whether nobody has written over what the server wrote, and the position is a time; takes some 2 µs."""
        seconds = self.doubles[POSITION_SECONDS]
        written = all(bytes(self.bytes_[part]) == kept for part, kept in zip(SERVERS_BYTES, self._written, strict=True))
        return written and 0 <= seconds < MOST_SECONDS

    def follows(self, generation: int) -> bool:
        """Whether the mix follows this generation of controls, or a later one; the count wraps."""
        return (self.words[APPLIED] - generation) & 0xFFFFFFFF < 1 << 31

    def seek(self, seconds: float) -> None:
        """Request that the transport goes on from `seconds` (≥ 0)."""
        self.doubles[SEEK_SECONDS] = seconds
        self.words[SEEKS] = (self.words[SEEKS] + 1) & 0xFFFFFFFF

    def clear_clip(self) -> None:
        """Request that the clip latch is cleared."""
        self.words[CLIP_CLEARS] = (self.words[CLIP_CLEARS] + 1) & 0xFFFFFFFF

    def look(self, strips: Sequence[int]) -> None:
        """Request pictures of up to `pictures.SPECTRA` strips, by their codes."""
        for place in range(pictures.SPECTRA):
            self.words[LOOKS_BYTE // 4 + place] = strips[place] if place < len(strips) else 0

    def reset_loudness(self) -> None:
        """Request that the integrated loudness begins anew."""
        place = LOOKS_BYTE // 4 + pictures.RESETS
        self.words[place] = (self.words[place] + 1) & 0xFFFFFFFF

    def pulse(self) -> tuple[int, int]:
        """Return blocks and beats, one of which changes at least every second while the engine lives.

        Blocks alone would not do: a sound server may take two seconds' worth at once. Beats alone would not either: the
        search for a card may take as long.
        """
        return self.words[BLOCKS], self.words[BEATS]

    def meters(self) -> tuple[int, bytes]:
        """Return the newest whole meter frame: its number (0: none yet) and METER_HALF_BYTES codes.

        The engine writes the other half meanwhile, so a frame is torn only when the copy took longer than a whole
        publishing interval; then the copy is made again.
        """
        return self._newest(METER_FRAMES, METER_BYTE, METER_HALF_BYTES)

    def newest_pictures(self) -> tuple[int, bytes]:
        """Return the newest whole pictures, likewise: their number and a half as `pictures.read` takes it."""
        return self._newest(PICTURES, PICTURES_BYTE, pictures.HALF_BYTES)

    def publish(self, whole: pictures.Pictures) -> None:
        """Publish pictures; for the engine."""
        number = (self.words[PICTURES] + 1) & 0xFFFFFFFF
        start = PICTURES_BYTE + (number & 1) * pictures.HALF_BYTES
        pictures.write(self.bytes_[start : start + pictures.HALF_BYTES], whole)
        self.words[PICTURES] = number

    def _newest(self, counter: int, first: int, size: int) -> tuple[int, bytes]:
        """Return the number that a counter has, and the half that belongs to it."""
        while True:
            number = self.words[counter]
            start = first + (number & 1) * size
            half = bytes(self.bytes_[start : start + size])
            if self.words[counter] == number:
                return number, half

    def close(self) -> None:
        """Unmap the file; it is not deleted."""
        for view in (self.doubles, self.floats, self.words, self.bytes_):
            view.release()
        self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
