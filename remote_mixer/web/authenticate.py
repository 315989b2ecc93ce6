"""Who asks: decided once for every request and every link, before any route runs; and what each role may call.

A token says it, or a cookie; a hand on this computer itself is the host's; everybody else is a stranger. What a proxy
says of the far end is never believed: that a proxy speaks at all only takes trust away, for behind it anybody may sit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from quart import Quart, Response, g, request, websocket
from quart.wrappers import Request, Websocket

from remote_mixer.desk.policy import ENGINEER, HOST
from remote_mixer.lan import is_loopback
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import CREW, EVERYBODY, HOSTS, INSIDE, SPEAKERS, STRANGER, Caller, refusal_text
from remote_mixer.people.person import Person, Token
from remote_mixer.web import same_origin

PREFIX = "/api/v1"
TOKEN_TEXT = "This token is not known here, or has been revoked: ask the host for a new one."  # noqa: S105 - words

ROUTES: Mapping[str, frozenset[str]] = {
    "GET /health": EVERYBODY,
    "GET /openapi.json": EVERYBODY,
    "GET /me": EVERYBODY,
    "POST /join": EVERYBODY,
    "POST /leave": EVERYBODY,
    "GET /desk": INSIDE,
    "GET /params/<path:path>": INSIDE,
    "PUT /params/<path:path>": INSIDE,  # the desk knows which
    "GET /found": HOSTS,
    "POST /consoles/<console>/<action>": CREW,  # the desk knows which are the host's
    "GET /messages": INSIDE,
    "POST /messages": SPEAKERS,
    "GET /join.svg": INSIDE,
    "GET /people": CREW,
    "PUT /people/<person>": HOSTS,
    "DELETE /people/<person>": HOSTS,
    "GET /invitations": CREW,
    "POST /invitations": CREW,  # the admission knows for which roles
    "DELETE /invitations/<invitation>": CREW,
    "POST /qr": CREW,
    "GET /pin": CREW,
    "POST /pin": HOSTS,
    "GET /policy": HOSTS,
    "PUT /policy": HOSTS,
    "GET /tokens": HOSTS,
    "POST /tokens": HOSTS,
    "DELETE /tokens/<token>": HOSTS,
    "GET /requests": INSIDE,  # each their own
    "POST /requests": INSIDE,  # the desk knows who may, and for what
    "POST /requests/<request>": CREW,
}
"""Which roles may call what of the API. What does not stand here is the host's alone."""

BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Gate:
    """The one gate of a server. With `open`, who would be a stranger is an engineer."""

    admission: Admission
    open: bool = False
    trust_local: bool = True

    def caller(self, asked: Request | Websocket) -> Caller:
        """Return who asks; LookupError where a token is shown that opens nothing."""
        address = peer(asked)
        local = self.trust_local and _is_local(asked, address)
        if token := self._token(asked):
            return Caller(token.role, token.mix, token.name, None, token.id, local, address)
        if person := self._person(asked):
            return Caller(person.role, person.mix, person.name, person.id, None, local, address)
        return Caller(self.unnamed(local=local), local=local, address=address)

    def unnamed(self, *, local: bool) -> str:
        """Return the role of somebody without token and cookie."""
        if local:
            return HOST
        return ENGINEER if self.open else STRANGER

    def _token(self, asked: Request | Websocket) -> Token | None:
        shown = [header.split() for header in asked.headers.getlist("Authorization")]
        bearers = [words for words in shown if words and words[0].lower() == "bearer"]
        if not bearers:
            return None
        token = self.admission.of_token(bearers[0][1]) if len(bearers) == 1 and len(bearers[0]) == 2 else None
        if token is None:
            raise LookupError(TOKEN_TEXT)
        return token

    def _person(self, asked: Request | Websocket) -> Person | None:
        values = asked.cookies.getlist(cookie_name(asked))
        return next((person for value in values if (person := self.admission.of_cookie(value))), None)


def caller() -> Caller:
    """Return who asks, in any route."""
    return cast("Caller", g.caller)


def cookie_name(asked: Request | Websocket) -> str:
    """Return what our cookie is called on this road: cookies know no ports, so the name does."""
    _, port = asked.scope["server"] or ("", 0)
    name = f"remote-mixer-{port}"
    return f"__Host-{name}" if is_safe(asked) else name


def is_safe(asked: Request | Websocket) -> bool:
    """Tell https from http, by our own end of the connection."""
    return asked.scope["scheme"] in {"https", "wss"}


def peer(asked: Request | Websocket) -> str:
    """Return the address at the far end of the connection, whatever a header says."""
    client = asked.scope.get("client")
    return str(client[0]) if client else ""


def install(app: Quart, gate: Gate) -> None:
    """Decide who asks before any route runs, and refuse with 401 or 403 who may not."""

    @app.before_request
    async def check_request() -> Response | None:
        return _decide(gate) or (await _decide_again(gate) if request.method not in BODILESS else None)

    @app.before_websocket
    async def check_websocket() -> Response | None:
        return _name(gate, websocket)


def _decide(gate: Gate) -> Response | None:
    return _name(gate, request) or _refuse(caller(), request)


async def _decide_again(gate: Gate) -> Response | None:
    """Decide by what holds when the body is here: somebody may be removed while they send it slowly."""
    await request.get_data()
    return _decide(gate)


def _name(gate: Gate, asked: Request | Websocket) -> Response | None:
    try:
        g.caller = gate.caller(asked)
    except LookupError as fault:
        return _refusal(HTTPStatus.UNAUTHORIZED, str(fault), asked.path)
    return None


def _refuse(who: Caller, asked: Request) -> Response | None:
    allowed = allowed_at(asked)
    if who.role in allowed:
        return None
    status = HTTPStatus.UNAUTHORIZED if who.role == STRANGER else HTTPStatus.FORBIDDEN
    return _refusal(status, refusal_text(who.role, allowed), asked.path)


def allowed_at(asked: Request) -> frozenset[str]:
    """Return which roles may have this answered; the page's files are for everybody."""
    rule = asked.url_rule.rule if asked.url_rule else ""
    if rule.startswith(PREFIX):
        method = "GET" if asked.method == "HEAD" else asked.method
        return ROUTES.get(f"{method} {rule.removeprefix(PREFIX)}", HOSTS)
    return INSIDE if asked.path.startswith(PREFIX) else EVERYBODY


def _refusal(status: HTTPStatus, text: str, path: str) -> Response:
    body = json.dumps({"code": "forbidden", "text": text, "path": path}, ensure_ascii=False)
    answer = Response(body, status, content_type="application/json")
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _is_local(asked: Request | Websocket, address: str) -> bool:
    """Tell whether a hand on this computer asks, with nothing in between.

    The name it asks for has to be this computer's innermost as well: other names of ours can be given, on a network,
    to a page of somebody else's first and to this computer then.
    """
    innermost = is_loopback(address) and same_origin.host_is_loopback(asked.headers.get("Host", ""))
    return innermost and same_origin.site_is_own(asked) and not same_origin.came_by_proxy(asked)
