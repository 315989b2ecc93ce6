"""Builds the rooms and joins them; knows the order in which they start and stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from remote_mixer import __version__, lan
from remote_mixer.desk import paths
from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.message import Message
from remote_mixer.desk.params import Number
from remote_mixer.desk.policy import HOST
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.drivers import registry
from remote_mixer.drivers.base import Driver, DriverError, Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.hub.hub import Hub, Identity, Surroundings
from remote_mixer.mdns.announcer import Announcer
from remote_mixer.people.admission import Admission
from remote_mixer.people.person import ONCE
from remote_mixer.people.requests import Requests
from remote_mixer.resources import APP_NAME, resource_path
from remote_mixer.sockets import HttpsOptions, Sockets
from remote_mixer.storage.database import Database, StorageError
from remote_mixer.storage.people import PeopleTables
from remote_mixer.web import quart_app
from remote_mixer.web.authenticate import Gate
from remote_mixer.web.server import Server

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asked for on the command line; `consoles` are (nickname, DRIVER:SPEC).

    open         whoever comes is an engineer
    trust_local  who comes from this computer itself is the host
    """

    host: str
    port: int
    data: Path
    consoles: tuple[tuple[str, str], ...]
    record: Path | None = None
    verbose: bool = False
    dev: bool = False
    https: HttpsOptions | None = None
    open: bool = False
    trust_local: bool = True


