"""Joining by PIN, the cookie, leaving; changes and the policy hold at once and are saved."""

import asyncio
import logging

import pytest

from remote_mixer.desk.policy import Ceiling, Policy
from remote_mixer.people import admission as module
from remote_mixer.people import secrets_file
from remote_mixer.people.local_proof import prove
from remote_mixer.people.person import Setting
from tests.people.admissions import A_DAY, House, refusal

HERE = "192.168.1.20"


async def test_the_pin_admits_an_engineer_who_is_recognised_by_the_cookie(house: House) -> None:
    person, cookie = await house.admission.enter_by_pin("Anna", house.pin, "192.168.1.20")
    assert (person.name, person.role, person.mix) == ("Anna", "engineer", "")
    assert house.admission.of_cookie(cookie) == person
    assert house.admission.people() == [person]


async def test_a_person_is_recognised_after_a_restart(house: House) -> None:
    person, cookie = await house.admission.enter_by_pin("Anna", house.pin, "192.168.1.20")
    assert house.restart().of_cookie(cookie) == person


async def test_every_join_gives_a_new_id_and_a_new_cookie(house: House) -> None:
    came = [await house.join("Anna") for _ in range(3)]
    assert len({person for person, _ in came}) == len({cookie for _, cookie in came}) == 3


async def test_a_person_is_deleted_after_30_days_and_not_before(house: House) -> None:
    person, cookie = await house.join()
    house.clock.now += 30 * A_DAY
    assert house.admission.of_cookie(cookie)
    house.clock.now += 1
    assert house.admission.of_cookie(cookie) is None
    notified: list[str] = []
    house.admission.changed.append(notified.append)
    await house.admission.tidy()
    assert notified == [person]
    assert house.restart().people() == []


async def test_the_time_a_person_was_last_seen_is_saved_by_tidy(house: House) -> None:
    person, cookie = await house.join()
    house.clock.now += 60
    house.admission.of_cookie(cookie)
    await house.admission.tidy()
    seen = house.restart().person(person)
    assert seen
    assert seen.seen == house.clock.now


@pytest.mark.parametrize("value", [None, "", "x", "a" * 100_000, "ü" * 94, "\ud800" * 22])
async def test_a_missing_or_malformed_cookie_belongs_to_nobody(house: House, value: str | None) -> None:
    assert house.admission.of_cookie(value) is None


async def test_a_person_who_signs_out_is_a_stranger_at_once_and_after_a_restart(house: House) -> None:
    person, cookie = await house.join()
    left = await house.admission.leave(cookie)
    assert left
    assert left.id == person
    assert house.admission.of_cookie(cookie) is None
    assert house.restart().of_cookie(cookie) is None
    assert await house.admission.leave(cookie) is None


async def test_a_removed_person_is_out_before_the_disk_has_answered(house: House) -> None:
    person, cookie = await house.join()
    notified: list[object] = []
    house.admission.changed.append(lambda one: notified.append((one, house.admission.of_cookie(cookie))))
    house.store.writable.clear()
    removing = asyncio.create_task(house.admission.remove(person))
    await asyncio.sleep(0)
    assert notified == [(person, None)]
    house.store.writable.set()
    await removing
    assert house.restart().people() == []


async def test_a_removed_person_stays_out_though_the_disk_failed_and_the_next_write_saves_it(house: House) -> None:
    person, cookie = await house.join()
    house.store.is_full = True
    assert (await refusal(house.admission.remove(person))).code.word == "not-kept"
    assert house.admission.of_cookie(cookie) is None
    house.store.is_full = False
    await house.join("Ben")
    assert house.restart().of_cookie(cookie) is None


async def test_a_role_a_mix_and_a_name_are_changed_at_once_and_saved(house: House) -> None:
    person, cookie = await house.join()
    notified: list[str] = []
    house.admission.changed.append(notified.append)
    await house.admission.change(person, role="musician", mix="band/bus2")
    await house.admission.change(person, name="  Anna\n Berg ")
    changed = house.admission.of_cookie(cookie)
    assert changed
    assert (changed.name, changed.role, changed.mix) == ("Anna Berg", "musician", "band/bus2")
    assert notified == [person, person]
    assert house.restart().of_cookie(cookie) == changed


