"""Admission: how people come in, who they are while they are here, and how they leave."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from remote_mixer.desk.policy import ENGINEER, HOST, Policy
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import identifiers, secrets_file
from remote_mixer.people.cookies import COOKIE_SECONDS, Cookies
from remote_mixer.people.invitations import Credentials, open_one
from remote_mixer.people.person import Invitation, Person, Session, Setting, Token
from remote_mixer.people.pin import PinCheck
from remote_mixer.people.records import Record, Records, RecordStore

PIN_ROLE = ENGINEER
"""What the PIN opens."""
MOST_PEOPLE, CREW_PLACES = 500, 50
"""All together, and how many of these are for nobody but hosts and engineers."""
TIDY_SECONDS = 3600.0
POLICY = "policy"
LOST_POLICY = "What was decided about mixes and limits could not be understood: decide it anew under People."

log = logging.getLogger(__name__)


class Admission(Credentials):
    """One for the whole server, of one loop. What it says yes to is safe on the disk; Refusal where it says no.

    Whoever is removed or withdrawn is out at once, also when the disk refuses to note it.
    """

    def __init__(self, records: Records, pin_check: PinCheck, cookies: Cookies, now: Callable[[], float]) -> None:
        super().__init__(records, now)
        self.policy_changed: list[Callable[[Policy], None]] = []
        self.notices: list[str] = list(pin_check.notices)
        """What a person should know about how the secrets and the policy were found."""
        self._pin_check, self._cookies = pin_check, cookies
        self._policy = self._kept_policy()

    @classmethod
    def open(
        cls,
        folder: Path,
        store: RecordStore,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = time.monotonic,
    ) -> Admission:
        """Open the admission of a data folder; the first time, make its PIN. Waits for the disk: for the start.

        Raises:
            Refusal: not-kept, the secrets or the database cannot be used.
        """
        known, notices = secrets_file.read_or_make(folder)
        records = Records(store)
        admission = cls(records, PinCheck(folder, records, known, clock), Cookies(known.key, now), now)
        admission.notices += notices
        return admission

    async def tend(self) -> None:
        """Keep what the start made, and once an hour let go what has ended. Until cancelled."""
        while True:
            try:
                await self.tidy()
            except Refusal as fault:
                log.warning("people are not tidied up: %s", fault)
            await asyncio.sleep(TIDY_SECONDS)

    async def tidy(self) -> None:
        """Keep what the start made, and let go what has ended; Refusal `not-kept`."""
        await self._pin_check.keep()
        ended = self._records.ended(self._now())
        self._records.forget(*ended)
        self._tell(*(record.id for record in ended if isinstance(record, Person)))
        await self._records.keep(*ended, *self._records.people.values())  # with when they were seen

    # Coming in

    async def enter_by_pin(self, name: str, pin: str, address: str) -> tuple[Person, str]:
        """Let somebody in as an engineer; return who they are and the value of their cookie.

        Raises:
            Refusal: wrong-pin, tries (with `retry_after`), bad-value, limit or not-kept.
        """
        shown = identifiers.clean_name(name)
        self._refuse_crowd(PIN_ROLE)
        await self._pin_check.open(pin, address)
        return await self._enter(shown, PIN_ROLE, "")

    async def enter_by_invitation(self, name: str, token: str, address: str) -> tuple[Person, str]:
        """Let somebody in as who was invited; return who they are and the value of their cookie.

        Raises:
            Refusal: gone (used, ended, withdrawn or unknown), bad-value, limit or not-kept.
        """
        shown = identifiers.clean_name(name)
        invitation = open_one(self._records.of_secret(identifiers.digest(token)), self._now())
        log.info("somebody at %s comes by invitation %s", address, invitation.id)
        return await self._enter(shown, invitation.role, invitation.mix, invitation)

    async def _enter(self, name: str, role: str, mix: str, by: Invitation | None = None) -> tuple[Person, str]:
        self._refuse_crowd(role)
        now, secret = self._now(), identifiers.new_secret()
        person = Person(identifiers.new_id(), name, role, mix, now, now)
        session = Session(identifiers.digest(secret), person.id, now)
        came: list[Record] = [person, session]
        if by:
            came.append(replace(by, used=by.used + 1))
        self._records.set(*came)
        try:
            await self._records.keep(*came)
        except BaseException:  # also where the page hung up: nobody holds this cookie
            self._records.forget(person, session)
            self._give_back(by)
            raise
        return person, self._cookies.sign(secret)

    def _give_back(self, invitation: Invitation | None) -> None:
        """Nobody came in by it after all."""
        if invitation and invitation.id in self._records.invitations:
            standing = self._records.invitations[invitation.id]
            self._records.set(replace(standing, used=standing.used - 1))

    def _refuse_crowd(self, role: str) -> None:
        places = MOST_PEOPLE if role in (HOST, ENGINEER) else MOST_PEOPLE - CREW_PLACES
        if len(self._records.people) >= places:
            raise Refusal(Code.TOO_MANY, f"{places} people are in already: the host has to remove some first.")

    # Who is here

    def of_cookie(self, value: str | None) -> Person | None:
        """Return whose cookie this is; None for a stranger's."""
        secret = self._cookies.read(value)
        session = self._records.sessions.get(identifiers.digest(secret)) if secret else None
        if session is None or self._now() - session.at > COOKIE_SECONDS:
            return None
        person = self._records.people.get(session.person)
        return self._records.seen(person, self._now()) if person else None

    def people(self) -> list[Person]:
        """Return everybody who may come back, the first who came first."""
        return list(self._records.people.values())

    def person(self, person_id: str) -> Person | None:
        """Return a person by their id."""
        return self._records.people.get(person_id)

    def holder(self, id_: str) -> Person | Token | None:
        """Return the person or token that has this id; None for who is gone."""
        return self._records.people.get(id_) or self._records.tokens.get(id_)

    async def change(
        self, person_id: str, *, role: str | None = None, mix: str | None = None, name: str | None = None
    ) -> Person:
        """Give a person another role, mix or name, at once; Refusal unknown, bad-value or not-kept."""
        person = self._known(person_id)
        role = person.role if role is None else identifiers.checked_role(role)
        mix = identifiers.checked_mix(role, person.mix if mix is None else mix)
        name = person.name if name is None else identifiers.clean_name(name)
        changed = replace(person, role=role, mix=mix, name=name)
        if changed != person:
            self._records.set(changed)
            self._tell(person_id)
            await self._records.keep(changed)
        return changed

    async def remove(self, person_id: str) -> None:
        """Put somebody out at once, and keep them out; Refusal unknown or not-kept."""
        person = self._known(person_id)
        gone: list[Record] = [person, *self._records.sessions_of(person_id)]
        self._records.forget(*gone)
        self._tell(person_id)
        await self._records.keep(*gone)

    async def leave(self, cookie: str) -> Person | None:
        """Let somebody go who signs out, and return who it was; Refusal not-kept."""
        person = self.of_cookie(cookie)
        if person:
            await self.remove(person.id)
        return person

    def _known(self, person_id: str) -> Person:
        if person_id not in self._records.people:
            raise Refusal(Code.UNKNOWN, "This person is not here any more.")
        return self._records.people[person_id]

    # What the host decides

    @property
    def pin(self) -> str | None:
        """The PIN for hosts and engineers to see; None when it cannot be shown."""
        return self._pin_check.pin

    async def new_pin(self) -> str:
        """Make another PIN; who is in stays in. Refusal not-kept."""
        return await self._pin_check.renew()

    @property
    def policy(self) -> Policy:
        """What is decided about mixes and limits."""
        return self._policy

    async def set_policy(self, policy: Policy) -> None:
        """Decide anew, at once; Refusal not-kept."""
        self._policy = policy
        for listener in self.policy_changed:
            listener(policy)
        setting = Setting(POLICY, json.dumps(policy.as_json()))
        self._records.set(setting)
        await self._records.keep(setting)

    def _kept_policy(self) -> Policy:
        try:
            kept = self._records.settings.get(POLICY)
            return Policy.of_json(json.loads(kept.value)) if kept else Policy()
        except ValueError:
            self.notices.append(LOST_POLICY)
            return Policy()
