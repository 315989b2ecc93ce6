"""Lost messages repair themselves, on a clock that jumps: each push is lost once, and one in twenty of everything."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import pytest

from remote_mixer.desk import paths
from remote_mixer.drivers.behringer.address_book import PROMPT
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.joined import Joined, joined
from tests.support.virtual import Datagram, VirtualLoop, loop, play

MOST_A_SECOND = 60
SETTLING_SECONDS = 6.0
"""Time after which all looks go round as they will for hours."""
BATCH = 60
PATIENCE_SECONDS = 200.0


class Story:
    """A console that has been open for a while."""

    def __init__(self, there: Joined, loop: VirtualLoop) -> None:
        self.there = there
        self.loop = loop

    @property
    def _console(self) -> Simulator:
        return self.there.simulator

    def lose_push(self, address: str) -> None:
        """Lose the next datagram of a value on its way to us, once."""
        before = self.loop.loses

        def lost(datagram: Datagram) -> bool:
            if datagram.source == self._console.address and datagram.address == address:
                self.loop.loses = before
                return True
            return before(datagram)

        self.loop.loses = lost

    def move(self, address: str) -> None:
        """Move a control of the console somewhere else."""
        stands = self._console.values[address]
        if isinstance(stands, str):
            self._console.move(address, "Other" if stands == "Lost" else "Lost")
        elif isinstance(stands, float):
            self._console.move(address, 0.25 if stands > 0.5 else 0.75)
        else:
            takes = self._console.model.leaves[address].kind.take
            others = (takes(other) for other in (stands ^ 1, stands + 1, stands - 1))
            self._console.move(address, next(other for other in others if other not in {None, stands}))

    def is_right(self, address: str) -> bool:
        known = self.there.lifecycle.conversation.addresses.arguments.get(address)
        return known == pytest.approx(self._console.values[address], abs=1e-6)

    async def repair(self, addresses: Iterable[str]) -> dict[str, float]:
        """Return how long each address was wrong, in seconds."""
        began, took = self.loop.time(), dict[str, float]()
        wrong = set(addresses)
        while wrong:
            assert self.loop.time() - began < PATIENCE_SECONDS, f"never repaired: {sorted(wrong)[:9]}"
            for address in [address for address in wrong if self.is_right(address)]:
                took[address] = self.loop.time() - began
                wrong.discard(address)
            await asyncio.sleep(0.01)
        return took

    def most_sent_in_a_second(self, since: float) -> int:
        """Return the highest number of our datagrams within any one second."""
        ours = [one.at for one in self.loop.sent if one.at >= since and one.source != self._console.address]
        return max((bisect_left(ours, at + 1) - place for place, at in enumerate(ours)), default=0)


@asynccontextmanager
async def opened(data: Path, word: str) -> AsyncIterator[Story]:
    console = Simulator(word, clock=loop().time)
    async with joined(data, word, simulator=console, probe_seconds=1e6) as there:
        await asyncio.sleep(SETTLING_SECONDS)
        assert not there.wrong()
        yield Story(there, loop())


def kinds(there: Joined, among: Callable[[str], bool]) -> list[str]:
    """Return one address of each kind of param: the last of its kind of strips."""
    leaves = there.lifecycle.conversation.addresses.by_path
    found = {}
    for path, leaf in leaves.items():
        strip, param = paths.strip_and_param(path)
        if among(param):
            found[strip.rstrip("0123456789"), param] = leaf.address
    return list(dict.fromkeys(found.values()))


def is_prompt(param: str) -> bool:
    return param in PROMPT


@pytest.mark.parametrize("word", ["x32", "xr12"])
def test_one_lost_push_of_a_fader_mute_or_solo_is_repaired_within_a_second(tmp_path: Path, word: str) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as console:
            for address in kinds(console.there, is_prompt):
                began = console.loop.time()
                console.lose_push(address)
                console.move(address)
                assert (await console.repair([address]))[address] < 1, address
                assert console.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


@pytest.mark.parametrize("word", ["x32", "xr12"])
def test_a_lost_push_of_any_other_value_is_repaired_within_ten_seconds(tmp_path: Path, word: str) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as console:
            addresses = kinds(console.there, lambda param: not is_prompt(param))
            for at in range(0, len(addresses), BATCH):
                for address in addresses[at : at + BATCH]:
                    console.lose_push(address)
                    console.move(address)
                took = await console.repair(addresses[at : at + BATCH])
                assert max(took.values()) < 10, took

    play(story)


@pytest.mark.parametrize("word", ["x32", "xr12"])
def test_at_five_per_cent_loss_a_burst_of_mutes_is_right_within_a_second(tmp_path: Path, word: str) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as console:
            chance = Random(7)
            console.loop.loses = lambda _: chance.random() < 0.05
            mutes = [f"/ch/{n:02}/mix/on" for n in range(1, 13)]
            for _ in range(20):
                began = console.loop.time()
                for address in mutes:
                    console.move(address)
                took = await console.repair(mutes)
                assert max(took.values()) < 1, took
                await asyncio.sleep(2)
                assert console.most_sent_in_a_second(began) <= MOST_A_SECOND

    play(story)


def test_without_snapshots_even_a_change_that_no_datagram_told_is_found(tmp_path: Path) -> None:
    """An X Air on a bad Wi-Fi may lose a push on both slots: the round of looks finds it."""

    async def story() -> None:
        async with opened(tmp_path, "xr12") as console:
            prompt, _ = console.there.lifecycle._reread.periods
            assert "sends no snapshots" in str(console.there.value("diagnostics"))
            for address in ("/bus/2/mix/fader", "/ch/12/mix/fader"):
                console.there.simulator.console.move(address, 0.1)
                assert (await console.repair([address]))[address] < 1.5 * prompt

    play(story)
