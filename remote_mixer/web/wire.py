"""The wire, version 1: one JSON object per text frame, one byte per tap in a meter frame.

Frames to the page are built once, as the bytes of a whole WebSocket frame, and written as they are to every client.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from typing import Any, TypeGuard

from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Code, Held, Refusal
from remote_mixer.web.pipe import binary_frame, text_frame

MOST_NUMBER = 1e15
PROTOCOL = 1
METER_KIND = 1


def read(text: str | bytes) -> dict[str, Any] | None:
    """Return the JSON object that a frame or a body holds, None when it is any other text."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return frame if isinstance(frame, dict) else None


def write(frame: Mapping[str, Any]) -> bytes:
    """Return the WebSocket frame that carries a JSON object."""
    return text_frame(dump(frame))


def dump(frame: object) -> bytes:
    """Return compact JSON in UTF-8; a half character from a stranger becomes a question mark."""
    text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")


def changes(rev: int, paths: Iterable[str], values: Mapping[str, Value]) -> bytes:
    """Return a `changes` frame with what stands at these paths now; those that are no more are left out."""
    return write({"type": "changes", "rev": rev, "values": {path: values[path] for path in paths if path in values}})


def echo(text: str) -> bytes:
    """Return the answer to plain text, word for word."""
    return text_frame(f"Server received: {text}")


def error(refusal: Refusal, id: object = None) -> bytes:  # noqa: A002 the wire's word
    """Return an `error` frame."""
    holder = {"by": refusal.by} if isinstance(refusal, Held) else {}
    told = {"type": "error", "id": id, "code": refusal.code.wire, "path": refusal.path, "text": refusal.text}
    return write(told | holder)


def meters(sequence: int, codes: bytes) -> bytes:
    """Return a meter frame: kind, sequence number (32 bit, little-endian), one byte a tap."""
    return binary_frame(struct.pack("<BI", METER_KIND, sequence & 0xFFFFFFFF) + codes)


def typed(frame: Mapping[str, Any], key: str, kind: type, most: int) -> Any:  # noqa: ANN401 as asked for in `kind`
    """Return a frame's text or object under a key; Refusal `bad-frame` when it is none or longer than `most`."""
    value = frame.get(key)
    if not isinstance(value, kind) or len(value) > most:  # type: ignore[arg-type] # every kind asked for has a length
        wanted = "a text" if kind is str else "an object"
        raise Refusal(Code.BAD_FRAME, f"“{key}” has to be {wanted} of at most {most} characters or entries.")
    return value


def line(frame: Mapping[str, Any], key: str, most: int) -> str:
    """Return a frame's text under a key in one line, as it can be shown and kept; Refusal as of `typed`."""
    return " ".join(str(typed(frame, key, str, most)).split()).encode("utf-8", "replace").decode()


def is_number(value: object) -> TypeGuard[int | float]:
    """Tell a number that can be reckoned with; NaN and what is beyond all use are none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST_NUMBER < value < MOST_NUMBER
