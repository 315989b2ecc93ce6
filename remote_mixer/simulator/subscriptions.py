"""Subscriptions of clients: all changes, meters, single values, values of many strips in one blob.

A subscription lasts ten seconds. Meters and values come every 50 ms times a factor (1–99; anything else counts as 1),
under an address that the client chose. /renew extends a subscription before its end, never after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from struct import pack

from remote_mixer.simulator.console import Console
from remote_mixer.simulator.meters import Meters
from remote_mixer.simulator.network import Endpoint
from remote_mixer.simulator.osc import Argument, Message

LIFETIME_SECONDS = 10.0
TICK_SECONDS = 0.05
MOST_SUBSCRIPTIONS = 256
METERS = "/meters/"
_METER_ARGUMENTS = {0: 1, 5: 2, 6: 1}
"""Count of numbers before the factor: a channel, or two layers. X32's meter 0 and X Air's meter 6 have none."""

Clock = Callable[[], float]
Frame = Callable[[float], Message | None]


class ChangeSubscribers:
    """The clients of /xremote: each receives all changes. One too many is refused without an answer."""

    def __init__(self, places: int, lifetime: float, clock: Clock) -> None:
        """Keep so many places, each for a lifetime in seconds of the clock."""
        self._places, self._lifetime, self._clock = places, lifetime, clock
        self._until: dict[Endpoint, float] = {}
        self._echoes: dict[Endpoint, bool] = {}

    def renew(self, client: Endpoint, *, echo: bool) -> bool:
        """Reserve a place for a client, or extend its own; False when others have taken all places.

        echo  whether the client receives its own changes too
        """
        current = self.current()
        if client not in current and len(current) >= self._places:
            return False
        self._until[client] = self._clock() + self._lifetime
        self._echoes[client] = echo
        return True

    def drop(self, client: Endpoint) -> None:
        """Free a client's place."""
        self._until.pop(client, None)

    def clear(self) -> None:
        """Free all places."""
        self._until.clear()

    def current(self) -> list[Endpoint]:
        """Return the clients that have a place now."""
        now = self._clock()
        self._until = {client: until for client, until in self._until.items() if until > now}
        return list(self._until)

    def receivers(self, writer: Endpoint | None) -> Iterator[Endpoint]:
        """Yield the clients that receive a change made by `writer`: all others, and the writer if it wants an echo."""
        return (client for client in self.current() if client != writer or self._echoes[client])


@dataclass
class Subscription:
    """One repeated message.

    frame  returns the message of a moment
    every  ticks between two messages
    wait   ticks until the next message
    until  its end, on the clock
    """

    frame: Frame
    every: int
    wait: int
    until: float


