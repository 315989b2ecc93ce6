"""Wire of the real program: the answer to each frame, and the frames that all others receive."""

from __future__ import annotations

import asyncio
import json
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from websockets.exceptions import ConnectionClosed

from remote_mixer.app import App
from remote_mixer.hub.conversation import HANDLERS
from remote_mixer.web.wire import PACKED_KIND
from tests.support.running import FADER, demo_console, hand, joined, running
from tests.support.waiting import until

MUTE = "band/ch1/mute"


async def test_nothing_is_sent_before_the_page_speaks(app: App) -> None:
    async with hand(app, "anne") as anne:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await anne.link.recv()


@pytest.mark.parametrize(
    "text", ["hello there", "", "[1, 2]", "42", '"text"', '{"type": "hel', "null", "🎸 ñ", "[" * 50000]
)
async def test_any_text_that_is_no_json_object_is_received_word_for_word(app: App, text: str) -> None:
    async with hand(app, "anne") as anne:
        await anne.link.send(text)
        assert await anne.link.recv() == f"Server received: {text}"


async def test_plain_text_counts_as_something_said(app: App) -> None:
    async with joined(app, "anne") as anne, hand(app, "bob") as bob:
        await bob.link.send("more vocals in 3")
        message = await anne.until("message", text="more vocals in 3")
        assert message["from"]["name"] == "Guest"


async def test_who_says_hello_is_told_everything(app: App) -> None:
    async with hand(app, "anne") as anne:
        welcome = await anne.hello("Stage left phone")
    assert welcome["type"] == "welcome"
    assert welcome["protocol"] == 1
    assert welcome["you"].items() >= {"client": "anne", "name": "Stage left phone", "role": "host"}.items()
    assert welcome["values"] == app.desk.values
    assert welcome["consoles"] == [app.desk.layouts["band"].as_json()]
    assert welcome["meters"] == app.desk.layouts["band"].taps()
    assert welcome["server"]["epoch"] == app.desk.epoch
    assert [person["client"] for person in welcome["people"]] == ["anne"]


async def test_a_hello_in_the_address_is_welcomed_without_a_frame(app: App) -> None:
    hello = json.dumps({"type": "hello", "protocol": 1, "client": "anne", "name": "Anne"})
    async with hand(app, "anne", query=f"?{urlencode({'hello': hello})}") as anne:
        assert (await anne.until("welcome"))["you"]["client"] == "anne"


async def test_a_page_that_unpacks_gets_large_messages_packed_and_every_move_as_it_is(app: App) -> None:
    async with hand(app, "anne", query="?packed=1") as anne:
        await anne.send(type="hello", protocol=1, client="anne", name="Anne")
        packed = await anne.link.recv()
        assert isinstance(packed, bytes)
        assert packed[0] == PACKED_KIND
        welcome = json.loads(zlib.decompress(packed[1:]))
        assert welcome["values"] == app.desk.values
        assert len(packed) < len(json.dumps(welcome)) / 4
        await anne.send(type="set", id=1, values={FADER: 0.1})
        await anne.until("ok", id=1)


async def test_a_program_that_does_not_ask_for_it_gets_nothing_packed(app: App) -> None:
    async with hand(app, "anne", query="?packed=0") as anne:
        assert (await anne.hello())["type"] == "welcome"


async def test_a_move_is_acknowledged_and_told_to_everyone_the_sender_too(app: App) -> None:
    async with joined(app, "anne") as anne, joined(app, "bob") as bob:
        await anne.send(type="set", id=7, values={FADER: 0.5})
        ok = await anne.until("ok", id=7)
        assert ok["rev"] == app.desk.rev
        assert await anne.change(FADER) == 0.5
        assert await bob.change(FADER) == 0.5
        await until(lambda: demo_console(app).values[FADER] == 0.5)


async def test_what_the_console_moves_is_told_to_everyone(app: App) -> None:
    async with joined(app, "anne") as anne:
        app.loop.call_soon_threadsafe(lambda: demo_console(app).move({FADER: 0.125}))
        assert await anne.change(FADER) == 0.125


async def test_a_finger_is_seen_by_all_and_settles_when_it_lifts(app: App) -> None:
    async with joined(app, "anne") as anne, joined(app, "bob") as bob:
        await anne.send(type="hold", path=FADER)
        assert (await bob.until("held"))["by"] == "anne"
        await anne.send(type="set", id=1, values={FADER: 0.625})
        await anne.send(type="release", path=FADER)
        settle = await anne.until("settle")
        assert (settle["path"], settle["value"], settle["rev"]) == (FADER, 0.625, app.desk.rev)
        assert (await bob.until("held"))["by"] is None


