"""Values of params as arguments of OSC, both ways. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from pythonosc.osc_message_builder import BuildError, OscMessageBuilder

from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Param, Position, Toggle, Value
from remote_mixer.desk.readings import control_of
from remote_mixer.desk.refusal import Code, Refusal

ONE_TEXT = "This address takes one argument: a number from 0 to 1, a text as “-10 dB”, or true or false."


def value_of(param: Param, layout: Layout, arguments: Sequence[object]) -> Value:
    """Return the value that a param gets by a message's arguments; Refusal `bad-value` where they do not fit.

    `,f` and `,i` are a position or, for a toggle, 0 and 1; `,s` is a text as people type it; `,T` and `,F` a toggle's.
    """
    if len(arguments) != 1:
        raise Refusal(Code.BAD_VALUE, ONE_TEXT)
    (argument,) = arguments
    try:
        match param, argument:
            case Toggle(), int() | float() if argument in (0, 1):
                return bool(argument)
            case Position(), int() | float() if not isinstance(argument, bool):
                return param.check(argument)
            case _, str():
                return param.check(control_of(layout, param).value_of(argument))
            case _, bool() | int() | float():
                return param.check(argument)
    except ValueError as fault:
        raise Refusal(Code.BAD_VALUE, str(fault)) from fault
    raise Refusal(Code.BAD_VALUE, ONE_TEXT)


def reading_of(param: Param, layout: Layout, value: Value) -> str:
    """Return a value as people read it."""
    return control_of(layout, param).reading(value)


def message(address: str, *arguments: Value | int) -> bytes:
    """Return the datagram of a message: numbers as `f` or `i`, texts as `s`, toggles as `T` or `F`, unknown as `N`."""
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(_plain(argument), _tag(argument))
    try:
        return builder.build().dgram
    except BuildError as fault:  # an address that is empty
        raise ValueError(f"no message can have the address “{address}”") from fault


def _tag(argument: Value | int) -> str:
    match argument:
        case None:
            return OscMessageBuilder.ARG_TYPE_NIL
        case bool():
            return OscMessageBuilder.ARG_TYPE_TRUE if argument else OscMessageBuilder.ARG_TYPE_FALSE
        case int():
            return OscMessageBuilder.ARG_TYPE_INT
        case float():
            return OscMessageBuilder.ARG_TYPE_FLOAT
    return OscMessageBuilder.ARG_TYPE_STRING


def _plain(argument: Value | int) -> Value | int:
    """Return an argument that can be encoded: a text without zeros and half characters, a finite number."""
    if isinstance(argument, str):
        return argument.replace("\0", "").encode("utf-8", "replace").decode()
    if isinstance(argument, float) and not isfinite(argument):
        return None
    return argument
