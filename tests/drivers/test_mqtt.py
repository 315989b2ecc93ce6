"""A console that another Remote Mixer publishes on a broker: two whole programs, and strangers in place of one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from remote_mixer.app import App
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.demo import Demo
from remote_mixer.drivers.mqtt import Mqtt
from tests.support.broker import Mosquitto, mosquitto
from tests.support.running import Hand, demo_console, joined, online, running
from tests.support.waiting import until

HERE, THERE = "hall/ch1/fader", "band/ch1/fader"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path_factory.mktemp("broker")) as one:
        yield one


@pytest.fixture(scope="module")
def other(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("other"), ("band", "demo:"), mqtt=broker.bridge("church/foh")) as app:
        yield app


@pytest.fixture(scope="module")
def here(broker: Mosquitto, other: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("here"), ("hall", broker.url_of("church/foh/band"))) as app:
        yield app


@pytest_asyncio.fixture
async def both(other: App, here: App) -> AsyncIterator[tuple[Hand, Hand]]:
    """A page at each server; a fader at −10 dB."""
    await online(other, "band")
    await online(here, "hall")
    async with joined(here, "anne") as anne, joined(other, "bob") as bob:
        await bob.send(type="set", values={THERE: 0.5})
        await until(lambda: here.desk.values[HERE] == 0.5)
        yield anne, bob


async def test_a_move_goes_both_ways_and_reaches_the_console_itself(
    both: tuple[Hand, Hand], here: App, other: App
) -> None:
    anne, bob = both
    await anne.send(type="set", values={HERE: 0.625})
    await until(lambda: demo_console(other).values[THERE] == 0.625)
    await until(lambda: not here.hub.pending())
    await bob.send(type="set", values={THERE: 0.25, "band/ch1/name": ""})
    await until(lambda: here.desk.values[HERE] == 0.25 and here.desk.values["hall/ch1/name"] == "")


async def test_the_console_here_has_the_strips_and_laws_that_it_has_there_without_meters_and_actions(
    both: tuple[Hand, Hand], here: App, other: App
) -> None:
    ours, theirs = here.desk.layouts["hall"].as_json(), other.desk.layouts["band"].as_json()
    for strip in theirs["strips"]:
        strip["taps"] = []
    left_out = {"name": "", "actions": [], "setup": [], "action_schema": {}}
    assert ours | left_out == theirs | left_out
    assert ours["actions"] == []


async def test_a_drag_of_many_values_never_shows_an_older_one_here(
    both: tuple[Hand, Hand], here: App, other: App
) -> None:
    anne, _ = both
    seen: list[float] = []

    def note(change: Any) -> None:
        if HERE in change.after:
            seen.append(change.after[HERE])

    here.desk.change_listeners.append(note)
    try:
        for step in range(200):
            await anne.send(type="set", id=step, values={HERE: round(0.5 + step / 400, 5)})
            await anne.until("ok", id=step)
            await asyncio.sleep(0.004)  # a drag takes its time, in which older answers come
        await until(lambda: demo_console(other).values[THERE] == 0.9975)
        await until(lambda: not here.hub.pending())
        assert here.desk.values[HERE] == 0.9975
        assert seen == sorted(seen)
    finally:
        here.desk.change_listeners.remove(note)


async def test_a_move_against_a_finger_there_goes_back(both: tuple[Hand, Hand], here: App, other: App) -> None:
    anne, bob = both
    await bob.send(type="hold", path=THERE)
    await bob.until("held", path=THERE)
    await anne.send(type="set", values={HERE: 0.9})
    await until(lambda: here.desk.values[HERE] == 0.9)
    await until(lambda: here.desk.values[HERE] == 0.5 and not here.hub.pending())
    assert other.desk.values[THERE] == 0.5
    await bob.send(type="release", path=THERE)


async def test_what_is_only_remembered_there_is_not_known_here(both: tuple[Hand, Hand], here: App, other: App) -> None:
    other.loop.call_soon_threadsafe(other.desk.remember, "band", frozenset({THERE}))
    await until(lambda: here.desk.values[HERE] is None)
    other.loop.call_soon_threadsafe(other.desk.remember, "band", frozenset())
    await until(lambda: here.desk.values[HERE] == 0.5)


async def test_a_console_that_is_offline_there_is_offline_here_with_its_own_words_and_comes_back(
    both: tuple[Hand, Hand], here: App, other: App
) -> None:
    other.loop.call_soon_threadsafe(demo_console(other).unplug)
    await until(lambda: here.desk.values["hall/status"] == "offline")
    await until(lambda: "unplugged" in str(here.desk.values["hall/notice"]))
    other.loop.call_soon_threadsafe(demo_console(other).plug)
    await online(here, "hall")


async def test_while_the_other_mixer_is_away_its_console_is_offline_and_the_one_here_moves_on(
    broker: Mosquitto, tmp_path: Path
) -> None:
    consoles = ("band", "demo:"), ("hall", broker.url_of("leaves/band"))
    with running(tmp_path / "here", *consoles) as here:
        with running(tmp_path / "there", ("band", "demo:"), mqtt=broker.bridge("leaves")):
            await online(here, "hall")
        await until(lambda: here.desk.values["hall/status"] == "offline")
        await until(lambda: "is offline at mqtt://" in str(here.desk.values["hall/notice"]))
        async with joined(here, "anne") as anne:
            await anne.send(type="set", id=1, values={THERE: 0.33})
            await anne.until("ok", id=1)
            await until(lambda: demo_console(here).values[THERE] == 0.33)


@pytest.mark.parametrize(
    ("topic", "words"),
    [
        ("church/foh/nothing", "has no console “nothing”"),
        ("nobody/band", "“nobody” is not known at mqtt://"),
    ],
)
async def test_what_cannot_be_opened_says_why(
    broker: Mosquitto, other: App, tmp_path: Path, topic: str, words: str
) -> None:
    with running(tmp_path, ("hall", broker.url_of(topic))) as app:
        await until(lambda: words in str(app.desk.values.get("hall/notice")))


async def test_a_set_that_is_not_answered_is_pending_and_sent_again_until_it_is(
    broker: Mosquitto, tmp_path: Path
) -> None:
    """A stranger plays the other mixer, from the documented topics alone."""
    layout = Demo(Setup("band", "2", tmp_path)).layout
    values = {path: param.default for path, param in layout.paths()} | {"band/status": "online"}
    for path, value in values.items():
        await broker.publish(f"played/{path}/value", json.dumps(value), "-r")
    await broker.publish("played/band/layout", json.dumps(layout.as_json()), "-r")
    await broker.publish("played/status", "online", "-r")
    topic = "played/band/ch1/fader/value/set"
    with running(tmp_path / "here", ("hall", broker.url_of("played/band"))) as app:
        await online(app, "hall")
        async with broker.listener(topic) as there, joined(app, "anne") as anne:
            await anne.send(type="set", values={HERE: 0.6})
            await until(lambda: there.all[:2] == [(topic, "0.6")] * 2)
            assert app.hub.pending() == [HERE]
            await broker.publish("played/band/ch1/fader/value", "0.6")
            await until(lambda: not app.hub.pending())


async def test_a_value_of_a_stranger_that_fits_no_param_is_unknown_and_keeps_no_console_away(
    broker: Mosquitto, tmp_path: Path
) -> None:
    layout = Demo(Setup("band", "2", tmp_path)).layout
    values = {path: param.default for path, param in layout.paths()} | {"band/status": "online", THERE: "loud"}
    for path, value in values.items():
        await broker.publish(f"strange/{path}/value", json.dumps(value), "-r")
    await broker.publish("strange/band/layout", json.dumps(layout.as_json()), "-r")
    await broker.publish("strange/status", "online", "-r")
    with running(tmp_path / "here", ("hall", broker.url_of("strange/band"))) as app:
        await online(app, "hall")
        assert (app.desk.values[HERE], app.desk.values["hall/ch1/mute"]) == (None, False)


@pytest.mark.parametrize("spec", ["", "//broker", "broker/stage/band", "//bro ker/+/band"])
def test_a_spec_of_another_form_is_refused_with_the_form(spec: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="write mqtt://HOST"):
        Mqtt(Setup("hall", spec, tmp_path))
