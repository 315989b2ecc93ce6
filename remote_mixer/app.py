"""The program: builds the rooms, joins them, starts and stops them in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from remote_mixer import __version__, lan
from remote_mixer.bridges.show import Show
from remote_mixer.bridging import Bridging, surface_specs
from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.history import MOST_MOVES, MOST_VALUES, History
from remote_mixer.desk.policy import HOST
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import Source
from remote_mixer.doctor.server import Doctor
from remote_mixer.drivers import house, registry
from remote_mixer.drivers.base import Driver, DriverError, Setup
from remote_mixer.drivers.builtin.driver import Builtin
from remote_mixer.drivers.guard import Guard
from remote_mixer.hub.history import HistoryHandler
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.recalls import RecallHandler
from remote_mixer.hub.scene_frames import SceneDesk
from remote_mixer.hub.scenes import Kept, SceneHandler
from remote_mixer.hub.surroundings import Identity, Surroundings
from remote_mixer.mdns.announcer import Announcer
from remote_mixer.people.admission import Admission
from remote_mixer.people.person import ONCE
from remote_mixer.people.requests import Requests
from remote_mixer.resources import APP_NAME, resource_path
from remote_mixer.sockets import HttpsOptions, Sockets
from remote_mixer.storage.database import Database, StorageError
from remote_mixer.storage.moves import MoveTable
from remote_mixer.storage.persistence import MessageStore, ValueStore, keep_values, open_people, stored_values
from remote_mixer.storage.scenes import SceneTable
from remote_mixer.supervisor import Supervisor
from remote_mixer.web import joined, page_files, quart_app, takes
from remote_mixer.web.authenticate import Authenticator
from remote_mixer.web.server import Server

if TYPE_CHECKING:
    from remote_mixer.bridges.mqtt.bridge import MqttOptions

SURFACE, BROKER = "surface", "broker"
"""Kinds of what joins beside pages, for reports."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the command line.

    host, port   where http listens; port 0 takes a free one
    data         folder for mixes, messages and people
    consoles     (nickname, DRIVER:SPEC) of each console
    record       WAV file for the built-in engine's main mix
    open         every caller is an engineer, without a PIN
    trust_local  pages on this computer are the host's
    osc          address and port for OSC, None for none
    mqtt         broker, prefix and role for MQTT, None for none
    surfaces     (name, KIND:…) of each control surface
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
    osc: tuple[str, int] | None = None
    mqtt: MqttOptions | None = None
    surfaces: tuple[tuple[str, str], ...] = ()


class App:
    """The program without its user interface (window or terminal): start, stop, and the rooms in between."""

    def __init__(self, options: Options) -> None:
        """Check names and specs of consoles and surfaces; ValueError with a sentence for a person. Nothing starts."""
        names = [name for name, _ in options.consoles]
        doubles = {name for name in names if names.count(name) > 1}
        if doubles:
            raise ValueError(f"two consoles are called “{doubles.pop()}”: give each a nickname of its own")
        for name, spec in options.consoles:
            registry.make(name, spec, Setup(name, "", options.data))
        surface_specs(options.surfaces, options.data)
        self.options = options
        self._rooms: Rooms | None = None

    def start(self) -> None:
        """Listen, open the database, build the rooms and serve in a thread of its own.

        Raises CannotListen or another OSError where the address cannot be used, StorageError where the data folder
        cannot, TlsError where a certificate of the options cannot.
        """
        sockets = Sockets(self.options.host, self.options.port, self.options.https, self.options.osc)
        try:
            self._rooms = Rooms(self.options, sockets, Database.open(self.options.data))
        except BaseException:
            sockets.close()
            raise
        self._rooms.server.start()

    def wait(self) -> None:
        """Wait for the end of the server."""
        while not self.rooms.server.wait(0.5):  # without a timeout Windows would not see Ctrl-C
            pass

    @property
    def failure(self) -> BaseException | None:
        """The error that ended the server; None while it runs, and where it was stopped."""
        return self.rooms.server.failure

    def stop(self) -> None:
        """Stop everything within a second; any thread may call it, and more than once."""
        if self._rooms is not None:
            self._rooms.server.stop()

    def invite_host(self) -> str:
        """Return a secret by which one page joins as the host; not for the loop's thread. Refusal on failure."""
        inviting = self.admission.invite(HOST, "", ONCE, by=APP_NAME)
        return asyncio.run_coroutine_threadsafe(inviting, self.loop).result()[1]

    def addresses(self) -> list[lan.Address]:
        """Return the addresses at which phones find the server, likeliest first."""
        return self.rooms.sockets.addresses()

    @property
    def rooms(self) -> Rooms:
        """The rooms; RuntimeError before the start."""
        if self._rooms is None:
            raise RuntimeError("the program has not been started")
        return self._rooms

    @property
    def port(self) -> int:
        """The port for http."""
        return self.rooms.sockets.port

    @property
    def desk(self) -> Desk:
        """The desk. Only the loop's thread may use desk, hub, admission, requests and drivers."""
        return self.rooms.desk

    @property
    def hub(self) -> Hub:
        """The hub."""
        return self.rooms.hub

    @property
    def admission(self) -> Admission:
        """Admission of people."""
        return self.rooms.admission

    @property
    def requests(self) -> Requests:
        """Musicians' requests."""
        return self.rooms.requests

    @property
    def drivers(self) -> list[Driver]:
        """The drivers, in the order of the options' consoles."""
        return self.rooms.drivers

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The server's loop, in which desk and drivers live."""
        return self.rooms.server.loop


