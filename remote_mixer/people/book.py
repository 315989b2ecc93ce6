"""Everybody who is known and every way in: in memory, so that a cookie is answered at once, and on the disk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from remote_mixer.people.keeper import Change, Keeper, Record
from remote_mixer.people.person import Invitation, Person, Session, Setting, Token


class Book:
    """The records of the people's room. What is changed here is true at once; `write` makes it last."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.people = {person.id: person for person in keeper.read(Person)}
        self.sessions = {session.digest: session for session in keeper.read(Session) if session.person in self.people}
        self.invitations = {invitation.id: invitation for invitation in keeper.read(Invitation)}
        self.tokens = {token.id: token for token in keeper.read(Token)}
        self.settings = {setting.key: setting.value for setting in keeper.read(Setting)}
        self._by_secret = {token.digest: token for token in self.tokens.values()}
        self._invited = {invitation.digest: invitation.id for invitation in self.invitations.values()}

    def invitation_of(self, digest: str) -> Invitation | None:
        """Return the invitation with this secret."""
        return self.invitations.get(self._invited.get(digest, ""))

    def token_of(self, digest: str) -> Token | None:
        """Return the token with this secret."""
        return self._by_secret.get(digest)

    def sessions_of(self, person: str) -> list[Session]:
        """Return all sessions of a person."""
        return [session for session in self.sessions.values() if session.person == person]

    def seen(self, person: Person, now: float) -> Person:
        """Note, in memory, that somebody is here."""
        self.people[person.id] = seen = replace(person, seen=now)
        return seen

    async def put(self, *records: Record) -> None:
        """Let records stand, and return when they are safe on the disk."""
        self.set(*records)
        if records:
            await self._keeper.write(Change(put=records))

    async def drop(self, records: Iterable[Record]) -> None:
        """Let records go, and return when that is safe on the disk."""
        gone = tuple(records)
        self.forget(gone)
        if gone:
            await self._keeper.write(Change(drop=gone))

    def set(self, *records: Record) -> None:
        """Let records stand, in memory."""
        for record in records:
            self._put(record)

    def forget(self, records: Iterable[Record]) -> None:
        """Let records go, in memory."""
        for record in records:
            self._forget(record)

    def _put(self, record: Record) -> None:
        match record:
            case Person():
                self.people[record.id] = record
            case Session():
                self.sessions[record.digest] = record
            case Invitation():
                self.invitations[record.id] = record
                self._invited[record.digest] = record.id
            case Token():
                self.tokens[record.id] = self._by_secret[record.digest] = record
            case Setting():
                self.settings[record.key] = record.value

    def _forget(self, record: Record) -> None:
        match record:
            case Person():
                self.people.pop(record.id, None)
            case Session():
                self.sessions.pop(record.digest, None)
            case Invitation():
                self.invitations.pop(record.id, None)
                self._invited.pop(record.digest, None)
            case Token():
                self.tokens.pop(record.id, None)
                self._by_secret.pop(record.digest, None)
            case Setting():
                self.settings.pop(record.key, None)
