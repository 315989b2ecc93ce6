"""The way in and out: who am I, let me in, sign me out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from quart import Blueprint, Response, request

from remote_mixer.desk.refusal import Refusal
from remote_mixer.hub.fields import typed
from remote_mixer.people.caller import Caller
from remote_mixer.people.cookies import COOKIE_SECONDS
from remote_mixer.people.person import Person
from remote_mixer.web.api import answer, json_body, of_route
from remote_mixer.web.authenticate import PREFIX, Gate, caller, cookie_name, is_safe

MOST_TYPED = 200


def blueprint(gate: Gate) -> Blueprint:
    """Return the routes for coming in and leaving."""
    ways = Blueprint("joining", __name__, url_prefix=PREFIX)
    ways.register_error_handler(Refusal, of_route)
    calls = _Calls(gate)
    ways.get("/me")(calls.me)
    ways.post("/join")(calls.join)
    ways.post("/leave")(calls.leave)
    return ways


@dataclass(frozen=True)
class _Calls:
    gate: Gate

    async def me(self) -> Response:
        return answer(self._told(caller()))

    async def join(self) -> Response:
        """Let somebody in, always with a new session; one that this browser had before ends."""
        body, admission = await json_body(), self.gate.admission
        name = typed(body, "name", str, MOST_TYPED)
        if "invitation" in body:
            token = typed(body, "invitation", str, MOST_TYPED)
            person, cookie = await admission.enter_by_invitation(name, token, caller().address)
        else:
            pin = typed(body, "pin", str, MOST_TYPED)
            person, cookie = await admission.enter_by_pin(name, pin, caller().address)
        await self._end_session()
        told = answer(self._told(_as(person, caller())), HTTPStatus.CREATED)
        return _with_cookie(told, cookie, COOKIE_SECONDS)

    async def leave(self) -> Response:
        await json_body()
        await self._end_session()
        who = caller()
        nobody = Caller(self.gate.unnamed(local=who.local), local=who.local, address=who.address)
        return _with_cookie(answer(self._told(nobody)), "", 0)

    async def _end_session(self) -> None:
        for cookie in request.cookies.getlist(cookie_name(request)):
            await self.gate.admission.leave(cookie)

    def _told(self, who: Caller) -> dict[str, Any]:
        told = {"role": who.role, "name": who.name, "mix": who.mix, "person": who.person}
        return {**told, "open": self.gate.open, "local": who.local}


def _as(person: Person, who: Caller) -> Caller:
    return replace(who, role=person.role, mix=person.mix, name=person.name, person=person.id, token=None)


def _with_cookie(told: Response, value: str, seconds: int) -> Response:
    """Give a page its cookie, or take it with an age of 0. It goes with requests of our own pages alone."""
    name, safe = cookie_name(request), is_safe(request)
    told.set_cookie(name, value, max_age=seconds, path="/", secure=safe, httponly=True, samesite="Strict")
    return told
