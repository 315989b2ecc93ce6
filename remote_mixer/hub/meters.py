"""Meters: the consoles' readings combined into one frame per rate; no peak is lost between two frames."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

from remote_mixer.desk.meters import LOWEST_SHOWN, merge
from remote_mixer.hub.client import Client
from remote_mixer.hub.messages import MeterFrame

LOWEST_RATE, HIGHEST_RATE = 1, 30
SHOWN = bytes(code if code >= LOWEST_SHOWN else 0 for code in range(256))
"""Code shown for each code: noise below a page's meters is silence, so that it wakes nobody."""


class Taps(NamedTuple):
    """Taps of a console: how many, and the places of those that read a gain."""

    console: str
    number: int
    gains: tuple[int, ...] = ()


class MeterFeed:
    """Meters for the clients that asked for them, at the rate that each asked for."""

    def __init__(self, taps: Callable[[], Sequence[Taps]]) -> None:
        self._taps = taps  # in frame order
        self._groups: dict[int, _Group] = {}
        self._latest: dict[str, bytes] = {}

    def report(self, console: str, codes: bytes) -> None:
        """Add a console's meter codes of one moment to the next frames."""
        self._latest[console] = codes
        gains = next((taps.gains for taps in self._taps() if taps.console == console), ())
        for group in self._groups.values():
            group.take(console, codes, gains)

    def start(self, client: Client, rate: float) -> None:
        """Send a client meters at most `rate` (1–30) times a second."""
        self.stop(client)
        whole = round(min(max(rate, LOWEST_RATE), HIGHEST_RATE))
        if whole not in self._groups:
            self._groups[whole] = _Group(1 / whole, self._codes, self._is_silent)
        self._groups[whole].join(client)

    def stop(self, client: Client) -> None:
        """Send a client no more meters."""
        for rate, group in list(self._groups.items()):
            if group.leave(client):
                del self._groups[rate]

    def _codes(self, fresh: dict[str, bytes]) -> bytes:
        return b"".join(self._codes_of(console, number, fresh) for console, number, _ in self._taps()).translate(SHOWN)

    def _is_silent(self, codes: bytes) -> bool:
        """Return whether no level reads anything; a gain that is taken away may rest anywhere."""
        start = 0
        for _, number, gains in self._taps():
            resting = set(gains)
            if any(code and place not in resting for place, code in enumerate(codes[start : start + number])):
                return False
            start += number
        return True

    def _codes_of(self, console: str, count: int, fresh: dict[str, bytes]) -> bytes:
        """Return a console's codes; silence while none of its reports fits its layout."""
        codes = fresh.get(console) or self._latest.get(console, b"")
        return codes if len(codes) == count else bytes(count)


class _Group:
    """Clients of one rate, which share each frame."""

    def __init__(
        self, period: float, codes: Callable[[dict[str, bytes]], bytes], is_silent: Callable[[bytes], bool]
    ) -> None:
        self._period = period
        self._codes = codes
        self._is_silent = is_silent
        self._clients: set[Client] = set()
        self._fresh: dict[str, bytes] = {}
        self._sent = b""  # codes of the last frame; empty while somebody has had none
        self._sequence = 0
        self._due = asyncio.get_running_loop().time() + period
        self._timer = asyncio.get_running_loop().call_at(self._due, self._send)

    def take(self, console: str, codes: bytes, gains: Sequence[int]) -> None:
        self._fresh[console] = merge(self._fresh.get(console, codes), codes, gains)

    def join(self, client: Client) -> None:
        self._clients.add(client)
        self._sent = b""

    def leave(self, client: Client) -> bool:
        """Remove a client; whether it was the last."""
        self._clients.discard(client)
        if not self._clients:
            self._timer.cancel()
        return not self._clients

    def _send(self) -> None:
        loop = asyncio.get_running_loop()
        self._due = max(self._due + self._period, loop.time())
        self._timer = loop.call_at(self._due, self._send)  # first, so that one frame that fails is not the last
        codes, self._fresh = self._codes(self._fresh), {}
        if codes == self._sent and self._is_silent(codes):  # a silence that lasts wakes no page
            return
        frame, self._sent = MeterFrame(self._sequence, codes), codes
        self._sequence += 1
        for client in self._clients:
            client.meter(frame)