async def test_a_finger_on_a_remembered_value_goes_on_from_the_consoles_own(app: App) -> None:
    """The console moved from 0.5 to 0.2 unseen: the finger's 0.03 are 0.03 there, whoever counts them."""
    demo = demo_console(app)
    async with joined(app, "anne") as anne:
        app.loop.call_soon_threadsafe(lambda: demo.move({FADER: 0.5}))
        assert await anne.change(FADER) == 0.5
        app.loop.call_soon_threadsafe(lambda: app.desk.remember("band", frozenset({FADER})))
        assert FADER in (await anne.until("remembered"))["paths"]
        demo.values[FADER] = 0.2
        await anne.send(type="hold", path=FADER)
        rebase = await anne.until("rebase")
        assert (rebase["path"], rebase["value"]) == (FADER, 0.2)
        await anne.send(type="set", id=1, values={FADER: 0.53})
        await anne.until("ok", id=1)
        assert app.desk.values[FADER] == 0.23
        await anne.send(type="hold", path=FADER, rebased=True)
        await anne.send(type="set", id=2, values={FADER: 0.26})
        await anne.until("ok", id=2)
        assert app.desk.values[FADER] == 0.26


async def test_a_second_hand_is_refused_until_it_takes_over(app: App) -> None:
    async with joined(app, "anne") as anne, joined(app, "bob") as bob:
        await anne.send(type="hold", path=FADER)
        await bob.until("held")
        await bob.send(type="set", id=2, values={FADER: 0.1})
        assert (await bob.until("error", id=2)).items() >= {"code": "held", "path": FADER, "by": "anne"}.items()
        await bob.send(type="hold", path=FADER, take=True)
        assert (await bob.until("held"))["by"] == "bob"
        assert (await anne.until("settle"))["path"] == FADER
        await anne.send(type="set", id=3, values={FADER: 0.9})
        assert (await anne.until("error", id=3))["code"] == "held"


async def test_a_finger_that_loses_its_link_lets_go(app: App) -> None:
    async with joined(app, "bob") as bob:
        async with joined(app, "anne") as anne:
            await anne.send(type="hold", path=FADER)
            await bob.until("held", by="anne")
            anne.link.transport.abort()
        assert (await bob.until("held"))["by"] is None


async def test_a_page_that_returns_is_told_only_what_it_missed(app: App) -> None:
    async with hand(app, "anne") as anne:
        welcome = await anne.hello()
    since = {"epoch": welcome["server"]["epoch"], "rev": app.desk.rev}
    async with joined(app, "bob") as bob, hand(app, "anne") as anne:
        await bob.send(type="set", id=1, values={MUTE: not app.desk.values[MUTE]})
        await bob.until("ok")
        resume = await anne.hello(since=since)
    assert resume["type"] == "resume"
    assert resume["values"] == {MUTE: app.desk.values[MUTE]}
    assert "consoles" not in resume


@pytest.mark.parametrize("since", [{"epoch": "another", "rev": 1}, {"rev": 1}, 7, None, {"epoch": 3, "rev": "x"}])
async def test_a_page_of_another_life_is_told_everything(app: App, since: Any) -> None:
    async with hand(app, "anne") as anne:
        assert (await anne.hello(since=since))["type"] == "welcome"


async def test_the_same_page_on_a_new_link_takes_the_place_of_the_old_one(app: App) -> None:
    async with joined(app, "anne") as old, joined(app, "anne") as new:
        assert "somewhere else" in (await old.until("bye"))["text"]
        with pytest.raises(ConnectionClosed) as closed:
            await old.until("never")
        assert closed.value.rcvd
        assert closed.value.rcvd.code == 4001
        await new.send(type="ping", t=1)
        await new.until("pong", t=1)


async def test_what_is_said_is_told_to_all_and_kept_for_who_comes_later(app: App) -> None:
    async with joined(app, "anne") as anne, joined(app, "bob") as bob:
        await anne.send(type="say", text="Zwei Takte früher bitte <b>!</b>")
        message = await bob.until("message")
        assert message["text"] == "Zwei Takte früher bitte <b>!</b>"
        assert message["from"]["name"] == "Anne"
        assert message["at"].endswith("Z")
        async with hand(app, "cleo") as cleo:
            assert (await cleo.hello())["messages"][-1] == {k: v for k, v in message.items() if k != "type"}


async def test_people_see_who_comes_renames_and_goes(app: App) -> None:
    async with joined(app, "anne") as anne:
        async with joined(app, "bob") as bob:
            await bob.send(type="name", name="  FOH   tablet ")
            await until(lambda: app.hub.clients.cards()[-1]["name"] == "FOH tablet")
            while (await anne.until("people"))["people"] != app.hub.clients.cards():
                pass
        assert [person["client"] for person in (await anne.until("people"))["people"]] == ["anne"]


