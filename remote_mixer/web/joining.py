"""HTTP API for joining and leaving: the caller's own rights, a new session, the end of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from quart import Response, request

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.fields import typed
from remote_mixer.people.caller import CREW, EVERYBODY, Caller
from remote_mixer.people.cookies import COOKIE_SECONDS, DEVICE_SECONDS
from remote_mixer.people.person import Person
from remote_mixer.web.answers import answer, json_body, refused
from remote_mixer.web.authenticate import Authenticator, caller, know_connection
from remote_mixer.web.bodies import Empty
from remote_mixer.web.cookies import DEVICE, cookie_name, keeps_cookies, set_cookie, set_test_cookie
from remote_mixer.web.people_bodies import JoinBody, Me, Ticket, WaitBody
from remote_mixer.web.routes import Answer, Route

MOST_TYPED = 200
"""Longest text in a field that a person types, in characters."""
NO_COOKIES_TEXT = (
    "This browser keeps no cookies, so the mixer cannot let you in: leave the private window, or allow cookies for "
    "this address, then try again."
)


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
        refusals=(
            Code.WRONG_PIN,
            Code.GONE,
            Code.BAD_VALUE,
            Code.TRIES,
            Code.TOO_MANY,
            Code.NOT_KEPT,
            Code.NO_COOKIES,
            Code.WAITING,
        ),
    )
    async def join(self) -> Response:
        """Join by PIN, invitation or waiting room; the cookie that is set lasts 30 days.

        The session is always a new one; a session that this browser had before ends. A browser that brings no cookie
        of ours is refused at first and gets one, which has to come back with the next try.
        """
        body, admission = await json_body(), self.authenticator.admission
        if "Origin" in request.headers and not keeps_cookies(request):  # browsers name it, other programs do not
            return _try_cookies()
        name = typed(body, "name", str, MOST_TYPED)
        if "waiting" in body:
            person, cookie = await admission.enter_from_waiting_room(typed(body, "waiting", str, MOST_TYPED))
        elif "invitation" in body:
            token = typed(body, "invitation", str, MOST_TYPED)
            person, cookie = await admission.enter_by_invitation(name, token, caller().address)
        else:
            pin = typed(body, "pin", str, MOST_TYPED)
            devices = request.cookies.getlist(cookie_name(request, DEVICE))
            person, cookie = await admission.enter_by_pin(name, pin, caller().address, devices)
        know_connection(request)
        await self._end_session()
        response = answer(self._me(_as(person, caller())), HTTPStatus.CREATED)
        set_cookie(response, cookie, COOKIE_SECONDS)
        if person.role in CREW:
            set_cookie(response, admission.new_device(), DEVICE_SECONDS, DEVICE)
        return response

    @Route(
        "POST",
        "/waiting",
        roles=EVERYBODY,
        body=WaitBody,
        answer=Answer(Ticket, "Waits; the host has been asked", HTTPStatus.CREATED),
        refusals=(Code.BAD_VALUE, Code.TRIES, Code.TOO_MANY),
    )
    async def wait(self) -> Response:
        """Ask the host to let this device in as an engineer, without the PIN."""
        name = typed(await json_body(), "name", str, MOST_TYPED)
        waiting, secret = self.authenticator.admission.wait(name, caller().address)
        return answer({"number": waiting.number, "secret": secret}, HTTPStatus.CREATED)

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
        set_cookie(response, "", 0)
        return response

    async def _end_session(self) -> None:
        for cookie in request.cookies.getlist(cookie_name(request)):
            await self.authenticator.admission.leave(cookie)

    def _me(self, who: Caller) -> dict[str, Any]:
        rights = {"role": who.role, "name": who.name, "mix": who.mix, "person": who.person}
        return {**rights, "open": self.authenticator.open, "local": who.local}


def _as(person: Person, who: Caller) -> Caller:
    return replace(who, role=person.role, mix=person.mix, name=person.name, person=person.id, token=None)


def _try_cookies() -> Response:
    """Refuse a browser that shows no cookie, and give it one to show."""
    response = refused(Refusal(Code.NO_COOKIES, NO_COOKIES_TEXT), request.path)
    set_test_cookie(response)
    return response
