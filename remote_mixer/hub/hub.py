"""Hub: the desk and its clients. The web, bridges and control surfaces reach the desk through the hub alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from remote_mixer import PROTOCOL
from remote_mixer.desk import paths, vocabulary
from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import ONLINE, Layout
from remote_mixer.desk.left_on import LeftOn
from remote_mixer.desk.message import Message
from remote_mixer.desk.params import Value
from remote_mixer.desk.policy import HOST
from remote_mixer.desk.rate_limit import RateLimit
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import THE_SERVER, Source
from remote_mixer.hub import messages
from remote_mixer.hub.client import Client, Ending
from remote_mixer.hub.clients import Clients
from remote_mixer.hub.messages import Resume, Welcome
from remote_mixer.hub.meters import MeterFeed, Taps
from remote_mixer.hub.pictures import PictureFeed
from remote_mixer.hub.surroundings import Identity, MessageStore, Surroundings
from remote_mixer.people.caller import STRANGER, Caller

TEND_SECONDS = 1.0
FIRST_MESSAGES = 50
READ_SECONDS = 1.0
LARGE = 2000
"""Params of a layout from which on it takes milliseconds to encode: only what a console itself opens has so many."""
MOST_TEXT = 4000
BROADCAST_RATE, BROADCAST_BURST = 1.0, 20.0
SNAPSHOT_RATE, SNAPSHOT_BURST = 1.0, 30.0
"""Rate (a second) and burst of full snapshots for each person; the host has no limit."""

log = logging.getLogger(__name__)


@dataclass
class Hub:
    """One desk and its clients."""

    desk: Desk
    identity: Identity
    message_store: MessageStore
    around: Surroundings
    clients: Clients = field(init=False)
    meters: MeterFeed = field(init=False)
    pictures: PictureFeed = field(init=False)
    notices: list[str] = field(default_factory=list)
    local_name: str | None = None
    _pending: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Follow the desk."""
        self.clients = Clients(lambda: self.desk.rev, self.desk.values)
        self._tap_counts = self._count_taps()
        self.meters = MeterFeed(lambda: self._tap_counts)
        self.pictures = PictureFeed(self.around.look)
        self._left_on = LeftOn(_now)
        self._broadcasts = RateLimit(BROADCAST_RATE, BROADCAST_BURST, _now)
        self._snapshots = RateLimit(SNAPSHOT_RATE, SNAPSHOT_BURST, _now)
        self.desk.change_listeners += [self._changed, self._left_on.note]
        self.desk.layout_listeners.append(self._layout_changed)
        self.desk.hold_listeners.append(self._hold_changed)
        self.desk.rebase_listeners.append(self._rebased)
        self.desk.remembered_listeners.append(self._remembered_changed)

    # From the desk to everyone

    def _changed(self, change: Change) -> None:
        log.debug("%s: %s", change.source.name or change.source.id, change.after)
        self.clients.share(change.after)

    def _layout_changed(self, layout: Layout) -> None:
        """Announce a layout, before the answer to whoever changed it; a large one in a step of the loop of its own."""
        self._left_on.keep_only(self.desk.values)
        if self.clients and len(layout.by_path) > LARGE:
            asyncio.get_running_loop().call_soon(self._announce, layout.name)
        else:
            self._announce(layout.name)

    def _announce(self, console: str) -> None:
        self._tap_counts, layout = self._count_taps(), self.desk.layouts[console]
        if not layout.is_shown:
            return
        for client in self.clients:
            client.forget_meters()
        values = self.desk.values_of(layout.name)
        self.clients.send(messages.LayoutChanged(layout.as_json(), values, self.taps(), self.desk.rev))

    def _hold_changed(self, path: str, by: str | None, former: str | None) -> None:
        self.clients.send(messages.HeldBy(path, by))
        loser = self.clients.get(former) if former else None
        if loser:
            self.settle(loser, path)

    def _rebased(self, path: str, client: str, value: Value) -> None:
        holder = self.clients.get(client)
        if holder:
            holder.send(messages.Rebase(path, value, self.desk.rev))

    def _remembered_changed(self) -> None:
        self.clients.send(messages.Remembered(self.desk.remembered()))

    def settle(self, client: Client, path: str) -> None:
        """Send one client the present value of a param; only this ends a hold on its page."""
        client.send(messages.Settle(path, self.desk.values.get(path), self.desk.rev))

    # From other rooms to everyone

    def share_pending(self, console: str, pending: frozenset[str]) -> None:
        """Send everyone the paths that a console has not confirmed."""
        self._pending[console] = pending
        self.clients.send(messages.Pending(self.pending()))

    def pending(self) -> list[str]:
        """Return the paths that wait for their console."""
        return sorted(chain(*self._pending.values()))

    def share_ghost(self, path: str, position: float | None, client: Client) -> None:
        """Send everyone where a client's real fader stands that has not picked up its param; None once it has."""
        self.clients.send(messages.Ghost(path, position, client.id))

    def open_strip(self, strip: str, client: Client) -> None:
        """Let the pages of whoever has a client's name open a strip."""
        for other in self.clients:
            if other is not client and other.name.casefold() == client.name.casefold():
                other.send(messages.Open(strip))

    def share_notices(self, notices: Sequence[str]) -> None:
        """Send everyone the program's own faults, in plain words; an empty list when there are none."""
        self.notices = list(notices)
        self.clients.send(messages.Notices(self.notices))

    def share_addresses(self, local_name: str | None) -> None:
        """Send everyone the addresses and the name at which phones find this server now."""
        self.local_name = local_name
        self.clients.send(messages.Join(self.around.addresses(), self.local_name))

    def taps(self) -> list[str]:
        """Return the tap paths of all consoles in frame order."""
        return [tap for layout in self.desk.layouts.values() for tap in layout.taps()]

    def _count_taps(self) -> list[Taps]:
        """Count each console's taps: a large console's are too many to go through for each meter frame."""
        return [Taps(layout.name, len(layout.taps()), layout.gains()) for layout in self.desk.layouts.values()]

    # Joining

    async def welcome(self, client: Client, since: object) -> None:
        """Let a client join and send it a full snapshot or, on return, what it missed."""
        said = [message.as_json() for message in await self._first_messages()]
        if client.caller.role == STRANGER:  # removed meanwhile
            return
        self.join(client)
        client.send(self._snapshot(client, since, said))

    def join(self, client: Client) -> None:
        """Add a client to those who get changes; a former one with its id is sent away."""
        former = self.clients.join(client)
        self._left_on.back(client.id)
        if former:
            self.desk.leave(client.id)
            former.bye("This page is open again somewhere else.", Ending.REPLACED)

    async def _first_messages(self) -> Sequence[Message]:
        """Return the last messages; none where the disk hangs, so that clients can join all the same."""
        try:
            async with asyncio.timeout(READ_SECONDS):
                return await self.message_store.read(None, FIRST_MESSAGES)
        except TimeoutError:
            return ()

    def _snapshot(self, client: Client, since: object, said: list[dict[str, Any]]) -> Welcome | Resume:
        missed = self._missed(since)
        state = self._state(client) | {"messages": said}
        if missed is not None:
            return Resume(**state, values=missed)
        consoles = [layout.as_json() for layout in self.desk.shown]
        taps, words = self.taps(), vocabulary.as_json()
        return Welcome(**state, values=dict(self.desk.values), consoles=consoles, meters=taps, vocabulary=words)

    def _missed(self, since: object) -> dict[str, Value] | None:
        match since:
            case {"epoch": str(epoch), "rev": int(rev)}:
                return self.desk.since(rev, epoch)
        return None

    def _state(self, client: Client) -> dict[str, Any]:
        identity = self.identity
        server = {"name": identity.name, "version": identity.version, "epoch": self.desk.epoch, "page": identity.page}
        return {
            "protocol": PROTOCOL,
            "server": server,
            "you": client.own_card(self.desk.rights.policy),
            "rev": self.desk.rev,
            "people": self.clients.cards(),
            "holds": self.desk.held(),
            "pending": self.pending(),
            "remembered": self.desk.remembered(),
            "notices": self.notices,
            "join": {"addresses": self.around.addresses(), "name": self.local_name},
        }

    def leave(self, client: Client) -> None:
        """Forget a link that has ended."""
        self.part(client)
        self.clients.close(client)

    def part(self, client: Client) -> None:
        """Remove a client: its holds, meters and pictures end. Its link may say hello again."""
        self.meters.stop(client)
        self.pictures.look(client, ())
        if client.id and self.clients.leave(client):
            self.desk.leave(client.id)
            self._left_on.left(client.id)

    # Requests of clients

    def look(self, client: Client, wanted: Sequence[str]) -> None:
        """Send a client these pictures from now on, and note the strips that it shows whole.

        Refusal `unknown-path` for one that no console has.
        """
        for path in wanted:
            layout = self.desk.layouts.get(paths.console_of(path))
            if layout is None or path not in layout.sights:
                raise Refusal(Code.UNKNOWN_PATH, f"There is no strip or picture “{path[:80]}”.", path[:200])
        self.pictures.look(client, wanted)

    async def act(self, console: str, action: str, arguments: Mapping[str, Any], source: Source) -> None:
        """Run an action of a console; Refusal where the source may not, or the console cannot."""
        self.desk.rights.check_act(console, action, source)
        await self.around.run_action(console, action, arguments, source)

    def check_broadcast(self, caller: Caller) -> None:
        """Count a message or a new name, which everyone gets; Refusal `too-often`."""
        if caller.role != HOST:
            self._broadcasts.check(caller.payer)

    def check_snapshot(self, caller: Caller) -> None:
        """Count a full snapshot, which costs most; Refusal `too-often`."""
        if caller.role != HOST:
            self._snapshots.check(caller.payer)

    async def say(self, client: str, name: str, color: str, text: str) -> Message:
        """Keep a message, then send it to everyone; Refusal when it is too long or cannot be kept."""
        if len(text) > MOST_TEXT:
            raise Refusal(Code.BAD_VALUE, f"A message has at most {MOST_TEXT} characters: this one was not kept.")
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        clean = text.encode("utf-8", "replace").decode()
        said = Message(await self.message_store.say(at, client, name, color, clean), at, client, name, color, clean)
        self.clients.send(messages.Said(said.id, at, said.sender, clean))
        return said

    async def tend(self) -> None:
        """End expired holds, and solos and talkbacks that were left on, once a second until cancelled."""
        while True:
            await asyncio.sleep(TEND_SECONDS)
            self.desk.tend()
            left_on = [path for path in self._left_on.due() if self._is_online(path)]
            if left_on:
                self.desk.set(dict.fromkeys(left_on, False), THE_SERVER)

    def _is_online(self, path: str) -> bool:
        return self.desk.values[paths.status(paths.console_of(path))] == ONLINE


def _now() -> float:
    return asyncio.get_running_loop().time()
