"""Unknown values are queried; set values are pending until they have arrived. On a clock that jumps."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import pytest

from remote_mixer.desk.change import Cause
from remote_mixer.desk.params import Value
from remote_mixer.drivers.osc import decode
from remote_mixer.drivers.unconfirmed import STALE_SECONDS
from tests.drivers.behringer.joined import ANNE
from tests.drivers.behringer.story import Story, opened
from tests.support.virtual import play
from tests.support.waiting import until

FADER, MUTE, GROUPS = "/ch/01/mix/fader", "/ch/01/mix/on", "/ch/01/grp/mute"
LONG_SECONDS = 30.0


def forget(story: Story, address: str) -> None:
    """Make an address unknown, as if the console had not given its value yet."""
    addresses = story.page.lifecycle.conversation.addresses
    del addresses.arguments[address]
    for path in addresses.paths(address):
        del addresses.values[path]
        story.page.guard.values({f"band/{path}": None})


def values_sent(story: Story) -> list[str]:
    """Return the addresses of the values that have left for the console."""
    ours = [one for one in story.loop.sent if one.target == story.console.address]
    return [one.address for one in ours if decode(one.data)[1]]


def cut(story: Story, address: str) -> None:
    """Lose all that is sent to an address and all that comes from it, from now on."""
    story.loop.loses = lambda datagram: datagram.address == address


def test_a_hand_on_an_unknown_fader_has_its_value_within_a_few_milliseconds(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            forget(there, FADER)
            there.console.console.move(FADER, 0.9)
            began = there.loop.time()
            there.page.desk.hold("band/ch1/fader", ANNE)
            await until(lambda: there.page.value("ch1/fader") is not None, 1)
            assert there.page.value("ch1/fader") == pytest.approx(0.9, abs=0.001)
            assert there.loop.time() - began < 0.03

    play(story)


def test_a_set_of_an_unknown_value_reaches_the_console_though_the_first_one_is_lost(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            forget(there, MUTE)
            there.loop.loses = lambda datagram: datagram.address == MUTE and len(datagram.data) > len(MUTE) + 4
            there.page.set("ch1/mute", value=True)
            there.loop.loses = lambda _: False
            await until(lambda: there.console.values[MUTE] == 0, 1)
            await until(lambda: not there.page.pending, 1)

    play(story)


@pytest.mark.parametrize("word", ["x32", "xr12"])
def test_a_hands_value_that_is_lost_is_at_the_console_before_the_hand_can_feel_it(tmp_path: Path, word: str) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as there:
            there.loop.loses = lambda datagram: datagram.address == FADER
            there.page.set("ch1/fader", 0.5)
            there.loop.loses = lambda _: False
            began = there.loop.time()
            await until(lambda: there.page.stands(FADER, 0.5), 1)
            assert there.loop.time() - began < 0.02

    play(story)


def test_beside_a_recall_too_a_hands_value_that_is_lost_is_there_before_the_hand_can_feel_it(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "x32") as there:
            recalled = {f"band/ch{channel}/eq/{band}/gain": 0.9 for channel in range(2, 33) for band in range(1, 5)}
            there.page.desk.set(recalled, ANNE, Cause.RECALL)
            there.loop.loses = lambda datagram: datagram.address == FADER
            there.page.set("ch1/fader", 0.5)
            began = there.loop.time()
            await until(lambda: FADER in values_sent(there), 1)
            there.loop.loses = lambda _: False
            await until(lambda: there.page.stands(FADER, 0.5), 1)
            assert there.loop.time() - began < 0.017

    play(story)


def test_a_hand_on_a_strip_into_which_a_recall_writes_does_not_wait_for_the_strips_pace(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "x32") as there:
            recalled = {f"band/ch1/eq/{band}/{local}": 0.9 for band in range(1, 5) for local in ("freq", "gain", "q")}
            there.page.desk.set(recalled, ANNE, Cause.RECALL)
            for moves in range(1, 4):
                began, position = there.loop.time(), 0.2 * moves
                there.page.set("ch1/fader", position)
                await until(partial(there.page.stands, FADER, position), 1)
                assert there.loop.time() - began < 0.01
                await asyncio.sleep(0.05)
            await until(partial(there.page.stands, "/ch/01/eq/4/g", 0.9), 1)

    play(story)


def test_a_hands_value_leaves_twice_and_no_third_time_and_a_recalled_one_once(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            there.page.set("ch1/fader", 0.5)
            there.page.desk.set({"band/ch2/fader": 0.5}, ANNE, Cause.RECALL)
            await asyncio.sleep(1)
            assert sorted(address for address in values_sent(there) if address.endswith("/fader")) == [
                FADER,
                FADER,
                "/ch/02/mix/fader",
            ]

    play(story)


def test_a_hands_value_is_not_sent_again_once_somebody_at_the_console_has_moved_the_same(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            there.page.set("ch1/fader", 0.5)
            await asyncio.sleep(0.004)
            assert there.page.stands(FADER, 0.5)
            there.console.move(FADER, 0.9)
            await asyncio.sleep(1)
            assert there.page.value("ch1/fader") == pytest.approx(0.9, abs=0.001)
            assert there.page.stands(FADER, 0.9)

    play(story)


def test_a_bit_of_an_unknown_mask_waits_for_the_mask_and_leaves_the_others_bits(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            forget(there, GROUPS)
            there.console.console.move(GROUPS, 0b1000)
            there.page.set("ch1/mutegroup/1", value=True)
            await until(lambda: there.console.values[GROUPS] == 0b1001, 1)
            await until(lambda: not there.page.pending, 1)

    play(story)


def test_a_write_that_nothing_confirms_stays_pending_for_as_long_as_that_lasts(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            cut(there, MUTE)
            there.page.set("ch1/mute", value=True)
            await asyncio.sleep(LONG_SECONDS)
            assert there.page.pending == {"band/ch1/mute"}
            there.loop.loses = lambda _: False
            await until(lambda: not there.page.pending, 3)
            assert there.page.value("ch1/mute") is False, "the console's own value: the write is too old by now"

    play(story)


@pytest.mark.parametrize("word", ["x32", "xr12"])
def test_after_a_link_that_stood_still_no_older_value_is_shown_in_place_of_the_one_that_was_set(
    tmp_path: Path, word: str
) -> None:
    async def story() -> None:
        async with opened(tmp_path, word) as there:
            shown: list[Value] = []
            there.page.desk.change_listeners.append(
                lambda change: shown.extend(value for path, value in change.after.items() if path == "band/ch1/fader")
            )
            there.page.set("ch1/fader", 0.25)
            await until(lambda: there.page.stands(FADER, 0.25) and not there.page.pending, 1)
            there.page.lifecycle.conversation.ask_first(FADER)  # as a look does, right before the hand
            there.loop.still = there.loop.time() + STALE_SECONDS + 1
            there.page.set("ch1/fader", 0.75)
            await asyncio.sleep(2 * STALE_SECONDS + 1)
            assert there.page.stands(FADER, 0.75)
            assert shown == pytest.approx([0.25, 0.75], abs=0.001)
            assert not there.page.pending

    play(story)


def test_a_write_to_an_address_that_never_answers_is_pending_and_its_value_not_known(tmp_path: Path) -> None:
    async def story() -> None:
        async with opened(tmp_path, "xr12") as there:
            forget(there, MUTE)
            cut(there, MUTE)
            there.page.set("ch1/mute", value=True)
            await asyncio.sleep(LONG_SECONDS)
            assert there.page.pending == {"band/ch1/mute"}
            assert there.page.value("ch1/mute") is None

    play(story)
