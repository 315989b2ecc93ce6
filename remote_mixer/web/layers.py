"""HTTP API for layers: list, make, change, delete."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from msgspec import Meta
from quart import Response

from remote_mixer.desk.refusal import Code
from remote_mixer.hub.layers import LayerDesk
from remote_mixer.people.caller import CREW, INSIDE
from remote_mixer.web import layer_bodies as bodies
from remote_mixer.web.answers import answer, json_body
from remote_mixer.web.authenticate import caller
from remote_mixer.web.bodies import Empty
from remote_mixer.web.routes import Answer, Route

Id = Annotated[str, Meta(description="Id of the layer")]


@dataclass(frozen=True)
class Handlers:
    """Handlers of the layers' routes."""

    desk: LayerDesk

    @Route("GET", "/layers", roles=INSIDE, answer=Answer(bodies.Layers, "Those that the caller may see"))
    async def get_layers(self) -> Response:
        """Layers: the caller's own, and those that the sound crew shares."""
        return answer({"layers": self.desk.list_for(caller())})

    @Route(
        "POST",
        "/layers",
        roles=CREW,
        body=bodies.NewLayer,
        answer=Answer(bodies.Layer, "Made", HTTPStatus.CREATED),
        refusals=(Code.BAD_VALUE, Code.TOO_MANY, Code.NOT_KEPT),
    )
    async def make_layer(self) -> Response:
        """Make a layer; its strips need not be here."""
        made = await self.desk.layers.make(caller(), await json_body())
        return answer(made.as_json(), HTTPStatus.CREATED)

    @Route(
        "PUT",
        "/layers/<layer>",
        roles=CREW,
        body=bodies.ChangedLayer,
        answer=Answer(bodies.Layer, "The layer now"),
        refusals=(Code.UNKNOWN, Code.BAD_VALUE, Code.CHANGED, Code.TOO_MANY, Code.NOT_KEPT),
    )
    async def change_layer(self, layer: Id) -> Response:
        """Change what the body names of a layer; a shared one is changed for everyone."""
        changed = await self.desk.layers.change(caller(), layer, await json_body())
        return answer(changed.as_json())

    @Route(
        "DELETE",
        "/layers/<layer>",
        roles=CREW,
        answer=Answer(Empty, "Deleted"),
        refusals=(Code.UNKNOWN, Code.NOT_KEPT),
    )
    async def delete_layer(self, layer: Id) -> Response:
        """Delete a layer; a shared one is gone for everyone."""
        await self.desk.layers.delete(caller(), layer)
        return answer({})
