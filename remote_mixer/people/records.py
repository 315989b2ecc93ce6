"""Records of the people's room: served from memory, saved through a `RecordStore`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from remote_mixer.people.cookies import COOKIE_SECONDS
from remote_mixer.people.layer import Layer
from remote_mixer.people.person import OPEN, Invitation, Person, Session, Setting, Token
from remote_mixer.people.request import Request

Record = Person | Session | Invitation | Token | Setting | Request | Layer
R = TypeVar("R", Person, Session, Invitation, Token, Setting, Request, Layer)

KEY_OF: dict[type[Any], str] = {
    Person: "id",
    Session: "digest",
    Invitation: "id",
    Token: "id",
    Setting: "key",
    Request: "id",
    Layer: "id",
}
"""Primary key of each kind of record."""
EXPIRED_INVITATION_SECONDS = 7 * 24 * 3600.0
"""Time that an expired invitation is still known, so that the refusal can say why."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records to write in one transaction.

    upserts                 inserted, or written over the record with the same key
    deletes                 deleted by their key
    delete_requests_before  requests made before this time (seconds since 1970) are deleted too
    """

    upserts: Sequence[Record] = field(default=())
    deletes: Sequence[Record] = field(default=())
    delete_requests_before: float = 0.0


class RecordStore(Protocol):
    """Storage of records on disk. Batches are written in the order of the calls."""

    def read(self, kind: type[R]) -> list[R]:
        """Return all records of a kind, oldest first.

        Blocks on the disk, so it is for the start only. Raises Refusal: not-kept.
        """

    async def write(self, batch: Batch) -> None:
        """Write a whole batch or nothing, and return once it is safe on disk. Raises Refusal: not-kept."""


class Records:
    """All people, sessions, invitations, tokens and settings.

    `upsert` and `remove` act in memory, at once; `save` writes their current state in memory to the store.
    """

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
        credentials: list[Invitation | Token] = [*self.invitations.values(), *self.tokens.values()]
        self._by_digest = {credential.digest: credential for credential in credentials}
        self._unsaved: dict[tuple[type[Any], str], Record] = {}

    def by_digest(self, digest: str) -> Invitation | Token | None:
        """Return the invitation or token with this SHA-256 of its secret, None if there is none."""
        return self._by_digest.get(digest)

    def sessions_of(self, person: str) -> list[Session]:
        """Return all sessions of a person, by the person's id."""
        return [session for session in self.sessions.values() if session.person == person]

    def expired(self, now: float) -> list[Record]:
        """Return records to delete: expired sessions, people without a session, and invitations expired long ago."""
        sessions = [
            one for one in self.sessions.values() if now - one.at > COOKIE_SECONDS or one.person not in self.people
        ]
        removed = {session.digest for session in sessions}
        remaining = {session.person for session in self.sessions.values() if session.digest not in removed}
        people = [person for person in self.people.values() if person.id not in remaining]
        invitations = [one for one in self.invitations.values() if _is_long_expired(one, now)]
        return [*sessions, *people, *invitations]

    def mark_seen(self, person: Person, now: float) -> Person:
        """Return the person with `seen` set to now, in memory only; `Admission.tidy` saves it later."""
        self.people[person.id] = seen = replace(person, seen=now)
        return seen

    def upsert(self, *records: Record) -> None:
        """Insert records in memory, or replace those with the same key."""
        for record in records:
            self._tables[type(record)][_key(record)] = record
            if isinstance(record, Invitation | Token):
                self._by_digest[record.digest] = record

    def remove(self, *records: Record) -> None:
        """Remove records from memory; absent ones are ignored."""
        for record in records:
            self._tables[type(record)].pop(_key(record), None)
            if isinstance(record, Invitation | Token):
                self._by_digest.pop(record.digest, None)

    async def save_new(self, record: Record) -> None:
        """Insert and save a new record; where saving fails, remove it again. Raises Refusal: not-kept."""
        self.upsert(record)
        try:
            await self.save(record)
        except BaseException:
            self.remove(record)
            raise

    async def save(self, *records: Record) -> None:
        """Write the state of these records in memory, present or removed, to the store. Raises Refusal: not-kept.

        Records that could not be written are written again with the next call.
        """
        due = {(type(record), _key(record)): record for record in records} | self._unsaved
        if not due:
            return
        try:
            await self._store.write(self._batch(due))
        except BaseException:  # after a cancellation, too, nobody knows whether the batch was written
            self._unsaved |= due
            raise
        for key, record in due.items():
            if self._unsaved.get(key) is record:
                del self._unsaved[key]

    def _batch(self, due: dict[tuple[type[Any], str], Record]) -> Batch:
        current = {key: self._tables[key[0]].get(key[1]) for key in due}
        upserts = [record for record in current.values() if record is not None]
        return Batch(upserts, [record for key, record in due.items() if current[key] is None])


def _key(record: Record) -> str:
    return str(getattr(record, KEY_OF[type(record)]))


def _is_long_expired(invitation: Invitation, now: float) -> bool:
    return invitation.state(now) != OPEN and now - invitation.ends > EXPIRED_INVITATION_SECONDS