async def test_meters_come_at_no_more_than_the_rate_asked_for(app: App) -> None:
    async with joined(app, "anne") as anne:
        await anne.send(type="meters", on=True, rate=10)
        frames = [frame for frame in [await anne.next() for _ in range(8)] if isinstance(frame, bytes)]
        assert [frame[0] for frame in frames] == [1] * len(frames)
        assert [int.from_bytes(frame[1:5], "little") for frame in frames] == list(range(len(frames)))
        assert {len(frame) for frame in frames} == {5 + len(app.desk.layouts["band"].taps())}


async def test_a_console_that_goes_away_is_said_and_refuses(app: App) -> None:
    async with joined(app, "anne") as anne:
        app.loop.call_soon_threadsafe(demo_console(app).unplug)
        assert await anne.change("band/status") == "offline"
        await anne.send(type="set", id=1, values={FADER: 0.3})
        assert (await anne.until("error", id=1))["code"] == "offline"
        app.loop.call_soon_threadsafe(demo_console(app).plug)
        await until(lambda: app.desk.values["band/status"] == "online")


BAD_FRAMES: list[tuple[Any, str]] = [
    ({}, "bad-frame"),
    ({"type": "nope"}, "bad-frame"),
    ({"type": ["set"]}, "bad-frame"),
    ({"type": "set", "id": 1}, "bad-frame"),
    ({"type": "set", "id": 1, "values": []}, "bad-frame"),
    ({"type": "set", "id": 1, "values": {FADER: float("nan")}}, "bad-value"),
    ({"type": "set", "id": 1, "values": {FADER: float("inf")}}, "bad-value"),
    ({"type": "set", "id": 1, "values": {FADER: 10**400}}, "bad-value"),
    ({"type": "set", "id": 1, "values": {FADER: "0.5"}}, "bad-value"),
    ({"type": "set", "id": 1, "values": {FADER: None}}, "bad-value"),
    ({"type": "set", "id": 1, "values": {"band/ch99/fader": 0.5}}, "unknown-path"),
    ({"type": "set", "id": 1, "values": {"../../etc/passwd": 0.5}}, "unknown-path"),
    ({"type": "set", "id": 1, "values": {"band/status": "online"}}, "read-only"),
    ({"type": "set", "id": 1, "values": {"band/ch1/name": "x" * 10_000}}, "bad-value"),
    ({"type": "set", "id": 1, "values": {"band/ch1/name": "half \ud800"}}, "bad-value"),
    ({"type": "hold", "path": 7}, "bad-frame"),
    ({"type": "hold", "path": "band/ch1"}, "unknown-path"),
    ({"type": "release", "path": "nowhere"}, "unknown-path"),
    ({"type": "say", "text": " "}, "bad-value"),
    ({"type": "say", "text": 7}, "bad-frame"),
    ({"type": "say", "text": "x" * 5000}, "bad-value"),
    ({"type": "name", "name": {}}, "bad-frame"),
    ({"type": "meters", "on": True, "rate": "fast"}, "bad-frame"),
    ({"type": "look"}, "bad-frame"),
    ({"type": "look", "at": "band/ch1/spectrum"}, "bad-frame"),
    ({"type": "look", "at": [7]}, "bad-frame"),
    ({"type": "look", "at": ["band/ch1/spectrum"] * 5}, "bad-frame"),
    ({"type": "look", "at": ["band/ch1/spectrum"]}, "unknown-path"),
    ({"type": "look", "at": ["nobody/ch1/spectrum"]}, "unknown-path"),
    ({"type": "ping", "t": {}}, "bad-frame"),
    ({"type": "ping", "t": 10**400}, "bad-frame"),
    ({"type": "ping", "t": float("nan")}, "bad-frame"),
    ({"type": "meters", "on": True, "rate": 10**400}, "bad-frame"),
    ({"type": "hello", "protocol": 2, "client": "anne", "name": "A"}, "protocol"),
    ({"type": "hello", "protocol": 1, "client": "", "name": "A"}, "bad-frame"),
    ({"type": "hello", "protocol": 1, "client": "a\nb", "name": "A"}, "bad-frame"),
]


@pytest.mark.parametrize(("frame", "code"), BAD_FRAMES)
async def test_a_bad_frame_gets_a_clear_error_and_the_link_stays(app: App, frame: Any, code: str) -> None:
    async with joined(app, "anne") as anne:
        await anne.link.send(json.dumps(frame))
        error = await anne.until("error")
        assert error["code"] == code
        assert len(error["text"].split()) >= 4
        await anne.send(type="ping", t=1)
        await anne.until("pong")


