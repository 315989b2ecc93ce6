"""A band and its friends arrive at once: `python -m tests.bench.storm`.

100 people join within 5 s, half of them by PIN and half by an invitation, while a hand at the desk moves a fader 60
times a second before ten pages. To reach: everybody is in within 10 s of the first, and the fader's delay to those ten
pages has a p99 of at most 50 ms meanwhile. Newcomers say that they come through a proxy, so that the server does not
take them for this computer's own people. The load runs in this process, the server in its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from tests.bench.fanout import Page, move, report_delays
from tests.bench.machine import describe

PORT = 5078
STRANGER = "X-Forwarded-For: 192.0.2.1\r\n"
WATCHERS, STORM_SECONDS, MOVING_SECONDS = 10, 5.0, 10.0
MIX = "band/bus2"


@dataclass
class Arrivals:
    """Who came in, when, and what kept the others out."""

    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def ask(method: str, path: str, body: object = None) -> Any:
    """Call the API as the host."""
    link = HTTPConnection("127.0.0.1", PORT, timeout=10)
    link.request(
        method, f"/api/v1{path}", None if body is None else json.dumps(body), {"Content-Type": "application/json"}
    )
    answer = json.loads(link.getresponse().read())
    link.close()
    return answer


async def arrive(number: int, proof: dict[str, str], begin: float, arrivals: Arrivals) -> Page | None:
    """Join as one person and open the page; return it once it is welcomed."""
    await asyncio.sleep(max(0.0, begin + number * STORM_SECONDS / 100 - time.perf_counter()))
    cookie = await _joined(json.dumps({"name": f"Guest {number}", **proof}).encode(), arrivals)
    if not cookie:
        return None
    loop = asyncio.get_running_loop()
    _, page = await loop.create_connection(
        lambda: Page({}, [], 25, f"{STRANGER}Cookie: {cookie}\r\n"), "127.0.0.1", PORT
    )
    async with asyncio.timeout(30):
        await page.welcomed
    arrivals.seconds.append(time.perf_counter() - begin)
    return page


async def _joined(body: bytes, arrivals: Arrivals) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
    head = f"POST /api/v1/join HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n{STRANGER}Content-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    answer = (await reader.read()).decode()
    writer.close()
    lines = answer.split("\r\n")
    found = [line.partition(":")[2].split(";")[0].strip() for line in lines if line.lower().startswith("set-cookie:")]
    if not found:
        arrivals.refused[lines[0]] += 1
    return found[0] if found else ""


async def storm(people: int) -> None:
    """Watch the fader while everybody comes in, and print what was measured."""
    pin = ask("GET", "/pin")["pin"]
    token = ask("POST", "/invitations", {"role": "musician", "mix": MIX, "kind": "day"})["token"]
    sent: dict[float, float] = {}
    delays: list[float] = []
    loop = asyncio.get_running_loop()
    watchers = [
        (await loop.create_connection(lambda: Page(sent, delays, 25), "127.0.0.1", PORT))[1] for _ in range(WATCHERS)
    ]
    await asyncio.gather(*(page.welcomed for page in watchers))
    await asyncio.sleep(1)
    begin, arrivals = time.perf_counter(), Arrivals()
    proofs: list[dict[str, str]] = [{"pin": pin}, {"invitation": token}]
    coming = [arrive(number, proofs[number % 2], begin, arrivals) for number in range(people)]
    await asyncio.gather(move(watchers[0], sent, MOVING_SECONDS), *coming)
    print(f"{people} people within {STORM_SECONDS:g} s")
    print(f"  let in                   {len(arrivals.seconds)}, the last after {max(arrivals.seconds):.2f} s")
    print(f"  refused                  {dict(arrivals.refused) or 'nobody'}")
    report_delays(delays)


def main() -> None:
    """Start a server, let everybody come, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=100)
    told = parser.parse_args()
    print(describe())
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "remote_mixer", "--serve", "--host", "127.0.0.1", "--port", str(PORT)]
        with subprocess.Popen(
            [*command, "--data", data, "--console", "band=builtin:"], stderr=subprocess.PIPE, text=True
        ) as server:
            assert server.stderr
            try:
                next(line for line in server.stderr if "is online" in line)
                asyncio.run(storm(told.people))
            finally:
                server.terminate()


if __name__ == "__main__":
    main()
