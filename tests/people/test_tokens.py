"""Tokens for programs: told once, known at once, and gone at once."""

import pytest

from remote_mixer.people import invitations as module
from tests.people.admissions import House, refusal


async def test_a_token_is_known_by_what_was_told_once_also_after_a_restart(house: House) -> None:
    token, bearer = await house.admission.make_token("lights", "musician", "band/bus2")
    assert (bearer[:3], len(bearer)) == ("rm_", 25)
    assert house.admission.of_token(bearer) == token
    assert house.reopened().of_token(bearer) == token


@pytest.mark.parametrize("bearer", ["", "rm_", "rm_" + "A" * 22, "A" * 25, "rm_\ud800", "rm_" + "x" * 100_000])
async def test_what_was_never_made_is_no_token(house: House, bearer: str) -> None:
    _, made = await house.admission.make_token("lights", "host")
    assert house.admission.of_token(bearer) is None
    assert house.admission.of_token(made[:-1]) is None
    assert house.admission.of_token(made.upper()) is None


async def test_a_removed_token_opens_nothing_and_its_pages_are_told(house: House) -> None:
    token, bearer = await house.admission.make_token("lights", "host")
    told: list[object] = []
    house.admission.changed.append(lambda one: told.append((one, house.admission.of_token(bearer))))
    await house.admission.remove_token(token.id)
    assert told == [(token.id, None)]
    assert house.reopened().tokens() == []
    assert (await refusal(house.admission.remove_token(token.id))).code.word == "unknown"


@pytest.mark.parametrize(("name", "role", "mix"), [("", "host", ""), ("x", "boss", ""), ("x", "musician", "")])
async def test_a_token_that_cannot_be_meant_is_not_made(house: House, name: str, role: str, mix: str) -> None:
    assert (await refusal(house.admission.make_token(name, role, mix))).code.word == "bad-value"
    assert house.admission.tokens() == []


async def test_too_many_tokens_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOKENS", 2)
    for n in range(2):
        await house.admission.make_token(f"t{n}", "guest")
    assert (await refusal(house.admission.make_token("t3", "guest"))).code.word == "limit"


async def test_what_could_not_be_kept_leaves_no_way_in_whose_secret_nobody_was_told(house: House) -> None:
    house.paper.refuses = True
    for making in (house.admission.make_token("lights", "host"), house.admission.invite("guest", "", "day", by="Anna")):
        assert (await refusal(making)).code.word == "not-kept"
    house.paper.refuses = False
    await house.admission.tidy()
    for admission in (house.admission, house.reopened()):
        assert (admission.tokens(), admission.invitations()) == ([], [])
