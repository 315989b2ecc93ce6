"""The console of our own: hidden while it is empty, and able to span consoles."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from remote_mixer.desk.change import Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.params import Toggle, Value
from remote_mixer.desk.sources import console
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.house import House, with_house
from tests.desk.desks import ANNE, MUTE_1, online_desk
from tests.support.running import hand, online, running
from tests.support.waiting import until

GROUP = "house/dca1/mute"


class MuteGroup(House):
    """A house with one group, whose mute mutes channel 1 of the band, and which follows what mutes there."""

    def layout(self) -> Layout:
        strip = Strip("dca1", "dca", 1, "Group 1", {"mute": Toggle()})
        return Layout(self.name, self.title, "house", strips=(strip,))

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.seen: list[Cause] = []

    def join(self, desk: Desk) -> None:
        super().join(desk)
        desk.change_listeners.append(self._follow)

    def send(self, path: str, value: Value) -> None:
        self.desk.set({MUTE_1: value}, console(self.name), Cause.GROUP)

    def _follow(self, change: Change) -> None:
        if MUTE_1 in change.after:
            self.seen.append(change.cause)


async def joined_house(desk: Desk, house: House) -> asyncio.Task[None]:
    guard = Guard(house, desk, lambda *_: None, lambda _: None)
    living = asyncio.create_task(guard.live())
    await until(lambda: desk.values[f"{house.name}/status"] == "online")
    return living


async def test_a_house_may_set_params_of_other_consoles_and_follows_their_changes(tmp_path: Path) -> None:
    desk, house = online_desk(), MuteGroup(Setup("house", "", tmp_path))
    living = await joined_house(desk, house)
    desk.set({GROUP: True}, ANNE)
    assert desk.values[MUTE_1] is True
    desk.set({MUTE_1: False}, ANNE)
    assert house.seen == [Cause.GROUP, Cause.HAND]
    assert [layout.name for layout in desk.shown] == ["band", "house"]
    living.cancel()


async def test_an_empty_house_is_on_the_desk_and_nobody_sees_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with running(tmp_path) as app:
        await online(app)
        await until(lambda: app.desk.values["house/status"] == "online")
        async with hand(app, "anne") as anne:
            welcome = await anne.hello()
        assert [layout["name"] for layout in welcome["consoles"]] == ["band"]
        assert [layout.name for layout in app.desk.shown] == ["band"]
        assert "house" not in caplog.text


@pytest.mark.parametrize(
    ("consoles", "added"),
    [
        ([("band", "demo:")], [("house", "house:")]),
        ([("house", "x32:")], [("house2", "house:")]),
        ([("house", "x32:"), ("house2", "demo:")], [("house3", "house:")]),
        ([("band", "demo:"), ("groups", "house:")], []),
    ],
)
def test_there_is_one_house_and_its_nickname_is_free(
    consoles: list[tuple[str, str]], added: list[tuple[str, str]]
) -> None:
    assert with_house(consoles) == [*consoles, *added]


def test_a_house_takes_no_spec(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="takes nothing"):
        House(Setup("house", "something", tmp_path))
