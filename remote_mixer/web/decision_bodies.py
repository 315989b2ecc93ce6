"""Types of the HTTP API's bodies and answers for the host's decisions, as in `bodies`: tokens, PIN and policy."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from remote_mixer.desk.policy import GRANTED, HIGHEST_DB, LOWEST_DB, STEEPEST_DB
from remote_mixer.web.bodies import Time, one_of
from remote_mixer.web.people_bodies import Mix, Role

Granted = Annotated[str, one_of(GRANTED)]
Decibels = Annotated[float, Meta(ge=LOWEST_DB, le=HIGHEST_DB)]
Rise = Annotated[float, Meta(ge=0.1, le=STEEPEST_DB)]


class Token(Struct):
    """Token of a program or a shell."""

    id: str
    name: str
    role: Role
    mix: Mix
    at: Time


class Tokens(Struct):
    """All tokens."""

    tokens: list[Token]


class TokenBody(Struct):
    """Token to make."""

    name: str
    role: Role
    mix: Mix = ""


class MadeToken(Token):
    """New token, with its secret."""

    token: str


class Pin(Struct):
    """PIN; null where it cannot be shown."""

    pin: str | None


class NewPin(Struct):
    """New PIN."""

    pin: str


class Grant(Struct):
    """Rights in one's own mix."""

    sends: Granted | UnsetType = UNSET
    fader: Granted | UnsetType = UNSET
    mute: Granted | UnsetType = UNSET


class Ceiling(Struct):
    """Highest levels that a musician can set, in dB; null for any."""

    send_db: Decibels | UnsetType | None = UNSET
    bus_db: Decibels | UnsetType | None = UNSET


class Rail(Struct):
    """Limit for some roles on some params."""

    paths: Annotated[str, Meta(min_length=1, max_length=200, description="Full paths, with * for any part")]
    roles: Annotated[list[Role], Meta(min_length=1)]
    most_db: Annotated[Decibels | None, Meta(description="Highest level")] | UnsetType = UNSET
    rise_db: Annotated[Rise | None, Meta(description="dB per second")] | UnsetType = UNSET
    only_mute: Annotated[bool, Meta(description="May be muted, never un-muted")] | UnsetType = UNSET


class Policy(Struct):
    """The host's decisions on which role may move what, and how far."""

    grants: Annotated[dict[str, dict[str, Grant]], Meta(description="Mix → musician or guest → rights")] | UnsetType = (
        UNSET
    )
    ceilings: Annotated[dict[str, Ceiling], Meta(description="Mix → ceiling of its musician")] | UnsetType = UNSET
    rails: list[Rail] | UnsetType = UNSET


class Announced(Struct):
    """Ticks of what home automation finds by MQTT; a list that is left out is empty."""

    strips: Annotated[list[str], Meta(description="Paths of strips", examples=[["band/ch1"]])] = []
    layers: Annotated[
        list[str], Meta(description="console/layer, or the name of a shared one", examples=[["band/Drums"]])
    ] = []
    mixes: Annotated[list[str], Meta(description="Paths of buses: with the sends into them")] = []
    scenes: Annotated[list[int], Meta(description="Ids of scenes")] = []
