"""OSC messages as these consoles send and accept them; python-osc reads and writes the bytes.

The consoles use the four types i, f, s and b only: no bundles, no address patterns. A query may end after its address,
without a type tag string.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pythonosc.osc_message import OscMessage, ParseError
from pythonosc.osc_message_builder import BuildError, OscMessageBuilder

Argument = int | float | str | bytes


class Message(NamedTuple):
    """An address and its arguments."""

    address: str
    arguments: tuple[Argument, ...] = ()


class OscError(ValueError):
    """Bytes that are no message for these consoles, or a value that no message carries."""


_TYPES: dict[type[Argument], str] = {
    int: OscMessageBuilder.ARG_TYPE_INT,
    float: OscMessageBuilder.ARG_TYPE_FLOAT,
    str: OscMessageBuilder.ARG_TYPE_STRING,
    bytes: OscMessageBuilder.ARG_TYPE_BLOB,
}
# python-osc also reads types that these consoles lack, and logs each type that it does not know.
_QUERY_OR_FOUR_TYPES = re.compile(rb"/[^\0]*\0{1,4}(,\0\0\0|,[ifsb]+\0.*)?", re.DOTALL)
MOST_KEPT = 8192
"""Datagrams whose message is kept, the newest: a client asks the same again and again."""


def encode(message: Message) -> bytes:
    """Return the datagram of a message; OscError for a value that does not fit."""
    builder = OscMessageBuilder(message.address)
    for argument in message.arguments:
        builder.add_arg(argument, _TYPES[type(argument)])
    try:
        return builder.build().dgram
    except BuildError as error:
        raise OscError(str(error)) from error


@lru_cache(maxsize=MOST_KEPT)
def decode(data: bytes) -> Message:
    """Return the message in a datagram; OscError unless `encode` makes exactly these bytes of it (or it is a query).

    python-osc alone ignores surplus bytes, and completes a float that is cut off.
    """
    if len(data) % 4 or not _QUERY_OR_FOUR_TYPES.fullmatch(data):
        raise OscError("an address that begins with /, then the types i, f, s and b only")
    try:
        parsed = OscMessage(data)
    except (ParseError, UnicodeDecodeError) as error:
        raise OscError(str(error)) from error
    message = Message(parsed.address, tuple(parsed.params))
    if message.arguments and encode(message) != data:
        raise OscError("bytes are missing, or there are too many")
    return message
