"""Everybody with a page open: who they are, and what waits to leave for each.

What is shared is framed once and written to all who keep up. A client that does not keep up costs one entry per path,
never a growing queue of old values, and is dropped when it takes nothing for too long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.web import wire
from remote_mixer.web.pipe import ping_frame

SHARE_SECONDS = 0.016
"""Least time between two `changes` frames on average. One may leave early, else a hand that moves 60 times a second
and once comes late would wait a little at every move thereafter."""
DRAIN_SECONDS = 0.02
PEOPLE_SECONDS = 0.2
"""A crowd that joins at once is told in one frame."""
KEEPALIVE_SECONDS = 3.0
SILENT_SECONDS = 10.0
"""A client that is not heard, or takes nothing, for this long is dropped."""
GOING_AWAY, POLICY, REPLACED = 1001, 1008, 4001
"""Close codes: the server stops; a flood; the same page is open on another link."""
COLORS = ("cyan", "violet", "orange", "green", "pink", "blue", "yellow", "red")

log = logging.getLogger(__name__)


class Pipe(Protocol):
    """The way out to one client."""

    @property
    def waiting(self) -> int:
        """Bytes that the system has not taken yet."""

    @property
    def heard(self) -> float:
        """Loop time at which the last byte came in."""

    def write(self, frame: bytes) -> None:
        """Send whole frames; never waits."""

    def close(self, code: int, reason: str = "") -> None:
        """Send the close frame, after which the connection ends."""

    def abort(self) -> None:
        """Cut the connection."""


@dataclass(eq=False, slots=True)
class Client:
    """One open page and what waits for it."""

    pipe: Pipe
    id: str = ""
    name: str = ""
    role: str = "engineer"
    color: str = ""
    stuck_since: float | None = None
    _frames: list[bytes] = field(default_factory=list)
    _values: dict[str, Value] = field(default_factory=dict)
    _meters: bytes = b""

    @property
    def source(self) -> Source:
        """This client as the desk knows it."""
        return Source(CLIENT, self.id, self.name, self.role)

    @property
    def person(self) -> dict[str, str]:
        """This client as others see it."""
        initials = "".join(word[0] for word in self.name.split()[:2]).upper()
        return {"client": self.id, "name": self.name, "role": self.role, "color": self.color, "initials": initials}

    @property
    def behind(self) -> bool:
        """Whether something still waits, so that what is new has to wait too."""
        return bool(self.pipe.waiting or self._frames or self._values)

    def tell(self, frame: bytes) -> None:
        """Send a frame that must not be lost, in its turn."""
        if self.behind:
            self._frames.append(frame)
        else:
            self.pipe.write(frame)

    def share(self, values: Mapping[str, Value], frame: bytes) -> None:
        """Send changes, framed for all; of what has to wait, only the newest value of a path does."""
        if self.behind:
            self._values |= values
        else:
            self.pipe.write(frame)

    def meter(self, frame: bytes) -> None:
        """Send readings; of what has to wait, only the newest frame does."""
        if self.behind:
            self._meters = frame
        else:
            self.pipe.write(frame)

    def drain(self, rev: int) -> None:
        """Send what waited, when the system takes data again."""
        if self.pipe.waiting:
            return
        waited = b"".join(self._frames)
        if self._values:
            waited += wire.write({"type": "changes", "rev": rev, "values": self._values})
        self.pipe.write(waited + self._meters)
        self._frames, self._values, self._meters = [], {}, b""

    def bye(self, text: str, code: int) -> None:
        """Say why the server closes this link, and close it."""
        self.pipe.write(wire.write({"type": "bye", "text": text}))
        self.pipe.close(code)

    def forget_meters(self) -> None:
        """Drop readings in an order of taps that is no more."""
        self._meters = b""


class Clients:
    """All clients that have said hello."""

    def __init__(self, rev: Callable[[], int]) -> None:
        self._rev = rev
        self._by_id: dict[str, Client] = {}
        self.all_gone = asyncio.Event()
        self.all_gone.set()
        self._values: dict[str, Value] = {}
        self._next_share = 0.0
        self._sharing: asyncio.TimerHandle | None = None
        self._draining: asyncio.TimerHandle | None = None
        self._telling_people: asyncio.TimerHandle | None = None

    def __iter__(self) -> Iterator[Client]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def join(self, client: Client) -> Client | None:
        """Take a client in; return the former one with the same id, whose link this one replaces."""
        former = self._by_id.get(client.id)
        client.color = former.color if former else self._free_color()
        self._by_id[client.id] = client
        self.all_gone.clear()
        self.tell_people()
        return former if former is not client else None

    def leave(self, client: Client) -> bool:
        """Let a client go; False when another link with its id has taken its place."""
        if self._by_id.get(client.id) is not client:
            return False
        del self._by_id[client.id]
        if not self._by_id:
            self.all_gone.set()
        self.tell_people()
        return True

    def get(self, client: str) -> Client | None:
        """Return a client by its id."""
        return self._by_id.get(client)

    def people(self) -> list[dict[str, str]]:
        """Return who is here, in the order of coming."""
        return [client.person for client in self._by_id.values()]

    def _free_color(self) -> str:
        taken = [client.color for client in self._by_id.values()]
        return min(COLORS, key=taken.count)

    # Telling everyone

    def tell(self, frame: Mapping[str, Any]) -> None:
        """Send one frame to everyone."""
        framed = wire.write(frame)
        for client in self._by_id.values():
            client.tell(framed)
        self._look_after_slow()

    def share(self, values: Mapping[str, Value]) -> None:
        """Send changes to everyone, the sender too: at once when idle, at most every 16 ms under load."""
        self._values |= values
        if self._sharing is None:
            loop = asyncio.get_running_loop()
            self._sharing = loop.call_at(self._next_share - SHARE_SECONDS, self._share_now)

    def _share_now(self) -> None:
        self._sharing = None
        self._next_share = max(self._next_share, asyncio.get_running_loop().time()) + SHARE_SECONDS
        values, self._values = self._values, {}
        frame = wire.write({"type": "changes", "rev": self._rev(), "values": values})
        for client in self._by_id.values():
            client.share(values, frame)
        self._look_after_slow()

    def tell_people(self) -> None:
        """Tell everyone who is here, soon."""
        if self._telling_people is None:
            self._telling_people = asyncio.get_running_loop().call_later(PEOPLE_SECONDS, self._tell_people)

    def _tell_people(self) -> None:
        self._telling_people = None
        self.tell({"type": "people", "people": self.people()})

    # Slow and silent clients

    def _look_after_slow(self) -> None:
        if self._draining is None and any(client.behind for client in self._by_id.values()):
            self._draining = asyncio.get_running_loop().call_later(DRAIN_SECONDS, self._drain)

    def _drain(self) -> None:
        self._draining = None
        now = asyncio.get_running_loop().time()
        for client in self._by_id.values():
            if client.behind:
                client.drain(self._rev())
            client.stuck_since = (client.stuck_since or now) if client.behind else None
        self._look_after_slow()

    async def tend(self) -> None:
        """Ask every client for a sign of life and drop those who give none, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(KEEPALIVE_SECONDS)
            for client in list(self._by_id.values()):
                quiet_since = min(client.pipe.heard, client.stuck_since or client.pipe.heard)
                if loop.time() - quiet_since > SILENT_SECONDS:
                    log.warning("%s takes nothing for %d s: dropped", client.name, SILENT_SECONDS)
                    client.pipe.abort()
                elif not client.behind:
                    client.pipe.write(ping_frame())

    def bye(self, text: str) -> None:
        """Tell everyone that the server closes the link, and why."""
        for client in self._by_id.values():
            client.bye(text, GOING_AWAY)
