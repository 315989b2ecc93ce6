"""Clients: all open links, messages to all of them, and the end of silent or stuck ones."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from remote_mixer.desk.params import Value
from remote_mixer.hub.client import Client, Ending, Link, changes_at
from remote_mixer.hub.messages import Message, People
from remote_mixer.people.caller import API_ID, Caller

SHARE_SECONDS = 0.01
"""Least average time between two `changes` frames. One may leave early: else a client that sends 60 times a second
and is late once would find each of its later changes delayed."""
DRAIN_SECONDS = 0.02
PEOPLE_SECONDS = 0.2
"""Delay of the list of clients, so that many that join at once cause one frame."""
KEEPALIVE_SECONDS = 3.0
SILENT_SECONDS = 10.0
"""Time after which a client that sends nothing, or accepts nothing, is dropped."""
COLORS = ("cyan", "violet", "orange", "green", "pink", "blue", "yellow", "red")

NOBODY = Caller()

log = logging.getLogger(__name__)


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
        self._people_due: asyncio.TimerHandle | None = None

    def __iter__(self) -> Iterator[Client]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def open(self, link: Link, caller: Caller = NOBODY) -> Client:
        """Return the client of a new link, which has not said hello yet."""
        client = Client(link, caller, name=caller.name, on_behind=self._behind)
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
        """Whether a client has joined on this link and has not been replaced by a newer link."""
        return self._by_id.get(client.id) is client

    def join(self, client: Client) -> Client | None:
        """Add a client that said hello; return the former one with the same id, whose link this one replaces.

        The page chose the id: where it belongs to another caller, this client gets a new one.
        """
        former = self._by_id.get(client.id)
        if (former and former.caller.key != client.caller.key) or client.id.startswith(API_ID):
            client.id, former = secrets.token_hex(16), None
        client.color = former.color if former else self._free_color()
        self._by_id[client.id] = client
        self.send_people()
        return former if former is not client else None

    def leave(self, client: Client) -> bool:
        """Remove a client; False when another link with its id has replaced it."""
        if not self.has(client):
            return False
        del self._by_id[client.id]
        self.send_people()
        return True

    def get(self, client: str) -> Client | None:
        """Return a client by its id."""
        return self._by_id.get(client)

    @property
    def all_open(self) -> list[Client]:
        """All links, also of those who have not said hello."""
        return list(self._open)

    def cards(self) -> list[dict[str, Any]]:
        """Return the cards of all clients, in the order of joining."""
        return [client.card for client in self._by_id.values()]

    def _free_color(self) -> str:
        taken = [client.color for client in self._by_id.values()]
        return min(COLORS, key=taken.count)

    # To everyone

    def send(self, message: Message) -> None:
        """Send one message to everyone."""
        for client in self._by_id.values():
            client.send(message)

    def share(self, paths: Iterable[str]) -> None:
        """Send changes to everyone, the sender too: at once when idle, at most every SHARE_SECONDS under load."""
        if not self._by_id:
            return
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
        changes = changes_at(self._rev(), paths, self._desk_values)
        for client in self._by_id.values():
            client.share(changes)

    def send_people(self) -> None:
        """Send everyone the list of clients, soon."""
        if self._people_due is None:
            self._people_due = asyncio.get_running_loop().call_later(PEOPLE_SECONDS, self._send_people)

    def _send_people(self) -> None:
        self._people_due = None
        self.send(People(self.cards()))

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
        """Record the time since which a client's waiting bytes have not decreased."""
        waiting = client.link.waiting
        if not waiting:
            client.stuck_since = None
        elif client.stuck_since is None or waiting < client.seen_waiting:
            client.stuck_since = asyncio.get_running_loop().time()
        client.seen_waiting = waiting

    async def tend(self) -> None:
        """Ping every client and drop those that do not answer, until cancelled.

        A round that comes late drops nobody: the server itself stood still, and what was answered waits to be read.
        """
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            await asyncio.sleep(KEEPALIVE_SECONDS)
            late = clock() - began > 2 * KEEPALIVE_SECONDS
            for client in list(self._open):
                received = client.link.last_received
                quiet_since = min(received, client.stuck_since or received)
                if not late and clock() - quiet_since > SILENT_SECONDS:
                    log.warning("%s takes nothing for %d s: dropped", client.name or "a client", SILENT_SECONDS)
                    client.link.abort()
                elif not client.behind:
                    client.link.ping()

    def bye(self, text: str) -> None:
        """Send all clients the reason, and close their links, because the server stops."""
        for client in self._open:
            client.bye(text, Ending.STOPPING)