class App:
    """The whole program without its face: desk, drivers, storage and server."""

    def __init__(self, options: Options) -> None:
        """Check what can be checked before anything starts; ValueError with a sentence for a person."""
        self.options = options
        self.port = options.port
        names = [name for name, _ in options.consoles]
        doubles = {name for name in names if names.count(name) > 1}
        if doubles:
            raise ValueError(f"two consoles are called “{doubles.pop()}”: give each a nickname of its own")
        for name, spec in options.consoles:
            registry.make(name, spec, Setup(name, "", options.data))

    def start(self) -> None:
        """Listen, open the database, build the rooms and serve in a thread of its own.

        Raises PortInUse or another OSError where the address cannot be had, StorageError where the data folder cannot,
        TlsError where https cannot.
        """
        self._sockets = Sockets(self.options.host, self.options.port, self.options.https)
        self.port = self._sockets.port
        try:
            self._database = Database.open(self.options.data)
            self.door, self.requests = self._open_people()
            self._build()
        except BaseException:
            self._sockets.close()
            raise
        self._server = Server(self.site, self._sockets.all, self._say_goodbye)
        self._server.start()

    def _open_people(self) -> tuple[Admission, Requests]:
        tables = PeopleTables(self._database)
        try:
            door = Admission.open(self.options.data, tables)
            return door, Requests.open(tables, door)
        except Refusal as fault:
            raise StorageError(str(fault)) from fault

    def _build(self) -> None:
        self.desk = Desk()
        page = quart_app.read_page(resource_path())
        identity = Identity(APP_NAME, __version__, quart_app.fingerprint(page))
        kept = _Kept(self._database)
        around = Surroundings(self._addresses, self._act, registry.find, lan.qr_svg)
        self.hub = Hub(self.desk, identity, kept, around)
        gate = Gate(self.door, self.options.open, self.options.trust_local)
        self._guards: dict[str, Guard] = {}
        self.drivers = [self._driver(name, spec) for name, spec in self.options.consoles]
        keeping = {driver.name for driver in self.drivers if driver.keeps}
        self._marks = {name: _kept_mark(spec) for name, spec in self.options.consoles if name in keeping}
        https = self._sockets.open_https(self.options.data)
        self.site = quart_app.build(quart_app.Rooms(self.hub, gate, self.requests), page, self._spawn, https)
        self.site.before_serving(self._open_rooms)
        self.site.after_serving(self._close_rooms)

    def _driver(self, name: str, spec: str) -> Driver:
        mark = _kept_mark(spec)
        stored = self._database.kept(f"{mark}{name}/")
        kept = {path.removeprefix(mark): value for path, value in stored.items()}
        return registry.make(name, spec, Setup(name, "", self.options.data, kept, self.options.record))

    def addresses(self) -> list[lan.Address]:
        """Return the addresses at which phones find us, likeliest first."""
        return self._sockets.addresses()

    def _addresses(self) -> list[dict[str, str]]:
        return [asdict(address) for address in self.addresses()]

    def invite_host(self) -> str:
        """Return what lets one page in as the host, once; not for the loop's own thread. Refusal if it cannot be."""
        made = asyncio.run_coroutine_threadsafe(self.door.invite(HOST, "", ONCE, by=APP_NAME), self.loop)
        return made.result()[1]

    def wait(self) -> None:
        """Wait for the end; raise what ended the server unasked."""
        while not self._server.wait(0.5):  # a wait without end would make Ctrl-C deaf on Windows
            pass

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The server's loop: where desk and drivers live."""
        return self._server.loop

    def stop(self) -> None:
        """End everything, within a second, from any thread, as often as you like."""
        if hasattr(self, "_server"):
            self._server.stop()

    # On the server's loop

    async def _open_rooms(self) -> None:
        self._rooms = asyncio.create_task(self._live())
        self._rooms.add_done_callback(self._ended)

    async def _live(self) -> None:
        """Run all that lives as long as the server; one task that dies takes the others down."""
        self._database.on_trouble = self._trouble
        self._trouble(None)
        self.desk.change_listeners.append(self._keep)
        async with asyncio.TaskGroup() as self._tasks:
            for driver in self.drivers:
                self._tasks.create_task(self._guarded(driver).live())
            self._tasks.create_task(self.hub.tend())
            self._tasks.create_task(self.hub.clients.tend())
            self._tasks.create_task(self.door.tend())
            self._tasks.create_task(self.requests.tend())
            self._announcer = Announcer(self._tasks.create_task, self._name_changed)
            await self._announcer.announce(lan.outward(self.addresses()), self.port)
            self._tasks.create_task(lan.watch(self._sockets.look, self._addresses_changed))
            self._tasks.create_task(self._sockets.tend())

    async def _addresses_changed(self, addresses: Sequence[lan.Address]) -> None:
        """Tell all who depend on where phones find us: the one place for it, after the start."""
        log.info("phones find this mixer at %s now", ", ".join(address.url for address in addresses))
        self.hub.share_addresses(self._announcer.name)
        await self._announcer.announce(lan.outward(addresses), self.port)

    def _name_changed(self) -> None:
        self.hub.share_addresses(self._announcer.name)

    def _guarded(self, driver: Driver) -> Guard:
        hub, name = self.hub, driver.name
        guard = Guard(
            driver, self.desk, hub.meters.report, partial(hub.share_pending, name), partial(hub.share_remembered, name)
        )
        self._guards[name] = guard
        return guard

    async def _act(self, console: str, action: str, arguments: Mapping[str, Any]) -> None:
        """Have a console do what is no param; Refusal with a sentence where it does not."""
        if console not in self._guards:
            raise Refusal(Code.UNKNOWN_PATH, f"There is no console “{console[:40]}”.", console)
        try:
            await self._guards[console].act(action, arguments)
        except DriverError as fault:
            raise Refusal(Code.BAD_VALUE, str(fault), console) from fault

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.create_task(work)

    def _ended(self, rooms: asyncio.Task[None]) -> None:
        """Stop the server, loudly, when its rooms have died; a stop that was asked for cancels them instead."""
        if not rooms.cancelled() and rooms.exception():
            log.critical("the program failed and stops", exc_info=rooms.exception())
            self._server.stop()

    async def _say_goodbye(self) -> None:
        self.hub.clients.bye("The server stops.")
        await self.hub.clients.all_gone.wait()

    async def _close_rooms(self) -> None:
        self._rooms.cancel()
        await asyncio.wait({self._rooms})
        await self._database.close()

    def _keep(self, change: Change) -> None:
        """Keep in the database what the console has no memory of its own for."""
        consoles = {path: paths.console_of(path) for path in change.after if self._lasts(path)}
        kept = {self._marks[name] + path: change.after[path] for path, name in consoles.items() if name in self._marks}
        if kept:
            self._database.keep(kept)

    def _lasts(self, path: str) -> bool:
        """Tell a setting from a reading, and from a place in the music."""
        param = self.desk.param(path)
        return not param.read_only and not isinstance(param, Number)

    def _trouble(self, text: str | None) -> None:
        self.hub.share_notices([*self._database.notices, *self.door.notices, *([text] if text else [])])


def _kept_mark(spec: str) -> str:
    """Begin the key under which a console's values are kept: other files under the same nickname are another mix."""
    return spec.encode("utf-8", "replace").decode() + "|"


@dataclass(frozen=True)
class _Kept:
    """The messages' room as the hub wants it: its own words for a message and for a fault."""

    database: Database

    async def say(self, at: str, client: str, name: str, color: str, text: str) -> int:
        try:
            return await self.database.say(at, client, name, color, text)
        except StorageError as fault:
            raise Refusal(Code.NOT_KEPT, f"The message was not sent: {fault}") from fault

    async def read(self, before: int | None, limit: int) -> Sequence[Message]:
        try:
            return await self.database.messages(before, limit)
        except StorageError:
            log.exception("the messages cannot be read")
            return ()
