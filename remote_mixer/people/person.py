"""Record types: person, session, invitation, token, setting.

Times (`at`, `seen`, `ends`) are of the clock of lifetimes (`lived`). `digest` is the SHA-256 of a secret; the secret is
kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from remote_mixer.desk.times import rfc3339

ONCE, DAY = "once", "day"
PLACES = {ONCE: 1, DAY: 200}
"""Number of people that an invitation admits, by its kind."""
OPEN, USED, ENDED, REVOKED = "open", "used", "ended", "revoked"


@dataclass(frozen=True, slots=True)
class Person:
    """Person who joined by PIN or invitation, at the time `at`. `mix` is a bus as `band/bus2`, "" for none."""

    id: str
    name: str
    role: str
    mix: str
    at: float
    seen: float

    def as_json(self, ahead: float = 0.0) -> dict[str, Any]:
        """Return the JSON object for the API and the wire; `ahead` as in `LivedClock`."""
        times = {"at": rfc3339(self.at + ahead), "seen": rfc3339(self.seen + ahead)}
        return {"id": self.id, "name": self.name, "role": self.role, "mix": self.mix, **times}


@dataclass(frozen=True, slots=True)
class Session:
    """Session of a person on one device. `digest` is of the secret in its cookie, `person` is the person's id."""

    digest: str = field(repr=False)
    person: str
    at: float


@dataclass(frozen=True, slots=True)
class Invitation:
    """Invitation to join without the PIN, with a role and a mix.

    kind     once or day
    made_by  name of the inviting person
    used     number of people who joined by it
    """

    id: str
    digest: str = field(repr=False)
    role: str
    mix: str
    kind: str
    made_by: str
    at: float
    ends: float
    used: int = 0
    revoked: bool = False

    def state(self, now: float) -> str:
        """Return the state at the time `now`: open, used, ended or revoked."""
        if self.revoked:
            return REVOKED
        if self.used >= PLACES[self.kind]:
            return USED
        return OPEN if now < self.ends else ENDED

    def as_json(self, ahead: float = 0.0) -> dict[str, Any]:
        """Return the JSON object for the API and the wire; `ahead` as in `LivedClock`."""
        offer = {"id": self.id, "role": self.role, "mix": self.mix, "kind": self.kind, "made_by": self.made_by}
        return {**offer, "at": rfc3339(self.at + ahead), "ends": rfc3339(self.ends + ahead), "used": self.used}


@dataclass(frozen=True, slots=True)
class Token:
    """Token by which a program or a shell uses the API."""

    id: str
    digest: str = field(repr=False)
    name: str
    role: str
    mix: str
    at: float

    def as_json(self, ahead: float = 0.0) -> dict[str, Any]:
        """Return the JSON object for the API and the wire; `ahead` as in `LivedClock`."""
        return {"id": self.id, "name": self.name, "role": self.role, "mix": self.mix, "at": rfc3339(self.at + ahead)}


@dataclass(frozen=True, slots=True)
class Setting:
    """Setting: a key and a JSON text."""

    key: str
    value: str = field(repr=False)
