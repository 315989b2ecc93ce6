"""Waiting room and blocks: with many addresses guessing, the host lets an engineer in, and keeps the guessers out."""

from __future__ import annotations

import pytest

from remote_mixer.people.tries import BLOCK_SECONDS
from remote_mixer.people.waiting_room import MOST_WAITING, SILENT_SECONDS
from tests.people.admissions import House, refusal

GUESSERS = [f"192.168.1.{number}" for number in range(100, 140)]
ENGINEER = "192.168.1.20"


async def code_of_try(house: House, address: str, pin: str) -> str:
    return (await refusal(house.admission.enter_by_pin("Eve", pin, address))).code.word


async def besieged(house: House) -> None:
    """Let 40 addresses guess until all have to wait."""
    for address in GUESSERS:
        await code_of_try(house, address, house.wrong_pin)
    assert await code_of_try(house, ENGINEER, house.pin) == "tries"


async def test_while_40_addresses_guess_an_engineer_is_let_in_by_one_tap(house: House) -> None:
    await besieged(house)
    waiting, secret = house.admission.wait("FOH tablet", ENGINEER)
    assert (await refusal(house.admission.enter_from_waiting_room(secret))).code.word == "waiting"
    house.admission.waiting_room.admit(waiting.id)
    person, cookie = await house.admission.enter_from_waiting_room(secret)
    assert (person.name, person.role) == ("FOH tablet", "engineer")
    assert house.admission.of_cookie(cookie)
    assert (await refusal(house.admission.enter_from_waiting_room(secret))).code.word == "gone"


async def test_the_host_sees_who_guesses_and_after_a_block_the_right_pin_is_in_within_ten_seconds(house: House) -> None:
    await besieged(house)
    guesses = house.admission.tries.guesses()
    assert {one.address for one in guesses} <= set(GUESSERS)
    assert len(guesses) >= 30
    assert all(one.wrong == 1 for one in guesses)
    for address in GUESSERS:
        house.admission.block(address)
    for _ in range(10):
        house.clock.now += 1.01
        for address in GUESSERS:
            assert await code_of_try(house, address, house.wrong_pin) == "tries"
    person, _ = await house.admission.enter_by_pin("Ann", house.pin, ENGINEER)
    assert person.role == "engineer"


@pytest.mark.parametrize(
    ("blocked", "other", "free"),
    [
        ("192.168.1.66", "::ffff:192.168.1.66", "192.168.1.67"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("2001:db8:1:2::/64", "2001:db8:1:2::5%eth0", "2001:db8:1:3::1"),
    ],
)
async def test_a_block_holds_for_an_address_or_its_64_bits_for_an_hour_or_until_the_host_ends_it(
    house: House, blocked: str, other: str, free: str
) -> None:
    house.admission.block(blocked)
    fault = await refusal(house.admission.enter_by_pin("Ann", house.pin, other))
    assert (fault.code.word, fault.retry_after) == ("tries", BLOCK_SECONDS)
    await house.join(address=free)
    house.clock.now += BLOCK_SECONDS
    await house.join(address=other)
    house.admission.block(blocked)
    house.admission.tries.unblock(blocked)
    await house.join(address=other)
    assert house.admission.tries.guesses() == []


async def test_a_blocked_address_may_not_wait_and_one_that_waits_is_gone(house: House) -> None:
    _, secret = house.admission.wait("Eve", "192.168.1.66")
    house.admission.block("192.168.1.66")
    assert house.admission.waiting_room.waiting() == []
    assert (await refusal(house.admission.enter_from_waiting_room(secret))).code.word == "gone"
    with pytest.raises(Exception, match="blocked"):
        house.admission.wait("Eve", "192.168.1.66")


async def test_each_address_waits_once_the_room_is_bounded_and_who_is_silent_leaves_it(house: House) -> None:
    room = house.admission.waiting_room
    for _ in range(3):
        house.admission.wait("Eve", "192.168.1.66")
    assert len(room.waiting()) == 1
    for number in range(MOST_WAITING - 1):
        house.admission.wait("Eve", f"10.0.0.{number}")
    with pytest.raises(Exception, match="invitation"):
        house.admission.wait("Eve", "10.0.1.1")
    house.clock.now += SILENT_SECONDS
    assert room.waiting() == []


async def test_a_crowd_that_waits_is_no_flood_of_notices(house: House) -> None:
    told: list[str] = []
    house.admission.waiting_room.entered.append(lambda waiting: told.append(waiting.name))
    for number in range(50):
        house.admission.wait(f"Eve {number}", f"10.0.0.{number}")
    assert len(told) == 5


async def test_who_is_declined_reads_so(house: House) -> None:
    waiting, secret = house.admission.wait("Ann", ENGINEER)
    house.admission.waiting_room.remove(waiting.id)
    fault = await refusal(house.admission.enter_from_waiting_room(secret))
    assert "did not let" in fault.text


async def test_a_device_of_the_crew_is_not_listed_as_an_address(house: House) -> None:
    known = house.admission.new_device()
    await refusal(house.admission.enter_by_pin("Ann", house.wrong_pin, ENGINEER, [known]))
    assert house.admission.tries.guesses() == []
