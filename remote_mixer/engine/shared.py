"""The block of memory that the server and the engine share: a small file mapped by both.

Standard library only, so that the server's process stays small; the engine wraps the same bytes in numpy arrays.
Every control is one aligned word of 4 or 8 bytes. Such a store is one instruction on the machines we run on, so a
reader sees the old value or the new one, never a half: true in practice, promised by no standard. Nobody waits for
anybody: whoever writes bumps a counter afterwards, whoever reads looks at the counter.

| byte | type | written by | what it holds |
|---|---|---|---|
| 0 | uint32 | server, once | MAGIC |
| 4 | uint32 | server, once | VERSION of this table |
| 8 | uint32 | server | generation: bumped after each batch of controls |
| 12 | uint32 | engine | applied: the generation whose controls the mix now follows |
| 16 | uint32 | server | play: 1 plays, 0 halts where it stands |
| 20 | uint32 | server | seeks: bumped after a new seek position |
| 24 | float64 | server | seek position, seconds |
| 32 | uint32 | server | clip clears: bumped to clear the latch |
| 36 | uint32 | engine | clip: 1 once main has gone over full scale |
| 40 | float64 | engine | position, seconds |
| 48 | uint32 | engine | blocks mixed (wraps at 2³²) |
| 52 | uint32 | engine | blocks missed: the card or the clock had to skip them |
| 56 | uint32 | engine | meter frames published; frame n stands in half n % 2 |
| 60 | uint32 | engine | beats: bumped some 20 times a second by the thread that looks after the sound |
| 64 | float32 × 64 | server | channel fader, amplitude |
| 320 | uint32 × 64 | server | channel mute, 0 or 1 |
| 576 | uint32 × 64 | server | channel solo, 0 or 1 |
| 832 | float32 × 64 | server | channel pan, −1 left … 1 right |
| 1088 | float32 × 8 × 64 | server | send amplitude, bus after bus |
| 3136 | uint32 × 8 × 64 | server | send mute |
| 5184 | uint32 × 8 × 64 | server | send tap: 0 before the fader, 1 after it |
| 7232 | float32 × 9 | server | fader amplitude of main, then of buses 1–8 |
| 7268 | uint32 × 9 | server | mute of main, then of buses 1–8 |
| 7304 | uint32 × 8 | server | limiter of buses 1–8, 0 or 1 |
| 7336 | float32 × 8 | server | ceiling of buses 1–8, amplitude |
| 7424 | uint8 × 2 × 160 | engine | meter codes in two halves, see `tap` functions |

A meter code is 0 for −∞, else dB = (code − 216) / 2.
"""

from __future__ import annotations

import mmap
import os
import struct
from pathlib import Path
from typing import Self

MAGIC = 0x584D5245
VERSION = 2
MAX_CHANNELS = 64
BUSES = 8
RATE = 48_000
BLOCK_FRAMES = 128

# Word numbers (byte / 4) of single uint32 values.
GENERATION = 2
APPLIED = 3
PLAY = 4
SEEKS = 5
CLIP_CLEARS = 8
CLIP = 9
BLOCKS = 12
MISSED = 13
METER_FRAMES = 14
BEATS = 15

# Numbers (byte / 8) of single float64 values.
SEEK_SECONDS = 3
POSITION_SECONDS = 5

# Word numbers where the tables of controls start.
CHANNEL_FADER = 16
CHANNEL_MUTE = 80
CHANNEL_SOLO = 144
CHANNEL_PAN = 208
SEND_LEVEL = 272
SEND_MUTE = 784
SEND_POST = 1296
MASTER_FADER = 1808
MASTER_MUTE = 1817
BUS_LIMITER = 1826
BUS_CEILING = 1834

METER_BYTE = 7424
METER_HALF_BYTES = 160
SIZE_BYTES = METER_BYTE + 2 * METER_HALF_BYTES

