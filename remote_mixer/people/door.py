"""The door: how people come in, who they are while they are here, and how they leave."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from remote_mixer.desk.policy import ENGINEER, HOST, MUSICIAN, Policy
from remote_mixer.people import files, invitations, tidy, words
from remote_mixer.people.book import Book
from remote_mixer.people.cookies import COOKIE_SECONDS, Cookies
from remote_mixer.people.errors import DoorError
from remote_mixer.people.keeper import Keeper, Record
from remote_mixer.people.lock import Lock
from remote_mixer.people.person import OPEN, Invitation, Person, Session, Setting, Token

PIN_ROLE = ENGINEER
"""What the PIN opens."""
MOST_PEOPLE, MOST_INVITATIONS, MOST_TOKENS = 500, 200, 100
TIDY_SECONDS = 3600.0
TOKEN_MARK = "rm_"  # noqa: S105 what a token begins with, and no token
POLICY = "policy"
LOST_POLICY = "What was decided about mixes and limits could not be understood: decide it anew under People."

log = logging.getLogger(__name__)


class Door:
    """One for the whole server, of one loop. What it says yes to is safe on the disk; DoorError where it says no.

    Whoever is removed or withdrawn is out at once, also when the disk refuses to note it.
    """

    def __init__(self, book: Book, lock: Lock, cookies: Cookies, now: Callable[[], float]) -> None:
        self.changed: list[Callable[[str], None]] = []
        """Told the id of a person or token whose role, mix or name is another now, or who is no longer known."""
        self.policy_changed: list[Callable[[Policy], None]] = []
        self.notices: list[str] = list(lock.notices)
        """What a person should know about how the secrets and the policy were found."""
        self._book, self._lock, self._cookies, self._now = book, lock, cookies, now
        self._policy = self._kept_policy()

    @classmethod
    def open(
        cls,
        folder: Path,
        keeper: Keeper,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> Door:
        """Open the door of a data folder; the first time, make its PIN. Waits for the disk: for the start.

        Raises:
            DoorError: not-kept, the secrets or the database cannot be used.
        """
        known, notices = files.read_or_make(folder)
        book = Book(keeper)
        door = cls(book, Lock(folder, book, known, clock), Cookies(known.key, now), now)
        door.notices += notices
        return door

    async def tend(self) -> None:
        """Keep what the start made, and once an hour let go what has ended. Until cancelled."""
        while True:
            try:
                await self.tidy()
            except DoorError as fault:
                log.warning("people are not tidied up: %s", fault)
            await asyncio.sleep(TIDY_SECONDS)

    async def tidy(self) -> None:
        """Keep what the start made, and let go what has ended; DoorError `not-kept`."""
        await self._lock.keep()
        ended = tidy.ended(self._book, self._now())
        await self._book.drop(ended)
        await self._book.put(*self._book.people.values())
        self._tell(*(record.id for record in ended if isinstance(record, Person)))

    # Coming in

    async def enter_by_pin(self, name: str, pin: str, address: str) -> tuple[Person, str]:
        """Let somebody in as an engineer; return who they are and the value of their cookie.

        Raises:
            DoorError: wrong-pin, tries (with `retry_after`), bad-value, limit or not-kept.
        """
        shown = words.clean_name(name)
        self._refuse_crowd()
        await self._lock.open(pin, address)
        return await self._enter(shown, PIN_ROLE, "")

    async def enter_by_invitation(self, name: str, token: str, address: str) -> tuple[Person, str]:
        """Let somebody in as who was invited; return who they are and the value of their cookie.

        Raises:
            DoorError: gone (used, ended, withdrawn or unknown), bad-value, limit or not-kept.
        """
        shown = words.clean_name(name)
        invitation = invitations.open_one(self._book.invitation_of(words.digest(token)), self._now())
        log.info("somebody at %s comes by invitation %s", address, invitation.id)
        return await self._enter(shown, invitation.role, invitation.mix, invitation)

    async def _enter(self, name: str, role: str, mix: str, by: Invitation | None = None) -> tuple[Person, str]:
        self._refuse_crowd()
        now, secret = self._now(), words.new_secret()
        person = Person(words.new_id(), name, role, mix, now, now)
        session = Session(words.digest(secret), person.id, now)
        used = (replace(by, used=by.used + 1),) if by else ()
        try:
            await self._book.put(person, session, *used)
        except DoorError:
            self._book.forget((person, session))
            self._give_back(by)
            raise
        return person, self._cookies.sign(secret)

    def _give_back(self, invitation: Invitation | None) -> None:
        """Nobody came in by it after all."""
        if invitation and invitation.id in self._book.invitations:
            standing = self._book.invitations[invitation.id]
            self._book.set(replace(standing, used=standing.used - 1))

    def _refuse_crowd(self) -> None:
        if len(self._book.people) >= MOST_PEOPLE:
            raise DoorError("limit", f"{MOST_PEOPLE} people are in already: the host has to remove some first.")

    # Who is here

    def of_cookie(self, value: str | None) -> Person | None:
        """Return whose cookie this is; None for a stranger's."""
        secret = self._cookies.read(value)
        session = self._book.sessions.get(words.digest(secret)) if secret else None
        if session is None or self._now() - session.at > COOKIE_SECONDS:
            return None
        return self._book.seen(self._book.people[session.person], self._now())

    def of_token(self, bearer: str) -> Token | None:
        """Return which token this is, `rm_` and 22 characters; None for none of ours."""
        return self._book.token_of(words.digest(bearer)) if bearer.startswith(TOKEN_MARK) else None

    def people(self) -> list[Person]:
        """Return everybody who may come back, the first who came first."""
        return list(self._book.people.values())

    def person(self, person_id: str) -> Person | None:
        """Return a person by their id."""
        return self._book.people.get(person_id)

    async def change(
        self, person_id: str, *, role: str | None = None, mix: str | None = None, name: str | None = None
    ) -> Person:
        """Give a person another role, mix or name, at once; DoorError unknown, bad-value or not-kept."""
        person = self._known(person_id)
        role = person.role if role is None else words.checked_role(role)
        mix = words.checked_mix(role, person.mix if mix is None else mix)
        name = person.name if name is None else words.clean_name(name)
        changed = replace(person, role=role, mix=mix, name=name)
        if changed != person:
            self._book.set(changed)
            self._tell(person_id)
            await self._book.put(changed)
        return changed

    async def remove(self, person_id: str) -> None:
        """Put somebody out at once, and keep them out; DoorError unknown or not-kept."""
        person = self._known(person_id)
        gone: list[Record] = [person, *self._book.sessions_of(person_id)]
        self._book.forget(gone)
        self._tell(person_id)
        await self._book.drop(gone)

    async def leave(self, cookie: str) -> Person | None:
        """Let somebody go who signs out, and return who it was; DoorError not-kept."""
        person = self.of_cookie(cookie)
        if person:
            await self.remove(person.id)
        return person

    def _known(self, person_id: str) -> Person:
        if person_id not in self._book.people:
            raise DoorError("unknown", "This person is not here any more.")
        return self._book.people[person_id]

    def _tell(self, *ids: str) -> None:
        for one in ids:
            for listener in self.changed:
                listener(one)

    # Ways in

    def invitations(self) -> list[Invitation]:
        """Return the invitations that still let somebody in, the oldest first."""
        now = self._now()
        return [one for one in self._book.invitations.values() if one.state(now) == OPEN]

    async def invite(self, role: str, mix: str, kind: str, *, by: str, by_role: str = HOST) -> tuple[Invitation, str]:
        """Make an invitation, `once` or for the `day`; return it and its secret, which is told this one time.

        `by` is the name of who makes it. Raises DoorError forbidden, bad-value, limit or not-kept.
        """
        invitations.refuse_inviter(by_role, words.checked_role(role))
        if len(self.invitations()) >= MOST_INVITATIONS:
            raise DoorError("limit", f"{MOST_INVITATIONS} invitations are open already: withdraw some first.")
        made, secret = invitations.make(role, mix, kind, by, self._now())
        await self._book.put(made)
        return made, secret

    async def revoke(self, invitation_id: str, *, by_role: str = HOST) -> None:
        """Withdraw an invitation at once; who came in by it stays. DoorError unknown, forbidden or not-kept."""
        invitation = self._book.invitations.get(invitation_id)
        if invitation is None:
            raise DoorError("unknown", "There is no such invitation any more.")
        invitations.refuse_inviter(by_role, invitation.role)
        await self._book.put(replace(invitation, revoked=True))

    def tokens(self) -> list[Token]:
        """Return all tokens, the oldest first."""
        return list(self._book.tokens.values())

    async def make_token(self, name: str, role: str, mix: str = "") -> tuple[Token, str]:
        """Make a token; return it and what it is in full, which is told this one time.

        Raises:
            DoorError: bad-value, limit or not-kept.
        """
        if len(self._book.tokens) >= MOST_TOKENS:
            raise DoorError("limit", f"There are {MOST_TOKENS} tokens already: remove some first.")
        role, mix, secret = words.checked_role(role), words.checked_mix(role, mix), TOKEN_MARK + words.new_secret()
        if role == MUSICIAN and not mix:
            raise DoorError("bad-value", "A musician has a mix: say which one.")
        made = Token(words.new_id(), words.digest(secret), words.clean_name(name), role, mix, self._now())
        await self._book.put(made)
        return made, secret

    async def remove_token(self, token_id: str) -> None:
        """Let a token open nothing any more, at once; DoorError unknown or not-kept."""
        token = self._book.tokens.get(token_id)
        if token is None:
            raise DoorError("unknown", "There is no such token any more.")
        self._book.forget((token,))
        self._tell(token_id)
        await self._book.drop((token,))

    # What the host decides

    @property
    def pin(self) -> str | None:
        """The PIN for hosts and engineers to see; None when it cannot be shown."""
        return self._lock.pin

    async def new_pin(self) -> str:
        """Make another PIN; who is in stays in. DoorError not-kept."""
        return await self._lock.renew()

    @property
    def policy(self) -> Policy:
        """What is decided about mixes and limits."""
        return self._policy

    async def set_policy(self, policy: Policy) -> None:
        """Decide anew, at once; DoorError not-kept."""
        self._policy = policy
        for listener in self.policy_changed:
            listener(policy)
        await self._book.put(Setting(POLICY, json.dumps(policy.as_json())))

    def _kept_policy(self) -> Policy:
        try:
            return Policy.of_json(json.loads(self._book.settings.get(POLICY, "{}")))
        except ValueError:
            self.notices.append(LOST_POLICY)
            return Policy()
