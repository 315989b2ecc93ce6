"""A night of everything: `tests/run --long`, or `pytest -s --long --hours 0.1 tests/lasting` to try it.

A line each minute tells the server's size; one at the end of each of its lives how much it grew, and the last one the
verdict.
"""

from __future__ import annotations

import asyncio
import random
import socket
import statistics
import time
from pathlib import Path

import pytest

from tests.lasting.world import FADERS, MUTES, PAGES, Sample, Wanderer, World
from tests.support.waiting import until
from tests.support.warm import warm

SPELLS = 12
"""Times in one life of the server at which everybody rests, agrees and leaves, and the server is measured."""
MORE_MEMORY, MORE_FILES, MORE_THREADS = 8 << 20, 4, 2
REPORT_SECONDS = 60.0
ENDS = ("kill", "stop", "kill", "stop")
WARM = SPELLS // 3
"""Spells until everything has happened once: what is made once has been made."""


@pytest.mark.lasting
async def test_through_kills_and_faults_pages_agree_nothing_said_is_lost_and_the_server_stays_as_small(
    tmp_path: Path, pytestconfig: pytest.Config, capsys: pytest.CaptureFixture[str]
) -> None:
    seconds = float(pytestconfig.getoption("--hours")) * 3600 / len(ENDS) / SPELLS
    chance, begin = random.Random(seed := time.time_ns()), time.monotonic()
    with (
        capsys.disabled(),
        World(warm(tmp_path / "data"), free(socket.SOCK_STREAM), free(socket.SOCK_DGRAM), chance) as world,
    ):
        pages = [Wanderer(world.port, f"page{n}", FADERS, random.Random(f"{seed} {n}")) for n in range(PAGES)]
        print(f"\nseed {seed}, {seconds * SPELLS * len(ENDS) / 3600:g} hours")
        for life, end in enumerate(ENDS, 1):
            samples = [await spell(world, pages, seconds, begin) for _ in range(SPELLS)]
            rests = f"life {life} of {len(ENDS)}: all agreed at {SPELLS} rests"
            print(f"{rests}; grown by {growth(samples)}; {world.suffered}")
            stays_as_small(samples)
            assert "Traceback" not in world.server.said
            if end == "kill":
                world.kill_server()
            else:
                assert world.server.stop()[0] == 0
                world.server = world.start_server()
        print(f"Verdict: passed, {(time.monotonic() - begin) / 3600:.2f} hours, {len(ENDS)} lives, none grew.")


async def spell(world: World, pages: list[Wanderer], seconds: float, begin: float) -> Sample:
    """Let everything happen for some time; then all rest, agree with the server and leave, and it is measured."""
    end = time.monotonic() + seconds
    async with asyncio.TaskGroup() as everything:
        for page in pages:
            everything.create_task(page.wander(end))
        everything.create_task(world.suffer(end))
        everything.create_task(report(world, begin, end))
    await agree(world, pages)
    return world.sample()


async def agree(world: World, pages: list[Wanderer]) -> None:
    """Have all pages come to stay, see what a newcomer sees, and leave; nothing that anybody was told is lost."""
    witness = Wanderer(world.port, "witness", FADERS, world.chance)
    here = [witness, *pages]
    for page in here:
        await page.come()
    await until(lambda: all(witness.shows(f"{name}/status") == "online" for name in ("band", "foh")))
    paths = (*FADERS, *MUTES)
    await until(lambda: all(page.shows(path) == witness.shows(path) for page in pages for path in paths))
    number, text = max(page.heard for page in pages)
    kept = {message["id"]: message["text"] for message in world.call("/messages?limit=200")["messages"]}
    assert number == 0 or number < min(kept) or kept[number] == text
    for page in here:
        await page.go()
    await until(lambda: world.call("/health")["clients"] == 0)


async def report(world: World, begin: float, end: float) -> None:
    """Print the size of the server each minute, while it is in use, until the spell's end."""
    while (left := end - time.monotonic()) > 0:
        await asyncio.sleep(min(left, REPORT_SECONDS))
        print(f"{(time.monotonic() - begin) / 60:6.1f} min: {world.sample()}", flush=True)


def growth(samples: list[Sample]) -> Sample:
    """Return what the last third of a life has more than the second, by their medians."""
    middle, last = samples[WARM:-WARM], samples[-WARM:]

    def grown(what: str) -> int:
        before, now = (statistics.median(int(getattr(one, what)) for one in part) for part in (middle, last))
        return round(now - before)

    return Sample(*map(grown, ("memory", "files", "threads")))


def stays_as_small(samples: list[Sample]) -> None:
    """Hold the growth of one life against what a machine's own noise makes."""
    more = growth(samples)
    assert more.memory <= MORE_MEMORY
    assert more.files <= MORE_FILES
    assert more.threads <= MORE_THREADS


def free(kind: socket.SocketKind) -> int:
    """Return a port of loopback that nobody has."""
    with socket.socket(socket.AF_INET, kind) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
