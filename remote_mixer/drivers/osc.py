"""The part of OSC that these consoles speak: arguments of the types i, f, s and b, and h and d where a DAW sends them.

A message is its address, a string of type letters after a comma, then the arguments, all big-endian and each filled
up with zeros to a multiple of four bytes. Consoles send one message a datagram; a DAW also takes bundles of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from math import isfinite
from struct import Struct

Argument = int | float | str | bytes
"""The types i, f, s, b; i and h are both int, f and d both float."""
Message = tuple[str, tuple[Argument, ...]]
"""An address and its arguments; a query has none."""

NOT_UNDERSTOOD = b""
"""Stands for an argument of a type or with a number that these consoles do not have: an empty blob, which no value is.
What comes after one of an unknown type cannot be read."""

MOST_BYTES = 65_507
"""The largest datagram that UDP carries."""

BEGINNINGS = (b"/", b"node\0")
"""Addresses begin with a slash, but for the one of an answer to `/node`."""

_INT = Struct(">i")
_LONG = Struct(">q")
_FLOAT = Struct(">f")
_DOUBLE = Struct(">d")

BUNDLE = b"#bundle\0" + _LONG.pack(1)
"""Beginning of a bundle; its time tag means "at once"."""
NO_ARGUMENTS = b",\0\0\0"
"""Types of a message without arguments: a console does without, some programs that take bundles do not."""
BUNDLE_BYTES = 1200
"""The largest bundle that is sent: it fits into one packet of any network."""


def node_of(address: str) -> str:
    """Return an address without its last part: `/ch/01/mix` of `/ch/01/mix/fader`."""
    return address.rpartition("/")[0]


def leaf_of(address: str) -> str:
    """Return the last part of an address: `fader` of `/ch/01/mix/fader`."""
    return address.rpartition("/")[2]


def parts_of(address: str) -> list[str]:
    """Return all parts of an address: `ch`, `01`, `mix` and `fader` of `/ch/01/mix/fader`."""
    return address.strip("/").split("/")


class OscError(ValueError):
    """An invalid datagram, or an argument that cannot be encoded; the text says which rule was broken."""


def encode(address: str, *arguments: Argument) -> bytes:
    """Return the datagram of a message; raise OscError for an argument that cannot be encoded."""
    tags, packed = ",", b""
    for argument in arguments:
        tag, raw = _packed(argument)
        tags += tag
        packed += raw
    return _kept(address) + (_kept(tags) + packed if arguments else b"")


def bundles(messages: Iterable[Message]) -> Iterator[bytes]:
    """Yield datagrams that hold all messages, as few as their size allows."""
    bundle = BUNDLE
    for address, arguments in messages:
        message = encode(address, *arguments) + (b"" if arguments else NO_ARGUMENTS)
        if len(bundle) + _INT.size + len(message) > BUNDLE_BYTES and bundle != BUNDLE:
            yield bundle
            bundle = BUNDLE
        bundle += _INT.pack(len(message)) + message
    if bundle != BUNDLE:
        yield bundle


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


_kept = lru_cache(maxsize=16_384)(_string)
"""The bytes of an address, made once: a console has a few thousand, and is sent some of them all the time."""


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
    arguments: list[Argument] = []
    for tag in tags[1:]:
        if tag not in _READERS:
            return address, (*arguments, NOT_UNDERSTOOD)
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


def _read_number(form: Struct, datagram: bytes, at: int) -> tuple[Argument, int]:
    after = at + form.size
    if after > len(datagram):
        raise OscError("a number is cut off")
    number: int | float = form.unpack_from(datagram, at)[0]
    return number if isfinite(number) else NOT_UNDERSTOOD, after


def _read_blob(datagram: bytes, at: int) -> tuple[bytes, int]:
    size, at = _read_number(_INT, datagram, at)
    if not isinstance(size, int) or size < 0 or (after := at + size + -size % 4) > len(datagram):
        raise OscError("a blob of a wrong size")
    return datagram[at : at + size], after


_READERS: dict[str, Callable[[bytes, int], tuple[Argument, int]]] = {
    "i": partial(_read_number, _INT),
    "h": partial(_read_number, _LONG),
    "f": partial(_read_number, _FLOAT),
    "d": partial(_read_number, _DOUBLE),
    "s": _read_string,
    "b": _read_blob,
}
