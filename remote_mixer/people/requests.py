"""Requests: a musician asks for more or less of a control, the sound crew answers. Kept over a restart."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from remote_mixer.desk.rate_limit import RateLimit
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import THE_SERVER, Source
from remote_mixer.people import identifiers
from remote_mixer.people.admission import Admission
from remote_mixer.people.records import Batch, RecordStore
from remote_mixer.people.request import ANSWERED, DECLINED, GRANTED, SEEN, SENT, WANTS, Request

MOST_OPEN, MOST_OPEN_OF_ONE = 1000, 20
"""Highest counts of open requests: of all people, and of one."""
PACE_SECONDS = 1.0
"""Shortest time between two requests of one person."""
SHOWN_SECONDS = 3600.0
"""Time that an answer is shown to the person who asked."""
KEPT_SECONDS = 30 * 24 * 3600.0
"""Time that a request is kept on disk, and that an open one is shown."""
TIDY_SECONDS = 60.0
GRANTS_DB = (1, 2, 3)
MOST_TEXT = 200
"""Longest answer in words, in characters."""

log = logging.getLogger(__name__)


class Requests:
    """Open requests and those answered within the last hour; older ones are on disk only.

    The rules on who may ask for a control, and the move of a granted one, are in the hub.
    """

    def __init__(
        self, store: RecordStore, admission: Admission, now: Callable[[], float], clock: Callable[[], float]
    ) -> None:
        """Load the requests of people and tokens that still exist.

        `now` gives seconds since 1970, `clock` seconds that never go back.
        """
        self.changed: list[Callable[[str], None]] = []
        """Called with the id of a person or token whose requests changed."""
        self._store, self._admission, self._now = store, admission, now
        saved = store.read(Request)
        self._requests = {one.id: one for one in saved if admission.holder(one.person) and self._is_shown(one)}
        self._pace = RateLimit(1 / PACE_SECONDS, 1, clock)
        self._unsaved = {one.id: one for one in saved if not admission.holder(one.person)}
        self._save_soon = asyncio.Event()
        admission.changed.append(self._forget_removed)

    @classmethod
    def open(
        cls,
        store: RecordStore,
        admission: Admission,
        now: Callable[[], float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> Requests:
        """Return the requests in a store, by the admission's clock unless `now` is another one.

        Blocks on the disk: for the start. Raises Refusal: not-kept.
        """
        return cls(store, admission, now or admission.now, clock)

    async def tend(self) -> None:
        """Run `tidy` once a minute, and at once after `withdraw` or the removal of a person, until cancelled."""
        while True:
            self._save_soon.clear()
            try:
                await self.tidy()
            except Refusal as fault:
                log.warning("old requests are not deleted: %s", fault)
            with suppress(TimeoutError):
                async with asyncio.timeout(TIDY_SECONDS):
                    await self._save_soon.wait()

    async def tidy(self) -> None:
        """Save unsaved requests, drop those no longer shown from memory, and delete those over 30 days old from disk.

        Raises:
            Refusal: not-kept.
        """
        self._requests = {id_: one for id_, one in self._requests.items() if self._is_shown(one)}
        await self._save(delete_before=self._now() - KEPT_SECONDS)

    # Reading

    def open_ones(self) -> list[Request]:
        """Return all open requests, oldest first: the list that the sound crew sees."""
        return sorted((one for one in self._requests.values() if one.is_open), key=lambda one: one.at)

    def of(self, person: str) -> list[Request]:
        """Return a person's open requests and those answered within the last hour, oldest first.

        `person` is the id of a person or token.
        """
        own = [one for one in self._requests.values() if one.person == person and self._is_shown(one)]
        return sorted(own, key=lambda one: one.at)

    def get(self, request_id: str) -> Request:
        """Return an open request. Raises Refusal: unknown, or closed if it was answered."""
        request = self._requests.get(request_id)
        if request is None:
            raise Refusal(Code.UNKNOWN, "There is no such request any more.")
        if not request.is_open:
            raise Refusal(Code.CLOSED, f"{request.by or 'Somebody'} has answered this already.")
        return request

    def _is_shown(self, request: Request) -> bool:
        seconds = KEPT_SECONDS if request.is_open else SHOWN_SECONDS
        return self._now() - (request.closed or request.at) < seconds

    # New requests

    async def ask(self, asker: Source, person: str, path: str, want: str) -> Request:
        """Return the new or updated request of this person for more or less of a control.

        An open request for the same path is updated: its count rises, or starts again where `want` changed.
        `person` is the id of the person or token that `asker` belongs to.

        Raises:
            Refusal: bad-value, limit (too many, or too fast) or not-kept.
        """
        if want not in WANTS:
            raise Refusal(Code.BAD_VALUE, f"One may ask for {' or '.join(WANTS)}.")
        own_open = [one for one in self._requests.values() if one.is_open and one.person == person]
        former = next((one for one in own_open if one.path == path), None)
        self._refuse_too_fast(person)
        if former is None:
            self._refuse_too_many(len(own_open))
        self._pace.count(person)
        made = Request(identifiers.new_id(), self._now(), person, asker.id, asker.name, asker.mix, path, want)
        return await self._update(_repeated(former, made) if former else made)

    def _refuse_too_fast(self, person: str) -> None:
        if self._pace.wait(person) > 0:
            text = "Once a second is enough: the sound crew has been told."
            raise Refusal(Code.TOO_MANY, text, retry_after=PACE_SECONDS)

    def _refuse_too_many(self, own_open: int) -> None:
        if own_open >= MOST_OPEN_OF_ONE or len(self.open_ones()) >= MOST_OPEN:
            raise Refusal(Code.TOO_MANY, "Too much waits for an answer already: give the sound crew a moment.")

    # Answers

    async def seen(self, request_id: str, by: str) -> Request:
        """Mark an open request as seen by the crew member named `by`. Raises Refusal: unknown, closed or not-kept."""
        request = self.get(request_id)
        return request if request.state == SEEN else await self._update(replace(request, state=SEEN, by=by))

    async def grant(self, request_id: str, db: int, by: str) -> Request:
        """Close a request as granted by 1, 2 or 3 dB; the caller has moved the control.

        Raises:
            Refusal: unknown, closed, bad-value or not-kept.
        """
        if db not in GRANTS_DB:
            raise Refusal(Code.BAD_VALUE, "One grants 1, 2 or 3 dB.")
        return await self._close(replace(self.get(request_id), state=GRANTED, db=int(db)), by)

    async def decline(self, request_id: str, by: str) -> Request:
        """Close a request as declined. Raises Refusal: unknown, closed or not-kept."""
        return await self._close(replace(self.get(request_id), state=DECLINED), by)

    async def message(self, request_id: str, text: str, by: str) -> Request:
        """Close a request with an answer of 1 to 200 characters.

        Raises:
            Refusal: unknown, closed, bad-value or not-kept.
        """
        line = " ".join(text.encode("utf-8", "replace").decode().split())
        if not 0 < len(line) <= MOST_TEXT:
            raise Refusal(Code.BAD_VALUE, f"An answer has 1 to {MOST_TEXT} characters.")
        return await self._close(replace(self.get(request_id), state=ANSWERED, text=line), by)

    async def _close(self, answered: Request, by: str) -> Request:
        return await self._update(replace(answered, by=by, closed=self._now()))

    def withdraw(self, request: Request, text: str) -> None:
        """Close, at once, a request that may no longer be granted; `text` is the reason. `tend` saves it soon."""
        self._set(replace(request, state=ANSWERED, text=text, by=THE_SERVER.name, closed=self._now()))
        self._save_soon.set()

    # Saving

    async def _update(self, request: Request) -> Request:
        self._set(request)
        await self._save()
        return request

    def _set(self, request: Request) -> None:
        self._requests[request.id] = self._unsaved[request.id] = request
        self._notify_changed(request.person)

    async def _save(self, delete_before: float = 0.0) -> None:
        """Write all unsaved requests; those that could not be written are written with the next call."""
        unsaved, self._unsaved = self._unsaved, {}
        upserts = [request for request in unsaved.values() if self._admission.holder(request.person)]
        deletes = [request for request in unsaved.values() if not self._admission.holder(request.person)]
        try:
            await self._store.write(Batch(upserts, deletes, delete_before))
        except BaseException:  # after a cancellation, too, nobody knows whether the batch was written
            self._unsaved = unsaved | self._unsaved
            raise

    def _forget_removed(self, person: str) -> None:
        """Delete the requests of a person or token that was removed."""
        if self._admission.holder(person):
            return
        own = {one.id: one for one in self._requests.values() if one.person == person}
        for id_ in own:
            del self._requests[id_]
        self._unsaved |= own
        if own:
            self._save_soon.set()
            self._notify_changed(person)

    def _notify_changed(self, person: str) -> None:
        for listener in self.changed:
            listener(person)


def _repeated(former: Request, made: Request) -> Request:
    """Return the open request `former`, updated by the newly made one."""
    count = former.count + 1 if former.want == made.want else 1
    return replace(made, id=former.id, count=count, state=SENT)
