"""A real broker on a free port, mosquitto or NATS, and strangers to it: mosquitto_pub and mosquitto_sub."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from remote_mixer.bridges.mqtt.bridge import MqttOptions
from remote_mixer.mqtt.broker import Broker
from tests.support.complete import need
from tests.support.waiting import PATIENCE_SECONDS, until

PROBE = "probe"
"""Topic with a message that the broker keeps: who gets it follows all topics that it named before it."""
USER, PASSWORD = "mixer", "Kyrie-7"
PROGRAM = shutil.which("mosquitto") or shutil.which("/usr/sbin/mosquitto")
NATS = shutil.which("nats-server") or shutil.which("/usr/sbin/nats-server")


@dataclass
class Mosquitto:
    """One broker. It keeps its messages in `folder` when it is stopped, as a broker that is restarted does.

    ca  the authority of its certificate, None for one without TLS
    """

    folder: Path
    settings: Sequence[str] = ("allow_anonymous true",)
    ca: Path | None = None
    port: int = 0
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start, on the port that it had, and wait until it takes connections."""
        if not self.port:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                self.port = free.getsockname()[1]
        self._process = subprocess.Popen(self._command())
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
        raise RuntimeError("the broker did not start")

    def _command(self) -> Sequence[str | Path]:
        """Write the settings, and return the command."""
        assert PROGRAM
        lines = [f"listener {self.port} 127.0.0.1", "log_type error", *self.settings]
        config = self.folder / "mosquitto.conf"
        config.write_text("\n".join([*lines, "user root", ""]))
        return (PROGRAM, "-c", config)

    def stop(self) -> None:
        """Stop; the port is free for a later start."""
        if self._process:
            self._process.terminate()
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    @property
    def _options(self) -> Sequence[str]:
        return ("--cafile", str(self.ca), "-u", USER, "-P", PASSWORD) if self.ca else ()

    def url_of(self, topic: str) -> str:
        """Return the address of a topic, with the log-in that the broker wants."""
        if not self.ca:
            return f"mqtt://127.0.0.1:{self.port}/{topic}"
        return f"mqtts://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{topic}?ca={self.ca}"

    def bridge(self, prefix: str, acts: str = "engineer") -> MqttOptions:
        """Return the options of a mixer that publishes under a prefix."""
        return MqttOptions(Broker.parse(self.url_of(prefix)), acts)

    async def publish(self, topic: str, payload: str, *options: str) -> None:
        """Publish a message by mosquitto_pub."""
        arguments = ("-t", topic, "-m", payload) if payload else ("-t", topic, "-n")
        process = await asyncio.create_subprocess_exec(
            "mosquitto_pub", "-h", "127.0.0.1", "-p", str(self.port), "-q", "1", *self._options, *arguments, *options
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await process.wait() == 0

    @asynccontextmanager
    async def listener(self, *filters: str) -> AsyncIterator[Listener]:
        """Follow topics by mosquitto_sub, which does so once the body begins."""
        await self.publish(PROBE, "here", "-r")
        given = [part for one in (*filters, PROBE) for part in ("-t", one)]
        process = await asyncio.create_subprocess_exec(
            *("mosquitto_sub", "-h", "127.0.0.1", "-p", str(self.port), *self._options, *given, "-F", "%r %t %p"),
            stdout=subprocess.PIPE,
            limit=1 << 24,
        )
        listener = Listener()
        task = asyncio.create_task(listener.read(process))
        try:
            await until(lambda: listener.follows)
            yield listener
        finally:
            process.terminate()
            await process.wait()
            await task


class Nats(Mosquitto):
    """Another program in its place: NATS with its MQTT."""

    def _command(self) -> Sequence[str | Path]:
        assert NATS
        config = self.folder / "nats.conf"
        store = f'jetstream {{ store_dir: "{self.folder}" }}'
        mqtt = f'mqtt {{ listen: "127.0.0.1:{self.port}" }}'
        config.write_text(f'server_name: stage\nlisten: "127.0.0.1:-1"\n{store}\n{mqtt}\n')
        return (NATS, "-c", config, "-l", self.folder / "nats.log")


@dataclass
class Listener:
    """Messages that a stranger got: of each topic the newest payload, and all in order."""

    newest: dict[str, str] = field(default_factory=dict)
    all: list[tuple[str, str]] = field(default_factory=list)
    follows: bool = False

    async def read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout
        async for line in process.stdout:
            _, topic, payload = line.decode().rstrip("\n").split(" ", 2)
            if topic == PROBE:
                self.follows = True
                continue
            self.newest[topic] = payload
            self.all.append((topic, payload))

    async def until(self, topic: str, payload: str) -> None:
        """Wait until this is the newest payload of a topic."""
        try:
            await until(lambda: self.newest.get(topic) == payload)
        except TimeoutError:
            raise AssertionError(f"{topic} is {self.newest.get(topic)!r}, not {payload!r}") from None


@contextmanager
def mosquitto(folder: Path, *settings: str, ca: Path | None = None) -> Iterator[Mosquitto]:
    """Run a broker; skip the test where the program is not installed."""
    is_there = PROGRAM and shutil.which("mosquitto_sub")
    need(is_there, "needs mosquitto and its clients (apt install mosquitto mosquitto-clients)")
    with _running(Mosquitto(folder, settings or ("allow_anonymous true",), ca)) as broker:
        yield broker


@contextmanager
def nats(folder: Path) -> Iterator[Mosquitto]:
    """Run NATS as a broker; skip the test where it, or a stranger, is not installed."""
    is_there = NATS and shutil.which("mosquitto_sub")
    need(is_there, "needs NATS and mosquitto's clients (apt install nats-server mosquitto-clients)")
    with _running(Nats(folder)) as broker:
        yield broker


@contextmanager
def _running(broker: Mosquitto) -> Iterator[Mosquitto]:
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


@contextmanager
def guarded_mosquitto(folder: Path) -> Iterator[Mosquitto]:
    """Run a broker by TLS alone, with a certificate of its own, a user and a password."""
    need(PROGRAM, "needs mosquitto (apt install mosquitto)")
    certificate, key, users = (folder / name for name in ("broker.pem", "key.pem", "users"))
    made = ("-keyout", key, "-out", certificate, "-subj", "/CN=broker", "-addext", "subjectAltName=IP:127.0.0.1")
    subprocess.run(("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *made), check=True, capture_output=True)
    subprocess.run(("mosquitto_passwd", "-b", "-c", users, USER, PASSWORD), check=True, capture_output=True)
    tls = (f"certfile {certificate}", f"keyfile {key}")
    with mosquitto(folder, "allow_anonymous false", f"password_file {users}", *tls, ca=certificate) as broker:
        yield broker
