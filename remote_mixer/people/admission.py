"""Admission: people join by PIN or invitation, are recognised by their cookie, and leave."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from remote_mixer.desk.announced import Announced
from remote_mixer.desk.policy import ENGINEER, HOST, Policy
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import identifiers, secrets_file
from remote_mixer.people.cookies import COOKIE_SECONDS, DEVICE_SECONDS, DEVICE_VERSION, Cookies
from remote_mixer.people.invitations import Credentials
from remote_mixer.people.lived import CLOCK_SETTING, ClockWatch, LivedClock, seconds_passed
from remote_mixer.people.local_proof import is_proof
from remote_mixer.people.person import Invitation, Person, Session, Setting, Token
from remote_mixer.people.pin import BLOCKED_TEXT, PinCheck
from remote_mixer.people.records import Record, Records, RecordStore
from remote_mixer.people.waiting_room import Waiting, WaitingRoom

PIN_ROLE = ENGINEER
"""Role of people who join by PIN."""
MOST_PEOPLE, CREW_PLACES = 500, 50
"""Total places, and how many are reserved for hosts and engineers."""
TIDY_SECONDS = 3600.0
SAVE_SECONDS = 2.0
"""Time that somebody who joins waits for the disk."""
POLICY_SETTING, ANNOUNCED_SETTING = "policy", "announced"
LOST_POLICY = "What was decided about mixes and limits could not be understood: decide it anew under People."

log = logging.getLogger(__name__)


class Admission(Credentials):
    """Admission of people, one per server, used from one event loop.

    A method that returns has its effect safe on disk; errors are Refusal. Removing a person, revoking an invitation
    and removing a token take effect at once, also where the disk fails.
    """

    def __init__(
        self,
        records: Records,
        pin_check: PinCheck,
        key: bytes,
        now: LivedClock,
        notices: Sequence[str],
    ) -> None:
        super().__init__(records, now)
        self._pin_check, self._key = pin_check, key
        self._cookies, self._devices = Cookies(key, now), Cookies(key, now, DEVICE_VERSION, DEVICE_SECONDS)
        self._policy, policy_notices = _saved_policy(records)
        self.policy_changed: list[Callable[[Policy], None]] = []
        """Called with the new policy."""
        self._announced = _saved_announced(records)
        self.announced_changed: list[Callable[[], None]] = []
        self.clock_watch = ClockWatch(records, now)
        self.tries = pin_check.tries
        """Wrong PINs by address, and the host's blocks."""
        self.waiting_room = WaitingRoom(pin_check.clock)
        self._notices = [*pin_check.notices, *policy_notices, *notices]

    @classmethod
    def open(
        cls,
        folder: Path,
        store: RecordStore,
        now: Callable[[], float] = time.time,
        clock: Callable[[], float] = seconds_passed,
    ) -> Admission:
        """Return the admission of a data folder; the first time, create its PIN. Blocks on the disk: for the start.

        `now` gives seconds since 1970 and may leap, `clock` seconds that never go back.

        Raises:
            Refusal: not-kept, the secrets or the database cannot be used.
        """
        secrets, notices = secrets_file.read_or_make(folder)
        records = Records(store)
        lived = LivedClock(records.settings.get(CLOCK_SETTING), now, clock)
        return cls(records, PinCheck(folder, records, secrets, clock), secrets.key, lived, notices)

    @property
    def now(self) -> LivedClock:
        """The clock of all lifetimes here."""
        return self._now

    @property
    def notices(self) -> list[str]:
        """Sentences for the host about secrets or a policy that could not be read, and about leaps of the clock."""
        return [*self._notices, *self._now.notices]

    async def tend(self) -> None:
        """Run `tidy` at the start and once an hour, until cancelled."""
        while True:
            try:
                await self.tidy()
            except Refusal as fault:
                log.warning("expired people and invitations are not deleted: %s", fault)
            await asyncio.sleep(TIDY_SECONDS)

    async def tidy(self) -> None:
        """Save a newly created PIN and the times people were last seen; delete expired records.

        Raises:
            Refusal: not-kept.
        """
        await self._pin_check.save()
        expired = self._records.expired(self._now())
        self._records.remove(*expired)
        self._notify_changed(*(record.id for record in expired if isinstance(record, Person)))
        await self._records.save(*expired, *self._records.people.values())

    # Joining

    async def enter_by_pin(self, name: str, pin: str, address: str, devices: Sequence[str] = ()) -> tuple[Person, str]:
        """Admit an engineer by PIN; return the new person and the value of their cookie.

        `address` is the IP address of the device, for the limit on wrong PINs; `devices` are the values of its cookie
        from `new_device`. With a valid one it passes by the wait that guesses from elsewhere cause.

        Raises:
            Refusal: wrong-pin, tries (with `retry_after`), bad-value, limit or not-kept.
        """
        name = identifiers.clean_name(name)
        self._refuse_crowd(PIN_ROLE)
        known = next((device for value in devices if (device := self._devices.read(value))), None)
        await self._pin_check.check(pin, address, known)
        return await self._enter(name, PIN_ROLE, "")

    def new_device(self) -> str:
        """Return the value of a cookie by which a device of the sound crew is known for a year; it gives no rights."""
        return self._devices.sign(identifiers.new_secret())

    async def enter_by_invitation(self, name: str, token: str, address: str) -> tuple[Person, str]:
        """Admit a person with the role and mix of an invitation; return the person and the value of their cookie.

        `token` is the invitation's secret.

        Raises:
            Refusal: gone (used, ended, withdrawn or unknown), bad-value, limit or not-kept.
        """
        name = identifiers.clean_name(name)
        invitation = self._open_invitation(token)
        log.info("somebody at %s comes by invitation %s", address, invitation.id)
        return await self._enter(name, invitation.role, invitation.mix, invitation)

    def wait(self, name: str, address: str) -> tuple[Waiting, str]:
        """Let a device wait for the host, as `WaitingRoom.enter` does. Raises Refusal: tries where it is blocked."""
        if (blocked := self.tries.block_wait(address)) > 0:
            raise Refusal(Code.TRIES, BLOCKED_TEXT, retry_after=blocked)
        return self.waiting_room.enter(name, address)

    async def enter_from_waiting_room(self, secret: str) -> tuple[Person, str]:
        """Admit an engineer whom the host has let in; return the person and the value of their cookie.

        Raises:
            Refusal: waiting (with `retry_after`), gone, limit or not-kept.
        """
        waiting = self.waiting_room.claim(secret)
        self.waiting_room.remove(waiting.id)
        return await self._enter(waiting.name, PIN_ROLE, "")

    def block(self, address: str) -> None:
        """Refuse PINs and waiting from an address for an hour, or until `tries.unblock`."""
        self.tries.block(address)
        self.waiting_room.remove_all_at(address)

    async def _enter(self, name: str, role: str, mix: str, by: Invitation | None = None) -> tuple[Person, str]:
        self._refuse_crowd(role)
        now, secret = self._now(), identifiers.new_secret()
        person = Person(identifiers.new_id(), name, role, mix, now, now)
        session = Session(identifiers.digest(secret), person.id, now)
        entered: list[Record] = [person, session]
        if by:
            entered.append(replace(by, used=by.used + 1))
        self._records.upsert(*entered)
        try:
            await self._save_soon(name, entered)
        except BaseException:  # also where the page disconnected: no device has this cookie
            self._records.remove(person, session)
            self._give_back(by)
            raise
        return person, self._cookies.sign(secret)

    async def _save_soon(self, name: str, entered: Sequence[Record]) -> None:
        """Save who comes; a disk that is full or does not answer keeps nobody out: they are in until the restart.

        What could not be saved is saved with the next write. Raises Refusal where the program stops.
        """
        try:
            async with asyncio.timeout(SAVE_SECONDS):
                await self._records.save(*entered)
        except TimeoutError:
            log.warning("the disk does not answer: %s is in until a restart", name)
        except Refusal as refusal:
            if refusal.code is not Code.NOT_KEPT:
                raise
            log.warning("%s is in until a restart: %s", name, refusal)

    async def save_waiting(self) -> None:
        """Save what a disk refused, where it takes writes again."""
        with suppress(Refusal):
            await self._records.save()

    def _give_back(self, invitation: Invitation | None) -> None:
        """Free the place of an invitation after a failed join."""
        if invitation and invitation.id in self._records.invitations:
            current = self._records.invitations[invitation.id]
            self._records.upsert(replace(current, used=current.used - 1))

    def _refuse_crowd(self, role: str) -> None:
        places = MOST_PEOPLE if role in (HOST, ENGINEER) else MOST_PEOPLE - CREW_PLACES
        if len(self._records.people) >= places:
            raise Refusal(Code.TOO_MANY, f"{places} people are in already: the host has to remove some first.")

    # People

    def of_cookie(self, value: str | None) -> Person | None:
        """Return the person with this cookie, marked as seen now; None if it is missing, invalid or expired."""
        secret = self._cookies.read(value)
        session = self._records.sessions.get(identifiers.digest(secret)) if secret else None
        if session is None or self._now() - session.at > COOKIE_SECONDS:
            return None
        person = self._records.people.get(session.person)
        return self._records.mark_seen(person, self._now()) if person else None

    def is_local_proof(self, text: str, place: str) -> bool:
        """Whether a text proves that its sender can read this data folder (see `local_proof`)."""
        return is_proof(text, self._key, self._now.computer_time(), place)

    def people(self) -> list[Person]:
        """Return everybody with a session, connected or not, in the order they joined."""
        return list(self._records.people.values())

    def person(self, person_id: str) -> Person | None:
        """Return a person by id, None if there is none."""
        return self._records.people.get(person_id)

    def holder(self, id_: str) -> Person | Token | None:
        """Return the person or token with this id, None if there is none."""
        return self._records.people.get(id_) or self._records.tokens.get(id_)

    async def change(
        self, person_id: str, *, role: str | None = None, mix: str | None = None, name: str | None = None
    ) -> Person:
        """Change a person's role, mix or name, at once; None leaves a field unchanged.

        Raises:
            Refusal: unknown, bad-value or not-kept.
        """
        person = self._known(person_id)
        role = person.role if role is None else identifiers.checked_role(role)
        mix = identifiers.checked_mix(role, person.mix if mix is None else mix)
        name = person.name if name is None else identifiers.clean_name(name)
        changed = replace(person, role=role, mix=mix, name=name)
        if changed != person:
            self._records.upsert(changed)
            self._notify_changed(person_id)
            await self._records.save(changed)
        return changed

    async def remove(self, person_id: str) -> None:
        """Remove a person and all their sessions, at once. Raises Refusal: unknown or not-kept."""
        person = self._known(person_id)
        removed: list[Record] = [person, *self._records.sessions_of(person_id)]
        self._records.remove(*removed)
        self._notify_changed(person_id)
        await self._records.save(*removed)

    async def leave(self, cookie: str) -> Person | None:
        """Remove and return the person with this cookie, None if there is none. Raises Refusal: not-kept."""
        person = self.of_cookie(cookie)
        if person:
            await self.remove(person.id)
        return person

    def _known(self, person_id: str) -> Person:
        if person_id not in self._records.people:
            raise Refusal(Code.UNKNOWN, "This person is not here any more.")
        return self._records.people[person_id]

    # PIN and policy

    @property
    def pin(self) -> str | None:
        """The PIN, for hosts and engineers only; None when it cannot be shown."""
        return self._pin_check.pin

    async def new_pin(self) -> str:
        """Replace the PIN and return the new one; people who joined by the old one stay. Raises Refusal: not-kept."""
        return await self._pin_check.renew()

    @property
    def policy(self) -> Policy:
        """The policy on mixes and limits."""
        return self._policy

    async def set_policy(self, policy: Policy) -> None:
        """Apply a policy at once, and save it. Raises Refusal: not-kept."""
        self._policy = policy
        for listener in self.policy_changed:
            listener(policy)
        setting = Setting(POLICY_SETTING, json.dumps(policy.as_json()))
        self._records.upsert(setting)
        await self._records.save(setting)

    @property
    def announced(self) -> Announced:
        """Ticks of what home automation is to find."""
        return self._announced

    async def set_announced(self, announced: Announced) -> None:
        """Apply ticks at once, and save them. Raises Refusal: not-kept."""
        self._announced = announced
        for listener in self.announced_changed:
            listener()
        setting = Setting(ANNOUNCED_SETTING, json.dumps(announced.as_json()))
        self._records.upsert(setting)
        await self._records.save(setting)


def _saved_announced(records: Records) -> Announced:
    """Return the saved ticks; none where they cannot be read."""
    saved = records.settings.get(ANNOUNCED_SETTING)
    try:
        return Announced.of_json(json.loads(saved.value)) if saved else Announced()
    except ValueError:
        return Announced()


def _saved_policy(records: Records) -> tuple[Policy, list[str]]:
    """Return the saved or default policy, and notices for the host."""
    try:
        saved = records.settings.get(POLICY_SETTING)
        return (Policy.of_json(json.loads(saved.value)) if saved else Policy()), []
    except ValueError:
        return Policy(), [LOST_POLICY]
