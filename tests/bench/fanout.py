"""Fan-out: N pages on one server, one fader moved 60 times a second; the delay from set to each page.

    python -m tests.bench.fanout --pages 100
    python -m tests.bench.fanout --pages 100 --no-meters

The load runs in this process, the server in its own; delays are taken on one clock, from the moment the mover writes
its frame to the moment the changed value is read by each page, so they hold this program's own share as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from statistics import quantiles

import psutil

from tests.bench.machine import describe

MOVES_PER_SECOND = 60
WARM_SECONDS = 1.0
JOIN_AT_ONCE = 50
"""Pages of this one address that the server has not welcomed yet: of many more it would take some for a siege."""
PATH = "band/ch1/fader"
VALUE = re.compile(rb'"' + PATH.encode() + rb'":([0-9.e-]+)')


class Page(asyncio.Protocol):
    """One page: says hello, asks for meters, and notes when each value of the fader comes."""

    def __init__(self, sent: dict[float, float], delays: list[float], meter_rate: int, headers: str = "") -> None:
        self.sent, self.delays, self.meter_rate, self.headers = sent, delays, meter_rate, headers
        self.welcomed = asyncio.get_running_loop().create_future()
        self.lost = False
        self.frames = 0
        self._data = b""
        self._upgraded = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        address, port = transport.get_extra_info("peername")[:2]
        transport.write(
            f"GET /ws HTTP/1.1\r\nHost: {address}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n{self.headers}\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if not self.welcomed.done():
            self.welcomed.set_exception(exc or ConnectionError("The server cut a page off before its welcome."))

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        self._data += data
        if not self._upgraded:
            head, end, self._data = self._data.partition(b"\r\n\r\n")
            if not end:
                self._data = head
                return
            self._upgraded = True
            self.send({"type": "hello", "protocol": 1, "client": os.urandom(8).hex(), "name": "Bench"})
        while self._next_frame(now):
            pass

    def _next_frame(self, now: float) -> bool:
        data = self._data
        if len(data) < 2:
            return False
        size, start = data[1] & 0x7F, 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10], "big"), 10
        if len(data) < start + size:
            return False
        self._data = data[start + size :]
        self._take(data[0] & 0x0F, data[start : start + size], now)
        return True

    def _take(self, opcode: int, payload: bytes, now: float) -> None:
        self.frames += 1
        if opcode == 9:
            self.transport.write(bytes((0x8A, 0x80 | len(payload))) + bytes(4) + payload)
        elif opcode == 1 and payload.startswith(b'{"type":"changes"'):
            found = VALUE.search(payload)
            at = self.sent.get(float(found[1])) if found else None
            if at is not None:
                self.delays.append(now - at)
        elif opcode == 1 and payload.startswith(b'{"type":"welcome"'):
            if self.meter_rate:
                self.send({"type": "meters", "on": True, "rate": self.meter_rate})
            self.welcomed.set_result(None)

    def send(self, frame: dict[str, object]) -> None:
        payload = json.dumps(frame).encode()
        head = (
            bytes((0x81, 0x80 | len(payload)))
            if len(payload) < 126
            else bytes((0x81, 0xFE)) + len(payload).to_bytes(2, "big")
        )
        self.transport.write(head + bytes(4) + payload)


async def load(port: int, server: psutil.Process, told: argparse.Namespace) -> None:
    """Join all pages, move the fader, print what was measured."""
    sent: dict[float, float] = {}
    delays: list[float] = []
    rate = 0 if told.no_meters else 25
    loop = asyncio.get_running_loop()
    pages: list[Page] = []
    while len(pages) < told.pages:
        come = min(JOIN_AT_ONCE, told.pages - len(pages))
        joining = (loop.create_connection(lambda: Page(sent, delays, rate), "127.0.0.1", port) for _ in range(come))
        pages += [page for _, page in await asyncio.gather(*joining)]
        await asyncio.gather(*(page.welcomed for page in pages))
    await asyncio.sleep(WARM_SECONDS)
    cpu, began, frames = sum(server.cpu_times()[:2]), time.perf_counter(), sum(page.frames for page in pages)
    moves = await move(pages[0], sent, told.seconds)
    took, cpu = time.perf_counter() - began, sum(server.cpu_times()[:2]) - cpu
    frames = sum(page.frames for page in pages) - frames
    print(f"{told.pages} pages, meters {'off' if told.no_meters else 'at 25 Hz'}, console {told.console}")
    report_delays(delays)
    print(f"  values read              {len(delays)} of {moves * told.pages} ({frames / took:.0f} frames a second)")
    print(f"  server                   {cpu / took * 100:.1f} % of a core, {server.memory_info().rss / 1e6:.0f} MB")
    print(f"  pages dropped            {sum(page.lost for page in pages)}")


async def move(mover: Page, sent: dict[float, float], seconds: float) -> int:
    moves = int(seconds * MOVES_PER_SECOND)
    begin = time.perf_counter() + 0.1
    for move in range(moves):
        await asyncio.sleep(max(begin + move / MOVES_PER_SECOND - time.perf_counter(), 0))
        value = round((move + 1) / 100_000, 5)
        sent[value] = time.perf_counter()
        mover.send({"type": "set", "id": move, "values": {PATH: value}})
    await asyncio.sleep(0.3)
    return moves


def report_delays(delays: list[float]) -> None:
    percent = [1000 * seconds for seconds in quantiles(delays, n=100)]
    highest = 1000 * max(delays)
    print(f"  delay from set to page   p50 {percent[49]:.1f} ms, p99 {percent[98]:.1f} ms, highest {highest:.1f} ms")


def main() -> None:
    """Start a server, load it, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--no-meters", action="store_true")
    parser.add_argument("--console", default="band=builtin:")
    told = parser.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "remote_mixer", "--serve", "--host", "127.0.0.1", "--port", "5077"]
        with subprocess.Popen(
            [*command, "--data", data, "--console", told.console], stderr=subprocess.PIPE, text=True
        ) as server:
            assert server.stderr
            next(line for line in server.stderr if "is online" in line)
            asyncio.run(load(5077, psutil.Process(server.pid), told))
            server.terminate()


if __name__ == "__main__":
    main()
