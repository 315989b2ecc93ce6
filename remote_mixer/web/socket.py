"""WebSocket endpoint /ws: opens a link for each page, decodes its frames, and closes it on floods."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple, cast

from hypercorn.typing import WebsocketScope
from quart import Quart, websocket

from remote_mixer.desk.rate_limit import RateLimit
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.client import Ending
from remote_mixer.hub.conversation import Conversation, Spawn
from remote_mixer.hub.history import HistoryHandler
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.layers import LayerDesk
from remote_mixer.hub.membership import Membership
from remote_mixer.hub.requests import RequestHandler
from remote_mixer.hub.scene_frames import SceneDesk
from remote_mixer.people.caller import STRANGER
from remote_mixer.web import wire
from remote_mixer.web.authenticate import caller
from remote_mixer.web.link import WebSocketLink
from remote_mixer.web.pipe import pipe_of

MOST_STRANGERS, STRANGER_SECONDS = 64, 10.0
"""Limits for links of people who have not joined: number, and duration in seconds. Such links only echo text."""
FLOOD_TEXT = "Too many frames: at most {} a second are heard. Slow down, or the link is closed."

log = logging.getLogger(__name__)


class Pace(NamedTuple):
    """Pace of one client: most frames a second, and in a burst; refused ones without a pause that close the link."""

    rate: int
    burst: int
    flood: int


USUAL_PACE = Pace(240, 480, 480)
STRANGERS_PACE = Pace(10, 20, 10)
"""Pace of somebody who has not joined: they have nothing to say, and may come back as often as they like."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """Parts of the hub that carry out frames."""

    hub: Hub
    membership: Membership
    requests: RequestHandler
    layers: LayerDesk
    history: HistoryHandler
    scenes: SceneDesk


def install(app: Quart, handlers: Handlers, spawn: Spawn) -> None:
    """Serve `/ws`. `spawn` runs work that may wait for the disk, so that reading frames goes on.

    A first frame may stand in the address, as `?hello=`: a page that returns is welcomed with the handshake. With
    `?packed=1` large messages come packed.
    """
    hub = handlers.hub

    @app.websocket("/ws")
    async def ws() -> None:
        encode = wire.packed_frame if websocket.args.get("packed") == "1" else wire.frame
        client = hub.clients.open(WebSocketLink(pipe_of(cast("WebsocketScope", websocket.scope)), encode), caller())
        parts = hub, handlers.membership, handlers.requests, handlers.layers, handlers.history, handlers.scenes
        pace = STRANGERS_PACE if client.caller.role == STRANGER else USUAL_PACE
        reader = FrameReader(Conversation(*parts, client, spawn), pace, asyncio.get_running_loop().time)
        try:
            await websocket.accept()
            with _stranger_limit(reader.conversation):
                if hello := websocket.args.get("hello"):
                    await reader.read(hello)
                while True:
                    await reader.read(await websocket.receive())
        finally:
            log.debug("%s has gone", client.name or "a client")
            hub.leave(client)


@contextmanager
def _stranger_limit(conversation: Conversation) -> Iterator[None]:
    """Close a stranger's link after STRANGER_SECONDS, or at once while more than MOST_STRANGERS are open."""
    strangers = sum(client.caller.role == STRANGER for client in conversation.hub.clients.all_open)
    seconds = STRANGER_SECONDS if strangers <= MOST_STRANGERS else 0
    is_stranger = conversation.client.caller.role == STRANGER
    end = asyncio.get_running_loop().call_later(seconds, conversation.turn_away) if is_stranger else None
    try:
        yield
    finally:
        if end:
            end.cancel()


class FrameReader:
    """Decodes the frames of one client as far as the pace allows; frames of a flood are read and ignored."""

    def __init__(self, conversation: Conversation, pace: Pace, clock: Callable[[], float]) -> None:
        self.conversation, self._pace = conversation, pace
        self._limit = RateLimit(pace.rate, pace.burst, clock)
        self._refused = 0

    async def read(self, data: str | bytes | None) -> None:
        """Decode one frame, or refuse it above the rate limit."""
        if self._refused > self._pace.flood or not self._limit.take():
            self._refused += 1
            self._refuse()
            return
        if self._limit.spare() > self._pace.burst / 2:
            self._refused = 0
        await self._decode(data)

    def _refuse(self) -> None:
        client = self.conversation.client
        if self._refused == 1:
            self.conversation.refuse(Refusal(Code.LIMIT, FLOOD_TEXT.format(self._pace.rate)))
        elif self._refused == self._pace.flood + 1:
            log.warning("%s floods: closed", client.name or "a client")
            client.bye("Too many frames: the link is closed.", Ending.FLOOD)

    async def _decode(self, data: str | bytes | None) -> None:
        if not isinstance(data, str):
            self.conversation.refuse(Refusal(Code.BAD_FRAME, "Only text frames are understood here."))
            return
        frame = wire.read(data)
        if frame is None:
            self.conversation.receive_text(data)
        else:
            await self.conversation.receive(frame)