async def test_a_change_to_the_same_values_notifies_nobody(house: House) -> None:
    person, _ = await house.join("Anna")
    notified: list[str] = []
    house.admission.changed.append(notified.append)
    await house.admission.change(person, name="Anna", role="engineer")
    assert notified == []


async def test_a_person_who_becomes_an_engineer_has_no_mix(house: House) -> None:
    person, _ = await house.join()
    await house.admission.change(person, role="musician", mix="band/bus2")
    assert (await house.admission.change(person, role="engineer")).mix == ""


@pytest.mark.parametrize(
    "wrong", [{"role": "boss"}, {"role": "musician", "mix": "bus2"}, {"name": " \t"}, {"name": "x" * 41}]
)
async def test_an_invalid_change_changes_nothing(house: House, wrong: dict[str, str]) -> None:
    person, _ = await house.join()
    before = house.admission.people()
    assert (await refusal(house.admission.change(person, **wrong))).code.word == "bad-value"
    assert house.admission.people() == before


async def test_an_unknown_person_can_be_neither_changed_nor_removed(house: House) -> None:
    assert (await refusal(house.admission.change("nobody", name="Ben"))).code.word == "unknown"
    assert (await refusal(house.admission.remove("nobody"))).code.word == "unknown"


@pytest.mark.parametrize(
    ("said", "shown"),
    [("  Anna   B. ", "Anna B."), ("An\x00na\x1b[2J", "Anna[2J"), ("\u202eannA", "annA"), ("A\ud800nna", "Anna")],
)
async def test_a_name_is_one_line_of_printable_characters(house: House, said: str, shown: str) -> None:
    person, _ = await house.admission.enter_by_pin(said, house.pin, "192.168.1.20")
    assert person.name == shown


@pytest.mark.parametrize("name", ["", "   ", "\x00\u202e", "x" * 41, None, 7])
async def test_an_invalid_name_is_refused_and_costs_no_try(house: House, name: str) -> None:
    for _ in range(5):
        assert (await refusal(house.admission.enter_by_pin(name, house.pin, "192.168.1.20"))).code.word == "bad-value"
    await house.join(address="192.168.1.20")


