"""Where phones find the program: what a page and the network hear when that changes, and when nobody could reach it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from remote_mixer import lan
from remote_mixer.mdns import claim
from remote_mixer.mdns.announcer import Announcer
from remote_mixer.web.same_origin import host_is_ours, own_names
from tests.support.running import hand, joined, running
from tests.support.waiting import until

HOME = lan.Address("wlan0", "192.168.1.20", "http://192.168.1.20:5001/")
HALL = lan.Address("wlan0", "10.20.30.40", "http://10.20.30.40:5001/")

Announced = list[tuple[list[str], int]]


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> Announced:
    """What would be announced; nothing leaves the computer."""
    asked: Announced = []

    async def announce(_: Announcer, addresses: Sequence[str], port: int) -> None:
        asked.append((list(addresses), port))

    monkeypatch.setattr(Announcer, "announce", announce)
    monkeypatch.setattr(lan, "WATCH_SECONDS", 0.01)
    return asked


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> list[lan.Address]:
    """The addresses that the program finds; the test moves it elsewhere."""
    found = [HOME]
    monkeypatch.setattr(lan, "addresses", lambda _host, _port: list(found))
    return found


async def test_when_the_wifi_changes_an_open_page_hears_the_new_addresses(
    tmp_path: Path, announced: Announced, places: list[lan.Address]
) -> None:
    with running(tmp_path) as app:
        async with joined(app, "anne") as anne:
            places[:] = [HALL]
            frame = await anne.until("join")
            assert [address["url"] for address in frame["addresses"]] == [HALL.url]
        await until(lambda: announced[-1] == ([HALL.ip], app.port))
        assert announced[0] == ([HOME.ip], app.port)


async def test_a_welcome_tells_addresses_and_name(tmp_path: Path, announced: Announced) -> None:
    with running(tmp_path) as app:
        app.hub.local_name = "remote-mixer-2.local"
        async with hand(app, "anne") as anne:
            join = (await anne.hello())["join"]
        assert join["name"] == "remote-mixer-2.local"
        assert [address["ip"] for address in join["addresses"]] == ["127.0.0.1"]


async def test_a_server_that_nobody_else_can_reach_announces_nothing(tmp_path: Path, announced: Announced) -> None:
    with running(tmp_path) as app:
        await until(lambda: announced)
        assert announced == [([], app.port)]


async def test_a_page_hears_the_name_once_the_network_knows_it_and_the_stop_stays_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = f"mixer-{time.monotonic_ns()}"
    monkeypatch.setattr(claim, "HOST_NAME", ours)
    monkeypatch.setattr(claim, "TITLE", ours)
    monkeypatch.setattr(lan, "outward", lambda _: ["127.0.0.1"])
    with running(tmp_path) as app:
        async with joined(app, "anne") as anne:
            assert await anne.until("join", name=f"{ours}.local")
        stopped = time.monotonic()
        app.stop()
        assert time.monotonic() - stopped < 1.0


def test_every_name_that_may_be_announced_passes_the_check_of_hosts() -> None:
    names = [claim.Claim.number(number, ("10.0.0.1",), 1).name for number in range(1, claim.MOST_NAMES + 1)]
    assert all(host_is_ours(f"{name}:5001", own_names()) for name in names)