class Subscriptions:
    """All repeated messages, by client and name."""

    def __init__(self, console: Console, lifetime: float, clock: Clock) -> None:
        """Read values from the console; a subscription lasts `lifetime` seconds of the clock."""
        self._console, self._lifetime, self._clock = console, lifetime, clock
        self._meters = Meters(console)
        self._running: dict[tuple[Endpoint, str], Subscription] = {}

    def meters(self, client: Endpoint, arguments: Sequence[Argument]) -> None:
        """Start `/meters ,s…`: a meter frame under its own address."""
        if arguments and isinstance(name := arguments[0], str):
            self._start_meters(client, name, name, arguments[1:])

    def batch(self, client: Endpoint, arguments: Sequence[Argument]) -> None:
        """Start `/batchsubscribe ,ssiii`: a meter frame under another address; its two numbers, then the factor."""
        alias, name, numbers = _two_texts(arguments)
        if name.startswith(METERS):
            self._start_meters(client, alias, name, numbers, placed=True)

    def single(self, client: Endpoint, arguments: Sequence[Argument]) -> None:
        """Start `/subscribe ,si`: one value or node, under its own address."""
        if arguments and isinstance(address := arguments[0], str) and self._console.get(address):
            self._start(client, address, lambda _: self._console.get(address), _factor(arguments[1:]))

    def strips(self, client: Endpoint, arguments: Sequence[Argument]) -> None:
        """Start `/formatsubscribe ,ss…iii`: the values of a range of strips in one blob.

        `*` in an address stands for a digit of the number, which runs from the first to the second number. The blob
        begins with its own length in bytes, then has four bytes a value; all of it little-endian.
        """
        alias, *patterns = [argument for argument in arguments if isinstance(argument, str)] or [""]
        first, last, factor = (*_numbers(arguments), 0, 0, 0)[:3]
        if patterns and 0 <= first <= last < 128:
            addresses = [_numbered(pattern, number) for pattern in patterns for number in range(first, last + 1)]
            self._start(client, alias, lambda _: Message(alias, (self._values(addresses),)), factor)

    def renew(self, client: Endpoint, name: str | None) -> None:
        """Extend one subscription of a client, or all of them, from now on."""
        self._prune()
        for (owner, own), running in self._running.items():
            if owner == client and name in {None, own}:
                running.until = self._clock() + self._lifetime

    def end(self, client: Endpoint, name: str | None) -> None:
        """End one subscription of a client, or all of them."""
        self._running = {
            key: running for key, running in self._running.items() if key[0] != client or name not in {None, key[1]}
        }

    def clear(self) -> None:
        """End all subscriptions of all clients."""
        self._running.clear()

    def due(self) -> list[tuple[Endpoint, Message]]:
        """Return the messages that are due, with their clients; call it every TICK_SECONDS."""
        self._prune()
        moment, due = self._clock(), []
        for (client, _), running in self._running.items():
            running.wait -= 1
            if running.wait <= 0:
                running.wait = running.every
                if message := running.frame(moment):
                    due.append((client, message))
        return due

    def __len__(self) -> int:
        return len(self._running)

    def _start_meters(
        self, client: Endpoint, alias: str, name: str, given: Sequence[Argument], *, placed: bool = False
    ) -> None:
        number = name.removeprefix(METERS)
        if not number.isascii() or not number.isdecimal() or not self._meters.knows(int(number[:4])):
            return
        numbers, which = _numbers(given), int(number)
        chosen = 2 if placed else self._choices(which)
        choice, factor = tuple(numbers[:chosen]), (*numbers[chosen:], 1)[0]

        def frame(moment: float) -> Message | None:
            blob = self._meters.frame(which, choice, moment)
            return Message(alias, (blob,)) if blob else None

        self._start(client, alias, frame, factor)

    def _choices(self, number: int) -> int:
        x32 = self._console.model.family.key == "x32"
        return _METER_ARGUMENTS.get(number, 0) if x32 is (number != 0) else 0

    def _start(self, client: Endpoint, name: str, frame: Frame, factor: int) -> None:
        every = factor if 1 <= factor <= 99 else 1
        key = (client, name)
        if key in self._running or len(self._running) < MOST_SUBSCRIPTIONS:
            wait = self._running[key].wait if key in self._running else 1
            self._running[key] = Subscription(frame, every, wait, self._clock() + self._lifetime)

    def _values(self, addresses: list[str]) -> bytes:
        values = [self._console.values.get(address, 0) for address in addresses]
        words = b"".join(
            pack("<f", v) if isinstance(v, float) else pack("<i", v) for v in values if not isinstance(v, str)
        )
        return pack("<i", len(words) + 4) + words

    def _prune(self) -> None:
        now = self._clock()
        self._running = {key: running for key, running in self._running.items() if running.until > now}


def _numbers(arguments: Sequence[Argument]) -> list[int]:
    return [argument for argument in arguments if isinstance(argument, int)]


def _factor(arguments: Sequence[Argument]) -> int:
    return (*_numbers(arguments), 1)[0]


def _two_texts(arguments: Sequence[Argument]) -> tuple[str, str, Sequence[Argument]]:
    one, other, *rest = (*arguments, "", "")
    return (one, other, rest) if isinstance(one, str) and isinstance(other, str) else ("", "", ())


def _numbered(pattern: str, number: int) -> str:
    stars = pattern.count("*")
    return pattern.replace("*" * stars, f"{number:0{stars}}") if stars else pattern
