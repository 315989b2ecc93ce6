"""Groups over consoles at the wire: one move of a person with undo, scenes that double nothing, pastes, refusals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.app import App
from remote_mixer.desk.sections import SECTIONS
from remote_mixer.desk.tapers import FADER
from tests.hub.scenes import do, over
from tests.hub.test_history import undo
from tests.support.people import host, invited
from tests.support.running import Hand, joined, online, running
from tests.support.waiting import until

DCA, MUTES = "house/dca1", "house/mutegroup/1"
BAND, FOH, DCA_FADER = "band/ch1/fader", "foh/ch1/fader", "house/dca1/fader"
LOW = 0.5
"""Ten dB below where all faders stand at first."""


@pytest.fixture
def grouped(tmp_path: Path) -> Iterator[App]:
    """Run the program with two consoles, and a DCA and a mute group with a member on each."""
    with running(tmp_path, ("band", "demo:"), ("foh", "demo:")) as app:
        yield app


async def groups(app: App) -> None:
    for name in ("band", "foh", "house"):
        await online(app, name)
    for kind, members in (("dca", "band/ch1 foh/ch1"), ("mutegroup", "band/ch2 foh/ch2")):
        assert host(app).call("POST", "/consoles/house/add", {"kind": kind}).status == 200
        group = DCA if kind == "dca" else MUTES
        assert host(app).call("PUT", f"/params/{group}/members", {"value": members}).status == 200


async def set_values(page: Hand, values: dict[str, Any]) -> None:
    await page.send(type="set", id=1, values=values)
    await page.until("ok", id=1)


async def acts(page: Hand, action: str, arguments: dict[str, Any]) -> None:
    """Run an action of the groups' console."""
    await page.send(type="act", id=2, console="house", action=action, **{"with": arguments})
    await page.until("ok", id=2)


async def stand(app: App, **positions: float) -> None:
    """Wait until the DCA and its members stand there."""
    wanted = {DCA_FADER: positions["dca"], BAND: positions["band"], FOH: positions["foh"]}
    await until(lambda: {path: app.desk.values[path] for path in wanted} == pytest.approx(wanted))


async def test_a_drag_of_a_dca_is_one_move_that_undo_takes_back_with_its_members(grouped: App) -> None:
    await groups(grouped)
    async with joined(grouped, "anne") as anne:
        await anne.send(type="hold", path=DCA_FADER)
        for position in (0.7, 0.6, LOW):
            await set_values(anne, {DCA_FADER: position})
        await anne.send(type="release", path=DCA_FADER)
        await stand(grouped, dca=LOW, band=LOW, foh=LOW)
        move = (await undo(anne))["move"]
        assert set(move["values"]) == {DCA_FADER, BAND, FOH}
        await stand(grouped, dca=0.75, band=0.75, foh=0.75)
        newest = host(grouped).call("GET", "/history?limit=2").json["moves"]
        assert [(one["cause"], one["by"]["name"]) for one in newest] == [("group", "Anne"), ("undo", "Anne")]
        await undo(anne, "redo")
        await stand(grouped, dca=LOW, band=LOW, foh=LOW)


async def test_sets_of_a_dca_without_a_hold_are_one_move(grouped: App) -> None:
    await groups(grouped)
    async with joined(grouped, "anne") as anne:
        for position in (0.7, 0.0, 0.0, LOW):
            await set_values(anne, {DCA_FADER: position})
        assert (await undo(anne))["move"]["values"][BAND] == [LOW, 0.75]


