"""Subscriber: a program that gets changes by OSC, as the hub's link to one of its clients."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from remote_mixer.bridges.osc.addresses import Addresses, Pattern, Target
from remote_mixer.bridges.osc.values import message as datagram
from remote_mixer.bridges.osc.values import reading_of
from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.hub.client import ListeningLink
from remote_mixer.hub.messages import Message, values_in

BURST_MESSAGES, BURST_SECONDS = 64, 0.005
"""Most messages at a time, and the pause after them: a system's buffer for a program's datagrams is soon full."""


class Subscriber(ListeningLink):
    """Link to one program. A value that is overtaken before it leaves is left out.

    send      sends a datagram
    patterns  what it wants → when that ends, in seconds of the loop's clock
    own       what it has set itself, and still stands: it gets no echo
    """

    def __init__(self, desk: Desk, send: Callable[[bytes], None]) -> None:
        self._desk, self._send = desk, send
        self._addresses = Addresses(desk.layouts, desk.values)
        self.patterns: dict[str, tuple[Pattern, float]] = {}
        self.own: dict[str, Value] = {}
        self._waiting: dict[str, Target] = {}
        self._timer: asyncio.Handle | None = None

    # The hub's side

    def send(self, *messages: Message) -> None:
        """Send the values in messages that the program wants, and did not set itself."""
        for message in messages:
            self.share(path for path, value in values_in(message).items() if not self._is_own(path, value))

    def abort(self) -> None:
        """End all subscriptions."""
        self.patterns.clear()
        self._waiting.clear()

    # The program's side

    def subscribe(self, pattern: Pattern, seconds: float) -> bool:
        """Begin or prolong a subscription; return whether it is a new one."""
        is_new = pattern.address not in self.patterns
        self.patterns[pattern.address] = (pattern, _now() + seconds)
        return is_new

    def unsubscribe(self, address: str | None) -> None:
        """End one subscription, or all of them."""
        if address is None:
            self.patterns.clear()
        else:
            self.patterns.pop(address, None)

    def expire(self) -> bool:
        """End the subscriptions whose time is over; return whether any is left."""
        self.patterns = {address: one for address, one in self.patterns.items() if one[1] > _now()}
        return bool(self.patterns)

    def share(self, some: Iterable[str], only: Pattern | None = None) -> None:
        """Send the present values of some params, as far as they are wanted."""
        some = list(some)
        for pattern in [only] if only else [pattern for pattern, _ in self.patterns.values()]:
            self._waiting |= self._addresses.matching(pattern, some)
        if self._waiting and self._timer is None:
            self._timer = asyncio.get_running_loop().call_soon(self._drain)

    def _is_own(self, path: str, value: Value) -> bool:
        if path in self.own and self.own[path] == value:
            return True
        self.own.pop(path, None)
        return False

    def _drain(self) -> None:
        self._timer = None
        for address in list(self._waiting)[:BURST_MESSAGES]:
            target = self._waiting.pop(address)
            if target.path in self._desk.values:
                self._send(answer(self._desk, address, target))
        if self._waiting:
            self._timer = asyncio.get_running_loop().call_later(BURST_SECONDS, self._drain)


def answer(desk: Desk, address: str, target: Target) -> bytes:
    """Return the message with a param's present value."""
    value = desk.values[target.path]
    if not target.is_text:
        return datagram(address, value)
    param, layout = desk.param(target.path), desk.layouts[paths.console_of(target.path)]
    return datagram(address, reading_of(param, layout, value))


def _now() -> float:
    return asyncio.get_running_loop().time()
