"""Fields of frames and bodies: each is checked where it is read, and refused with its own name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from remote_mixer.desk.refusal import Code, Refusal

MOST_NUMBER = 1e15


WORDS: dict[type, str] = {str: "a text", list: "a list"}


def typed(frame: Mapping[str, Any], key: str, kind: type, most: int) -> Any:  # noqa: ANN401 as asked for in `kind`
    """Return a text, object or list of a frame; Refusal `bad-frame` for anything else, or one longer than `most`."""
    value = frame.get(key)
    if not isinstance(value, kind) or len(value) > most:  # type: ignore[arg-type] # every kind asked for has a length
        wanted = WORDS.get(kind, "an object")
        raise Refusal(Code.BAD_FRAME, f"“{key}” has to be {wanted} of at most {most} characters or entries.")
    return value


def flag(frame: Mapping[str, Any], key: str, missing: bool | None = None) -> bool:
    """Return a true or false of a frame, `missing` without it; Refusal `bad-frame` for anything else."""
    value = frame.get(key, missing)
    if not isinstance(value, bool):
        raise Refusal(Code.BAD_FRAME, f"“{key}” has to be true or false.")
    return value


def line(frame: Mapping[str, Any], key: str, most: int) -> str:
    """Return a text of a frame on one line, without lone surrogates; Refusal as of `typed`."""
    return " ".join(str(typed(frame, key, str, most)).split()).encode("utf-8", "replace").decode()


def whole(frame: Mapping[str, Any], key: str, most: int = int(MOST_NUMBER)) -> int | None:
    """Return a whole number ≥ 0 of a frame, None without it; Refusal `bad-frame` for anything else."""
    value = frame.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most):
        raise Refusal(Code.BAD_FRAME, f"“{key}” has to be a whole number from 0 to {most}.")
    return value


def is_number(value: object) -> TypeGuard[int | float]:
    """Whether a value is a number within ±MOST_NUMBER; NaN and infinity are not."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -MOST_NUMBER < value < MOST_NUMBER
