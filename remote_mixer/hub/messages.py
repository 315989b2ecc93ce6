"""Messages from the hub to its clients, one class each.

A message knows its fields and no encoding. Each kind of link has an encoding of its own, made once for all clients,
when the first one wants it. Field names are those of version 1 of the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from remote_mixer.desk.history import Moved
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Held, Refusal

Json = Mapping[str, Any]
Encode = Callable[["Message"], bytes]
Id = int | str | None


class Message(Struct, frozen=True, eq=False, dict=True, tag_field="type"):
    """Message to clients."""

    @cached_property
    def _encodings(self) -> dict[Encode, bytes]:
        return {}

    def encoded(self, encode: Encode) -> bytes:
        """Return this message in one encoding, made at the first call and kept."""
        made = self._encodings.get(encode)
        if made is None:
            made = self._encodings[encode] = encode(self)
        return made


class Changes(Message, frozen=True, eq=False, tag="changes"):
    """New values of params, and the desk's revision that they belong to."""

    rev: int
    values: Mapping[str, Value]


class Settle(Message, frozen=True, eq=False, tag="settle"):
    """Value that a param has; ends a hold on the page that gets it."""

    path: str
    value: Value
    rev: int


class Rebase(Message, frozen=True, eq=False, tag="rebase"):
    """Value from which the holder's drag counts from now on: the console's own, just heard."""

    path: str
    value: Value
    rev: int


class HeldBy(Message, frozen=True, eq=False, tag="held"):
    """Client that holds a param now, None for nobody."""

    path: str
    by: str | None


class Ghost(Message, frozen=True, eq=False, tag="ghost"):
    """Place of a real fader that has to meet a param before it moves it, and whose it is; None once they have met."""

    path: str
    at: float | None
    by: str


class Open(Message, frozen=True, eq=False, tag="open"):
    """Strip that its page's own person has selected at a surface."""

    strip: str


class LayoutChanged(Message, frozen=True, eq=False, tag="layout"):
    """A console with other strips or params than before."""

    console: Json
    values: Mapping[str, Value]
    meters: Sequence[str]
    rev: int


class Pending(Message, frozen=True, eq=False, tag="pending"):
    """Paths whose values their console has not confirmed."""

    paths: Sequence[str]


class Remembered(Message, frozen=True, eq=False, tag="remembered"):
    """Paths with remembered values, which the console may have changed since."""

    paths: Sequence[str]


class Notices(Message, frozen=True, eq=False, tag="notices"):
    """Faults of the program itself, in plain words."""

    notices: Sequence[str]


class Waiting(Message, frozen=True, eq=False, tag="waiting"):
    """Device that asks the host to let it in; for hosts alone."""

    name: str
    number: str


class Join(Message, frozen=True, eq=False, tag="join"):
    """Addresses at which phones find this server, and its name on the network."""

    addresses: Sequence[Mapping[str, str]]
    name: str | None


class _Snapshot(Message, frozen=True, eq=False):
    """State of everything but the consoles, for a client that joins."""

    protocol: int
    server: Json
    you: Json
    rev: int
    people: Sequence[Json]
    holds: Mapping[str, str]
    pending: Sequence[str]
    remembered: Sequence[str]
    notices: Sequence[str]
    join: Json
    messages: Sequence[Json]
    values: Mapping[str, Value]


class Welcome(_Snapshot, frozen=True, eq=False, tag="welcome"):
    """Snapshot with the consoles' layouts and all values, for a new client."""

    consoles: Sequence[Json]
    meters: Sequence[str]
    vocabulary: Json


class Resume(_Snapshot, frozen=True, eq=False, tag="resume"):
    """Snapshot with the values that a client missed, for one that returns."""


class People(Message, frozen=True, eq=False, tag="people"):
    """Cards of all clients."""

    people: Sequence[Json]


class You(Message, frozen=True, eq=False, tag="you"):
    """A client's own card, with the rights in its mix."""

    you: Json


class Requests(Message, frozen=True, eq=False, tag="requests"):
    """Requests that a client may see."""

    requests: Sequence[Json]


class Layers(Message, frozen=True, eq=False, tag="layers"):
    """Layers that a client may see, its own first."""

    layers: Sequence[Json]


class Said(Message, frozen=True, eq=False, tag="message"):
    """Message that a person wrote to everyone; `at` is RFC 3339."""

    id: int
    at: str
    sender: Json = field(name="from")
    text: str = ""


class Ok(Message, frozen=True, eq=False, tag="ok"):
    """A frame was carried out; `id` is the frame's own."""

    id: Id
    rev: int


class Done(Message, frozen=True, eq=False, tag="ok"):
    """An undo or redo was carried out, as this move; `skipped` are the params that stay as they are."""

    id: Id
    rev: int
    move: Json
    skipped: Sequence[Json]


