"""Where the roads meet: desk, clients and meters, and what a page is told when it joins.

`app` makes one and hands it what other rooms give; the socket and the HTTP API speak to nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Protocol

from remote_mixer.desk import paths
from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import ONLINE, Layout
from remote_mixer.desk.message import Message
from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import HOST
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.solos import Solos
from remote_mixer.desk.sources import THE_SERVER, Source
from remote_mixer.hub.client import Client
from remote_mixer.hub.clients import REPLACED, Clients
from remote_mixer.hub.meters import MeterRoad
from remote_mixer.hub.rate_limit import Pace
from remote_mixer.web import wire
from remote_mixer.web.authenticate import STRANGER, Caller

TEND_SECONDS = 1.0
FIRST_MESSAGES = 50
READ_SECONDS = 1.0
MOST_TEXT = 4000
TALK_PACE, HELLO_PACE = (1.0, 20.0), (1.0, 30.0)
"""Of one person, but not of the host: how many a second, and how many at once."""

log = logging.getLogger(__name__)


class Messages(Protocol):
    """The messages' room. Each call raises Refusal with a sentence when it cannot be done."""

    async def say(self, at: str, client: str, name: str, color: str, text: str) -> int:
        """Keep a message and return its number once it is safe on the disk."""

    async def read(self, before: int | None, limit: int) -> Sequence[Message]:
        """Return up to `limit` messages older than `before`, the newest last."""


class Act(Protocol):
    """What has a console do one of its actions; Refusal with a sentence where it does not."""

    async def __call__(self, console: str, action: str, arguments: Mapping[str, Any]) -> None:
        """Do it; return when it is done."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What the server says of itself; `page` is a fingerprint of the page's files."""

    name: str
    version: str
    page: str