async def test_when_all_places_are_taken_the_next_person_is_refused_with_advice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PEOPLE", 3)
    came = await asyncio.gather(*(house.join() for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(one, tuple) for one in came) == 3
    refused = await refusal(house.join())
    assert (refused.code.word, "remove some" in refused.text) == ("limit", True)


async def test_guests_and_musicians_never_take_the_places_of_the_crew(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PEOPLE", 4)
    monkeypatch.setattr(module, "CREW_PLACES", 2)
    for n, (role, mix) in enumerate(
        (("guest", ""), ("musician", "band/bus2"), ("guest", ""), ("musician", "band/bus1"))
    ):
        _, token = await house.admission.invite(role, mix, "once", by="Host")
        entering = house.admission.enter_by_invitation(f"n{n}", token, "192.168.1.30")
        if n < 2:
            await entering
        else:
            assert (await refusal(entering)).code.word == "limit"
    await house.join()
    _, token = await house.admission.invite("host", "", "once", by="Host")
    await house.admission.enter_by_invitation("Tablet", token, "192.168.1.31")
    assert (await refusal(house.join())).code.word == "limit"


@pytest.mark.parametrize("disk", ["is full", "hangs"])
async def test_a_disk_that_does_not_save_keeps_nobody_out_and_saves_them_when_it_can(
    house: House, monkeypatch: pytest.MonkeyPatch, disk: str
) -> None:
    monkeypatch.setattr(module, "SAVE_SECONDS", 0.01)
    _, token = await house.admission.invite("guest", "", "once", by="Anna")
    house.store.is_full = disk == "is full"
    if disk == "hangs":
        house.store.writable.clear()
    _, cookie = await house.join()
    guest, _ = await house.admission.enter_by_invitation("Ben", token, HERE)
    assert house.admission.of_cookie(cookie)
    assert (await refusal(house.admission.enter_by_invitation("Eve", token, HERE))).code.word == "gone"
    house.store.is_full = False
    house.store.writable.set()
    await house.admission.save_waiting()
    assert house.restart().of_cookie(cookie)
    assert house.admission.person(guest.id)
    assert (await refusal(house.admission.enter_by_invitation("Eve", token, HERE))).code.word == "gone"


async def test_who_joined_on_a_full_disk_is_unknown_after_a_restart(house: House) -> None:
    house.store.is_full = True
    _, cookie = await house.join()
    assert house.restart().of_cookie(cookie) is None


async def test_a_page_that_disconnects_while_joining_leaves_nobody_behind(house: House) -> None:
    house.store.writable.clear()
    coming = asyncio.create_task(house.join())
    await asyncio.sleep(0)
    coming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await coming
    house.store.writable.set()
    await house.admission.tidy()
    assert house.admission.people() == house.restart().people() == []


async def test_a_policy_holds_at_once_and_after_a_restart(house: House) -> None:
    policy = Policy(ceilings={"band/bus2": Ceiling(-3.0, 0.0)})
    notified: list[Policy] = []
    house.admission.policy_changed.append(notified.append)
    await house.admission.set_policy(policy)
    assert notified == [policy]
    assert house.admission.policy == house.restart().policy == policy


async def test_a_notice_says_that_the_policy_could_not_be_read(house: House) -> None:
    house.admission._records.upsert(Setting("policy", '{"rails": 7}'))
    await house.admission._records.save(Setting("policy", ""))
    assert house.restart().policy == Policy()
    assert any("decide it anew" in notice for notice in house.admission.notices)


async def test_no_secret_is_ever_logged_or_shown_in_a_repr(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    _, cookie = await house.join()
    invitation, invited = await house.admission.invite("guest", "", "day", by="Anna")
    _, came = await house.admission.enter_by_invitation("Ben", invited, "192.168.1.21")
    token, bearer = await house.admission.make_token("shell", "host")
    await refusal(house.admission.enter_by_pin("Eve", house.wrong_pin, "192.168.1.66"))
    await refusal(house.admission.enter_by_invitation("Eve", invited[:-1], "192.168.1.66"))
    known = house.admission._pin_check._secrets
    notified = caplog.text + repr(
        (invitation, token, known, house.admission._records.sessions.values(), house.admission.people())
    )
    secrets = [house.pin, house.wrong_pin, cookie, cookie.split(".")[0], invited, invited[:-1], came, bearer]
    assert not [secret for secret in secrets if secret in notified]
    assert "192.168.1.66" in caplog.text


async def test_json_objects_hold_no_secret_and_no_hash(house: House) -> None:
    await house.join()
    invitation, _ = await house.admission.invite("guest", "", "day", by="Anna")
    token, _ = await house.admission.make_token("shell", "host")
    (person,) = house.admission.people()
    assert set(person.as_json()) == {"id", "name", "role", "mix", "at", "seen"}
    assert set(token.as_json()) == {"id", "name", "role", "mix", "at"}
    assert set(invitation.as_json()) == {"id", "role", "mix", "kind", "made_by", "at", "ends", "used"}


HERE = "127.0.0.1 5001"


async def test_a_proof_by_this_computers_clock_holds_after_a_leap_of_that_clock(house: House) -> None:
    house.wall.ahead += 400 * 24 * 3600
    key = secrets_file.read_or_make(house.folder)[0].key
    assert house.admission.is_local_proof(prove(key, house.wall(), HERE), HERE)
    assert not house.admission.is_local_proof(prove(key, house.clock(), HERE), HERE)
