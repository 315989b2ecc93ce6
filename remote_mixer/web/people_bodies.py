"""Types of the HTTP API's bodies and answers about people, as in `bodies`; also for joining and requests."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from remote_mixer.desk.policy import ROLES
from remote_mixer.people import person, request
from remote_mixer.people.caller import STRANGER
from remote_mixer.web.bodies import Path, Time, one_of

Role = Annotated[str, one_of(ROLES)]
Mix = Annotated[str, Meta(description="A bus, as band/bus2; empty for none")]
Kind = Annotated[str, one_of(person.PLACES)]
Want = Annotated[str, one_of(request.WANTS)]
State = Annotated[str, one_of((*request.OPEN_STATES, request.GRANTED, request.DECLINED, request.ANSWERED))]
ANSWER_WORDS = ("grant", "decline", "message", "seen")

# Joining


class Me(Struct):
    """Caller, as the server sees it."""

    role: Annotated[str, one_of((*ROLES, STRANGER))]
    name: str
    mix: Mix
    person: Annotated[str | None, Meta(description="Id of the person who joined")]
    open: Annotated[bool, Meta(description="Whether everybody is an engineer without joining")]
    local: Annotated[bool, Meta(description="Whether this is the host's own computer")]


class JoinBody(Struct):
    """Name, with a PIN or an invitation."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    pin: Annotated[str, Meta(max_length=200, description="The six digits that the host sees")] | UnsetType = UNSET
    invitation: (
        Annotated[str, Meta(max_length=200, description="Text behind #join= in an invitation's address")] | UnsetType
    ) = UNSET
    waiting: Annotated[str, Meta(max_length=200, description="Secret of a device that waits")] | UnsetType = UNSET


class WaitBody(Struct):
    """Name of a device that asks the host to let it in."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]


class Ticket(Struct):
    """Place in the waiting room, for the device itself."""

    number: Annotated[str, Meta(description="Four digits to tell the host")]
    secret: Annotated[str, Meta(description="Joins as `waiting`, once the host has let the device in")]


class Waiting(Struct):
    """Device that waits for the host."""

    id: str
    name: str
    number: str
    address: str


class Guesses(Struct):
    """Wrong PINs of one address."""

    address: Annotated[str, Meta(description="IP address, or an IPv6 network of 64 bits")]
    wrong: int
    ago: Annotated[float, Meta(description="Seconds since the last")]
    blocked: Annotated[float, Meta(description="Seconds for which it is blocked still")]


class Arrivals(Struct):
    """Devices that wait, and addresses with wrong PINs."""

    waiting: list[Waiting]
    guesses: list[Guesses]


class AdmitBody(Struct):
    """Decision about a device that waits."""

    admit: bool


class BlockBody(Struct):
    """Decision about an address."""

    address: Annotated[str, Meta(max_length=64)]
    blocked: bool


# People


class Page(Struct):
    """Open page."""

    client: str
    device: str
    rtt: Annotated[float | None, Meta(description="Last round trip in milliseconds")]
    dropouts: Annotated[int, Meta(description="Number of lost links")]
    awake: Annotated[bool, Meta(description="Whether the page is in the foreground")]
    touched: Annotated[str | None, Meta(description="Time at which it last moved or held a control")]


class Person(Struct):
    """Person who joined."""

    id: str
    name: str
    role: Role
    mix: Mix
    at: Time
    seen: Time


class PersonHere(Person):
    """Person who joined, with open pages."""

    here: list[Page]


class People(Struct):
    """People who joined, and pages without a person."""

    people: list[PersonHere]
    pages: list[Page]


class PersonBody(Struct):
    """Changes of a person."""

    role: Role | UnsetType = UNSET
    mix: Mix | UnsetType = UNSET
    name: str | UnsetType = UNSET


class Invitation(Struct):
    """Invitation to join without the PIN."""

    id: str
    role: Role
    mix: Mix
    kind: Kind
    made_by: str
    at: Time
    ends: Time
    used: Annotated[int, Meta(description="Number of people who joined by it")]


class Invitations(Struct):
    """Open invitations."""

    invitations: list[Invitation]


class InvitationBody(Struct):
    """Invitation to make."""

    role: Role
    mix: Mix = ""
    kind: Kind = person.ONCE


class InvitationUrl(Struct):
    """Address that opens an invitation."""

    interface: str
    url: str


class MadeInvitation(Invitation):
    """New invitation, with its secret."""

    token: str
    urls: list[InvitationUrl]


# Requests


class Asker(Struct):
    """Sender of a request."""

    person: str
    client: str
    name: str


class Request(Struct):
    """Request of a musician for more or less of a control."""

    id: str
    at: Time
    sender: Asker = field(name="from")
    mix: Mix
    path: str
    want: Want
    count: int
    state: State
    db: Annotated[float | None, Meta(description="dB by which a grant moved the control")]
    text: str
    by: Annotated[str, Meta(description="Name of whoever answered")]


class Requests(Struct):
    """Requests."""

    requests: list[Request]


class RequestBody(Struct):
    """Request to make."""

    path: Path
    want: Want


class AnswerBody(Struct):
    """Answer to a request."""

    answer: Annotated[str, one_of(ANSWER_WORDS)]
    db: Annotated[int, one_of((1, 2, 3)), Meta(description="dB that a grant moves the control by")] | UnsetType = UNSET
    text: str | UnsetType = UNSET
