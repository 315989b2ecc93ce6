"""Innocent pages come in during a siege by strangers: `python -m tests.bench.admission`.

2,000 connections from four addresses of this computer, or as many as `--addresses` says, owe a whole request: silent
ones, trickled heads and bodies, links that say nothing; each comes back when it is cut. Meanwhile phones at an address
of their own load the page, join by an invitation and are welcomed, one after the other. To reach: each within 1 s. The
besiegers, the phones and the server are three processes.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil

from tests.bench.machine import describe
from tests.bench.storm import MIX, ask
from tests.support.innocent import come_in
from tests.support.siege import besieged

PORT = 5078
INNOCENT = "127.0.1.9"
GRACE_SECONDS, PATIENCE_SECONDS = 5.0, 10.0


async def timed(work: Callable[[], Awaitable[None]]) -> float | None:
    """Return how long some work takes, None where it fails."""
    begin = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await work()
    except (OSError, EOFError, AssertionError) as fault:
        print(f"  kept out                 {fault!r}")
        return None
    return time.perf_counter() - begin


async def visits(times: int) -> None:
    """Let phones come in one after the other, and print what was measured."""
    token = ask("POST", "/invitations", {"role": "musician", "mix": MIX, "kind": "day"})["token"]
    taken = [await timed(lambda: come_in(PORT, INNOCENT, {"invitation": token})) for _ in range(times)]
    within = sorted(one for one in taken if one is not None)
    print(f"  in within 1 s            {sum(one <= 1 for one in within)} of {times}")
    if within:
        print(f"  seconds, p50 / longest   {median(within):.3f} / {within[-1]:.3f}")


async def siege(addresses: int, sockets: int, seed: int) -> None:
    """Besiege the server until the standard input ends."""
    begin, besieging = time.perf_counter(), [f"127.0.0.{number + 2}" for number in range(addresses)]
    async with besieged(PORT, besieging, sockets, seed) as besiegers:
        await asyncio.to_thread(sys.stdin.read)
        seconds = time.perf_counter() - begin
        print(f"  connections held, cuts   {besiegers.open}, {besiegers.cut} in {seconds:.0f} s", flush=True)


@contextmanager
def server(data: str) -> Iterator[psutil.Process]:
    """Run the server; its log is in the data folder."""
    command = [sys.executable, "-m", "remote_mixer", "--serve", "--host", "127.0.0.1", "--port", str(PORT)]
    with Path(data, "log").open("w+") as log:
        started = subprocess.Popen([*command, "--data", data, "--console", "band=demo:"], stderr=log)
        try:
            while "is online" not in Path(data, "log").read_text():
                time.sleep(0.1)
            yield psutil.Process(started.pid)
        finally:
            started.terminate()
            started.wait()


def main() -> None:
    """Start a server and besiegers, let phones come in, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--addresses", type=int, default=4)
    parser.add_argument("--sockets", type=int, default=2000)
    parser.add_argument("--visits", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--siege", action="store_true", help="besiege a running server until the standard input ends")
    told = parser.parse_args()
    if told.siege:
        asyncio.run(siege(told.addresses, told.sockets, told.seed))
        return
    print(describe())
    again = [f"--{name}={getattr(told, name)}" for name in ("addresses", "sockets", "seed")]
    with tempfile.TemporaryDirectory() as data, server(data) as process:
        begun = process.cpu_times()
        command = [sys.executable, "-m", "tests.bench.admission", "--siege", *again]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as besiegers:  # until the last phone has come in
            time.sleep(GRACE_SECONDS)
            asyncio.run(visits(told.visits))
            besiegers.communicate()
        spent = process.cpu_times().user + process.cpu_times().system - begun.user - begun.system
        print(f"  server                   {spent:.1f} s of processor, {process.memory_info().rss / 1e6:.0f} MB")
        print(f"  lines in its log         {len(Path(data, 'log').read_text().splitlines())}")


if __name__ == "__main__":
    main()
