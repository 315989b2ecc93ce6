"""Limit on wrong PINs: pauses per address, and a common limit for all addresses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_mixer.people import tries as module
from remote_mixer.people.tries import MOST_ADDRESSES, PACE_SECONDS, WRONG_AT_ONCE, Tries, one_network
from tests.people.admissions import Clock


def a_try(tries: Tries, address: str) -> None:
    tries.begin(address)
    tries.wrong()


def test_after_three_free_tries_the_pauses_double_up_to_five_minutes() -> None:
    clock = Clock()
    tries = Tries(clock)
    waits = []
    for _ in range(14):
        waits.append(tries.wait("192.168.1.5"))
        clock.now += waits[-1]
        tries.begin("192.168.1.5")
    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_wrong_tries_of_one_address_delay_no_other() -> None:
    tries = Tries(Clock())
    for _ in range(10):
        tries.begin("192.168.1.5")
    assert tries.wait("192.168.1.5") > 0
    assert tries.wait("192.168.1.6") == 0


def test_simultaneous_tries_are_counted_before_they_are_known_to_be_wrong() -> None:
    tries = Tries(Clock())
    for _ in range(3):
        tries.begin("192.168.1.5")
    assert tries.wait("192.168.1.5") > 0


def test_the_right_pin_resets_the_count_of_its_address() -> None:
    tries = Tries(Clock())
    for _ in range(3):
        tries.begin("192.168.1.5")
    tries.right("192.168.1.5")
    assert tries.wait("192.168.1.5") == 0


def test_after_an_hour_without_a_try_the_count_of_an_address_starts_again() -> None:
    clock = Clock()
    tries = Tries(clock)
    for _ in range(9):
        tries.begin("192.168.1.5")
    clock.now += 3600
    tries.begin("192.168.1.5")
    assert tries.wait("192.168.1.5") == 0


def test_wrong_pins_from_many_addresses_delay_everybody_and_are_forgotten_one_by_one() -> None:
    clock = Clock()
    tries = Tries(clock)
    for n in range(WRONG_AT_ONCE):
        assert tries.wait(f"10.0.0.{n}") == 0
        a_try(tries, f"10.0.0.{n}")
    assert 0 < tries.wait("10.9.9.9") <= PACE_SECONDS
    clock.now += tries.wait("10.9.9.9") + 1e-6
    assert tries.wait("10.9.9.9") == 0
    a_try(tries, "10.9.9.9")
    assert tries.wait("10.9.9.8") > 0


def test_in_a_night_any_number_of_addresses_tries_less_than_one_pin_in_three_hundred() -> None:
    clock = Clock()
    tries = Tries(clock)
    tried, end = 0, clock.now + 8 * 3600
    while clock.now < end:
        address = f"10.{tried // 65536}.{tried // 256 % 256}.{tried % 256}"
        clock.now += tries.wait(address) + 1e-6
        a_try(tries, address)
        tried += 1
    assert tried < 1_000_000 / 300


@pytest.mark.parametrize("address", ["2001:db8:1:2::1", "2001:db8:1:2:ffff::7", "2001:0db8:0001:0002:1:2:3:4"])
def test_an_ipv6_network_of_64_bits_counts_as_one_address(address: str) -> None:
    assert one_network(address) == one_network("2001:db8:1:2::")
    assert one_network(address) != one_network("2001:db8:1:3::")


def test_a_mapped_ipv4_address_counts_as_the_ipv4_address_and_a_zone_makes_no_difference() -> None:
    assert one_network("::ffff:192.168.1.5") == one_network("192.168.1.5") != one_network("192.168.1.6")
    assert one_network("fe80::1%eth0") == one_network("fe80::2%wlan0")


def test_remembered_addresses_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ADDRESSES", 100)
    tries = Tries(Clock())
    for n in range(1000):
        tries.begin(f"10.0.{n // 256}.{n % 256}")
    assert len(tries._addresses) == 100
    assert MOST_ADDRESSES <= 10_000


@settings(deadline=None)
@given(st.text())
def test_any_text_is_accepted_as_an_address(address: str) -> None:
    tries = Tries(Clock())
    tries.begin(address)
    assert tries.wait(address) == 0
    assert len(one_network(address)) <= 64
