"""The OSC bridge as programs by others meet it: python-osc at the far end, liblo's oscsend, and Pure Data."""

from __future__ import annotations

import asyncio
import shutil
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from remote_mixer.app import App
from remote_mixer.desk.sources import CLIENT, Source
from tests.support.complete import need
from tests.support.running import FADER, joined, online, running
from tests.support.waiting import PATIENCE_SECONDS, until

HERE = ("127.0.0.1", 0)
PATCH = Path(__file__).parents[1] / "support" / "hand.pd"
"""Patch of Pure Data: a fader by number, one by text, and a subscription, printed until a value of it is 0.625."""
ANNE = Source(CLIENT, "anne", "Anne")


class Program(asyncio.DatagramProtocol):
    """A program that speaks OSC."""

    def __init__(self, port: int) -> None:
        self.port, self.transport, self.messages = port, None, list[OscMessage]()
        self._came = asyncio.Event()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.messages.append(OscMessage(data))
        self._came.set()

    def send(self, address: str, *arguments: object) -> None:
        self.send_raw(_built(address, *arguments).dgram)

    def send_raw(self, data: bytes) -> None:
        assert self.transport
        self.transport.sendto(data)

    def ask(self, address: str) -> list[list[Any]]:
        """Return the arguments of each message that came from an address so far."""
        return [list(message) for message in self.messages if message.address == address]

    async def answer(self, address: str, *arguments: object) -> list[Any]:
        """Send a message; return the arguments of the next one that comes from its address, or of `/error`."""
        self.messages.clear()
        self.send(address, *arguments)
        return await self.next(address, "/error")

    async def until(self, address: str, *arguments: object) -> None:
        """Wait for a message; a change made just before a subscription may come after its first values."""
        while await self.next(address) != list(arguments):
            pass

    async def next(self, *addresses: str) -> list[Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                for message in self.messages:
                    if message.address in addresses:
                        self.messages.remove(message)
                        return list(message)
                self._came.clear()
                await self._came.wait()


def _built(address: str, *arguments: Any) -> OscMessage:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build()


def _bundled(at: float, message: OscMessage) -> bytes:
    builder = OscBundleBuilder(at)  # type: ignore[arg-type] # it takes fractions of a second
    builder.add_content(message)
    return builder.build().dgram


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data"), ("band", "demo:"), osc=HERE) as app:
        yield app


@pytest_asyncio.fixture
async def app(served: App) -> AsyncIterator[App]:
    await online(served)
    served.loop.call_soon_threadsafe(served.desk.set, {FADER: 0.5, "band/ch1/mute": False}, ANNE)
    await until(lambda: served.desk.values[FADER] == 0.5 and served.desk.values["band/ch1/mute"] is False)
    yield served
    await until(lambda: len(served.hub.clients) == 0)


def _port(app: App) -> int:
    sock = app.rooms.sockets.osc
    assert sock
    return int(sock.getsockname()[1])


def _stands_at(app: App, value: float) -> bool:
    return app.desk.values[FADER] == value


@asynccontextmanager
async def program(app: App) -> AsyncIterator[Program]:
    """A program with a port of its own, which ends its subscriptions when it leaves."""
    loop = asyncio.get_running_loop()
    transport, one = await loop.create_datagram_endpoint(
        lambda: Program(_port(app)), HERE, ("127.0.0.1", _port(app)), family=socket.AF_INET
    )
    try:
        yield one
    finally:
        one.send("/unsubscribe")
        transport.close()


async def test_a_query_answers_with_the_position_its_text_and_whether_it_is_on(app: App) -> None:
    async with program(app) as qlab:
        assert await qlab.answer("/band/ch1/fader") == [0.5]
        assert await qlab.answer("/band/Kick/fader/text") == ["−10.0 dB"]
        assert await qlab.answer("/band/Kick/mute") == [False]
        assert await qlab.answer("/band/ch1/name") == ["Kick"]


async def test_a_set_by_number_text_or_toggle_moves_the_console_as_any_hand_does(app: App) -> None:
    async with program(app) as qlab, joined(app, "page") as page:
        qlab.send("/band/Kick/fader", 0.25)
        assert await page.change(FADER) == 0.25
        qlab.send("/band/ch1/fader", "-20dB")
        assert await qlab.answer("/band/ch1/fader/text") == ["−20.0 dB"]
        qlab.send("/band/Kick/mute", True)
        assert await page.change("band/ch1/mute") is True
        qlab.send("/band/{ch1,ch2}/mute", False)
        assert await page.change("band/ch1/mute") is False


async def test_what_it_subscribes_to_comes_at_once_and_at_each_change_by_others(app: App) -> None:
    async with program(app) as board, joined(app, "page") as page:
        board.send("/subscribe", "/band/*/fader", 60)
        board.send("/subscribe", "/band/Kick/fader/text", 60)
        assert await board.next("/band/ch1/fader") == [0.5]
        assert await board.next("/band/Kick/fader/text") == ["−10.0 dB"]
        await page.send(type="set", values={FADER: 0.75})
        await board.until("/band/ch1/fader", 0.75)
        await board.until("/band/Kick/fader/text", "0.0 dB")
        assert board.ask("/band/ch1/mute") == []


async def test_it_gets_no_echo_of_its_own_sets_but_what_a_limit_makes_of_them_and_what_others_do(app: App) -> None:
    async with program(app) as board, joined(app, "page") as page:
        board.send("/subscribe", "/band/ch1/fader")
        await board.next("/band/ch1/fader")
        for position in (0.3, 0.4, 0.45):
            board.send("/band/ch1/fader", position)
        await page.until("changes")
        await until(lambda: app.desk.values[FADER] == 0.45)
        came = len(board.messages)
        await page.send(type="set", values={FADER: 0.625})
        await board.until("/band/ch1/fader", 0.625)
        await page.send(type="set", values={FADER: 0.45})
        assert (came, await board.next("/band/ch1/fader")) == (0, [pytest.approx(0.45)])


async def test_a_subscription_ends_with_its_time_and_the_program_leaves_the_people(app: App) -> None:
    async with program(app) as board:
        board.send("/subscribe", "/band/ch1/fader", 1)
        await board.next("/band/ch1/fader")
        assert [client.name for client in app.hub.clients] == ["OSC 127.0.0.1"]
        await until(lambda: len(app.hub.clients) == 0)


async def test_a_bundle_is_carried_out_at_its_time(app: App) -> None:
    async with program(app) as qlab:
        due = time.time() + 0.4
        for at, position in ((due, 0.8), (IMMEDIATELY, 0.2)):
            qlab.send_raw(_bundled(at, _built("/band/ch1/fader", position)))
        await until(lambda: app.desk.values[FADER] == 0.2)
        await until(lambda: app.desk.values[FADER] == 0.8)
        assert time.time() >= due - 0.01


async def test_undo_takes_back_the_programs_own_move_alone(app: App) -> None:
    async with program(app) as board:
        board.send("/band/ch1/mute", True)
        await until(lambda: app.desk.values["band/ch1/mute"] is True)
        assert await board.answer("/undo") == [1, 0]
        await until(lambda: app.desk.values["band/ch1/mute"] is False)
        assert await board.answer("/redo") == [1, 0]
        await until(lambda: app.desk.values["band/ch1/mute"] is True)


async def test_scenes_are_recalled_by_name_with_a_fade_and_go_twice_is_one_go(app: App) -> None:
    async with program(app) as lisp, joined(app, "page") as page:
        for name in ("Verse", "Chorus"):
            await page.send(type="scene", do="store", name=name, id=name)
            await page.until("ok", id=name)
        await page.send(type="set", values={FADER: 0.1})
        await until(lambda: app.desk.values[FADER] == 0.1)
        assert await lisp.answer("/scene/recall", "Chorus", 0.5) == ["Chorus"]
        await until(lambda: app.desk.values[FADER] == 0.5)
        assert await lisp.answer("/scene/back") == [""]
        await until(lambda: app.desk.values[FADER] == 0.1)
        assert await lisp.answer("/scene/recall", "Verse") == ["Verse"]
        await until(lambda: app.desk.values[FADER] == 0.5)
        await page.send(type="set", values={FADER: 0.1})
        await until(lambda: app.desk.values[FADER] == 0.1)
        lisp.send("/scene/go")
        lisp.send("/scene/go")
        assert [await lisp.next("/scene/go") for _ in range(2)] == [["Chorus"], ["Chorus"]]


async def test_an_empty_message_above_the_params_lists_what_is_below(app: App) -> None:
    async with program(app) as board:
        assert await board.answer("/") == ["band"]
        assert (await board.answer("/band"))[-1] == "main"


@pytest.mark.parametrize(
    ("address", "arguments", "words"),
    [
        ("/band/ch99/fader", (), "no such address"),
        ("/band/ch1/fader", (2.0,), "from 0 to 1"),
        ("/band/ch1/fader", ("loud",), "takes a number"),
        ("/band/status", ("offline",), "."),
        ("/subscribe", ("/band/*", 0), "seconds"),
        ("/scene/recall", ("Nothing",), "name or number"),
        ("/band/[ch/fader", (), "pattern"),
        ("/token", ("rm_wrong",), "no such token"),
    ],
)
async def test_what_cannot_be_done_is_answered_with_its_address_and_a_sentence(
    app: App, address: str, arguments: tuple[object, ...], words: str
) -> None:
    async with program(app) as board:
        about, text = await board.answer(address, *arguments)
        assert (about, words in text) == (address, True), text


@pytest.mark.parametrize(
    "data", [b"", b"/", b"#bundle\0", b"/a\0\0,f\0\0", b"\xff" * 40, b"/x\0\0,[[[[\0\0\0", b"#bundle\0" * 50]
)
async def test_bytes_that_are_no_osc_change_nothing_and_it_goes_on(app: App, data: bytes) -> None:
    async with program(app) as board:
        board.send_raw(data)
        board.send("/band/ch1/fader")
        assert await board.next("/band/ch1/fader") == [0.5]


async def test_a_program_that_is_not_trusted_says_a_token_first_and_has_its_role(tmp_path: Path) -> None:
    with running(tmp_path, ("band", "demo:"), osc=HERE, trust_local=False) as app:
        await online(app)
        making = app.admission.make_token("Light desk", "musician", "band/bus1")
        token, secret = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(making, app.loop))
        async with program(app) as board:
            assert "token" in (await board.answer("/band/ch1/fader"))[1]
            assert await board.answer("/token", secret) == ["musician"]
            assert await board.answer("/band/ch1/fader") == [0.75]
            assert (await board.answer("/band/ch1/mute", True))[0] == "/band/ch1/mute"
            board.send("/band/Kick/send/bus1/level", 0.6)
            await until(lambda: app.desk.values["band/ch1/send/bus1/level"] == 0.6)
            board.send_raw(_bundled(time.time() + 0.5, _built("/band/Kick/send/bus1/level", 0.1)))
            removing = app.admission.remove_token(token.id)
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(removing, app.loop))
            assert "token" in (await board.answer("/band/ch1/fader"))[1]
            board.messages.clear()
            assert (await board.next("/error"))[0] == "/band/Kick/send/bus1/level"
            assert app.desk.values["band/ch1/send/bus1/level"] == 0.6


