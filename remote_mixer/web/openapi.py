"""Generator of `openapi.json` from the declared routes: `python -m remote_mixer.web.openapi` writes the file."""

from __future__ import annotations

import inspect
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from remote_mixer.desk.refusal import Code
from remote_mixer.web import (
    api,
    decisions,
    doctor,
    events,
    groups,
    history,
    joining,
    layers,
    people,
    scenes,
    surfaces,
    takes,
)
from remote_mixer.web.bodies import Error
from remote_mixer.web.routes import JSON, PREFIX, Route, declared_in

PART = r"<(?:\w+:)?(\w+)>"
"""Part of a rule that varies, as `<path:path>`."""
FILE = Path(__file__).with_name("openapi.json")
HANDLERS = (
    api.Handlers,
    events.Handlers,
    history.Handlers,
    groups.Handlers,
    layers.Handlers,
    scenes.Handlers,
    joining.Handlers,
    people.Handlers,
    decisions.Handlers,
    surfaces.Handlers,
    doctor.Handlers,
    takes.Handlers,
)
ROUTES = tuple(chain.from_iterable(map(declared_in, HANDLERS)))
REFUSALS = {
    Code.BAD_FRAME: "The body is not a JSON object, or a field is missing or of the wrong type",
    Code.PROTOCOL: "This version of the protocol is not spoken",
    Code.BAD_TYPE: "The body is not sent as application/json",
    Code.BAD_VALUE: "A value is not allowed",
    Code.UNKNOWN_PATH: "No such control or console",
    Code.READ_ONLY: "A reading, which cannot be set",
    Code.FORBIDDEN: "Not allowed for this role, or the request's Host or Origin is not the mixer's own",
    Code.HELD: "Somebody else holds this control",
    Code.OFFLINE: "The console or surface is offline",
    Code.LIMIT: "The value is above a limit",
    Code.TOO_OFTEN: "Too often: wait a few seconds",
    Code.NOT_KEPT: "The disk is full or cannot be written",
    Code.TOO_MANY: "Too many people, invitations, tokens, requests, scenes or layers",
    Code.WRONG_PIN: "The PIN is wrong",
    Code.NO_COOKIES: "A browser that did not bring our cookie back; the answer sets it for the next try",
    Code.TRIES: "Too many wrong PINs: Retry-After says how long to wait",
    Code.WAITING: "The host has not answered yet: Retry-After says when to ask again",
    Code.GONE: "The invitation was used, has ended, was withdrawn or never existed",
    Code.UNKNOWN: "No such person, invitation, token, request, scene, layer, surface or control of one",
    Code.CLOSED: "The request was answered already",
    Code.NOTHING: "There is nothing to undo, redo or recall, or no control was moved",
    Code.CHANGED: "Others have changed it since; where a body takes `force`, that goes on anyway",
}
"""Code → its meaning in the description."""
BODY_REFUSALS = (Code.BAD_FRAME, Code.BAD_TYPE)
NOT_JOINED = (HTTPStatus.UNAUTHORIZED, "`forbidden`: The caller has not joined, or the token is not known")
TOO_LARGE = (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "`limit`: The body is larger than 1 MiB")
RETRY_AFTER = {"Retry-After": {"description": "Seconds to wait, where known", "schema": {"type": "integer"}}}
HEADERS = {HTTPStatus.TOO_MANY_REQUESTS: {"headers": RETRY_AFTER}}
ABOUT = """The same checks as on the page's WebSocket, for scripts and shells. A request from the mixer's own computer \
is the host's, unless that is switched off; others send a token or a person's cookie. No CORS header is ever sent; \
a request whose Host or Origin is not the mixer's own is refused."""
TOKEN_SCHEME = {"type": "http", "scheme": "bearer", "description": "Made with `remote-mixer token`; it carries a role"}


Form = dict[str, Any]
SchemaOf = Callable[[Any], Form]


def description() -> Form:
    """Return the OpenAPI 3.1 description of all routes."""
    schema_of, components = _schemas()
    paths: dict[str, Form] = defaultdict(dict)
    for handler, route in ROUTES:
        path = re.sub(PART, r"{\1}", route.rule)
        paths[path][route.method.lower()] = _operation(handler, route, schema_of)
    license_ = {"name": "MIT", "identifier": "MIT"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Remote Mixer", "version": "1", "license": license_, "description": ABOUT},
        "servers": [{"url": PREFIX}],
        "paths": dict(paths),
        "components": {"schemas": components, "securitySchemes": {"token": TOKEN_SCHEME}},
        "security": [{}, {"token": []}],
    }


def _schemas() -> tuple[SchemaOf, Form]:
    """Return the function from a declared type to its schema, and the schemas that such a one refers to."""
    types = [Error, *(route.answer.type for _, route in ROUTES), *(route.body for _, route in ROUTES if route.body)]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    return lambda type_: schemas[types.index(type_)], components


def _operation(handler: Callable[..., Any], route: Route, schema_of: SchemaOf) -> Form:
    summary = (inspect.getdoc(handler) or "").partition("\n")[0].removesuffix(".")
    operation: Form = {"operationId": _camel_case(handler.__name__), "summary": summary}
    if parameters := [*_path_parameters(handler, route), *_query_parameters(route)]:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": {JSON: {"schema": schema_of(route.body)}}}
    content = {route.answer.media: {"schema": schema_of(route.answer.type)}}
    answer = {str(route.answer.status.value): {"description": route.answer.meaning, "content": content}}
    return {**operation, "responses": answer | _refusals(route, schema_of(Error))}


def _camel_case(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def _path_parameters(handler: Callable[..., Any], route: Route) -> list[Form]:
    """Return the varying parts of the path, with the types of the handler's arguments."""
    hints = get_type_hints(handler, include_extras=True)
    schemas = {name: msgspec.json.schema(hints[name]) for name in re.findall(PART, route.rule)}
    return [{"name": name, "in": "path", "required": True, **_split(schema)} for name, schema in schemas.items()]


def _query_parameters(route: Route) -> list[Form]:
    if route.query is None:
        return []
    form = msgspec.json.schema(route.query)["$defs"][route.query.__name__]
    required = {name: {"required": True} for name in form["required"]}
    return [
        {"name": name, "in": "query", **required.get(name, {}), **_split(schema)}
        for name, schema in form["properties"].items()
    ]


def _split(schema: Mapping[str, Any]) -> Form:
    """Return a parameter's description, and its schema without it."""
    rest = {key: value for key, value in schema.items() if key != "description"}
    return {key: schema[key] for key in ("description",) if key in schema} | {"schema": rest}


def _refusals(route: Route, error: Form) -> Form:
    """Return the refusals of a route by status; several codes of one status share a description."""
    codes = [Code.FORBIDDEN, *(BODY_REFUSALS if route.body is not None else ()), *route.refusals]
    found = [NOT_JOINED, *((code.status, f"`{code.word}`: {REFUSALS[code]}") for code in codes)]
    meanings: dict[HTTPStatus, list[str]] = defaultdict(list)
    for status, meaning in [*found, *([TOO_LARGE] if route.body is not None else [])]:
        meanings[status].append(meaning)
    content = {JSON: {"schema": error}}
    return {
        str(status.value): {"description": "; ".join(texts), "content": content, **HEADERS.get(status, {})}
        for status, texts in sorted(meanings.items())
    }


def text() -> str:
    """Return the description as the file holds it."""
    return json.dumps(description(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
