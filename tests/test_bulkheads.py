"""A fault in any task of the program stays there: a fader on another console moves on over a real WebSocket."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from remote_mixer import supervisor
from remote_mixer.app import App
from remote_mixer.bridges.mqtt.bridge import MqttOptions
from remote_mixer.drivers import guard
from remote_mixer.mqtt.broker import Broker
from remote_mixer.sockets import HttpsOptions
from tests.support.program import Program
from tests.support.running import Hand, hand, joined, online, running
from tests.support.throwing import ThrownIn, can_fail, throw
from tests.support.waiting import PATIENCE_SECONDS, until

TWO = (("band", "demo:"), ("foh", "demo:"))
SERVERS_OWN = ("Server._main", "serve", "Lifespan.handle_lifespan", "Event.wait")
"""Coroutines whose end is the server's; all other tasks of a program without pages are supervised."""
SUPERVISED = {
    *("The guard of console “band”", "The guard of console “foh”", "The guard of console “house”"),
    *("The end of old holds", "The look for silent pages", "The tidying of people", "The tidying of requests"),
    *("The look for new addresses", "The snapshot of the database", "The look at the clock"),
    *("The record of moves", "The tidying of moves", "The moments kept by themselves, and the bin"),
    *("The acceptance of connections", "The renewal of the certificate", "The OSC port", "The surface “Wing”"),
    *("The look for silent OSC programs", "The link to the MQTT broker"),
}
EVERYTHING: dict[str, Any] = {
    "https": HttpsOptions(0),
    "osc": ("127.0.0.1", 0),
    "mqtt": MqttOptions(Broker.parse("mqtt://127.0.0.1:9/mixer"), "guest"),  # where none is
    "surfaces": (("Wing", "mackie:Nowhere"),),
}
ROUNDS = 3
FINGER_SECONDS = 0.005
"""Between two moves: a client is heard 240 times a second, and a frame above that has no answer of its own."""

R = TypeVar("R")


def name_of(task: asyncio.Task[object]) -> str:
    coroutine = task.get_coro()
    return str(getattr(coroutine, "__qualname__", coroutine))


async def in_loop(app: App, work: Callable[[], R]) -> R:
    """Call a function in the server's loop and return its result."""

    async def call() -> R:
        return work()

    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(call(), app.loop))


async def waiting_tasks(app: App, named: frozenset[str] = frozenset()) -> list[asyncio.Task[object]]:
    """Return the tasks of the server's loop that wait for something that can fail, once those `named` have waited."""
    found = set[asyncio.Task[object]]()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            found |= {task for task in await in_loop(app, lambda: asyncio.all_tasks(app.loop)) if can_fail(task)}
            if named <= {task.get_name() for task in found}:
                return list(found)


@asynccontextmanager
async def moving(anne: Hand, path: str) -> AsyncIterator[Callable[[], int]]:
    """Move a fader at a fast finger's pace; every move has to be acknowledged. Gives the number of moves so far."""
    done, stop = [0], asyncio.Event()

    async def move() -> None:
        while not stop.is_set():
            done[0] += 1
            await anne.send(type="set", id=done[0], values={path: done[0] % 100 / 100})
            answer = await anne.until("ok", id=done[0])
            refused = [frame for frame in anne.heard if isinstance(frame, dict) and frame["type"] in ("error", "bye")]
            assert (answer["id"], refused) == (done[0], [])
            anne.heard.clear()
            await asyncio.sleep(FINGER_SECONDS)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(move())
        yield lambda: done[0]
        stop.set()


def is_of(task: asyncio.Task[object], console: str) -> bool:
    """Whether a task belongs to a console's driver."""
    return f"“{console}”" in task.get_name()


def above(count: Callable[[], int], bound: int) -> bool:
    return count() > bound


