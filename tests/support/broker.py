"""A real broker, mosquitto, on a free port of this computer, and strangers to it: mosquitto_pub and mosquitto_sub."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.complete import need
from tests.support.waiting import PATIENCE_SECONDS, until

PROGRAM = shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto")


@dataclass
class Mosquitto:
    """One broker. It keeps its messages in `folder` when it is stopped, as a broker that is restarted does.

    options  of its clients: user, password, authority
    """

    folder: Path
    settings: Sequence[str] = ("allow_anonymous true",)
    options: Sequence[str] = ()
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start, on the port that it had, and wait until it takes connections."""
        assert PROGRAM
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        lines = [f"listener {self.port} 127.0.0.1", "log_type error", *self.settings]
        config = self.folder / "mosquitto.conf"
        config.write_text("\n".join([*lines, "user root", ""]))
        self._process = subprocess.Popen([PROGRAM, "-c", config])
        for _ in range(1000):
            with socket.socket() as probe:
                probe.settimeout(0.1)
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            try:
                self._process.wait(0.02)
            except subprocess.TimeoutExpired:
                continue
            break
        raise RuntimeError("mosquitto did not start")

    def stop(self) -> None:
        """Stop; the port is free for a later start."""
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    @property
    def url(self) -> str:
        return f"mqtt://127.0.0.1:{self.port}"

    async def publish(self, topic: str, payload: str, *options: str) -> None:
        """Publish a message by mosquitto_pub."""
        arguments = ("-t", topic, "-m", payload) if payload else ("-t", topic, "-n")
        process = await asyncio.create_subprocess_exec(
            "mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1", *self.options, *arguments, *options
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await process.wait() == 0

    @asynccontextmanager
    async def listener(self, *filters: str) -> AsyncIterator[Listener]:
        """Follow topics by mosquitto_sub."""
        given = [part for one in filters for part in ("-t", one)]
        process = await asyncio.create_subprocess_exec(
            *("mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), *self.options, *given, "-F", "%r %t %p"),
            stdout=subprocess.PIPE,
            limit=1 << 24,
        )
        listener = Listener()
        task = asyncio.create_task(listener.read(process))
        try:
            yield listener
        finally:
            process.terminate()
            await process.wait()
            await task


@dataclass
class Listener:
    """Messages that a stranger got: of each topic the newest payload, and all in order."""

    newest: dict[str, str] = field(default_factory=dict)
    all: list[tuple[str, str]] = field(default_factory=list)

    async def read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            _, topic, payload = line.decode().rstrip("\n").split(" ", 2)
            self.newest[topic] = payload
            self.all.append((topic, payload))

    async def until(self, topic: str, payload: str) -> None:
        """Wait until this is the newest payload of a topic."""
        try:
            await until(lambda: self.newest.get(topic) == payload)
        except TimeoutError:
            raise AssertionError(f"{topic} is {self.newest.get(topic)!r}, not {payload!r}") from None


@contextmanager
def mosquitto(folder: Path, *settings: str, options: Sequence[str] = ()) -> Iterator[Mosquitto]:
    """Run a broker; skip the test where the program is not installed."""
    need(
        PROGRAM and shutil.which("mosquitto_sub"),
        "needs mosquitto and its clients (apt install mosquitto mosquitto-clients)",
    )
    broker = Mosquitto(folder, settings or ("allow_anonymous true",), options)
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()