async def test_liblos_own_programs_send_and_are_sent_values(app: App) -> None:
    oscsend = shutil.which("oscsend")
    need(oscsend, "liblo's tools are not installed (apt-get install liblo-tools)")
    assert oscsend
    for kind, argument, value in (("f", "0.25", 0.25), ("s", "0 dB", 0.75), ("d", "0.5", 0.5), ("i", "1", 1.0)):
        sent = await asyncio.create_subprocess_exec(
            oscsend, "127.0.0.1", str(_port(app)), "/band/Kick/fader", kind, argument
        )
        await sent.wait()
        await until(partial(_stands_at, app, value))
    sent = await asyncio.create_subprocess_exec(oscsend, "127.0.0.1", str(_port(app)), "/band/Kick/mute", "T")
    await sent.wait()
    await until(lambda: app.desk.values["band/ch1/mute"] is True)


async def test_pure_data_moves_faders_by_number_and_text_and_hears_what_others_move(app: App) -> None:
    pd = shutil.which("puredata")
    need(pd, "Pure Data is not installed (apt-get install puredata-core)")
    said = (f"connect 127.0.0.1 {_port(app)}", "level 0.25", "words list -10dB", "follow list /band/*/fader 60")
    sends = [part for one in said for part in ("-send", one)]
    command = (str(pd), "-nogui", "-noaudio", "-nomidi", "-stderr", "-open", str(PATCH), *sends)
    process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    try:
        await until(lambda: (app.desk.values[FADER], app.desk.values["band/ch2/fader"]) == (0.25, 0.5))
        assert process.stderr
        async with asyncio.timeout(PATIENCE_SECONDS):
            while b"band ch8 fader" not in (await process.stderr.readline()):
                pass
            app.loop.call_soon_threadsafe(app.desk.set, {"band/ch3/fader": 0.625}, ANNE)
            while (await process.stderr.readline()).split()[-4:] != b"band ch3 fader 0.625".split():
                pass
        await until(lambda: len(app.hub.clients) == 0)  # told to end its subscription by that value
    finally:
        process.terminate()
        await process.wait()


def test_without_the_option_no_port_is_open(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        assert app.rooms.sockets.osc is None
