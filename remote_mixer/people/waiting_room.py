"""Waiting room: a device that may not try the PIN now asks the host to let it in. In memory alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from remote_mixer.desk.rate_limit import RateLimit
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people import identifiers
from remote_mixer.people.tries import one_network

MOST_WAITING = 100
SILENT_SECONDS = 30.0
"""Time without a question of the device after which it does not wait any more."""
ASK_SECONDS = 2
"""Pace at which a device that waits asks."""
NOTICE_SECONDS, NOTICES_AT_ONCE = 10.0, 5
"""Pace at which the host is told of newcomers; the list has all of them."""
WAIT_TEXT = "The host has been asked. Tell them your number."
OVER_TEXT = "The host did not let this device in."


@dataclass(frozen=True, slots=True)
class Waiting:
    """Device that waits.

    number    four digits that the device shows, so that the host knows whom they let in
    network   address by which its tries are counted
    seen      time of its last question, in seconds of the room's clock
    admitted  whether the host has let it in
    """

    id: str
    name: str
    number: str
    network: str
    digest: str
    seen: float
    admitted: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object for the host."""
        return {"id": self.id, "name": self.name, "number": self.number, "address": self.network}


class WaitingRoom:
    """Devices that wait, one of each address. `clock` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.entered: list[Callable[[Waiting], None]] = []
        """Called with a newcomer, at a pace that a crowd of them cannot raise."""
        self._clock = clock
        self._waiting: dict[str, Waiting] = {}
        self._notices = RateLimit(1 / NOTICE_SECONDS, NOTICES_AT_ONCE, clock)

    def enter(self, name: str, address: str) -> tuple[Waiting, str]:
        """Let a device wait, in place of another one at its address; return it with its secret.

        Raises:
            Refusal: bad-value, or limit where the room is full.
        """
        name, network, secret = identifiers.clean_name(name), one_network(address), identifiers.new_secret()
        others = {one.id: one for one in self.waiting() if one.network != network}
        if len(others) >= MOST_WAITING:
            raise Refusal(Code.TOO_MANY, "Too many devices wait already: ask the host for an invitation.")
        number = f"{secrets.randbelow(10_000):04}"
        made = Waiting(identifiers.new_id(), name, number, network, identifiers.digest(secret), self._clock())
        self._waiting = {**others, made.id: made}
        if self._notices.take():
            for listener in self.entered:
                listener(made)
        return made, secret

    def waiting(self) -> list[Waiting]:
        """Return the devices that still ask, in the order in which they came."""
        return [one for one in self._waiting.values() if self._clock() - one.seen < SILENT_SECONDS]

    def claim(self, secret: str) -> Waiting:
        """Return the device with this secret, which the host has let in.

        Raises:
            Refusal: waiting (with `retry_after`) until the host has, or gone where they declined.
        """
        digest = identifiers.digest(secret)
        found = next((one for one in self.waiting() if one.digest == digest), None)
        if found is None:
            raise Refusal(Code.GONE, OVER_TEXT)
        self._waiting[found.id] = replace(found, seen=self._clock())
        if not found.admitted:
            raise Refusal(Code.WAITING, WAIT_TEXT, retry_after=ASK_SECONDS)
        return found

    def admit(self, id_: str) -> None:
        """Let a device in: it joins with its next question. Raises Refusal: unknown."""
        self._waiting[id_] = replace(self._known(id_), admitted=True)

    def remove(self, id_: str) -> None:
        """Let a device wait no longer. Raises Refusal: unknown."""
        del self._waiting[self._known(id_).id]

    def remove_all_at(self, address: str) -> None:
        """Let no device of an address wait."""
        network = one_network(address)
        self._waiting = {one.id: one for one in self._waiting.values() if one.network != network}

    def _known(self, id_: str) -> Waiting:
        found = next((one for one in self.waiting() if one.id == id_), None)
        if found is None:
            raise Refusal(Code.UNKNOWN, "This device does not wait any more.")
        return found
