"""Client: one open page, shell or program, and the messages that wait for it.

A client that does not keep up costs one entry per path, never a growing queue of old values.
"""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, Protocol

from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import USUAL_GRANTS, Policy
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.hub.messages import Bye, Changes, Message, MeterFrame, Picture
from remote_mixer.people.caller import Caller

MOST_WAITING_BYTES = 2 * 1024 * 1024
"""Most bytes of waiting messages that must not be lost; a welcome of 64 strips takes a tenth of this."""


class Ending(Enum):
    """Reason for which the server closes a link."""

    STOPPING = "the server stops"
    FLOOD = "too many frames"
    REPLACED = "the same page is open on another link"
    NOT_JOINED = "the caller has not joined, or was removed"


class Link(Protocol):
    """Connection to one client. No method waits."""

    @property
    def waiting(self) -> int:
        """Bytes that the system has not accepted yet."""

    @property
    def last_received(self) -> float:
        """Time of the last received byte, in seconds of the loop's clock."""

    def size(self, message: Message) -> int:
        """Return the bytes that a message takes."""

    def send(self, *messages: Message) -> None:
        """Send messages in their order, in one write."""

    def ping(self) -> None:
        """Send a ping; its answer renews `last_received`."""

    def close(self, ending: Ending) -> None:
        """Close the link with this reason, once all that was sent has left."""

    def abort(self) -> None:
        """Close the link at once, without a reason."""


class ListeningLink(ABC):
    """Link to a program that only listens. It keeps the newest of each value itself, so nothing waits for it here."""

    waiting = 0

    @property
    def last_received(self) -> float:
        """Now: nobody is silent who was never to speak."""
        return asyncio.get_running_loop().time()

    def size(self, message: Message) -> int:
        """Return 0, as `waiting`."""
        return 0

    @abstractmethod
    def send(self, *messages: Message) -> None:
        """Keep what messages bring, and send it."""

    def ping(self) -> None:  # noqa: B027 - the same for all of them
        """Do nothing: such a program does not answer."""

    def close(self, ending: Ending) -> None:
        """End at once: there is no word for the reason."""
        self.abort()

    @abstractmethod
    def abort(self) -> None:
        """End."""


@dataclass(slots=True)
class Presence:
    """State of a page, as the page reports it; `touched` alone is recorded here.

    device    the page's device, as `iPhone`; "" where the page has not reported it
    rtt       its last round trip in milliseconds, None where the page has not reported it
    dropouts  number of times that the page lost its link
    awake     whether the page is in the foreground
    touched   when a control was last moved or held on it, in seconds since 1970; None for never
    """

    device: str = ""
    rtt: float | None = None
    dropouts: int = 0
    awake: bool = True
    touched: float | None = None

    def touch(self) -> None:
        """Record that a control was moved or held just now."""
        self.touched = time.time()


@dataclass(eq=False, slots=True)
class Client:
    """One open link and the messages that wait for it.

    caller     sender of its frames, with present role and rights
    id         chosen by the page; "" before its hello
    name       name shown to people
    presence   state of the page
    follows_moves  whether it gets each move as it ends
    on_behind  called when a message has to wait
    """

    link: Link
    caller: Caller = field(default_factory=Caller)
    id: str = ""
    name: str = ""
    color: str = ""
    presence: Presence = field(default_factory=Presence)
    follows_moves: bool = False
    on_behind: Callable[[Client], None] = lambda client: None
    stuck_since: float | None = None
    seen_waiting: int = 0
    _waiting: list[Message] = field(default_factory=list)
    _waiting_bytes: int = 0
    _paths: dict[str, None] = field(default_factory=dict)
    _meters: MeterFrame | None = None
    _pictures: dict[str, Picture] = field(default_factory=dict)

    @property
    def source(self) -> Source:
        """This client as the desk knows it."""
        caller = self.caller
        return Source(CLIENT, self.id, self.name, caller.role, caller.mix, caller.person or caller.token or "")

    @property
    def card(self) -> dict[str, Any]:
        """This client as others see it."""
        caller = {"role": self.caller.role, "mix": self.caller.mix, "person": self.caller.person}
        return {"client": self.id, "name": self.name, **caller, "color": self.color, "initials": initials_of(self.name)}

    def own_card(self, policy: Policy) -> dict[str, Any]:
        """Return this client's card with the rights in its mix, for the client itself."""
        return self.card | {"rights": rights_of(self.caller, policy)}

    @property
    def behind(self) -> bool:
        """Whether something still waits, so that a new message has to wait too."""
        return bool(self.link.waiting or self._waiting or self._paths)

    def send(self, message: Message) -> None:
        """Send a message that must not be lost, in order; a client for which too much waits is cut off."""
        if not self.behind:
            self.link.send(message)
        elif self._waiting_bytes < MOST_WAITING_BYTES:
            self._waiting.append(message)
            self._waiting_bytes += self.link.size(message)
            self.on_behind(self)
        else:
            self._forget_waiting()
            self.link.abort()

    def share(self, changes: Changes) -> None:
        """Send changes; while the client is behind only their paths are kept, and `drain` sends the newest values."""
        if self.behind:
            self._paths |= dict.fromkeys(changes.values)
            self.on_behind(self)
        else:
            self.link.send(changes)

    def meter(self, frame: MeterFrame) -> None:
        """Send a meter frame; while the client is behind only the newest frame is kept."""
        if self.behind:
            self._meters = frame
            self.on_behind(self)
        else:
            self.link.send(frame)

    def picture(self, picture: Picture) -> None:
        """Send a picture; while the client is behind only the newest of each path is kept."""
        if self.behind:
            self._pictures[picture.path] = picture
            self.on_behind(self)
        else:
            self.link.send(picture)

    def drain(self, rev: int, values: Mapping[str, Value]) -> None:
        """Send the waiting messages if the system accepts data again; `values` are the desk's at revision `rev`."""
        if self.link.waiting:
            return
        waited = list(self._waiting)
        if self._paths:
            waited.append(changes_at(rev, self._paths, values))
        if self._meters:
            waited.append(self._meters)
        waited += self._pictures.values()
        self._forget_waiting()
        self.link.send(*waited)

    def bye(self, text: str, ending: Ending) -> None:
        """Send the reason, as text for a person, and close the link."""
        self.link.send(Bye(text))
        self.link.close(ending)

    def forget_meters(self) -> None:
        """Drop a waiting meter frame, because the order of the taps has changed."""
        self._meters = None

    def _forget_waiting(self) -> None:
        self._waiting.clear()
        self._waiting_bytes = 0
        self._paths.clear()
        self._meters = None
        self._pictures.clear()


def changes_at(rev: int, paths: Iterable[str], values: Mapping[str, Value]) -> Changes:
    """Return the present values of these paths as changes; paths that no longer exist are left out."""
    return Changes(rev, {path: values[path] for path in paths if path in values})


def initials_of(name: str) -> str:
    """Return two capital letters for a name: of its first two words, or the first two of its only one; "?" for none."""
    words = name.split()
    return ("".join(word[0] for word in words[:2]) if len(words) > 1 else (words or ["?"])[0][:2]).upper()


def rights_of(caller: Caller, policy: Policy) -> dict[str, Any] | None:
    """Return a caller's rights in its mix, for its page; None without a mix, or for a role that needs no grant."""
    if caller.role not in USUAL_GRANTS or not caller.mix:
        return None
    return asdict(policy.grant(caller.mix, caller.role)) | {"ceiling": asdict(policy.ceiling(caller.mix))}
