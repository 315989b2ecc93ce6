"""A loop whose time jumps and whose datagrams travel in memory: minutes of a console pass in a moment, always alike."""

from __future__ import annotations

import asyncio
import selectors
from collections import deque
from collections.abc import Callable, Coroutine
from itertools import cycle
from typing import Any, TypeVar

Endpoint = tuple[str, int]
T = TypeVar("T")

DELAY_SECONDS = 0.002
"""Time of a datagram on its way."""
ORDER_SECONDS = 1e-6  # datagrams never overtake one another
SLOW_SECONDS = 0.003  # from one datagram to the next, behind a link that stood still
FIRST_PORT, LAST_PORT = 40_000, 65_000
MOST_SENT = 100_000
PATIENCE_SECONDS = 10.0
"""Time that passes outside while a thread is waited for, at most."""


class Datagram:
    """One datagram, and the moment it left."""

    def __init__(self, at: float, source: Endpoint, target: Endpoint, data: bytes) -> None:
        self.at, self.source, self.target, self.data = at, source, target, data

    @property
    def address(self) -> str:
        """The OSC address in it."""
        return self.data.partition(b"\0")[0].decode()


class _Selector(selectors.DefaultSelector):
    """Jumps over the time in which nothing happens; while a thread is at work the time stands still.

    threads  number of threads at work
    """

    jump: Callable[[float | None], None]
    threads = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        stands = timeout is None or (self.threads and timeout)
        ready = super().select(PATIENCE_SECONDS if stands else 0)
        if not ready and timeout != 0:
            self.jump(timeout)
        return ready


class _Transport(asyncio.DatagramTransport):
    """One socket; it is its own `socket` as well, as far as anybody asks."""

    def __init__(self, loop: VirtualLoop, own: Endpoint, remote: Endpoint | None, protocol: Any) -> None:
        super().__init__()
        self._loop, self.own, self.remote, self.protocol = loop, own, remote, protocol
        self._closing = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self

    def setsockopt(self, *_: int) -> None:
        """Accept any option."""

    def getsockname(self) -> Endpoint:
        return self.own

    def sendto(self, data: Any, addr: Any = None) -> None:
        if target := addr or self.remote:
            self._loop.deliver(Datagram(self._loop.time(), self.own, target, bytes(data)))

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            self._loop.sockets.pop(self.own, None)
            self._loop.call_soon(self.protocol.connection_lost, None)

    abort = close


class VirtualLoop(asyncio.SelectorEventLoop):
    """The loop.

    loses  told each datagram that leaves; whether it is lost
    late   returns the seconds that other programs keep the core after a wait
    still  until when no datagram arrives; what left meanwhile then comes at the pace of a slow link
    sent   the last datagrams that left, the lost ones too
    """

    def __init__(self) -> None:
        self._now = 1000.0
        self._waiting = _Selector()
        self._waiting.jump = self._jump
        super().__init__(self._waiting)
        self.sockets: dict[Endpoint, _Transport] = {}
        self.loses: Callable[[Datagram], bool] = lambda _: False
        self.late: Callable[[], float] = lambda: 0.0
        self.sent = deque[Datagram](maxlen=MOST_SENT)
        self._ports = cycle(range(FIRST_PORT, LAST_PORT))
        self._arrives = self.still = 0.0

    def time(self) -> float:
        return self._now

    def _jump(self, seconds: float | None) -> None:
        if seconds is None:
            raise RuntimeError("nothing will ever happen on this loop")
        self._now += seconds + self.late()

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]  # typed by each argument there
        """Run a function in a thread."""
        self._waiting.threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, _: object) -> None:
        self._waiting.threads -= 1

    def deliver(self, datagram: Datagram) -> None:
        """Bring a datagram to its target, unless it is lost."""
        self.sent.append(datagram)
        if not self.loses(datagram):
            after = SLOW_SECONDS if self._now < self.still else ORDER_SECONDS
            self._arrives = max(self._arrives + after, self._now + DELAY_SECONDS, self.still)
            self.call_at(self._arrives, self._arrive, datagram)

    def _arrive(self, datagram: Datagram) -> None:
        there = self.sockets.get(datagram.target)
        if there and there.remote in {None, datagram.source}:
            there.protocol.datagram_received(datagram.data, datagram.source)

    async def create_datagram_endpoint(
        self, protocol_factory: Callable[[], Any], local_addr: Any = None, remote_addr: Any = None, **_: Any
    ) -> tuple[_Transport, Any]:
        """Open a socket in memory."""
        port = local_addr[1] if local_addr and local_addr[1] else next(self._ports)
        own = ("127.0.0.1", port)
        while own in self.sockets:
            own = (own[0], own[1] + 1)
        protocol = protocol_factory()
        self.sockets[own] = transport = _Transport(self, own, remote_addr, protocol)
        protocol.connection_made(transport)
        return transport, protocol


def play(story: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a story on a loop of its own; `loop()` is that loop within it."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(story())


def loop() -> VirtualLoop:
    """Return the loop of the running story."""
    running = asyncio.get_running_loop()
    assert isinstance(running, VirtualLoop)
    return running
