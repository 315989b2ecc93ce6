"""The API as its own description has it, and as nobody would call it, by everybody who is inside."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import one_of
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from remote_mixer.app import App
from remote_mixer.web import api
from tests.attacks.cast import by_token
from tests.support.budget import examples
from tests.support.people import host
from tests.support.waiting import PATIENCE_SECONDS

EXAMPLES = 10
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
STREAM = "/events"
"""A stream has no end that a check could wait for."""
FEW = settings(
    max_examples=examples(EXAMPLES),
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def described() -> Any:
    """Return the description, its values drawn both as it says and as it does not."""
    file = Path(api.__file__).parent / "openapi.json"
    return schemathesis.openapi.from_dict(json.loads(file.read_text()))


def drawn(operation: Any) -> Any:
    """Return calls as the operation describes them, and calls as it does not."""
    return one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode))


async def test_no_call_of_anybody_inside_is_answered_as_the_description_does_not_say(app: App) -> None:
    everybody = [*(by_token(app, role) for role in ("guest", "musician", "engineer")), host(app)]
    url = f"http://127.0.0.1:{app.port}/api/v1"
    for found in described().get_all_operations():
        operation = found.ok()
        if operation.path == STREAM:
            continue

        @FEW
        @given(case=drawn(operation))
        def call(case: Any) -> None:
            for device in everybody:  # to draw a call costs more than to make it
                headers = device.headers
                case.call_and_validate(base_url=url, headers=headers, checks=CHECKS, timeout=PATIENCE_SECONDS)

        await asyncio.to_thread(call)
    assert [device.call("GET", "/me").status for device in everybody] == [200] * 4, "somebody was sent away"
