"""Learn: the crew picks what is to move, somebody moves a control, and the map of the running surface has it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from remote_mixer.surfaces import learning
from tests.support.running import online
from tests.support.waiting import until
from tests.surfaces.controller import KNOB_LEFT, KNOB_RIGHT, Controller, controlled

LEVEL, MUTE, PAN = "band/ch1/fader", "band/ch1/mute", "band/ch1/pan"


@pytest.fixture
def plugged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Controller]:
    with controlled(tmp_path, monkeypatch) as controller:
        yield controller


@pytest_asyncio.fixture
async def nano(plugged: Controller) -> Controller:
    await online(plugged.app)
    await until(lambda: plugged.app.rooms.surfaces[0].state == "connected")
    return plugged


def knob(number: int, *values: int) -> list[bytes]:
    return [bytes((0xB0, number, value)) for value in values]


async def test_a_fader_a_knob_a_key_and_an_order_are_learned_and_work_at_once(nano: Controller) -> None:
    values = nano.app.desk.values
    fader = await nano.learned({"path": LEVEL}, *knob(0, 60, 62, 64))
    assert (fader["message"], fader["kind"], fader["path"]) == ("cc 0", "pick-up", LEVEL)
    assert (await nano.learned({"path": PAN}, *knob(16, *KNOB_RIGHT)))["kind"] == "signed"
    assert (await nano.learned({"path": MUTE}, bytes((0x90, 36, 100)), bytes((0x80, 36, 0))))["kind"] == "toggle"
    assert (await nano.learned({"do": "layer 2"}, bytes((0xC4, 9))))["message"] == "program 9, channel 5"
    assert (await nano.learned({"strip": 2, "what": "fader"}, *knob(1, 5, 6, 7)))["strip"] == 2
    level, pan = values[LEVEL], values[PAN]
    assert level == 0.75  # what was sent while it learned has moved nothing
    nano.cc(0, 90, 95, 96, 100)
    await until(lambda: values[LEVEL] == pytest.approx(100 / 127, abs=1e-4))
    nano.cc(16, *KNOB_LEFT)
    await until(lambda: values[PAN] == pytest.approx(pan - 0.04))  # type: ignore[operator] # a position
    nano.key(36)
    await until(lambda: values[MUTE] is True)
    assert [one["id"] for one in nano.controls] == ["cc-1-0", "cc-1-16", "note-1-36", "program-5-9", "cc-1-1"]


async def test_a_kind_is_corrected_a_control_deleted_and_all_taken_back(nano: Controller) -> None:
    await nano.learned({"path": PAN}, *knob(16, 1, 1))
    await nano.learned({"path": MUTE}, bytes((0x90, 36, 100)), bytes((0x80, 36, 0)))
    kinds = nano.controls[0]["kinds"]
    assert kinds == ["pick-up", "signed", "offset", "magnitude"]
    assert nano.call("PUT", "/Nano/controls/cc-1-16", {"kind": "magnitude"}).status == 200
    nano.cc(16, 65)
    await until(lambda: nano.app.desk.values[PAN] == pytest.approx(0.49))
    assert nano.call("PUT", "/Nano/controls/cc-1-16", {"kind": "momentary"}).status == 422
    assert nano.call("DELETE", "/Nano/controls/note-1-36").status == 200
    assert [one["id"] for one in nano.controls] == ["cc-1-16"]
    for _ in range(4):
        assert nano.call("POST", "/Nano/undo", {}).status == 200
    assert nano.controls == []
    assert nano.call("POST", "/Nano/undo", {}).status == 409


async def test_a_key_cannot_become_a_fader_and_nothing_changes(nano: Controller) -> None:
    asked = await nano.learns({"path": LEVEL})
    nano.key(36)
    answer = await asked
    assert (answer.status, "a key mutes" in answer.json["text"]) == (422, True)
    assert nano.controls == []


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"path": "band/ch1/nothing"}, 404),
        ({"path": "band/status"}, 405),
        ({"path": "band/ch1/name"}, 422),
        ({"do": "fly"}, 422),
        ({"strip": 1, "what": "door"}, 422),
        ({"strip": 0}, 422),
        ({"path": LEVEL, "kind": "signed"}, 422),
        ({}, 422),
    ],
)
async def test_what_no_control_can_move_is_refused_before_anybody_moves_one(
    nano: Controller, wanted: dict[str, object], status: int
) -> None:
    assert nano.call("POST", "/Nano/learn", wanted).status == status


async def test_learning_ends_by_a_key_by_somebody_elses_and_by_itself(
    nano: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await nano.learns({"path": LEVEL})
    second = asyncio.create_task(asyncio.to_thread(nano.call, "POST", "/Nano/learn", {"path": PAN}))
    assert (await first).status == 409
    assert nano.call("DELETE", "/Nano/learn").status == 200
    assert (await second).status == 409
    monkeypatch.setattr(learning, "WAIT_SECONDS", 0.05)
    answer = await asyncio.to_thread(nano.call, "POST", "/Nano/learn", {"path": PAN})
    assert (answer.status, answer.json["text"]) == (409, learning.NOTHING_TEXT)
    nano.cc(0, 1)
    assert nano.controls == []


async def test_a_surface_without_a_map_and_one_that_is_not_there_learn_nothing(nano: Controller) -> None:
    assert nano.call("POST", "/Other/learn", {"path": LEVEL}).status == 404
    assert nano.call("DELETE", "/Nano/controls/cc-1-99").status == 404
