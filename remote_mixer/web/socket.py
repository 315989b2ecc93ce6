"""What a page says on its WebSocket, and what it is answered: one function per type of frame."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from hypercorn.typing import WebsocketScope
from quart import Quart, websocket

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.client import Client, Here
from remote_mixer.hub.clients import JOIN_FIRST, POLICY
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.membership import Insiders
from remote_mixer.hub.requests import Asking
from remote_mixer.web import wire
from remote_mixer.web.authenticate import CREW, EVERYBODY, INSIDE, JOIN_TEXT, SPEAKERS, STRANGER, caller, why_not
from remote_mixer.web.bucket import Bucket
from remote_mixer.web.pipe import pipe_of

MOST_PARAMS = 4096
USUAL_METER_RATE = 25
MOST_STRANGERS, STRANGER_SECONDS = 64, 10.0
"""Links of people who have not joined: how many, and how long. One echo is all that they are for."""

Spawn = Callable[[Coroutine[Any, Any, None]], object]

log = logging.getLogger(__name__)


def install(app: Quart, hub: Hub, insiders: Insiders, asking: Asking, spawn: Spawn) -> None:
    """Serve `/ws`. `spawn` runs what may wait for the disk beside the reading of frames."""

    @app.websocket("/ws")
    async def ws() -> None:
        client = hub.clients.open(pipe_of(cast("WebsocketScope", websocket.scope)), caller())
        talk = Talk(hub, insiders, asking, client, spawn)
        try:
            await websocket.accept()
            with _not_for_long(talk):
                while True:
                    await talk.hear(await websocket.receive())
        finally:
            log.debug("%s has gone", talk.client.name or "a client")
            hub.leave(talk.client)


@contextmanager
def _not_for_long(talk: Talk) -> Iterator[None]:
    """Send a stranger to the door after a while, and at once where too many of them are here: others need the room."""
    strangers = sum(client.who.role == STRANGER for client in talk.hub.clients.all_open)
    seconds = STRANGER_SECONDS if strangers <= MOST_STRANGERS else 0
    is_stranger = talk.client.who.role == STRANGER
    end = asyncio.get_running_loop().call_later(seconds, talk.send_to_the_door) if is_stranger else None
    try:
        yield
    finally:
        if end:
            end.cancel()


@dataclass
class Talk:
    """One conversation."""

    hub: Hub
    insiders: Insiders
    asking: Asking
    client: Client
    spawn: Spawn

    def __post_init__(self) -> None:
        """Begin with a full bucket."""
        self._bucket = Bucket(asyncio.get_running_loop().time())

    async def hear(self, data: str | bytes | None) -> None:
        """Answer one frame; a flood is read on, unheard, until its sender takes the close."""
        if self._bucket.take(asyncio.get_running_loop().time()):
            await self._answer(data)
        elif self._bucket.just_empty:
            text = f"Too many frames: at most {Bucket.RATE} a second are heard. Slow down, or the link is closed."
            self.client.tell(wire.error(Refusal(Code.LIMIT, text)))
        elif self._bucket.just_overdrawn:
            log.warning("%s floods: closed", self.client.name or "a client")
            self.client.bye("Too many frames: the link is closed.", POLICY)

    async def _answer(self, data: str | bytes | None) -> None:
        if not isinstance(data, str):
            self._refuse(Refusal(Code.BAD_FRAME, "Only text frames are understood here."), None)
            return
        frame = wire.read(data)
        if frame is None:
            self._echo(data)
            return
        try:
            await self._do(frame)
        except Refusal as fault:
            self._refuse(fault, _id(frame))

    def _refuse(self, fault: Refusal, id: object) -> None:  # noqa: A002 the wire's word
        log.debug("%s was refused: %s", self.client.name or "a client", fault.text)
        self.client.tell(wire.error(fault, id))

    async def _do(self, frame: dict[str, Any]) -> None:
        kind = frame.get("type")
        log.debug("%s says %s", self.client.name or "a client", str(kind)[:40])
        deed = ACTIONS.get(kind) if isinstance(kind, str) else None
        if deed is None:
            raise Refusal(Code.BAD_FRAME, f"There is no type “{str(kind)[:40]}”. Types: {', '.join(ACTIONS)}.")
        self._check(deed)
        await deed.do(self, frame)

    def _check(self, deed: Deed) -> None:
        role = self.client.who.role
        if role not in deed.roles:
            raise Refusal(Code.FORBIDDEN, why_not(role, deed.roles))
        if deed.roles is not EVERYBODY and not self.hub.clients.has(self.client):
            raise Refusal(Code.PROTOCOL, "Say hello first.")

    def _echo(self, text: str) -> None:
        self.client.tell(wire.echo(text))
        if text.strip() and self.client.who.role in SPEAKERS:
            sender = self.client.id or f"guest-{secrets.token_hex(4)}", self.client.name or "Guest"
            self.spawn(self._say(sender, text, None))

    async def _say(self, sender: tuple[str, str], text: str, id: object) -> None:  # noqa: A002 the wire's word
        try:
            self.hub.check_talk(self.client.who)
            await self.hub.say(*sender, self.client.color, text)
        except Refusal as fault:
            self._refuse(fault, id)

    def send_to_the_door(self) -> None:
        """Tell a stranger to join first, and close the link."""
        self._refuse(Refusal(Code.FORBIDDEN, JOIN_TEXT), None)
        self.client.pipe.close(JOIN_FIRST)

    # One per type

    async def hello(self, frame: dict[str, Any]) -> None:
        """Take the page in; a stranger's is told to join first."""
        if self.client.who.role == STRANGER:
            self.send_to_the_door()
            return
        if frame.get("protocol") != wire.PROTOCOL:
            text = f"This server speaks protocol {wire.PROTOCOL}. Reload the page."
            raise Refusal(Code.PROTOCOL, text)
        client = wire.typed(frame, "client", str, 64)
        if not client or not client.isascii() or not client.isprintable():
            raise Refusal(Code.BAD_FRAME, "“client” has to be an id of ASCII letters and digits.")
        name = self.client.who.name or wire.line(frame, "name", 60) or "Somebody"
        device = wire.line({"device": ""} | frame, "device", 40)
        self.hub.check_hello(self.client.who)
        self.hub.part(self.client)
        self.client.id, self.client.name, self.client.here = client, name, Here(device)
        log.debug("%s says hello", self.client.name)
        await self.hub.welcome(self.client, frame.get("since"))
        if self.hub.clients.has(self.client):
            self.asking.tell(self.client)

    async def name(self, frame: dict[str, Any]) -> None:
        """Let a person, or somebody at this page, be called something else."""
        name = wire.line(frame, "name", 60) or "Somebody"
        if self.client.who.token:
            raise Refusal(Code.FORBIDDEN, "A token is called what the host called it.")
        if self.client.who.person:
            self.spawn(self._rename(self.client.who.person, name, _id(frame)))
        else:
            self.client.name = name
            self.hub.clients.tell_people()

    async def _rename(self, person: str, name: str, id: object) -> None:  # noqa: A002 the wire's word
        try:
            self.hub.check_talk(self.client.who)
            await self.insiders.rename(person, name)
        except Refusal as fault:
            self._refuse(fault, id)

    async def set(self, frame: dict[str, Any]) -> None:
        """Ask the desk."""
        values = wire.typed(frame, "values", dict, MOST_PARAMS)
        rev = self.hub.desk.set(values, self.client.source)
        self.client.here.touch()
        self.client.tell(wire.write({"type": "ok", "id": _id(frame), "rev": rev}))

    async def hold(self, frame: dict[str, Any]) -> None:
        """Put a finger on a control."""
        path = wire.typed(frame, "path", str, 200)
        self.hub.desk.hold(path, self.client.source, take=frame.get("take") is True)
        self.client.here.touch()

    async def release(self, frame: dict[str, Any]) -> None:
        """Lift a finger, and settle."""
        path = wire.typed(frame, "path", str, 200)
        self.hub.desk.param(path)
        self.hub.desk.release(path, self.client.source)
        self.hub.settle(self.client, path)

    async def say(self, frame: dict[str, Any]) -> None:
        """Say something to everyone."""
        text = wire.typed(frame, "text", str, 65536)
        if not text.strip():
            raise Refusal(Code.BAD_VALUE, "An empty message is not sent: write something first.")
        self.spawn(self._say((self.client.id, self.client.name), text, _id(frame)))

    async def act(self, frame: dict[str, Any]) -> None:
        """Have a console do something that is no param; the reading of frames goes on meanwhile."""
        console, action = wire.typed(frame, "console", str, 40), wire.typed(frame, "action", str, 40)
        arguments = wire.typed({"with": {}} | frame, "with", dict, 40)
        self.spawn(self._done(self.hub.act(console, action, arguments, self.client.source), _id(frame)))

    async def ask(self, frame: dict[str, Any]) -> None:
        """Ask the sound crew for more or less of something."""
        self.spawn(self._done(self.asking.ask(self.client.source, self.client.who, frame), _id(frame)))

    async def answer(self, frame: dict[str, Any]) -> None:
        """Answer what somebody asked for."""
        request = wire.typed(frame, "request", str, 40)
        self.spawn(self._done(self.asking.answer(self.client.source, request, frame), _id(frame)))

    async def _done(self, work: Awaitable[object], id: object) -> None:  # noqa: A002 the wire's word
        """Wait for the end of something beside the reading of frames, and tell it."""
        try:
            await work
        except Refusal as fault:
            self._refuse(fault, id)
        else:
            self.client.tell(wire.write({"type": "ok", "id": id, "rev": self.hub.desk.rev}))

    async def meters(self, frame: dict[str, Any]) -> None:
        """Begin or end readings."""
        rate = frame.get("rate", USUAL_METER_RATE)
        if not wire.is_number(rate):
            raise Refusal(Code.BAD_FRAME, "“rate” has to be a number of frames a second, from 1 to 30.")
        if frame.get("on") is True:
            self.hub.meters.start(self.client, rate)
        else:
            self.hub.meters.stop(self.client)

    async def here(self, frame: dict[str, Any]) -> None:
        """Note how the page does."""
        rtt, dropouts = frame.get("rtt"), frame.get("dropouts", 0)
        if not (rtt is None or wire.is_number(rtt)) or not wire.is_number(dropouts):
            raise Refusal(Code.BAD_FRAME, "“rtt” and “dropouts” have to be numbers.")
        here = self.client.here
        here.rtt, here.dropouts, here.awake = rtt, int(dropouts), frame.get("awake") is not False

    async def ping(self, frame: dict[str, Any]) -> None:
        """Answer at once, so that the page knows the round trip."""
        stamp = frame.get("t")
        if not wire.is_number(stamp):
            raise Refusal(Code.BAD_FRAME, "“t” has to be a number; it is sent back as it is.")
        self.client.tell(wire.write({"type": "pong", "t": stamp}))


class Deed(NamedTuple):
    """What a type of frame does, and who may have it done; only what is for everybody comes before the hello."""

    do: Callable[[Talk, dict[str, Any]], Awaitable[None]]
    roles: frozenset[str] = INSIDE


ACTIONS: dict[str, Deed] = {
    "hello": Deed(Talk.hello, EVERYBODY),
    "ping": Deed(Talk.ping, EVERYBODY),
    "name": Deed(Talk.name),
    "set": Deed(Talk.set),
    "hold": Deed(Talk.hold),
    "release": Deed(Talk.release),
    "act": Deed(Talk.act, CREW),
    "ask": Deed(Talk.ask),  # the desk knows who may, and for what
    "answer": Deed(Talk.answer, CREW),
    "say": Deed(Talk.say, SPEAKERS),
    "meters": Deed(Talk.meters),
    "here": Deed(Talk.here),
}


def _id(frame: dict[str, Any]) -> int | str | None:
    """Return the frame's own id, to be sent back; a stranger's nonsense is not."""
    id_ = frame.get("id")
    return id_ if isinstance(id_, int | str) and len(str(id_)) <= 64 else None
