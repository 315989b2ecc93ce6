"""Everybody with a page open: who they are, and what waits to leave for each.

What is shared is framed once and written to all who keep up. A client that does not keep up costs one entry per path,
never a growing queue of old values, and is dropped when it takes nothing for too long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
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
MOST_WAITING_BYTES = 2 * 1024 * 1024
"""Of frames that must not be lost; a welcome of 64 strips takes a tenth of it."""
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
    """One open link and what waits for it. `on_behind` is told when something has to wait."""

    pipe: Pipe
    id: str = ""
    name: str = ""
    role: str = "engineer"
    color: str = ""
    on_behind: Callable[[Client], None] = lambda client: None
    stuck_since: float | None = None
    seen_waiting: int = 0
    _frames: bytearray = field(default_factory=bytearray)
    _paths: dict[str, None] = field(default_factory=dict)
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
        return bool(self.pipe.waiting or self._frames or self._paths)

    def tell(self, frame: bytes) -> None:
        """Send a frame that must not be lost, in its turn; who lets too much of that wait is cut off."""
        if not self.behind:
            self.pipe.write(frame)
        elif len(self._frames) < MOST_WAITING_BYTES:
            self._frames += frame
            self.on_behind(self)
        else:
            self._frames.clear()
            self.pipe.abort()

    def share(self, paths: Iterable[str], frame: bytes) -> None:
        """Send changes, framed for all; of what has to wait only the path is kept, its value is read in its turn."""
        if self.behind:
            self._paths |= dict.fromkeys(paths)
            self.on_behind(self)
        else:
            self.pipe.write(frame)

    def meter(self, frame: bytes) -> None:
        """Send readings; of what has to wait, only the newest frame does."""
        if self.behind:
            self._meters = frame
            self.on_behind(self)
        else:
            self.pipe.write(frame)

    def drain(self, rev: int, values: Mapping[str, Value]) -> None:
        """Send what waited, when the system takes data again."""
        if self.pipe.waiting:
            return
        waited = bytes(self._frames)
        if self._paths:
            waited += wire.changes(rev, self._paths, values)
        self.pipe.write(waited + self._meters)
        self._frames.clear()
        self._paths.clear()
        self._meters = b""

    def bye(self, text: str, code: int) -> None:
        """Say why the server closes this link, and close it."""
        self.pipe.write(wire.write({"type": "bye", "text": text}))
        self.pipe.close(code)

    def forget_meters(self) -> None:
        """Drop readings in an order of taps that is no more."""
        self._meters = b""


class Clients:
    """All open links, and among them all clients that have said hello.

    rev     returns the desk's revision
    values  the desk's own values, by path
    """

    def __init__(self, rev: Callable[[], int], values: Mapping[str, Value]) -> None:
        self._rev = rev
        self._desk_values = values
        self._open: set[Client] = set()
        self._by_id: dict[str, Client] = {}
        self._slow: set[Client] = set()
        self.all_gone = asyncio.Event()
        self.all_gone.set()
        self._paths: dict[str, None] = {}
        self._next_share = 0.0
        self._sharing: asyncio.TimerHandle | None = None
        self._draining: asyncio.TimerHandle | None = None
        self._telling_people: asyncio.TimerHandle | None = None

    def __iter__(self) -> Iterator[Client]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def open(self, pipe: Pipe) -> Client:
        """Return the client at the end of a new link; nobody yet, but looked after."""
        client = Client(pipe, on_behind=self._behind)
        self._open.add(client)
        self.all_gone.clear()
        return client

    def close(self, client: Client) -> None:
        """Forget a link that has ended."""
        self._open.discard(client)
        self._slow.discard(client)
        if not self._open:
            self.all_gone.set()

    def has(self, client: Client) -> bool:
        """Whether this very link is the one that its client speaks on."""
        return self._by_id.get(client.id) is client

    def join(self, client: Client) -> Client | None:
        """Take a client in; return the former one with the same id, whose link this one replaces."""
        former = self._by_id.get(client.id)
        client.color = former.color if former else self._free_color()
        self._by_id[client.id] = client
        self.tell_people()
        return former if former is not client else None

    def leave(self, client: Client) -> bool:
        """Let a client go; False when another link with its id has taken its place."""
        if not self.has(client):
            return False
        del self._by_id[client.id]
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

    def share(self, paths: Iterable[str]) -> None:
        """Send changes to everyone, the sender too: at once when idle, at most every 16 ms under load."""
        self._paths |= dict.fromkeys(paths)
        if self._sharing is None:
            loop = asyncio.get_running_loop()
            self._sharing = loop.call_at(self._next_share - SHARE_SECONDS, self._share_now)

    def _share_now(self) -> None:
        if self._sharing is None:
            return
        self._sharing.cancel()
        self._sharing = None
        self._next_share = max(self._next_share, asyncio.get_running_loop().time()) + SHARE_SECONDS
        paths, self._paths = self._paths, {}
        frame = wire.changes(self._rev(), paths, self._desk_values)
        for client in self._by_id.values():
            client.share(paths, frame)

    def tell_people(self) -> None:
        """Tell everyone who is here, soon."""
        if self._telling_people is None:
            self._telling_people = asyncio.get_running_loop().call_later(PEOPLE_SECONDS, self._tell_people)

    def _tell_people(self) -> None:
        self._telling_people = None
        self.tell({"type": "people", "people": self.people()})

    # Slow and silent clients

    def _behind(self, client: Client) -> None:
        self._slow.add(client)
        if self._draining is None:
            self._draining = asyncio.get_running_loop().call_later(DRAIN_SECONDS, self._drain)

    def _drain(self) -> None:
        self._draining = None
        self._share_now()  # a frame that claims a revision has to hold all that belongs to it
        slow, self._slow = self._slow, set()
        for client in slow & self._open:
            client.drain(self._rev(), self._desk_values)
            self._note_progress(client)
            if client.behind:
                self._behind(client)

    def _note_progress(self, client: Client) -> None:
        """A client is stuck from the moment at which what waits for it no longer gets less."""
        waiting = client.pipe.waiting
        if not waiting:
            client.stuck_since = None
        elif client.stuck_since is None or waiting < client.seen_waiting:
            client.stuck_since = asyncio.get_running_loop().time()
        client.seen_waiting = waiting

    async def tend(self) -> None:
        """Ask every client for a sign of life and drop those who give none, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(KEEPALIVE_SECONDS)
            for client in list(self._open):
                quiet_since = min(client.pipe.heard, client.stuck_since or client.pipe.heard)
                if loop.time() - quiet_since > SILENT_SECONDS:
                    log.warning("%s takes nothing for %d s: dropped", client.name or "a client", SILENT_SECONDS)
                    client.pipe.abort()
                elif not client.behind:
                    client.pipe.write(ping_frame())

    def bye(self, text: str) -> None:
        """Tell everyone that the server closes the link, and why."""
        for client in self._open:
            client.bye(text, GOING_AWAY)
