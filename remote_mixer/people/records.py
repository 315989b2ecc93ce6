"""Everybody who is known and every way in: in memory, so that a cookie is answered at once, and on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from remote_mixer.people.cookies import COOKIE_SECONDS
from remote_mixer.people.person import OPEN, Invitation, Person, Session, Setting, Token
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
TOLD_SECONDS = 7 * 24 * 3600.0
"""So long an invitation that lets nobody in any more can still say why."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that are to stand, in place of older ones of the same key, and others that are to go.

    `asked_before` is a moment in seconds since 1970: requests from before it go too.
    """

    put: Sequence[Record] = field(default=())
    drop: Sequence[Record] = field(default=())
    asked_before: float = 0.0


class RecordStore(Protocol):
    """Where records outlive a restart. Changes reach the disk in the order of the calls."""

    def read(self, kind: type[R]) -> list[R]:
        """Return all records of a kind, the oldest first. Waits for the disk: for the start; Refusal `not-kept`."""

    async def write(self, batch: Batch) -> None:
        """Keep a batch whole or not at all, and return when it is safe on the disk; Refusal `not-kept`."""


class Records:
    """The records of the people's room. What is set or forgotten here is true at once; `keep` makes it last."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store
        self.people: dict[str, Person] = {person.id: person for person in store.read(Person)}
        self.sessions: dict[str, Session] = {session.digest: session for session in store.read(Session)}
        self.invitations: dict[str, Invitation] = {one.id: one for one in store.read(Invitation)}
        self.tokens: dict[str, Token] = {token.id: token for token in store.read(Token)}
        self.settings: dict[str, Setting] = {setting.key: setting for setting in store.read(Setting)}
        self._tables: dict[type[Any], dict[str, Any]] = {
            Person: self.people,
            Session: self.sessions,
            Invitation: self.invitations,
            Token: self.tokens,
            Setting: self.settings,
        }
        ways: list[Invitation | Token] = [*self.invitations.values(), *self.tokens.values()]
        self._by_digest = {way.digest: way for way in ways}
        self._owed: dict[tuple[type[Any], str], Record] = {}

    def of_secret(self, digest: str) -> Invitation | Token | None:
        """Return the invitation or token whose secret this is the SHA-256 of."""
        return self._by_digest.get(digest)

    def sessions_of(self, person: str) -> list[Session]:
        """Return all sessions of a person."""
        return [session for session in self.sessions.values() if session.person == person]

    def seen(self, person: Person, now: float) -> Person:
        """Note, in memory, that somebody is here."""
        self.people[person.id] = seen = replace(person, seen=now)
        return seen

    def ended(self, now: float) -> list[Record]:
        """Return sessions that ran out, people who have none left, and invitations that have ended long ago."""
        sessions = [
            one for one in self.sessions.values() if now - one.at > COOKIE_SECONDS or one.person not in self.people
        ]
        out = {session.digest for session in sessions}
        here = {session.person for session in self.sessions.values() if session.digest not in out}
        people = [person for person in self.people.values() if person.id not in here]
        invitations = [
            one for one in self.invitations.values() if one.state(now) != OPEN and now - one.ends > TOLD_SECONDS
        ]
        return [*sessions, *people, *invitations]

    def set(self, *records: Record) -> None:
        """Let records stand."""
        for record in records:
            self._tables[type(record)][_key(record)] = record
            if isinstance(record, Invitation | Token):
                self._by_digest[record.digest] = record

    def forget(self, *records: Record) -> None:
        """Let records go."""
        for record in records:
            self._tables[type(record)].pop(_key(record), None)
            if isinstance(record, Invitation | Token):
                self._by_digest.pop(record.digest, None)

    async def add(self, record: Record) -> None:
        """Let a new record stand, and return when it is kept; Refusal not-kept, and it was never there."""
        self.set(record)
        try:
            await self.keep(record)
        except BaseException:
            self.forget(record)
            raise

    async def keep(self, *records: Record) -> None:
        """Return when the disk says of these records what memory says; Refusal not-kept.

        What the disk refuses is owed, and goes with the next that it takes.
        """
        due = {(type(record), _key(record)): record for record in records} | self._owed
        if not due:
            return
        try:
            await self._store.write(self._batch(due))
        except BaseException:  # a cancelled one too: nobody knows whether it was kept
            self._owed |= due
            raise
        for key, record in due.items():
            if self._owed.get(key) is record:
                del self._owed[key]

    def _batch(self, due: dict[tuple[type[Any], str], Record]) -> Batch:
        standing = {key: self._tables[key[0]].get(key[1]) for key in due}
        put = [record for record in standing.values() if record is not None]
        return Batch(put, [record for key, record in due.items() if standing[key] is None])


def _key(record: Record) -> str:
    return str(getattr(record, KEY_OF[type(record)]))
