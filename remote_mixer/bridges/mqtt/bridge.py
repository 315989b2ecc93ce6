"""MQTT bridge: keeps the desk's values on a broker, and carries out what comes from there.

Whoever may publish on the broker acts with the one role that the bridge was given; without any it only looks. Rights,
rails, holds and history are those of any client.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

import msgspec

from remote_mixer.bridges.mqtt.commands import COMMANDS, KEPT_TEXT, Commands
from remote_mixer.bridges.mqtt.home import Home
from remote_mixer.bridges.mqtt.publisher import Publisher
from remote_mixer.desk import paths
from remote_mixer.desk.policy import GUEST, ROLES
from remote_mixer.desk.rate_limit import RateLimit
from remote_mixer.desk.refusal import Refusal
from remote_mixer.hub.client import Client
from remote_mixer.hub.conversation import Spawn
from remote_mixer.hub.hub import Hub
from remote_mixer.mqtt.broker import Broker
from remote_mixer.mqtt.link import AT_LEAST_ONCE, Came, Link, LinkError
from remote_mixer.mqtt.topics import OFFLINE, ONLINE, USUAL_PREFIX, Topics
from remote_mixer.people.caller import STRANGER, Caller

PAUSES_SECONDS = (0.5, 1.0, 2.0, 5.0)
TURN_SECONDS = 0.003
"""Longest time of carrying out messages at a stretch."""
MOST_WAITING = 2000
"""Most params and commands with messages that wait; more are lost, and said."""
ERROR_RATE, ERROR_BURST = 10.0, 10.0
FULL_TEXT = "Too many messages at once: this one was left out."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MqttOptions:
    """Options of the bridge.

    broker  where, its levels are the prefix
    acts    role, or a token, for whatever comes from the broker
    """

    broker: Broker
    acts: str = GUEST

    @property
    def topics(self) -> Topics:
        """Topics of the mixer."""
        return Topics("/".join(self.broker.levels) or USUAL_PREFIX)


class MqttBridge:
    """The bridge of one server. `spawn` runs work that may wait for the disk."""

    def __init__(self, options: MqttOptions, hub: Hub, commands: Commands, home: Home, spawn: Spawn) -> None:
        self._options, self._hub, self._commands, self._home, self._spawn = options, hub, commands, home, spawn
        self.broker, self._topics = options.broker, options.topics
        self._publisher = Publisher(hub.desk, self._topics, self._all_published, self._home.note)
        hub.desk.layout_listeners.append(self._publisher.publish_layout)
        self._client = Client(self._publisher, self._caller(), "mqtt", "MQTT")
        self._link: Link | None = None
        self._waiting: dict[object, Came] = {}
        self._turn: asyncio.Handle | None = None
        self._errors = RateLimit(ERROR_RATE, ERROR_BURST, time.monotonic)
        self.state = "not connected yet"

    def _caller(self) -> Caller:
        acts = self._options.acts
        if token := self._home.admission.of_token(acts):
            return Caller(token.role, token.mix, token.name, None, token.id)
        return Caller(acts if acts in ROLES else STRANGER, name="MQTT")

    # The broker

    async def serve(self) -> None:
        """Keep a connection to the broker until cancelled."""
        failures = 0
        while True:
            try:
                await self._run()
            except LinkError as fault:
                failures = 0 if self._link else failures + 1
                self._lost(str(fault))
            finally:
                await self._part()
            await asyncio.sleep(PAUSES_SECONDS[min(failures, len(PAUSES_SECONDS) - 1)])

    async def _run(self) -> None:
        link = Link(self._options.broker, self._take, (self._topics.status, OFFLINE))
        try:
            await link.open()
            self._link = link
            self.state = f"connected, publishes under {self._topics.prefix}"
            log.info("MQTT: %s, %s", self._options.broker, self.state)
            link.subscribe([*self._topics.sets(), *map(self._topics.of, COMMANDS), self._topics.layout("+")])
            self._hub.join(self._client)
            self._publisher.begin(link)
            self._home.begin(link)
            await link.run()
        finally:
            if self._link is None:
                await link.close()

    def _lost(self, text: str) -> None:
        log.log(logging.DEBUG if self.state == text else logging.WARNING, text)
        self.state = text

    async def _part(self) -> None:
        link, self._link = self._link, None
        self._publisher.abort()
        self._home.end()
        self._waiting.clear()
        if link:
            self._hub.part(self._client)
            link.publish(self._topics.status, OFFLINE, keep=True, qos=AT_LEAST_ONCE)
            await link.close()

    def _all_published(self) -> None:
        if self._link:
            self._link.publish(self._topics.status, ONLINE, keep=True, qos=AT_LEAST_ONCE)

    # Messages

    def _take(self, batch: Sequence[Came]) -> None:
        """Keep messages until their turn: of the sets of one param the newest, of commands each."""
        for came in batch:
            if self._home.take(came):
                continue
            name = self._topics.name_of(came.topic)
            key = self._commands.set_path(name) or object()
            if key in self._waiting or len(self._waiting) < MOST_WAITING:
                self._waiting[key] = came
            else:
                self._refuse(came.topic, FULL_TEXT)
        if self._turn is None:
            self._turn = asyncio.get_running_loop().call_soon(self._take_turn)

    def _take_turn(self) -> None:
        self._turn, end = None, time.perf_counter() + TURN_SECONDS
        waiting = deque(self._waiting)
        while waiting and time.perf_counter() < end:
            self._carry_out(self._waiting.pop(waiting.popleft()))
        if waiting:
            self._turn = asyncio.get_running_loop().call_soon(self._take_turn)

    def _carry_out(self, came: Came) -> None:
        name = self._topics.name_of(came.topic)
        path = self._commands.set_path(name)
        self._client.caller = self._caller()  # a token may have gone
        try:
            if path is None and name not in COMMANDS:
                if came.is_kept:  # else it is our own
                    self._tidy(name, came.payload)
            elif came.is_kept:
                self._refuse(came.topic, KEPT_TEXT)
            elif path is None:
                self._begin(came.topic, self._commands.command(name, came.payload, self._client.source))
            else:
                self._commands.set(name, came.payload, self._client.source)
                self._client.presence.touch()
        except Refusal as refusal:
            self._refuse(came.topic, refusal.text)
        if path is not None:
            self._publisher.publish([path])  # the answer, whether it has changed or not

    def _begin(self, topic: str, work: Awaitable[object]) -> None:
        """Run what may wait beside the messages; say where it is refused or fails."""

        async def run() -> None:
            try:
                await work
            except Refusal as refusal:
                self._refuse(topic, refusal.text)

        self._spawn(run(), lambda text: self._refuse(topic, text))

    def _refuse(self, topic: str, text: str) -> None:
        if self._link and self._errors.take("error"):
            self._link.publish(self._topics.error, f"{topic}: {text}")

    def _tidy(self, name: str, payload: bytes) -> None:
        """Clear what an earlier run published of a console that has gone, or of strips that it has no more."""
        console = name.removesuffix("/layout")
        self._publisher.keep_only(console, _paths_of(console, payload))


def _paths_of(console: str, layout: bytes) -> list[str]:
    """Return the paths of a Layout's JSON; none where it is no layout."""
    try:
        form = msgspec.json.decode(layout, type=_Form)
    except msgspec.DecodeError:
        return []
    own = [paths.join(console, local) for local in form.params]
    return own + [paths.join(console, strip.id, local) for strip in form.strips for local in strip.params]


class _Strip(msgspec.Struct):
    id: str
    params: dict[str, int]


class _Form(msgspec.Struct):
    """The part of a Layout's JSON that names its params."""

    params: dict[str, int]
    strips: list[_Strip]
