"""The fifth sentence of the truth on every console: one lost message is repaired by itself. On a clock that jumps.

A fader, mute or solo of a visible strip within a second, anything within ten: what a hand sets and the console does
not get, and what the console says and nobody hears.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from remote_mixer.desk.params import Value
from tests.drivers.far_ends import FAR_ENDS
from tests.drivers.losses import LOSSES, PROMPT, ArdourLosses, Losses
from tests.drivers.test_every_driver import living
from tests.support.virtual import loop, play
from tests.support.waiting import until

WITHOUT_A_LINE = {"builtin", "demo", "remote-mixer", "mqtt", "mqtts"}
"""Consoles whose memory is ours, or whose line is TCP, which is whole or broken: no single message is lost."""
SETTLING_SECONDS = 6.0
"""Time after which all looks go round as they will for hours."""
PROMPT_SECONDS, ALL_SECONDS = 1.0, 10.0
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.01
ROUNDS = 20


@asynccontextmanager
async def lossy(word: str, data: Path) -> AsyncIterator[Losses]:
    """A console that has been open for a while, at the end of a line that loses what a test wants lost."""
    async with living(word, data, calm=True) as joined:
        await asyncio.sleep(SETTLING_SECONDS)
        yield LOSSES[word](joined)


async def repair(wanted: Mapping[str, Value], is_right: Callable[[str, Value], bool]) -> dict[str, float]:
    """Return how long each param was wrong at the console or on the page, in seconds."""
    began, took = loop().time(), dict[str, float]()
    while wrong := wanted.keys() - took.keys():
        took |= {local: loop().time() - began for local in wrong if is_right(local, wanted[local])}
        assert loop().time() - began < PATIENCE_SECONDS, f"never repaired: {wrong}"
        await asyncio.sleep(LOOK_SECONDS)
    return took


async def one_lost(there: Losses, lose: Callable[[str], None], move: Callable[[str, Value], None], local: str) -> float:
    """Lose one message of a move; return how long its param was wrong."""
    await there.ready()
    value, before = there.another(local), there.lost
    lose(local)
    move(local, value)
    took = await repair({local: value}, there.is_right)
    assert there.lost == before + 1, f"{local}: no message was lost"
    return took[local]


async def let_go(there: Losses, local: str) -> None:
    """Move a param, and lose the message by which the hand lets go of it."""
    await there.ready()
    before = there.lost
    there.lose_end(local)
    there.set(local, there.another(local))
    await until(lambda: there.lost > before and not there.is_held(), PROMPT_SECONDS)


def limit(local: str) -> float:
    return PROMPT_SECONDS if local in PROMPT else ALL_SECONDS


def test_every_driver_with_a_line_is_here() -> None:
    assert LOSSES.keys() | WITHOUT_A_LINE == FAR_ENDS.keys()


@pytest.mark.parametrize("word", LOSSES)
def test_what_a_hand_sets_arrives_though_its_message_is_lost(word: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with lossy(word, tmp_path) as there:
            for local in there.kinds():
                assert await one_lost(there, there.lose_order, there.set, local) < limit(local), local

    play(story)


@pytest.mark.parametrize("word", [word for word, losses in LOSSES.items() if losses.pushes])
def test_what_moves_at_the_console_shows_though_its_message_is_lost(word: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with lossy(word, tmp_path) as there:
            for local in there.kinds():
                most = there.push_seconds if local in PROMPT else ALL_SECONDS
                assert await one_lost(there, there.lose_push, there.move, local) < most, local

    play(story)


@pytest.mark.parametrize("word", ["ardour", "mackie"])
def test_what_a_hand_sets_is_confirmed_though_what_the_console_says_of_it_is_lost(word: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with lossy(word, tmp_path) as there:
            there.set("fader", there.another("fader"))
            driver = there.joined.far_end.driver
            await until(lambda: driver.confirms(there.joined.far_end.fader))  # some have to see one echo first
            for local in there.kinds():
                assert await one_lost(there, there.lose_push, there.set, local) < limit(local), local

    play(story)


def test_what_moves_in_ardour_shows_within_ten_seconds_though_two_messages_in_a_row_are_lost(tmp_path: Path) -> None:
    async def story() -> None:
        async with lossy("ardour", tmp_path) as there:
            assert isinstance(there, ArdourLosses)
            for local in there.kinds():
                value, before = there.another(local), there.lost
                there.lose_told(local, 2)
                there.move(local, value)
                took = await repair({local: value}, there.is_right)
                assert there.lost == before + 2
                assert took[local] < ALL_SECONDS, local

    play(story)


@pytest.mark.parametrize("word", [word for word, losses in LOSSES.items() if losses.ends])
def test_what_a_hand_lets_go_of_is_not_held_at_the_console_though_that_message_is_lost(
    word: str, tmp_path: Path
) -> None:
    async def story() -> None:
        async with lossy(word, tmp_path) as there:
            for local in there.ends:
                await let_go(there, local)
                value = there.another(local)
                there.move(local, value)
                took = await repair({local: value}, there.is_right)
                assert took[local] < PROMPT_SECONDS, f"{local}: what moves there is shown again"

    play(story)


@pytest.mark.parametrize("word", [word for word, losses in LOSSES.items() if not losses.pushes])
def test_a_driver_whose_console_cannot_be_asked_says_so(word: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with lossy(word, tmp_path) as there:
            assert not there.joined.far_end.driver.query(there.joined.far_end.fader)

    play(story)


@pytest.mark.parametrize("word", LOSSES)
def test_at_five_per_cent_loss_both_ways_page_and_console_agree_in_the_end(word: str, tmp_path: Path) -> None:
    """Two or three messages in a row may be lost: everything has twice its time."""

    async def story() -> None:
        async with lossy(word, tmp_path) as there:
            there.lose_share(0.05)
            locals_ = [local for local in there.kinds() if local in (*PROMPT, "pan")]
            longest = dict.fromkeys(locals_, 0.0)
            for turn in range(ROUNDS):
                await there.ready()
                wanted = {local: there.another(local) for local in locals_}
                for place, (local, value) in enumerate(wanted.items()):
                    by_console = there.pushes and (turn + place) % 2
                    (there.move if by_console else there.set)(local, value)
                took = await repair(wanted, there.agrees)
                longest = {local: max(longest[local], took[local]) for local in locals_}
            print(word, {local: round(seconds, 2) for local, seconds in longest.items()})
            for local, seconds in longest.items():
                assert seconds < 2 * (max(limit(local), there.push_seconds) if local in PROMPT else ALL_SECONDS)

    play(story)
