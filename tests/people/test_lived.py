"""A leap of the computer's clock removes nobody, ends no invitation, and is said; seconds that pass still count."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta

import pytest

from remote_mixer.people import lived as module
from remote_mixer.people.lived import CLOCK_SETTING, LivedClock, seconds_passed
from remote_mixer.people.person import Setting
from tests.people.admissions import A_DAY, House
from tests.support.waiting import until

LEAPS = [days * A_DAY for days in (-20_000, -365, -1, -0.25, 0.25, 1, 31, 365, 20_000)]
"""Seconds by which the computer's clock leaps."""


def said(house: House) -> list[str]:
    return [notice for notice in house.admission.notices if "leapt" in notice]


@pytest.mark.parametrize("leap", LEAPS)
async def test_a_leap_while_it_runs_changes_nobodys_time_and_is_said(house: House, leap: float) -> None:
    _, cookie = await house.join()
    await house.admission.invite("guest", "", "day", by="Anna")
    house.admission.clock_watch.look()
    assert said(house) == []
    house.wall.ahead += leap
    notified: list[str] = []
    house.admission.clock_watch.leapt.append(lambda: notified.extend(said(house)))
    house.admission.clock_watch.look()
    await house.admission.tidy()
    assert house.admission.of_cookie(cookie)
    assert len(house.admission.invitations()) == 1
    assert notified == said(house) != []
    assert ("forward" if leap > 0 else "back") in notified[0]


@pytest.mark.parametrize("leap", [leap for leap in LEAPS if not 0 < leap <= 14 * A_DAY])
async def test_a_leap_while_it_is_off_changes_nobodys_time_and_is_said(house: House, leap: float) -> None:
    _, cookie = await house.join()
    await house.admission.invite("guest", "", "day", by="Anna")
    await house.admission.clock_watch.save()
    house.wall.ahead += leap
    house.restart()
    await house.admission.tidy()
    assert house.admission.of_cookie(cookie)
    assert len(house.admission.invitations()) == 1
    assert len(said(house)) == 1


@pytest.mark.parametrize("leap", [0.0, *LEAPS])
async def test_thirty_days_that_were_lived_end_a_session_whatever_the_clock_says(house: House, leap: float) -> None:
    _, cookie = await house.join()
    house.wall.ahead += leap
    for _ in range(30):
        house.clock.now += A_DAY
        house.admission.clock_watch.look()
        await house.admission.clock_watch.save()
        house.restart()
    assert house.admission.of_cookie(cookie)
    house.clock.now += 2.0
    assert house.admission.of_cookie(cookie) is None
    await house.admission.tidy()
    assert house.admission.people() == []


async def test_a_night_without_the_program_counts(house: House) -> None:
    _, secret = await house.admission.invite("guest", "", "day", by="Anna")
    assert secret
    await house.admission.clock_watch.save()
    house.clock.now += 1.5 * A_DAY
    house.restart()
    assert house.admission.invitations() == []
    assert said(house) == []


@pytest.mark.parametrize("leap", LEAPS)
async def test_an_invitation_made_after_a_leap_ends_at_six_by_the_new_time(house: House, leap: float) -> None:
    await house.join()
    house.wall.ahead += leap
    invitation, _ = await house.admission.invite("guest", "", "day", by="Anna")
    lasts = invitation.ends - house.admission.now()
    assert 4 * 3600 <= lasts <= 29 * 3600  # one hour more where the clocks are put back
    house.clock.now += lasts
    assert house.admission.invitations() == []


@pytest.mark.parametrize("leap", LEAPS)
async def test_times_are_shown_by_the_computers_present_time(house: House, leap: float) -> None:
    await house.join()
    (person,) = house.admission.people()
    before = datetime.fromisoformat(person.as_json(house.admission.now.ahead)["seen"])
    house.wall.ahead += leap
    after = datetime.fromisoformat(person.as_json(house.admission.now.ahead)["seen"])
    assert after - before == timedelta(seconds=leap)


async def test_while_nobody_is_here_the_first_true_time_is_taken_without_a_word(house: House) -> None:
    house.wall.ahead = -1_799_999_000.0
    house.restart()
    house.wall.ahead = 0.0
    house.admission.clock_watch.look()
    assert (house.admission.now(), said(house)) == (house.clock(), [])


@pytest.mark.parametrize(
    "saved", ["", "[]", "{}", '{"lived": "x", "wall": 1}', '{"lived": 1e300, "wall": 5}', '{"lived": NaN, "wall": 5}']
)
def test_a_damaged_account_begins_anew_at_the_computers_time(saved: str) -> None:
    assert LivedClock(Setting(CLOCK_SETTING, saved), lambda: 1000.0, lambda: 7.0)() == 1000.0


def test_small_corrections_are_no_leap() -> None:
    wall = [1000.0]
    clock = LivedClock(None, lambda: wall[0], lambda: 7.0)
    for correction in (100.0, -250.0, 200.0):
        wall[0] += correction
        assert not clock.look()
    assert (clock(), clock.notices) == (1000.0, [])


def test_the_account_says_both_times() -> None:
    account = json.loads(LivedClock(None, lambda: 1000.0, lambda: 7.0).setting().value)
    assert account == {"lived": 1000.0, "wall": 1000.0}


def test_seconds_passed_never_go_back() -> None:
    moments = [seconds_passed() for _ in range(1000)]
    assert moments == sorted(moments)


async def test_a_full_disk_does_not_end_the_look_at_the_clock(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.001)
    await house.join()
    house.store.is_full = True
    tending = asyncio.create_task(house.admission.clock_watch.tend())
    await until(lambda: CLOCK_SETTING in house.admission._records.settings)
    house.wall.ahead += A_DAY
    await until(lambda: said(house))
    assert not tending.done()
    tending.cancel()
    await asyncio.wait({tending})


@pytest.mark.parametrize("leap", LEAPS)
async def test_where_nobody_is_here_but_moves_are_kept_a_leap_ends_no_time_either(house: House, leap: float) -> None:
    house.admission.clock_watch.keeps_more = lambda: True
    house.wall.ahead += leap
    house.admission.clock_watch.look()
    assert (house.admission.now(), len(said(house))) == (house.clock(), 1)
