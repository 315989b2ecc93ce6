"""HTTP API for the history: moves as JSON and CSV, undo and redo."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from quart import Response, request

from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause
from remote_mixer.desk.moves import Move
from remote_mixer.desk.params import Value
from remote_mixer.desk.readings import UNKNOWN, control_of
from remote_mixer.desk.refusal import Code
from remote_mixer.desk.times import rfc3339
from remote_mixer.hub.history import HistoryHandler, Wanted, choice_of
from remote_mixer.hub.hub import Hub
from remote_mixer.people.caller import INSIDE, SPEAKERS
from remote_mixer.web import history_bodies as bodies
from remote_mixer.web.answers import answer, json_body, whole_number
from remote_mixer.web.authenticate import caller
from remote_mixer.web.routes import CSV, Answer, Route

USUAL_MOVES = 50
COLUMNS = ("number", "at", "by", "cause", "control", "from", "to", "undone")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings of a text that a spreadsheet would take for a formula."""
REFUSALS = (
    *(Code.NOTHING, Code.CHANGED, Code.HELD, Code.OFFLINE, Code.LIMIT, Code.BAD_VALUE, Code.READ_ONLY),
    *(Code.UNKNOWN, Code.UNKNOWN_PATH),
)


@dataclass(frozen=True)
class Handlers:
    """Handlers of the history's routes."""

    hub: Hub
    handler: HistoryHandler

    @Route(
        "GET",
        "/history",
        roles=SPEAKERS,
        query=bodies.MovesQuery,
        answer=Answer(bodies.Moves, "Up to `limit` moves; a musician gets those of the own mix"),
        refusals=(Code.BAD_VALUE,),
    )
    async def get_history(self) -> Response:
        """Moves, the newest last."""
        source = caller().source
        return answer({"moves": [self.handler.as_json(move, source) for move in await self._moves()]})

    @Route(
        "GET",
        "/history.csv",
        roles=SPEAKERS,
        query=bodies.MovesQuery,
        answer=Answer(str, "A line for each control of each move, with a heading", media=CSV),
        refusals=(Code.BAD_VALUE,),
    )
    async def get_history_table(self) -> Response:
        """Moves as a table, for a spreadsheet."""
        text = io.StringIO()
        csv.writer(text).writerows([COLUMNS, *self._lines(await self._moves())])
        return Response(text.getvalue().encode("utf-8", "replace"), content_type=f"{CSV}; charset=utf-8")

    @Route(
        "POST",
        "/undo",
        roles=INSIDE,  # the desk checks the caller's rights on each param
        body=bodies.TakeBack,
        answer=Answer(bodies.TakenBack, "Taken back, or the preview"),
        refusals=REFUSALS,
    )
    async def undo(self) -> Response:
        """Take back the caller's newest move, or another one."""
        return await self._take_back(Cause.UNDO)

    @Route(
        "POST",
        "/redo",
        roles=INSIDE,
        body=bodies.TakeBack,
        answer=Answer(bodies.TakenBack, "Given back, or the preview"),
        refusals=REFUSALS,
    )
    async def redo(self) -> Response:
        """Give back what the caller's last undo replaced."""
        return await self._take_back(Cause.REDO)

    async def _moves(self) -> list[Move]:
        limit = whole_number("limit", USUAL_MOVES) or 0
        query = {key: request.args[key] for key in ("path", "by") if key in request.args}
        choice = choice_of(query | {"last": whole_number("last", None)})
        before = whole_number("before", None)
        return await self.handler.page(caller().source, before, min(limit, bodies.MOST_MOVES), choice)

    async def _take_back(self, cause: Cause) -> Response:
        source, wanted = caller().source, Wanted.of(await json_body())
        plan = await self.handler.plan(cause, source, wanted)
        move = None if wanted.preview else self.handler.carry_out(plan, source)
        if move:
            await self.handler.kept(move)
        form = move and self.handler.as_json(move, source)
        skipped = [one.as_json() for one in plan.skipped]
        return answer({"rev": self.hub.desk.rev, "move": form, "values": plan.values, "skipped": skipped})

    def _lines(self, moves: list[Move]) -> Iterator[tuple[object, ...]]:
        for move in moves:
            head = move.id, rfc3339(move.at), _plain(move.by.name), move.cause.value
            undone = "yes" if self.handler.history.is_undone(move) else ""
            for path, (before, after) in move.values.items():
                yield (*head, _plain(path), self._reading(path, before), self._reading(path, after), undone)

    def _reading(self, path: str, value: Value) -> str:
        """Return a value as text for people; of a control that is gone, the plain value."""
        desk = self.hub.desk
        if path not in desk.values:
            return UNKNOWN if value is None else _plain(str(value))
        text = control_of(desk.layouts[paths.console_of(path)], desk.param(path)).reading(value)
        return _plain(text) if isinstance(value, str) else text


def _plain(text: str) -> str:
    """Return a person's text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
