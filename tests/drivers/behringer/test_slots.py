"""The look whether the console tells us anything changes a colour for a moment, and undoes nobody's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from remote_mixer.drivers.behringer.table import COLOR
from remote_mixer.simulator.osc import Argument, Message
from tests.drivers.behringer.joined import Joined, joined
from tests.support.waiting import until

WITNESS = "/dca/4/config/color"
THEIRS = 9


def another_hand(there: Joined, monkeypatch: pytest.MonkeyPatch, moment: str, which: int) -> None:
    """Have somebody change the witness right before or after the console takes one of our changes of it."""
    take, taken = there.simulator.console.set, list[tuple[Argument, ...]]()

    def move(moment_now: str) -> None:
        if (moment_now, len(taken)) == (moment, which):
            there.simulator.move(WITNESS, THEIRS)

    def taking(address: str, arguments: tuple[Argument, ...]) -> list[Message]:
        if address == WITNESS:
            taken.append(arguments)
            move("before")
            asyncio.get_running_loop().call_soon(move, "after")
        return take(address, arguments)

    monkeypatch.setattr(there.simulator.console, "set", taking)


def stands_as_they_wanted(there: Joined) -> bool:
    return there.simulator.values[WITNESS] == THEIRS and there.value("dca4/color") == COLOR.param.choices[THEIRS]


@pytest.mark.parametrize("which", [1, 2], ids=["our change", "our putting back"])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_colour_that_somebody_gives_meanwhile_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, which: int
) -> None:
    async with joined(tmp_path) as there:
        await until(lambda: not there.lifecycle._slots._one_at_a_time.locked())
        another_hand(there, monkeypatch, moment, which)
        assert await there.lifecycle._slots.notified()
        await until(lambda: stands_as_they_wanted(there))


async def test_a_colour_that_we_were_not_told_of_stays(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        await until(lambda: not there.lifecycle._slots._one_at_a_time.locked())
        there.simulator.console.move(WITNESS, THEIRS)  # and nobody is told
        assert await there.lifecycle._slots.notified()
        await until(lambda: stands_as_they_wanted(there))


async def test_a_colour_given_on_our_own_page_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with joined(tmp_path) as there:
        await until(lambda: not there.lifecycle._slots._one_at_a_time.locked())
        wanted = COLOR.param.choices[THEIRS]
        looking = asyncio.create_task(there.lifecycle._slots.notified())
        await until(lambda: there.simulator.values[WITNESS] != there.lifecycle.conversation.addresses.standing[WITNESS])
        there.set("dca4/color", wanted)
        assert await looking
        await until(lambda: stands_as_they_wanted(there) and not there.pending)
