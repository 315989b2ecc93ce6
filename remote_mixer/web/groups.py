"""HTTP API for the groups of our own console: list, make, delete. The rest of a group is params like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from msgspec import Meta
from quart import Response

from remote_mixer.desk import paths
from remote_mixer.desk.groups import MUTE_GROUP, members_in
from remote_mixer.desk.params import Value
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.sources import Source
from remote_mixer.hub.fields import typed
from remote_mixer.hub.hub import Hub
from remote_mixer.people.caller import CREW, INSIDE
from remote_mixer.web import group_bodies as bodies
from remote_mixer.web.answers import answer, json_body
from remote_mixer.web.authenticate import caller
from remote_mixer.web.bodies import Done, Empty
from remote_mixer.web.routes import Answer, Route

HOUSE = "house"
MEMBERS = "/members"
NO_HOUSE_TEXT = "This server has no groups of its own."
LISTS = ("members", "missing", "behind", "by_position")

Group = Annotated[str, Meta(description="Path of the group, slashes as they are", examples=["house/dca1"])]


@dataclass(frozen=True)
class Handlers:
    """Handlers of the groups' routes."""

    hub: Hub

    @Route("GET", "/groups", roles=INSIDE, answer=Answer(bodies.Groups, "DCAs and mute groups over consoles"))
    async def get_groups(self) -> Response:
        """Groups over consoles, with their members."""
        return answer({"groups": [self._as_json(group) for group in self._groups()]})

    @Route(
        "POST",
        "/groups",
        roles=CREW,
        body=bodies.NewGroup,
        answer=Answer(bodies.Group, "Made", HTTPStatus.CREATED),
        refusals=(Code.BAD_VALUE, Code.UNKNOWN_PATH),
    )
    async def make_group(self) -> Response:
        """Make a group without members."""
        body = await json_body()
        typed(body, "kind", str, 40)
        page = typed({"client": ""} | body, "client", str, 40)
        return await self._made("add", {key: body[key] for key in body if key != "client"}, self._hand(page))

    @Route(
        "DELETE",
        "/groups/<path:group>",
        roles=CREW,
        answer=Answer(Done, "Deleted; its members stay where they are"),
        refusals=(Code.BAD_VALUE, Code.UNKNOWN_PATH),
    )
    async def delete_group(self, group: Group) -> Response:
        """Delete a group that is not muted."""
        return await self._act("remove", group)

    @Route(
        "POST",
        "/groups/<path:group>/restore",
        roles=CREW,
        body=Empty,
        answer=Answer(bodies.Group, "Put back, with its name, color, members and fader", HTTPStatus.CREATED),
        refusals=(Code.BAD_VALUE, Code.UNKNOWN_PATH),
    )
    async def restore_group(self, group: Group) -> Response:
        """Put a deleted group back; its members stay where they are."""
        await json_body()
        return await self._made("restore", {"group": group}, caller().source)

    @Route(
        "POST",
        "/groups/<path:group>/catch_up",
        roles=CREW,
        body=Empty,
        answer=Answer(Done, "Begun: what rises glides"),
        refusals=(Code.BAD_VALUE, Code.UNKNOWN_PATH, Code.HELD, Code.OFFLINE, Code.LIMIT),
    )
    async def catch_up_group(self, group: Group) -> Response:
        """Bring members that were offline to where their group wants them."""
        await json_body()
        return await self._act("catch_up", group)

    def _hand(self, page: str) -> Source:
        """Return the source of the caller's open page, whose undo takes the move back; without one the caller's own."""
        client = self.hub.clients.get(page)
        return client.source if client and client.caller.key == caller().key else caller().source

    async def _made(self, action: str, arguments: Mapping[str, Any], source: Source) -> Response:
        """Run an action that makes a group, and answer with that."""
        before = set(self._groups())
        await self.hub.act(self._house(), action, arguments, source)
        made = next(group for group in self._groups() if group not in before)
        return answer(self._as_json(made), HTTPStatus.CREATED)

    async def _act(self, action: str, group: str) -> Response:
        await self.hub.act(self._house(), action, {"group": group}, caller().source)
        return answer({"rev": self.hub.desk.rev})

    def _house(self) -> str:
        found = (layout.name for layout in self.hub.desk.layouts.values() if layout.driver == HOUSE)
        name = next(found, None)
        if name is None:
            raise Refusal(Code.UNKNOWN_PATH, NO_HOUSE_TEXT)
        return name

    def _groups(self) -> list[str]:
        """Return the paths of all groups, the DCAs first."""
        layout = self.hub.desk.layouts[self._house()]
        own = [local.removesuffix(MEMBERS) for local in layout.params if local.endswith(MEMBERS)]
        return [paths.join(layout.name, local) for local in (*(strip.id for strip in layout.strips), *own)]

    def _as_json(self, group: str) -> dict[str, Any]:
        values = self.hub.desk.values
        is_mutes = paths.parse(group).strip == MUTE_GROUP
        own: dict[str, Value] = {name: values[paths.join(group, name)] for name in ("name", "color")}
        lists = {name: list(members_in(str(values.get(paths.join(group, name)) or ""))) for name in LISTS}
        mute = values[group if is_mutes else paths.join(group, "mute")]
        fader = None if is_mutes else values[paths.join(group, "fader")]
        return {"path": group, "kind": MUTE_GROUP if is_mutes else "dca", **own, "mute": mute, "fader": fader, **lists}
