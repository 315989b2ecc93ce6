"""Header of a take: a WAV file of 24 bits, with named tracks and markers; RF64 where WAV cannot say its length.

All of it stands before the samples, in HEADER_BYTES, with room for what comes while it is recorded: names and strips of
the tracks as iXML, markers as `cue ` with their labels. So one write makes a file whole again, at any time.

Sources: Microsoft's and IBM's “Multimedia Programming Interface” (RIFF, cue, labl), EBU Tech 3306 (RF64: a JUNK chunk
that becomes ds64), the iXML specification 2.10 (TRACK_LIST).
"""

from __future__ import annotations

import html
import re
import struct
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

HEADER_BYTES = 1 << 16
SAMPLE_BYTES = 3
LONGEST_RIFF_BYTES = (1 << 32) - (1 << 20)
IN_DS64 = 0xFFFFFFFF
EXTENSIBLE, PCM = 0xFFFE, bytes.fromhex("0100000000001000800000aa00389b71")
LONGEST_TEXT_BYTES = 256
MOST_CHUNKS, LONGEST_CHUNK_BYTES = 1000, 1 << 20

_TRACK = re.compile(r"<TRACK>(.*?)</TRACK>", re.DOTALL)
_FIELD = r"<{0}>(.*?)</{0}>"


class Track(NamedTuple):
    """Track of a take: its name for people, and the strip and side that it is of, as `ch3`, `ch5 left`, `bus1`."""

    name: str
    strip: str = ""


class Mark(NamedTuple):
    """Marker of a take, at a frame."""

    frame: int
    name: str


class Full(Exception):  # an answer, not an error
    """The header has no room for one more marker."""


def made(tracks: Sequence[Track], marks: Sequence[Mark], rate: int, data_bytes: int) -> bytes:
    """Return the header, HEADER_BYTES long, of a file with so many bytes of samples. Raises Full."""
    size = HEADER_BYTES - 8 + data_bytes
    wide, frame_bytes = size > LONGEST_RIFF_BYTES, SAMPLE_BYTES * len(tracks)
    sizes = struct.pack("<QQQI", size, data_bytes, data_bytes // frame_bytes, 0)
    form = struct.pack("<HHIIHH", EXTENSIBLE, len(tracks), rate, rate * frame_bytes, frame_bytes, 8 * SAMPLE_BYTES)
    form += struct.pack("<HHI", 22, 8 * SAMPLE_BYTES, 0) + PCM
    inner = _chunk(b"ds64" if wide else b"JUNK", sizes) + _chunk(b"fmt ", form)
    inner += _chunk(b"iXML", _ixml(tracks)) + _marks(marks)
    room = HEADER_BYTES - 12 - 8 - len(inner)
    if room < 8:
        raise Full
    head = struct.pack("<4sI", b"RF64" if wide else b"RIFF", IN_DS64 if wide else size)
    data = struct.pack("<4sI", b"data", IN_DS64 if wide else data_bytes)
    return head + b"WAVE" + inner + _chunk(b"JUNK", bytes(room - 8)) + data


def _chunk(name: bytes, content: bytes) -> bytes:
    content += bytes(len(content) % 2)
    return struct.pack("<4sI", name, len(content)) + content


def _ixml(tracks: Sequence[Track]) -> bytes:
    rows = (
        f"<TRACK><CHANNEL_INDEX>{n}</CHANNEL_INDEX><INTERLEAVE_INDEX>{n}</INTERLEAVE_INDEX>"
        f"<NAME>{html.escape(track.name)}</NAME><FUNCTION>{html.escape(track.strip)}</FUNCTION></TRACK>"
        for n, track in enumerate(tracks, start=1)
    )
    listed = f"<TRACK_LIST><TRACK_COUNT>{len(tracks)}</TRACK_COUNT>{''.join(rows)}</TRACK_LIST>"
    text = f"<BWFXML><IXML_VERSION>2.10</IXML_VERSION>{listed}</BWFXML>"
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}\n'.encode()


def _marks(marks: Sequence[Mark]) -> bytes:
    if not marks:
        return b""
    points = [
        struct.pack("<II4sIII", n, min(mark.frame, IN_DS64), b"data", 0, 0, min(mark.frame, IN_DS64))
        for n, mark in enumerate(marks, start=1)
    ]
    labels = [
        _chunk(b"labl", struct.pack("<I", n) + mark.name.encode()[:LONGEST_TEXT_BYTES] + b"\0")
        for n, mark in enumerate(marks, start=1)
    ]
    cues = _chunk(b"cue ", struct.pack("<I", len(marks)) + b"".join(points))
    return cues + _chunk(b"LIST", b"adtl" + b"".join(labels))


def read(file: BinaryIO) -> tuple[list[Track], list[Mark]]:
    """Return the tracks and markers that a WAV file of any program names; none of a file of another kind.

    Never raises for what the file holds, only OSError.
    """
    tracks, frames, labels = list[Track](), dict[int, int](), dict[int, str]()
    for name, content in _chunks(file):
        if name == b"iXML":
            tracks = _tracks(content.decode("utf-8", "replace"))
        elif name == b"cue ":
            frames = {number: frame for number, _, _, _, _, frame in _rows("<II4sIII", content[4:])}
        elif name == b"LIST" and content[:4] == b"adtl":
            labels |= _labels(content[4:])
    return tracks, sorted(Mark(frame, labels.get(number, "")) for number, frame in frames.items())


def _rows(form: str, content: bytes) -> Iterator[tuple[int, ...]]:
    size = struct.calcsize(form)
    return struct.iter_unpack(form, content[: len(content) // size * size])


def _tracks(text: str) -> list[Track]:
    """Return the tracks in their order in the file."""
    found = {}
    for row in _TRACK.findall(text):
        index, name, strip = (_field(row, field) for field in ("INTERLEAVE_INDEX", "NAME", "FUNCTION"))
        if index.isdecimal() and 0 < len(index) < 6:
            found[int(index)] = Track(name, strip)
    return [found.get(number, Track("")) for number in range(1, max(found, default=0) + 1)]


def _field(row: str, name: str) -> str:
    match = re.search(_FIELD.format(name), row, re.DOTALL)
    return html.unescape(match[1]).strip()[:LONGEST_TEXT_BYTES] if match else ""


def _labels(content: bytes) -> dict[int, str]:
    labels, at = dict[int, str](), 0
    while at + 12 <= len(content):
        name, size, number = struct.unpack_from("<4sII", content, at)
        if name == b"labl":
            text = content[at + 12 : at + 8 + size].split(b"\0")[0]
            labels[number] = text.decode("utf-8", "replace")
        at += 8 + size + size % 2
    return labels


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of the chunks that are small; goes over the samples to those after them."""
    if file.read(4) not in {b"RIFF", b"RF64", b"BW64"}:
        return
    at, wide = 12, 0
    for _ in range(MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        name, size = struct.unpack("<4sI", head)
        if name == b"ds64":
            wide = int.from_bytes(file.read(16)[8:], "little")
        elif name == b"data" and size == IN_DS64:
            size = wide
        elif name in {b"iXML", b"cue ", b"LIST"} and size <= LONGEST_CHUNK_BYTES:
            yield name, file.read(size)
        at += 8 + size + size % 2
