"""Link: one connection to a broker, by MQTT 3.1.1.

paho-mqtt reads and writes in a thread of its own, which works with every event loop, that of Windows too; what comes
is handed to the loop in batches. A link is used once: whoever wants the broker back opens another.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import ssl
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.reasoncodes import ReasonCode

from remote_mixer.mqtt.broker import Broker

NAME_SECONDS = 3.0
OPEN_SECONDS = 6.0
CLOSE_SECONDS = 0.3
KEEPALIVE_SECONDS = 10
MOST_LEAVING = 256
"""Most messages that wait for the network; a broker that takes nothing must not fill our memory."""
MOST_CAME = 20_000
"""Most messages that wait for the loop; more are lost."""
MOST_AT_ONCE = 100
"""Most messages handed over at a stretch: a hand goes first."""
AT_LEAST_ONCE = 1
"""Quality of service of whatever must not be lost between client and broker."""

log = logging.getLogger(__name__)


class LinkError(Exception):
    """The broker does not answer, refuses or was lost; the text is for a person and has no secret in it."""


class Came(NamedTuple):
    """One message; `is_kept` where the broker had kept it from before."""

    topic: str
    payload: bytes
    is_kept: bool


Take = Callable[[Sequence[Came]], None]


class Link:
    """One connection.

    take  called in the loop with messages in their order
    will  topic and payload that the broker publishes, and keeps, when the connection is lost
    """

    def __init__(self, broker: Broker, take: Take, will: tuple[str, str] | None = None) -> None:
        self._broker, self._take = broker, take
        self._loop = asyncio.get_running_loop()
        self._came: deque[Came] = deque()
        self._is_due = False
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._ended: asyncio.Future[str] = self._loop.create_future()
        self._is_closed = False
        self._sent, self._left = 0, 0
        self._client = paho.Client(
            CallbackAPIVersion.VERSION2,
            f"remote-mixer-{secrets.token_hex(4)}",
            protocol=MQTTProtocolVersion.MQTTv311,
            reconnect_on_failure=False,
        )
        self._client.suppress_exceptions = True
        self._client.connect_timeout = OPEN_SECONDS - 1
        if broker.user:
            self._client.username_pw_set(broker.user, broker.password)
        if will:
            self._client.will_set(*will, qos=AT_LEAST_ONCE, retain=True)
        self._client.on_socket_open = self._on_socket_open
        self._client.on_connect = self._on_connect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_disconnect = self._on_disconnect
        self._client.on_message = self._on_message
        self._client.on_publish = self._on_publish

    # In the loop

    async def open(self) -> None:
        """Connect and log in; LinkError where that fails."""
        try:
            if self._broker.tls:  # certificates are read from the disk
                self._client.tls_set_context(await asyncio.to_thread(_trust, self._broker))
            self._client.connect_async(self._broker.host, self._broker.port, KEEPALIVE_SECONDS)
            await self._find()
            self._client.loop_start()
            async with asyncio.timeout(OPEN_SECONDS):
                first: set[asyncio.Future[Any]] = {self._opened, self._ended}
                await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            raise LinkError(f"The MQTT broker {self._broker} does not answer.") from None
        except OSError as fault:
            raise LinkError(f"The MQTT broker {self._broker} cannot be used: {fault}") from fault
        if self._ended.done():
            raise LinkError(self._ended.result())

    async def _find(self) -> None:
        """Look the broker's name up; LinkError where it has no address.

        The library does so too, in a thread that nobody can end: one more for each try, where no name server answers.
        """
        try:
            async with asyncio.timeout(NAME_SECONDS):
                await self._loop.getaddrinfo(self._broker.host, self._broker.port, type=socket.SOCK_STREAM)
        except OSError as fault:  # a timeout of ours has no words
            reason = fault.strerror or "no name server answers"
            raise LinkError(f"The MQTT broker {self._broker} cannot be connected: {reason}.") from fault

    def subscribe(self, filters: Iterable[str]) -> None:
        """Ask the broker for topics: first for what it keeps of them, then for what comes."""
        self._client.subscribe([(one, AT_LEAST_ONCE) for one in filters])

    @property
    def has_room(self) -> bool:
        """Whether the network has taken most of what was published."""
        return self._sent - self._left < MOST_LEAVING

    def publish(self, topic: str, payload: str | bytes, *, keep: bool = False, qos: int = 0) -> None:
        """Publish a message; the broker keeps it where asked. Never waits."""
        self._sent += 1
        self._client.publish(topic, payload, qos, keep)

    async def run(self) -> None:
        """Wait for the end of the connection: LinkError with its reason."""
        raise LinkError(await asyncio.shield(self._ended))

    async def close(self) -> None:
        """Send what waits, and part from the broker; nothing comes any more."""
        self._is_closed = True
        self._client.disconnect()
        await asyncio.wait({self._ended}, timeout=CLOSE_SECONDS)

    def _hand_over(self) -> None:
        self._is_due = False  # before anything is taken out: what comes from now on is handed over anew
        batch: list[Came] = []
        while self._came and len(batch) < MOST_AT_ONCE:
            batch.append(self._came.popleft())
        if self._came:
            self._is_due = True
            self._loop.call_soon(self._hand_over)
        if batch and not self._is_closed:
            self._take(batch)

    def _open(self) -> None:
        if not self._opened.done():
            self._opened.set_result(None)

    def _end(self, reason: str) -> None:
        if not self._ended.done():
            self._ended.set_result(reason)

    # In the library's thread

    def _call(self, function: Callable[..., None], *arguments: object) -> None:
        with suppress(RuntimeError):  # the loop has ended, and this thread ends with the process
            self._loop.call_soon_threadsafe(function, *arguments)

    def _on_socket_open(self, client: paho.Client, userdata: object, sock: Any) -> None:  # noqa: ANN401 - paho's own
        # Else the second of two messages waits 40 ms for the other side's word that it has the first.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _on_connect(
        self, client: paho.Client, userdata: object, flags: object, code: ReasonCode, properties: object
    ) -> None:
        if code.is_failure:
            self._call(self._end, f"The MQTT broker {self._broker} refuses: {code}.")
        elif self._is_closed:
            client.disconnect()
        else:
            self._call(self._open)

    def _on_connect_fail(self, client: paho.Client, userdata: object) -> None:
        client.loop_stop()  # called in the thread itself it only ends the tries
        self._call(self._end, f"The MQTT broker {self._broker} cannot be connected: {sys.exc_info()[1]}.")

    def _on_disconnect(
        self, client: paho.Client, userdata: object, flags: object, code: ReasonCode, properties: object
    ) -> None:
        self._call(self._end, f"The MQTT broker {self._broker} was lost ({code}).")

    def _on_publish(self, client: paho.Client, userdata: object, mid: int, code: object, properties: object) -> None:
        self._left += 1

    def _on_message(self, client: paho.Client, userdata: object, message: paho.MQTTMessage) -> None:
        if len(self._came) >= MOST_CAME:
            return
        self._came.append(Came(message.topic, bytes(message.payload), message.retain))
        if not self._is_due:
            self._is_due = True
            self._call(self._hand_over)


class _Socket(ssl.SSLSocket):
    """Socket that closes itself where the broker is not to be trusted, for the library leaves it open."""

    def do_handshake(self, block: bool = False) -> None:
        """Agree on keys; OSError where that fails."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def _trust(broker: Broker) -> ssl.SSLContext:
    """Return what checks the broker's certificate; OSError where the authority's file cannot be read."""
    context = ssl.create_default_context(cafile=broker.ca)
    context.sslsocket_class = _Socket
    return context
