"""A refusal: an error for a person, with a code for programs. Every room refuses with this one class."""

from __future__ import annotations

from enum import Enum
from http import HTTPStatus


class Code(Enum):
    """Reason for a refusal, for programs.

    word    code in the HTTP API
    status  HTTP status
    wire    code on the WebSocket, where version 1 of the wire has a wider one
    """

    BAD_FRAME = "bad-frame", HTTPStatus.BAD_REQUEST
    PROTOCOL = "protocol", HTTPStatus.BAD_REQUEST
    BAD_TYPE = "bad-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    BAD_VALUE = "bad-value", HTTPStatus.UNPROCESSABLE_ENTITY
    UNKNOWN_PATH = "unknown-path", HTTPStatus.NOT_FOUND
    READ_ONLY = "read-only", HTTPStatus.METHOD_NOT_ALLOWED
    FORBIDDEN = "forbidden", HTTPStatus.FORBIDDEN
    HELD = "held", HTTPStatus.CONFLICT
    OFFLINE = "offline", HTTPStatus.SERVICE_UNAVAILABLE
    LIMIT = "limit", HTTPStatus.UNPROCESSABLE_ENTITY
    """A value above a ceiling."""
    TOO_OFTEN = "too-often", HTTPStatus.TOO_MANY_REQUESTS, "limit"
    NOT_KEPT = "not-kept", HTTPStatus.INSUFFICIENT_STORAGE, "limit"
    """The disk refused."""
    TOO_MANY = "limit", HTTPStatus.TOO_MANY_REQUESTS
    """Too many people, invitations, tokens, requests or scenes."""
    WRONG_PIN = "wrong-pin", HTTPStatus.FORBIDDEN
    TRIES = "tries", HTTPStatus.TOO_MANY_REQUESTS
    """Too many wrong PINs."""
    NO_COOKIES = "no-cookies", HTTPStatus.PRECONDITION_FAILED
    """A browser that has not brought the cookie back that a session needs."""
    WAITING = "waiting", HTTPStatus.TOO_EARLY
    """A device that the host has not let in yet."""
    GONE = "gone", HTTPStatus.GONE
    """An invitation that was used, has ended, was withdrawn or never existed."""
    UNKNOWN = "unknown", HTTPStatus.NOT_FOUND, "unknown-path"
    """No such person, invitation, token, request or scene."""
    CLOSED = "closed", HTTPStatus.CONFLICT, "bad-value"
    """A request that was answered already."""
    NOTHING = "nothing", HTTPStatus.CONFLICT
    """Nothing to undo, redo or recall."""
    CHANGED = "changed", HTTPStatus.CONFLICT
    """Others have moved what an undo would take back."""

    def __init__(self, word: str, status: HTTPStatus, wire: str = "") -> None:
        self.word = word
        self.status = status
        self.wire = wire or word


class Refusal(Exception):
    """An error for a person.

    code         reason, for programs
    text         one sentence for a person: what to do about it
    path         the param, console or route that it concerns, if any
    retry_after  seconds until another try can succeed, where that is known
    """

    def __init__(self, code: Code, text: str, path: str | None = None, retry_after: float | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.path = path
        self.retry_after = retry_after


RESTING_TEXT = "A finger rests on it: lift it first."


class Held(Refusal):
    """Refusal because another client holds the control; `by` is that client's id."""

    def __init__(self, path: str, by: str) -> None:
        super().__init__(Code.HELD, "Somebody else holds this control: wait until they let go, or take it over.", path)
        self.by = by
