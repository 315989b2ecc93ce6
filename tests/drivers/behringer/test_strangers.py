"""Consoles by another hand: whatever habit an emulator has, nothing is set at opening, and what is shown is true."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.drivers.behringer.joined import Joined, joined
from tests.drivers.behringer.strangers import HABITS, Stranger
from tests.support.virtual import play
from tests.support.waiting import until

CASES = [
    *(("xr12", habit) for habit in HABITS),
    *(("x32", habit) for habit in ("answers overtake one another", "no nodes")),
]
"""All habits at the smallest console, and at an X32, which is read by the same rules and takes long, one of each kind.

Whoever changes how an X32 is read runs the others there too: all held on 2026-11-28.
"""
REST_SECONDS = 3.0


def lies(there: Joined) -> list[str]:
    """Return the paths whose value on the page is known and is not the console's."""
    leaves, wrong = there.lifecycle.conversation.addresses.by_path, set(there.wrong())
    return [path for path, leaf in leaves.items() if leaf.address in wrong and there.value(path) is not None]


@pytest.mark.parametrize(("word", "habit"), CASES)
def test_a_console_by_another_hand_opens_is_moved_and_moves_and_nothing_shown_is_wrong(
    tmp_path: Path, habit: str, word: str
) -> None:
    async def story() -> None:
        console = Stranger(word, **HABITS[habit])
        before = dict(console.values)
        async with joined(tmp_path, word, simulator=console) as there:
            await asyncio.sleep(REST_SECONDS)
            assert {address for address, value in before.items() if console.values[address] != value} == set()
            there.set("ch1/fader", 0.5)
            there.set("ch2/mute", True)
            there.set("ch4/name", "Anna")
            await until(lambda: there.stands("/ch/01/mix/fader", 0.5) and not console.values["/ch/02/mix/on"])
            await until(lambda: str(console.values["/ch/04/config/name"]).rstrip() == "Anna" and not there.pending)
            console.move("/ch/03/mix/fader", 0.25)
            console.move("/ch/03/mix/on", 0)
            await until(
                lambda: there.value("ch3/mute") is True and abs(float(there.value("ch3/fader") or 0) - 0.25) < 1e-3
            )
            assert lies(there) == []
            assert there.value("status") == "online"

    play(story)
