"""The console of our own: hidden while it is empty, and able to span consoles."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.params import Position, Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.sources import Source
from remote_mixer.desk.tapers import FADER, Taper
from remote_mixer.drivers import demo
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.demo import Demo
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.house import MOST_OF_A_KIND, House, with_house
from tests.desk.desks import ANNE, online_desk
from tests.support.running import hand, online, running
from tests.support.waiting import until

DCA, MUTES = "house/dca1", "house/mutegroup/1"
BAND, FOH = "band/ch1/fader", "foh/ch1/fader"
TWO = (("band", "demo:"), ("foh", "demo:"))


async def house_of(app: App) -> None:
    """Wait until all consoles are online."""
    for name in ("band", "foh", "house"):
        await online(app, name)


async def act(app: App, action: str, **arguments: object) -> None:
    await on_loop(app, app.hub.act("house", action, arguments, ANNE))


async def set_values(app: App, values: dict[str, Value], source: Source = ANNE) -> None:
    async def at_the_door() -> None:
        app.desk.set(values, source)

    await on_loop(app, at_the_door())


async def on_loop(app: App, work: Coroutine[Any, Any, None]) -> None:
    """Do some work in the server's loop."""
    await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, app.loop))


async def make_groups(app: App) -> None:
    """Make a DCA and a mute group with a member on each console."""
    await house_of(app)
    await act(app, "add", kind="dca", name="Drums", color="red")
    await act(app, "add", kind="mutegroup", name="Talk")
    await set_values(app, {f"{DCA}/members": "band/ch1 foh/ch1", f"{MUTES}/members": "band/ch2 foh/ch2"})


def level(app: App, path: str) -> float:
    position = app.desk.values[path]
    assert isinstance(position, float)
    return FADER.to_unit(position)


async def test_groups_come_and_go_and_have_names_and_colours(tmp_path: Path) -> None:
    with running(tmp_path, *TWO) as app:
        await make_groups(app)
        values = app.desk.values
        assert (values[f"{DCA}/name"], values[f"{DCA}/color"], values[f"{DCA}/fader"]) == ("Drums", "red", 0.75)
        assert (values[f"{MUTES}/name"], values[MUTES]) == ("Talk", False)
        await act(app, "add", kind="dca")
        await act(app, "remove", group="dca1")
        assert [strip.id for strip in app.desk.layouts["house"].strips] == ["dca2"]
        await act(app, "add", kind="dca")
        assert (values["house/dca3/name"], values["house/dca3/members"]) == ("", "")
        for group in ("dca2", "dca3", MUTES):
            await act(app, "remove", group=group)
        house = app.desk.layouts["house"]
        assert not house.strips
        assert {path for path in house.params if path.endswith("/exists")} == {
            f"{group}/exists" for group in ("dca1", "dca2", "dca3", "mutegroup/1")
        }


async def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    with running(tmp_path, *TWO) as app:
        await make_groups(app)
        await set_values(app, {MUTES: True})
        with pytest.raises(Refusal, match="turn it off first"):
            await act(app, "remove", group="mutegroup/1")
        with pytest.raises(Refusal, match="no group “dca7”"):
            await act(app, "catch_up", group="dca7")
        for _ in range(MOST_OF_A_KIND - 1):
            await act(app, "add", kind="dca")
        with pytest.raises(Refusal, match="already"):
            await act(app, "add", kind="dca")
        with pytest.raises(Refusal, match="group itself"):
            await set_values(app, {f"{DCA}/members": "house/dca2"})


async def test_members_on_two_consoles_move_by_the_same_db_and_arrive_there(tmp_path: Path) -> None:
    with running(tmp_path, *TWO) as app:
        await make_groups(app)
        await set_values(app, {BAND: FADER.to_position(-5)})
        await set_values(app, {f"{DCA}/fader": FADER.to_position(-10)})
        assert [level(app, BAND), level(app, FOH)] == pytest.approx([-15, -10], abs=0.01)
        ends = [driver.console.values for driver in app.drivers if isinstance(driver, Demo)]
        assert [ends[0][BAND], ends[1][FOH]] == [app.desk.values[BAND], app.desk.values[FOH]]


