"""HTTP API for the takes of a console: their list, their files, and their end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct
from quart import Response, send_file
from quart.wrappers.response import FileBody

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.hub import Hub
from remote_mixer.people.caller import CREW
from remote_mixer.web import bodies
from remote_mixer.web.answers import answer
from remote_mixer.web.authenticate import caller
from remote_mixer.web.routes import Answer, Route

SOUND = "audio/wav"
Console = Annotated[str, Meta(description="Nickname of the console")]
Name = Annotated[str, Meta(description="Name of the take's file")]


class _ClosedBody(FileBody):
    """Body of a response that closes its file at once.

    Quart's own closes it in a thread, and not at all where the client goes as its last byte arrives.
    """

    def __init__(self, body: FileBody) -> None:
        super().__init__(body.file_path)
        self.begin, self.end = body.begin, body.end

    async def __aexit__(self, *_fault: object) -> None:
        if self.file:
            self.file._file.close()  # noqa: SLF001  # aiofiles has no other way without a thread


class Marker(Struct):
    """Marker of a take, in seconds from its start."""

    at: float
    name: str


class Take(Struct):
    """Take: a file with a track for each channel."""

    file: str
    name: str
    bytes: int
    at: Annotated[float, Meta(description="When it was last written, in seconds since 1970")]
    seconds: float
    tracks: list[str]
    marks: list[Marker]
    problem: Annotated[str, Meta(description="Why it cannot be played; empty where it can")]


class Takes(Struct):
    """Takes of a console."""

    takes: list[Take]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Takes of one console: `takes` returns their rows, `file` the path of one. Both raise Refusal."""

    takes: Callable[[], Awaitable[list[dict[str, Any]]]]
    file: Callable[[str], Path]


@dataclass(frozen=True)
class Handlers:
    """Handlers of the takes' routes; `shelves` by the nickname of the console."""

    hub: Hub
    shelves: Mapping[str, Shelf]

    @Route(
        "GET",
        "/takes/<console>",
        roles=CREW,
        answer=Answer(Takes, "The takes, the newest first"),
        refusals=(Code.UNKNOWN_PATH, Code.BAD_VALUE),
    )
    async def get_takes(self, console: Console) -> Response:
        """Takes of a console that records."""
        return answer({"takes": await self._shelf(console).takes()})

    @Route(
        "GET",
        "/takes/<console>/<take>",
        roles=CREW,
        answer=Answer(str, "The sound", media=SOUND),
        refusals=(Code.UNKNOWN_PATH, Code.BAD_VALUE),
    )
    async def get_take(self, console: Console, take: Name) -> Response:
        """File of a take; a part of it for a request with a range."""
        path = self._shelf(console).file(take)
        sent = await send_file(path, as_attachment=True, attachment_filename=path.name, conditional=True)
        if isinstance(sent.response, FileBody):
            sent.response = _ClosedBody(sent.response)
        return sent

    @Route(
        "DELETE",
        "/takes/<console>/<take>",
        roles=CREW,
        answer=Answer(bodies.Done, "Deleted, for good"),
        refusals=(Code.UNKNOWN_PATH, Code.BAD_VALUE),
    )
    async def delete_take(self, console: Console, take: Name) -> Response:
        """Delete a take that is neither recorded nor played."""
        self._shelf(console)
        await self.hub.act(console, "delete_take", {"take": take}, caller().source)
        return answer({"rev": self.hub.desk.rev})

    def _shelf(self, console: str) -> Shelf:
        if console not in self.shelves:
            raise Refusal(Code.UNKNOWN_PATH, f"There is no console “{console[:40]}” that records.", console)
        return self.shelves[console]
