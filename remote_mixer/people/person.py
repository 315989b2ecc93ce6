"""Who may come in, and by what. Times are seconds since 1970; of every secret only its SHA-256 stands here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from remote_mixer.people.identifiers import rfc3339

ONCE, DAY = "once", "day"
PLACES = {ONCE: 1, DAY: 200}
"""How many an invitation lets in, by its kind: whoever passes one on fills its own places and no others."""
OPEN, USED, ENDED, REVOKED = "open", "used", "ended", "revoked"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who came in by a PIN or an invitation. `mix` is a bus as `band/bus2`, "" for none."""

    id: str
    name: str
    role: str
    mix: str
    at: float
    seen: float

    def as_json(self) -> dict[str, Any]:
        """Return the form that travels."""
        told = {"id": self.id, "name": self.name, "role": self.role, "mix": self.mix}
        return {**told, "at": rfc3339(self.at), "seen": rfc3339(self.seen)}


@dataclass(frozen=True, slots=True)
class Session:
    """A device that a person came in with: what its cookie is known by."""

    digest: str = field(repr=False)
    person: str
    at: float


@dataclass(frozen=True, slots=True)
class Invitation:
    """A way in without the PIN, until its places are taken or it ends. `used` counts who came in by it."""

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
        """Return open, used, ended or revoked."""
        if self.revoked:
            return REVOKED
        if self.used >= PLACES[self.kind]:
            return USED
        return OPEN if now < self.ends else ENDED

    def as_json(self) -> dict[str, Any]:
        """Return the form that travels."""
        told = {"id": self.id, "role": self.role, "mix": self.mix, "kind": self.kind, "made_by": self.made_by}
        return {**told, "at": rfc3339(self.at), "ends": rfc3339(self.ends), "used": self.used}


@dataclass(frozen=True, slots=True)
class Token:
    """The right of a program or a shell to speak to the API."""

    id: str
    digest: str = field(repr=False)
    name: str
    role: str
    mix: str
    at: float

    def as_json(self) -> dict[str, Any]:
        """Return the form that travels."""
        return {"id": self.id, "name": self.name, "role": self.role, "mix": self.mix, "at": rfc3339(self.at)}


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that was decided: a key, and JSON."""

    key: str
    value: str = field(repr=False)
