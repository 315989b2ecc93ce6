"""Musicians ask, the sound crew answers: who waits for what, kept over a restart."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import THE_SERVER, Source
from remote_mixer.people import identifiers
from remote_mixer.people.admission import Admission
from remote_mixer.people.records import Batch, RecordStore
from remote_mixer.people.request import ANSWERED, DECLINED, GRANTED, SEEN, SENT, WANTS, Request

MOST_OPEN, MOST_OPEN_OF_ONE = 1000, 20
PACE_SECONDS = 1.0
SHOWN_SECONDS = 3600.0
"""So long an answer is shown to who asked."""
KEPT_SECONDS = 30 * 24 * 3600.0
TIDY_SECONDS = 60.0
GRANTS_DB = (1, 2, 3)
MOST_TEXT = 200

log = logging.getLogger(__name__)


class Requests:
    """All requests of one server: those that wait and, for an hour, those answered; what is older is on the disk alone.

    Whether somebody may ask, and what granting moves, is the desk's matter.
    """

    def __init__(self, store: RecordStore, admission: Admission, now: Callable[[], float]) -> None:
        self.changed: list[Callable[[str], None]] = []
        """Told the id of the person whose requests are others now."""
        self._store, self._admission, self._now = store, admission, now
        kept = store.read(Request)
        self._requests = {one.id: one for one in kept if admission.holder(one.person) and self._is_shown(one)}
        self._asked: dict[str, float] = {}
        self._owed = {one.id: one for one in kept if not admission.holder(one.person)}
        self._is_due = asyncio.Event()
        admission.changed.append(self._forget_if_gone)

    @classmethod
    def open(cls, store: RecordStore, admission: Admission, now: Callable[[], float] = time.time) -> Requests:
        """Return what was asked before the restart, of those who are still known. Waits for the disk: for the start."""
        return cls(store, admission, now)

    async def tend(self) -> None:
        """Keep at once what was closed by itself, and once a minute let go what has ended. Until cancelled."""
        while True:
            self._is_due.clear()
            try:
                await self.tidy()
            except Refusal as fault:
                log.warning("requests are not tidied up: %s", fault)
            with suppress(TimeoutError):
                async with asyncio.timeout(TIDY_SECONDS):
                    await self._is_due.wait()

    async def tidy(self) -> None:
        """Let go, in memory, what nobody is shown any more, and on the disk what is a month old; Refusal not-kept."""
        self._requests = {id_: one for id_, one in self._requests.items() if self._is_shown(one)}
        self._asked = {person: at for person, at in self._asked.items() if self._now() - at < PACE_SECONDS}
        await self._keep(asked_before=self._now() - KEPT_SECONDS)

    # Who sees what

    def open_ones(self) -> list[Request]:
        """Return all that waits for an answer, the oldest first: for the sound crew."""
        return sorted((one for one in self._requests.values() if one.is_open), key=lambda one: one.at)

    def of(self, person: str) -> list[Request]:
        """Return what somebody waits for, and what was answered within the hour, the oldest first."""
        own = [one for one in self._requests.values() if one.person == person and self._is_shown(one)]
        return sorted(own, key=lambda one: one.at)

    def get(self, request_id: str) -> Request:
        """Return a request that waits; Refusal unknown, or closed where somebody has answered it."""
        request = self._requests.get(request_id)
        if request is None:
            raise Refusal(Code.UNKNOWN, "There is no such request any more.")
        if not request.is_open:
            raise Refusal(Code.CLOSED, f"{request.by or 'Somebody'} has answered this already.")
        return request

    def _is_shown(self, request: Request) -> bool:
        seconds = KEPT_SECONDS if request.is_open else SHOWN_SECONDS
        return self._now() - (request.closed or request.at) < seconds

    # Asking

    async def ask(self, asker: Source, person: str, path: str, want: str) -> Request:
        """Ask for more or less of a control; asked again it counts up, asked the other way round it turns.

        `person` is the id of the person or token whose hand the asker is.

        Raises:
            Refusal: bad-value, limit (too many, or too fast) or not-kept.
        """
        if want not in WANTS:
            raise Refusal(Code.BAD_VALUE, f"One may ask for {' or '.join(WANTS)}.")
        waiting = [one for one in self._requests.values() if one.is_open and one.person == person]
        standing = next((one for one in waiting if one.path == path), None)
        now = self._paced(person)
        if standing is None:
            self._refuse_heap(len(waiting))
        self._asked[person] = now
        made = Request(identifiers.new_id(), now, person, asker.id, asker.name, asker.mix, path, want)
        return await self._stand(_again(standing, made) if standing else made)

    def _paced(self, person: str) -> float:
        """Return the time, if this person may ask at it."""
        now = self._now()
        if 0 <= now - self._asked.get(person, -PACE_SECONDS) < PACE_SECONDS:
            raise Refusal(
                Code.TOO_MANY, "Once a second is enough: the sound crew has been told.", retry_after=PACE_SECONDS
            )
        return now

    def _refuse_heap(self, waiting: int) -> None:
        if waiting >= MOST_OPEN_OF_ONE or len(self.open_ones()) >= MOST_OPEN:
            raise Refusal(Code.TOO_MANY, "Too much waits for an answer already: give the sound crew a moment.")

    # Answering

    async def seen(self, request_id: str, by: str) -> Request:
        """Tell who asked that it was seen; Refusal unknown, closed or not-kept."""
        request = self.get(request_id)
        return request if request.state == SEEN else await self._stand(replace(request, state=SEEN, by=by))

    async def grant(self, request_id: str, db: int, by: str) -> Request:
        """Note that the control was moved by 1, 2 or 3 dB; Refusal unknown, closed, bad-value or not-kept."""
        if db not in GRANTS_DB:
            raise Refusal(Code.BAD_VALUE, "One grants 1, 2 or 3 dB.")
        return await self._close(replace(self.get(request_id), state=GRANTED, db=int(db)), by)

    async def decline(self, request_id: str, by: str) -> Request:
        """Say no; Refusal unknown, closed or not-kept."""
        return await self._close(replace(self.get(request_id), state=DECLINED), by)

    async def message(self, request_id: str, text: str, by: str) -> Request:
        """Answer in words; Refusal unknown, closed, bad-value or not-kept."""
        line = " ".join(text.encode("utf-8", "replace").decode().split())
        if not 0 < len(line) <= MOST_TEXT:
            raise Refusal(Code.BAD_VALUE, f"An answer has 1 to {MOST_TEXT} characters.")
        return await self._close(replace(self.get(request_id), state=ANSWERED, text=line), by)

    async def _close(self, answered: Request, by: str) -> Request:
        return await self._stand(replace(answered, by=by, closed=self._now()))

    def withdraw(self, request: Request, text: str) -> None:
        """Close, at once, what may not be granted any more, and say why; the disk hears of it soon."""
        self._set(replace(request, state=ANSWERED, text=text, by=THE_SERVER.name, closed=self._now()))
        self._is_due.set()

    async def _stand(self, request: Request) -> Request:
        self._set(request)
        await self._keep()
        return request

    def _set(self, request: Request) -> None:
        self._requests[request.id] = self._owed[request.id] = request
        self._tell(request.person)

    async def _keep(self, asked_before: float = 0.0) -> None:
        """Return when the disk has all that is owed to it; what it refuses goes with the next that it takes."""
        owed, self._owed = self._owed, {}
        put = [request for request in owed.values() if self._admission.holder(request.person)]
        drop = [request for request in owed.values() if not self._admission.holder(request.person)]
        try:
            await self._store.write(Batch(put, drop, asked_before))
        except BaseException:  # a cancelled one too: nobody knows whether it was kept
            self._owed = owed | self._owed
            raise

    def _forget_if_gone(self, person: str) -> None:
        """With who asked goes what they asked for."""
        if self._admission.holder(person):
            return
        theirs = {one.id: one for one in self._requests.values() if one.person == person}
        for id_ in theirs:
            del self._requests[id_]
        self._owed |= theirs
        if theirs:
            self._is_due.set()
            self._tell(person)

    def _tell(self, person: str) -> None:
        for listener in self.changed:
            listener(person)


def _again(standing: Request, made: Request) -> Request:
    """Return the request that stands after another push on the same control."""
    count = standing.count + 1 if standing.want == made.want else 1
    return replace(made, id=standing.id, count=count, state=SENT)
