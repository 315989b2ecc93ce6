"""Invitations: for one or for the day, revoked at once, refused with the reason."""

import asyncio
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_mixer.people import invitations as module
from remote_mixer.people.invitations import next_morning
from remote_mixer.people.person import PLACES
from tests.people.admissions import A_DAY, House, refusal

HERE = "192.168.1.30"


async def test_an_invitation_admits_with_its_role_and_mix(house: House) -> None:
    _, token = await house.admission.invite("musician", "band/bus2", "once", by="Anna", by_role="engineer")
    person, cookie = await house.admission.enter_by_invitation("Ben", token, HERE)
    assert (person.name, person.role, person.mix) == ("Ben", "musician", "band/bus2")
    assert house.restart().of_cookie(cookie) == person


async def test_of_many_who_use_an_invitation_for_one_at_the_same_time_one_is_admitted(house: House) -> None:
    _, token = await house.admission.invite("guest", "", "once", by="Anna")
    coming = [house.admission.enter_by_invitation(f"n{n}", token, HERE) for n in range(10)]
    came = await asyncio.gather(*coming, return_exceptions=True)
    assert sum(isinstance(one, tuple) for one in came) == len(house.admission.people()) == 1
    house.restart()
    late = await refusal(house.admission.enter_by_invitation("late", token, HERE))
    assert (late.code.word, "as many as it was for" in late.text) == ("gone", True)


async def test_an_invitation_for_the_day_admits_many_and_counts_them(house: House) -> None:
    _, token = await house.admission.invite("guest", "", "day", by="Anna")
    for n in range(3):
        await house.admission.enter_by_invitation(f"n{n}", token, HERE)
    assert [one.used for one in house.admission.invitations()] == [3]


async def test_an_invitation_for_the_day_has_limited_places_so_that_other_invitations_still_work(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PLACES, "day", 2)
    _, token = await house.admission.invite("guest", "", "day", by="Anna")
    _, other = await house.admission.invite("guest", "", "day", by="Anna")
    coming = [house.admission.enter_by_invitation(f"n{n}", token, HERE) for n in range(5)]
    came = await asyncio.gather(*coming, return_exceptions=True)
    assert sum(isinstance(one, tuple) for one in came) == 2
    late = await refusal(house.admission.enter_by_invitation("late", token, HERE))
    assert (late.code.word, "as many as it was for" in late.text) == ("gone", True)
    await house.admission.enter_by_invitation("Ben", other, HERE)


async def test_an_expired_invitation_is_refused_with_the_reason_also_after_a_restart(house: House) -> None:
    invitation, token = await house.admission.invite("guest", "", "day", by="Anna")
    house.clock.now = invitation.ends
    await house.admission.tidy()
    assert house.restart().invitations() == []
    late = await refusal(house.admission.enter_by_invitation("late", token, HERE))
    assert (late.code.word, "has ended" in late.text) == ("gone", True)


async def test_an_invitation_is_unknown_a_week_after_it_expired(house: House) -> None:
    invitation, token = await house.admission.invite("guest", "", "day", by="Anna")
    house.clock.now = invitation.ends + 8 * A_DAY
    await house.admission.tidy()
    late = await refusal(house.restart().enter_by_invitation("late", token, HERE))
    assert (late.code.word, "not known" in late.text) == ("gone", True)


async def test_a_revoked_invitation_admits_nobody_and_people_who_joined_by_it_stay(house: House) -> None:
    invitation, token = await house.admission.invite("guest", "", "day", by="Anna")
    _, cookie = await house.admission.enter_by_invitation("Ben", token, HERE)
    await house.admission.revoke(invitation.id)
    assert house.restart().invitations() == []
    late = await refusal(house.admission.enter_by_invitation("late", token, HERE))
    assert (late.code.word, "withdrawn" in late.text) == ("gone", True)
    assert house.admission.of_cookie(cookie)


