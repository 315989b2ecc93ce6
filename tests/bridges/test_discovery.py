"""Discovery of Home Assistant: entities of what is ticked, at a real broker, and in Home Assistant itself."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from remote_mixer.app import App
from tests.bridges.test_mqtt import connected, options
from tests.support.broker import Listener, Mosquitto, mosquitto
from tests.support.people import host
from tests.support.running import demo_console, joined, online, running
from tests.support.waiting import until

NUMBER = "homeassistant/number/stage/band_ch1_fader/config"
SWITCH = "homeassistant/switch/stage/band_ch1_mute/config"
SENSOR = "homeassistant/sensor/stage/band_status/config"
NOTHING: dict[str, list[object]] = {"strips": [], "layers": [], "mixes": [], "scenes": []}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path_factory.mktemp("broker")) as one:
        yield one


@pytest.fixture(scope="module")
def served(broker: Mosquitto, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data"), ("band", "demo:"), mqtt=options(broker)) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> AsyncIterator[App]:
    await online(served)
    await connected(served)
    announce(served)
    yield served


def announce(app: App, **ticks: list[Any]) -> None:
    answer = host(app).call("PUT", "/announced", ticks)
    assert (answer.status, answer.json) == (200, NOTHING | ticks)


async def found(there: Listener, topic: str) -> dict[str, Any]:
    await until(lambda: there.newest.get(topic))
    config: dict[str, Any] = json.loads(there.newest[topic])
    return config


async def test_a_ticked_strip_is_a_number_in_db_with_a_floor_and_a_switch_beside_the_consoles_status(
    app: App, broker: Mosquitto
) -> None:
    async with broker.listener("homeassistant/#") as there:
        announce(app, strips=["band/ch1"])
        number, switch, sensor = [await found(there, topic) for topic in (NUMBER, SWITCH, SENSOR)]
        assert number["unique_id"] == number["object_id"] == "stage_band_ch1_fader"
        assert number["default_entity_id"] == "number.stage_band_ch1_fader"
        assert (number["name"], number["unit_of_measurement"]) == ("Kick fader", "dB")
        assert (number["min"], number["max"]) == (-90.0, 10.0)
        assert number["state_topic"] == "stage/band/ch1/fader"
        assert number["command_topic"] == "stage/band/ch1/fader/set"
        assert {one["topic"] for one in number["availability"]} == {"stage/status", "stage/band/status"}
        assert (switch["payload_on"], switch["command_topic"]) == ("on", "stage/band/ch1/mute/set")
        assert (sensor["state_topic"], sensor["availability"]) == ("stage/band/status", [{"topic": "stage/status"}])
        assert number["device"] == switch["device"] == sensor["device"]
        announce(app)
        await until(lambda: there.newest[NUMBER] == there.newest[SWITCH] == there.newest[SENSOR] == "")


async def test_a_layer_is_all_its_strips_a_mix_the_sends_into_it_and_a_scene_is_recalled(
    app: App, broker: Mosquitto
) -> None:
    layout = app.desk.layouts["band"]
    async with broker.listener("homeassistant/#") as there, joined(app, "page") as page:
        await page.send(type="scene", do="store", name="Verse", id=1)
        scene = (await page.until("ok", id=1))["scene"]["id"]
        announce(app, mixes=["band/bus1"], scenes=[scene])
        send = await found(there, "homeassistant/number/stage/band_ch1_send_bus1_level/config")
        assert send["name"].startswith("Kick in ")
        config = await found(there, f"homeassistant/scene/stage/scene_{scene}/config")
        assert (config["command_topic"], config["payload_on"]) == ("stage/scene/recall", f"id={scene}")
        announce(app, layers=[f"band/{layer.name}" for layer in layout.layers[:1]])
        await until(lambda: there.newest["homeassistant/number/stage/band_ch1_send_bus1_level/config"] == "")
        for strip in layout.layers[0].strips if layout.layers else ():
            await found(there, f"homeassistant/number/stage/band_{strip}_fader/config")


async def test_a_layer_that_the_crew_shares_is_found_with_each_strip_that_it_gets(app: App, broker: Mosquitto) -> None:
    async with broker.listener("homeassistant/#") as there:
        made = host(app).call("POST", "/layers", {"name": "Sunday", "items": ["band/ch3"], "shared": True})
        assert made.status == 201
        announce(app, layers=["Sunday"])
        await found(there, "homeassistant/number/stage/band_ch3_fader/config")
        body = {"items": ["band/ch4"], "rev": made.json["rev"]}
        assert host(app).call("PUT", f"/layers/{made.json['id']}", body).status == 200
        await found(there, "homeassistant/number/stage/band_ch4_fader/config")
        await until(lambda: there.newest["homeassistant/number/stage/band_ch3_fader/config"] == "")


async def test_another_name_of_a_strip_is_announced_and_all_again_when_home_assistant_starts(
    app: App, broker: Mosquitto
) -> None:
    async with broker.listener("homeassistant/#") as there, joined(app, "page") as page:
        announce(app, strips=["band/ch1"])
        await found(there, NUMBER)
        await page.send(type="set", values={"band/ch1/name": "Snare"})
        await until(lambda: "Snare fader" in there.newest[NUMBER])
        await page.send(type="set", values={"band/ch1/name": "Kick"})
        await until(lambda: "Kick fader" in there.newest[NUMBER])
        there.newest.clear()
        await broker.publish("homeassistant/status", "online")
        assert (await found(there, NUMBER))["name"] == "Kick fader"


async def test_what_was_unticked_while_the_broker_was_away_is_withdrawn_when_it_is_back(
    broker: Mosquitto, tmp_path: Path
) -> None:
    topic = "homeassistant/number/{}/band_{}_fader/config"
    async with broker.listener("homeassistant/#", "away/status") as there:
        with running(tmp_path, ("band", "demo:"), mqtt=options(broker, "away")) as app:
            await online(app)
            announce(app, strips=["band/ch1", "band/ch2"])
            await found(there, topic.format("away", "ch2"))
        with running(tmp_path, ("band", "demo:")) as app:
            announce(app, strips=["band/ch1"])
        kept = len(there.all)
        with running(tmp_path, ("band", "demo:"), mqtt=options(broker, "away")) as app:
            await online(app)
            await until(lambda: there.newest[topic.format("away", "ch2")] == "")
            await until(lambda: there.newest["away/status"] == "online")
            emptied = [one for one, payload in there.all[kept:] if not payload and "/away/" in one]
            assert {one for one in emptied if "ch1" in one} == set(), (
                "who keeps an entity keeps what a person made of it"
            )


async def test_nothing_is_withdrawn_while_a_console_has_not_been_read_since_the_start(
    broker: Mosquitto, tmp_path: Path
) -> None:
    topic = "homeassistant/number/slow/{}_ch1_fader/config"
    async with broker.listener("homeassistant/#") as there:
        with running(tmp_path, ("band", "demo:"), ("x", "demo:2"), mqtt=options(broker, "slow")) as app:
            await online(app, "x")
            announce(app, strips=["band/ch1", "x/ch1"])
            await found(there, topic.format("band"))
            await found(there, topic.format("x"))
        away = ("band", "remote-mixer://127.0.0.1:9/band")
        with running(tmp_path, away, ("x", "demo:2"), mqtt=options(broker, "slow")) as app:
            await online(app, "x")
            await connected(app)
            assert host(app).call("PUT", "/params/x/ch1/name", {"value": "Snare"}).status == 200
            await until(lambda: "Snare" in there.newest[topic.format("x")])
            assert there.newest[topic.format("band")] != ""


@pytest.mark.parametrize("body", [{"strips": "band/ch1"}, {"scenes": ["Verse"]}, {"scenes": [True]}, {"strip": []}])
def test_ticks_of_another_form_are_refused_and_change_nothing(served: App, body: dict[str, object]) -> None:
    announce(served, strips=["band/ch1"])
    assert host(served).call("PUT", "/announced", body).status == 422
    assert host(served).call("GET", "/announced").json["strips"] == ["band/ch1"]


# Home Assistant itself

PYTHON = os.environ.get("REMOTE_MIXER_HOME_ASSISTANT", "")
"""A Python that has Home Assistant 2024.3, the last one for Python 3.11."""


class HomeAssistant:
    """Core and MQTT of Home Assistant, in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process, self.states = process, dict[str, tuple[str, dict[str, Any]]]()

    async def read(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            entity, state, attributes = json.loads(line)
            self.states[entity] = state, attributes

    async def call(self, service: str, entity: str, **data: object) -> None:
        assert self._process.stdin
        call = [*service.split("."), {"entity_id": entity, **data}]
        self._process.stdin.write(json.dumps(call).encode() + b"\n")
        await self._process.stdin.drain()

    async def until(self, entity: str, state: str) -> None:
        try:
            await until(lambda: self.states.get(entity, ("", {}))[0] == state)
        except TimeoutError:
            raise AssertionError(f"{entity} is not {state}: {self.states}") from None


@asynccontextmanager
async def home_assistant(folder: Path, broker: Mosquitto) -> AsyncIterator[HomeAssistant]:
    if not PYTHON:
        pytest.skip("needs Home Assistant: REMOTE_MIXER_HOME_ASSISTANT names a Python that has it")
    process = await asyncio.create_subprocess_exec(
        *(PYTHON, Path(__file__).parent.parent / "support" / "home_assistant.py", folder, str(broker.port)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    home = HomeAssistant(process)
    reading = asyncio.create_task(home.read())
    try:
        yield home
    finally:
        process.kill()
        await process.wait()
        await reading


async def test_home_assistant_makes_the_entities_shows_their_values_and_moves_them(
    app: App, broker: Mosquitto, tmp_path: Path
) -> None:
    fader, mute, status = "number.stage_band_ch1_fader", "switch.stage_band_ch1_mute", "sensor.stage_band_status"
    async with joined(app, "page") as page, home_assistant(tmp_path, broker) as home:
        await page.send(type="scene", do="store", name="Chorus", id=1)
        scene = (await page.until("ok", id=1))["scene"]["id"]
        await page.send(type="set", values={"band/ch1/fader": 0.5, "band/ch1/mute": False})
        announce(app, strips=["band/ch1"], scenes=[scene])
        await home.until(fader, "-10.0")
        await home.until(mute, "off")
        await home.until(status, "online")
        assert home.states[fader][1]["friendly_name"].endswith("Kick fader")
        await home.call("number.set_value", fader, value=-20.5)
        await until(lambda: app.desk.values["band/ch1/fader"] == pytest.approx(0.36875, abs=1e-3))
        await home.until(fader, "-20.5")
        await home.call("number.set_value", fader, value=-90)
        await until(lambda: app.desk.values["band/ch1/fader"] == 0.0)
        await home.until(fader, "-90.0")
        await home.call("switch.turn_on", mute)
        await until(lambda: app.desk.values["band/ch1/mute"] is True)
        await home.until(mute, "on")
        await home.call("scene.turn_on", f"scene.stage_scene_{scene}")
        await home.until(mute, "off")
        await home.until(fader, "0.0")  # as it stood when the scene was stored
        await page.send(type="set", values={"band/ch1/fader": 0.0})
        await home.until(fader, "-90.0")
        demo = demo_console(app)
        app.loop.call_soon_threadsafe(demo.unplug)
        await home.until(fader, "unavailable")
        await home.until(status, "offline")
        app.loop.call_soon_threadsafe(demo.plug)
        await home.until(status, "online")
        announce(app)
        await home.until(fader, "removed")
