"""Musicians' requests: from a page to the crew's pages, and from their answer to the fader."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.params import Position
from remote_mixer.desk.policy import LOOK
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.rights import KEPT_TEXT, granted, part_of
from remote_mixer.desk.sources import Source
from remote_mixer.desk.tapers import Taper
from remote_mixer.hub import messages
from remote_mixer.hub.client import Client
from remote_mixer.hub.fields import typed
from remote_mixer.hub.hub import Hub
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import CREW, Caller
from remote_mixer.people.request import Request
from remote_mixer.people.requests import Requests

SEND_SECONDS = 0.05
"""Delay of the list of requests, so that the requests of a whole band at once make one frame."""
MOST_PATH, MOST_WORD, MOST_TYPED = 200, 20, 400
ELSEWHERE_TEXT = "You are not in this mix any more."


@dataclass
class RequestHandler:
    """Carries requests between the musicians' pages, the crew's pages and the desk."""

    hub: Hub
    requests: Requests
    admission: Admission
    _sending: asyncio.TimerHandle | None = field(default=None, init=False)
    _stale: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Follow changes of requests, people and policy."""
        self.requests.changed.append(self._changed)
        self.admission.changed.append(self._holder_changed)
        self.admission.policy_changed.append(lambda _policy: self._review())

    def list_for(self, caller: Caller) -> list[dict[str, Any]]:
        """Return the requests that a caller may see: the crew all open ones, others their own."""
        own = caller.person or caller.token or ""
        shown = self.requests.open_ones() if caller.role in CREW else self.requests.of(own)
        return [request.as_json(self.admission.now.ahead) for request in shown]

    def send(self, client: Client) -> None:
        """Send a client the requests that it may see."""
        client.send(messages.Requests(self.list_for(client.caller)))

    # Asking

    async def ask(self, source: Source, caller: Caller, frame: Mapping[str, Any]) -> Request:
        """Make a request about a control of the caller's own mix; Refusal for any other control."""
        path, want = typed(frame, "path", str, MOST_PATH), typed(frame, "want", str, MOST_WORD)
        asker = caller.person or caller.token
        param = self.hub.desk.param(path)
        if not asker or self.hub.desk.rights.may(path, param, source) == LOOK or not part_of(path, source.mix):
            raise Refusal(Code.FORBIDDEN, "You can ask for what is in your own mix, where you may.", path)
        self._taper(path)
        return await self.requests.ask(source, asker, path, want)

    # Answering

    async def answer(self, source: Source, request_id: str, frame: Mapping[str, Any]) -> Request:
        """Answer a request for the crew; a grant moves the fader through the one door."""
        self._review()
        kind = typed(frame, "answer", str, MOST_WORD)
        if kind not in _ANSWERS:
            raise Refusal(Code.BAD_VALUE, f"One answers {', '.join(_ANSWERS)}.")
        return await _ANSWERS[kind](self, source, request_id, frame)

    async def grant(self, source: Source, request_id: str, frame: Mapping[str, Any]) -> Request:
        """Move the fader by 1, 2 or 3 dB in the direction asked for; if the desk refuses, the request stays open."""
        request, db = self.requests.get(request_id), frame.get("db")
        if db not in (1, 2, 3) or isinstance(db, bool | float):
            raise Refusal(Code.BAD_VALUE, "One grants 1, 2 or 3 dB.")
        self.hub.desk.set({request.path: self._moved(request, request.direction * db)}, source)
        return await self.requests.grant(request_id, db, source.name)

    async def decline(self, source: Source, request_id: str, _: Mapping[str, Any]) -> Request:
        """Decline a request."""
        return await self.requests.decline(request_id, source.name)

    async def message(self, source: Source, request_id: str, frame: Mapping[str, Any]) -> Request:
        """Answer a request in words."""
        return await self.requests.message(request_id, typed(frame, "text", str, MOST_TYPED), source.name)

    async def seen(self, source: Source, request_id: str, _: Mapping[str, Any]) -> Request:
        """Mark a request as seen."""
        return await self.requests.seen(request_id, source.name)

    def _moved(self, request: Request, db: float) -> float:
        """Return the new position of the control; the musician's ceiling applies to grants too."""
        ceiling = self.hub.desk.rights.policy.ceiling(request.mix)
        most_db = ceiling.send_db if part_of(request.path, request.mix) == "sends" else ceiling.bus_db
        taper, position = self._taper(request.path), self.hub.desk.values[request.path]
        if not isinstance(position, float):
            raise Refusal(Code.BAD_VALUE, "Nobody knows where this stands: move it by hand once.", request.path)
        return taper.raised(position, db, most_db)

    def _taper(self, path: str) -> Taper:
        """Return the taper of a level; Refusal for a param that is no level."""
        param = self.hub.desk.param(path)
        tapers = self.hub.desk.layouts[paths.console_of(path)].tapers
        if not isinstance(param, Position) or tapers[param.taper].unit != "dB":
            raise Refusal(Code.BAD_VALUE, "There is no more and less of this: ask about a level.", path)
        return tapers[param.taper]

    # Requests that must close

    def _holder_changed(self, id_: str) -> None:
        self._review()
        self._changed(id_)  # a new member of the crew sees other requests

    def _review(self) -> None:
        """Close the requests whose asker could not make them now, so that nobody else gets what was asked for."""
        for request in self.requests.open_ones():
            if why := self._why_not(request):
                self.requests.withdraw(request, why)

    def _why_not(self, request: Request) -> str:
        asker = self.admission.holder(request.person)
        if asker is None or asker.mix != request.mix:
            return ELSEWHERE_TEXT
        allowed = granted(self.admission.policy, request.path, asker.mix, asker.role)
        return KEPT_TEXT if allowed == LOOK else ""

    # To the pages

    def _changed(self, person: str) -> None:
        self._stale.add(person)
        if self._sending is None:
            self._sending = asyncio.get_running_loop().call_later(SEND_SECONDS, self._send_all)

    def _send_all(self) -> None:
        self._sending, stale, self._stale = None, self._stale, set()
        for client in self.hub.clients:
            if client.caller.role in CREW or {client.caller.person, client.caller.token} & stale:
                self.send(client)


Answer = Callable[[RequestHandler, Source, str, Mapping[str, Any]], Awaitable[Request]]
_ANSWERS: dict[str, Answer] = {
    "grant": RequestHandler.grant,
    "decline": RequestHandler.decline,
    "message": RequestHandler.message,
    "seen": RequestHandler.seen,
}
