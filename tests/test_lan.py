"""The addresses that phones are sent to."""

from __future__ import annotations

import asyncio
import ipaddress
import xml.etree.ElementTree as ET

import pytest

from remote_mixer import lan
from tests.support.waiting import until


def test_a_server_on_loopback_names_only_itself() -> None:
    assert lan.addresses("127.0.0.1", 5001) == [lan.Address("this computer", "127.0.0.1", "http://127.0.0.1:5001/")]


def test_a_server_on_one_address_names_only_that_one() -> None:
    assert [address.url for address in lan.addresses("192.168.7.2", 80)] == ["http://192.168.7.2:80/"]


def test_a_server_on_every_interface_never_sends_a_phone_to_itself_unless_there_is_no_network() -> None:
    found = lan.addresses("0.0.0.0", 5001)
    assert found
    assert len(found) == 1 or not any(ipaddress.ip_address(address.ip).is_loopback for address in found)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("::", ["http://[fd00::2]:5001/", "http://[2001:db8::2]:5001/"]), ("0.0.0.0", ["http://127.0.0.1:5001/"])],
)
def test_on_a_network_of_ipv6_alone_a_server_for_both_names_the_addresses_that_a_phone_can_open(
    monkeypatch: pytest.MonkeyPatch, host: str, shown: list[str]
) -> None:
    addresses = [
        ("lo", "::1"),
        ("docker0", "fd01::1"),
        ("eth0", "fe80::1"),
        ("eth0", "fd00::2"),
        ("eth0", "2001:db8::2"),
    ]
    monkeypatch.setattr(lan, "_adapters", lambda: iter([("lo", "127.0.0.1")]))
    monkeypatch.setattr(lan, "_ipv6_adapters", lambda: iter(addresses))
    assert [address.url for address in lan.addresses(host, 5001)] == shown


@pytest.mark.parametrize(
    "name", ["docker0", "veth12ab", "br-9f0c", "vEthernet (WSL)", "vmnet8", "utun3", "tailscale0", "virbr0", "zt5u4"]
)
def test_networks_that_no_phone_is_on_are_left_out(name: str) -> None:
    assert lan.reachable([(name, "172.17.0.1"), ("en0", "10.0.0.4")]) == [("en0", "10.0.0.4")]


@pytest.mark.parametrize("name", ["eth0", "wlan0", "en0", "Wi-Fi", "Ethernet 2", "br0", "WLAN"])
def test_networks_that_a_phone_may_be_on_stay(name: str) -> None:
    assert lan.reachable([(name, "192.168.1.9")]) == [(name, "192.168.1.9")]


def test_loopback_and_link_local_addresses_are_left_out() -> None:
    assert lan.reachable([("lo", "127.0.0.1"), ("eth0", "169.254.3.4")]) == []


def test_the_address_we_send_from_comes_first_and_public_ones_last() -> None:
    found = [("eth1", "8.8.4.4"), ("eth2", "192.168.0.2"), ("wlan0", "10.1.2.3")]
    assert [ip for _, ip in lan.rank(found, "10.1.2.3")] == ["10.1.2.3", "192.168.0.2", "8.8.4.4"]
    assert [ip for _, ip in lan.rank(found, None)][-1] == "8.8.4.4"


@pytest.mark.parametrize(("host", "url"), [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("10.0.0.9", "10.0.0.9")])
def test_this_computer_opens_loopback_wherever_the_server_listens_there(host: str, url: str) -> None:
    assert lan.local_url(host, 5001) == f"http://{url}:5001/"


@pytest.mark.parametrize(
    ("host", "only_here"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("::ffff:192.168.1.20", False),
        ("192.168.1.20", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_a_loopback_host_is_known_by_name_and_by_address_also_an_ipv4_one_within_ipv6(
    host: str, only_here: bool
) -> None:
    assert lan.is_loopback(host) is only_here


class Looks:
    """What a watch sees, look after look; the last for good. Counts them, and keeps what was called a change."""

    def __init__(self, *seen: str | OSError) -> None:
        self.left, self.count = list(seen), 0
        self.told: list[str] = []

    def look(self) -> list[lan.Address]:
        self.count += 1
        now = self.left.pop(0) if len(self.left) > 1 else self.left[0]
        if isinstance(now, OSError):
            raise now
        return lan.addresses(now, 5001)

    async def changed(self, addresses: list[lan.Address]) -> None:
        self.told += [address.ip for address in addresses]

    async def watched(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Watch until all has been seen, and twice more; return what was told."""
        monkeypatch.setattr(lan, "WATCH_SECONDS", 0.001)
        looks = len(self.left)
        watch = asyncio.create_task(lan.watch(self.look, self.changed))
        await until(lambda: self.count > looks + 2)
        watch.cancel()
        return self.told


async def test_a_watch_tells_each_change_once_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Looks("192.168.1.20", "192.168.1.20", "10.0.0.4", "10.0.0.4", "192.168.1.20")
    assert await looks.watched(monkeypatch) == ["10.0.0.4", "192.168.1.20"]


async def test_a_watch_outlives_a_moment_in_which_the_system_has_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Looks("192.168.1.20", OSError("not now"), "192.168.1.20", "10.0.0.4")
    assert await looks.watched(monkeypatch) == ["10.0.0.4"]


async def test_a_watch_sees_the_adapters_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    adapters = [("wlan0", "192.168.1.20")]
    told: list[list[lan.Address]] = []

    async def changed(addresses: list[lan.Address]) -> None:
        told.append(addresses)

    monkeypatch.setattr(lan, "_adapters", lambda: iter(adapters))
    monkeypatch.setattr(lan, "WATCH_SECONDS", 0.001)
    watch = asyncio.create_task(lan.watch(lambda: lan.addresses("0.0.0.0", 80), changed))
    await asyncio.sleep(0)  # the watch has had its first look
    adapters[:] = [("docker0", "172.17.0.1"), ("wlan1", "10.0.0.4")]
    await until(lambda: told)
    assert told == [[lan.Address("wlan1", "10.0.0.4", "http://10.0.0.4:80/")]]
    watch.cancel()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "fd00::2", "mixer.lan", "169.254.1.2"])
def test_an_address_that_others_cannot_reach_or_that_is_none_is_not_announced(host: str) -> None:
    assert lan.outward(lan.addresses(host, 5001)) == []


def test_an_address_of_the_room_is_announced() -> None:
    assert lan.outward(lan.addresses("192.168.1.20", 5001)) == ["192.168.1.20"]


def test_an_ipv6_host_gets_its_brackets() -> None:
    assert lan.url_of("fd00::2", 5001) == "http://[fd00::2]:5001/"


def test_the_picture_of_a_code_is_an_svg_without_a_script_and_with_a_light_ground() -> None:
    picture = ET.fromstring(lan.qr_svg("http://192.168.1.20:5001/"))
    assert picture.tag.endswith("svg")
    assert {child.tag.rpartition("}")[2] for child in picture} == {"path"}
    assert picture[0].get("fill") == "#fff"


def test_the_code_in_a_terminal_is_as_wide_in_every_line_and_fits_a_small_one() -> None:
    lines = lan.qr_terminal("http://192.168.100.200:5001/")
    widths = {len(line) - len("\x1b[97;40m\x1b[0m") for line in lines}
    assert len(widths) == 1
    assert widths.pop() <= 40
    assert len(lines) <= 18