async def test_making_and_deleting_a_group_are_moves_that_undo_takes_back_with_all_that_it_has(grouped: App) -> None:
    await groups(grouped)
    values, made, named = grouped.desk.values, "house/dca2", {"kind": "dca", "name": "Brass", "color": "red"}
    async with joined(grouped, "anne") as anne, joined(grouped, "bob") as bob:
        await acts(anne, "add", named)
        await set_values(anne, {f"{made}/members": "band/ch3 foh/ch3"})
        await set_values(anne, {f"{made}/fader": LOW})
        await set_values(bob, {"band/ch1/mute": True})
        for _ in range(3):  # its fader, its members, itself
            await undo(anne)
        await until(lambda: f"{made}/members" not in values and values["band/ch3/fader"] == 0.75)
        for _ in range(3):
            await undo(anne, "redo")
        await until(lambda: values.get(f"{made}/fader") == values["foh/ch3/fader"] == LOW)
        await acts(anne, "remove", {"group": made})
        assert f"{made}/members" not in values
        assert (await undo(anne))["move"]["values"] == {f"{made}/exists": [False, True]}
        wanted = {"name": "Brass", "color": "red", "members": "band/ch3 foh/ch3", "fader": LOW}
        assert {local: values[f"{made}/{local}"] for local in wanted} == wanted
        assert (values["band/ch3/fader"], values["foh/ch3/fader"]) == (LOW, LOW), "nothing moves"
        assert values["band/ch1/mute"] is True, "what Bob did is not Anne's to take back"


async def test_a_group_that_is_on_is_not_deleted_by_an_undo_and_its_switch_goes_back(grouped: App) -> None:
    await groups(grouped)
    values, made = grouped.desk.values, "house/mutegroup/2"
    async with joined(grouped, "anne") as anne, joined(grouped, "bob") as bob:
        await acts(anne, "add", {"kind": "mutegroup"})
        await set_values(bob, {f"{made}/members": "band/ch3", made: True})
        await undo(anne)
        await until(lambda: values[f"{made}/exists"] is True)
        assert (values[made], values["band/ch3/mute"]) == (True, True)


async def test_no_scene_makes_or_deletes_a_group(grouped: App) -> None:
    await groups(grouped)
    async with joined(grouped, "anne") as anne:
        scene = (await do(anne, "store", name="All"))["scene"]["id"]
        await acts(anne, "remove", {"group": DCA})
        await set_values(anne, {"band/ch5/fader": LOW})
        recall = (await do(anne, "recall", scene=scene, scope={"sections": list(SECTIONS)}))["recall"]
        await over(anne, recall["recall"])
        assert grouped.desk.values["band/ch5/fader"] == 0.75
        assert DCA_FADER not in grouped.desk.values


async def test_an_undo_leaves_a_member_that_somebody_moved_since(grouped: App) -> None:
    await groups(grouped)
    async with joined(grouped, "anne") as anne, joined(grouped, "bob") as bob:
        await set_values(anne, {DCA_FADER: LOW})
        await set_values(bob, {BAND: 0.3})
        done = await undo(anne)
        assert [(one["path"], one["by"]) for one in done["skipped"]] == [(BAND, "Bob")]
        await stand(grouped, dca=0.75, band=0.3, foh=0.75)
        await set_values(anne, {DCA_FADER: 0.8})
        assert FADER.to_unit(grouped.desk.values[BAND]) == pytest.approx(-24, abs=0.01)  # type: ignore[arg-type]


@pytest.mark.parametrize("fade", [0, 0.2])
async def test_a_scene_of_all_sets_members_to_its_own_values_and_not_twice(grouped: App, fade: float) -> None:
    await groups(grouped)
    async with joined(grouped, "anne") as anne:
        await set_values(anne, {DCA_FADER: LOW, MUTES: True})
        number = (await do(anne, "store", name="Quiet"))["scene"]["id"]
        await set_values(anne, {DCA_FADER: 0.75, MUTES: False})
        await stand(grouped, dca=0.75, band=0.75, foh=0.75)
        preview = await do(anne, "preview", scene=number)
        assert preview["values"][BAND] == [0.75, LOW]
        recall = (await do(anne, "recall", scene=number, fade=fade))["recall"]
        await over(anne, recall["recall"])
        await stand(grouped, dca=LOW, band=LOW, foh=LOW)
        await until(lambda: grouped.desk.values["house/muted"] == "band/ch2 foh/ch2")
        await set_values(anne, {DCA_FADER: 0.75, MUTES: False})
        await stand(grouped, dca=0.75, band=0.75, foh=0.75)
        assert (grouped.desk.values["band/ch2/mute"], grouped.desk.values["foh/ch2/mute"]) == (False, False)


