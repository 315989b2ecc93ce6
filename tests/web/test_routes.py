"""Routes are declared on their handlers: without a declaration there is none, and openapi.json follows from them."""

from __future__ import annotations

import inspect
import re
from typing import Any

import msgspec
import pytest
from quart import Blueprint, Response

from remote_mixer.app import App
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.hub import requests
from remote_mixer.people.caller import HOSTS
from remote_mixer.web import openapi
from remote_mixer.web.bodies import Empty
from remote_mixer.web.people_bodies import ANSWER_WORDS
from remote_mixer.web.routes import PREFIX, Answer, Route, Site, blueprint
from tests.support.people import host

PATCH = "run `python -m remote_mixer.web.openapi`"


async def answered(_: Refusal) -> Response:
    return Response("refused")


async def bare() -> Response:
    return Response("served")


class Declared:
    @Route("GET", "/thing", roles=HOSTS, answer=Answer(Empty, "A thing"))
    async def thing(self) -> Response:
        """A thing."""
        return await bare()


class Undeclared(Declared):
    async def other(self) -> Response:
        return await bare()


def test_a_rule_of_the_api_without_a_declaration_cannot_be_registered() -> None:
    site = Site(__name__, static_folder=None)
    with pytest.raises(TypeError, match="bare serves a path under /api/v1 and has no declaration"):
        site.get(f"{PREFIX}/thing")(bare)
    by_hand = Blueprint("by_hand", __name__, url_prefix=PREFIX)
    by_hand.get("/thing")(bare)
    with pytest.raises(TypeError, match="no declaration"):
        site.register_blueprint(by_hand)
    assert list(site.url_map.iter_rules()) == []
    site.get("/page")(bare)


def test_a_public_method_of_a_class_of_handlers_has_to_be_declared() -> None:
    with pytest.raises(TypeError, match=r"Undeclared\.other .* has no declaration"):
        blueprint(Undeclared(), answered)


def test_a_declaration_names_its_roles() -> None:
    with pytest.raises(TypeError, match="roles"):
        Route("GET", "/thing", answer=Answer(Empty, "A thing"))  # type: ignore[call-arg]


async def test_a_declared_handler_is_served_and_found_by_its_endpoint() -> None:
    site = Site(__name__, static_folder=None)
    site.register_blueprint(blueprint(Declared(), answered))
    client = site.test_client()
    assert (await client.get(f"{PREFIX}/thing")).status_code == 200
    assert (await client.post(f"{PREFIX}/thing")).status_code == 405
    route = site.route_at("test_routes.thing")
    assert (route and route.rule, route and route.roles) == ("/thing", HOSTS)


def test_the_site_serves_what_is_declared_and_openapi_json_describes_it(started: App) -> None:
    rules = [rule for rule in started.rooms.site.url_map.iter_rules() if rule.rule.startswith(PREFIX)]
    served = {(method, rule.rule) for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    assert served == {(route.method, PREFIX + route.rule) for _, route in openapi.ROUTES}


def test_the_committed_description_is_the_declared_one() -> None:
    assert openapi.FILE.read_text(encoding="utf-8") == openapi.text(), PATCH


def test_every_code_has_a_meaning_in_the_description() -> None:
    assert openapi.REFUSALS.keys() == set(Code)


def test_every_operation_has_a_name_of_its_own_and_a_summary() -> None:
    operations = [call for calls in openapi.description()["paths"].values() for call in calls.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names) == len(openapi.ROUTES)
    assert all(re.fullmatch(r"[A-Z].{5,}[^.]", operation["summary"]) for operation in operations)


def test_a_handler_takes_the_parts_of_its_path() -> None:
    for handler, route in openapi.ROUTES:
        parts = re.findall(openapi.PART, route.rule)
        assert [*inspect.signature(handler).parameters][1:] == parts, route.rule


def test_the_described_answers_to_a_request_are_those_that_are_taken() -> None:
    assert set(ANSWER_WORDS) == requests._ANSWERS.keys()


def required_fields(body: Any) -> list[str]:
    fields = msgspec.structs.fields(body) if isinstance(body, type) and issubclass(body, msgspec.Struct) else ()
    return [field.encode_name for field in fields if field.required]


async def test_a_body_without_a_required_field_is_refused(app: App) -> None:
    for _, route in openapi.ROUTES:
        if required_fields(route.body):
            path = re.sub(r"<(?:path:)?\w+>", "band", route.rule)
            answer = host(app).call(route.method, path, {})
            assert (answer.status, answer.json["code"]) == (400, "bad-frame"), route.rule