async def test_an_invitation_is_revoked_also_on_a_full_disk(house: House) -> None:
    invitation, token = await house.admission.invite("guest", "", "day", by="Anna")
    house.store.is_full = True
    assert (await refusal(house.admission.revoke(invitation.id))).code.word == "not-kept"
    assert (await refusal(house.admission.enter_by_invitation("late", token, HERE))).code.word == "gone"
    house.store.is_full = False
    await house.admission.tidy()
    assert house.restart().invitations() == []


async def test_an_invitation_stays_open_after_a_join_that_hung_up(house: House) -> None:
    _, token = await house.admission.invite("guest", "", "once", by="Anna")
    house.store.writable.clear()
    coming = asyncio.create_task(house.admission.enter_by_invitation("Ben", token, HERE))
    await asyncio.sleep(0)
    coming.cancel()
    await asyncio.wait({coming})
    house.store.writable.set()
    assert coming.cancelled()
    assert house.admission.people() == []
    await house.admission.enter_by_invitation("Ben", token, HERE)


async def test_engineers_invite_and_revoke_only_musicians_and_guests(house: House) -> None:
    invitation, _ = await house.admission.invite("engineer", "", "once", by="the window")
    assert (await refusal(house.admission.revoke(invitation.id, by_role="engineer"))).code.word == "forbidden"
    for role in ("host", "engineer"):
        refused = await refusal(house.admission.invite(role, "", "once", by="Anna", by_role="engineer"))
        assert refused.code.word == "forbidden"


@pytest.mark.parametrize(
    ("role", "mix", "kind"),
    [("boss", "", "once"), ("musician", "", "once"), ("musician", "bus2", "day"), ("guest", "", "for ever")],
)
async def test_an_invalid_invitation_is_not_created(house: House, role: str, mix: str, kind: str) -> None:
    assert (await refusal(house.admission.invite(role, mix, kind, by="Anna"))).code.word == "bad-value"
    assert house.admission.invitations() == []


async def test_too_many_open_invitations_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_INVITATIONS", 2)
    first, _ = await house.admission.invite("guest", "", "day", by="Anna")
    await house.admission.invite("guest", "", "day", by="Anna")
    assert (await refusal(house.admission.invite("guest", "", "day", by="Anna"))).code.word == "limit"
    await house.admission.revoke(first.id)
    await house.admission.invite("guest", "", "day", by="Anna")


async def test_an_invitation_is_no_token_and_a_token_no_invitation(house: House) -> None:
    _, invited = await house.admission.invite("guest", "", "day", by="Anna")
    _, bearer = await house.admission.make_token("shell", "host")
    assert house.admission.of_token(invited) is None
    assert (await refusal(house.admission.enter_by_invitation("Eve", bearer, HERE))).code.word == "gone"


@settings(deadline=None)
@given(st.floats(1_700_000_000, 2_000_000_000))
def test_the_day_ends_at_six_in_the_morning_and_is_never_shorter_than_four_hours(now: float) -> None:
    ends = next_morning(now)
    assert 3 * 3600 <= ends - now <= 29 * 3600  # one hour less in the night when summer time begins
    at = datetime.fromtimestamp(ends)
    assert (at.hour, at.minute, at.second) == (6, 0, 0)


async def test_of_closed_invitations_only_the_newest_are_remembered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_ENDED", 2)
    _, kept = await house.admission.invite("guest", "", "day", by="Anna")
    made = [await house.admission.invite("guest", "", "once", by="Anna") for _ in range(4)]
    for invitation, _ in made:
        await house.admission.revoke(invitation.id)
    await house.admission.invite("guest", "", "once", by="Anna")
    house.restart()
    notified = [(await refusal(house.admission.enter_by_invitation("late", token, HERE))).text for _, token in made]
    assert ["withdrawn" in text for text in notified] == [False, False, True, True]
    await house.admission.enter_by_invitation("Ben", kept, HERE)
