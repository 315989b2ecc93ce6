"""Station of one surface: its ports, opened again whenever they are back, and its hand among the hub's clients."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, repeat
from typing import Protocol

from remote_mixer.desk.sources import Source
from remote_mixer.hub.client import Client, ListeningLink, Presence
from remote_mixer.hub.conversation import Spawn
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.messages import Message, MeterFrame
from remote_mixer.people.caller import Caller
from remote_mixer.people.layer import strips_in
from remote_mixer.people.layers import Layers
from remote_mixer.surfaces.cues import Cues, Show
from remote_mixer.surfaces.hand import Hand
from remote_mixer.surfaces.mackie.surface import TICK_SECONDS, MackieSurface
from remote_mixer.surfaces.midi.surface import MidiSurface
from remote_mixer.surfaces.ports import Link, Ports
from remote_mixer.surfaces.spec import Spec
from remote_mixer.surfaces.surroundings import Surroundings
from remote_mixer.surfaces.view import Layer, View

PAUSES_SECONDS = (0.5, 1.0, 1.0, 2.0, 3.0)
"""Pauses before the ports are tried again: where one of several is missing, each try opens and closes the others."""
METER_RATE = 10
CLIENT = "Remote Mixer"
"""Beginning of our names for other programs."""
WAITING_TEXT = "not connected yet"
CONNECTED_TEXT = "connected"

log = logging.getLogger(__name__)


class _HubLink(ListeningLink):
    """Link of the hub to a surface, which looks at the desk itself: meters alone are taken from here."""

    def __init__(self, station: Station) -> None:
        self._station = station

    def send(self, *messages: Message) -> None:
        """Take meters."""
        for message in messages:
            if isinstance(message, MeterFrame):
                self._station.meter(message.codes)

    def abort(self) -> None:
        """Do nothing: a surface joins again when its ports are opened."""


class Surface(Protocol):
    """Surface of any kind, without I/O.

    notice  what is wrong with it, for people; "" for nothing
    """

    notice: str

    def start(self) -> None:
        """Begin with a surface that was plugged in."""

    def stop(self) -> None:
        """End all holds."""

    def receive(self, unit: int, message: bytes) -> None:
        """Take one whole message of one of its ports."""

    def tick(self) -> None:
        """Do what is due by now."""

    def say(self, text: str) -> None:
        """Show a sentence, where it can."""

    def meters(self, codes: Mapping[str, int]) -> None:
        """Show levels by the path of each tap, where it can."""


def _made(spec: Spec, around: Surroundings) -> Surface:
    if spec.map:
        return MidiSurface(spec.map, around)
    return MackieSurface(len(spec.ports), around, has_touch=spec.touch)


@dataclass(frozen=True)
class Access:
    """Access of surfaces to other rooms. `spawn` runs work that may wait for the disk."""

    hub: Hub
    show: Show
    layers: Layers
    spawn: Spawn
    ports: Ports


class Station:
    """One surface."""

    def __init__(self, spec: Spec, view: View, access: Access) -> None:
        self.spec, self._state = spec, WAITING_TEXT
        self._hub, self._ports = access.hub, access.ports
        self._client = Client(_HubLink(self), _caller(spec), _id(spec), spec.name, presence=Presence("Surface"))
        hand = Hand(access.hub.desk, self._source, self._client.presence.touch)
        cues = Cues(access.show, self._source, access.spawn, self._say)
        self._links: list[Link] = []
        self._pauses = _pauses()
        around = Surroundings(hand, view, self._send, _now, cues.run, self._name_of, self._select, self._ghost)
        self.surface = _made(spec, around)

    @property
    def state(self) -> str:
        """Whether it is connected, and what is wrong with it, in words for a report."""
        return ", ".join(filter(None, (self._state, self.surface.notice)))

    def _source(self) -> Source:
        return self._client.source

    def _say(self, text: str) -> None:
        self.surface.say(text)

    def _name_of(self, client: str) -> str:
        found = self._hub.clients.get(client)
        return found.name if found else "in use"

    def _select(self, strip: str) -> None:
        self._hub.open_strip(strip, self._client)

    def _ghost(self, path: str, position: float | None) -> None:
        self._hub.share_ghost(path, position, self._client)

    def _send(self, unit: int, message: bytes) -> None:
        if self._links:
            self._links[unit].send(message)

    def meter(self, codes: bytes) -> None:
        """Show the meters of one moment."""
        self.surface.meters(dict(zip(self._hub.taps(), codes, strict=False)))

    # Life

    async def live(self) -> None:
        """Open the ports and keep the surface, over and over, until cancelled."""
        while True:
            try:
                await self._keep()
            except self._ports.fault as fault:
                if str(fault) != self._state:
                    log.info("surface “%s”: %s", self.spec.name, fault)
                self._state = str(fault)
            await asyncio.sleep(next(self._pauses))

    async def _keep(self) -> None:
        """Let the surface join, until one of its ports has gone."""
        try:
            await self._open()
            self._hub.join(self._client)
            self._hub.meters.start(self._client, METER_RATE)
            self.surface.start()
            self._pauses = _pauses()
            self._state = " ".join([CONNECTED_TEXT, *filter(None, (link.notice for link in self._links))])
            log.info("surface “%s” is connected", self.spec.name)
            await _first_end(self._tick(), *(link.gone() for link in self._links))
        finally:
            self.surface.stop()
            self._hub.leave(self._client)
            while self._links:
                self._links.pop().close()

    async def _open(self) -> None:
        for unit, port in enumerate(self.spec.ports):
            name = f"{CLIENT} {self.spec.name}" + (f" {unit + 1}" if unit else "")
            self._links.append(await self._ports.open_link(port, partial(self._receive, unit), name))

    def _receive(self, unit: int, message: bytes) -> None:
        """Take a message, unless other ports are still missing: only a hand that has joined may move anything."""
        if self._hub.clients.get(self._client.id) is self._client:
            self.surface.receive(unit, message)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.surface.tick()


async def _first_end(*works: object) -> None:
    """Run works side by side until the first ends, or fails; its fault is raised, and the others are cancelled."""
    tasks = [asyncio.ensure_future(work) for work in works]  # type: ignore[call-overload] # mypy knows no star of coroutines
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


def stations(specs: Sequence[Spec], access: Access) -> list[Station]:
    """Return a station for each surface; those with one bank's word share what they show."""
    banks: dict[str, View] = {}
    found: list[Station] = []
    for spec in specs:
        view = banks.get(spec.bank) or _view(spec, access)
        if spec.bank:
            banks[spec.bank] = view
        found.append(Station(spec, view, access))
    return found


def _view(spec: Spec, access: Access) -> View:
    """Return a view with the layers of whoever has the surface's name, and those that the crew shares."""
    caller = _caller(spec)

    def own() -> list[Layer]:
        return [Layer(layer.name, tuple(strips_in(layer.items))) for layer in access.layers.of(caller)]

    view = View(access.hub.desk, spec.mix, own)
    access.layers.changed.append(lambda _: view.forget_layers())
    return view


def _caller(spec: Spec) -> Caller:
    return Caller(spec.role, spec.mix, spec.name, token=_id(spec))


def _id(spec: Spec) -> str:
    return f"surface-{spec.name}"


def _pauses() -> Iterator[float]:
    return chain(PAUSES_SECONDS, repeat(PAUSES_SECONDS[-1]))


def _now() -> float:
    return asyncio.get_running_loop().time()
