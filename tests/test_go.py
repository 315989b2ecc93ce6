"""GO by every road: each moves the set list on by one scene, and presses that follow each other fast are one."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from pythonosc.osc_message_builder import OscMessageBuilder

from remote_mixer.app import App
from remote_mixer.drivers import midi_link
from remote_mixer.hub.recalls import GO_SECONDS
from tests.support.broker import Mosquitto, mosquitto
from tests.support.midi import FarSide, pairs
from tests.support.people import host
from tests.support.presses import Presses
from tests.support.running import FADER, joined, online, running
from tests.support.waiting import until

MAP = '[ports]\ninput = "Nano"\noutput = "Nano"\n\n' + "".join(
    f'[[controls]]\n{control}\ndo = "go"\n\n' for control in ("program = 5", "note = 36", "cc = 64")
)
MIDI = {
    "a program change": ("Nano", bytes((0xC0, 5))),
    "a key of a controller": ("Nano", bytes((0x90, 36, 100))),
    "a foot switch": ("Nano", bytes((0xB0, 64, 127))),
    "F1 of a Mackie surface": ("FOH", bytes((0x90, 0x36, 127))),
}
ROADS = [*MIDI, "OSC", "MQTT", "HTTP", "the wire"]
Sides = dict[str, FarSide]
Press = Callable[[], Awaitable[object]]


@pytest.fixture(scope="module")
def sides() -> Sides:
    return {}


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with mosquitto(tmp_path_factory.mktemp("broker")) as one:
        yield one


@pytest.fixture(scope="module")
def served(broker: Mosquitto, sides: Sides, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    data = tmp_path_factory.mktemp("data")
    (data / "nano.toml").write_text(MAP)
    open_link, found = pairs("Nano", "FOH")
    sides.update(found)
    surfaces = (("Nano", f"midi:{data / 'nano.toml'}"), ("FOH", "mackie:FOH"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(midi_link, "open_link", open_link)
        bridge = broker.bridge("stage", "engineer")
        with running(data, ("band", "demo:"), osc=("127.0.0.1", 0), mqtt=bridge, surfaces=surfaces) as app:
            yield app


@pytest_asyncio.fixture
async def app(served: App) -> AsyncIterator[App]:
    """The program with three scenes, of which the first was recalled last."""
    await online(served)
    await until(lambda: served.rooms.mqtt and served.rooms.mqtt.state.startswith("connected"))
    await until(lambda: all(station.state == "connected" for station in served.rooms.surfaces))
    crew, scenes = host(served), []
    for level in (0.1, 0.2, 0.3):
        crew.call("PUT", f"/params/{FADER}", {"value": level})
        scenes.append(crew.call("POST", "/scenes", {"name": f"At {level}"}).json["scene"])
    crew.call("POST", f"/scenes/{scenes[0]['id']}/recall", {})
    await until(lambda: served.desk.values[FADER] == 0.1)
    yield served
    for scene in scenes:
        crew.call("DELETE", f"/scenes/{scene['id']}")


@pytest.fixture
def presses(app: App, monkeypatch: pytest.MonkeyPatch) -> Presses:
    return Presses(app, monkeypatch)


async def pressed(app: App, road: str, broker: Mosquitto, sides: Sides, times: int) -> None:
    """Press GO so often, one right after the other."""
    if road in MIDI:
        side, message = MIDI[road]
        for _ in range(times):
            app.loop.call_soon_threadsafe(sides[side].say, message)
    elif road == "OSC":
        assert app.rooms.sockets.osc
        with socket.socket(type=socket.SOCK_DGRAM) as program:
            for _ in range(times):
                program.sendto(OscMessageBuilder("/scene/go").build().dgram, app.rooms.sockets.osc.getsockname())
    elif road == "MQTT":
        await broker.publish("stage/scene/go", "now", "--repeat", str(times))
    elif road == "HTTP":
        calls = (asyncio.to_thread(host(app).call, "POST", "/go", {}) for _ in range(times))
        assert {answer.status for answer in await asyncio.gather(*calls)} == {200}
    else:
        async with joined(app, "page") as page:
            for number in range(times):
                await page.send(type="scene", do="go", id=number)
            await page.until("ok", id=times - 1)


@pytest.mark.parametrize("road", ROADS)
async def test_go_is_one_step_by_each_road_and_three_presses_in_a_row_are_one(
    app: App, presses: Presses, broker: Mosquitto, sides: Sides, road: str
) -> None:
    assert GO_SECONDS == 0.3
    await pressed(app, road, broker, sides, 3)
    await presses.came(3)
    await presses.ended()
    assert app.desk.values[FADER] == 0.2
    presses.window_passes()
    await pressed(app, road, broker, sides, 1)
    await until(lambda: app.desk.values[FADER] == 0.3)


async def test_a_foot_switch_that_sticks_is_one_go_however_long(app: App, presses: Presses, sides: Sides) -> None:
    for _ in range(6):
        app.loop.call_soon_threadsafe(sides["Nano"].say, bytes((0xB0, 64, 127)))
        await presses.came(1)
        presses.most_of_the_window_passes()
    await presses.ended()
    assert app.desk.values[FADER] == 0.2


async def test_presses_by_several_roads_at_once_are_one_go(
    app: App, presses: Presses, broker: Mosquitto, sides: Sides
) -> None:
    await asyncio.gather(*(pressed(app, road, broker, sides, 1) for road in ("OSC", "F1 of a Mackie surface", "HTTP")))
    await presses.came(3)
    await presses.ended()
    assert app.desk.values[FADER] == 0.2
