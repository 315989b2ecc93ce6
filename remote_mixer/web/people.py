"""The API's part about people: who is here, invitations, the PIN, what is decided, tokens, and requests."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from quart import Blueprint, Response

from remote_mixer.desk.policy import Policy
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.client import Client
from remote_mixer.hub.fields import typed
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.requests import RequestHandler
from remote_mixer.people.admission import Admission
from remote_mixer.people.identifiers import rfc3339
from remote_mixer.web.api import answer, json_body, of_route
from remote_mixer.web.authenticate import PREFIX, caller

MOST_TYPED = 200
MOST_CODE = 300
"""Characters in a QR code: more of them no phone reads from a music stand."""


def blueprint(hub: Hub, admission: Admission, handler: RequestHandler) -> Blueprint:
    """Return the routes; who may call which stands in `gate.ROUTES`."""
    api = Blueprint("people", __name__, url_prefix=PREFIX)
    api.register_error_handler(Refusal, of_route)
    calls = _Calls(hub, admission, handler)
    api.get("/people")(calls.people)
    api.put("/people/<person>")(calls.change)
    api.delete("/people/<person>")(calls.remove)
    api.get("/invitations")(calls.invitations)
    api.post("/invitations")(calls.invite)
    api.delete("/invitations/<invitation>")(calls.revoke)
    api.post("/qr")(calls.code)
    api.get("/pin")(calls.pin)
    api.post("/pin")(calls.new_pin)
    api.get("/policy")(calls.policy)
    api.put("/policy")(calls.decide)
    api.get("/tokens")(calls.tokens)
    api.post("/tokens")(calls.make_token)
    api.delete("/tokens/<token>")(calls.remove_token)
    api.get("/requests")(calls.requests)
    api.post("/requests")(calls.ask)
    api.post("/requests/<request>")(calls.answer_request)
    return api


@dataclass(frozen=True)
class _Calls:
    hub: Hub
    admission: Admission
    handler: RequestHandler

    # Who is here

    async def people(self) -> Response:
        """Answer with all people and their open pages, and the pages of callers who are not known by name."""
        pages: dict[str | None, list[dict[str, Any]]] = {}
        for client in self.hub.clients:
            pages.setdefault(client.caller.person, []).append(_page(client))
        known = [person.as_json() | {"here": pages.get(person.id, [])} for person in self.admission.people()]
        return answer({"people": known, "pages": pages.get(None, [])})

    async def change(self, person: str) -> Response:
        body = await json_body()
        wished = {key: typed(body, key, str, MOST_TYPED) for key in ("role", "mix", "name") if key in body}
        return answer((await self.admission.change(person, **wished)).as_json())

    async def remove(self, person: str) -> Response:
        await self.admission.remove(person)
        return answer({})

    # Invitations

    async def invitations(self) -> Response:
        return answer({"invitations": [one.as_json() for one in self.admission.invitations()]})

    async def invite(self) -> Response:
        body, by = await json_body(), caller()
        role = typed(body, "role", str, MOST_TYPED)
        mix = typed({"mix": ""} | body, "mix", str, MOST_TYPED)
        kind = typed({"kind": "once"} | body, "kind", str, MOST_TYPED)
        made, token = await self.admission.invite(role, mix, kind, by=by.name or by.role, by_role=by.role)
        told = {**made.as_json(), "token": token, "urls": [_way(one, token) for one in self.hub.around.addresses()]}
        return answer(told, HTTPStatus.CREATED)

    async def revoke(self, invitation: str) -> Response:
        await self.admission.revoke(invitation, by_role=caller().role)
        return answer({})

    async def code(self) -> Response:
        """Draw a code of any words. They come in the body: an invitation or a Wi-Fi's password belongs in no log."""
        text = typed(await json_body(), "text", str, MOST_CODE)
        if not text:
            raise Refusal(Code.BAD_VALUE, "There is nothing to draw a code of.")
        drawn = await asyncio.to_thread(self.hub.around.qr_svg, text.encode("utf-8", "replace").decode())
        return Response(drawn, content_type="image/svg+xml")

    # What the host decides

    async def pin(self) -> Response:
        return answer({"pin": self.admission.pin})

    async def new_pin(self) -> Response:
        await json_body()
        return answer({"pin": await self.admission.new_pin()}, HTTPStatus.CREATED)

    async def policy(self) -> Response:
        return answer(self.admission.policy.as_json())

    async def decide(self) -> Response:
        try:
            policy = Policy.of_json(await json_body())
        except ValueError as fault:
            raise Refusal(Code.BAD_VALUE, f"{fault}. Nothing was changed.") from fault
        await self.admission.set_policy(policy)
        return answer(policy.as_json())

    async def tokens(self) -> Response:
        return answer({"tokens": [one.as_json() for one in self.admission.tokens()]})

    async def make_token(self) -> Response:
        body = await json_body()
        name, role = typed(body, "name", str, MOST_TYPED), typed(body, "role", str, MOST_TYPED)
        made, token = await self.admission.make_token(name, role, typed({"mix": ""} | body, "mix", str, MOST_TYPED))
        return answer(made.as_json() | {"token": token}, HTTPStatus.CREATED)

    async def remove_token(self, token: str) -> Response:
        await self.admission.remove_token(token)
        return answer({})

    # What musicians ask for

    async def requests(self) -> Response:
        return answer({"requests": self.handler.list_for(caller())})

    async def ask(self) -> Response:
        made = await self.handler.ask(caller().source, caller(), await json_body())
        return answer(made.as_json(), HTTPStatus.CREATED)

    async def answer_request(self, request: str) -> Response:
        answered = await self.handler.answer(caller().source, request, await json_body())
        return answer(answered.as_json())


def _page(client: Client) -> dict[str, Any]:
    """Tell how one open page does."""
    presence = client.presence
    touched = None if presence.touched is None else rfc3339(presence.touched)
    return {"client": client.id, **asdict(presence), "touched": touched}


def _way(address: dict[str, str], token: str) -> dict[str, str]:
    """Tell where an invitation opens: behind the #, what a browser keeps for itself and sends to nobody."""
    return {"interface": address["interface"], "url": f"{address['url']}#join={token}"}
