"""Tokens for programs: recognised by their secret, removed at once."""

import pytest

from remote_mixer.people import invitations as module
from tests.people.admissions import House, refusal


async def test_a_token_is_recognised_by_its_secret_also_after_a_restart(house: House) -> None:
    token, bearer = await house.admission.make_token("lights", "musician", "band/bus2")
    assert (bearer[:3], len(bearer)) == ("rm_", 25)
    assert house.admission.of_token(bearer) == token
    assert house.restart().of_token(bearer) == token


@pytest.mark.parametrize("bearer", ["", "rm_", "rm_" + "A" * 22, "A" * 25, "rm_\ud800", "rm_" + "x" * 100_000])
async def test_a_secret_that_was_never_created_is_no_token(house: House, bearer: str) -> None:
    _, made = await house.admission.make_token("lights", "host")
    assert house.admission.of_token(bearer) is None
    assert house.admission.of_token(made[:-1]) is None
    assert house.admission.of_token(made.upper()) is None


async def test_a_removed_token_is_unknown_at_once_and_listeners_are_notified(house: House) -> None:
    token, bearer = await house.admission.make_token("lights", "host")
    notified: list[object] = []
    house.admission.changed.append(lambda one: notified.append((one, house.admission.of_token(bearer))))
    await house.admission.remove_token(token.id)
    assert notified == [(token.id, None)]
    assert house.restart().tokens() == []
    assert (await refusal(house.admission.remove_token(token.id))).code.word == "unknown"


@pytest.mark.parametrize(("name", "role", "mix"), [("", "host", ""), ("x", "boss", ""), ("x", "musician", "")])
async def test_an_invalid_token_is_not_created(house: House, name: str, role: str, mix: str) -> None:
    assert (await refusal(house.admission.make_token(name, role, mix))).code.word == "bad-value"
    assert house.admission.tokens() == []


async def test_too_many_tokens_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TOKENS", 2)
    for n in range(2):
        await house.admission.make_token(f"t{n}", "guest")
    assert (await refusal(house.admission.make_token("t3", "guest"))).code.word == "limit"


async def test_a_token_or_invitation_that_could_not_be_saved_does_not_exist(house: House) -> None:
    house.store.is_full = True
    for making in (house.admission.make_token("lights", "host"), house.admission.invite("guest", "", "day", by="Anna")):
        assert (await refusal(making)).code.word == "not-kept"
    house.store.is_full = False
    await house.admission.tidy()
    for admission in (house.admission, house.restart()):
        assert (admission.tokens(), admission.invitations()) == ([], [])
