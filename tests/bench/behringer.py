"""A simulated X32: how fast it is read, how fast a touch becomes a datagram, how fast a move reaches the pages.

    python -m tests.bench.behringer            all of it, 60 s of 32 moving channels
    python -m tests.bench.behringer --seconds 10

The simulator and the program each run in a process of their own, the load in this one. A touch's delay runs from the
moment the page writes its frame to the moment the datagram is at the console's socket, as the system (Linux) notes it:
the simulator's own work, on meters and snapshots, keeps it from reading for up to 10 ms. So it holds the whole
program's share, and the network stack's. A move's delay runs from the moment its datagram leaves the console's socket:
how fast the simulator puts datagrams onto the wire is no part of it.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles
from struct import unpack
from typing import Self

import psutil

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import ONLINE
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.behringer.driver import X32
from remote_mixer.drivers.behringer.scenes import CURRENT
from remote_mixer.drivers.behringer.table import Leaf
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.osc import Argument, OscError, decode, encode
from remote_mixer.simulator.network import Wifi
from remote_mixer.simulator.simulator import Simulator
from tests.bench.fanout import PATH, Page
from tests.bench.machine import describe, milliseconds
from tests.support.waiting import until

PORT = 5078
PAGES = 50
CHANNELS = 32
PLACES = 1024  # of a fader
SCENES = (1, 2, 3, 4, 5, 6)
MOVES_A_SECOND = 50
TOUCHES_A_SECOND = 20
"""Below the 30 that leave for one strip in a second: above them a touch waits its turn on purpose."""
FADER = "/ch/01/mix/fader"
MOST_READ_SECONDS, MOST_SCENE_SECONDS = 3.0, 1.5
MOST_SHARE_SECONDS, MOST_PAGES_SECONDS = 0.002, 0.015
"""Targets: of the reading, of the slowest scene, and 99th percentiles of the share and of a move at the pages."""
TIME_OF_LAST_DATAGRAM = 0x8907
"""Linux's SIOCGSTAMPNS; the first call on a socket has its datagrams' times noted."""


class Console(Simulator):
    """A simulator that notes when writes of the first fader come in, and when what tells of its moves goes out."""

    def __init__(self, loss: float) -> None:
        super().__init__("x32", wifi=Wifi(loss=loss))
        self.came: dict[int, float] = {}
        self.left: dict[float, list[float]] = {}
        self._moved: tuple[float, bytes] = (0.0, b"")
        self._behind = time.time() - time.perf_counter()

    async def start(self, host: str = "127.0.0.1", port: int | None = 0) -> Self:
        await super().start(host, port)
        transport = self._port._transport
        assert transport
        send = transport.sendto

        def note(data: bytes, client: tuple[str, int]) -> None:
            place, awaited = self._moved
            if data == awaited:
                self._moved = (0.0, b"")
                self.left.setdefault(place, []).append(time.perf_counter())
            send(data, client)

        transport.sendto = note  # type: ignore[method-assign,assignment]  # the bench looks at what leaves
        with suppress(FileNotFoundError):  # none has come, but from now on their times are noted
            self._came_at()
        return self

    def _came_at(self) -> float:
        """Return when the datagram read last was at the socket, on the clock that all processes here share."""
        transport = self._port._transport
        assert transport
        noted = fcntl.ioctl(transport.get_extra_info("socket").fileno(), TIME_OF_LAST_DATAGRAM, bytes(16))
        seconds, nanoseconds = unpack("qq", noted)
        return float(seconds + nanoseconds / 1e9 - self._behind)

    def move_first(self, place: float) -> None:
        """Move the first fader; the next datagram that tells of it is noted, answers to questions are not."""
        self._moved = (round(place, 5), encode(FADER, place))
        self.move(FADER, place)

    def _receive(self, data: bytes, client: tuple[str, int]) -> None:
        with suppress(OscError):
            address, arguments = decode(data)
            if address == FADER and arguments:
                self.came.setdefault(round(float(arguments[0]) * 1023), self._came_at())  # a move is sent twice
        super()._receive(data, client)


async def _be_console(pipe: Connection, loss: float) -> None:
    """Do as the load says: tell what came, move all channels for some seconds, tell where they stand."""
    async with Console(loss) as console:
        pipe.send(console.address[1])
        while True:
            order, seconds = await asyncio.to_thread(pipe.recv)
            if order == "end":
                return
            if order == "move":
                pipe.send(await _move(console, seconds))
            elif order == "recall":
                console.recall(int(seconds))
                pipe.send((time.perf_counter(), dict(console.values)))
            else:
                pipe.send(console.came)


async def _move(console: Console, seconds: float) -> tuple[dict[float, list[float]], list[float]]:
    """Move every channel's fader; return when the first one's places were told, and where all stand at the end."""
    begin = time.perf_counter()
    for move in range(int(seconds * MOVES_A_SECOND)):
        await asyncio.sleep(max(begin + move / MOVES_A_SECOND - time.perf_counter(), 0))
        console.move_first(_place(move, 1))
        for channel in range(2, CHANNELS + 1):
            console.move(f"/ch/{channel:02}/mix/fader", _place(move, channel))
    return console.left, [float(console.values[f"/ch/{n:02}/mix/fader"]) for n in range(1, CHANNELS + 1)]


def _place(move: int, channel: int) -> float:
    return (move * 7 + channel * 13) % PLACES / (PLACES - 1)


def _console(pipe: Connection, loss: float) -> None:
    asyncio.run(_be_console(pipe, loss))


@contextmanager
def _simulated(loss: float) -> Iterator[tuple[int, Connection]]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_console, args=(theirs, loss))
    process.start()
    try:
        yield ours.recv(), ours
    finally:
        ours.send(("end", 0.0))
        process.join()


class Watching(Page):
    """A page that notes each value of the fader with the moment it came."""

    def __init__(self) -> None:
        super().__init__({}, [], 25)
        self.seen: list[tuple[float, float]] = []
        self.values: dict[str, float] = {}

    def _take(self, opcode: int, payload: bytes, now: float) -> None:
        if opcode == 1 and payload.startswith(b'{"type":"changes"'):
            values = json.loads(payload)["values"]
            self.values |= values
            if PATH in values:
                self.seen.append((values[PATH], now))
        super()._take(opcode, payload, now)


async def measure_driver(port: int, what: str, pipe: Connection) -> None:
    """Print how long a driver takes until it knows all, at first and after a scene, or its own share of a touch."""
    driver = X32(Setup("band", f"//127.0.0.1:{port}", Path()))
    driver.timing = replace(driver.timing, open_seconds=30.0)
    desk = Desk()
    guard = Guard(driver, desk, lambda *_: None, lambda _: None)
    began = time.perf_counter()
    living = asyncio.create_task(guard.live())
    await until(lambda: desk.values["band/status"] == ONLINE, 30)
    took = time.perf_counter() - began
    if what == "reading":
        unknown = sum(value is None for value in desk.values.values())
        read = milliseconds(took, MOST_READ_SECONDS)
        print(f"  reading at 1 % loss      {read} for {len(desk.values)} values, {unknown} not told")
        took_each = [await _scene(driver, pipe, scene) for scene in SCENES]
        slowest = milliseconds(max(took_each), MOST_SCENE_SECONDS)
        print(f"  scene at 1 % loss        right after {', '.join(f'{took:.2f}' for took in took_each)} s; {slowest}")
    else:
        print(f"  driver's share of touch  {_percent(await _touch(desk, driver), MOST_SHARE_SECONDS)}")
    living.cancel()
    await asyncio.wait({living})


async def _scene(driver: X32, pipe: Connection, scene: int) -> float:
    """Return the seconds from a recall at the console until the driver has every value of it."""
    assert driver._lifecycle
    addresses = driver._lifecycle.conversation.addresses
    pipe.send(("recall", scene))
    began, values = await asyncio.to_thread(pipe.recv)
    wrong = [(address, leaf) for address in values if (leaf := addresses.leaf(address)) and leaf.path != CURRENT]

    def differs(address: str, leaf: Leaf) -> bool:
        known = addresses.arguments.get(address)
        return known is not None and not leaf.encoding.same(known, values[address])

    def is_right() -> bool:
        wrong[:] = [pair for pair in wrong if differs(*pair)]
        return not wrong

    await until(is_right, 30)
    took = time.perf_counter() - began
    await asyncio.sleep(3)  # the console rests, and nothing more comes of this scene
    return float(took)


async def _touch(desk: Desk, driver: X32) -> list[float]:
    assert driver._lifecycle
    line, delays, touched = driver._lifecycle.conversation.line, list[float](), list[float]()
    send = line.send

    def note(address: str, *arguments: Argument) -> None:
        send(address, *arguments)
        if address == FADER and arguments and touched:  # the first of the two copies of a move
            delays.append(time.perf_counter() - touched.pop())

    line.send = note  # type: ignore[method-assign]  # the bench looks at what leaves
    for step in range(250):
        await asyncio.sleep(1 / TOUCHES_A_SECOND)
        touched.append(time.perf_counter())
        desk.set({PATH: step / 1023}, Source(CLIENT, "bench", "Bench"))
    return delays


async def measure_pages(port: int, pipe: Connection, server: psutil.Process, seconds: float) -> None:
    """Print touch → console and console → pages with PAGES pages, and what the server needs meanwhile."""
    loop = asyncio.get_running_loop()
    pages = [(await loop.create_connection(Watching, "127.0.0.1", port))[1] for _ in range(PAGES)]
    await asyncio.gather(*(page.welcomed for page in pages))
    touched: dict[int, float] = {}
    for step in range(10 * TOUCHES_A_SECOND):
        await asyncio.sleep(1 / TOUCHES_A_SECOND)
        touched[step] = time.perf_counter()
        pages[0].send({"type": "set", "id": step, "values": {PATH: step / 1023}})
    await asyncio.sleep(1)
    pipe.send(("tell", 0.0))
    came = pipe.recv()
    print(f"  touch to datagram        {_percent([came[step] - at for step, at in touched.items() if step in came])}")
    cpu, began = sum(server.cpu_times()[:2]), time.perf_counter()
    pipe.send(("move", seconds))
    told, stand = await asyncio.to_thread(pipe.recv)
    cpu, took = sum(server.cpu_times()[:2]) - cpu, time.perf_counter() - began
    await asyncio.sleep(1)
    delays = [now - at for page in pages for value, now in page.seen for at in _before(told.get(value, ()), now)]
    right = sum(abs(pages[-1].values[f"band/ch{n}/fader"] - place) < 1e-4 for n, place in enumerate(stand, 1))
    print(f"  console to {PAGES} pages      {_percent(delays, MOST_PAGES_SECONDS)}")
    print(f"  {CHANNELS} channels at {MOVES_A_SECOND} Hz    {seconds:.0f} s, right at the end: {right} of {CHANNELS}")
    print(f"  server meanwhile         {cpu / took * 100:.0f} % of a core")


def _before(moments: Sequence[float], now: float) -> list[float]:
    """Return the last of the moments before now, if any: a fader comes to the same place every twenty seconds."""
    return [at for at in moments if now - PLACES / MOVES_A_SECOND / 2 < at <= now]


def _percent(delays: list[float], most: float | None = None) -> str:
    """Return the delays' percentiles in words; `most` is the target of the 99th."""
    middle, p99 = (quantiles(delays, n=100)[place] for place in (49, 98))
    judged = milliseconds(p99, most) if most else f"{1000 * p99:.1f} ms"
    return f"p50 {1000 * middle:.1f} ms, p99 {judged}, highest {1000 * max(delays):.1f} ms ({len(delays)})"


def main() -> None:
    """Start a console and a server, load them, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=60)
    told = parser.parse_args()
    print(describe())
    with _simulated(0.01) as (port, pipe):
        asyncio.run(measure_driver(port, "reading", pipe))
    with _simulated(0.0) as (port, pipe):
        asyncio.run(measure_driver(port, "touch", pipe))
    bench_pages(told.seconds)


def bench_pages(seconds: float) -> None:
    """Start a console and a server with pages, and measure both ways."""
    command = [sys.executable, "-m", "remote_mixer", "--serve", "--host", "127.0.0.1", "--port", str(PORT)]
    with _simulated(0.0) as (port, pipe), tempfile.TemporaryDirectory() as data:
        console = ["--data", data, "--console", f"band=x32://127.0.0.1:{port}"]
        with subprocess.Popen([*command, *console], stderr=subprocess.PIPE, text=True) as server:
            assert server.stderr
            next(line for line in server.stderr if "is online" in line)
            asyncio.run(measure_pages(PORT, pipe, psutil.Process(server.pid), seconds))
            server.terminate()


if __name__ == "__main__":
    main()