async def test_groups_their_ratios_and_their_mutes_outlive_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, *TWO) as app:
        await make_groups(app)
        await set_values(app, {f"{DCA}/fader": 0.0, MUTES: True})
        assert app.desk.values[BAND] == 0.0
        kept = [dict(driver.console.values) for driver in app.drivers if isinstance(driver, Demo)]
    monkeypatch.setattr(demo, "_first_values", lambda layout: kept[layout.name == "foh"])  # the consoles stayed on
    with running(tmp_path, *TWO) as app:
        await house_of(app)
        await until(lambda: app.desk.values["house/muted"] == "band/ch2 foh/ch2")
        assert app.desk.values[f"{DCA}/members"] == "band/ch1 foh/ch1"
        await set_values(app, {f"{DCA}/fader": 0.75, MUTES: False})
        assert (app.desk.values[BAND], app.desk.values[FOH]) == (0.75, 0.75)
        assert (app.desk.values["band/ch2/mute"], app.desk.values["foh/ch2/mute"]) == (False, False)


async def test_a_member_that_was_offline_catches_up_when_somebody_wants_it(tmp_path: Path) -> None:
    with running(tmp_path, *TWO) as app:
        await make_groups(app)
        foh = next(driver for driver in app.drivers if driver.name == "foh")
        assert isinstance(foh, Demo)
        app.loop.call_soon_threadsafe(foh.console.unplug)
        await until(lambda: app.desk.values["foh/status"] == "offline")
        await set_values(app, {f"{DCA}/fader": 0.5, MUTES: True})
        app.loop.call_soon_threadsafe(foh.console.plug)
        await online(app, "foh")
        await until(lambda: app.desk.values[f"{DCA}/behind"] == "foh/ch1")
        assert app.desk.values[f"{MUTES}/behind"] == "foh/ch2"
        assert (app.desk.values[FOH], app.desk.values["foh/ch2/mute"]) == (0.75, False)
        await act(app, "catch_up", group=DCA)
        await act(app, "catch_up", group=MUTES)
        await until(lambda: (app.desk.values[FOH], app.desk.values["foh/ch2/mute"]) == (0.5, True))
        await until(lambda: app.desk.values[f"{DCA}/behind"] == app.desk.values[f"{MUTES}/behind"] == "")


async def test_a_hand_on_a_dca_first_asks_for_members_that_are_only_remembered(tmp_path: Path) -> None:
    with running(tmp_path, *TWO) as app:
        await make_groups(app)
        foh = next(driver for driver in app.drivers if driver.name == "foh")
        assert isinstance(foh, Demo)

        async def hold() -> None:
            assert foh.console.report
            foh.console.values[FOH] = 0.5  # unseen
            foh.console.report.remembered(frozenset({FOH}))
            app.desk.hold(f"{DCA}/fader", ANNE)
            app.desk.set({f"{DCA}/fader": FADER.to_position(-5)}, ANNE)
            app.desk.release(f"{DCA}/fader", ANNE)

        await on_loop(app, hold())
        assert level(app, FOH) == pytest.approx(-15, abs=0.01)


async def test_members_of_a_console_that_is_gone_are_named_and_kept(tmp_path: Path) -> None:
    with running(tmp_path, *TWO) as app:
        await make_groups(app)
    with running(tmp_path) as app:
        await online(app)
        await until(lambda: app.desk.values.get(f"{DCA}/missing") == "foh/ch1")
        assert app.desk.values[f"{MUTES}/missing"] == "foh/ch2"
        await set_values(app, {f"{DCA}/fader": 0.5})
        assert app.desk.values[BAND] == 0.5
    with running(tmp_path, *TWO) as app:
        await house_of(app)
        await until(lambda: app.desk.values[f"{DCA}/missing"] == "")
        await set_values(app, {f"{DCA}/fader": 0.25})
        assert level(app, FOH) == pytest.approx(-20, abs=0.01)


async def test_a_member_without_db_is_marked_as_moved_by_position(tmp_path: Path) -> None:
    desk = online_desk()
    plain = Strip("ch1", "channel", 1, "Ch 1", {"fader": Position("plain", 0.7, steps=128)})
    desk.add(Layout("daw", "DAW", "test", {"plain": Taper("", ((0, 0), (1, 1)))}, {}, (plain,)), {})
    house = House(Setup("house", "", tmp_path, {"house/groups": "dca1", f"{DCA}/members": "daw/ch1 band/ch1"}))
    living = await joined_house(desk, house)
    assert desk.values[f"{DCA}/by_position"] == "daw/ch1"
    living.cancel()


async def joined_house(desk: Desk, house: House) -> asyncio.Task[None]:
    guard = Guard(house, desk, lambda *_: None, lambda _: None)
    living = asyncio.create_task(guard.live())
    await until(lambda: desk.values[f"{house.name}/status"] == "online")
    return living


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
