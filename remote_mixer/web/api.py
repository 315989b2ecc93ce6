"""HTTP API for the desk and its consoles: params, actions, messages and the addresses' QR codes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta
from quart import Response, request

from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause
from remote_mixer.desk.params import Choice, Text, Value
from remote_mixer.desk.readings import control_of
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.fields import typed
from remote_mixer.hub.hub import Hub
from remote_mixer.people.caller import CREW, EVERYBODY, HOSTS, INSIDE, SPEAKERS
from remote_mixer.web import bodies
from remote_mixer.web.answers import answer, json_body, whole_number
from remote_mixer.web.authenticate import caller
from remote_mixer.web.routes import JSON, SVG, Answer, Route

DEFAULT_MESSAGES, MOST_MESSAGES = 50, 200
DESCRIPTION = Path(__file__).with_name("openapi.json")

Links = Callable[[], Sequence[tuple[str, str, str]]]
"""Returns kind, name and state of each control surface and broker."""

Console = Annotated[str, Meta(description="Nickname of the console")]
Action = Annotated[str, Meta(description="One of its layout's actions")]


@dataclass(frozen=True)
class Handlers:
    """Handlers of the desk's routes.

    specs  nickname of each console → its spec, as the options have it
    links  as `Links`
    codes  URL → QR code of the server's own addresses: guests may ask for them, and each takes 7 ms to draw
    """

    hub: Hub
    specs: Mapping[str, str]
    links: Links
    codes: dict[str, str] = field(default_factory=dict)

    @Route("GET", "/health", roles=EVERYBODY, answer=Answer(bodies.Health, "The server runs"))
    async def health(self) -> Response:
        """Server, version and status of the consoles."""
        identity, desk = self.hub.identity, self.hub.desk
        consoles = {layout.name: desk.values[paths.status(layout.name)] for layout in desk.shown}
        server = {"name": identity.name, "version": identity.version, "epoch": desk.epoch, "page": identity.page}
        return answer({**server, "consoles": consoles, "clients": len(self.hub.clients)})

    @Route("GET", "/desk", roles=INSIDE, answer=Answer(bodies.Desk, "Every console's layout and every param's value"))
    async def desk(self) -> Response:
        """Layouts and values of all consoles."""
        desk = self.hub.desk
        consoles = [layout.as_json() for layout in desk.shown]
        return answer({"rev": desk.rev, "consoles": consoles, "values": desk.values})

    @Route(
        "GET",
        "/params/<path:path>",
        roles=INSIDE,
        answer=Answer(bodies.Param, "The value"),
        refusals=(Code.UNKNOWN_PATH,),
    )
    async def get_param(self, path: bodies.Path) -> Response:
        """Value of one control."""
        desk = self.hub.desk
        desk.param(path)
        return answer({"path": path, "value": desk.values[path], "rev": desk.rev})

    @Route(
        "PUT",
        "/params/<path:path>",
        roles=INSIDE,  # the desk checks the caller's rights on the param
        body=bodies.ParamBody,
        answer=Answer(bodies.Param, "The value now"),
        refusals=(Code.BAD_VALUE, Code.LIMIT, Code.UNKNOWN_PATH, Code.READ_ONLY, Code.HELD, Code.OFFLINE),
    )
    async def put_param(self, path: bodies.Path) -> Response:
        """Move one control."""
        body = await json_body()
        if "value" not in body:
            raise Refusal(Code.BAD_FRAME, 'The body has to be {"value": …}.', path)
        desk = self.hub.desk
        rev = desk.set({path: self._value(path, body["value"])}, caller().source, Cause.API)
        return answer({"path": path, "value": desk.values[path], "rev": rev})

    def _value(self, path: str, value: Value) -> Value:
        """Return a param's value; the text of a number or switch, as `−10 dB`, is read as a person types it."""
        param = self.hub.desk.param(path)
        if not isinstance(value, str) or isinstance(param, Text | Choice):
            return value
        try:
            return control_of(self.hub.desk.layouts[paths.console_of(path)], param).value_of(value)
        except ValueError as fault:
            raise Refusal(Code.BAD_VALUE, f"{path}: {fault}", path) from fault

    @Route("GET", "/consoles", roles=HOSTS, answer=Answer(bodies.Consoles, "The consoles' specs"))
    async def consoles(self) -> Response:
        """Consoles of the server, with the addresses that it was given for them."""
        return answer({"consoles": dict(self.specs)})

    @Route("GET", "/links", roles=CREW, answer=Answer(bodies.Links, "Each with its state"))
    async def joined_links(self) -> Response:
        """Control surfaces and the MQTT broker, and how each is."""
        return answer({"links": [{"kind": kind, "name": name, "state": state} for kind, name, state in self.links()]})

    @Route("GET", "/found", roles=HOSTS, answer=Answer(bodies.Found, "Consoles found"))
    async def found(self) -> Response:
        """Consoles that answer on the network now."""
        return answer({"found": await self.hub.around.find()})

    @Route(
        "POST",
        "/consoles/<console>/<action>",
        roles=CREW,  # the desk knows which actions are for the host alone
        body=bodies.Arguments,
        answer=Answer(bodies.Done, "Done"),
        refusals=(Code.BAD_VALUE, Code.UNKNOWN_PATH),
    )
    async def act(self, console: Console, action: Action) -> Response:
        """Run one of a console's actions, as its layout lists them."""
        await self.hub.act(console, action, await json_body(), caller().source)
        return answer({"rev": self.hub.desk.rev})

    @Route(
        "GET",
        "/messages",
        roles=INSIDE,
        query=bodies.MessagesQuery,
        answer=Answer(bodies.Messages, "Up to `limit` messages"),
        refusals=(Code.BAD_VALUE,),
    )
    async def get_messages(self) -> Response:
        """Messages, the newest last."""
        before = whole_number("before", None)
        limit = whole_number("limit", DEFAULT_MESSAGES) or DEFAULT_MESSAGES
        messages = await self.hub.message_store.read(before, min(limit, MOST_MESSAGES))
        return answer({"messages": [message.as_json() for message in messages]})

    @Route(
        "POST",
        "/messages",
        roles=SPEAKERS,
        body=bodies.MessageBody,
        answer=Answer(bodies.Message, "Stored, and sent to everyone", HTTPStatus.CREATED),
        refusals=(Code.BAD_VALUE, Code.TOO_OFTEN, Code.NOT_KEPT),
    )
    async def post_message(self) -> Response:
        """Send a message to everyone."""
        body = await json_body()
        text = typed(body, "text", str, 65536)
        name = typed(body, "name", str, 60) if "name" in body else "API"
        if not text.strip():
            raise Refusal(Code.BAD_VALUE, "An empty message is not sent: write something first.")
        who = caller()
        self.hub.check_broadcast(who)
        message = await self.hub.say(who.source.id, who.name or name, "", text)
        return answer(message.as_json(), HTTPStatus.CREATED)

    @Route(
        "GET",
        "/join.svg",
        roles=INSIDE,
        query=bodies.AddressQuery,
        answer=Answer(str, "The code", media=SVG),
        refusals=(Code.BAD_VALUE,),
    )
    async def join_code(self) -> Response:
        """QR code of one of the server's own addresses."""
        url = request.args.get("url", "")
        if url not in {address["url"] for address in self.hub.around.addresses()}:
            raise Refusal(Code.BAD_VALUE, "A code is drawn for this server's own addresses only.")
        if url not in self.codes:
            self.codes[url] = await asyncio.to_thread(self.hub.around.qr_svg, url)
        return Response(self.codes[url], content_type=SVG)

    @Route("GET", "/openapi.json", roles=EVERYBODY, answer=Answer(dict[str, Any], "OpenAPI 3.1"))
    async def openapi(self) -> Response:
        """Description of this API."""
        return Response(DESCRIPTION.read_bytes(), content_type=JSON)
