"""Routes of the HTTP API: each is declared on its handler with method, path, roles, body and answers.

Blueprints are built from the declarations alone, the caller's role is checked against them, and `openapi.json` is
generated from them (see `openapi`). A rule under PREFIX without a declaration cannot be registered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import KW_ONLY, dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from quart import Blueprint, Quart, Response
from werkzeug.routing import BaseConverter

from remote_mixer.desk.refusal import Code, Refusal

PREFIX = "/api/v1"
JSON, SVG, CSV, EVENTS = "application/json", "image/svg+xml", "text/csv", "text/event-stream"
_DECLARATION = "__route__"
MOST_DIGITS = 15

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Response]])
RefusalHandler = Callable[[Refusal], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer of a route that succeeds.

    type     type of the body, of which msgspec makes the JSON schema
    meaning  one line for the description
    """

    type: Any
    meaning: str
    status: HTTPStatus = HTTPStatus.OK
    media: str = JSON


@dataclass(frozen=True, slots=True)
class Route:
    """Declaration of a route, and the decorator that puts it on a handler.

    rule      path below PREFIX, with Quart's converters: `/params/<path:path>`; the handler takes its parts
    roles     roles that may call it; the desk and the rooms behind it may refuse more
    body      type of the JSON body, None without one
    query     Struct of the query's parameters, None without any
    refusals  codes of its refusals, beside those of every route (see `openapi`)

    The handler's name is the operation's, and the first line of its docstring is its summary.
    """

    method: str
    rule: str
    _: KW_ONLY
    roles: frozenset[str]
    answer: Answer
    body: Any = None
    query: type | None = None
    refusals: tuple[Code, ...] = ()

    def __call__(self, handler: Handler) -> Handler:
        """Declare a handler as this route."""
        setattr(handler, _DECLARATION, self)
        return handler


def declaration(handler: object) -> Route:
    """Return the declaration of a handler; TypeError without one."""
    found = getattr(handler, _DECLARATION, None)
    if not isinstance(found, Route):
        name = getattr(handler, "__qualname__", handler)
        raise TypeError(f"{name} serves a path under {PREFIX} and has no declaration: decorate it with @Route")
    return found


def declared_in(handlers: type) -> list[tuple[Callable[..., Any], Route]]:
    """Return the handlers of a class with their routes, in order; TypeError for a public method that is none."""
    public = [member for name, member in vars(handlers).items() if callable(member) and not name.startswith("_")]
    return [(member, declaration(member)) for member in public]


def blueprint(handlers: object, on_refusal: RefusalHandler) -> Blueprint:
    """Return the blueprint of an object's handlers; `on_refusal` answers their refusals."""
    kind = type(handlers)
    made = Blueprint(kind.__module__.rpartition(".")[2], kind.__module__, url_prefix=PREFIX)
    made.register_error_handler(Refusal, on_refusal)
    for handler, route in declared_in(kind):
        name = handler.__name__
        made.add_url_rule(route.rule, name, getattr(handlers, name), methods=[route.method])
    return made


class Number(BaseConverter):
    """Number in a path; 0, which nothing has, for what is none: its route answers that there is no such thing."""

    def to_python(self, value: str) -> int:
        """Return the number of up to 15 digits, else 0."""
        return int(value) if value.isdecimal() and len(value) <= MOST_DIGITS else 0


class Site(Quart):
    """Quart app in which a rule under PREFIX has to be declared."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Quart's own
        """Take what Quart takes."""
        super().__init__(*args, **options)
        self.url_map.converters = {**self.url_map.converters, "number": Number}

    def add_url_rule(self, rule: str, endpoint: str | None = None, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Register a rule; TypeError where it lies under PREFIX and its handler has no declaration."""
        if rule.startswith(PREFIX):
            declaration(args[0] if args else options.get("view_func"))
        super().add_url_rule(rule, endpoint, *args, **options)

    def route_at(self, endpoint: str) -> Route | None:
        """Return the declaration of an endpoint, None for one outside the API."""
        return getattr(self.view_functions[endpoint], _DECLARATION, None)
