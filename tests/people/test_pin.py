"""The PIN: created here, never easy, hashed, slow to guess; and the file of secrets."""

import asyncio
import errno
import json
import os
import stat
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_mixer.desk.refusal import Refusal
from remote_mixer.people import pin as module
from remote_mixer.people import secrets_file
from remote_mixer.people.identifiers import is_pin
from remote_mixer.people.tries import WRONG_AT_ONCE
from tests.people.admissions import House, hide_pin, refusal
from tests.support.waiting import until

DATED = "secrets-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9].json"
DAMAGED = (b"", b"{", b"[]", b'{"key": 7}', b'{"key": "c2hvcnQ="}', b"\xff" * 99, b"[" * 100_000, b'{"pin": "314159"}')


@pytest.mark.parametrize("easy", ["000000", "777777", "123456", "654321", "890123"])
def test_a_repeated_digit_and_digits_in_a_row_are_easy(easy: str) -> None:
    assert module.is_easy(easy)


def test_a_new_pin_is_six_digits_and_never_an_easy_one(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter("111111123456314159")
    monkeypatch.setattr("secrets.choice", lambda _: next(drawn))
    assert module.new_pin() == "314159"


TYPED = ["314159", "٣١٤١٥٩", "۳۱۴۱۵۹", "３１４１５９", "३१४१५९", "๓๑๔๑๕๙", " 314 159 ", "\u200f٣١٤١٥٩", "3１٤۱५๙"]


@pytest.mark.parametrize("typed", TYPED)
async def test_a_pin_opens_in_the_digits_of_any_script(
    house: House, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    check = house.admission._pin_check
    monkeypatch.setattr(check, "_secrets", replace(check._secrets, pin="314159"))
    assert (await house.admission.enter_by_pin("Ann", typed, "192.168.1.20"))[0].role == "engineer"
    for wrong in ("²³¹⁴⁵⁹", "③①④①⑤⑨", "三一四一五九", f"{typed}1", typed[:-1]):
        await refusal(house.admission.enter_by_pin("Eve", wrong, "192.168.1.66"))


@settings(deadline=None)
@given(st.text(max_size=8))
def test_nothing_but_six_plain_digits_is_a_pin(text: str) -> None:
    assert is_pin(text) == (len(text) == 6 and set(text) <= set("0123456789"))


def test_the_hash_is_argon2id_of_19_mebibytes_and_tells_right_from_wrong() -> None:
    hash_ = module.hash_pin("314159")
    assert hash_.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert module.verify(hash_, "314159")
    assert not module.verify(hash_, "314158")
    assert not module.verify("nonsense", "314159")


LARGER_THAN_ANY = 2**31
"""Kibibytes that no computer gives to one program."""


def test_without_memory_a_right_pin_is_no_wrong_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_ = module.hash_pin("314159")
    asked = hash_.replace(f"m={19 * 1024}", f"m={LARGER_THAN_ANY}")
    assert asked != hash_
    with pytest.raises(MemoryError):
        module.verify(asked, "314159")
    monkeypatch.setattr(module, "_HASHER", PasswordHasher(memory_cost=LARGER_THAN_ANY, parallelism=1))
    with pytest.raises(MemoryError):
        module.hash_pin("314159")


async def test_the_pin_survives_a_restart_and_differs_between_data_folders(house: House, tmp_path: Path) -> None:
    first = house.pin
    await house.admission.tidy()
    house.restart()
    assert house.pin == first
    assert {House(tmp_path / str(n)).pin for n in range(3)} != {first}


async def test_a_wrong_pin_is_refused_and_after_three_there_is_a_pause(house: House) -> None:
    for _ in range(3):
        assert (
            await refusal(house.admission.enter_by_pin("Eve", house.wrong_pin, "10.0.0.1"))
        ).code.word == "wrong-pin"
    refused = await refusal(house.admission.enter_by_pin("Eve", house.pin, "10.0.0.1"))
    assert (refused.code.word, refused.retry_after) == ("tries", 1)
    house.clock.now += 1
    await house.join(address="10.0.0.1")


@pytest.mark.parametrize("tried", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "1" * 100_000, None, 123456, ["1"]])
async def test_nonsense_is_a_wrong_pin(house: House, tried: str) -> None:
    assert (await refusal(house.admission.enter_by_pin("Eve", tried, "10.0.0.1"))).code.word == "wrong-pin"


async def test_while_many_guess_the_pin_cookies_and_invitations_still_work(house: House) -> None:
    _, cookie = await house.join()
    _, token = await house.admission.invite("guest", "", "day", by="Anna")
    for n in range(WRONG_AT_ONCE):
        await refusal(house.admission.enter_by_pin("Eve", house.wrong_pin, f"10.0.0.{n}"))
    assert (await refusal(house.join(address="10.1.1.1"))).code.word == "tries"
    assert house.admission.of_cookie(cookie)
    await house.admission.enter_by_invitation("Ben", token, "10.0.0.1")
    house.clock.now += 10
    await house.join(address="10.1.1.1")


async def test_a_new_pin_replaces_the_old_one_and_signs_nobody_out(house: House) -> None:
    _, cookie = await house.join()
    former = house.pin
    assert await house.admission.new_pin() == house.pin != former
    assert (await refusal(house.admission.enter_by_pin("Eve", former, "10.0.0.1"))).code.word == "wrong-pin"
    shown = house.pin
    house.restart()
    assert house.pin == shown
    assert house.admission.of_cookie(cookie)


async def test_a_pin_that_cannot_be_shown_still_admits_and_a_wrong_one_does_not(house: House) -> None:
    pin, wrong = house.pin, house.wrong_pin
    hide_pin(house.admission)
    assert house.admission.pin is None
    await house.admission.enter_by_pin("Anna", pin, "10.0.0.1")
    assert (await refusal(house.admission.enter_by_pin("Eve", wrong, "10.0.0.2"))).code.word == "wrong-pin"


async def test_hashing_keeps_the_loop_free(house: House) -> None:
    hide_pin(house.admission)
    coming = asyncio.gather(*(refusal(house.admission.enter_by_pin("Eve", "271828", f"10.0.0.{n}")) for n in range(6)))
    longest, before = 0.0, time.monotonic()
    while not coming.done():
        await asyncio.sleep(0)
        longest, before = max(longest, time.monotonic() - before), time.monotonic()
    assert longest < 0.5
    assert {fault.code.word for fault in await coming} == {"wrong-pin"}


async def test_of_many_simultaneous_guesses_few_are_hashed_and_the_rest_are_refused(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []

    def verify(_: str, tried: str) -> bool:
        hashed.append(tried)
        return False

    monkeypatch.setattr(module, "verify", verify)
    hide_pin(house.admission)
    guesses = [refusal(house.admission.enter_by_pin("Eve", "271828", f"10.0.{n // 250}.{n % 250}")) for n in range(400)]
    faults = await asyncio.gather(*guesses)
    assert len(hashed) <= WRONG_AT_ONCE + module.HASHES_AT_ONCE
    assert sum(fault.code.word == "tries" for fault in faults) == 400 - len(hashed)


async def test_when_the_queue_is_full_the_next_try_is_refused_with_a_time_to_wait(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    pin = house.pin
    hide_pin(house.admission)
    coming = [house.admission.enter_by_pin("Anna", pin, f"10.0.0.{n}") for n in range(6)]
    came = await asyncio.gather(*coming, return_exceptions=True)
    refused = [one for one in came if isinstance(one, Refusal)]
    assert {(fault.code.word, fault.retry_after) for fault in refused} == {("tries", 5)}
    assert len(refused) == 6 - 2 - module.HASHES_AT_ONCE


# The file


async def test_only_the_owner_may_read_the_secrets(house: House) -> None:
    await house.admission.tidy()
    file = house.folder / secrets_file.FILE_NAME
    assert json.loads(file.read_text())["pin"] == house.pin
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)
        house.restart()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in house.folder.iterdir()] == [secrets_file.FILE_NAME]


@pytest.mark.parametrize("found", DAMAGED)
async def test_a_damaged_file_is_renamed_byte_for_byte_with_a_notice(house: House, found: bytes) -> None:
    await house.admission.tidy()
    _, cookie = await house.join()
    pin = house.pin
    (house.folder / secrets_file.FILE_NAME).write_bytes(found)
    admission = house.restart()
    (kept,) = house.folder.glob(DATED)
    assert kept.read_bytes() == found
    assert any(kept.name in notice for notice in admission.notices)
    assert admission.of_cookie(cookie) is None
    assert admission.pin is None
    await admission.enter_by_pin("Anna", pin, "10.0.0.1")
    assert not any(kept.name in notice for notice in house.restart().notices)


async def test_a_pin_in_the_file_that_does_not_match_the_hash_is_not_shown(house: House) -> None:
    await house.admission.tidy()
    file = house.folder / secrets_file.FILE_NAME
    file.write_text(json.dumps({**json.loads(file.read_text()), "pin": house.wrong_pin}))
    admission = house.restart()
    assert admission.pin is None
    assert any("cannot be shown" in notice for notice in admission.notices)
    assert await admission.new_pin() == house.restart().pin


async def test_a_data_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(Refusal, match=r"secrets\.json cannot be used"):
        House(tmp_path / "data")


async def test_two_simultaneous_new_pins_leave_one_that_is_shown_after_a_restart(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A double tap: the slower write must not restore the first PIN, which is no longer valid."""
    write, second_is_done, slowly = secrets_file.write, threading.Event(), iter((True, False))

    def slow(folder: Path, known: secrets_file.Secrets) -> None:
        if next(slowly):
            second_is_done.wait(0.2)
        write(folder, known)
        second_is_done.set()

    monkeypatch.setattr(secrets_file, "write", slow)
    await asyncio.gather(house.admission.new_pin(), house.admission.new_pin())
    pin = house.pin
    assert house.restart().pin == pin


async def test_a_pin_change_that_the_database_refuses_does_not_happen(house: House) -> None:
    await house.admission.tidy()
    former = house.pin
    house.store.is_full = True
    assert (await refusal(house.admission.new_pin())).code.word == "not-kept"
    assert house.pin == former
    house.store.is_full = False
    await house.admission.tidy()  # what could not be written is written now: it has to be the old PIN
    for _ in range(2):
        assert house.pin == former
        await house.join()
        assert [notice for notice in house.restart().notices if "PIN" in notice] == []


async def test_a_pin_change_that_its_file_refuses_does_not_happen(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.admission.tidy()
    former = house.pin

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(secrets_file, "write_private", full)
    assert (await refusal(house.admission.new_pin())).code.word == "not-kept"
    monkeypatch.undo()
    for _ in range(2):
        assert house.pin == former
        await house.join()
        await house.admission.tidy()
        house.restart()


async def test_a_pin_change_whose_page_leaves_meanwhile_happens_whole(house: House) -> None:
    await house.admission.tidy()
    former = house.pin
    house.store.writable.clear()
    changing = asyncio.create_task(house.admission.new_pin())
    await until(lambda: json.loads((house.folder / "secrets.json").read_text())["pin"] != former)
    changing.cancel()
    await asyncio.wait({changing})
    house.store.writable.set()
    await until(lambda: house.pin != former)
    assert house.restart().pin == house.pin
    await house.join()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are of POSIX")
async def test_a_pipe_in_place_of_the_secrets_is_set_aside_and_not_waited_for(house: House) -> None:
    await house.admission.tidy()
    file = house.folder / secrets_file.FILE_NAME
    file.unlink()
    os.mkfifo(file)
    admission = house.restart()
    (kept,) = house.folder.glob(DATED)
    assert any(kept.name in notice for notice in admission.notices)