class Pasted(Message, frozen=True, eq=False, tag="ok"):
    """A paste has begun; `skipped` are the params that stay as they are."""

    id: Id
    rev: int
    skipped: Sequence[Json]


class Preview(Message, frozen=True, eq=False, tag="preview"):
    """Changes that an undo or redo would make: path → (present value, new value)."""

    id: Id
    values: Mapping[str, tuple[Value, Value]]
    skipped: Sequence[Json]


class Moves(Message, frozen=True, eq=False, tag="moves"):
    """Moves, the newest last: an answer to `history`, whose id it has; or those that have just ended."""

    moves: Sequence[Json]
    id: Id = None


class Scenes(Message, frozen=True, eq=False, tag="scenes"):
    """List of scenes with their heads: in the set list's order, moments and the bin apart; and the safes.

    current  number of the scene where the set list stands, 0 before the first
    safes    strip → sections that no recall sets
    recall   state of the newest recall, as `Fading` has it, in the answer to a page that asks for the list
    own      scenes of musicians' own mixes: the crew gets all, a musician theirs and nothing of the rest
    """

    scenes: Sequence[Json]
    moments: Sequence[Json]
    bin: Sequence[Json]
    current: int
    safes: Mapping[str, Sequence[str]]
    id: Id = None
    recall: Json | None = None
    own: Sequence[Json] = ()


class SceneDone(Message, frozen=True, eq=False, tag="ok"):
    """A frame about scenes was carried out; `unknown` are the params that a stored scene does not keep."""

    id: Id
    rev: int
    scene: Json | None = None
    unknown: Sequence[str] = ()
    recall: Json | None = None


class ScenePreview(Message, frozen=True, eq=False, tag="preview"):
    """Changes that a recall would make: path → (present value, new value); number of each verdict; what stays.

    match  strip of the scene that does not stand here → its `name` there, and the strip here that is meant (`to`)
    """

    id: Id
    scene: int
    counts: Mapping[str, int]
    values: Mapping[str, tuple[Value, Value]]
    stays: Mapping[str, Json]
    match: Mapping[str, Json] = field(default_factory=dict)


class Fading(Message, frozen=True, eq=False, tag="fading"):
    """State of a recall: when it begins, twice a second while it goes on, and when it has ended (`over`).

    recall  number of the recall, since the start of the server
    left    seconds that its glides still take
    done    number of params that have come to their values, `of` so many
    lost    path → reason why it did not
    move    the recall as a move, once it is over; null where it changed nothing, and once somebody has gone back
    ago     seconds since it was over, 0 while it goes on
    """

    recall: int
    scene: int
    name: str
    by: str
    left: float
    done: int
    of: int
    paused: bool
    over: bool
    lost: Mapping[str, str]
    move: int | None
    ago: float = 0.0


class Error(Message, frozen=True, eq=False, tag="error"):
    """A frame was refused."""

    id: Id
    code: str
    path: str | None
    text: str


class HeldError(Error, frozen=True, eq=False, tag="error"):
    """A set was refused because another client holds the param."""

    by: str


class MovedError(Error, frozen=True, eq=False, tag="error"):
    """An undo was refused because others have moved it since: the move, and each param with who and when."""

    by: str
    move: int
    skipped: Sequence[Json]


def error(refusal: Refusal, id: Id = None) -> Error:  # noqa: A002 the wire's word
    """Return the message of a refusal."""
    fields = id, refusal.code.wire, refusal.path, refusal.text
    match refusal:
        case Held():
            return HeldError(*fields, refusal.by)
        case Moved():
            return MovedError(*fields, refusal.by, refusal.move, [skipped.as_json() for skipped in refusal.skipped])
    return Error(*fields)


class Pong(Message, frozen=True, eq=False, tag="pong"):
    """Answer to a ping, with the ping's own time."""

    t: int | float


class Bye(Message, frozen=True, eq=False, tag="bye"):
    """Reason for which the server closes the link, as text for a person."""

    text: str


class Echo(Message, frozen=True, eq=False):
    """Answer to plain text."""

    text: str


class MeterFrame(Message, frozen=True, eq=False):
    """Meter codes of one moment, one byte a tap; see `desk.meters`."""

    sequence: int
    codes: bytes


class Picture(Message, frozen=True, eq=False):
    """Picture of a strip that its client looks at, by path; what its body holds is its console's affair."""

    path: str
    body: bytes


def values_in(message: Message) -> Mapping[str, Value]:
    """Return the values that a message brings, by path; none for a message about something else."""
    match message:
        case Changes() | Welcome() | Resume() | LayoutChanged():
            return message.values
        case Settle() | Rebase():
            return {message.path: message.value}
    return {}
