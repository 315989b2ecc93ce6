"""Everybody who is known and every way in: in memory, so that a cookie is answered at once, and on the disk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from remote_mixer.people.keeper import KEY_OF, Change, Keeper, Record
from remote_mixer.people.person import Invitation, Person, Session, Setting, Token


class Book:
    """The records of the people's room. What is set or forgotten here is true at once; `keep` makes it last."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self.people: dict[str, Person] = {person.id: person for person in keeper.read(Person)}
        self.sessions: dict[str, Session] = {session.digest: session for session in keeper.read(Session)}
        self.invitations: dict[str, Invitation] = {one.id: one for one in keeper.read(Invitation)}
        self.tokens: dict[str, Token] = {token.id: token for token in keeper.read(Token)}
        self.settings: dict[str, Setting] = {setting.key: setting for setting in keeper.read(Setting)}
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
            await self._keeper.write(self._change(due))
        except BaseException:  # a cancelled one too: nobody knows whether it was kept
            self._owed |= due
            raise
        for key, record in due.items():
            if self._owed.get(key) is record:
                del self._owed[key]

    def _change(self, due: dict[tuple[type[Any], str], Record]) -> Change:
        standing = {key: self._tables[key[0]].get(key[1]) for key in due}
        put = [record for record in standing.values() if record is not None]
        return Change(put, [record for key, record in due.items() if standing[key] is None])


def _key(record: Record) -> str:
    return str(getattr(record, KEY_OF[type(record)]))
