"""Conversation with one client: every type of frame that it may send, who may send it, and the answer."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, NamedTuple

from remote_mixer import PROTOCOL
from remote_mixer.desk.change import Cause
from remote_mixer.desk.history import Plan
from remote_mixer.desk.moves import Choice, Move
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub import messages
from remote_mixer.hub.client import Client, Ending, Presence
from remote_mixer.hub.fields import is_number, line, typed, whole
from remote_mixer.hub.history import HistoryHandler, Wanted, choice_of
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.layers import LayerDesk
from remote_mixer.hub.membership import Membership
from remote_mixer.hub.messages import Id
from remote_mixer.hub.requests import RequestHandler
from remote_mixer.hub.scene_frames import SceneDesk
from remote_mixer.people.caller import CREW, EVERYBODY, INSIDE, JOIN_TEXT, SPEAKERS, STRANGER, refusal_text
from remote_mixer.people.identifiers import is_hosts_name, visible

MOST_PARAMS = 4096
MOST_PASTED = 1024
USUAL_MOVES, MOST_MOVES = 50, 200
USUAL_METER_RATE = 25
MOST_LOOKS = 4

Frame = dict[str, Any]
Spawn = Callable[[Coroutine[Any, Any, None], Callable[[str], None]], object]
"""Runs work in a task of its own; calls the function with a sentence for a person where the work fails."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Conversation:
    """Frames of one client, already decoded. `spawn` runs work that may wait for the disk."""

    hub: Hub
    membership: Membership
    requests: RequestHandler
    layers: LayerDesk
    history: HistoryHandler
    scenes: SceneDesk
    client: Client
    spawn: Spawn

    async def receive(self, frame: Frame) -> None:
        """Carry out one frame, or answer with the refusal."""
        try:
            await self._carry_out(frame)
        except Refusal as refusal:
            self.refuse(refusal, _id(frame))

    def receive_text(self, text: str) -> None:
        """Echo plain text, and count it as a message to everyone."""
        self.client.send(messages.Echo(text))
        if text.strip() and self.client.caller.role in SPEAKERS:
            sender = self.client.id or f"guest-{secrets.token_hex(4)}", self.client.name or "Guest"
            self._begin(self._say(sender, text, None))

    def refuse(self, refusal: Refusal, id: Id = None) -> None:  # noqa: A002 the wire's word
        """Send a refusal."""
        log.debug("%s was refused: %s", self.client.name or "a client", refusal.text)
        self.client.send(messages.error(refusal, id))

    def _begin(self, work: Coroutine[Any, Any, None], id: Id = None) -> None:  # noqa: A002 the wire's word
        """Run work beside the reading of frames; refuse where it fails."""
        self.spawn(work, lambda text: self.refuse(Refusal(Code.BAD_VALUE, text), id))

    def turn_away(self) -> None:
        """Send a stranger a request to join first, and close the link."""
        self.refuse(Refusal(Code.FORBIDDEN, JOIN_TEXT))
        self.client.link.close(Ending.NOT_JOINED)

    async def _carry_out(self, frame: Frame) -> None:
        kind = frame.get("type")
        log.debug("%s sends %s", self.client.name or "a client", str(kind)[:40])
        handler = HANDLERS.get(kind) if isinstance(kind, str) else None
        if handler is None:
            raise Refusal(Code.BAD_FRAME, f"There is no type “{str(kind)[:40]}”. Types: {', '.join(HANDLERS)}.")
        self._check(handler)
        await handler.carry_out(self, frame)

    def _check(self, handler: Handler) -> None:
        role = self.client.caller.role
        if role not in handler.roles:
            raise Refusal(Code.FORBIDDEN, refusal_text(role, handler.roles))
        if handler.roles is not EVERYBODY and not self.hub.clients.has(self.client):
            raise Refusal(Code.PROTOCOL, "Say hello first.")

    # One method per type of frame

    async def hello(self, frame: Frame) -> None:
        """Let the client join; a stranger is turned away."""
        if self.client.caller.role == STRANGER:
            self.turn_away()
            return
        if frame.get("protocol") != PROTOCOL:
            raise Refusal(Code.PROTOCOL, f"This server speaks protocol {PROTOCOL}. Reload the page.")
        client = typed(frame, "client", str, 64)
        if not client or not client.isascii() or not client.isprintable():
            raise Refusal(Code.BAD_FRAME, "“client” has to be an id of ASCII letters and digits.")
        name = self.client.caller.name or _page_name(frame)
        device = line({"device": ""} | frame, "device", 40)
        self.hub.check_snapshot(self.client.caller)
        self.hub.part(self.client)
        self.client.id, self.client.name, self.client.presence = client, name, Presence(device)
        log.debug("%s says hello", self.client.name)
        await self.hub.welcome(self.client, frame.get("since"))
        if self.hub.clients.has(self.client):
            self.layers.send(self.client)
            self.requests.send(self.client)

    async def name(self, frame: Frame) -> None:
        """Rename the person, or the page where nobody joined."""
        name = _page_name(frame)
        if self.client.caller.token:
            raise Refusal(Code.FORBIDDEN, "A token is called what the host called it.")
        if self.client.caller.person:
            self._begin(self._rename(self.client.caller.person, name, _id(frame)), _id(frame))
        else:
            self.client.name = name
            self.hub.clients.send_people()

    async def _rename(self, person: str, name: str, id: Id) -> None:  # noqa: A002 the wire's word
        try:
            self.hub.check_broadcast(self.client.caller)
            await self.membership.rename(person, name)
        except Refusal as refusal:
            self.refuse(refusal, id)

    async def set(self, frame: Frame) -> None:
        """Set params."""
        values = typed(frame, "values", dict, MOST_PARAMS)
        rev = self.hub.desk.set(values, self.client.source)
        self.client.presence.touch()
        self.client.send(messages.Ok(_id(frame), rev))

    async def paste(self, frame: Frame) -> None:
        """Set params as one move that raises no level in a leap."""
        skipped = self.history.paste(typed(frame, "values", dict, MOST_PASTED), self.client.source)
        self.client.presence.touch()
        self.client.send(messages.Pasted(_id(frame), self.hub.desk.rev, [one.as_json() for one in skipped]))

    async def hold(self, frame: Frame) -> None:
        """Begin or prolong a hold; `rebased` says that the page counts its drag from the value of a `rebase`."""
        path = typed(frame, "path", str, 200)
        self.hub.desk.hold(path, self.client.source, take=frame.get("take") is True)
        if frame.get("rebased") is True:
            self.hub.desk.rebased(path, self.client.source)
        self.client.presence.touch()

    async def release(self, frame: Frame) -> None:
        """End a hold, and settle."""
        path = typed(frame, "path", str, 200)
        self.hub.desk.param(path)
        self.hub.desk.release(path, self.client.source)
        self.hub.settle(self.client, path)

    async def say(self, frame: Frame) -> None:
        """Send a message to everyone."""
        text = typed(frame, "text", str, 65536)
        if not text.strip():
            raise Refusal(Code.BAD_VALUE, "An empty message is not sent: write something first.")
        self._begin(self._say((self.client.id, self.client.name), text, _id(frame)), _id(frame))

    async def _say(self, sender: tuple[str, str], text: str, id: Id) -> None:  # noqa: A002 the wire's word
        try:
            self.hub.check_broadcast(self.client.caller)
            await self.hub.say(*sender, self.client.color, text)
        except Refusal as refusal:
            self.refuse(refusal, id)

    async def act(self, frame: Frame) -> None:
        """Run an action of a console."""
        console, action = typed(frame, "console", str, 40), typed(frame, "action", str, 40)
        arguments = typed({"with": {}} | frame, "with", dict, 40)
        self._begin_and_answer(self.hub.act(console, action, arguments, self.client.source), _id(frame))

    async def ask(self, frame: Frame) -> None:
        """Ask the sound crew for more or less of something."""
        self._begin_and_answer(self.requests.ask(self.client.source, self.client.caller, frame), _id(frame))

    async def answer(self, frame: Frame) -> None:
        """Answer a request."""
        request = typed(frame, "request", str, 40)
        self._begin_and_answer(self.requests.answer(self.client.source, request, frame), _id(frame))

    def _begin_and_answer(self, work: Awaitable[object], id: Id) -> None:  # noqa: A002 the wire's word
        self._begin(self._finish(work, id), id)

    async def _finish(self, work: Awaitable[object], id: Id) -> None:  # noqa: A002 the wire's word
        """Wait for the end of some work, and send its result."""
        try:
            await work
        except Refusal as refusal:
            self.refuse(refusal, id)
        else:
            self.client.send(messages.Ok(id, self.hub.desk.rev))

    async def undo(self, frame: Frame) -> None:
        """Take back a move of this person, or the one that is named."""
        await self._take_back(Cause.UNDO, frame)

    async def redo(self, frame: Frame) -> None:
        """Give back what this person's last undo replaced."""
        await self._take_back(Cause.REDO, frame)

    async def _take_back(self, cause: Cause, frame: Frame) -> None:
        source, wanted, id_ = self.client.source, Wanted.of(frame), _id(frame)
        plan = await self.history.plan(cause, source, wanted)
        skipped = [one.as_json() for one in plan.skipped]
        if wanted.preview:
            self.client.send(messages.Preview(id_, plan.values, skipped))
            return
        move = self.history.carry_out(plan, source)
        self.client.presence.touch()
        self._begin(self._finish_taking_back(plan, move, id_), id_)

    async def _finish_taking_back(self, plan: Plan, move: Move, id: Id) -> None:  # noqa: A002 the wire's word
        """Answer once the move is kept."""
        await self.history.kept(move)
        form = self.history.as_json(move, self.client.source)
        self.client.send(messages.Done(id, self.hub.desk.rev, form, [one.as_json() for one in plan.skipped]))

    async def moves(self, frame: Frame) -> None:
        """Send the moves that this client may see, and from now on each new one as it ends."""
        self.client.follows_moves = frame.get("on") is not False
        limit = USUAL_MOVES if frame.get("limit") is None else whole(frame, "limit", MOST_MOVES)
        work = self._send_moves(whole(frame, "before"), limit or 0, choice_of(frame), _id(frame))
        self._begin(work, _id(frame))

    async def _send_moves(self, before: int | None, limit: int, choice: Choice, id: Id) -> None:  # noqa: A002 the wire's word
        source = self.client.source
        found = await self.history.page(source, before, limit, choice)
        self.client.send(messages.Moves([self.history.as_json(move, source) for move in found], id))

    async def scene(self, frame: Frame) -> None:
        """Carry out what a frame about scenes asks for."""
        self.client.presence.touch()
        self._begin(self._answer_about_scenes(frame), _id(frame))

    async def _answer_about_scenes(self, frame: Frame) -> None:
        try:
            self.client.send(await self.scenes.answer(frame, self.client.source, _id(frame)))
        except Refusal as refusal:
            self.refuse(refusal, _id(frame))

    async def meters(self, frame: Frame) -> None:
        """Start or stop meters."""
        rate = frame.get("rate", USUAL_METER_RATE)
        if not is_number(rate):
            raise Refusal(Code.BAD_FRAME, "“rate” has to be a number of frames a second, from 1 to 30.")
        if frame.get("on") is True:
            self.hub.meters.start(self.client, rate)
        else:
            self.hub.meters.stop(self.client)

    async def look(self, frame: Frame) -> None:
        """Send the pictures that the page looks at, and no others."""
        wanted = typed(frame, "at", list, MOST_LOOKS)
        if not all(isinstance(path, str) for path in wanted):
            raise Refusal(Code.BAD_FRAME, "“at” has to be a list of paths, as “band/ch3/spectrum”.")
        self.hub.look(self.client, wanted)

    async def here(self, frame: Frame) -> None:
        """Record the state of the page."""
        rtt, dropouts = frame.get("rtt"), frame.get("dropouts", 0)
        if not (rtt is None or is_number(rtt)) or not is_number(dropouts):
            raise Refusal(Code.BAD_FRAME, "“rtt” and “dropouts” have to be numbers.")
        presence = self.client.presence
        presence.rtt, presence.dropouts, presence.awake = rtt, int(dropouts), frame.get("awake") is not False

    async def ping(self, frame: Frame) -> None:
        """Answer at once, so that the page knows the round trip."""
        stamp = frame.get("t")
        if not is_number(stamp):
            raise Refusal(Code.BAD_FRAME, "“t” has to be a number; it is sent back as it is.")
        self.client.send(messages.Pong(stamp))


