"""The driver against a stand-in for Ardour that loses what a test wants lost."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from math import nan
from pathlib import Path

import pytest
import pytest_asyncio

from remote_mixer.drivers import unconfirmed
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.osc_daw.driver import Ardour
from remote_mixer.drivers.osc_daw.timing import Timing
from remote_mixer.simulator.network import Wifi
from tests.drivers.osc_daw.far_ardour import FarArdour, FarStrip, Send
from tests.drivers.osc_daw.joined import Joined, joined
from tests.support.waiting import until

SLOW_SECONDS = 0.6
"""Period of the slow round in these tests."""
NEAR = 1e-5


@pytest_asyncio.fixture
async def far() -> AsyncIterator[FarArdour]:
    far = FarArdour()
    await far.start()
    yield far
    await far.stop()


@pytest_asyncio.fixture
async def daw(far: FarArdour, tmp_path: Path) -> AsyncIterator[Joined]:
    async with joined(far.address, tmp_path, slow=SLOW_SECONDS, silence=0.5, beat=2.5) as daw:
        yield daw


def stands(far: FarArdour, name: str, local: str, value: float) -> bool:
    return abs(far.named(name).values[local] - value) <= NEAR


# What there is


def test_a_daw_without_an_address_is_the_one_on_this_computer(tmp_path: Path) -> None:
    Ardour(Setup("daw", "", tmp_path))
    with pytest.raises(ValueError, match="write ardour://ADDRESS"):
        Ardour(Setup("daw", "//a:b", tmp_path))


async def test_tracks_buses_vcas_and_master_are_there_with_their_names_and_values(daw: Joined) -> None:
    assert daw.ids == ["ch1", "ch2", "ch3", "bus1", "dca1", "main"]
    assert daw.names() == ["Kick", "Snare", "Gesang 声", "Reverb", "Drums", "Master"]
    assert [strip.kind for strip in daw.desk.layouts["daw"].strips] == [*["channel"] * 3, "bus", "dca", "main"]
    assert daw.near("ch1/fader", 0.78178)
    assert (daw.value("ch1/mute"), daw.value("ch1/rec"), daw.value("ch1/pan")) == (False, False, 0.5)
    assert (daw.value("ch1/send/bus1/level"), daw.value("ch1/send/bus1/mute")) == (0.5, False)
    assert daw.value("transport/play") is False


async def test_a_strip_has_only_what_the_daw_has_for_it(daw: Joined) -> None:
    params = {strip.id: set(strip.params) for strip in daw.desk.layouts["daw"].strips}
    assert params["main"] == {"fader", "mute", "pan", "name"}
    assert params["dca1"] == {"fader", "mute", "solo", "name"}
    assert params["ch2"] == {"fader", "mute", "solo", "rec", "pan", "name"}
    assert params["ch1"] == params["ch2"] | {"send/bus1/level", "send/bus1/mute"}


async def test_a_strip_without_a_panner_has_no_pan_though_the_daw_tells_one(tmp_path: Path) -> None:
    far = FarArdour([FarStrip("AT", "Talk", mono=True), FarStrip("AT", "Kick"), FarStrip("MA", "Master")])
    await far.start()
    try:
        async with joined(far.address, tmp_path, slow=SLOW_SECONDS) as daw:
            layouts = [daw.desk.layouts["daw"]]
            daw.desk.layout_listeners.append(layouts.append)
            told = len(far.received)
            await until(lambda: ("/strip/pan_stereo_position/1", ()) in far.received[told:])
            far.named("Talk").values["pan_stereo_position"] = 0.25
            await until(lambda: len(layouts) > 1)
            assert ["pan" in layout.strips[0].params for layout in layouts] == [False, True]
            assert daw.value("ch1/pan") == 0.75
    finally:
        await far.stop()


# Both ways


@pytest.mark.parametrize(
    ("path", "value", "local", "there"),
    [
        ("ch2/fader", 0.4, "fader", 0.4),
        ("ch2/mute", True, "mute", 1),
        ("ch2/solo", True, "solo", 1),
        ("ch2/rec", True, "recenable", 1),
        ("ch2/pan", 0.25, "pan_stereo_position", 0.75),
    ],
)
async def test_what_a_hand_sets_stands_in_the_daw_and_what_moves_there_on_the_desk(
    daw: Joined, far: FarArdour, path: str, value: float | bool, local: str, there: float
) -> None:
    before = far.named("Snare").values[local]
    daw.set(path, value)
    await until(lambda: stands(far, "Snare", local, there) and daw.settled)
    far.move("Snare", local, before)
    await until(lambda: daw.value(path) != value)


async def test_a_send_is_set_and_followed(daw: Joined, far: FarArdour) -> None:
    send = far.named("Kick").sends[0]
    daw.set("ch1/send/bus1/level", 0.75)
    daw.set("ch1/send/bus1/mute", True)
    await until(lambda: abs(send.level - 0.75) < NEAR and send.enabled == 0 and daw.settled)
    send.level = 0.25
    await daw.stands("ch1/send/bus1/level", 0.25)


async def test_the_transport_starts_and_stops(daw: Joined, far: FarArdour) -> None:
    daw.set("transport/play", True)
    await until(lambda: far.speed == 1)
    daw.set("transport/play", False)
    await until(lambda: far.speed == 0)
    far.speed = 1.0
    await daw.stands("transport/play", True)


async def test_meters_show_the_level_of_each_strip(daw: Joined, far: FarArdour) -> None:
    far.named("Snare").meter = -18.0
    await until(lambda: daw.frames and daw.frames[-1][:3] == bytes((0, 216 - 36, 0)))


# Truth


@pytest.mark.parametrize(
    ("path", "local"), [("ch1/fader", "fader"), ("ch1/mute", "mute"), ("ch1/solo", "solo"), ("ch1/rec", "recenable")]
)
async def test_a_lost_set_is_sent_again(daw: Joined, far: FarArdour, path: str, local: str) -> None:
    value = 1.0 if local == "fader" else True
    far.lost[f"/strip/{local}/1"] = 1
    daw.set(path, value)
    await until(lambda: far.named("Kick").values[local] == 1)
    assert daw.value(path) == value
    await until(lambda: daw.settled)


async def test_what_has_not_arrived_is_listed_as_pending(daw: Joined, far: FarArdour) -> None:
    far.lost["/strip/fader/1"] = 50
    daw.set("ch1/fader", 0.1)
    await until(lambda: daw.pending == {"daw/ch1/fader"})
    far.lost.clear()
    await until(lambda: stands(far, "Kick", "fader", 0.1) and daw.settled)


async def test_a_set_whose_echo_is_lost_is_confirmed_by_an_answer(daw: Joined, far: FarArdour) -> None:
    far.lost["/strip/mute"] = 1
    daw.set("ch1/mute", True)
    await until(lambda: any(address == "/strip/mute/1" and not given for address, given in far.received))
    await until(lambda: daw.settled)
    assert daw.value("ch1/mute") is True


@pytest.mark.parametrize("local", ["fader", "mute", "solo"])
async def test_a_lost_push_of_a_strip_is_repaired_within_a_second(daw: Joined, far: FarArdour, local: str) -> None:
    far.lost[f"/strip/{local}"] = 1
    begun = asyncio.get_running_loop().time()
    far.move("Drums", local, 1.0)
    await until(lambda: daw.value(f"dca1/{local}") == 1.0)
    assert asyncio.get_running_loop().time() - begun < 1.5, "a second, and a half for a busy machine"
    assert Timing().prompt <= 0.9


@pytest.mark.parametrize(("path", "local"), [("ch1/pan", "pan_stereo_position"), ("ch1/rec", "recenable")])
async def test_any_other_lost_push_is_repaired_by_the_slow_round(
    daw: Joined, far: FarArdour, path: str, local: str
) -> None:
    before = daw.value(path)
    far.lost[f"/strip/{local}"] = 1
    far.move("Kick", local, 1.0)
    await until(lambda: daw.value(path) != before)
    assert Timing().slow <= 8, "one round, and what waits before it"


async def test_a_lost_new_name_is_seen_by_the_slow_round(daw: Joined, far: FarArdour) -> None:
    far.lost["/strip/name"] = 1
    far.rename("Snare", "Kleine Trommel")
    await daw.stands("ch2/name", "Kleine Trommel")


async def test_a_value_that_is_not_understood_is_unknown_until_one_comes_that_is(daw: Joined, far: FarArdour) -> None:
    far.move("Kick", "fader", 3.0)
    await daw.stands("ch1/fader", None)
    far.move("Kick", "fader", 0.5)
    await daw.stands("ch1/fader", 0.5)


async def test_a_number_that_is_none_makes_the_value_unknown(daw: Joined, far: FarArdour) -> None:
    far.move("Kick", "pan_stereo_position", nan)
    await daw.stands("ch1/pan", None)


async def test_a_lost_set_is_sent_again_though_the_daw_repeats_the_old_value_meanwhile(
    daw: Joined, far: FarArdour
) -> None:
    far.lost["/strip/fader/1"] = 1
    daw.set("ch1/fader", 0.1)
    for client in far.clients:
        far._push_all(client)
    await until(lambda: stands(far, "Kick", "fader", 0.1) and daw.settled)


async def test_where_the_daw_itself_moved_meanwhile_the_daw_wins(daw: Joined, far: FarArdour) -> None:
    far.lost["/strip/fader/1"] = 1
    daw.set("ch1/fader", 0.1)
    far.move("Kick", "fader", 0.9)
    await daw.stands("ch1/fader", 0.9)
    await until(lambda: daw.settled)
    assert stands(far, "Kick", "fader", 0.9)


async def test_at_five_percent_loss_every_move_of_either_side_is_right_in_the_end(tmp_path: Path) -> None:
    chance = random.Random(7)
    far = FarArdour(wifi=Wifi(loss=0.05))
    await far.start()
    async with joined(far.address, tmp_path, slow=SLOW_SECONDS) as daw:
        for _ in range(200):
            daw.set(f"ch{chance.choice('12')}/fader", round(chance.random(), 5))
            far.move("Gesang 声", "fader", chance.random())
            far.move("Reverb", "mute", chance.choice((0.0, 1.0)))
            await asyncio.sleep(0)
        await until(lambda: daw.near("ch3/fader", far.named("Gesang 声").values["fader"]))
        await until(lambda: daw.value("bus1/mute") == bool(far.named("Reverb").values["mute"]))
        await until(lambda: daw.near("ch1/fader", far.named("Kick").values["fader"]) and daw.settled)
        await until(lambda: daw.near("ch2/fader", far.named("Snare").values["fader"]))
    await far.stop()


# Other strips


async def test_a_track_keeps_its_id_when_another_is_put_before_it(daw: Joined, far: FarArdour) -> None:
    new = FarStrip("AT", "Neu", {"fader": 0.2})
    far.arrange([new, *far.strips])
    await until(lambda: "ch4" in daw.ids)
    assert daw.ids == ["ch4", "ch1", "ch2", "ch3", "bus1", "dca1", "main"]
    assert daw.near("ch4/fader", 0.2)
    daw.set("ch1/fader", 0.6)
    await until(lambda: stands(far, "Kick", "fader", 0.6))
    assert new.values["fader"] == 0.2


async def test_a_moved_track_keeps_its_id_and_its_values(daw: Joined, far: FarArdour) -> None:
    far.move("Snare", "fader", 0.3)
    await until(lambda: daw.near("ch2/fader", 0.3))
    kick, snare, *rest = far.strips
    far.arrange([snare, kick, *rest])
    await until(lambda: daw.ids[:3] == ["ch2", "ch1", "ch3"])
    assert daw.near("ch2/fader", 0.3)
    assert daw.names()[:2] == ["Snare", "Kick"]


async def test_a_renamed_track_keeps_its_id(daw: Joined, far: FarArdour) -> None:
    far.rename("Kick", "大鼓")
    await daw.stands("ch1/name", "大鼓")
    assert daw.ids == ["ch1", "ch2", "ch3", "bus1", "dca1", "main"]


async def test_a_removed_track_is_gone_and_no_other_takes_its_values(daw: Joined, far: FarArdour) -> None:
    far.move("Gesang 声", "mute", 1.0)
    await daw.stands("ch3/mute", True)
    far.arrange([strip for strip in far.strips if strip.name != "Snare"])
    await until(lambda: "ch2" not in daw.ids)
    assert (daw.value("ch3/mute"), daw.value("ch1/mute")) == (True, False)


async def test_a_list_that_changes_unseen_is_noticed_by_the_slow_round(daw: Joined, far: FarArdour) -> None:
    far.lost |= {"/strip/list": 1, "/strip/name": 7, "/strip/fader": 7, "/strip/mute": 7}
    far.arrange([FarStrip("AT", "Neu"), *far.strips])
    await until(lambda: "ch4" in daw.ids)
    assert daw.names()[:2] == ["Neu", "Kick"]


async def test_a_new_send_is_noticed(daw: Joined, far: FarArdour) -> None:
    asyncio.get_running_loop().set_exception_handler(lambda _, fault: faults.append(fault))
    faults: list[object] = []
    far.named("Snare").sends.append(Send(far.named("Reverb"), 0.125))
    await until(lambda: "daw/ch2/send/bus1/level" in daw.desk.values)
    assert daw.value("ch2/send/bus1/level") == 0.125
    assert not faults


async def test_a_list_with_a_lost_entry_is_asked_for_again(tmp_path: Path) -> None:
    far = FarArdour()
    far.lost["/strip"] = 1
    await far.start()
    async with joined(far.address, tmp_path) as daw:
        assert len(daw.ids) == 6
    await far.stop()


async def test_a_session_without_a_master_is_shown_without_one(tmp_path: Path) -> None:
    far = FarArdour([FarStrip("AT", "Kick")])
    await far.start()
    async with joined(far.address, tmp_path) as daw:
        assert daw.ids == ["ch1"]
    await far.stop()


# Presence


async def test_a_daw_that_ends_is_offline_and_read_whole_when_it_is_back(daw: Joined, far: FarArdour) -> None:
    await far.stop()
    await daw.stands("status", "offline")
    assert "does not answer any more" in str(daw.value("notice"))
    far.named("Kick").values["fader"] = 0.111
    far.strips.insert(0, FarStrip("AT", "Neu"))
    await far.start()
    await daw.stands("status", "online")
    assert daw.near("ch1/fader", 0.111)
    assert daw.ids[:2] == ["ch4", "ch1"]
    assert daw.value("notice") == ""


async def test_a_daw_that_has_forgotten_us_is_subscribed_to_again(daw: Joined, far: FarArdour) -> None:
    far.clients.clear()
    await until(lambda: far.clients)
    far.move("Kick", "recenable", 1.0)
    await daw.stands("ch1/rec", True)


async def test_a_daw_that_answers_but_has_no_heartbeat_is_read_again(daw: Joined, far: FarArdour) -> None:
    far.lost["/heartbeat"] = 10
    await daw.stands("status", "offline")
    far.lost.clear()
    await daw.stands("status", "online")


async def test_the_daw_meets_one_client_however_often_it_is_opened_and_none_at_the_end(
    far: FarArdour, tmp_path: Path
) -> None:
    met = set()
    for _ in range(3):
        async with joined(far.address, tmp_path):
            await until(lambda: far.clients)
            met |= far.clients
        await until(lambda: not far.clients)
    assert len(met) == 1


async def test_two_desks_on_one_daw_show_the_same(daw: Joined, far: FarArdour, tmp_path: Path) -> None:
    async with joined(far.address, tmp_path) as other:
        await until(lambda: len(far.clients) == 2)
        other.set("ch1/fader", 0.4)
        await until(lambda: daw.near("ch1/fader", 0.4))
        daw.set("ch1/mute", True)
        await other.stands("ch1/mute", True)


async def test_a_daw_that_is_not_there_is_named_with_what_to_do(tmp_path: Path) -> None:
    far = FarArdour()
    await far.start()
    await far.stop()
    daw = Joined(far.address, tmp_path, complain=0.1)
    living = asyncio.create_task(daw.guard.live())
    await until(lambda: "Preferences → Control Surfaces" in str(daw.value("notice")))
    living.cancel()
    await asyncio.wait({living})


async def test_a_set_that_was_lost_before_the_program_was_held_is_sent_again_after_it(
    daw: Joined, far: FarArdour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unconfirmed, "STALE_SECONDS", 1.0)
    far.lost["/strip/mute/1"] = 1
    daw.set("ch1/mute", True)
    await until(lambda: far.lost["/strip/mute/1"] <= 0)
    time.sleep(1.2)  # noqa: ASYNC251 - the program itself is held
    await until(lambda: far.named("Kick").values["mute"] == 1 and daw.settled)
