"""Headers of sound files: those that an interrupted or careless program left wrong are made right, in memory only.

A recorder that was cut off leaves lengths of 0, of all ones, or those of some seconds before. Other programs forget the
byte that pads an odd chunk, or write the kind `BW64`, which libsndfile does not know. Where that is so, `mended` gives
the samples of the file behind a new header; the file itself is never written to.

Sources: Microsoft's and IBM's “Multimedia Programming Interface” (RIFF), EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64),
Apple's “Audio Interchange File Format” 1.3 and “Core Audio Format Specification”, Sun's audio(5), RFC 9639 (FLAC).
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from remote_mixer.engine import mpeg

MOST_CHUNKS = 1000
LONGEST_FORMAT_BYTES = 4096
LENGTH_IN_DS64 = UNKNOWN = 0xFFFFFFFF
LONGEST_RIFF_BYTES = (1 << 32) - (1 << 16)
PRINTABLE = range(32, 127)
AU_LENGTH_BYTE = 8
FLAC_TOTAL_BYTE = 21  # its low half, and four bytes more, are the number of frames: 36 bits
ANY_LENGTH = 0x0F


class Family(NamedTuple):
    """Way in which chunks follow each other.

    first      byte of the first chunk
    head       of a chunk, as struct spells it: id and length
    padded     whether a chunk of odd length is followed by a byte that counts for nothing
    formats    ids of the chunks that say what the samples are
    samples    id of the chunk that holds them
    inside     bytes at its beginning that are no samples, and without which it is no chunk of samples
    """

    first: int
    head: str
    padded: bool
    formats: tuple[bytes, ...]
    samples: bytes
    inside: int = 0


WAV = Family(12, "<4sI", True, (b"fmt ",), b"data")
FAMILIES = {
    b"RIFF": WAV,
    b"RF64": WAV,
    b"BW64": WAV,
    b"RIFX": WAV._replace(head=">4sI"),
    b"FORM": Family(12, ">4sI", True, (b"FVER", b"COMM"), b"SSND", 8),
    b"caff": Family(8, ">4sQ", False, (b"desc", b"kuki", b"chan"), b"data", 4),
}
COMMON = {b"fmt ", b"data", b"fact", b"LIST", b"bext", b"JUNK", b"COMM", b"SSND", b"FVER", b"NAME", b"INST", b"MARK"}


class Chunk(NamedTuple):
    """Chunk of a file: its id, the byte at which its content starts, and the length that it claims."""

    id: bytes
    start: int
    length: int


class Spliced(io.RawIOBase):
    """File to read: `head`, then the bytes of `file` from `start` on, `length` of them."""

    def __init__(self, head: bytes, file: BinaryIO, start: int, length: int) -> None:
        self._head, self._file, self._start = head, file, start
        self._size, self._at = len(head) + length, 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a byte, and return its place."""
        self._at = max(offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence], 0)
        return self._at

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer
        """Read into the buffer; return how many bytes came."""
        content = self._piece(min(len(buffer), max(self._size - self._at, 0)))
        buffer[: len(content)] = content
        self._at += len(content)
        return len(content)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def _piece(self, count: int) -> bytes:
        if self._at < len(self._head):
            return self._head[self._at : self._at + count]
        try:
            self._file.seek(self._start + self._at - len(self._head))
            return self._file.read(count)
        except OSError:
            return b""  # libsndfile calls this, and takes no exception


def mended(file: BinaryIO) -> Spliced | None:
    """Return the file with a header that is right, or None where its own will do, or none can be made.

    Reads at most some kilobytes and MOST_CHUNKS heads, whatever the file claims; of an MP3 file of a variable rate that
    does not say its length, all. Raises OSError.
    """
    size = file.seek(0, os.SEEK_END)
    magic = _at(file, 0, 4)
    if magic in FAMILIES:
        return _Walk(file, size, magic).mended()
    if magic == b".snd" and _at(file, AU_LENGTH_BYTE, 4) == bytes(4):
        head = _at(file, 0, AU_LENGTH_BYTE) + struct.pack(">I", UNKNOWN)
        return Spliced(head, file, len(head), size - len(head))
    if magic == b"fLaC":
        head = _at(file, 0, FLAC_TOTAL_BYTE + 5)
        if len(head) > FLAC_TOTAL_BYTE and not head[FLAC_TOTAL_BYTE] & ANY_LENGTH and not any(head[-4:]):
            longest = bytes([head[FLAC_TOTAL_BYTE] | ANY_LENGTH]) + b"\xff" * 4
            return Spliced(head[:FLAC_TOTAL_BYTE] + longest, file, len(head), size - len(head))
    if (magic[:3] == b"ID3" or mpeg.frame(magic)) and (said := mpeg.xing_header(file)):
        return Spliced(said[0], file, said[1], size - said[1])
    return None