class Handler(NamedTuple):
    """Handler of one type of frame, and the roles that may send it; before `hello` only those for EVERYBODY."""

    carry_out: Callable[[Conversation, Frame], Awaitable[None]]
    roles: frozenset[str] = INSIDE


HANDLERS: dict[str, Handler] = {
    "hello": Handler(Conversation.hello, EVERYBODY),
    "ping": Handler(Conversation.ping, EVERYBODY),
    "name": Handler(Conversation.name),
    "set": Handler(Conversation.set),
    "paste": Handler(Conversation.paste, CREW),
    "hold": Handler(Conversation.hold),
    "release": Handler(Conversation.release),
    "act": Handler(Conversation.act, CREW),
    "ask": Handler(Conversation.ask),  # the desk checks who may, and for what
    "answer": Handler(Conversation.answer, CREW),
    "undo": Handler(Conversation.undo),
    "redo": Handler(Conversation.redo),
    "history": Handler(Conversation.moves, SPEAKERS),
    "scene": Handler(Conversation.scene, SPEAKERS),  # a musician has those of the own mix
    "say": Handler(Conversation.say, SPEAKERS),
    "meters": Handler(Conversation.meters),
    "look": Handler(Conversation.look),
    "here": Handler(Conversation.here),
}


def _page_name(frame: Frame) -> str:
    """Return the name that a page gives itself; nobody is called as the host is."""
    name = visible(line(frame, "name", 60))
    return name if name and not is_hosts_name(name) else "Somebody"


def _id(frame: Frame) -> Id:
    """Return the frame's own id, to be sent back; None for one that is neither a short text nor a number."""
    id_ = frame.get("id")
    return id_ if isinstance(id_, int | str) and len(str(id_)) <= 64 else None
