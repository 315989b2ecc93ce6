"""JSON bodies of requests, and the API's answers and refusals."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Any

from quart import Response, has_request_context, request, websocket
from werkzeug.exceptions import HTTPException

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.web import wire

_CODE_OF_STATUS: dict[int | None, Code] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Code.LIMIT,
    HTTPStatus.NOT_FOUND: Code.UNKNOWN_PATH,
}
TOO_LARGE_TEXT = "This is larger than 1 MiB, the most that one request may bring: a scene of fewer consoles fits."


async def json_body() -> dict[str, Any]:
    """Return the JSON object in the request's body; Refusal for anything else.

    The content type has to be JSON: no form on another site's page can send that.
    """
    if request.mimetype != "application/json":
        text = "The body has to be JSON, sent with Content-Type: application/json."
        raise Refusal(Code.BAD_TYPE, text, request.path)
    body = wire.read(await request.get_data(as_text=False))
    if body is None:
        raise Refusal(Code.BAD_FRAME, "The body has to be a JSON object.")
    return body


def whole_number(name: str, default: int | None) -> int | None:
    """Return a whole number ≥ 0 of the query, `default` without it; Refusal for anything else."""
    text = request.args.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 15):
        raise Refusal(Code.BAD_VALUE, f"“{name}” has to be a whole number.")
    return int(text)


def answer(body: object, status: int = HTTPStatus.OK) -> Response:
    """Return a JSON answer."""
    return Response(wire.dump(body), status, content_type="application/json")


def refused(refusal: Refusal, path: str | None) -> Response:
    """Return the answer for a refusal: code, text and path."""
    response = answer({"code": refusal.code.word, "text": refusal.text, "path": path}, refusal.code.status)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, math.ceil(refusal.retry_after)))
    return response


async def refused_by_desk(refusal: Refusal) -> Response:
    """Return the answer for a refusal with the path that it names itself, if any."""
    return refused(refusal, refusal.path)


async def refused_by_route(refusal: Refusal) -> Response:
    """Return the answer for a refusal with the path that it names, else the route's own; none for a bad body."""
    path = refusal.path or (None if refusal.code is Code.BAD_FRAME else request.path)
    return refused(refusal, path)


def http_fault(fault: HTTPException) -> Response:
    """Return Quart's own refusals (no such page, wrong method, body too large) in the form of the API's."""
    code = _CODE_OF_STATUS.get(fault.code, Code.BAD_FRAME)
    context = request if has_request_context() else websocket
    text = TOO_LARGE_TEXT if code is Code.LIMIT else fault.description or "This cannot be answered."
    response = refused(Refusal(code, text), context.path)
    response.status_code = fault.code or response.status_code
    return response
