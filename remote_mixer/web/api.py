"""The HTTP API under /api/v1: the same door as the socket, for scripts and shells. `openapi.json` describes it."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from quart import Blueprint, Response, has_request_context, request, websocket
from werkzeug.exceptions import HTTPException

from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.fields import typed
from remote_mixer.hub.hub import Hub
from remote_mixer.web import wire
from remote_mixer.web.authenticate import PREFIX, caller

USUAL_MESSAGES, MOST_MESSAGES = 50, 200
_CODE_OF_STATUS: dict[int | None, Code] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Code.LIMIT,
    HTTPStatus.NOT_FOUND: Code.UNKNOWN_PATH,
}
DESCRIPTION = Path(__file__).with_name("openapi.json")


def answer(body: object, status: int = HTTPStatus.OK) -> Response:
    """Return a JSON answer."""
    return Response(wire.dump(body), status, content_type="application/json")


def refused(refusal: Refusal, path: str | None) -> Response:
    """Return a refusal as the API words it: code, text, path."""
    told = answer({"code": refusal.code.word, "text": refusal.text, "path": path}, refusal.code.status)
    if refusal.retry_after is not None:
        told.headers["Retry-After"] = str(max(1, math.ceil(refusal.retry_after)))
    return told


async def of_desk(refusal: Refusal) -> Response:
    """Answer a refusal with the path that it concerns."""
    return refused(refusal, refusal.path)


async def of_route(refusal: Refusal) -> Response:
    """Answer a refusal that concerns no param with the route's own path, unless the body itself was not understood."""
    named = refusal.path or (None if refusal.code is Code.BAD_FRAME else request.path)
    return refused(refusal, named)


def blueprint(hub: Hub) -> Blueprint:
    """Return the API's routes."""
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    calls = _Calls(hub)
    api.get("/health")(calls.health)
    api.get("/desk")(calls.desk)
    api.get("/params/<path:path>")(calls.get_param)
    api.put("/params/<path:path>")(calls.put_param)
    api.get("/found")(calls.found)
    api.post("/consoles/<console>/<action>")(calls.act)
    api.get("/messages")(calls.get_messages)
    api.post("/messages")(calls.post_message)
    api.get("/join.svg")(calls.join_svg)
    api.get("/openapi.json")(calls.openapi)
    return api


def http_fault(fault: HTTPException) -> Response:
    """Word what Quart itself refuses (no such page, wrong method, too large) as the API words its errors."""
    code = _CODE_OF_STATUS.get(fault.code, Code.BAD_FRAME)
    asked = request if has_request_context() else websocket
    told = refused(Refusal(code, fault.description or "This cannot be answered."), asked.path)
    told.status_code = fault.code or told.status_code
    return told


@dataclass(frozen=True)
class _Calls:
    """The routes. `codes` are those of our own addresses, by URL: guests may ask for them, and each costs 7 ms."""

    hub: Hub
    codes: dict[str, str] = field(default_factory=dict)

    async def health(self) -> Response:
        identity, desk = self.hub.identity, self.hub.desk
        consoles = {layout.name: desk.values[paths.status(layout.name)] for layout in desk.shown}
        server = {"name": identity.name, "version": identity.version, "epoch": desk.epoch, "page": identity.page}
        return answer({**server, "consoles": consoles, "clients": len(self.hub.clients)})

    async def desk(self) -> Response:
        desk = self.hub.desk
        consoles = [layout.as_json() for layout in desk.shown]
        return answer({"rev": desk.rev, "consoles": consoles, "values": desk.values})

    async def get_param(self, path: str) -> Response:
        desk = self.hub.desk
        desk.param(path)
        return answer({"path": path, "value": desk.values[path], "rev": desk.rev})

    async def put_param(self, path: str) -> Response:
        body = await json_body()
        if "value" not in body:
            raise Refusal(Code.BAD_FRAME, 'The body has to be {"value": …}.', path)
        desk = self.hub.desk
        rev = desk.set({path: body["value"]}, caller().source, Cause.API)
        return answer({"path": path, "value": desk.values[path], "rev": rev})

    async def found(self) -> Response:
        return answer({"found": await self.hub.around.find()})

    async def act(self, console: str, action: str) -> Response:
        await self.hub.act(console, action, await json_body(), caller().source)
        return answer({"rev": self.hub.desk.rev})

    async def get_messages(self) -> Response:
        before = _whole("before", None)
        limit = _whole("limit", USUAL_MESSAGES) or USUAL_MESSAGES
        messages = await self.hub.message_store.read(before, min(limit, MOST_MESSAGES))
        return answer({"messages": [message.as_json() for message in messages]})

    async def post_message(self) -> Response:
        body = await json_body()
        text = typed(body, "text", str, 65536)
        name = typed(body, "name", str, 60) if "name" in body else "API"
        if not text.strip():
            raise Refusal(Code.BAD_VALUE, "An empty message is not sent: write something first.")
        who = caller()
        self.hub.check_broadcast(who)
        message = await self.hub.say(who.source.id, who.name or name, "", text)
        return answer(message.as_json(), HTTPStatus.CREATED)

    async def join_svg(self) -> Response:
        url = request.args.get("url", "")
        if url not in {address["url"] for address in self.hub.around.addresses()}:
            raise Refusal(Code.BAD_VALUE, "A code is drawn for this server's own addresses only.")
        if url not in self.codes:
            self.codes[url] = await asyncio.to_thread(self.hub.around.qr_svg, url)
        return Response(self.codes[url], content_type="image/svg+xml")

    async def openapi(self) -> Response:
        return Response(DESCRIPTION.read_bytes(), content_type="application/json")


async def json_body() -> dict[str, Any]:
    """Return the JSON object in the body of a request that says it is one: no form of another site's page can."""
    if request.mimetype != "application/json":
        text = "The body has to be JSON, sent with Content-Type: application/json."
        raise Refusal(Code.BAD_TYPE, text, request.path)
    body = wire.read(await request.get_data(as_text=False))
    if body is None:
        raise Refusal(Code.BAD_FRAME, "The body has to be a JSON object.")
    return body


def _whole(name: str, usual: int | None) -> int | None:
    """Return a whole number of the query, not negative."""
    text = request.args.get(name)
    if text is None:
        return usual
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Refusal(Code.BAD_VALUE, f"“{name}” has to be a whole number.")
    return int(text)
