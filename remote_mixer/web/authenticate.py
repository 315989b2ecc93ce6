"""Authentication: the caller of every request and link is named, and checked against the route's roles, first.

A token comes before a cookie; without either, a page on this computer is the host's, and everybody else is a stranger.
A proxy's headers about the far end are never believed. Their presence only takes trust away: anybody may be behind it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from quart import Response, g, request, websocket
from quart.wrappers import Request, Websocket

from remote_mixer.desk.policy import ENGINEER, HOST
from remote_mixer.lan import is_loopback, place_here
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import EVERYBODY, HOSTS, INSIDE, STRANGER, Caller, refusal_text
from remote_mixer.people.person import Person, Token
from remote_mixer.web import same_origin
from remote_mixer.web.cookies import cookie_name
from remote_mixer.web.places import PLACE_KEY, Place
from remote_mixer.web.routes import PREFIX, Site

TOKEN_TEXT = "This token is not known here, or has been revoked: ask the host for a new one."  # noqa: S105 - words
LOCAL_SCHEME = "local"
"""Scheme of Authorization by which a shell proves that it can read the data folder."""
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Authenticator:
    """Names the caller of a request.

    open         strangers are engineers
    trust_local  a page on this computer is the host's
    """

    admission: Admission
    open: bool = False
    trust_local: bool = True

    def caller(self, incoming: Request | Websocket) -> Caller:
        """Return the caller; LookupError for a token that is not known."""
        address = peer(incoming)
        local = (self.trust_local and _is_local(incoming, address)) or self._is_proven(incoming, address)
        if token := self._token(incoming):
            return Caller(token.role, token.mix, token.name, None, token.id, local, address)
        if person := self._person(incoming):
            return Caller(person.role, person.mix, person.name, person.id, None, local, address)
        return Caller(self.unnamed(local=local), local=local, address=address)

    def unnamed(self, *, local: bool) -> str:
        """Return the role of a caller without token and cookie."""
        if local:
            return HOST
        return ENGINEER if self.open else STRANGER

    def _is_proven(self, incoming: Request | Websocket, address: str) -> bool:
        """Whether a shell on this computer shows that it can read the data folder.

        It may come to an address that the computer has on a network, where both ends of the connection have the same.
        """
        here, port = incoming.scope["server"] or ("", 0)
        scheme, _, proof = incoming.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != LOCAL_SCHEME or not (_is_local(incoming, address) or _is_direct(incoming, address, here)):
            return False
        return self.admission.is_local_proof(proof, place_here(here, port or 0))

    def _token(self, incoming: Request | Websocket) -> Token | None:
        headers = [header.split() for header in incoming.headers.getlist("Authorization")]
        bearers = [words for words in headers if words and words[0].lower() == "bearer"]
        if not bearers:
            return None
        token = self.admission.of_token(bearers[0][1]) if len(bearers) == 1 and len(bearers[0]) == 2 else None
        if token is None:
            raise LookupError(TOKEN_TEXT)
        return token

    def _person(self, incoming: Request | Websocket) -> Person | None:
        values = incoming.cookies.getlist(cookie_name(incoming))
        return next((person for value in values if (person := self.admission.of_cookie(value))), None)


def caller() -> Caller:
    """Return the caller of the present request."""
    return cast("Caller", g.caller)


def peer(incoming: Request | Websocket) -> str:
    """Return the IP address at the far end of the connection; headers do not count."""
    client = incoming.scope.get("client")
    return str(client[0]) if client else ""


def install(app: Site, authenticator: Authenticator) -> None:
    """Name the caller before any route runs, and answer 401 or 403 where the role is not allowed."""

    @app.before_request
    async def check_request() -> Response | None:
        refusal = _check(app, authenticator) or await _check_again(app, authenticator)
        return refusal or _recognised(request)

    @app.before_websocket
    async def check_websocket() -> Response | None:
        return _name(authenticator, websocket) or _recognised(websocket)


def _check(app: Site, authenticator: Authenticator) -> Response | None:
    return _name(authenticator, request) or _check_role(caller(), allowed_at(app, request))


async def _check_again(app: Site, authenticator: Authenticator) -> Response | None:
    """Check again once the body is here: the caller may be removed while sending it slowly."""
    if request.method in BODILESS:
        return None
    await request.get_data()
    return _check(app, authenticator)


def _recognised(incoming: Request | Websocket) -> Response | None:
    """Refuse nothing; the connection of a whole request by somebody whom the server knows gets a reserved place."""
    if caller().role != STRANGER:
        know_connection(incoming)
    return None


def know_connection(incoming: Request | Websocket) -> None:
    """Count the connection of a request as one of a person whom the server knows."""
    place = incoming.scope.get("state", {}).get(PLACE_KEY)
    if isinstance(place, Place):  # none in Quart's test client
        place.know()


def _name(authenticator: Authenticator, incoming: Request | Websocket) -> Response | None:
    try:
        g.caller = authenticator.caller(incoming)
    except LookupError as fault:
        return _refusal(HTTPStatus.UNAUTHORIZED, str(fault), incoming.path)
    return None


def _check_role(who: Caller, allowed: frozenset[str]) -> Response | None:
    if who.role in allowed:
        return None
    status = HTTPStatus.UNAUTHORIZED if who.role == STRANGER else HTTPStatus.FORBIDDEN
    return _refusal(status, refusal_text(who.role, allowed), request.path)


def allowed_at(app: Site, incoming: Request) -> frozenset[str]:
    """Return the roles that may call a route; the page's files are for everybody, unknown paths of the API are not."""
    route = app.route_at(incoming.url_rule.endpoint) if incoming.url_rule else None
    if route:
        method = "GET" if incoming.method == "HEAD" else incoming.method
        return route.roles if method == route.method else HOSTS  # OPTIONS is declared nowhere
    return INSIDE if incoming.path.startswith(PREFIX) else EVERYBODY


def _refusal(status: HTTPStatus, text: str, path: str) -> Response:
    body = json.dumps({"code": "forbidden", "text": text, "path": path}, ensure_ascii=False)
    answer = Response(body, status, content_type="application/json")
    if status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _is_local(incoming: Request | Websocket, address: str) -> bool:
    """Whether a request comes from a page on this computer, with nothing in between.

    The name that it calls has to be a loopback name too. Any other name of ours could be given, on some network,
    to another site's page first and to this computer afterwards.
    """
    is_loopback_only = is_loopback(address) and same_origin.host_is_loopback(incoming.headers.get("Host", ""))
    return is_loopback_only and _is_direct(incoming, address, address)


def _is_direct(incoming: Request | Websocket, address: str, here: str) -> bool:
    """Whether both ends of a connection have one address, and nothing shows that a proxy or another site is between."""
    is_own = address == here and same_origin.site_is_own(incoming)
    return is_own and not same_origin.may_come_by_proxy(incoming)
