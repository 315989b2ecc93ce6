"""Server-sent events: values of params as they change, for scripts and programs that speak no WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from quart import Response, request

from remote_mixer.desk import paths
from remote_mixer.desk.readings import control_of
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.client import ListeningLink
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.messages import Message, values_in
from remote_mixer.people.caller import INSIDE, Caller
from remote_mixer.web import bodies, wire
from remote_mixer.web.authenticate import caller
from remote_mixer.web.routes import EVENTS, Answer, Route

KEEP_ALIVE_SECONDS = 15.0
KEEP_ALIVE = b": nothing new\n\n"
MOST_STREAMS = 64
MOST_AT_ONCE = 400
"""Most values in one of the first events: the texts of a large console would hold the loop."""
FULL_TEXT = f"There are {MOST_STREAMS} streams of events already: close some."


class EventLink(ListeningLink):
    """Link of the hub to one stream. What changes again before it leaves is sent once."""

    def __init__(self) -> None:
        self._changed: dict[str, None] = {}
        self._wake = asyncio.Event()
        self.is_over = False

    def send(self, *messages: Message) -> None:
        """Keep the paths that have changed."""
        for message in messages:
            self._changed |= dict.fromkeys(values_in(message))
        self._wake.set()

    def abort(self) -> None:
        """End the stream."""
        self.is_over = True
        self._wake.set()

    async def next(self) -> list[str]:
        """Wait for changes, at most KEEP_ALIVE_SECONDS, and return their paths."""
        try:
            async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return []
        self._wake.clear()
        changed, self._changed = list(self._changed), {}
        return changed


@dataclass(frozen=True)
class Handlers:
    """Handler of the events' route."""

    hub: Hub

    @Route(
        "GET",
        "/events",
        roles=INSIDE,
        query=bodies.EventsQuery,
        answer=Answer(str, "A stream: `values` and `texts` by path, all at first, then what changes", media=EVENTS),
        refusals=(Code.UNKNOWN_PATH, Code.TOO_MANY, Code.TOO_OFTEN),
    )
    async def events(self) -> Response:
        """Values of controls as they change, as server-sent events."""
        who = caller()
        wanted = [path for path in request.args.get("paths", "").split(",") if path]
        found = [path for path in self.hub.desk.values if _is_wanted(path, wanted)]
        if not found:
            raise Refusal(Code.UNKNOWN_PATH, "None of these paths is a control, a strip or a console.")
        if sum(isinstance(client.link, EventLink) for client in self.hub.clients) >= MOST_STREAMS:
            raise Refusal(Code.TOO_MANY, FULL_TEXT)
        self.hub.check_snapshot(who)
        response = Response(self._stream(who, wanted), content_type=EVENTS)
        response.timeout = None  # it lasts as long as its reader
        return response

    async def _stream(self, who: Caller, wanted: list[str]) -> AsyncIterator[bytes]:
        """Yield all values, then changes; among the clients as long as somebody reads."""
        link = EventLink()
        client = self.hub.clients.open(link, who)
        try:
            client.id, client.name = f"events-{id(link):x}", who.name or "Events"
            self.hub.join(client)
            every = [path for path in self.hub.desk.values if _is_wanted(path, wanted)]
            for first in range(0, len(every), MOST_AT_ONCE):
                yield self._event(every[first : first + MOST_AT_ONCE], wanted)
                await asyncio.sleep(0)  # a hand goes first
            while not link.is_over:
                yield self._event(await link.next(), wanted) or KEEP_ALIVE
        finally:
            self.hub.leave(client)

    def _event(self, changed: Iterable[str], wanted: list[str]) -> bytes:
        """Return the event with the present values of those that are wanted; empty where none is."""
        desk = self.hub.desk
        values = {path: desk.values[path] for path in changed if path in desk.values and _is_wanted(path, wanted)}
        if not values:
            return b""
        texts = {
            path: control_of(desk.layouts[paths.console_of(path)], desk.param(path)).reading(value)
            for path, value in values.items()
        }
        return b"data: " + wire.dump({"rev": desk.rev, "values": values, "texts": texts}) + b"\n\n"


def _is_wanted(path: str, wanted: list[str]) -> bool:
    """Whether a path is one of those wanted, or below one; all are where none is named."""
    return not wanted or any(path == one or path.startswith(f"{one}/") for one in wanted)
