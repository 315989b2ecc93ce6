"""An action with an argument of each kind, called from every side: the same refusal for the same wrong argument."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from remote_mixer.app import App
from remote_mixer.command import shell
from remote_mixer.command.arguments import parse
from remote_mixer.command.terminal import CommandError
from remote_mixer.desk.actions import Action
from remote_mixer.desk.params import Choice, Number, Position, Text, Toggle
from remote_mixer.desk.policy import HOST
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers import registry
from remote_mixer.drivers.base import DriverError, Setup
from remote_mixer.drivers.demo import Demo
from tests.support.running import joined, online, running

FIT = Action(
    "fit",
    "Fit all",
    {
        "level": Position("fader"),
        "on": Toggle(),
        "color": Choice(("red", "green"), "red"),
        "name": Text(8),
        "seconds": Number(0.5, 60, "s"),
        "scene": Number(0, 99, "", whole=True),
    },
    {"on": True, "color": None, "seconds": 1.5},
)
GOOD = {"level": 0.5, "name": "Vox", "scene": 7}
CHECKED = {"level": 0.5, "on": True, "color": None, "name": "Vox", "seconds": 1.5, "scene": 7}
URL = "/api/v1/consoles/band"


class Doer(Demo):
    """A console that notes what it is to do, and can do only `fit`."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.layout = replace(self.layout, actions=(FIT, Action("fail", "Fail")))
        self.done: list[Mapping[str, Any]] = []

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        if action == "fail":
            raise DriverError("The console is out of breath.")
        self.done.append(arguments)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.DRIVERS, "doer", f"{__name__}:Doer")
        with running(tmp_path_factory.mktemp("data"), ("band", "doer:")) as app:
            yield app


@pytest_asyncio.fixture
async def app(served: App) -> App:
    await online(served)
    doer(served).done.clear()
    return served


def doer(app: App) -> Doer:
    driver = app.drivers[0]
    assert isinstance(driver, Doer)
    return driver


# Callers: each checks the refusal's code and path and returns its text, or None once the action is done


async def by_hub(app: App, action: str, arguments: dict[str, Any]) -> str | None:
    work = app.hub.act("band", action, arguments, Source(CLIENT, "anne", "Anne", HOST))
    try:
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, app.loop))
    except Refusal as refusal:
        refused = refusal
    else:
        return None
    assert (refused.code, refused.path) == (Code.BAD_VALUE, "band")
    return refused.text


async def by_http(app: App, action: str, arguments: dict[str, Any]) -> str | None:
    link = http.client.HTTPConnection("127.0.0.1", app.port, timeout=10)
    link.request("POST", f"{URL}/{action}", json.dumps(arguments), {"Content-Type": "application/json"})
    answer = link.getresponse()
    body = json.loads(answer.read())
    link.close()
    if answer.status == 200:
        return None
    assert (answer.status, body["code"], body["path"]) == (422, "bad-value", "band")
    return str(body["text"])


async def by_websocket(app: App, action: str, arguments: dict[str, Any]) -> str | None:
    async with joined(app, "anne") as anne:
        await anne.send(type="act", id=7, console="band", action=action, **{"with": arguments})
        while (frame := await anne.next()).get("id") != 7:
            pass
    if frame["type"] == "ok":
        return None
    assert (frame["code"], frame["path"]) == ("bad-value", "band")
    return str(frame["text"])


async def by_shell(app: App, action: str, arguments: dict[str, Any]) -> str | None:
    words = [f"{name}={json.dumps(value) if isinstance(value, bool) else value}" for name, value in arguments.items()]
    command = parse(["act", "band", action, *words, "--url", f"http://127.0.0.1:{app.port}"])
    try:
        await asyncio.to_thread(shell.act, command)
    except CommandError as error:
        return str(error).removeprefix("band: ").partition(" Write")[0]
    return None


Caller = Callable[[App, str, dict[str, Any]], Awaitable[str | None]]
CALLERS: tuple[Caller, ...] = (by_hub, by_http, by_websocket, by_shell)


