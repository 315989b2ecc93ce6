"""Twenty members on two consoles follow a DCA at 60 Hz, on a lossy line: paces are kept, and ratios to half a step."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from remote_mixer.desk import paths
from remote_mixer.desk.params import Position, Value
from remote_mixer.desk.tapers import FADER
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.demo import Demo
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.house import House
from tests.drivers.behringer.joined import ANNE
from tests.drivers.behringer.story import Story, opened
from tests.support.virtual import play
from tests.support.waiting import until

MEMBERS = tuple(f"{console}/ch{number}" for console in ("band", "demo") for number in range(1, 11))
"""The X32 is `band`."""
DCA = "house/dca1"
FRAME_SECONDS = 1 / 60
WALK_SECONDS = 6.0
REPAIR_SECONDS = 10.0
QUIET_SECONDS = 2.0


class Two:
    """A simulated X32, a console in memory, and a DCA over ten strips of each."""

    def __init__(self, there: Story, demo: Demo) -> None:
        self.there, self.desk, self.demo = there, there.page.desk, demo

    def level(self, path: str) -> float:
        position = self.desk.values[path]
        assert isinstance(position, float)
        return FADER.to_unit(position)

    def at_console(self, member: str) -> float:
        """Return where a member's fader stands at its own console."""
        number = member.removeprefix("band/ch").removeprefix("demo/ch")
        if member.startswith("band"):
            return float(self.there.console.values[f"/ch/{int(number):02}/mix/fader"])
        return float(self.demo.console.values[f"{member}/fader"] or 0)

    async def walk(self, chance: Random, seconds: float, each: Callable[[], None] = lambda: None) -> None:
        """Move the DCA 60 times a second by random steps, sometimes to an end of its travel."""
        fader = f"{DCA}/fader"
        self.desk.hold(fader, ANNE)
        position = 0.75
        for _ in range(int(seconds / FRAME_SECONDS)):
            position = min(1.0, max(0.0, position + chance.gauss(0, 0.03)))
            if chance.random() < 0.01:
                position = chance.choice((0.0, 1.0))
            self.desk.set({fader: position}, ANNE)
            each()
            await asyncio.sleep(FRAME_SECONDS)
        self.desk.release(fader, ANNE)


@asynccontextmanager
async def two_consoles(data: Path) -> AsyncIterator[Two]:
    async with opened(data, "x32") as there:
        demo, house = Demo(Setup("demo", "16", data)), House(Setup("house", "", data))
        guards = [Guard(driver, there.page.desk, lambda *_: None, lambda _: None) for driver in (demo, house)]
        demo.console.metering = False
        tasks = [asyncio.create_task(guard.live()) for guard in guards]
        two = Two(there, demo)
        for name in ("demo", "house"):
            await until(lambda name=name: two.desk.values[paths.status(name)] == "online")  # type: ignore[misc]
        await guards[1].act("add", {"kind": "dca"})
        two.desk.set({f"{DCA}/members": " ".join(MEMBERS)}, ANNE)
        yield two
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


@pytest.mark.parametrize("loss", [0.0, 0.05, 0.2])
def test_ratios_hold_to_half_a_step_after_a_random_walk_with_loss(tmp_path: Path, loss: float) -> None:
    async def story() -> None:
        async with two_consoles(tmp_path) as two:
            chance = Random(loss)
            starts = {member: chance.uniform(0.3, 0.95) for member in MEMBERS}
            two.desk.set({f"{member}/fader": at for member, at in starts.items()}, ANNE)
            await asyncio.sleep(QUIET_SECONDS)
            own = {member: two.level(f"{member}/fader") for member in MEMBERS}
            two.there.loop.loses = lambda _: chance.random() < loss
            for rest in (-8.0, 3.0):
                await two.walk(chance, WALK_SECONDS)
                two.desk.set({f"{DCA}/fader": FADER.to_position(rest)}, ANNE)
                await asyncio.sleep(REPAIR_SECONDS)
                for member in MEMBERS:
                    wanted = FADER.to_position(own[member] + two.level(f"{DCA}/fader"))
                    param = two.desk.param(f"{member}/fader")
                    assert isinstance(param, Position)
                    assert param.same(param.check(wanted), two.desk.values[f"{member}/fader"]), member
                    assert abs(two.at_console(member) - wanted) <= 0.5 / 1023 + 1e-4, member

    play(story)


def test_each_console_gets_no_more_than_its_pace(tmp_path: Path) -> None:
    async def story() -> None:
        async with two_consoles(tmp_path) as two:
            sent: Counter[str] = Counter()
            timing, most_waiting = two.there.page.driver.timing, 0
            before = two.there.page.driver.send

            def count(path: str, value: Value) -> None:
                sent[paths.strip_of(path)] += 1
                before(path, value)

            two.there.page.driver.send = count  # type: ignore[method-assign] # counts beside the driver's own

            def look() -> None:
                nonlocal most_waiting
                most_waiting = max(most_waiting, two.there.page.guard.under_way[0])

            await two.walk(Random(3), WALK_SECONDS, look)
            assert sent.total() <= timing.set_rate * WALK_SECONDS * 1.05
            assert max(sent.values()) <= timing.strip_rate * WALK_SECONDS * 1.05 + 1
            assert most_waiting <= len(MEMBERS) / 2, "the newest value of each strip waits, and nothing else"
            assert min(sent[member] for member in MEMBERS if member.startswith("band")) > 0.5 * max(sent.values())

    play(story)
