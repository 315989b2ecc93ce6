"""World of a long run: a server with an engine and a console on the network, which suffer, and 20 pages on them."""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psutil
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, WebSocketException

from tests.support.model_page import ModelPage
from tests.support.program import Program
from tests.support.siege import besieged

FADERS = tuple(f"{console}/ch{channel}/fader" for console in ("band", "foh") for channel in range(1, 9))
MUTES = tuple(fader.replace("fader", "mute") for fader in FADERS)
PAGES = 20
# A process of its own and not a fork of a loaded one, as its memory is measured.
MEASURED = (sys.executable, "-P", "-X", "faulthandler", "-m", "remote_mixer")
NONSENSE = (
    "",
    "{",
    "[]",
    '{"type": "set"}',
    '{"type": "hold", "path": 7}',
    '{"type": "set", "values": {"no/such": 1}}',
)
SIEGE_SOCKETS, SIEGE_ADDRESSES = 200, ("127.0.0.2", "127.0.0.3")
SECONDS_BETWEEN_FAULTS, SECONDS_AWAY = (5.0, 20.0), (0.5, 6.0)


class Wanderer(ModelPage):
    """A page that comes, does one of the things that people do, and goes; `heard` is the last message it was told."""

    heard: tuple[int, str] = (0, "")

    async def wander(self, end: float) -> None:
        """Come and go until a time by the clock of `time.monotonic`; a server that is away is tried again."""
        while time.monotonic() < end:
            with suppress(OSError, WebSocketException, EOFError):
                await self.visit()
            await asyncio.sleep(self.chance.uniform(0.1, 2))

    async def act(self, link: ClientConnection) -> None:
        """Do one thing or several."""
        acts: tuple[Callable[[ClientConnection], Awaitable[None]], ...] = (
            super().act,
            self._mute,
            self._take_back,
            self._say,
            self._talk_nonsense,
        )
        with suppress(ConnectionClosed):
            for act in self.chance.choices(acts, (8, 3, 3, 1, 1), k=self.chance.randint(1, 12)):
                await act(link)
                await asyncio.sleep(self.chance.uniform(0, 0.5))

    def take(self, frame: dict[str, Any]) -> None:
        """Take a frame of the server."""
        super().take(frame)
        if frame["type"] == "message":
            self.heard = max(self.heard, (frame["id"], frame["text"]))

    async def _mute(self, link: ClientConnection) -> None:
        await link.send(json.dumps({"type": "set", "values": {self.chance.choice(MUTES): self.chance.random() < 0.5}}))

    async def _take_back(self, link: ClientConnection) -> None:
        await link.send(json.dumps({"type": self.chance.choice(("undo", "undo", "redo")), "id": 1}))

    async def _say(self, link: ClientConnection) -> None:
        await link.send(json.dumps({"type": "say", "text": f"{self.name} at {time.monotonic()}"}))

    async def _talk_nonsense(self, link: ClientConnection) -> None:
        await link.send(self.chance.choice(NONSENSE))


@dataclass(frozen=True)
class Sample:
    """Size of the server while nobody is there: bytes of its own memory, open files, threads."""

    memory: int
    files: int
    threads: int

    def __str__(self) -> str:
        return f"{self.memory / 1e6:.1f} MB, {self.files} files, {self.threads} threads"


@dataclass
class World:
    """The programs, by the folder of their data and two ports that stay; `suffered` counts the faults by name."""

    folder: Path
    port: int
    console_port: int
    chance: random.Random
    suffered: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> World:
        self.console, self.server = self._start_console(), self.start_server()
        return self

    def __exit__(self, *_: object) -> None:
        for program in (self.server, self.console):
            program.__exit__()

    def start_server(self) -> Program:
        """Start the server, new or again in its folder."""
        consoles = ("--console", "band=builtin:", "--console", f"foh=x32://127.0.0.1:{self.console_port}")
        address = ("--serve", "--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.folder))
        server = Program(*address, *consoles, command=MEASURED)
        server.wait_for("Ctrl-C")
        return server

    def kill_server(self) -> None:
        """End the server by `kill -9`, and its engine with it, and start it again."""
        self.server.__exit__()
        self.server = self.start_server()

    def call(self, path: str) -> Any:
        """Return what the API answers to the host."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/v1{path}", timeout=60) as answer:
            return json.load(answer)

    def sample(self) -> Sample:
        """Measure the server."""
        server = psutil.Process(self.server.id)
        return Sample(server.memory_full_info().uss, server.num_fds(), server.num_threads())

    async def suffer(self, end: float) -> None:
        """Have one fault after the other happen until a time by the clock of `time.monotonic`."""
        faults = (
            self._engine_killed,
            self._engine_hangs,
            self._console_off,
            self._console_hangs,
            self._siege,
            self._guess,
        )
        while time.monotonic() < end:
            fault = self.chance.choice(faults)
            await fault()
            name = fault.__name__.strip("_")
            self.suffered[name] = self.suffered.get(name, 0) + 1
            await asyncio.sleep(self.chance.uniform(*SECONDS_BETWEEN_FAULTS))

    def _start_console(self) -> Program:
        console = Program("simulate", "x32", "--port", str(self.console_port))
        console.wait_for("Ctrl-C")
        return console

    def _engines(self) -> list[psutil.Process]:
        return psutil.Process(self.server.id).children()

    async def _engine_killed(self) -> None:
        for engine in self._engines():
            engine.kill()

    async def _engine_hangs(self) -> None:
        for engine in self._engines():
            with suppress(psutil.NoSuchProcess):
                await self._hang(engine)

    async def _console_hangs(self) -> None:
        await self._hang(psutil.Process(self.console.id))

    async def _hang(self, process: psutil.Process) -> None:
        process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(self.chance.uniform(*SECONDS_AWAY))
        finally:
            process.send_signal(signal.SIGCONT)

    async def _console_off(self) -> None:
        """Pull the console's plug: what it comes back with are its values of the factory."""
        self.console.__exit__()
        await asyncio.sleep(self.chance.uniform(*SECONDS_AWAY))
        self.console = self._start_console()

    async def _siege(self) -> None:
        async with besieged(self.port, SIEGE_ADDRESSES, SIEGE_SOCKETS, self.chance.randrange(2**32)):
            await asyncio.sleep(self.chance.uniform(*SECONDS_AWAY))

    async def _guess(self) -> None:
        """Try a wrong PIN as somebody behind a proxy."""
        assert await asyncio.to_thread(self._status_of_guess) in {HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}

    def _status_of_guess(self) -> int:
        link = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", "X-Forwarded-For": f"192.0.2.{self.chance.randrange(256)}"}
        with closing(link):
            link.request("POST", "/api/v1/join", json.dumps({"name": "Eve", "pin": "000000"}), headers)
            return link.getresponse().status
