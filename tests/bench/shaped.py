"""Shaped road: a TCP proxy with the round trip, the loss and the slow start of a Wi-Fi, for browsers on this machine.

Chromium's own network emulation leaves WebSockets out, so all bytes pass here. A connection costs one round trip before
its first byte. Bytes travel in segments of 1,460; the first ten leave at once, the next twenty a round trip later, and
so on (RFC 6928's initial window, doubled by slow start); it begins anew once all are acknowledged. A lost segment comes
one round trip later, twice that if it is lost again, and all that follow it wait for it, as in TCP.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

SEGMENT_BYTES = 1460
INITIAL_SEGMENTS = 10
LEAST_RECOVERY_SECONDS = 0.2  # Linux' shortest retransmission timeout


class Road:
    """Road to a port of this machine. `rtt` in seconds, `loss` the part of segments that is lost, 0–1."""

    def __init__(self, port: int, rtt: float, loss: float = 0.0, seed: int = 1) -> None:
        self._far, self._rtt, self._loss = port, rtt, loss
        self._chance = random.Random(seed)
        self.port = 0
        self.carried = 0  # bytes either way, as they travel

    @asynccontextmanager
    async def laid(self) -> AsyncIterator[Road]:
        """Listen on a port of its own."""
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self._rtt)  # SYN and its answer
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._far)
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass bytes on, each segment at its time, until the end of either side."""
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(_deliver(waiting, writer))
        clock, sent, arrival = asyncio.get_running_loop().time, 0, 0.0
        with suppress(OSError):
            while data := await reader.read(65536):
                now = clock()
                self.carried += len(data)
                if now > arrival + self._rtt / 2:  # the last acknowledgement is back
                    sent = 0
                for start in range(0, len(data), SEGMENT_BYTES):
                    segment = data[start : start + SEGMENT_BYTES]
                    rounds = (sent // (INITIAL_SEGMENTS * SEGMENT_BYTES) + 1).bit_length() - 1
                    sent += len(segment)
                    arrival = max(arrival, now + self._rtt * (rounds + 0.5) + self._recovery())
                    waiting.put_nowait((arrival, segment))
        waiting.put_nowait((arrival, b""))
        await delivery

    def _recovery(self) -> float:
        """Return the seconds that a segment comes late because it was lost, once or several times."""
        late, pause = 0.0, max(self._rtt, LEAST_RECOVERY_SECONDS)
        while self._chance.random() < self._loss:
            late, pause = late + pause, 2 * pause
        return late


async def _deliver(waiting: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    """Write each segment at its time; an empty one is the end."""
    clock = asyncio.get_running_loop().time
    with suppress(OSError):
        while True:
            at, segment = await waiting.get()
            await asyncio.sleep(at - clock())
            if not segment:
                break
            writer.write(segment)
            await writer.drain()
    writer.close()
