"""One refusal for every room: the code carries what HTTP and the wire say."""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path

import remote_mixer.web
from remote_mixer.desk.refusal import Code, Held

# The words of version 1 of the wire (the protocol's own list, and what the API alone says).
WIRE = {
    *("bad-frame", "bad-value", "unknown-path", "read-only", "forbidden", "held", "offline", "limit", "protocol"),
    *("bad-type", "wrong-pin", "tries", "gone", "nothing", "changed", "no-cookies", "waiting"),
}


def test_a_code_has_a_word_of_the_api_a_status_and_a_word_of_the_wire() -> None:
    assert {code.wire for code in Code} == WIRE
    assert all(HTTPStatus.BAD_REQUEST <= code.status < 600 for code in Code)
    assert (Code.LIMIT.status, Code.TOO_MANY.status) == (422, 429)
    assert {Code.LIMIT.word, Code.TOO_MANY.word} == {"limit"}


def test_statuses_stay_as_programs_know_them() -> None:
    """Status of the HTTP API for each word, as version 1 has them."""
    assert {code.name: int(code.status) for code in Code} == {
        **dict.fromkeys(("BAD_FRAME", "PROTOCOL"), 400),
        **dict.fromkeys(("FORBIDDEN", "WRONG_PIN"), 403),
        **dict.fromkeys(("UNKNOWN_PATH", "UNKNOWN"), 404),
        **dict.fromkeys(("HELD", "CLOSED", "NOTHING", "CHANGED"), 409),
        **dict.fromkeys(("BAD_VALUE", "LIMIT"), 422),
        **dict.fromkeys(("TOO_OFTEN", "TOO_MANY", "TRIES"), 429),
        "READ_ONLY": 405,
        "GONE": 410,
        "NO_COOKIES": 412,
        "BAD_TYPE": 415,
        "WAITING": 425,
        "OFFLINE": 503,
        "NOT_KEPT": 507,
    }


def test_the_apis_description_knows_every_word() -> None:
    description = (Path(remote_mixer.web.__file__).parent / "openapi.json").read_text()
    said = json.dumps(json.loads(description))
    assert [code.word for code in Code if code.word not in said] == []


def test_a_held_control_names_its_holder() -> None:
    refusal = Held("band/ch1/fader", "a-page")
    assert (refusal.code, refusal.path, refusal.by) == (Code.HELD, "band/ch1/fader", "a-page")
