"""Meter blobs: the position of each reading, and each family's encoding.

X32: a count of 32-bit words, then linear amplitudes, all little-endian; 1.0 is 0 dBFS and the headroom ends at 8.0.
X Air: a count of 16-bit words, then 1/256 dB, all little-endian; the lowest number is −∞ and the highest reading 0 dB.
Gain reductions are encoded alike: 1.0 or 0 dB is none.
"""

from __future__ import annotations

from array import array
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from sys import byteorder

from remote_mixer.desk.meters import HIGHEST, LOWEST, STEPS_PER_DB, ZERO_DB, encode

Read = Callable[[bytes], Sequence[int]]
"""Takes a blob, returns the codes of its readings; raises ValueError where its length is wrong."""

_MINUS_INFINITY = -32768
_AMPLITUDES = [10 ** ((code - 0.5 - ZERO_DB) / STEPS_PER_DB / 20) for code in range(LOWEST + 1, HIGHEST + 1)]
"""Lowest amplitude of each code: to search it takes a third of the time of a logarithm, 1,300 times a second."""


@dataclass(frozen=True, slots=True)
class Block:
    """Positions of the readings of one tap of one kind of strip: the first one, and the distance to the next."""

    group: str
    tap: str
    first: int
    stride: int = 1


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter subscription: its number at the console, its count of readings, and those that are shown."""

    number: int
    size: int
    blocks: tuple[Block, ...]

    @property
    def address(self) -> str:
        """Return the address of its datagrams."""
        return f"/meters/{self.number}"


def read_amplitudes(blob: bytes) -> Sequence[int]:
    """Return the codes of an X32's readings; NaN is shown as −∞."""
    return [bisect(_AMPLITUDES, word) + LOWEST if 0 < word < 1e9 else 0 for word in _notices(blob, "f")]


def read_decibels(blob: bytes) -> Sequence[int]:
    """Return the codes of an X Air's readings."""
    return [0 if word == _MINUS_INFINITY else encode(word / 256) for word in _notices(blob, "h")]


def _notices(blob: bytes, kind: str) -> array[float]:
    words: array[float] = array(kind)
    if len(blob) < 4 or int.from_bytes(blob[:4], "little") * words.itemsize != len(blob) - 4:
        raise ValueError("the blob of a meter is not as long as it says")
    words.frombytes(blob[4:])
    if byteorder == "big":
        words.byteswap()
    return words


class Readings:
    """Combines the blobs of a console's meters into one meter frame, in the order of the layout's taps.

    taps  (strip's kind, its number, tap) in the layout's order
    """

    def __init__(self, meters: Sequence[Meter], read: Read, taps: Iterable[tuple[str, int, str]]) -> None:
        self._read = read
        self._sizes = {meter.address: meter.size for meter in meters}
        self._first = meters[0].address
        self._codes: dict[str, Sequence[int]] = {meter.address: bytes(meter.size) for meter in meters}
        blocks = {(block.group, block.tap): (meter.address, block) for meter in meters for block in meter.blocks}
        self._places = [_place(blocks, *tap) for tap in taps]

    def take(self, address: str, blob: bytes) -> bytes | None:
        """Store a blob; return the meter frame with each blob of the first meter, so that there is one for each moment.

        Raises ValueError for a blob that is not what this meter sends.
        """
        size = self._sizes.get(address)
        if size is None:
            raise ValueError(f"{address} is no meter that was asked for")
        codes = self._read(blob)
        if len(codes) < size:
            raise ValueError(f"{address} has {len(codes)} readings, not {size}")
        self._codes[address] = codes
        return bytes(self._codes[meter][at] for meter, at in self._places) if address == self._first else None


def _place(blocks: Mapping[tuple[str, str], tuple[str, Block]], group: str, number: int, tap: str) -> tuple[str, int]:
    address, block = blocks[group, tap]
    return address, block.first + (number - 1) * block.stride
