"""A simulated console on a UDP port: it answers as an X32, M32 or X Air does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from time import monotonic
from typing import Self

from remote_mixer.simulator.console import CLEAR_SOLO, Console
from remote_mixer.simulator.kinds import Value
from remote_mixer.simulator.network import Counters, Endpoint, UdpPort, Wifi
from remote_mixer.simulator.osc import Argument, Message, OscError, decode, encode
from remote_mixer.simulator.recording import Recording
from remote_mixer.simulator.subscriptions import LIFETIME_SECONDS, TICK_SECONDS, ChangeSubscribers, Clock, Subscriptions

PERFECT = Wifi()
Command = Callable[[Endpoint, tuple[Argument, ...]], None]


class Simulator:
    """One simulated console, on the running loop.

    `async with Simulator("x32") as console:` listens at `console.address`; `values` holds all values, and
    `move`, `recall` and `power` act as a person at the console does. Where the behaviour of the real consoles is not
    known, the simulator chooses the harder case for a client: the writer of a change receives nothing of what follows
    from it (a linked strip), and all clients, the sender too, receive a recall and a cleared solo.
    """

    def __init__(
        self,
        model: str | Recording = "x32",
        name: str = "",
        *,
        wifi: Wifi = PERFECT,
        lifetime: float = LIFETIME_SECONDS,
        clock: Clock = monotonic,
    ) -> None:
        """Set up a model, x32, m32, xr18, xr16 or xr12 (KeyError for another), or one that stands as a recorded one.

        name      the console's own name, as `X32-5001`
        wifi      loss and delay of datagrams
        lifetime  of /xremote and subscriptions without a renewal, in seconds of the clock
        """
        self.console = Console(model, name)
        self.model = self.console.model
        self.address: Endpoint = ("", 0)
        self._on = True
        self._subscribers = ChangeSubscribers(self.model.family.clients, lifetime, clock)
        self._subscriptions = Subscriptions(self.console, lifetime, clock)
        self._wifi = wifi
        self._port = UdpPort(self._receive, wifi)
        self._ticking: asyncio.Task[None] | None = None
        self._commands = self._known_commands()

    @property
    def values(self) -> Mapping[str, Value]:
        """All values, by address: floats are positions 0–1, choices are numbers."""
        return self.console.values

    @property
    def clients(self) -> list[Endpoint]:
        """The clients that receive changes now."""
        return self._subscribers.current()

    @property
    def counters(self) -> Counters:
        """Counts of datagrams and clients since the start."""
        return self._port.counters

    async def start(self, host: str = "127.0.0.1", port: int | None = 0) -> Self:
        """Listen on a port: 0 for any free one, None for the family's own; OSError if that is not possible."""
        self._port = UdpPort(self._receive, self._wifi)
        self.address = await self._port.open(host, self.model.family.port if port is None else port)
        self._ticking = asyncio.create_task(self._tick())
        return self

    async def stop(self) -> None:
        """Stop listening; the values stay."""
        if self._ticking:
            self._ticking.cancel()
            await asyncio.wait([self._ticking])
        await self._port.close()
        self._forget()

    async def __aenter__(self) -> Self:
        return self if self._ticking else await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def move(self, address: str, value: Argument) -> None:
        """Move a control at the console; KeyError for an unknown address, ValueError for a value that does not fit."""
        self._push(self.console.move(address, value))

    def recall(self, number: int) -> None:
        """Recall a scene at the console."""
        self._push(self.console.recall(number))

    def power(self, on: bool) -> None:
        """Switch the console on or off: off, it sends and receives nothing, and all subscriptions end."""
        self._on = on
        if not on:
            self._forget()

    def _forget(self) -> None:
        self._subscribers.clear()
        self._subscriptions.clear()

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due = max(due + TICK_SECONDS, loop.time())
            await asyncio.sleep(due - loop.time())
            for client, message in self._subscriptions.due():
                self._port.send(encode(message), client)

    def _receive(self, data: bytes, client: Endpoint) -> None:
        if not self._on:
            return
        try:
            address, arguments = decode(data)
        except OscError:
            self.counters.garbage += 1
            return
        if command := self._commands.get(address):
            command(client, arguments)
        elif arguments:
            self._set(client, address, arguments)
        elif answer := self.console.get(address):
            self._port.send(encode(answer), client)
        else:
            self.counters.unknown += 1

    def _set(self, client: Endpoint, address: str, arguments: tuple[Argument, ...]) -> None:
        if address not in self.model.leaves and address not in self.model.nodes:
            self.counters.unknown += 1
        self._push(self.console.set(address, arguments), client)

    def _push(self, messages: Iterable[Message], writer: Endpoint | None = None) -> None:
        for data in [encode(message) for message in messages]:
            for client in self._subscribers.receivers(writer):
                self._port.send(data, client)

    def _known_commands(self) -> dict[str, Command]:
        console, family, running = self.console, self.model.family, self._subscriptions
        ranges: dict[str, Command] = {"/formatsubscribe": running.strips} if family.sends_ranges else {}
        return ranges | {
            "/info": lambda client, _: self._answer(client, "/info", family.version, *self._identity()),
            "/xinfo": lambda client, _: self._answer(client, "/xinfo", self.address[0], *self._identity()),
            "/status": lambda client, _: self._answer(client, "/status", "active", self.address[0], console.name),
            "/xremote": lambda client, _: self._remote(client, echo=family.echoes),
            "/xremotenfb": lambda client, _: self._remote(client, echo=False),
            "/meters": running.meters,
            "/subscribe": running.single,
            "/batchsubscribe": running.batch,
            "/renew": lambda client, arguments: running.renew(client, _name(arguments)),
            "/unsubscribe": self._unsubscribe,
            "/node": self._node,
            "/": lambda client, given: self._push(console.set_text(_name(given) or ""), client),
            family.recall: lambda _, given: self._push(console.recall(_number(given))),
            CLEAR_SOLO: lambda _, given: self._push(console.clear_solo() if _number(given) == 1 else ()),
        }

    def _identity(self) -> tuple[str, str, str]:
        return self.console.name, self.model.title, self.model.firmware

    def _answer(self, client: Endpoint, address: str, *arguments: Argument) -> None:
        self._port.send(encode(Message(address, arguments)), client)

    def _remote(self, client: Endpoint, *, echo: bool) -> None:
        if not self._subscribers.renew(client, echo=echo):
            self.counters.refused += 1

    def _unsubscribe(self, client: Endpoint, arguments: tuple[Argument, ...]) -> None:
        """End one subscription, or all that the client has, /xremote too."""
        name = _name(arguments)
        self._subscriptions.end(client, name)
        if name in {None, "/xremote"}:
            self._subscribers.drop(client)

    def _node(self, client: Endpoint, arguments: tuple[Argument, ...]) -> None:
        if line := self.console.text(_name(arguments) or ""):
            self._answer(client, "node", line)


def _name(arguments: tuple[Argument, ...]) -> str | None:
    return arguments[0] if arguments and isinstance(arguments[0], str) else None


def _number(arguments: tuple[Argument, ...]) -> int:
    """Return the number given to an action, −1 for none. Some clients in the field send it as a text."""
    first = arguments[0] if arguments else -1
    if isinstance(first, str):
        return int(first) if first.isascii() and first.isdecimal() and len(first) < 4 else -1
    return first if isinstance(first, int) else -1
