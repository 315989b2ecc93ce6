"""The part of OSC that these consoles speak: one message a datagram, arguments of the types i, f, s and b, no bundles.

A message is its address, a string of type letters after a comma, then the arguments, all big-endian and each filled
up with zeros to a multiple of four bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from struct import Struct

Argument = int | float | str | bytes
"""The types i, f, s, b."""
Message = tuple[str, tuple[Argument, ...]]
"""An address and its arguments; a query has none."""

MOST_BYTES = 65_507
"""The largest datagram that UDP carries."""

BEGINNINGS = (b"/", b"node\0")
"""Addresses begin with a slash, but for the one of an answer to `/node`."""

_INT = Struct(">i")
_FLOAT = Struct(">f")


class OscError(ValueError):
    """An invalid datagram, or an argument that cannot be encoded; the text says which rule was broken."""


def encode(address: str, *arguments: Argument) -> bytes:
    """Return the datagram of a message; raise OscError for an argument that cannot be encoded."""
    tags, packed = ",", b""
    for argument in arguments:
        tag, raw = _packed(argument)
        tags += tag
        packed += raw
    return _string(address) + (_string(tags) + packed if arguments else b"")


def _packed(argument: Argument) -> tuple[str, bytes]:
    match argument:
        case bool():
            raise OscError("a toggle travels as the number 0 or 1")
        case int() if -(2**31) <= argument < 2**31:
            return "i", _INT.pack(argument)
        case float() if isfinite(argument):
            return "f", _FLOAT.pack(argument)
        case str():
            return "s", _string(argument)
        case bytes():
            return "b", _INT.pack(len(argument)) + argument + bytes(-len(argument) % 4)
    raise OscError(f"a number that does not fit: {argument}")


def _string(text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if b"\0" in raw:
        raise OscError("a text with a zero in it ends there")
    return raw + bytes(4 - len(raw) % 4)


def decode(datagram: bytes) -> Message:
    """Return the message in a datagram; raise OscError for anything else, never another error."""
    if len(datagram) > MOST_BYTES or len(datagram) % 4 or not datagram.startswith(BEGINNINGS):
        raise OscError("this is no message: it must begin with / or be a node, and be a multiple of four bytes long")
    address, at = _read_string(datagram, 0)
    if not address.isascii() or not address.isprintable():
        raise OscError("the address holds what no address holds")
    if at == len(datagram):
        return address, ()
    tags, at = _read_string(datagram, at)
    if not tags.startswith(","):
        raise OscError("the types of the arguments are missing")
    arguments = []
    for tag in tags[1:]:
        if tag not in _READERS:
            raise OscError(f"an argument of the type “{tag}”, which these consoles do not have")
        argument, at = _READERS[tag](datagram, at)
        arguments.append(argument)
    if at != len(datagram):
        raise OscError(f"{len(datagram) - at} bytes too many")
    return address, tuple(arguments)


def _read_string(datagram: bytes, at: int) -> tuple[str, int]:
    """Return the text at an offset and the offset after it; bytes that are not UTF-8 are replaced."""
    end = datagram.find(b"\0", at)
    after = end + 4 - (end - at) % 4
    if end < 0 or after > len(datagram):
        raise OscError("a text does not end")
    return datagram[at:end].decode("utf-8", "replace"), after


def _read_int(datagram: bytes, at: int) -> tuple[int, int]:
    if at + 4 > len(datagram):
        raise OscError("a number is cut off")
    return _INT.unpack_from(datagram, at)[0], at + 4


def _read_float(datagram: bytes, at: int) -> tuple[float, int]:
    if at + 4 > len(datagram):
        raise OscError("a number is cut off")
    (number,) = _FLOAT.unpack_from(datagram, at)
    if not isfinite(number):
        raise OscError("a number that is not finite")
    return number, at + 4


def _read_blob(datagram: bytes, at: int) -> tuple[bytes, int]:
    size, at = _read_int(datagram, at)
    after = at + size + -size % 4
    if size < 0 or after > len(datagram):
        raise OscError("a blob of a wrong size")
    return datagram[at : at + size], after


_READERS: dict[str, Callable[[bytes, int], tuple[Argument, int]]] = {
    "i": _read_int,
    "f": _read_float,
    "s": _read_string,
    "b": _read_blob,
}
