"""A stand-in for Ardour: strips, sends and transport by OSC, as Ardour 7.3 was seen to send and take them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket, ParseError

from remote_mixer.simulator.network import Endpoint, UdpPort, Wifi

HEARTBEAT_SECONDS, TICK_SECONDS = 1.0, 0.1
BEATS = round(HEARTBEAT_SECONDS / TICK_SECONDS)
Argument = int | float | str
SURFACE = (0, 191, 18587, 2)
TAGS = {int: "i", float: "f", str: "s"}
PAN = "pan_stereo_position"
SWITCHES, FLOATS = ("mute", "solo", "recenable"), ("fader", PAN)
HAS = {
    "AT": ("mute", "solo", "recenable", "fader", PAN),
    "B": ("mute", "solo", "fader", PAN),
    "V": ("mute", "solo", "fader"),
    "MA": ("mute", "fader", PAN),
}


@dataclass(eq=False)
class Send:
    """A send of a track into a bus."""

    target: FarStrip
    level: float = 0.5
    enabled: int = 1


@dataclass(eq=False)
class FarStrip:
    """A strip: its type, its name, its values by the last word of their addresses; one of mono has no panner."""

    kind: str
    name: str
    values: dict[str, float] = field(default_factory=dict)
    sends: list[Send] = field(default_factory=list)
    meter: float = -193.0
    mono: bool = False

    def __post_init__(self) -> None:
        start = {"fader": 0.78178, PAN: 0.5}
        there = [local for local in HAS[self.kind] if local != PAN or not self.mono]
        self.values = {local: start.get(local, 0.0) for local in there} | self.values


def band() -> list[FarStrip]:
    """Return three tracks, a bus, a VCA and the master; the first track sends to the bus."""
    tracks, bus = [FarStrip("AT", name) for name in ("Kick", "Snare", "Gesang 声")], FarStrip("B", "Reverb")
    tracks[0].sends.append(Send(bus))
    return [*tracks, bus, FarStrip("V", "Drums"), FarStrip("MA", "Master")]


class FarArdour:
    """The DAW at the far end of a link that may lose datagrams.

    lost    the next datagrams to these addresses, either way, are lost: address → how many
    loses   told each message, either way, with its address and whether it has arguments; whether it is lost
    silent  all of them are
    """

    def __init__(self, strips: list[FarStrip] | None = None, wifi: Wifi | None = None, port: int = 0) -> None:
        self.strips = strips or band()
        self.speed = 0.0
        self.silent = False
        self.lost: dict[str, int] = {}
        self.loses: Callable[[str, bool], bool] = lambda address, given: False
        self.received: list[tuple[str, tuple[Argument, ...]]] = []
        self.wifi = wifi or Wifi()
        self._port: UdpPort | None = None
        self.clients: set[Endpoint] = set()
        self._ticking: asyncio.Task[None] | None = None
        self.address: Endpoint = ("127.0.0.1", port)

    async def start(self) -> None:
        """Listen; after a stop, at the same port, as a DAW that was started again and knows nobody."""
        self.clients = set()
        self._port = UdpPort(self._receive, self.wifi)
        self.address = await self._port.open(*self.address)
        self._ticking = asyncio.create_task(self._tick())

    async def stop(self) -> None:
        """End, as a program that is killed."""
        if self._port and self._ticking:
            self._ticking.cancel()
            await asyncio.wait({self._ticking})
            await self._port.close()
        self._port = None

    # What a person does in the DAW

    def named(self, name: str) -> FarStrip:
        return next(strip for strip in self.strips if strip.name == name)

    def move(self, name: str, local: str, value: float) -> None:
        """Move a control; it is pushed where it is another value."""
        strip = self.named(name)
        if strip.values[local] != value:
            strip.values[local] = value
            self._push(f"/strip/{local}", self._number(strip), float(value))

    def rename(self, name: str, new: str) -> None:
        strip = self.named(name)
        strip.name = new
        self._push("/strip/name", self._number(strip), new)

    def arrange(self, strips: list[FarStrip]) -> None:
        """Add, remove or move strips: everything is pushed anew, then that the list has changed."""
        self.strips = strips
        for client in self.clients:
            self._push_all(client)
        self._push("/strip/list")

    # Messages

    def _number(self, strip: FarStrip) -> int:
        return self.strips.index(strip) + 1

    def _push(self, address: str, *arguments: Argument) -> None:
        for client in self.clients:
            self._send(client, address, *arguments)

    def _send(self, client: Endpoint, address: str, *arguments: Argument) -> None:
        if self._port and not self._loses(address, arguments):
            builder = OscMessageBuilder(address)
            for argument in arguments:
                builder.add_arg(argument, TAGS[type(argument)])
            self._port.send(builder.build().dgram, client)

    def _loses(self, address: str, arguments: tuple[Argument, ...]) -> bool:
        self.lost[address] = self.lost.get(address, 0) - 1
        return self.silent or self.lost[address] >= 0 or self.loses(address, bool(arguments))

    def _receive(self, data: bytes, client: Endpoint) -> None:
        with suppress(ParseError):
            for timed in OscPacket(data).messages:
                arguments = tuple(timed.message.params)
                self.received.append((timed.message.address, arguments))
                if not self._loses(timed.message.address, arguments):
                    self._handle(client, timed.message.address, arguments)

    def _handle(self, client: Endpoint, address: str, arguments: tuple[Argument, ...]) -> None:
        words = address.split("/")[1:]
        match words, arguments:
            case ["set_surface", "feedback"], (0,):
                self.clients.discard(client)
            case ["set_surface", "feedback"], (feedback,) if feedback == SURFACE[2]:
                self.clients.add(client)
                self._push_all(client)
                self._send(client, "/heartbeat", 0.0)
            case ["set_surface"], ():
                bank, types, feedback, mode = SURFACE
                feedback = feedback if client in self.clients else 0
                self._send(client, "/set_surface", bank, types, feedback, mode, 0, 0, 0, 1, 0)
            case ["strip"], ():
                self._list(client)
            case ["strip", "sends"], (int(number),):
                self._send(client, "/strip/sends", number, *self._listed_sends(self.strips[number - 1]))
            case ["strip", "send", local], (int(number), int(send), float(value)):
                setattr(self.strips[number - 1].sends[send - 1], {"fader": "level"}.get(local, "enabled"), value)
            case ["strip", local, number], _ if int(number) <= len(self.strips):
                self._get_or_set(client, self.strips[int(number) - 1], local, arguments)
            case ["transport_speed"], ():
                self._send(client, address, self.speed)
            case ["transport_play" | "transport_stop"], (1.0,):
                self.speed = float(words[0] == "transport_play")
                self._push("/transport_play", int(self.speed))

    def _get_or_set(self, client: Endpoint, strip: FarStrip, local: str, arguments: tuple[Argument, ...]) -> None:
        address = f"/strip/{local}/{self._number(strip)}"
        if local == "name":
            self._send(client, address, strip.name)
        elif local not in strip.values:
            self._send(client, address)
        elif arguments:
            self.move(strip.name, local, float(arguments[0]))
        else:
            value = strip.values[local]
            self._send(client, address, int(value) if local in SWITCHES else value)

    def _list(self, client: Endpoint) -> None:
        for number, strip in enumerate(self.strips, 1):
            switches = (int(strip.values.get(local, -1)) for local in SWITCHES)
            self._send(client, "/strip", number, strip.kind, strip.name, 1, 2, *switches)

    def _listed_sends(self, strip: FarStrip) -> Iterator[Argument]:
        for number, send in enumerate(strip.sends, 1):
            yield from (self._number(send.target), send.target.name, number, send.level, int(send.enabled))

    def _push_all(self, client: Endpoint) -> None:
        for number, strip in enumerate(self.strips, 1):
            self._send(client, "/strip/name", number, strip.name)
            told = {PAN: 0.5} | strip.values if strip.mono else strip.values
            for local, value in told.items():
                self._send(client, f"/strip/{local}", number, float(value))

    async def _tick(self) -> None:
        beat = 0
        while True:
            if beat % BEATS == 0:
                self._push("/heartbeat", float(beat // BEATS % 2))
            for number, strip in enumerate(self.strips, 1):
                self._push("/strip/meter", number, (strip.meter + 94) / 100)
            beat += 1
            await asyncio.sleep(TICK_SECONDS)
