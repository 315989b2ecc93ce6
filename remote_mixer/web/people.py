"""HTTP API about people: people with their open pages, invitations, musicians' requests."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from quart import Response

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.times import rfc3339
from remote_mixer.hub.client import Client
from remote_mixer.hub.fields import typed
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.requests import RequestHandler
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import CREW, HOSTS, INSIDE
from remote_mixer.web import people_bodies as bodies
from remote_mixer.web.answers import answer, json_body
from remote_mixer.web.authenticate import caller
from remote_mixer.web.bodies import Empty, TextBody
from remote_mixer.web.routes import SVG, Answer, Route

MOST_TYPED = 200
"""Longest text in a field, in characters."""
MOST_CODE = 300
"""Most characters in a QR code: phones cannot read a larger one from a music stand."""


@dataclass(frozen=True)
class Handlers:
    """Handlers of the routes about people."""

    hub: Hub
    admission: Admission
    handler: RequestHandler

    # People

    @Route("GET", "/people", roles=CREW, answer=Answer(bodies.People, "Everybody"))
    async def people(self) -> Response:
        """People who may come back, with their open pages; and the pages without a person."""
        pages: dict[str | None, list[dict[str, Any]]] = {}
        for client in self.hub.clients:
            pages.setdefault(client.caller.person, []).append(_page(client))
        ahead, people = self.admission.now.ahead, self.admission.people()
        known = [person.as_json(ahead) | {"here": pages.get(person.id, [])} for person in people]
        return answer({"people": known, "pages": pages.get(None, [])})

    @Route(
        "PUT",
        "/people/<person>",
        roles=HOSTS,
        body=bodies.PersonBody,
        answer=Answer(bodies.Person, "The person now"),
        refusals=(Code.UNKNOWN, Code.BAD_VALUE, Code.NOT_KEPT),
    )
    async def change_person(self, person: str) -> Response:
        """Change a person's role, mix or name; open pages follow at once."""
        body = await json_body()
        changes = {key: typed(body, key, str, MOST_TYPED) for key in ("role", "mix", "name") if key in body}
        return answer((await self.admission.change(person, **changes)).as_json(self.admission.now.ahead))

    @Route(
        "DELETE",
        "/people/<person>",
        roles=HOSTS,
        answer=Answer(Empty, "Removed"),
        refusals=(Code.UNKNOWN, Code.NOT_KEPT),
    )
    async def remove_person(self, person: str) -> Response:
        """Remove a person; open pages close at once."""
        await self.admission.remove(person)
        return answer({})

    # Invitations

    @Route("GET", "/invitations", roles=CREW, answer=Answer(bodies.Invitations, "All of them"))
    async def invitations(self) -> Response:
        """Invitations by which somebody can still join."""
        return answer({"invitations": [one.as_json(self.admission.now.ahead) for one in self.admission.invitations()]})

    @Route(
        "POST",
        "/invitations",
        roles=CREW,  # the admission checks the invited role
        body=bodies.InvitationBody,
        answer=Answer(bodies.MadeInvitation, "Made; its token is shown only now", HTTPStatus.CREATED),
        refusals=(Code.BAD_VALUE, Code.TOO_MANY, Code.NOT_KEPT),
    )
    async def invite(self) -> Response:
        """Make an invitation; an engineer can invite musicians and guests only."""
        body, by = await json_body(), caller()
        role = typed(body, "role", str, MOST_TYPED)
        mix = typed({"mix": ""} | body, "mix", str, MOST_TYPED)
        kind = typed({"kind": "once"} | body, "kind", str, MOST_TYPED)
        made, token = await self.admission.invite(role, mix, kind, by=by.name or by.role, by_role=by.role)
        urls = [_join_url(address, token) for address in self.hub.around.addresses()]
        return answer({**made.as_json(self.admission.now.ahead), "token": token, "urls": urls}, HTTPStatus.CREATED)

    @Route(
        "DELETE",
        "/invitations/<invitation>",
        roles=CREW,
        answer=Answer(Empty, "Withdrawn"),
        refusals=(Code.UNKNOWN, Code.NOT_KEPT),
    )
    async def revoke_invitation(self, invitation: str) -> Response:
        """Withdraw an invitation; people who joined by it stay."""
        await self.admission.revoke(invitation, by_role=caller().role)
        return answer({})

    @Route(
        "POST",
        "/qr",
        roles=CREW,
        body=TextBody,
        answer=Answer(str, "The code", media=SVG),
        refusals=(Code.BAD_VALUE,),
    )
    async def draw_code(self) -> Response:
        """QR code of any text.

        The text comes in the body: an invitation or a Wi-Fi password belongs in no log.
        """
        text = typed(await json_body(), "text", str, MOST_CODE)
        if not text:
            raise Refusal(Code.BAD_VALUE, "There is nothing to draw a code of.")
        drawn = await asyncio.to_thread(self.hub.around.qr_svg, text.encode("utf-8", "replace").decode())
        return Response(drawn, content_type=SVG)

    # Requests of musicians

    @Route(
        "GET",
        "/requests",
        roles=INSIDE,  # a musician sees their own
        answer=Answer(bodies.Requests, "Open requests, and those of the last hour"),
    )
    async def requests(self) -> Response:
        """Requests of musicians: all of them for the crew, their own for a musician."""
        return answer({"requests": self.handler.list_for(caller())})

    @Route(
        "POST",
        "/requests",
        roles=INSIDE,  # the desk checks the right to ask
        body=bodies.RequestBody,
        answer=Answer(bodies.Request, "Sent", HTTPStatus.CREATED),
        refusals=(Code.BAD_VALUE, Code.UNKNOWN_PATH, Code.TOO_MANY, Code.NOT_KEPT),
    )
    async def ask_for(self) -> Response:
        """Ask the sound crew for more or less of a control in the caller's own mix."""
        made = await self.handler.ask(caller().source, caller(), await json_body())
        return answer(made.as_json(self.admission.now.ahead), HTTPStatus.CREATED)

    @Route(
        "POST",
        "/requests/<request>",
        roles=CREW,
        body=bodies.AnswerBody,
        answer=Answer(bodies.Request, "Answered"),
        refusals=(
            *(Code.BAD_VALUE, Code.LIMIT, Code.UNKNOWN, Code.UNKNOWN_PATH, Code.READ_ONLY, Code.HELD, Code.CLOSED),
            *(Code.OFFLINE, Code.NOT_KEPT),
        ),
    )
    async def answer_request(self, request: str) -> Response:
        """Answer a request; a grant moves the fader itself."""
        answered = await self.handler.answer(caller().source, request, await json_body())
        return answer(answered.as_json(self.admission.now.ahead))


def _page(client: Client) -> dict[str, Any]:
    """Return the state of one open page."""
    presence = client.presence
    touched = None if presence.touched is None else rfc3339(presence.touched)
    return {"client": client.id, **asdict(presence), "touched": touched}


def _join_url(address: dict[str, str], token: str) -> dict[str, str]:
    """Return the address that opens an invitation; the part behind # is never sent by a browser."""
    return {"interface": address["interface"], "url": f"{address['url']}#join={token}"}