async def test_a_recall_of_groups_alone_moves_their_members_as_a_hand_would(grouped: App) -> None:
    await groups(grouped)
    async with joined(grouped, "anne") as anne:
        await set_values(anne, {DCA_FADER: LOW, MUTES: True})
        number = (await do(anne, "store", name="Quiet"))["scene"]["id"]
        await set_values(anne, {DCA_FADER: 0.75, MUTES: False, BAND: 0.5})
        host(grouped).call("PUT", "/safes/foh/ch1", {"sections": ["levels"]})
        scope = {"consoles": None, "strips": None, "sections": ["groups"]}
        preview = await do(anne, "preview", scene=number, scope=scope)
        assert preview["values"][BAND] == [0.5, 0.375]
        assert preview["stays"]["foh/ch1/fader"]["verdict"] == "safe"
        recall = (await do(anne, "recall", scene=number, scope=scope))["recall"]
        await over(anne, recall["recall"])
        await stand(grouped, dca=LOW, band=0.375, foh=0.75)
        assert (grouped.desk.values["band/ch2/mute"], grouped.desk.values["foh/ch2/mute"]) == (True, True)
        await undo(anne)
        await stand(grouped, dca=0.75, band=0.5, foh=0.75)
        assert grouped.desk.values["band/ch2/mute"] is False


async def test_a_recall_of_levels_leaves_the_dcas(grouped: App) -> None:
    await groups(grouped)
    async with joined(grouped, "anne") as anne:
        number = (await do(anne, "store", name="Loud"))["scene"]["id"]
        await set_values(anne, {DCA_FADER: LOW})
        scope = {"consoles": None, "strips": None, "sections": ["levels", "mutes"]}
        recall = (await do(anne, "recall", scene=number, scope=scope))["recall"]
        await over(anne, recall["recall"])
        await stand(grouped, dca=LOW, band=0.75, foh=0.75)


async def test_a_paste_on_a_dca_takes_its_members_along(grouped: App) -> None:
    await groups(grouped)
    async with joined(grouped, "anne") as anne:
        await anne.send(type="paste", id=4, values={DCA_FADER: LOW})
        await anne.until("ok", id=4)
        await stand(grouped, dca=LOW, band=LOW, foh=LOW)


async def test_a_paste_that_a_dca_does_not_take_moves_no_member(grouped: App) -> None:
    await groups(grouped)
    async with joined(grouped, "anne") as anne, joined(grouped, "bob") as bob:
        for value in (10**400, float("nan"), None, [1], "loud"):
            await anne.send(type="paste", id=4, values={DCA_FADER: value})
            assert (await anne.until("error", id=4))["code"] == "bad-value", value
        for members in ("////", "a", 5, "band/ch2 " * 2000):
            await anne.send(type="paste", id=4, values={f"{DCA}/members": members, f"{DCA}/mute": True})
            skipped = (await anne.until("ok", id=4))["skipped"]
            assert [one["path"] for one in skipped] == [f"{DCA}/members"], members
            await anne.send(type="paste", id=5, values={f"{DCA}/mute": False})
            await anne.until("ok", id=5)
        await bob.send(type="hold", path=DCA_FADER)
        await anne.until("held", path=DCA_FADER)
        await anne.send(type="paste", id=6, values={DCA_FADER: LOW})
        assert (await anne.until("error", id=6))["code"] == "held"
        await stand(grouped, dca=0.75, band=0.75, foh=0.75)


async def test_a_musician_moves_no_group(grouped: App) -> None:
    await groups(grouped)
    person = invited(grouped, "musician", "band/bus1")
    assert person.call("PUT", f"/params/{DCA_FADER}", {"value": 0.1}).status == 403
    assert person.call("POST", "/consoles/house/add", {"kind": "dca"}).status == 403
