"""A DCA over two consoles, moved at 60 Hz: what a set of it costs, and what each console gets.

    python -m tests.bench.groups
    python -m tests.bench.groups --seconds 30 --loss 0.05

Ten of the twenty members are on a simulated X32, which runs in a process of its own; ten on a console in memory. The
cost of a set is the processor's time in `Desk.set`: rights, members, listeners and what leaves at once. At the end
each member is compared with its ratio, ten seconds after the last move.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from statistics import quantiles

from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.desk.tapers import FADER
from remote_mixer.drivers.base import Driver, Setup
from remote_mixer.drivers.behringer.driver import X32
from remote_mixer.drivers.demo import Demo
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.house import House
from remote_mixer.simulator.network import Wifi
from remote_mixer.simulator.simulator import Simulator
from tests.bench.machine import describe
from tests.support.waiting import until

ANNE = Source(CLIENT, "anne", "Anne")
DCA_FADER = "house/dca1/fader"
MEMBERS = [f"{console}/ch{number}" for console in ("foh", "band") for number in range(1, 11)]
FRAME_SECONDS = 1 / 60
OPENING_SECONDS, REPAIR_SECONDS = 30.0, 10.0


def be_console(pipe: Connection, loss: float) -> None:
    """Be an X32 until the pipe ends."""

    async def serve() -> None:
        async with Simulator("x32", wifi=Wifi(loss=loss)) as console:
            pipe.send(console.address[1])
            await asyncio.to_thread(pipe.poll, None)

    asyncio.run(serve())


def counted(driver: Driver, sent: Counter[str]) -> Callable[[str, Value], None]:
    """Return a driver's way to send that counts the values of each strip."""
    send = driver.send

    def count(path: str, value: Value) -> None:
        sent[paths.strip_of(path)] += 1
        send(path, value)

    return count


async def measure(port: int, seconds: float, data: Path) -> None:
    """Walk the DCA, and report."""
    desk, chance, sent = Desk(), Random(1), Counter[str]()
    drivers: list[Driver] = [X32(Setup("foh", f"//127.0.0.1:{port}", data)), Demo(Setup("band", "16", data))]
    drivers.append(House(Setup("house", "", data)))
    guards = [Guard(driver, desk, lambda *_: None, lambda _: None) for driver in drivers]
    tasks = [asyncio.create_task(guard.live()) for guard in guards]
    await until(lambda: all(desk.values[paths.status(one.name)] == "online" for one in drivers), OPENING_SECONDS)
    await guards[-1].act("add", {"kind": "dca"})
    desk.set({"house/dca1/members": " ".join(MEMBERS)}, ANNE)
    desk.set({f"{member}/fader": chance.uniform(0.3, 0.9) for member in MEMBERS}, ANNE)
    await asyncio.sleep(REPAIR_SECONDS)
    own = {member: FADER.to_unit(float(desk.values[f"{member}/fader"] or 0)) for member in MEMBERS}
    for driver in drivers:
        driver.send = counted(driver, sent)  # type: ignore[method-assign,assignment] # counts beside the driver's own
    costs: list[float] = []
    position, waiting, began = 0.75, 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        position = min(1.0, max(0.05, position + chance.gauss(0, 0.02)))
        before = time.thread_time()
        desk.set({DCA_FADER: position}, ANNE)
        costs.append(time.thread_time() - before)
        waiting = max(waiting, guards[0].under_way[0])
        await asyncio.sleep(max(0.0, began + len(costs) * FRAME_SECONDS - time.perf_counter()))
    took = time.perf_counter() - began
    await asyncio.sleep(REPAIR_SECONDS)
    report(costs, sent, waiting, took)
    dca = FADER.to_unit(float(desk.values[DCA_FADER] or 0))
    wrong = [
        member
        for member in MEMBERS
        if not desk.param(path := f"{member}/fader").same(
            desk.values[path], desk.param(path).check(FADER.to_position(own[member] + dca))
        )
    ]
    print(f"  off their ratio by more than half a step   {len(wrong)} of {len(MEMBERS)} members")
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def report(costs: list[float], sent: Counter[str], waiting: int, seconds: float) -> None:
    """Print the figures."""
    percent = [cost * 1e6 for cost in quantiles(costs, n=100)]
    print(f"{len(costs) / seconds:.0f} sets a second for {seconds:.0f} s, {len(MEMBERS)} members")
    print(f"  a set takes      p50 {percent[49]:.0f} µs, p99 {percent[98]:.0f} µs")
    for console in ("foh", "band"):
        ours = {strip: number / seconds for strip, number in sent.items() if strip.startswith(f"{console}/")}
        print(
            f"  values to {console:<6} {sum(ours.values()):.0f} a second, at most {max(ours.values()):.0f} for a strip"
        )
    print(f"  waiting for foh  at most {waiting}")


def main() -> None:
    """Start the console, move the DCA, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--loss", type=float, default=0.0)
    options = parser.parse_args()
    print(describe())
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    console = context.Process(target=be_console, args=(theirs, options.loss), daemon=True)
    console.start()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(ours.recv(), options.seconds, Path(folder)))
    ours.send(None)
    console.join()


if __name__ == "__main__":
    main()