MAIN = 0  # index of main among the masters; bus n is master n


def send_index(channel: int, bus: int) -> int:
    """Place of a send in the three tables of sends; `channel` and `bus` are 1-based."""
    return (bus - 1) * MAX_CHANNELS + channel - 1


def input_tap(channel: int) -> int:
    """Place of a channel's input meter in a meter frame; `channel` is 1-based."""
    return channel - 1


def post_fader_tap(channel: int) -> int:
    """Place of a channel's meter after fader and mute, before pan."""
    return MAX_CHANNELS + channel - 1


def bus_tap(bus: int) -> int:
    """Place of a bus's meter after its fader and mute."""
    return 2 * MAX_CHANNELS + bus - 1


def main_tap(side: int) -> int:
    """Place of main's meter after its fader and mute; `side` 0 is left, 1 is right."""
    return 2 * MAX_CHANNELS + BUSES + side


class SharedBlock:
    """The mapped file, seen as words, floats, doubles and bytes at once.

    `words`, `floats` and `doubles` count in their own size; `bytes_` counts in bytes.
    """

    def __init__(self, path: Path) -> None:
        """Map the file at `path`, which `create` has made. Raises OSError or ValueError if it is not such a file."""
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), SIZE_BYTES)
        whole = memoryview(self._map)
        self.bytes_ = whole
        self.words = whole.cast("I")
        self.floats = whole.cast("f")
        self.doubles = whole.cast("d")
        if (self.words[0], self.words[1]) != (MAGIC, VERSION):
            self.close()
            raise ValueError(f"{path} was not made by this version of Remote Mixer; delete it and start again")

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make the file anew, all controls zero (so everything is silent), and map it. Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        head = struct.pack("=II", MAGIC, VERSION)
        with path.open("xb") as file:
            file.write(head.ljust(SIZE_BYTES, b"\0"))
            file.flush()
            os.fsync(file.fileno())
        return cls(path)

    def commit(self) -> int:
        """Tell the engine that a batch of controls is complete; returns the generation to wait for."""
        generation = (self.words[GENERATION] + 1) & 0xFFFFFFFF
        self.words[GENERATION] = generation
        return generation

    def follows(self, generation: int) -> bool:
        """Whether the mix follows what was committed as this generation, or later; the count wraps."""
        return (self.words[APPLIED] - generation) & 0xFFFFFFFF < 1 << 31

    def seek(self, seconds: float) -> None:
        """Ask the transport to go on from `seconds` (≥ 0)."""
        self.doubles[SEEK_SECONDS] = seconds
        self.words[SEEKS] = (self.words[SEEKS] + 1) & 0xFFFFFFFF

    def clear_clip(self) -> None:
        """Ask for the clip latch to be cleared."""
        self.words[CLIP_CLEARS] = (self.words[CLIP_CLEARS] + 1) & 0xFFFFFFFF

    def pulse(self) -> tuple[int, int]:
        """Two numbers, of which one changes all the time while the engine lives.

        Blocks alone would not do: a sound server may take two seconds' worth at once. Beats alone neither: looking
        for a card may take as long.
        """
        return self.words[BLOCKS], self.words[BEATS]

    def meters(self) -> tuple[int, bytes]:
        """The newest whole meter frame: its number (0: none yet) and METER_HALF_BYTES codes.

        The engine writes the other half meanwhile, so a frame is torn only when the copy took longer than a whole
        publishing interval; then the copy is made again.
        """
        while True:
            number = self.words[METER_FRAMES]
            start = METER_BYTE + (number & 1) * METER_HALF_BYTES
            codes = bytes(self.bytes_[start : start + METER_HALF_BYTES])
            if self.words[METER_FRAMES] == number:
                return number, codes

    def close(self) -> None:
        """Unmap; the file stays until somebody deletes it."""
        for view in (self.doubles, self.floats, self.words, self.bytes_):
            view.release()
        self._map.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
