"""HTTP API for control surfaces: their list, and maps of MIDI controllers written by Learn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Protocol

from msgspec import Meta
from quart import Response

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.fields import typed
from remote_mixer.people.caller import CREW
from remote_mixer.web import surface_bodies as bodies
from remote_mixer.web.answers import answer, json_body
from remote_mixer.web.bodies import Empty
from remote_mixer.web.routes import Answer, Route

Name = Annotated[str, Meta(description="Name of the surface")]
Id = Annotated[str, Meta(description="Id of the control")]
WANTED: Mapping[str, type] = {"path": str, "strip": int, "what": str, "do": str}
MOST_TEXT = 200
NONE: Mapping[str, list[Any]] = {"surfaces": [], "orders": []}


class Learning(Protocol):
    """Surfaces, as another room has them. Methods raise Refusal."""

    def surfaces(self) -> list[dict[str, Any]]:
        """Return all surfaces."""

    def orders(self) -> list[dict[str, Any]]:
        """Return the orders of keys."""

    async def learn(self, surface: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Wait for the next control that is moved, and let it move what is wanted."""

    def end(self, surface: str) -> None:
        """End waiting for a control."""

    async def change_kind(self, surface: str, control: str, kind: str) -> dict[str, Any]:
        """Change the kind of a control; return its surface."""

    async def delete(self, surface: str, control: str) -> dict[str, Any]:
        """Delete a control; return its surface."""

    async def undo(self, surface: str) -> dict[str, Any]:
        """Take the last change of a map back; return its surface."""


@dataclass(frozen=True)
class Handlers:
    """Handlers of the surfaces' routes. `learning` is None where there are no surfaces."""

    learning: Learning | None

    @Route("GET", "/surfaces", roles=CREW, answer=Answer(bodies.Surfaces, "All of them"))
    async def surfaces(self) -> Response:
        """Control surfaces, with the controls of those that have a map."""
        learning = self.learning
        return answer({"surfaces": learning.surfaces(), "orders": learning.orders()} if learning else NONE)

    @Route(
        "POST",
        "/surfaces/<surface>/learn",
        roles=CREW,
        body=bodies.Wanted,
        answer=Answer(bodies.Control, "The control that was moved", HTTPStatus.CREATED),
        refusals=(
            Code.UNKNOWN,
            Code.UNKNOWN_PATH,
            Code.READ_ONLY,
            Code.BAD_VALUE,
            Code.OFFLINE,
            Code.NOTHING,
            Code.NOT_KEPT,
        ),
    )
    async def learn(self, surface: Name) -> Response:
        """Wait, up to half a minute, for the next control that is moved, and let it move something."""
        wanted = _wanted(await json_body())
        return answer(await self._learning.learn(surface, wanted), HTTPStatus.CREATED)

    @Route(
        "DELETE",
        "/surfaces/<surface>/learn",
        roles=CREW,
        answer=Answer(Empty, "Ended"),
        refusals=(Code.UNKNOWN,),
    )
    async def end_learning(self, surface: Name) -> Response:
        """End waiting for a control."""
        self._learning.end(surface)
        return answer({})

    @Route(
        "PUT",
        "/surfaces/<surface>/controls/<control>",
        roles=CREW,
        body=bodies.Kind,
        answer=Answer(bodies.Surface, "The surface now"),
        refusals=(Code.UNKNOWN, Code.BAD_VALUE, Code.NOT_KEPT),
    )
    async def change_control(self, surface: Name, control: Id) -> Response:
        """Change the kind of a control."""
        kind = typed(await json_body(), "kind", str, MOST_TEXT)
        return answer(await self._learning.change_kind(surface, control, kind))

    @Route(
        "DELETE",
        "/surfaces/<surface>/controls/<control>",
        roles=CREW,
        answer=Answer(bodies.Surface, "The surface now"),
        refusals=(Code.UNKNOWN, Code.NOT_KEPT),
    )
    async def delete_control(self, surface: Name, control: Id) -> Response:
        """Delete a control from the map."""
        return answer(await self._learning.delete(surface, control))

    @Route(
        "POST",
        "/surfaces/<surface>/undo",
        roles=CREW,
        body=Empty,
        answer=Answer(bodies.Surface, "The surface now"),
        refusals=(Code.UNKNOWN, Code.NOTHING, Code.NOT_KEPT),
    )
    async def undo_learning(self, surface: Name) -> Response:
        """Take the last change of a map back; its file is as before, to the letter."""
        await json_body()
        return answer(await self._learning.undo(surface))

    @property
    def _learning(self) -> Learning:
        if not self.learning:
            raise Refusal(Code.UNKNOWN, "This mixer has no control surface.")
        return self.learning


def _wanted(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the target in a body; Refusal where it holds anything else."""
    for key, value in body.items():
        if key not in WANTED or type(value) is not WANTED[key] or len(str(value)) > MOST_TEXT:
            raise Refusal(Code.BAD_VALUE, f"Write {', '.join(WANTED)}, as they stand in a map.")
    return dict(body)