@pytest.mark.parametrize("call", CALLERS)
async def test_a_driver_gets_checked_arguments_from_every_caller(app: App, call: Caller) -> None:
    assert await call(app, "fit", GOOD) is None
    assert await call(app, "fit", GOOD | {"on": False, "color": "green", "seconds": 12.5}) is None
    assert doer(app).done == [CHECKED, CHECKED | {"on": False, "color": "green", "seconds": 12.5}]
    assert type(doer(app).done[0]["scene"]) is int
    assert await call(app, "fail", {}) == "The console is out of breath."


@pytest.mark.parametrize("call", CALLERS)
@pytest.mark.parametrize(
    ("action", "arguments", "text"),
    [
        ("fly", {}, "The console “band” cannot do “fly”."),
        ("fail", {"soon": 1}, "“fail” takes no argument “soon”: it takes none."),
        ("fit", {"level": 0.5, "name": "Vox"}, "“fit” needs the argument “scene”."),
        ("fit", {"level": 1.5}, "“level” of “fit” does not fit: a position is a number from 0 to 1, not 1.5."),
        ("fit", {"level": "loud"}, "“level” of “fit” does not fit: a position is a number from 0 to 1, not 'loud'."),
        ("fit", {"on": "perhaps"}, "“on” of “fit” does not fit: a toggle is true or false, not 'perhaps'."),
        ("fit", {"color": "blue"}, "“color” of “fit” does not fit: choose one of red, green; 'blue' is none of them."),
        ("fit", {"name": "Too long a name"}, "“name” of “fit” does not fit: at most 8 characters fit here, not 15: "),
        ("fit", {"name": "A\nB"}, "“name” of “fit” does not fit: a text here has no line breaks"),
        ("fit", {"seconds": 61}, "“seconds” of “fit” does not fit: this is a number from 0.5 to 60 s, not 61."),
        ("fit", {"scene": 100}, "“scene” of “fit” does not fit: this is a whole number from 0 to 99, not 100."),
        ("fit", {"scene": 1.5}, "“scene” of “fit” does not fit: this is a whole number from 0 to 99, not 1.5."),
        ("fit", {"scene": "last"}, "“scene” of “fit” does not fit: this is a whole number from 0 to 99, not 'last'."),
    ],
)
async def test_a_wrong_argument_is_refused_alike_to_every_caller(
    app: App, call: Caller, action: str, arguments: dict[str, Any], text: str
) -> None:
    others = GOOD if len(arguments) == 1 and action == "fit" else {}
    assert text in str(await call(app, action, others | arguments))
    assert doer(app).done == []


@pytest.mark.parametrize("call", [by_hub, by_http, by_websocket])
@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"name": 7}, "“name” of “fit” does not fit: this is a text, not 7."),
        ({"on": 1}, "“on” of “fit” does not fit: a toggle is true or false, not 1."),
        ({"scene": True}, "“scene” of “fit” does not fit: this is a whole number from 0 to 99, not True."),
        ({"level": [1]}, "“level” of “fit” does not fit: a position is a number from 0 to 1, not list."),
        ({"scene": None}, "“fit” needs the argument “scene”."),
    ],
)
async def test_what_only_programs_can_send_is_refused_alike(
    app: App, call: Caller, arguments: dict[str, Any], text: str
) -> None:
    assert text in str(await call(app, "fit", GOOD | arguments))
    assert doer(app).done == []


async def test_a_shell_lists_the_actions_and_says_what_to_write(app: App, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"http://127.0.0.1:{app.port}"
    fit = "remote-mixer act band fit level=0..1 [on=on|off] [color=red|green] name=TEXT [seconds=0.5..60] scene=0..99"
    await asyncio.to_thread(shell.act, parse(["act", "band", "--url", url]))
    assert [line.split("  ")[1] for line in capsys.readouterr().out.splitlines()] == [fit, "remote-mixer act band fail"]
    for words, told in ((["fly"], "Write one of:\n"), (["fit", "scene=7"], f"Write: {fit}")):
        with pytest.raises(CommandError) as refused:
            await asyncio.to_thread(shell.act, parse(["act", "band", *words, "--url", url]))
        assert told in str(refused.value)
        assert fit in str(refused.value)


async def test_a_level_is_typed_in_its_own_unit(app: App) -> None:
    assert await by_shell(app, "fit", GOOD | {"level": "-10dB", "on": "off", "seconds": "2s"}) is None
    assert doer(app).done == [CHECKED | {"level": 0.5, "on": False, "seconds": 2.0}]
