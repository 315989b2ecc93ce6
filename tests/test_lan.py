"""The addresses that phones are sent to."""

from __future__ import annotations

import ipaddress
import xml.etree.ElementTree as ET

import pytest

from remote_mixer import lan


def test_a_server_on_loopback_names_only_itself() -> None:
    assert lan.addresses("127.0.0.1", 5001) == [lan.Address("this computer", "127.0.0.1", "http://127.0.0.1:5001/")]


def test_a_server_on_one_address_names_only_that_one() -> None:
    assert [address.url for address in lan.addresses("192.168.7.2", 80)] == ["http://192.168.7.2:80/"]


def test_a_server_on_every_interface_never_sends_a_phone_to_itself_unless_there_is_no_network() -> None:
    found = lan.addresses("0.0.0.0", 5001)
    assert found
    assert len(found) == 1 or not any(ipaddress.ip_address(address.ip).is_loopback for address in found)


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
