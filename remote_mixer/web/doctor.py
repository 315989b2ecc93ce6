"""HTTP API for the report that goes with a bug."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from quart import Response

from remote_mixer.people.caller import HOSTS
from remote_mixer.web.answers import answer
from remote_mixer.web.bodies import Report
from remote_mixer.web.routes import Answer, Route


@dataclass(frozen=True)
class Handlers:
    """Handlers of the report's route. `report` returns its text."""

    report: Callable[[], Awaitable[str]]

    @Route("GET", "/doctor", roles=HOSTS, answer=Answer(Report, "The report, without secrets"))
    async def doctor(self) -> Response:
        """Report on server and computer for a bug."""
        return answer({"text": await self.report()})