class Rooms:
    """All rooms of a started program, built and joined; their tasks live as long as the server."""

    def __init__(self, options: Options, sockets: Sockets, database: Database) -> None:
        """Build the rooms; StorageError where the data folder cannot be used, TlsError where a given certificate."""
        self.sockets = sockets
        self._database = database
        self.admission, self.requests, self.layers = open_people(options.data, database)
        self.desk = Desk()
        modules = page_files.read_page(resource_path())
        page = modules if options.dev else joined.join(modules)
        identity = Identity(APP_NAME, __version__, page_files.fingerprint(page))
        messages = MessageStore(database)
        around = Surroundings(self._addresses, self._act, registry.find, lan.qr_svg, self._under_way, self._look)
        self.hub = Hub(self.desk, identity, messages, around)
        consoles = house.with_house(options.consoles)
        self.drivers = [_driver(options, database, name, spec) for name, spec in consoles]
        kept = {driver.name for driver in self.drivers if driver.keeps}
        values = ValueStore(database, self.desk, {name: spec for name, spec in consoles if name in kept})
        self.desk.change_listeners.append(values.keep)
        self.moves = MoveTable(database)
        self.history = HistoryHandler(self.hub, History(*self.moves.newest(MOST_MOVES, MOST_VALUES)), self.moves)
        self._pass_on(self.history.paste)
        self.scene_table = SceneTable(database)
        heads, last_id = self.scene_table.heads()
        found = Kept(heads, last_id, self.scene_table.safes(), self.scene_table.place())
        self.scenes = SceneHandler(self.hub, self.scene_table, found, self.admission.now)
        self.recalls = RecallHandler(self.hub, self.history, self.scenes)
        read_file = partial(registry.read_scene, consoles=dict(options.consoles))
        self._scene_desk = SceneDesk(self.scenes, self.recalls, self.history, lambda: self.desk.rev, read_file)
        self._guards = {driver.name: self._guard(driver) for driver in self.drivers}
        self._supervisor = Supervisor(self._notify, foreseen=(StorageError,))
        self._announcer = Announcer(partial(self._supervisor.keep, "The name on the network"), self._name_changed)
        authenticator = Authenticator(self.admission, options.open, options.trust_local)
        listening = partial(self._listening, options)
        specs = dict(options.consoles)
        self._doctor = Doctor(self.hub, self.admission, options.data, listening, specs, self._surface_rows)
        bridging = Bridging(self.hub, Show(self._scene_desk), self.admission, self.layers, self._supervisor.run)
        self.osc = bridging.osc(sockets.osc, trust_local=options.trust_local)
        self.mqtt = bridging.mqtt(options.mqtt)
        self.surfaces = bridging.surfaces(options.surfaces, options.data)
        learning = bridging.learning(self.surfaces)
        services = quart_app.Services(
            self.hub,
            authenticator,
            self.requests,
            self.layers,
            self.history,
            self._scene_desk,
            specs,
            self._doctor.report,
            learning=learning,
            links=self._links,
            shelves=self._shelves(),
        )
        https = sockets.open_https(options.data)
        self.site = quart_app.build(services, page, self._supervisor.run, https)
        self.site.while_serving(self._serve)
        self.server = Server(self.site, sockets.all, self._say_goodbye)

    def _pass_on(self, paste: house.Paste) -> None:
        """Let the groups of our own console paste for a person, and ask other consoles."""
        for driver in self.drivers:
            if isinstance(driver, house.House):
                driver.paste, driver.ask = paste, self._ask

    def _shelves(self) -> dict[str, takes.Shelf]:
        """Return the takes of the consoles that record, by nickname."""
        builtin = [driver for driver in self.drivers if isinstance(driver, Builtin)]
        return {one.name: takes.Shelf(partial(_listed, one), partial(_file_of, one)) for one in builtin}

    def _ask(self, path: str) -> bool:
        return self._guards[paths.console_of(path)].query(path)

    def _guard(self, driver: Driver) -> Guard:
        on_pending = partial(self.hub.share_pending, driver.name)
        return Guard(driver, self.desk, self.hub.meters.report, on_pending, self.hub.pictures.report)

    def _listening(self, options: Options) -> list[tuple[str, str]]:
        """Return name and address of each listening socket and of the broker, and who gets in, for a report."""
        https = options.https if self.sockets.has_https else None
        ports = [("http", str(self.sockets.port)), *([("https", str(https.port))] if https else [])]
        osc = [("OSC", f"{options.osc[0]} port {options.osc[1]}")] if options.osc else []
        mqtt = [("MQTT", f"{name}, {state}") for kind, name, state in self._links() if kind == BROKER]
        access = [("without a PIN", str(options.open)), ("this computer is trusted", str(options.trust_local))]
        return [*((scheme, f"{self.sockets.host} port {port}") for scheme, port in ports), *osc, *mqtt, *access]

    def _addresses(self) -> list[dict[str, str]]:
        return [asdict(address) for address in self.sockets.addresses()]

    def _under_way(self, console: str) -> tuple[int, Collection[str], int]:
        return self._guards[console].under_way if console in self._guards else (0, (), 0)

    def _look(self, console: str, wanted: Sequence[str]) -> None:
        self._guards[console].look(wanted)

    def _links(self) -> list[tuple[str, str, str]]:
        """Return kind, name and state of what joins the hub beside pages, for reports."""
        surfaces = [(SURFACE, one.spec.name, f"{one.spec.text}, {one.state}") for one in self.surfaces]
        return surfaces + ([(BROKER, str(self.mqtt.broker), self.mqtt.state)] if self.mqtt else [])

    def _surface_rows(self) -> list[tuple[str, str]]:
        return [(name, state) for kind, name, state in self._links() if kind == SURFACE]

    # In the server's loop

    async def _serve(self) -> AsyncGenerator[None, None]:
        """Run the rooms while the server serves, then close the database."""
        with self._doctor.faults.watching():
            self._start_tasks()
            yield
            await self._supervisor.close()
            if self.sockets.osc:
                self.sockets.osc.close()
            await self.history.close()
            await self.recalls.close()
            await self.scenes.close()
            await self._database.close()

    def _start_tasks(self) -> None:
        self._database.trouble_listeners.append(self._trouble_changed)
        self.admission.clock_watch.leapt.append(self._notify)
        self.admission.clock_watch.keeps_more = self._keeps_moves_or_scenes
        self.recalls.notice_listeners.append(self._notify)
        self._notify()
        for name, guard in self._guards.items():
            self._supervisor.keep(f"The guard of console “{name}”", guard.live)
        for station in self.surfaces:
            self._supervisor.keep(f"The surface “{station.spec.name}”", station.live)
        for title, work in self._tasks().items():
            self._supervisor.keep(title, work)

    def _keeps_moves_or_scenes(self) -> bool:
        return any(self.history.history.newest_first()) or not self.scenes.is_empty

    def _tasks(self) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
        """Return the tasks that live as long as the server, by the names that people give them."""
        return {
            "The end of old holds": self.hub.tend,
            "The look for silent pages": self.hub.clients.tend,
            "The record of moves": self.history.tend,
            "The tidying of moves": partial(self.moves.tend, self.admission.now),
            "The moments kept by themselves, and the bin": self.scenes.tend,
            "The place in the set list": self.scenes.tend_place,
            "The notes of recalls under way": self.recalls.tend,
            "The snapshot of the database": self._database.tend,
            "The look at the clock": self.admission.clock_watch.tend,
            "The tidying of people": self.admission.tend,
            "The tidying of requests": self.requests.tend,
            "The saving of layers under a new name": self.layers.tend,
            "The look for new addresses": self._follow_addresses,
            "The renewal of the certificate": self.sockets.tend,
            **({"The OSC port": self.osc.serve, "The look for silent OSC programs": self.osc.tend} if self.osc else {}),
            **({"The link to the MQTT broker": self.mqtt.serve} if self.mqtt else {}),
        }

    async def _follow_addresses(self) -> None:
        """Announce the addresses, and their changes, until cancelled."""
        await self._announcer.announce(lan.outward(self.sockets.addresses()), self.sockets.port)
        await lan.watch(self.sockets.look, self._addresses_changed)

    async def _addresses_changed(self, addresses: Sequence[lan.Address]) -> None:
        """Announce new addresses to the pages and on the network; `lan.watch` calls it on every change."""
        log.info("phones find this mixer at %s now", ", ".join(address.url for address in addresses))
        self._name_changed()
        await self._announcer.announce(lan.outward(addresses), self.sockets.port)

    def _name_changed(self) -> None:
        self.hub.share_addresses(self._announcer.name)

    async def _act(self, console: str, action: str, arguments: Mapping[str, Any], source: Source) -> None:
        """Run a console's action; Refusal with a sentence where it fails."""
        if console not in self._guards:
            raise Refusal(Code.UNKNOWN_PATH, f"There is no console “{console[:40]}”.", console)
        try:
            await self._guards[console].act(action, arguments, source)
        except DriverError as fault:
            raise Refusal(Code.BAD_VALUE, str(fault), console) from fault

    def _trouble_changed(self, trouble: str | None) -> None:
        self._notify()
        if trouble is None:
            self._supervisor.run(self.admission.save_waiting(), log.warning)

    def _notify(self) -> None:
        trouble = [self._database.trouble] if self._database.trouble else []
        cut_short = [self.recalls.cut_short] if self.recalls.cut_short else []
        lasting = [*self._database.notices, *self.sockets.notices, *self.admission.notices, *cut_short]
        self.hub.share_notices([*lasting, *self._supervisor.notices, *trouble])

    async def _say_goodbye(self) -> None:
        self.hub.clients.bye("Server stopping.")
        await self.hub.clients.all_gone.wait()


def _driver(options: Options, database: Database, name: str, spec: str) -> Driver:
    kept, keep = stored_values(database, name, spec), partial(keep_values, database, spec)
    return registry.make(name, spec, Setup(name, "", options.data, kept, options.record, keep))


async def _listed(driver: Builtin) -> list[dict[str, Any]]:
    """Return the takes of a console; Refusal with a sentence where that is not possible."""
    try:
        return await driver.shelf.takes()
    except DriverError as fault:
        raise Refusal(Code.BAD_VALUE, str(fault), driver.name) from fault


def _file_of(driver: Builtin, take: str) -> Path:
    """Return the path of a take; Refusal with a sentence where there is none."""
    try:
        return driver.shelf.file(take)
    except DriverError as fault:
        raise Refusal(Code.UNKNOWN_PATH, str(fault), driver.name) from fault
