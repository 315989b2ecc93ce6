"""What the people's room asks of the disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from remote_mixer.people.person import Invitation, Person, Session, Setting, Token
from remote_mixer.people.request import Request

Record = Person | Session | Invitation | Token | Setting | Request
R = TypeVar("R", Person, Session, Invitation, Token, Setting, Request)

KEY_OF: dict[type[Any], str] = {
    Person: "id",
    Session: "digest",
    Invitation: "id",
    Token: "id",
    Setting: "key",
    Request: "id",
}
"""By which field a record is found and replaced."""


@dataclass(frozen=True, slots=True)
class Change:
    """Records that are to stand, in place of older ones of the same key, and others that are to go.

    `asked_before` is a moment in seconds since 1970: requests from before it go too.
    """

    put: Sequence[Record] = field(default=())
    drop: Sequence[Record] = field(default=())
    asked_before: float = 0.0


class Keeper(Protocol):
    """Where records outlive a restart. Changes reach the disk in the order of the calls."""

    def read(self, kind: type[R]) -> list[R]:
        """Return all records of a kind, the oldest first. Waits for the disk: for the start; Refusal `not-kept`."""

    async def write(self, change: Change) -> None:
        """Keep a change whole or not at all, and return when it is safe on the disk; Refusal `not-kept`."""