def _at(file: BinaryIO, place: int, count: int) -> bytes:
    file.seek(place)
    return file.read(count)


class _Walk:
    """The chunks of one file up to its samples."""

    def __init__(self, file: BinaryIO, size: int, magic: bytes) -> None:
        self._file, self._size, self._magic, self._family = file, size, magic, FAMILIES[magic]
        self._head_bytes = struct.calcsize(self._family.head)
        self._astray = magic == b"BW64"  # whether libsndfile would lose its way

    def mended(self) -> Spliced | None:
        formats, wide = [], 0
        for chunk in self._chunks():
            if chunk.id in self._family.formats:
                formats.append((chunk.id, _at(self._file, chunk.start, min(chunk.length, LONGEST_FORMAT_BYTES))))
            if chunk.id == b"ds64":
                wide = int.from_bytes(_at(self._file, chunk.start + 8, 8), "little")
            if chunk.id == self._family.samples:
                length = self._true_length(chunk, wide)
                self._astray = self._astray or self._comes_again(chunk._replace(length=length))
                if length > self._family.inside and formats and (self._astray or length != self._claimed(chunk, wide)):
                    return Spliced(self._head(formats, length), self._file, chunk.start, length)
                break
        return None

    def _chunks(self) -> Iterator[Chunk]:
        place = self._family.first
        for _ in range(MOST_CHUNKS):
            chunk = self._chunk(place)
            if not chunk:
                return
            yield chunk
            place = self._after(chunk)

    def _chunk(self, place: int) -> Chunk | None:
        head = _at(self._file, place, self._head_bytes)
        if len(head) < self._head_bytes:
            return None
        name, length = struct.unpack(self._family.head, head)
        return Chunk(name, place + self._head_bytes, length)

    def _after(self, chunk: Chunk) -> int:
        """Return the place of the next chunk; it follows at once where the padding was forgotten."""
        end = chunk.start + chunk.length
        if not self._family.padded or not chunk.length % 2:
            return end
        if self._begins_chunk(end) and (_at(self._file, end, 4) in COMMON or not self._begins_chunk(end + 1)):
            self._astray = True
            return end
        return end + 1

    def _comes_again(self, chunk: Chunk) -> bool:
        """Whether the next chunk has the same id: libsndfile takes no file with samples in two."""
        following = self._chunk(self._after(chunk))
        return following is not None and following.id == chunk.id

    def _begins_chunk(self, place: int) -> bool:
        """Whether a chunk may begin here: a name, and a length that the file has room for."""
        chunk = self._chunk(place)
        return bool(
            chunk
            and all(letter in PRINTABLE for letter in chunk.id)
            and (chunk.start + chunk.length <= self._size or chunk.id == self._family.samples)
        )

    def _claimed(self, chunk: Chunk, wide: int) -> int:
        return wide if chunk.length == LENGTH_IN_DS64 and self._magic in {b"RF64", b"BW64"} else chunk.length

    def _true_length(self, chunk: Chunk, wide: int) -> int:
        """Return the claimed length where the file ends with it, or another chunk follows; else all that is there."""
        length, rest = self._claimed(chunk, wide), self._size - chunk.start
        follows = self._after(chunk._replace(length=length)) if length <= rest else 0
        nothing_more = self._size - follows < self._head_bytes
        return length if follows and (nothing_more or self._begins_chunk(follows)) else rest

    def _head(self, formats: list[tuple[bytes, bytes]], length: int) -> bytes:
        content = b"".join(self._packed(name, content) for name, content in formats)
        samples = struct.pack(self._family.head, self._family.samples, min(length, self._longest()))
        if self._magic == b"caff":
            return _at(self._file, 0, self._family.first) + content + samples
        kind, order = _at(self._file, 8, 4), self._family.head[0]
        whole = 4 + len(content) + len(samples) + length
        if whole <= LONGEST_RIFF_BYTES:
            magic = self._magic if self._magic in {b"FORM", b"RIFX"} else b"RIFF"
            return magic + struct.pack(f"{order}I", whole) + kind + content + samples
        sizes = self._packed(b"ds64", struct.pack("<QQQI", whole + 36, length, 0, 0))
        return b"RF64" + struct.pack("<I", LENGTH_IN_DS64) + kind + sizes + content + samples

    def _packed(self, name: bytes, content: bytes) -> bytes:
        padding = bytes(len(content) % 2 if self._family.padded else 0)
        return struct.pack(self._family.head, name, len(content)) + content + padding

    def _longest(self) -> int:
        return (1 << 64) - 1 if self._magic == b"caff" else LENGTH_IN_DS64
