"""More than one machine: one fader moved at the first of several servers; the delay from set to each page.

    python -m tests.bench.chain --pages 900        three servers, each with the console of the one before
    python -m tests.bench.chain --broker           two servers and mosquitto between them, one page at the other end
    python -m tests.bench.chain --broker --x32     the same with a simulated X32: the time until all of it is there

The load runs in this process, each server in its own; delays are taken on one clock, as those of `fanout`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

from tests.bench.fanout import MOVES_PER_SECOND, VALUE, WARM_SECONDS, Page, move, report_delays
from tests.bench.machine import describe
from tests.support.broker import mosquitto
from tests.support.program import Program
from tests.support.waiting import until

COMMAND = (sys.executable, "-m", "remote_mixer")
SERVERS = 3
JOIN_AT_ONCE = 50
LAST_SECONDS = 10.0
BROKER_MOVES_PER_SECOND = 7
"""Fewer than the ten a second that a broker gets of one value, so that none waits for its turn."""


class Follower(Page):
    """Page that also notes the newest value."""

    newest = 0.0

    def _take(self, opcode: int, payload: bytes, now: float) -> None:
        super()._take(opcode, payload, now)
        if opcode == 1 and payload.startswith(b'{"type":"changes"') and (found := VALUE.search(payload)):
            self.newest = float(found[1])


@contextmanager
def server(data: Path, console: str, *options: str) -> Iterator[tuple[Program, int]]:
    """Run a server until its console is online; yield it and its port."""
    where = ("--serve", "--host", "127.0.0.1", "--port", "0", "--data", str(data))
    with Program(*where, "--console", f"band={console}", *options, command=COMMAND) as program:
        port = int(program.url().rpartition(":")[2])
        program.wait_for("is online")
        yield program, port


async def joined(port: int, count: int, sent: dict[float, float], delays: list[float], rate: int) -> list[Follower]:
    """Open pages that are welcomed, a few at a time: of one address a server takes 100 that it does not know yet."""
    loop = asyncio.get_running_loop()
    pages: list[Follower] = []
    while len(pages) < count:
        some = [
            (await loop.create_connection(lambda: Follower(sent, delays, rate), "127.0.0.1", port))[1]
            for _ in range(min(JOIN_AT_ONCE, count - len(pages)))
        ]
        await asyncio.gather(*(page.welcomed for page in some))
        pages += some
    return pages


async def measure_chain(running: list[tuple[Program, int]], told: argparse.Namespace) -> None:
    """Move the fader at the first server; print the delays to the pages of each."""
    sent: dict[float, float] = {}
    delays: list[list[float]] = [[] for _ in running]
    share, rate = told.pages // len(running), 0 if told.no_meters else 25
    began = time.perf_counter()
    pages = [await joined(port, share, sent, each, rate) for (_, port), each in zip(running, delays, strict=True)]
    print(
        f"{len(running)} servers in a chain, {share} pages at each, joined in {time.perf_counter() - began:.1f} s",
        flush=True,
    )
    await asyncio.sleep(WARM_SECONDS)
    used = [sum(psutil.Process(program.id).cpu_times()[:2]) for program, _ in running]
    began, own = time.perf_counter(), sum(psutil.Process().cpu_times()[:2])
    moves = await move(pages[0][0], sent, told.seconds)
    took = time.perf_counter() - began
    with suppress(TimeoutError):
        await until(lambda: all(page.newest == max(sent) for some in pages for page in some), LAST_SECONDS)
    for number, (program, _) in enumerate(running):
        process = psutil.Process(program.id)
        share_of_core = (sum(process.cpu_times()[:2]) - used[number]) / took * 100
        print(f"server {number + 1}, {share} pages, meters {'off' if told.no_meters else 'at 25 Hz'}")
        report_delays(delays[number])
        right = sum(page.newest == max(sent) for page in pages[number])
        print(f"  values read              {len(delays[number])} of {moves * share}, the last one by {right} pages")
        print(f"  server                   {share_of_core:.1f} % of a core, {process.memory_info().rss / 1e6:.0f} MB")
        print(f"  pages dropped            {sum(page.lost for page in pages[number])}")
    own = sum(psutil.Process().cpu_times()[:2]) - own
    print(f"the load itself            {own / took * 100:.0f} % of a core")


async def measure_broker(ports: list[int], seconds: float) -> None:
    """Move the fader at the first server; print the delays to one page at the second."""
    sent: dict[float, float] = {}
    delays: list[float] = []
    (mover,) = await joined(ports[0], 1, sent, [], 0)
    await joined(ports[1], 1, sent, delays, 0)
    await asyncio.sleep(WARM_SECONDS)
    moves = int(seconds * BROKER_MOVES_PER_SECOND)
    for number in range(moves):
        value = round((number + 1) / 1023, 5)  # on the grid of an X32
        sent[value] = time.perf_counter()
        mover.send({"type": "set", "id": number, "values": {"band/ch1/fader": value}})
        await asyncio.sleep(1 / BROKER_MOVES_PER_SECOND)
    report_delays(delays)
    print(f"  values read              {len(delays)} of {moves}")


def run_chain(folder: Path, told: argparse.Namespace) -> None:
    """Start the servers, each with the console of the one before it."""
    with ExitStack() as stack:
        running = [stack.enter_context(server(folder / "1", told.console))]
        for number in range(2, SERVERS + 1):
            console = f"remote-mixer://127.0.0.1:{running[-1][1]}/band"
            running.append(stack.enter_context(server(folder / str(number), console)))
        asyncio.run(measure_chain(running, told))


def run_broker(folder: Path, told: argparse.Namespace) -> None:
    """Start mosquitto and both servers."""
    with ExitStack() as stack:
        broker = stack.enter_context(mosquitto(folder))
        console = told.console
        if told.x32:
            simulator = stack.enter_context(Program("simulate", "x32", "--port", "0", command=COMMAND))
            simulator.wait_for("port ")
            console = f"x32://127.0.0.1:{simulator.said.split('port ')[1].split()[0].rstrip('.,:;')}"
        _, first = stack.enter_context(server(folder / "1", console, "--mqtt", broker.url_of("bench")))
        began = time.perf_counter()
        _, second = stack.enter_context(server(folder / "2", broker.url_of("bench/band")))
        print(f"  second server online     {time.perf_counter() - began:.2f} s after its start")
        asyncio.run(measure_broker([first, second], told.seconds))


def main() -> None:
    """Start the servers, load them, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=900)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--no-meters", action="store_true")
    parser.add_argument("--console", default="demo:")
    parser.add_argument("--broker", action="store_true")
    parser.add_argument("--x32", action="store_true")
    told = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    print(describe(), f"load {os.getloadavg()[0]:.1f}, {MOVES_PER_SECOND} moves a second")
    with tempfile.TemporaryDirectory() as folder:
        (run_broker if told.broker else run_chain)(Path(folder), told)


if __name__ == "__main__":
    main()
