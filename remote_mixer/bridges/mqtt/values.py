"""Values of params as payloads, both ways. No I/O."""

from __future__ import annotations

import json

from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Number, Param, Position, Value
from remote_mixer.desk.readings import control_of
from remote_mixer.desk.refusal import Code, Refusal

MOST_BYTES = 4096
"""Most bytes of a payload that sets or commands something."""
LONG_TEXT = f"A payload here has at most {MOST_BYTES} bytes."
NO_TEXT = "This payload is no text in UTF-8."
NO_JSON_TEXT = "This topic takes JSON: 0.75, true, or a text in quotes."

_PLAIN = str.maketrans({"−": "-", "∞": "inf"})


def text_of(payload: bytes) -> str:
    """Return a payload's text; Refusal `bad-value` where it is none, or too long."""
    if len(payload) > MOST_BYTES:
        raise Refusal(Code.BAD_VALUE, LONG_TEXT)
    try:
        return payload.decode()
    except UnicodeDecodeError as fault:
        raise Refusal(Code.BAD_VALUE, NO_TEXT) from fault


def typed_value(param: Param, layout: Layout, text: str) -> Value:
    """Return the value of a text as people type it, as `-10 dB`, `on` or `0.75`; Refusal `bad-value` for another."""
    try:
        return param.check(control_of(layout, param).value_of(text))
    except ValueError as fault:
        raise Refusal(Code.BAD_VALUE, str(fault)) from fault


def exact_value(param: Param, text: str) -> Value:
    """Return the value that a JSON text has; Refusal `bad-value` where the param does not take it."""
    try:
        return param.check(json.loads(text))
    except (ValueError, RecursionError) as fault:
        is_json = not isinstance(fault, json.JSONDecodeError | RecursionError)
        raise Refusal(Code.BAD_VALUE, str(fault) if is_json else NO_JSON_TEXT) from fault


def reading_of(param: Param, layout: Layout, value: Value) -> str:
    """Return a value as people read it, positions and numbers in ASCII: `-10.0 dB`, `-inf dB`, `L53`, `on`."""
    reading = control_of(layout, param).reading(value)
    return plain(reading) if isinstance(param, Position | Number) else reading


def plain(reading: str) -> str:
    """Return a reading in ASCII."""
    return reading.translate(_PLAIN)