@pytest.mark.parametrize("fault", [ThrownIn, asyncio.CancelledError])
@pytest.mark.parametrize(("moved", "other"), [("band", "foh"), ("foh", "band")])
async def test_a_fader_moves_on_while_every_other_task_fails_in_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: type[BaseException], moved: str, other: str
) -> None:
    monkeypatch.setattr(supervisor, "PAUSES_SECONDS", (0.05,))
    monkeypatch.setattr(guard, "PAUSES_SECONDS", (0.05,))
    with running(tmp_path, *TWO, **EVERYTHING) as app:
        await online(app, moved)
        await online(app, other)
        expected = frozenset(name for name in SUPERVISED if f"“{moved}”" not in name)
        others = [
            one
            for one in await waiting_tasks(app, expected)
            if name_of(one) not in SERVERS_OWN and not is_of(one, moved)
        ]
        struck: list[str] = []
        async with joined(app, "anne") as anne, moving(anne, f"{moved}/ch1/fader") as moves:
            for task in others * ROUNDS:
                struck += [task.get_name()] * await in_loop(app, partial(throw, task, fault()))
                await until(partial(above, moves, moves() + 1))
            assert set(struck) >= expected
            assert f"The tidying of people failed ({fault.__name__}" in str(app.hub.notices)
        await online(app, other)
        assert not [task.get_name() for task in others if task.done() and task.get_name() in SUPERVISED]


async def test_a_page_whose_own_link_fails_takes_no_other_page_along(tmp_path: Path) -> None:
    with running(tmp_path) as app:
        await online(app)
        async with joined(app, "anne") as anne, moving(anne, "band/ch1/fader") as moves:
            before = await in_loop(app, partial(asyncio.all_tasks, app.loop))
            async with hand(app, "ben") as ben:
                await ben.hello()
                came = set(await waiting_tasks(app)) - before
                await until(partial(above, moves, moves() + 1))
                of_ben = came & set(await waiting_tasks(app))  # what came and went was of a move of Anne's
                assert of_ben
                for task in of_ben:
                    await in_loop(app, partial(throw, task, ThrownIn()))
                    await until(partial(above, moves, moves() + 1))


async def test_a_request_that_fails_is_answered_and_its_link_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path) as app:
        async with joined(app, "anne") as anne:
            monkeypatch.setattr(app.hub, "say", lambda *_: 1 / 0)
            await anne.send(type="say", id=5, text="hello")
            assert "ZeroDivisionError" in (await anne.until("error", id=5))["text"]
            monkeypatch.undo()
            await anne.send(type="say", id=6, text="hello")
            assert (await anne.until("message"))["text"] == "hello"


@pytest.mark.parametrize("waiting", ["serve", "Event.wait"])
async def test_the_death_of_the_server_itself_is_told_from_a_stop(tmp_path: Path, waiting: str) -> None:
    with running(tmp_path) as app:
        (task, *_) = [task for task in await in_loop(app, asyncio.all_tasks) if name_of(task) == waiting]
        assert app.failure is None
        await until(lambda: can_fail(task))
        await in_loop(app, partial(throw, task, ThrownIn()))
        await until(lambda: app.failure)


DIES = """
import asyncio, sys
from remote_mixer.command.main import main
from remote_mixer.hub.hub import Hub
def die(): raise {fault}
async def tend(_): asyncio.get_running_loop().call_later(1, die)  # outside of every task
Hub.tend = tend
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("fault", ["SystemExit(0)", "KeyboardInterrupt()"])
def test_a_program_whose_server_dies_says_so_and_exits_with_1(tmp_path: Path, fault: str) -> None:
    words = ("--serve", "--host=127.0.0.1", "--port=0", f"--data={tmp_path}", "--console=band=demo:")
    with Program(*words, command=(sys.executable, "-c", DIES.format(fault=fault))) as program:
        assert program.end() == 1
        assert "The server failed and has ended" in program.said


def test_a_program_whose_callback_fails_goes_on_and_exits_with_0_when_stopped(tmp_path: Path) -> None:
    words = ("--serve", "--host=127.0.0.1", "--port=0", f"--data={tmp_path}", "--console=band=demo:")
    with Program(*words, command=(sys.executable, "-c", DIES.format(fault="ValueError()"))) as program:
        program.wait_for("ValueError")
        assert program.stop(signal.SIGTERM)[0] == 0
