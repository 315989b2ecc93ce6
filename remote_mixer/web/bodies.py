"""Types of the HTTP API's bodies and answers, of which msgspec makes the schemas in `openapi.json`.

They describe; the handlers check each field themselves (see `hub/fields`), so that a refusal names the field.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from remote_mixer.desk.layout import OFFLINE, ONLINE, SYNCING
from remote_mixer.desk.refusal import Code


def one_of(words: Iterable[object]) -> Meta:
    """Return the mark of a field that holds one of these words or numbers."""
    return Meta(extra_json_schema={"enum": list(dict.fromkeys(words))})


Value = Annotated[float | bool | str | None, Meta(description="Position 0 to 1, toggle, choice or text; null: unknown")]
Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Path = Annotated[str, Meta(description="console/strip/param, slashes as they are", examples=["band/ch1/fader"])]
Rev = Annotated[int, Meta(description="Revision of the desk")]


class Error(Struct):
    """Refusal of a call."""

    code: Annotated[str, one_of(code.word for code in Code)]
    text: Annotated[str, Meta(description="One sentence on what to do about it")]
    path: Annotated[str | None, Meta(description="Param, console or route that it concerns")]


class Empty(Struct):
    """Empty object."""


# The server and its desk


class Health(Struct):
    """State of the server."""

    name: str
    version: str
    epoch: Annotated[str, Meta(description="Another one after each start")]
    page: Annotated[str, Meta(description="Fingerprint of the page's files")]
    consoles: Annotated[
        dict[str, Annotated[str, one_of((ONLINE, OFFLINE, SYNCING))]], Meta(description="Nickname → status")
    ]
    clients: Annotated[int, Meta(description="Number of open pages")]


class Report(Struct):
    """Report for a bug."""

    text: Annotated[str, Meta(description="One page of plain text")]


class Layout(Struct):
    """Layout of one console."""

    name: Annotated[str, Meta(description="Nickname, the first part of its paths")]
    title: str
    driver: str
    tapers: Annotated[dict[str, Any], Meta(description="Laws between position and unit, by name")]
    table: Annotated[list[dict[str, Any]], Meta(description="Each distinct param, once")]
    params: Annotated[dict[str, int], Meta(description="The console's own params → index in `table`")]
    strips: list[dict[str, Any]]
    layers: Annotated[list[dict[str, Any]], Meta(description="The console's own rows of strips")]
    actions: Annotated[list[str], Meta(description="Names for /consoles/{console}/{action}")]
    setup: Annotated[list[str], Meta(description="Actions for the host alone")]
    addresses: Annotated[dict[str, str], Meta(description="The console's own names of its params, for people")]


class Desk(Struct):
    """All consoles."""

    rev: Rev
    consoles: list[Layout]
    values: Annotated[dict[str, Value], Meta(description="Path → value")]


class Param(Struct):
    """One param and its value."""

    path: str
    value: Value
    rev: Rev


class ParamBody(Struct):
    """New value of a param."""

    value: Annotated[
        float | bool | str | None,
        Meta(
            description="Position 0 to 1, toggle, choice or text; or what a person types, as −10 dB, 1.2 kHz, L53, off",
            examples=[0.75],
        ),
    ]


class Consoles(Struct):
    """Consoles of the server, as it was started with them."""

    consoles: Annotated[
        dict[str, str],
        Meta(description="Nickname → what --console has behind NAME=", examples=[{"foh": "x32://192.168.1.32"}]),
    ]


class JoinedLink(Struct):
    """Control surface or broker that joins the mixer beside pages."""

    kind: Annotated[str, Meta(description="surface or broker")]
    name: str
    state: Annotated[str, Meta(description="How it is, in words", examples=["connected"])]


class Links(Struct):
    """Control surfaces and brokers."""

    links: list[JoinedLink]


class Found(Struct):
    """Consoles on the network."""

    found: Annotated[
        list[str], Meta(description="Each as --console takes it, behind NAME=", examples=[["x32://192.168.1.32"]])
    ]


Arguments = Annotated[dict[str, Any], Meta(description="Arguments of the action by name, {} for none", examples=[{}])]


class Done(Struct):
    """Revision of the desk after an action."""

    rev: Rev


# Messages


class Sender(Struct):
    """Client that sent a message."""

    client: str
    name: str
    color: str


class Message(Struct):
    """Message to everyone."""

    id: int
    at: Time
    sender: Sender = field(name="from")
    text: str


class Messages(Struct):
    """Messages, the newest last."""

    messages: list[Message]


class MessagesQuery(Struct):
    """Query for older messages."""

    before: Annotated[int, Meta(ge=0, description="Only messages with a smaller id")] | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, description="Most messages to return; more than 200 count as 200")] = 50


class EventsQuery(Struct):
    """Controls whose events are wanted."""

    paths: Annotated[str, Meta(description="Controls, strips or consoles, with commas between; all without it")] = ""


class MessageBody(Struct):
    """Message to send."""

    text: Annotated[str, Meta(min_length=1, max_length=4000, examples=["More vocals in 3"])]
    name: Annotated[str, Meta(max_length=60, description="Sender, for a caller without a name")] = "API"


# QR codes


class AddressQuery(Struct):
    """Address for a QR code."""

    url: Annotated[str, Meta(description="One of the server's own addresses")]


class TextBody(Struct):
    """Text for a QR code."""

    text: Annotated[str, Meta(min_length=1, max_length=300)]
