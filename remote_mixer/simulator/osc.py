"""The bytes that these consoles speak: OSC messages of four types, no bundles, no patterns.

An address, the types as `,ifsb`, the arguments; everything big-endian and padded with zeros to four bytes. A message
may end after its address (a question). Text that is no UTF-8 passes through unchanged, as surrogates.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

Argument = int | float | str | bytes

_INT, _FLOAT = Struct(">i"), Struct(">f")


class OscError(ValueError):
    """These bytes are no message; the console drops them without a word."""


class Message(NamedTuple):
    """An address and what came with it."""

    address: str
    arguments: tuple[Argument, ...] = ()


def encode(address: str, arguments: tuple[Argument, ...] = ()) -> bytes:
    """Return the datagram of a message; a float travels as 32 bits, bytes as a blob."""
    types = "," + "".join(_TYPE[type(argument)] for argument in arguments)
    return b"".join((_text(address), _text(types), *map(_argument, arguments)))


def decode(data: bytes) -> Message:
    """Return the message in a datagram; OscError unless it is one from its first byte to its last."""
    address, place = _read_text(data, 0)
    if not address.startswith("/"):
        raise OscError("an address begins with /")
    if place == len(data):
        return Message(address)
    types, place = _read_text(data, place)
    if types and not types.startswith(","):
        raise OscError("types begin with a comma")
    arguments = []
    for kind in types[1:]:
        argument, place = _read_argument(kind, data, place)
        arguments.append(argument)
    if place != len(data):
        raise OscError("more bytes than arguments")
    return Message(address, tuple(arguments))


_TYPE: dict[type[Argument], str] = {int: "i", float: "f", str: "s", bytes: "b"}


def _argument(argument: Argument) -> bytes:
    if isinstance(argument, int):
        return _INT.pack(argument)
    if isinstance(argument, float):
        return _FLOAT.pack(argument)
    if isinstance(argument, str):
        return _text(argument)
    return _INT.pack(len(argument)) + argument + bytes(-len(argument) % 4)


def _text(text: str) -> bytes:
    data = text.encode("utf-8", "surrogateescape")
    return data + bytes(4 - len(data) % 4)


def _read_text(data: bytes, place: int) -> tuple[str, int]:
    end = data.find(b"\0", place)
    after = end + 4 - (end - place) % 4
    if end < 0 or after > len(data):
        raise OscError("a text without its end")
    return data[place:end].decode("utf-8", "surrogateescape"), after


def _read_argument(kind: str, data: bytes, place: int) -> tuple[Argument, int]:
    if kind == "s":
        return _read_text(data, place)
    if kind not in "ifb" or place + 4 > len(data):
        raise OscError(f"an argument of type {kind!r} that is not there or not known")
    if kind == "f":
        return _FLOAT.unpack_from(data, place)[0], place + 4
    (number,) = _INT.unpack_from(data, place)
    if kind == "i":
        return number, place + 4
    after = place + 4 + number + -number % 4
    if number < 0 or after > len(data):
        raise OscError("a blob longer than its message")
    return data[place + 4 : place + 4 + number], after
