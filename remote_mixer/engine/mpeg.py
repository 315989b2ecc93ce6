"""MP3 files of a variable rate that do not say their length, in a Xing header: a reader can only guess it.

Their frames are counted, and a Xing header with the count is put before them, in memory only.

Sources: ISO/IEC 11172-3 and 13818-3 (heads of frames), Xing's “VBR Header SDK”, LAME's “Mp3 Info Tag” (rev. 1), and
id3.org (ID3v2.4, section 3.1).
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO, NamedTuple

KILOBITS = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""Of a frame of layer III, by its index; those of MPEG 1, and of 2 and 2.5."""
RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
"""Samples a second by the number of the version."""
HEAD_BYTES, TAG_BYTES = 4, 10
BLOCK_BYTES = 1 << 20
PLACES = 48
"""Places of a file at which its rate is looked at: where it is the same at all, nothing needs to be counted."""
LOOK_BYTES = 8192
NAMED = (b"Xing", b"Info", b"VBRI")
FRAMES_AND_BYTES = 3
PLAIN = b"LAME3.100".ljust(36, b"\0")
"""LAME's part of the header, without an encoder's delay: a reader then counts its own delay as it plays."""


class Frame(NamedTuple):
    """Head of a frame of layer III: its length in bytes, and its rate in kilobits a second."""

    length: int
    kilobits: int


@lru_cache(maxsize=1024)
def frame(head: bytes) -> Frame | None:
    """Return the frame that begins with these four bytes; None for another layer, a free rate, or none at all."""
    if len(head) < HEAD_BYTES or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:
        return None
    version, index, rate = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version not in RATES or not 0 < index < 15 or rate == 3:
        return None
    kilobits = KILOBITS[version == 3][index]
    return Frame((144 if version == 3 else 72) * kilobits * 1000 // RATES[version][rate] + (head[2] >> 1 & 1), kilobits)


def xing_header(file: BinaryIO) -> tuple[bytes, int] | None:
    """Return a header for an MP3 file and the byte from which its frames follow; None where it needs none."""
    size, first = file.seek(0, os.SEEK_END), _after_tag(file)
    begin = _at(file, first, LOOK_BYTES)
    if _chained(begin, 0) is None or any(name in begin[:64] for name in NAMED) or len(_rates(file, first, size)) < 2:
        return None
    frames = sum(1 for _ in _frames(file, first, size))
    return _header(begin[:HEAD_BYTES], frames, size - first), first


def _after_tag(file: BinaryIO) -> int:
    tag = _at(file, 0, TAG_BYTES)
    if tag[:3] != b"ID3" or len(tag) < TAG_BYTES:
        return 0
    footer = TAG_BYTES if tag[5] & 0x10 else 0
    return TAG_BYTES + footer + sum((byte & 0x7F) << 7 * place for place, byte in enumerate(reversed(tag[6:])))


def _chained(data: bytes, place: int) -> Frame | None:
    """Return the frame at a place that another one follows: two bytes of sound may look like a head."""
    here = frame(data[place : place + HEAD_BYTES])
    after = place + here.length if here else 0
    return here if here and frame(data[after : after + HEAD_BYTES]) else None


def _rates(file: BinaryIO, first: int, size: int) -> set[int]:
    """Return the rates of frames at some places."""
    found = set()
    for number in range(PLACES):
        data = _at(file, first + (size - first) * number // PLACES, LOOK_BYTES)
        if there := next((one for at in range(len(data)) if data[at] == 0xFF and (one := _chained(data, at))), None):
            found.add(there.kilobits)
    return found


def _frames(file: BinaryIO, place: int, size: int) -> Iterator[Frame]:
    """Yield all frames; bytes between them that are none, as a tag at the end, are passed by."""
    data, start = b"", place
    while place < size - HEAD_BYTES:
        if not start <= place <= start + len(data) - LOOK_BYTES:
            data, start = _at(file, place, BLOCK_BYTES), place
            if not data:
                return
        here = frame(data[place - start : place - start + HEAD_BYTES])
        if here:
            yield here
            place += here.length
        else:
            sync = data.find(b"\xff", place - start + 1)
            place = start + (sync if sync >= 0 else len(data))


def _header(head: bytes, frames: int, size: int) -> bytes:
    """Return a silent frame with the form of others, without a checksum, that says how many frames follow."""
    is_first, is_mono = head[1] >> 3 & 3 == 3, head[3] >> 6 == 3
    form = bytes((head[0], head[1] | 1, (head[2] & 0x0C) | 0x90, head[3]))
    side = (17 if is_mono else 32) if is_first else (9 if is_mono else 17)
    said = form + bytes(side) + b"Xing" + struct.pack(">III", FRAMES_AND_BYTES, frames, min(size, 0xFFFFFFFF)) + PLAIN
    made = frame(form)
    return said.ljust(made.length, b"\0") if made else b""


def _at(file: BinaryIO, place: int, count: int) -> bytes:
    file.seek(place)
    return file.read(count)