@dataclass
class Hub:
    """One desk in many hands."""

    desk: Desk
    identity: Identity
    messages: Messages
    addresses: Callable[[], list[dict[str, str]]]
    reach: Act
    find: Callable[[], Awaitable[list[str]]]
    qr_svg: Callable[[str], str]
    clients: Clients = field(init=False)
    meters: MeterRoad = field(init=False)
    notices: list[str] = field(default_factory=list)
    local_name: str | None = None
    _pending: dict[str, frozenset[str]] = field(default_factory=dict)
    _remembered: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Listen to the desk."""
        self.clients = Clients(lambda: self.desk.rev, self.desk.values)
        self.meters = MeterRoad(self._taps)
        self._solos = Solos(_now)
        self._talks, self._hellos = Pace(*TALK_PACE, _now), Pace(*HELLO_PACE, _now)
        self.desk.change_listeners += [self._changed, self._solos.note]
        self.desk.layout_listeners.append(self._layout)
        self.desk.hold_listeners.append(self._held)

    # What the desk tells goes to everyone

    def _changed(self, change: Change) -> None:
        log.debug("%s: %s", change.source.name or change.source.id, change.after)
        self.clients.share(change.after)

    def _layout(self, layout: Layout) -> None:
        for client in self.clients:
            client.forget_meters()
        self._solos.keep_only(self.desk.values)
        values = self.desk.values_of(layout.name)
        told = {"console": layout.as_json(), "values": values, "meters": self.taps(), "rev": self.desk.rev}
        self.clients.tell({"type": "layout", **told})

    def _held(self, path: str, by: str | None, former: str | None) -> None:
        self.clients.tell({"type": "held", "path": path, "by": by})
        loser = self.clients.get(former) if former else None
        if loser:
            self.settle(loser, path)

    def settle(self, client: Client, path: str) -> None:
        """Tell one client where a param stands; only this ends a hold on its page."""
        value = self.desk.values.get(path)
        client.tell(wire.write({"type": "settle", "path": path, "value": value, "rev": self.desk.rev}))

    # What other rooms tell

    def pend(self, console: str, paths: frozenset[str]) -> None:
        """Tell everyone which sets a console has not confirmed."""
        self._pending[console] = paths
        self.clients.tell({"type": "pending", "paths": self.pending()})

    def pending(self) -> list[str]:
        """Return the paths that wait for their console."""
        return sorted(chain(*self._pending.values()))

    def remember(self, console: str, paths: frozenset[str]) -> None:
        """Tell everyone which values of a console are known from earlier only."""
        self._remembered[console] = paths
        self.clients.tell({"type": "remembered", "paths": self.remembered()})

    def remembered(self) -> list[str]:
        """Return the paths whose value is known from earlier only."""
        return sorted(chain(*self._remembered.values()))

    def notify(self, notices: Sequence[str]) -> None:
        """Tell everyone what is amiss with the program itself, in plain words; an empty list when nothing is."""
        self.notices = list(notices)
        self.clients.tell({"type": "notices", "notices": self.notices})

    def moved(self, local_name: str | None) -> None:
        """Tell everyone where the next phone finds us now: other addresses, another name, or none."""
        self.local_name = local_name
        self.clients.tell({"type": "join", **self._ways_in()})

    def _ways_in(self) -> dict[str, Any]:
        return {"addresses": self.addresses(), "name": self.local_name}

    def taps(self) -> list[str]:
        """Return the tap paths of all consoles in frame order."""
        return [tap for layout in self.desk.layouts.values() for tap in layout.taps()]

    def _taps(self) -> list[tuple[str, int]]:
        return [(layout.name, len(layout.taps())) for layout in self.desk.layouts.values()]

    # Joining

    async def welcome(self, client: Client, since: object) -> None:
        """Take a client in and tell it all, or on return what it missed."""
        messages = [message.as_json() for message in await self._first_messages()]
        if client.who.role == STRANGER:  # put out meanwhile
            return
        former = self.clients.join(client)
        self._solos.back(client.id)
        if former:
            self.desk.leave(client.id)
            former.bye("This page is open again somewhere else.", REPLACED)
        missed = self._missed(since)
        told = self._everything() if missed is None else {"type": "resume", "values": missed}
        client.tell(wire.write(told | self._about(client) | {"messages": messages}))

    async def _first_messages(self) -> Sequence[Message]:
        """Return the last messages; a disk that hangs keeps nobody from the faders."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await self.messages.read(None, FIRST_MESSAGES)
        except TimeoutError:
            return ()

    def _missed(self, since: object) -> dict[str, Value] | None:
        match since:
            case {"epoch": str(epoch), "rev": int(rev)}:
                return self.desk.since(rev, epoch)
        return None

    def _everything(self) -> dict[str, Any]:
        consoles = [layout.as_json() for layout in self.desk.layouts.values()]
        return {"type": "welcome", "consoles": consoles, "values": self.desk.values, "meters": self.taps()}

    def _about(self, client: Client) -> dict[str, Any]:
        identity = self.identity
        server = {"name": identity.name, "version": identity.version, "epoch": self.desk.epoch, "page": identity.page}
        return {
            "protocol": wire.PROTOCOL,
            "server": server,
            "you": client.you(self.desk.rights.policy),
            "rev": self.desk.rev,
            "people": self.clients.people(),
            "holds": self.desk.held(),
            "pending": self.pending(),
            "remembered": self.remembered(),
            "notices": self.notices,
            "join": self._ways_in(),
        }

    def leave(self, client: Client) -> None:
        """Let a link go."""
        self.part(client)
        self.clients.close(client)

    def part(self, client: Client) -> None:
        """Take a client out of the company: its fingers are lifted, its readings end; its link may say hello again."""
        self.meters.stop(client)
        if client.id and self.clients.leave(client):
            self.desk.leave(client.id)
            self._solos.left(client.id)

    async def act(self, console: str, action: str, arguments: Mapping[str, Any], source: Source) -> None:
        """Have a console do what is no param; Refusal where it does not."""
        self.desk.rights.check_act(console, action, source)
        await self.reach(console, action, arguments)

    # Talking

    def check_talk(self, who: Caller) -> None:
        """Raise Refusal `limit` where somebody says or renames too often."""
        if who.role != HOST:
            self._talks.check(who.payer)

    def check_hello(self, who: Caller) -> None:
        """Raise Refusal `limit` where somebody asks for everything too often: it is what costs most."""
        if who.role != HOST:
            self._hellos.check(who.payer)

    async def say(self, client: str, name: str, color: str, text: str) -> Message:
        """Keep a message, then tell it to everyone; Refusal when it is too long or cannot be kept."""
        if len(text) > MOST_TEXT:
            raise Refusal(Code.BAD_VALUE, f"A message has at most {MOST_TEXT} characters: this one was not kept.")
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        clean = text.encode("utf-8", "replace").decode()
        message = Message(await self.messages.say(at, client, name, color, clean), at, client, name, color, clean)
        self.clients.tell({"type": "message", **message.as_json()})
        return message

    async def tend(self) -> None:
        """Once a second: end holds that ran out and solos that were left on. Until cancelled."""
        while True:
            await asyncio.sleep(TEND_SECONDS)
            self.desk.tend()
            left_on = [path for path in self._solos.due() if self._is_online(path)]
            if left_on:
                self.desk.set(dict.fromkeys(left_on, False), THE_SERVER)

    def _is_online(self, path: str) -> bool:
        return self.desk.values[paths.status(paths.console_of(path))] == ONLINE


def _now() -> float:
    return asyncio.get_running_loop().time()
