"""Policy: the host's decisions on which role may move which params, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

HOST, ENGINEER, MUSICIAN, GUEST = "host", "engineer", "musician", "guest"
ROLES = (HOST, ENGINEER, MUSICIAN, GUEST)
"""The role with the most rights first."""
MOVE, ASK, LOOK = "move", "ask", "look"
GRANTED = (MOVE, ASK, LOOK)
LOWEST_DB, HIGHEST_DB, STEEPEST_DB = -90.0, 20.0, 200.0


@dataclass(frozen=True, slots=True)
class Grant:
    """Rights of a person in their own mix, for each part of it: move, ask or look."""

    sends: str = MOVE
    fader: str = MOVE
    mute: str = MOVE

    def __post_init__(self) -> None:
        """Raise ValueError for anything but move, ask and look."""
        for one in fields(self):
            if getattr(self, one.name) not in GRANTED:
                raise ValueError(f"“{one.name}” is one of {', '.join(GRANTED)}")


LOOKING = Grant(LOOK, LOOK, LOOK)
USUAL_GRANTS = {MUSICIAN: Grant(), GUEST: LOOKING}


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Highest levels in dB that a musician can set in a mix; None where the fader's own end is the limit."""

    send_db: float | None = 6.0
    bus_db: float | None = 6.0

    def __post_init__(self) -> None:
        """Raise ValueError for a level out of range."""
        _in_range("send_db", self.send_db, LOWEST_DB, HIGHEST_DB)
        _in_range("bus_db", self.bus_db, LOWEST_DB, HIGHEST_DB)


@dataclass(frozen=True, slots=True)
class Rail:
    """Limit for some roles on some params.

    paths      full paths, with * for any part: `band/main/mute`, `*/bus*/fader`
    roles      roles that it limits
    most_db    highest level in dB, None for any
    rise_db    largest rise in one second in dB, None for any
    only_mute  may be muted, never un-muted
    """

    paths: str
    roles: tuple[str, ...]
    most_db: float | None = None
    rise_db: float | None = None
    only_mute: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for an invalid field."""
        if not isinstance(self.paths, str) or not 0 < len(self.paths) <= 200:
            raise ValueError("“paths” is a path, with * for any part of it")
        if not self.roles or not set(self.roles) <= set(ROLES):
            raise ValueError(f"“roles” are some of {', '.join(ROLES)}")
        if not isinstance(self.only_mute, bool):
            raise ValueError("“only_mute” is true or false")
        _in_range("most_db", self.most_db, LOWEST_DB, HIGHEST_DB)
        _in_range("rise_db", self.rise_db, 0.1, STEEPEST_DB)


@dataclass(frozen=True, slots=True)
class Policy:
    """All decisions of the host. A mix is named by its bus: `band/bus2`.

    grants    mix → role → Grant; USUAL_GRANTS for a mix or role without one
    ceilings  mix → Ceiling; `Ceiling()` for a mix without one
    rails     limits; where several apply, the strictest counts
    """

    grants: Mapping[str, Mapping[str, Grant]] = field(default_factory=dict)
    ceilings: Mapping[str, Ceiling] = field(default_factory=dict)
    rails: tuple[Rail, ...] = ()

    def grant(self, mix: str, role: str) -> Grant:
        """Return the rights of a role in a mix."""
        return self.grants.get(mix, {}).get(role) or USUAL_GRANTS.get(role, LOOKING)

    def ceiling(self, mix: str) -> Ceiling:
        """Return the ceiling of a mix."""
        return self.ceilings.get(mix) or Ceiling()

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object for the database and the API."""
        grants = {mix: {role: asdict(grant) for role, grant in roles.items()} for mix, roles in self.grants.items()}
        ceilings = {mix: asdict(ceiling) for mix, ceiling in self.ceilings.items()}
        return {"grants": grants, "ceilings": ceilings, "rails": [_rail_json(rail) for rail in self.rails]}

    @classmethod
    def of_json(cls, form: object) -> Policy:
        """Return the policy that `as_json` wrote; ValueError with a sentence for a person where the form is invalid."""
        whole = _named("a policy", form, {"grants", "ceilings", "rails"})
        grants = {mix: _grants(roles) for mix, roles in _object("grants", whole.get("grants", {})).items()}
        ceilings = {mix: _ceiling(one) for mix, one in _object("ceilings", whole.get("ceilings", {})).items()}
        rails = whole.get("rails", [])
        if not isinstance(rails, list):
            raise ValueError("“rails” is a list")
        return cls(grants, ceilings, tuple(map(_rail, rails)))


def _grants(form: object) -> dict[str, Grant]:
    roles = _object("grants", form)
    return {_role(role): Grant(**_named("a grant", grant, _names(Grant))) for role, grant in roles.items()}


def _ceiling(form: object) -> Ceiling:
    return Ceiling(**_named("a ceiling", form, _names(Ceiling)))


def _rail(form: object) -> Rail:
    named = _named("a rail", form, _names(Rail))
    roles = named.get("roles")
    if "paths" not in named or not isinstance(roles, list) or not all(isinstance(role, str) for role in roles):
        raise ValueError("a rail has “paths” and a list of “roles”")
    return Rail(**{**named, "roles": tuple(roles)})


def _rail_json(rail: Rail) -> dict[str, Any]:
    return {**asdict(rail), "roles": list(rail.roles)}


def _names(kind: type) -> set[str]:
    return {one.name for one in fields(kind)}


def _object(name: str, form: object) -> dict[str, Any]:
    if not isinstance(form, dict):
        raise ValueError(f"“{name}” is an object")
    return form


def _named(name: str, form: object, known: set[str]) -> dict[str, Any]:
    found = _object(name, form)
    if not found.keys() <= known:
        raise ValueError(f"{name} has {', '.join(sorted(known))}, and not “{min(found.keys() - known)[:40]}”")
    return found


def _role(role: str) -> str:
    if role not in USUAL_GRANTS:
        raise ValueError(f"a grant is for {' or '.join(USUAL_GRANTS)}, not “{role[:40]}”")
    return role


def _in_range(name: str, value: float | None, low: float, high: float) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"“{name}” is a number of dB from {low:g} to {high:g}, or null")
