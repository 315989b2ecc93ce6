"""The MQTT bridge as strangers meet it: a real mosquitto, and mosquitto_pub and mosquitto_sub at the far end."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from remote_mixer.app import App
from remote_mixer.bridges.mqtt.bridge import MqttOptions
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.mqtt.broker import PASSWORD_VARIABLE, Broker
from tests.support.broker import PASSWORD, Listener, Mosquitto, guarded_mosquitto, mosquitto
from tests.support.people import host
from tests.support.running import FADER, demo_console, joined, online, running
from tests.support.waiting import until

ANNE = Source(CLIENT, "anne", "Anne")
MUTE = "band/ch1/mute"


def options(broker: Mosquitto, prefix: str = "stage", acts: str = "engineer") -> MqttOptions:
    return broker.bridge(prefix, acts)


async def connected(app: App) -> None:
    await until(lambda: app.rooms.mqtt and app.rooms.mqtt.state.startswith("connected"))


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
    served.loop.call_soon_threadsafe(served.desk.set, {FADER: 0.5, MUTE: False}, ANNE)
    await until(lambda: served.desk.values[FADER] == 0.5 and served.desk.values[MUTE] is False)
    yield served


async def test_whoever_comes_gets_each_value_as_text_and_as_itself_and_that_the_mixer_is_there(
    app: App, broker: Mosquitto
) -> None:
    async with broker.listener("stage/#") as there:
        await there.until("stage/status", "online")
        await there.until("stage/band/status", "online")
        await there.until("stage/band/ch1/fader", "-10.0 dB")
        await there.until("stage/band/ch1/fader/value", "0.5")
        await there.until("stage/band/ch1/mute", "off")
        await there.until("stage/band/ch1/mute/value", "false")
        await there.until("stage/band/ch1/name", "Kick")
        for path in app.desk.values_of("band"):
            await until(lambda path=path: f"stage/{path}/value" in there.newest)  # type: ignore[misc] # bound at once
        layout = app.desk.layouts["band"]
        await there.until("stage/band/layout", json.dumps(layout.as_json(), separators=(",", ":"), ensure_ascii=False))
        assert not [topic for topic in there.newest for tap in layout.taps() if topic == f"stage/{tap}"], "no meters"


async def test_a_set_by_text_or_exactly_moves_the_console_and_is_told_to_all(app: App, broker: Mosquitto) -> None:
    async with broker.listener("stage/band/#") as there, joined(app, "page") as page:
        await broker.publish("stage/band/ch1/fader/set", "-20 dB")
        await there.until("stage/band/ch1/fader", "-20.0 dB")
        await broker.publish("stage/band/ch1/fader/set", "0.75")
        assert await page.change(FADER) is not None
        await there.until("stage/band/ch1/fader/value", "0.75")
        await broker.publish("stage/band/ch1/fader/value/set", "0.625")
        await there.until("stage/band/ch1/fader/value", "0.625")
        await broker.publish("stage/band/ch1/fader/set", "-inf dB")
        await there.until("stage/band/ch1/fader", "-inf dB")
        await broker.publish("stage/band/ch1/mute/set", "on")
        await there.until("stage/band/ch1/mute", "on")
        await until(lambda: demo_console(app).values[MUTE] is True)


async def test_a_move_on_a_page_is_published_and_nothing_comes_back_from_it(app: App, broker: Mosquitto) -> None:
    async with broker.listener("stage/band/ch1/#", "stage/error") as there, joined(app, "page") as page:
        await there.until("stage/band/ch1/fader/value", "0.5")
        rev = app.desk.rev
        await page.send(type="set", values={FADER: 0.25})
        await there.until("stage/band/ch1/fader/value", "0.25")
        assert app.desk.rev == rev + 1
        assert "stage/error" not in there.newest


async def test_of_a_drag_at_most_ten_values_a_second_are_published_and_the_last_one_always(
    app: App, broker: Mosquitto
) -> None:
    async with broker.listener("stage/band/ch1/fader/value") as there, joined(app, "page") as page:
        await there.until("stage/band/ch1/fader/value", "0.5")
        there.all.clear()
        begun = app.loop.time()
        for step in range(300):
            await page.send(type="set", values={FADER: step / 1000})
            await asyncio.sleep(0.002)
        await page.send(type="set", values={FADER: 0.999})
        await there.until("stage/band/ch1/fader/value", "0.999")
        assert len(there.all) <= (app.loop.time() - begun) * 10 + 2


@pytest.mark.parametrize(
    ("topic", "payload", "words"),
    [
        ("band/ch1/fader/set", "loud", "takes a number"),
        ("band/ch1/fader/set", "+90 dB", "goes from"),
        ("band/ch1/fader/value/set", "2", "from 0 to 1"),
        ("band/ch1/fader/value/set", "{{", "takes JSON"),
        ("band/ch1/fader/set", "x" * 5000, "at most 4096 bytes"),
        ("band/ch99/fader/set", "0", "No console here has"),
        ("band/status/set", "offline", "."),
        ("scene/recall", "Nothing", "no such scene"),
        ("scene/recall", '{"scene": []}', "name or number"),
        ("scene/go", "", "."),
    ],
)
async def test_what_cannot_be_done_is_said_with_its_topic_and_a_sentence(
    app: App, broker: Mosquitto, topic: str, payload: str, words: str
) -> None:
    async with broker.listener("stage/error", "stage/status") as there:
        await there.until("stage/status", "online")
        await broker.publish(f"stage/{topic}", payload)
        await until(lambda: "stage/error" in there.newest)
        about, _, text = there.newest["stage/error"].partition(": ")
        assert (about, words in text) == (f"stage/{topic}", True), text


async def test_a_set_that_the_broker_kept_is_left_out_when_the_mixer_comes_back(
    broker: Mosquitto, tmp_path: Path
) -> None:
    await broker.publish("kept/band/ch1/fader/set", "-40 dB", "-r")
    await broker.publish("kept/scene/go", "now", "-r")
    async with broker.listener("kept/error", "kept/status") as there:
        with running(tmp_path, ("band", "demo:"), mqtt=options(broker, "kept")) as app:
            await online(app)
            stood = app.desk.values[FADER]
            await until(lambda: sum("had kept this message" in text for _, text in there.all) == 2)
            assert app.desk.values[FADER] == stood
        await there.until("kept/status", "offline")


async def test_a_set_is_answered_with_how_it_stands_also_where_nothing_has_changed(app: App, broker: Mosquitto) -> None:
    async with broker.listener("stage/band/ch1/fader/value") as there:
        await there.until("stage/band/ch1/fader/value", "0.5")
        for payload in ("0.5", "7"):
            there.newest.clear()
            await broker.publish("stage/band/ch1/fader/value/set", payload)
            await there.until("stage/band/ch1/fader/value", "0.5")


async def test_undo_takes_back_what_came_by_the_broker_alone_and_scenes_are_recalled(
    app: App, broker: Mosquitto
) -> None:
    async with broker.listener("stage/band/ch1/#") as there, joined(app, "page") as page:
        await page.send(type="scene", do="store", name="Verse", id=1)
        await page.until("ok", id=1)
        await broker.publish("stage/band/ch1/mute/set", "on")
        await there.until("stage/band/ch1/mute", "on")
        await broker.publish("stage/undo", "")
        await there.until("stage/band/ch1/mute", "off")
        await broker.publish("stage/redo", "")
        await there.until("stage/band/ch1/mute", "on")
        await broker.publish("stage/scene/recall", '{"scene": "Verse", "fade": 0.2}')
        await there.until("stage/band/ch1/mute", "off")
        await page.send(type="set", values={FADER: 0.1})
        await there.until("stage/band/ch1/fader/value", "0.1")
        await broker.publish("stage/scene/recall", "Verse")
        await there.until("stage/band/ch1/fader/value", "0.5")


async def test_without_a_role_the_broker_only_looks_and_with_a_token_it_has_the_tokens_rights(
    broker: Mosquitto, tmp_path: Path
) -> None:
    with running(tmp_path / "a", ("band", "demo:"), mqtt=options(broker, "looks", "guest")) as app:
        await online(app)
        async with broker.listener("looks/error", "looks/status") as there:
            await there.until("looks/status", "online")
            await broker.publish("looks/band/ch1/fader/set", "-40 dB")
            await until(lambda: "You are here to look" in there.newest.get("looks/error", ""))
        making = app.admission.make_token("Foyer", "engineer")
        token, secret = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(making, app.loop))
    with running(tmp_path / "a", ("band", "demo:"), mqtt=options(broker, "token", secret)) as app:
        await online(app)
        async with broker.listener("token/error", "token/#") as there:
            await there.until("token/status", "online")
            await broker.publish("token/band/ch1/fader/set", "-40 dB")
            await there.until("token/band/ch1/fader", "-40.0 dB")
            revoking = app.admission.remove_token(token.id)
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(revoking, app.loop))
            await broker.publish("token/band/ch1/fader/set", "0 dB")
            await until(lambda: "token/error" in there.newest)
            assert there.newest["token/band/ch1/fader"] == "-40.0 dB"


async def test_a_broker_that_goes_and_comes_back_gets_all_values_as_they_stand_then(tmp_path: Path) -> None:
    with mosquitto(tmp_path) as broker, running(tmp_path / "d", ("band", "demo:"), mqtt=options(broker)) as app:
        await online(app)
        await connected(app)
        broker.stop()
        await until(lambda: app.rooms.mqtt and "lost" in app.rooms.mqtt.state)
        async with joined(app, "page") as page:
            await page.send(type="set", values={FADER: 0.125})
            assert await page.change(FADER) == 0.125
        broker.start()
        async with broker.listener("stage/#") as there:
            await there.until("stage/band/ch1/fader/value", "0.125")
            await there.until("stage/status", "online")
            missing = [path for path in app.desk.values_of("band") if f"stage/{path}/value" not in there.newest]
            assert missing == []


async def test_a_mixer_that_dies_is_offline_on_the_broker(broker: Mosquitto, tmp_path: Path) -> None:
    async with broker.listener("dying/status") as there:
        with running(tmp_path, ("band", "demo:"), mqtt=options(broker, "dying")) as app:
            await there.until("dying/status", "online")
            bridge = app.rooms.mqtt
            assert bridge
            assert bridge._link
            sock: Any = bridge._link._client.socket()
            sock.shutdown(2)
            await there.until("dying/status", "offline")
            await there.until("dying/status", "online")


async def test_topics_of_a_console_that_has_gone_are_cleared_at_the_next_start(
    broker: Mosquitto, tmp_path: Path
) -> None:
    with running(tmp_path, ("band", "demo:"), ("old", "demo:2"), mqtt=options(broker, "tidy")) as app:
        await online(app, "old")
        async with broker.listener("tidy/#") as there:
            await there.until("tidy/old/ch1/fader/value", json.dumps(app.desk.values["old/ch1/fader"]))
            await there.until("tidy/status", "online")
    with running(tmp_path, ("band", "demo:2"), mqtt=options(broker, "tidy")) as app:
        await online(app)
        async with broker.listener("tidy/#") as there:
            await there.until("tidy/band/ch1/name/value", '"Kick"')
            told = app.desk.values.keys() | {"status", "band/layout"}
            await until(lambda: {topic.removeprefix("tidy/").removesuffix("/value") for topic in _kept(there)} <= told)


def _kept(there: Listener) -> list[str]:
    """Return the topics whose newest message has a payload; an empty one takes away what a broker keeps."""
    return [topic for topic, payload in there.newest.items() if payload]


async def test_a_thousand_messages_a_second_hold_nothing_up_and_the_last_one_stands(
    app: App, broker: Mosquitto, tmp_path: Path
) -> None:
    sent = [f"{number / 5000:.5f}" for number in range(5000)]
    process = await asyncio.create_subprocess_exec(
        *("mosquitto_pub", "-h", "127.0.0.1", "-p", str(broker.port), "-t", "stage/band/ch1/fader/value/set", "-l"),
        stdin=asyncio.subprocess.PIPE,
    )
    async with joined(app, "page") as page:
        writing = asyncio.create_task(process.communicate("\n".join(sent).encode()))
        longest = 0.0
        for number in range(20):
            began = asyncio.get_running_loop().time()
            await page.send(type="set", id=number, values={"band/ch2/fader": number / 100})
            await page.until("ok", id=number)
            longest = max(longest, asyncio.get_running_loop().time() - began)
        await writing
        await until(lambda: app.desk.values[FADER] == float(sent[-1]))
        assert longest < 1.0


# Encrypted, with a password, and what a broker may do to us


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with guarded_mosquitto(tmp_path_factory.mktemp("guarded")) as one:
        yield one


def _guarded_options(broker: Mosquitto, user: str, query: str = "") -> MqttOptions:
    return MqttOptions(Broker.parse(f"mqtts://{user}@127.0.0.1:{broker.port}/safe{query}"), "engineer")


@pytest.mark.parametrize("where", ["address", "environment"])
async def test_a_broker_by_tls_is_logged_in_to_with_a_password(
    guarded: Mosquitto, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, PASSWORD if where == "environment" else "")
    user = f"mixer:{PASSWORD}" if where == "address" else "mixer"
    to = _guarded_options(guarded, user, f"?ca={guarded.folder / 'broker.pem'}")
    assert PASSWORD not in f"{to} {to.broker}"
    with running(tmp_path, ("band", "demo:"), mqtt=to) as app:
        await online(app)
        async with guarded.listener("safe/#") as there:
            await there.until("safe/status", "online")
            await guarded.publish("safe/band/ch1/fader/set", "-40 dB")
            await there.until("safe/band/ch1/fader", "-40.0 dB")


async def test_the_report_for_a_bug_says_whether_the_broker_is_there_without_the_password(
    guarded: Mosquitto, tmp_path: Path
) -> None:
    console = ("hall", guarded.url_of("report/band"))
    with running(tmp_path, ("band", "demo:"), console, mqtt=guarded.bridge("report")) as app:
        await connected(app)
        report = (await asyncio.to_thread(host(app).call, "GET", "/doctor")).json["text"]
        assert f"mqtts://127.0.0.1:{guarded.port}, connected, publishes under report" in report
        assert PASSWORD not in report


@pytest.mark.parametrize(
    ("user", "query", "words"),
    [
        (f"mixer:{PASSWORD}", "", "certificate"),
        ("mixer:wrong-7", "?ca={ca}", "refuses: Not authorized"),
        ("mixer:wrong-7", "?ca=/nowhere.pem", "cannot be used"),
    ],
)
async def test_a_broker_that_is_not_to_be_trusted_or_refuses_is_named_without_a_secret(
    guarded: Mosquitto, tmp_path: Path, caplog: pytest.LogCaptureFixture, user: str, query: str, words: str
) -> None:
    to = _guarded_options(guarded, user, query.format(ca=guarded.folder / "broker.pem"))
    with running(tmp_path, ("band", "demo:"), mqtt=to) as app:
        await online(app)
        bridge = app.rooms.mqtt
        assert bridge
        await until(lambda: words in bridge.state)
        assert not [word for word in (PASSWORD, "wrong-7") if word in f"{bridge.state} {caplog.text}"]


async def test_a_broker_that_takes_a_connection_and_says_nothing_holds_neither_the_mixer_nor_its_end(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        broker = Broker.parse(f"mqtt://127.0.0.1:{silent.getsockname()[1]}")
        with running(tmp_path, ("band", "demo:"), mqtt=MqttOptions(broker)) as app:
            await online(app)
            async with joined(app, "page") as page:
                await page.send(type="set", id=1, values={FADER: 0.3})
                await page.until("ok", id=1)
            began = time.monotonic()
        assert time.monotonic() - began < 3, "it ends as always"


@pytest.mark.parametrize(
    "url",
    *(
        [
            "mqtt:",
            "http://me:key@broker",
            "mqtt://me:key@host:0x",
            "mqtt://host:99999",
            "mqtt://host/a+b",
            "mqtt://h?x=1",
        ],
    ),
)
def test_an_address_of_another_form_is_refused_with_the_form_and_nothing_of_it(url: str) -> None:
    with pytest.raises(ValueError, match="write mqtt://HOST") as refused:
        Broker.parse(url)
    assert "key" not in str(refused.value)
