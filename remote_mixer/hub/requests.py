"""Requests on their way: from a musician's push to the crew's pages, and from their answer to the very fader."""

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
from remote_mixer.hub.client import Client
from remote_mixer.hub.hub import Hub
from remote_mixer.people.admission import Door
from remote_mixer.people.request import LESS, Request
from remote_mixer.people.requests import Requests
from remote_mixer.web import wire
from remote_mixer.web.authenticate import CREW, Caller

TELL_SECONDS = 0.05
"""Pushes of a whole band at once are told in one frame."""
MOST_PATH, MOST_WORD, MOST_TYPED = 200, 20, 400
ELSEWHERE_TEXT = "You are not in this mix any more."


@dataclass
class Asking:
    """Joins the requests to the desk and to the open pages."""

    hub: Hub
    requests: Requests
    door: Door
    _telling: asyncio.TimerHandle | None = field(default=None, init=False)
    _stale: set[str] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        """Listen."""
        self.requests.changed.append(self._changed)
        self.door.changed.append(self._holder_changed)
        self.door.policy_changed.append(lambda _policy: self._review())

    def list_for(self, who: Caller) -> list[dict[str, Any]]:
        """Return what somebody sees of the requests: the crew what waits, others their own."""
        shown = self.requests.open_ones() if who.role in CREW else self.requests.of(who.person or who.token or "")
        return [request.as_json() for request in shown]

    def tell(self, client: Client) -> None:
        """Tell a page what its holder sees of the requests."""
        client.tell(wire.write({"type": "requests", "requests": self.list_for(client.who)}))

    # Asking

    async def ask(self, source: Source, who: Caller, frame: Mapping[str, Any]) -> Request:
        """Take a push on a control of the asker's own mix; Refusal where it is none."""
        path, want = wire.typed(frame, "path", str, MOST_PATH), wire.typed(frame, "want", str, MOST_WORD)
        asker = who.person or who.token
        param = self.hub.desk.param(path)
        if not asker or self.hub.desk.rights.may(path, param, source) == LOOK or not part_of(path, source.mix):
            raise Refusal(Code.FORBIDDEN, "You can ask for what is in your own mix, where you may.", path)
        self._taper(path)
        return await self.requests.ask(source, asker, path, want)

    # Answering

    async def answer(self, source: Source, request_id: str, frame: Mapping[str, Any]) -> Request:
        """Answer a request, by a hand of the crew; a grant moves the fader through the one door."""
        self._review()
        kind = wire.typed(frame, "answer", str, MOST_WORD)
        if kind not in _ANSWERS:
            raise Refusal(Code.BAD_VALUE, f"One answers {', '.join(_ANSWERS)}.")
        return await _ANSWERS[kind](self, source, request_id, frame)

    async def grant(self, source: Source, request_id: str, frame: Mapping[str, Any]) -> Request:
        """Move the fader by 1, 2 or 3 dB the way that was asked for; what the desk refuses stays to be answered."""
        request, db = self.requests.get(request_id), frame.get("db")
        if db not in (1, 2, 3) or isinstance(db, bool | float):
            raise Refusal(Code.BAD_VALUE, "One grants 1, 2 or 3 dB.")
        self.hub.desk.set({request.path: self._moved(request, -db if request.want == LESS else db)}, source)
        return await self.requests.grant(request_id, db, source.name)

    async def decline(self, source: Source, request_id: str, _: Mapping[str, Any]) -> Request:
        """Say no."""
        return await self.requests.decline(request_id, source.name)

    async def message(self, source: Source, request_id: str, frame: Mapping[str, Any]) -> Request:
        """Say something to who asked."""
        return await self.requests.message(request_id, wire.typed(frame, "text", str, MOST_TYPED), source.name)

    async def seen(self, source: Source, request_id: str, _: Mapping[str, Any]) -> Request:
        """Let who asked know that somebody has seen it."""
        return await self.requests.seen(request_id, source.name)

    def _moved(self, request: Request, db: float) -> float:
        """Return where the control goes; a musician's ceiling holds for what is granted to them too."""
        ceiling = self.hub.desk.rights.policy.ceiling(request.mix)
        most_db = ceiling.send_db if part_of(request.path, request.mix) == "sends" else ceiling.bus_db
        taper, standing = self._taper(request.path), self.hub.desk.values[request.path]
        if not isinstance(standing, float):
            raise Refusal(Code.BAD_VALUE, "Nobody knows where this stands: move it by hand once.", request.path)
        return taper.raised(standing, db, most_db)

    def _taper(self, path: str) -> Taper:
        """Return the law of a level; Refusal for what has no more and less."""
        param = self.hub.desk.param(path)
        tapers = self.hub.desk.layouts[paths.console_of(path)].tapers
        if not isinstance(param, Position) or tapers[param.taper].unit != "dB":
            raise Refusal(Code.BAD_VALUE, "There is no more and less of this: ask about a level.", path)
        return tapers[param.taper]

    # Who may no longer ask

    def _holder_changed(self, id_: str) -> None:
        self._review()
        self._changed(id_)  # who is of the crew now sees other requests

    def _review(self) -> None:
        """Close what is asked by somebody who could not ask for it now: nobody else shall get it in their place."""
        for request in self.requests.open_ones():
            if why := self._why_not(request):
                self.requests.withdraw(request, why)

    def _why_not(self, request: Request) -> str:
        asker = self.door.holder(request.person)
        if asker is None or asker.mix != request.mix:
            return ELSEWHERE_TEXT
        allowed = granted(self.door.policy, request.path, asker.mix, asker.role)
        return KEPT_TEXT if allowed == LOOK else ""

    # Telling

    def _changed(self, person: str) -> None:
        self._stale.add(person)
        if self._telling is None:
            self._telling = asyncio.get_running_loop().call_later(TELL_SECONDS, self._tell_all)

    def _tell_all(self) -> None:
        self._telling, stale, self._stale = None, self._stale, set()
        for client in self.hub.clients:
            if client.who.role in CREW or {client.who.person, client.who.token} & stale:
                self.tell(client)


Answer = Callable[[Asking, Source, str, Mapping[str, Any]], Awaitable[Request]]
_ANSWERS: dict[str, Answer] = {
    "grant": Asking.grant,
    "decline": Asking.decline,
    "message": Asking.message,
    "seen": Asking.seen,
}
