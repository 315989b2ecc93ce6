"""Form of a DAW's table: how it is asked, and address, argument and kinds of strips of each param.

A strip's number is the last segment of an address: `/strip/fader/3` without an argument asks, with one sets. What the
DAW sends by itself may have the number as its first argument instead: `/strip/fader 3 0.78`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from remote_mixer.desk.tapers import Taper
from remote_mixer.drivers.osc import Argument, Message
from remote_mixer.drivers.osc_daw.encodings import Encoding

Arguments = tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One param of a strip.

    local    local path, as `fader`
    address  without the strip's number, as `/strip/fader`
    kinds    kinds of strips that may have it
    prompt   whether it is read again within a second, else within some
    """

    local: str
    address: str
    encoding: Encoding
    kinds: frozenset[str]
    prompt: bool = False

    def key(self, number: int) -> str:
        """Return the address of a strip's value."""
        return f"{self.address}/{number}"


@dataclass(frozen=True, slots=True)
class SendRow:
    """One param of a send: set by `address` with strip, send and value; `place` is its place in a listed send."""

    local: str
    address: str
    encoding: Encoding
    place: int


@dataclass(frozen=True, slots=True)
class Sends:
    """List of a strip's sends, as the DAW sends it: the strip's number, then for each send `size` arguments.

    target, number  places of the strip that a send goes to, and of the send's own number, in those arguments
    kinds           kinds of strips that may have sends
    """

    address: str
    size: int
    target: int
    number: int
    rows: tuple[SendRow, ...]
    kinds: frozenset[str]

    def listed(self, arguments: Arguments) -> list[Arguments]:
        """Return the arguments of each send in an answer."""
        rest = arguments[1:]
        return [rest[at : at + self.size] for at in range(0, len(rest) - len(rest) % self.size, self.size)]


@dataclass(frozen=True, slots=True)
class Control:
    """A param of the DAW itself: what it sends by itself, what sets it on and off, and what asks for it."""

    local: str
    address: str
    encoding: Encoding
    on: Message | None = None
    off: Message | None = None
    question: Message | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """A strip in the DAW's list: its number there, its kind (empty for one that we do not show), and its name."""

    number: int
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Table:
    """Data of one DAW: whatever differs between it and another.

    prepare       messages after which the DAW lists and answers as this table says
    subscribe     messages after which it sends every change by itself; `unsubscribe` ends that
    settings      address of the question for our settings, and the beginning of the answer while all is well
    heartbeat     address of what it sends all the time
    list_question what asks for the list of strips; `track` reads one answer, `list_end` tells the last one
    changed       address of what it sends when its list has changed
    names         address of a strip's name, which the list has too
    answers       by address of an answer: the address of the value in it, and its conversion
    meter, level  address of a meter, and the level in dB of its argument
    switch_on     what a person does where nobody answers
    """

    word: str
    title: str
    port: int
    prepare: tuple[Message, ...]
    subscribe: tuple[Message, ...]
    unsubscribe: tuple[Message, ...]
    settings: Message
    heartbeat: str
    list_question: tuple[Message, ...]
    track: Callable[[str, Arguments], Track | None]
    list_end: Callable[[str, Arguments], bool]
    changed: str
    names: str
    rows: tuple[Row, ...]
    sends: Sends
    controls: tuple[Control, ...]
    answers: Mapping[str, tuple[str, Callable[[Argument], Argument]]]
    meter: str
    level: Callable[[float], float]
    tapers: Mapping[str, Taper]
    labels: Mapping[str, str]
    switch_on: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of the DAW.

    path      below the console's name, as `ch3/fader`
    key       the value's own address, as `/strip/fader/3`
    question  what asks for it; None where nothing does
    order     the message that sets it to an argument
    number    the strip's, in the DAW; 0 for a value of the DAW itself
    """

    path: str
    key: str
    encoding: Encoding
    question: Message | None
    order: Callable[[Argument], Message]
    number: int = 0
    prompt: bool = False
    is_name: bool = False
