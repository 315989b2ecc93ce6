"""HTTP API for joining and leaving: the caller's own rights, a new session, the end of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from quart import Response, request

from remote_mixer.desk.refusal import Code
from remote_mixer.hub.fields import typed
from remote_mixer.people.caller import CREW, EVERYBODY, Caller
from remote_mixer.people.cookies import COOKIE_SECONDS, DEVICE_SECONDS
from remote_mixer.people.person import Person
from remote_mixer.web.answers import answer, json_body
from remote_mixer.web.authenticate import Authenticator, caller, cookie_name, is_safe, know_connection
from remote_mixer.web.bodies import Empty
from remote_mixer.web.people_bodies import JoinBody, Me
from remote_mixer.web.routes import Answer, Route

MOST_TYPED = 200
"""Longest text in a field that a person types, in characters."""
DEVICE = "device-"
"""Kind of the cookie by which a device of the sound crew is known after its session."""


@dataclass(frozen=True)
class Handlers:
    """Handlers of the routes for joining and leaving."""

    authenticator: Authenticator

    @Route("GET", "/me", roles=EVERYBODY, answer=Answer(Me, "The caller, also one who has not joined"))
    async def me(self) -> Response:
        """Role and rights of the caller."""
        return answer(self._me(caller()))

    @Route(
        "POST",
        "/join",
        roles=EVERYBODY,
        body=JoinBody,
        answer=Answer(Me, "Joined, with a new session", HTTPStatus.CREATED),
        refusals=(Code.WRONG_PIN, Code.GONE, Code.BAD_VALUE, Code.TRIES, Code.TOO_MANY, Code.NOT_KEPT),
    )
    async def join(self) -> Response:
        """Join by PIN or invitation; the cookie that is set lasts 30 days.

        The session is always a new one; a session that this browser had before ends.
        """
        body, admission = await json_body(), self.authenticator.admission
        name = typed(body, "name", str, MOST_TYPED)
        if "invitation" in body:
            token = typed(body, "invitation", str, MOST_TYPED)
            person, cookie = await admission.enter_by_invitation(name, token, caller().address)
        else:
            pin = typed(body, "pin", str, MOST_TYPED)
            devices = request.cookies.getlist(cookie_name(request, DEVICE))
            person, cookie = await admission.enter_by_pin(name, pin, caller().address, devices)
        know_connection(request)
        await self._end_session()
        response = answer(self._me(_as(person, caller())), HTTPStatus.CREATED)
        _set_cookie(response, cookie, COOKIE_SECONDS)
        if person.role in CREW:
            _set_cookie(response, admission.new_device(), DEVICE_SECONDS, DEVICE)
        return response

    @Route(
        "POST",
        "/leave",
        roles=EVERYBODY,
        body=Empty,
        answer=Answer(Me, "The caller, now without the person"),
        refusals=(Code.NOT_KEPT,),
    )
    async def leave(self) -> Response:
        """Sign out: the cookie is deleted, and this person's pages close."""
        await json_body()
        await self._end_session()
        who = caller()
        nobody = Caller(self.authenticator.unnamed(local=who.local), local=who.local, address=who.address)
        response = answer(self._me(nobody))
        _set_cookie(response, "", 0)
        return response

    async def _end_session(self) -> None:
        for cookie in request.cookies.getlist(cookie_name(request)):
            await self.authenticator.admission.leave(cookie)

    def _me(self, who: Caller) -> dict[str, Any]:
        rights = {"role": who.role, "name": who.name, "mix": who.mix, "person": who.person}
        return {**rights, "open": self.authenticator.open, "local": who.local}


def _as(person: Person, who: Caller) -> Caller:
    return replace(who, role=person.role, mix=person.mix, name=person.name, person=person.id, token=None)


def _set_cookie(response: Response, value: str, seconds: int, kind: str = "") -> None:
    """Set the session's or another cookie; an age of 0 deletes it. Only our own pages' requests carry it."""
    name, safe = cookie_name(request, kind), is_safe(request)
    response.set_cookie(name, value, max_age=seconds, path="/", secure=safe, httponly=True, samesite="Strict")