HOSTILE: list[Any] = ["\ud800", "\0", 10**400, float("inf"), -1, [[]], {"\ud800": {}}]
FIELDS = ("path", "by", "last", "before", "text", "name", "do", "scene", "action", "console", "at", "values", "id")


async def test_no_field_of_any_frame_is_a_fault_of_the_server(app: App, caplog: pytest.LogCaptureFixture) -> None:
    for kind in HANDLERS:
        async with joined(app, "anne") as anne:
            for field in FIELDS:
                for value in HOSTILE:
                    await anne.link.send(json.dumps({"type": kind, "on": True, field: value}))
            await anne.send(type="ping", t=1)
            await anne.until("pong")
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


def looked(app: App) -> list[str]:
    """Return what a console was told that somebody looks at."""
    return app.hub.pictures._asked.get("band", [])


async def test_the_strips_that_a_page_shows_are_told_to_their_console_until_it_leaves(app: App) -> None:
    async with joined(app, "anne") as anne:
        await anne.send(type="look", at=["band/ch1", "band/bus1"])
        await until(lambda: looked(app) == ["band/bus1", "band/ch1"])
    await until(lambda: looked(app) == [])


async def test_bytes_and_empty_frames_get_an_error_and_the_link_stays(app: App) -> None:
    async with joined(app, "anne") as anne:
        for data in (b"", b"\x01\x02"):
            await anne.link.send(data)
            assert (await anne.until("error"))["code"] == "bad-frame"


async def test_nothing_is_done_for_who_has_not_said_hello(app: App) -> None:
    async with hand(app, "anne") as anne:
        await anne.send(type="set", id=1, values={FADER: 0.5})
        assert (await anne.until("error"))["code"] == "protocol"


async def test_a_flood_is_told_then_closed_and_nobody_else_is_harmed(app: App) -> None:
    async with joined(app, "bob") as bob, joined(app, "anne") as anne:
        await asyncio.gather(*(anne.send(type="ping", t=1) for _ in range(1500)), return_exceptions=True)
        assert (await anne.until("error"))["code"] == "limit"
        assert "Too many" in (await anne.until("bye"))["text"]
        await anne.link.wait_closed()
        assert anne.link.close_code == 1008
        await bob.send(type="ping", t=2)
        await bob.until("pong", t=2)


async def test_a_page_that_returns_before_its_old_link_is_missed_holds_nothing(app: App) -> None:
    async with joined(app, "anne") as old:
        await old.send(type="hold", path=FADER)
        await until(lambda: app.desk.held() == {FADER: "anne"})
        async with joined(app, "anne"):
            assert app.desk.held() == {}


async def test_a_burst_that_a_person_can_make_is_heard_in_full(app: App) -> None:
    async with joined(app, "anne") as anne:
        for step in range(400):
            await anne.send(type="set", id=step, values={FADER: step / 1000})
        await anne.until("ok", id=399)
        assert not [frame for frame in anne.heard if isinstance(frame, dict) and frame["type"] == "error"]
        assert app.desk.values[FADER] == 0.399


async def test_a_restart_finds_the_messages(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        async with joined(app, "anne") as anne:
            await anne.send(type="say", text="we begin at nine")
            await anne.until("message")
    with running(tmp_path) as app:
        async with hand(app, "anne") as anne:
            assert (await anne.hello())["messages"][-1]["text"] == "we begin at nine"


async def test_a_stop_says_goodbye(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        async with joined(app, "anne") as anne:
            await asyncio.to_thread(app.stop)
            assert (await anne.until("bye"))["text"] == "Server stopping."


async def test_a_replaced_link_moves_nothing_more(app: App) -> None:
    async with joined(app, "anne") as old:
        old.link.transport.pause_reading()  # the news of its replacement has not arrived yet
        async with joined(app, "anne") as new:
            await old.send(type="set", id=1, values={FADER: 0.011})
            await old.send(type="hold", path=FADER)
            for beat in range(20):
                await new.send(type="ping", t=beat)
                await new.until("pong", t=beat)
            assert app.desk.values[FADER] != 0.011
            assert app.desk.held() == {}
        old.link.transport.abort()


async def test_a_bad_hello_takes_nobodys_place(app: App) -> None:
    async with joined(app, "anne") as anne, hand(app, "anne") as thief:
        await thief.send(type="hello", protocol=1, client="anne")
        assert (await thief.until("error"))["code"] == "bad-frame"
        await thief.send(type="set", id=1, values={FADER: 0.011})
        assert (await thief.until("error"))["code"] == "protocol"
        await anne.send(type="hello", protocol=1, client="anne")
        await anne.until("error")
        await anne.send(type="set", id=2, values={FADER: 0.022})
        await anne.until("ok", id=2)
