"""HTTP API for the decisions of the host: PIN, policy and tokens."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from http import HTTPStatus

from quart import Response

from remote_mixer.desk.announced import Announced
from remote_mixer.desk.policy import Policy
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub.fields import flag, typed
from remote_mixer.people.admission import Admission
from remote_mixer.people.caller import CREW, HOSTS
from remote_mixer.web import decision_bodies as bodies
from remote_mixer.web import people_bodies
from remote_mixer.web.answers import answer, json_body
from remote_mixer.web.bodies import Empty
from remote_mixer.web.routes import Answer, Route

MOST_TYPED = 200
"""Longest text in a field, in characters."""


@dataclass(frozen=True)
class Handlers:
    """Handlers of the routes for the host's decisions."""

    admission: Admission

    @Route("GET", "/pin", roles=CREW, answer=Answer(bodies.Pin, "Six digits, null where it cannot be shown"))
    async def pin(self) -> Response:
        """The PIN."""
        return answer({"pin": self.admission.pin})

    @Route(
        "POST",
        "/pin",
        roles=HOSTS,
        body=Empty,
        answer=Answer(bodies.NewPin, "The new PIN", HTTPStatus.CREATED),
        refusals=(Code.NOT_KEPT,),
    )
    async def new_pin(self) -> Response:
        """Make a new PIN; people who have joined stay."""
        await json_body()
        return answer({"pin": await self.admission.new_pin()}, HTTPStatus.CREATED)

    # Who would come in

    @Route("GET", "/arrivals", roles=HOSTS, answer=Answer(people_bodies.Arrivals, "Both lists"))
    async def arrivals(self) -> Response:
        """Devices that wait to be let in, and addresses with wrong PINs."""
        waiting = [one.as_json() for one in self.admission.waiting_room.waiting()]
        return answer({"waiting": waiting, "guesses": [asdict(one) for one in self.admission.tries.guesses()]})

    @Route(
        "PUT",
        "/waiting/<waiting>",
        roles=HOSTS,
        body=people_bodies.AdmitBody,
        answer=Answer(Empty, "Decided"),
        refusals=(Code.UNKNOWN,),
    )
    async def decide_waiting(self, waiting: str) -> Response:
        """Let a device in that waits, or send it away."""
        room = self.admission.waiting_room
        if flag(await json_body(), "admit"):
            room.admit(waiting)
        else:
            room.remove(waiting)
        return answer({})

    @Route("PUT", "/guesses", roles=HOSTS, body=people_bodies.BlockBody, answer=Answer(Empty, "Decided"))
    async def decide_guesses(self) -> Response:
        """Block an address for an hour, or let it try again."""
        body = await json_body()
        address = typed(body, "address", str, 64)
        if flag(body, "blocked"):
            self.admission.block(address)
        else:
            self.admission.tries.unblock(address)
        return answer({})

    @Route("GET", "/policy", roles=HOSTS, answer=Answer(bodies.Policy, "The whole policy"))
    async def policy(self) -> Response:
        """Decisions on mixes and limits."""
        return answer(self.admission.policy.as_json())

    @Route(
        "PUT",
        "/policy",
        roles=HOSTS,
        body=bodies.Policy,
        answer=Answer(bodies.Policy, "The policy now"),
        refusals=(Code.BAD_VALUE, Code.NOT_KEPT),
    )
    async def decide(self) -> Response:
        """Replace the whole policy; it applies at once."""
        try:
            policy = Policy.of_json(await json_body())
        except ValueError as fault:
            raise Refusal(Code.BAD_VALUE, f"{fault}. Nothing was changed.") from fault
        await self.admission.set_policy(policy)
        return answer(policy.as_json())

    # Home automation

    @Route("GET", "/announced", roles=CREW, answer=Answer(bodies.Announced, "What is ticked"))
    async def announced(self) -> Response:
        """Strips, layers, mixes and scenes that home automation finds by MQTT."""
        return answer(self.admission.announced.as_json())

    @Route(
        "PUT",
        "/announced",
        roles=HOSTS,
        body=bodies.Announced,
        answer=Answer(bodies.Announced, "What is ticked now"),
        refusals=(Code.BAD_VALUE, Code.NOT_KEPT),
    )
    async def announce(self) -> Response:
        """Replace all ticks; they apply at once."""
        try:
            announced = Announced.of_json(await json_body())
        except ValueError as fault:
            raise Refusal(Code.BAD_VALUE, f"{fault}. Nothing was changed.") from fault
        await self.admission.set_announced(announced)
        return answer(announced.as_json())

    @Route("GET", "/tokens", roles=HOSTS, answer=Answer(bodies.Tokens, "All of them"))
    async def tokens(self) -> Response:
        """Tokens with which programs use this API."""
        return answer({"tokens": [one.as_json(self.admission.now.ahead) for one in self.admission.tokens()]})

    @Route(
        "POST",
        "/tokens",
        roles=HOSTS,
        body=bodies.TokenBody,
        answer=Answer(bodies.MadeToken, "Made; the token is shown only now", HTTPStatus.CREATED),
        refusals=(Code.BAD_VALUE, Code.TOO_MANY, Code.NOT_KEPT),
    )
    async def make_token(self) -> Response:
        """Make a token for a program or a shell."""
        body = await json_body()
        name, role = typed(body, "name", str, MOST_TYPED), typed(body, "role", str, MOST_TYPED)
        made, token = await self.admission.make_token(name, role, typed({"mix": ""} | body, "mix", str, MOST_TYPED))
        return answer(made.as_json(self.admission.now.ahead) | {"token": token}, HTTPStatus.CREATED)

    @Route(
        "DELETE",
        "/tokens/<token>",
        roles=HOSTS,
        answer=Answer(Empty, "Removed"),
        refusals=(Code.UNKNOWN, Code.NOT_KEPT),
    )
    async def remove_token(self, token: str) -> Response:
        """Remove a token; it is refused from now on."""
        await self.admission.remove_token(token)
        return answer({})
