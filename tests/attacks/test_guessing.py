"""Guessing the way in: PINs, invitations, cookies."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from remote_mixer.app import App
from remote_mixer.desk.refusal import Refusal
from remote_mixer.people.caller import Caller
from remote_mixer.people.cookies import Cookies
from remote_mixer.people.tries import LONGEST_SECONDS
from tests.attacks.cast import MAIN, OWN_SEND, device_of
from tests.people.admissions import A_DAY, House, hide_pin, refusal
from tests.support.people import MIX, STRANGER, Answer, Device, host, invited, stranger
from tests.support.running import hand, joined
from tests.support.waiting import until

HOUR = 3600.0
GUESSES_AN_HOUR = 30 + 360
"""All addresses together: what is free at first, and one each ten seconds."""


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def wrong_pins(house: House) -> Iterator[str]:
    """Give PINs that are not the one, each another."""
    return (pin for number in count() if (pin := f"{number % 1_000_000:06}") != house.pin)


async def guesses(house: House, seconds: float, addresses: list[str], step: float) -> int:
    """Try at every step from every address for a while; return how many PINs were looked at."""
    pins, looked_at, end = wrong_pins(house), 0, house.clock.now + seconds
    while house.clock.now < end:
        for address in addresses:
            looked_at += (
                await refusal(house.admission.enter_by_pin("Eve", next(pins), address))
            ).code.word == "wrong-pin"
        house.clock.now += step
    return looked_at


async def test_one_address_has_fewer_than_25_guesses_an_hour(house: House) -> None:
    assert await guesses(house, HOUR, ["192.168.1.66"], 1.0) <= 3 + 9 + HOUR / LONGEST_SECONDS < 25


async def test_a_thousand_addresses_have_400_guesses_an_hour_and_need_months_for_a_pin(house: House) -> None:
    crowd = [f"10.0.{number // 250}.{number % 250 + 1}" for number in range(1000)]
    looked_at = await guesses(house, HOUR, crowd, 30.0)
    assert looked_at <= GUESSES_AN_HOUR
    assert 1_000_000 / 2 / GUESSES_AN_HOUR / 24 > 50, "days until a PIN is guessed more likely than not"


async def test_addresses_that_one_device_chooses_as_it_likes_are_one(house: House) -> None:
    chosen = [f"fe80::1:{number:x}%eth0" for number in range(1, 50)]
    assert await guesses(house, 1, chosen, 1.0) == 3


async def test_a_thousand_tries_at_one_moment_are_no_way_around_even_where_each_takes_long(house: House) -> None:
    hide_pin(house.admission)  # so that each is hashed, beside the loop
    tries = (house.admission.enter_by_pin("Eve", "000001", f"10.0.{n // 250}.{n % 250 + 1}") for n in range(300))
    codes = [
        fault.code.word for fault in await asyncio.gather(*tries, return_exceptions=True) if isinstance(fault, Refusal)
    ]
    assert codes.count("wrong-pin") <= 32
    assert codes.count("wrong-pin") + codes.count("tries") == 300


async def test_after_the_pause_the_right_pin_lets_in_who_guessed_wrong(house: House) -> None:
    await guesses(house, 1, ["192.168.1.66"], 0.1)
    told = await refusal(house.admission.enter_by_pin("Ann", house.pin, "192.168.1.66"))
    assert told.code.word == "tries"
    assert told.retry_after
    house.clock.now += told.retry_after
    assert (await house.admission.enter_by_pin("Ann", house.pin, "192.168.1.66"))[0].name == "Ann"


async def test_who_is_inside_and_who_is_invited_feel_nothing_of_a_siege(house: House) -> None:
    _, cookie = await house.join()
    _, token = await house.admission.invite("musician", MIX, "once", by="Host")
    await guesses(house, 60, [f"10.0.0.{number}" for number in range(1, 200)], 1.0)
    assert house.admission.of_cookie(cookie)
    assert (await house.admission.enter_by_invitation("Bob", token, "10.0.0.1"))[0].mix == MIX


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize("addresses", [40, 400])
async def test_a_device_of_the_crew_comes_in_at_once_whoever_guesses(
    house: House, addresses: int, hidden: bool
) -> None:
    pin, device = house.pin, house.admission.new_device()
    await guesses(house, 25, [f"10.0.{n // 250}.{n % 250}" for n in range(addresses)], 1.0)
    if hidden:
        hide_pin(house.admission)
    assert (await refusal(house.admission.enter_by_pin("Bob", pin, "10.9.9.9"))).code.word == "tries"
    assert (await house.admission.enter_by_pin("Ann", pin, "10.0.0.1", [device]))[0].name == "Ann"


async def test_a_device_of_the_crew_that_guesses_itself_has_fewer_than_25_guesses_an_hour(house: House) -> None:
    device, looked_at, pins = house.admission.new_device(), 0, wrong_pins(house)
    for number in range(int(HOUR)):
        entering = house.admission.enter_by_pin("Eve", next(pins), f"10.0.{number % 250}.1", [device])
        looked_at += (await refusal(entering)).code.word == "wrong-pin"
        house.clock.now += 1
    assert looked_at < 25


async def test_no_other_cookie_makes_a_device_known(house: House) -> None:
    _, session = await house.join()
    device = house.admission.new_device()
    await guesses(house, 65, [f"10.0.0.{number}" for number in range(1, 200)], 1.0)
    for value in (session, device[:-1], device[1:], device.swapcase(), f"{device}.x", ""):
        entering = house.admission.enter_by_pin("Eve", house.pin, "10.9.9.9", [value])
        assert (await refusal(entering)).code.word == "tries"
    house.clock.now += 366 * A_DAY
    await guesses(house, 65, [f"10.0.1.{number}" for number in range(1, 200)], 1.0)
    assert (await refusal(house.admission.enter_by_pin("Ann", house.pin, "10.9.9.9", [device]))).code.word == "tries"


async def test_who_joins_the_crew_is_known_as_a_device_and_a_guest_is_not(app: App) -> None:
    for role, known in (("engineer", True), ("host", True), ("musician", False), ("guest", False)):
        made = host(app).call("POST", "/invitations", {"role": role, "mix": "" if known else MIX, "kind": "once"}).json
        answer = stranger(app).join(invitation=made["token"])
        assert any("device-" in cookie for cookie in answer.headers.get_all("Set-Cookie") or []) == known


async def test_a_used_a_stolen_and_an_ended_invitation_open_nothing(house: House) -> None:
    _, once = await house.admission.invite("guest", "", "once", by="Host")
    made, withdrawn = await house.admission.invite("guest", "", "day", by="Host")
    _, day = await house.admission.invite("guest", "", "day", by="Host")
    await house.admission.enter_by_invitation("Ann", once, "10.0.0.1")
    await house.admission.revoke(made.id)
    house.clock.now += 2 * A_DAY
    for token in (once, withdrawn, day, "", "x" * 22, once[:-1], made.id, made.digest):
        assert (await refusal(house.admission.enter_by_invitation("Eve", token, "10.0.0.2"))).code.word == "gone"


async def test_of_many_at_one_moment_an_invitation_for_one_lets_one_in(app: App) -> None:
    made = host(app).call("POST", "/invitations", {"role": "guest", "kind": "once"}).json
    racing = (asyncio.to_thread(stranger(app).join, name=f"Fan {n}", invitation=made["token"]) for n in range(12))
    answers: list[Answer] = await asyncio.gather(*racing)
    assert sorted(answer.status for answer in answers) == [201] + [410] * 11
    assert [bool(answer.cookie) for answer in answers].count(True) == 1


async def test_an_invitation_is_no_token_and_a_token_no_invitation(app: App) -> None:
    invitation = host(app).call("POST", "/invitations", {"role": "engineer", "kind": "day"}).json["token"]
    token = host(app).call("POST", "/tokens", {"name": "Deck", "role": "engineer"}).json["token"]
    for shown in (invitation, f"rm_{invitation}"):
        assert Device(app, STRANGER | {"Authorization": f"Bearer {shown}"}).call("GET", "/desk").status == 401
    assert stranger(app).join(name="Eve", invitation=token).status == 410


# Cookies


async def test_a_cookie_with_any_one_byte_changed_is_nobodys(app: App) -> None:
    name, _, value = invited(app, "engineer").headers["Cookie"].partition("=")
    asked = app.admission.of_cookie
    assert asked(value)
    for place in range(len(value)):
        for put in {"A", "B", ".", "-", "", "AA", chr(ord(value[place]) ^ 1)} - {value[place]}:
            assert asked(value[:place] + put + value[place + 1 :]) is None, (place, put)
    for odd in (
        "",
        name,
        f" {value}",
        f"{value} ",
        value * 2,
        f'"{value}"',
        value.lower(),
        "%00",
        value + "=",
        "é" * 99,
    ):
        assert asked(odd) is None, odd


async def test_a_cookie_that_another_mixer_signed_or_without_a_session_is_nobodys(house: House, app: App) -> None:
    _, theirs = await house.join()
    assert app.admission.of_cookie(theirs) is None
    ours = Cookies(app.admission._cookies._signer.secret_keys[-1], house.clock)
    assert app.admission.of_cookie(ours.sign("A" * 22)) is None, "rightly signed, and given to nobody"


async def test_a_cookie_ends_with_its_thirty_days_with_its_person_and_with_signing_out(house: House) -> None:
    left, cookie = await house.join()
    await house.admission.leave(cookie)
    removed, second = await house.join()
    await house.admission.remove(removed)
    _, third = await house.join()
    house.clock.now += 30 * A_DAY + 1
    assert left != removed
    assert [house.admission.of_cookie(one) for one in (cookie, second, third)] == [None] * 3


@pytest.mark.parametrize("role", ["musician", "engineer"])
async def test_a_stolen_cookie_is_worth_nothing_once_its_person_is_removed(app: App, role: str) -> None:
    device = device_of(app, role)
    thief = Device(app, dict(device.headers))
    assert thief.call("PUT", f"/params/{OWN_SEND}", {"value": 0.2}).status == 200
    async with joined(app, "page", thief.headers) as page:
        host(app).call("DELETE", f"/people/{device.person}")
        assert (await page.until("bye"))["text"]
        await page.link.wait_closed()
    assert thief.call("PUT", f"/params/{OWN_SEND}", {"value": 0.3}).status == 401
    async with hand(app, "page", thief.headers) as page:
        assert (await page.hello())["code"] == "forbidden"


async def test_joining_always_makes_a_session_that_nobody_chose(app: App) -> None:
    name = f"remote-mixer-{app.port}"
    mallory = invited(app, "guest")
    for planted in (f"{name}=chosen", mallory.headers["Cookie"], f"{name}={'A' * 22}"):
        ann = Device(app, STRANGER | {"Cookie": planted})
        given = ann.join(name="Ann", pin=str(app.admission.pin))
        assert given.status == 201
        assert given.cookie not in ("", planted)
        former = Device(app, STRANGER | {"Cookie": planted}).call("GET", "/me").json
        assert former["role"] == "stranger"


async def test_a_removed_person_has_no_hand_left_in_memory(app: App) -> None:
    device = device_of(app, "engineer")
    async with joined(app, "page", device.headers) as page:
        await page.send(type="hold", path=MAIN)
        await until(lambda: app.desk.held() == {MAIN: "page"})
        host(app).call("DELETE", f"/people/{device.person}")
        assert app.desk.held() == {}
        assert all(client.caller == Caller(address="127.0.0.1") for client in app.hub.clients.all_open)
        await page.link.wait_closed()
