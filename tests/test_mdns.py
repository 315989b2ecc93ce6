"""The name on the network, as another computer receives it; all of it on loopback, under names of this run alone."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from zeroconf import AddressResolverIPv4, ServiceInfo, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from remote_mixer import __version__
from remote_mixer.mdns import announcer as announcing
from remote_mixer.mdns import claim as claims
from remote_mixer.mdns.announcer import Announcer
from remote_mixer.mdns.claim import SERVICE, Claim, NameListener
from tests.support.waiting import PATIENCE_SECONDS, until

HERE = ["127.0.0.1"]
PORT = 5001
ANSWER_MS = 3000


@pytest.fixture(autouse=True)
def own_names(monkeypatch: pytest.MonkeyPatch) -> str:
    """Keep apart from whatever else on this computer is announced on loopback."""
    mark = time.monotonic_ns()
    monkeypatch.setattr(claims, "HOST_NAME", f"mixer-{mark}")
    monkeypatch.setattr(claims, "TITLE", f"Mixer {mark}")
    return f"mixer-{mark}"


@pytest_asyncio.fixture
async def other() -> AsyncIterator[AsyncZeroconf]:
    """Another computer on the network."""
    async with AsyncZeroconf(interfaces=HERE) as network:
        yield network


@asynccontextmanager
async def announced(port: int = PORT, on_rename: Callable[[], None] = lambda: None) -> AsyncIterator[Announcer]:
    """Announce a server, and go on at once, as the program does: what dies in the background fails the test."""
    async with asyncio.TaskGroup() as tasks:
        ours = Announcer(lambda work: tasks.create_task(work()), on_rename)
        await ours.announce(HERE, port)
        try:
            yield ours
        finally:
            await ours.withdraw()


async def test_a_goodbye_that_is_cut_short_leaves_no_socket_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the server's end cancels for the second time what is ending already."""
    parting, opened = asyncio.Event(), list[AsyncZeroconf]()

    async def part(network: AsyncZeroconf) -> None:
        opened.append(network)
        parting.set()
        await asyncio.sleep(PATIENCE_SECONDS)

    monkeypatch.setattr(claims, "GOODBYE_SECONDS", PATIENCE_SECONDS)
    async with asyncio.TaskGroup() as tasks:
        named = asyncio.Event()
        held = tasks.create_task(claims.hold_name(HERE, PORT, lambda _: named.set()))
        await named.wait()
        monkeypatch.setattr(AsyncZeroconf, "async_unregister_all_services", part)
        held.cancel()
        await parting.wait()
        monkeypatch.undo()
        held.cancel()
    assert opened[0].zeroconf.done
    assert all(reader.transport.is_closing() for reader in opened[0].zeroconf.engine.readers)


async def address_of(network: AsyncZeroconf, name: str) -> list[str]:
    """Return the addresses that a browser gets for a name it has not asked for before."""
    asked = AddressResolverIPv4(f"{name}.")
    await asked.async_request(network.zeroconf, ANSWER_MS)
    return asked.parsed_addresses()


async def service_of(network: AsyncZeroconf, title: str) -> AsyncServiceInfo | None:
    return await network.async_get_service_info(SERVICE, f"{title}.{SERVICE}", ANSWER_MS)


def test_the_name_is_the_one_that_the_documents_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    first, second = Claim.number(1, ("10.0.0.1",), PORT), Claim.number(2, ("10.0.0.1",), PORT)
    assert (first.name, first.instance) == ("remote-mixer.local", "Remote Mixer")
    assert (second.name, second.instance) == ("remote-mixer-2.local", "Remote Mixer 2")


async def test_another_computer_finds_the_name_and_the_service_with_its_port(
    other: AsyncZeroconf, own_names: str
) -> None:
    async with announced() as ours:
        await until(lambda: ours.name)
        assert ours.name == f"{own_names}.local"
        assert await address_of(other, ours.name) == HERE
        service = await service_of(other, claims.TITLE)
        assert service is not None
        assert (service.port, service.server) == (PORT, f"{ours.name}.")
        assert service.decoded_properties == {"path": "/", "version": __version__}


async def test_a_browser_of_web_pages_lists_the_mixer(other: AsyncZeroconf) -> None:
    seen: list[str] = []
    browser = AsyncServiceBrowser(other.zeroconf, SERVICE, handlers=[lambda **found: seen.append(found["name"])])
    async with announced():
        await until(lambda: f"{claims.TITLE}.{SERVICE}" in seen)
    await browser.async_cancel()


async def test_announcing_keeps_nobody_waiting() -> None:
    async with asyncio.timeout(0.2), announced() as ours:
        assert ours.name is None


async def test_a_second_server_gets_another_name(other: AsyncZeroconf, own_names: str) -> None:
    async with announced() as first:
        await until(lambda: first.name)
        async with announced(PORT + 1) as second:
            await until(lambda: second.name)
            assert (first.name, second.name) == (f"{own_names}.local", f"{own_names}-2.local")
            service = await service_of(other, f"{claims.TITLE} 2")
            assert service is not None
            assert (service.port, service.server) == (PORT + 1, f"{second.name}.")


async def test_of_two_servers_that_start_at_once_the_lower_keeps_the_name(
    own_names: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "PROBE_SECONDS", 1.0)  # both probe before either has the name, on a busy machine too
    both, load = threading.Barrier(2), announcing._load

    def load_beside_the_other() -> object:
        found = load()
        both.wait(PATIENCE_SECONDS)
        return found

    monkeypatch.setattr(announcing, "_load", load_beside_the_other)
    async with announced(PORT + 1) as higher, announced() as lower:
        await until(lambda: (lower.name, higher.name) == (f"{own_names}.local", f"{own_names}-2.local"))


async def test_a_name_that_somebody_elses_computer_has_is_not_taken(other: AsyncZeroconf, own_names: str) -> None:
    host = f"{own_names}.local."
    printer = ServiceInfo("_ipp._tcp.local.", f"P{own_names}._ipp._tcp.local.", 631, server=host)
    printer.addresses = [socket.inet_aton("127.9.9.9")]
    await other.async_register_service(printer, cooperating_responders=True)
    async with announced() as ours:
        await until(lambda: ours.name)
        assert ours.name == f"{own_names}-2.local"


async def test_a_name_that_is_lost_later_is_given_up_and_said_so(other: AsyncZeroconf, own_names: str) -> None:
    names: list[str | None] = []
    async with announced(on_rename=lambda: names.append(ours.name)) as ours:
        await until(lambda: ours.name)
        lower = Claim(f"{own_names}.local", claims.TITLE, ("127.0.0.0",), PORT)
        await other.async_register_service(lower.info(), cooperating_responders=True)
        await until(lambda: ours.name == f"{own_names}-2.local")
        assert names == [f"{own_names}.local", None, f"{own_names}-2.local"]


async def test_one_that_should_give_way_learns_that_the_name_is_ours(other: AsyncZeroconf, own_names: str) -> None:
    async with announced() as ours:
        await until(lambda: ours.name)
        higher = Claim(f"{own_names}.local", claims.TITLE, ("127.0.0.9",), PORT)
        listener = NameListener(higher)
        other.zeroconf.async_add_listener(listener, None)
        await other.async_register_service(higher.info(), cooperating_responders=True)
        await until(lambda: listener.beaten)
        assert ours.name == f"{own_names}.local"


async def test_withdrawing_says_goodbye_at_once_and_the_name_is_gone(other: AsyncZeroconf) -> None:
    async with announced() as ours:
        await until(lambda: ours.name)
        host = f"{ours.name}."
        await until(lambda: other.zeroconf.cache.entries_with_name(host))
        async with asyncio.timeout(0.6):
            await ours.withdraw()
        await until(lambda: not other.zeroconf.cache.entries_with_name(host))
        assert ours.name is None


async def test_a_server_is_found_at_its_new_place_after_a_change(other: AsyncZeroconf, own_names: str) -> None:
    async with announced() as ours:
        await until(lambda: ours.name)
        await ours.announce(HERE, PORT + 1)
        await until(lambda: ours.name)
        assert ours.name == f"{own_names}.local"
        service = await service_of(other, claims.TITLE)
        assert service is not None
        assert service.port == PORT + 1


async def test_the_same_addresses_again_leave_the_name_alone() -> None:
    names: list[str | None] = []
    async with announced(on_rename=lambda: names.append(ours.name)) as ours:
        await until(lambda: ours.name)
        await ours.announce(HERE, PORT)
        assert len(names) == 1


async def test_without_an_address_nothing_is_announced() -> None:
    async with announced() as ours:
        await until(lambda: ours.name)
        await ours.announce([], PORT)
        assert ours.name is None
        assert ours._task is None


async def test_a_network_that_takes_no_multicast_is_said_once_and_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[int] = []

    def refuse(**_: object) -> AsyncZeroconf:
        tries.append(1)
        raise OSError(errno.ENODEV, "No such device")

    with monkeypatch.context() as broken:
        broken.setattr(announcing, "RETRY_SECONDS", 0.01)
        broken.setattr(claims, "AsyncZeroconf", refuse)
        async with announced() as ours:
            await until(lambda: len(tries) > 3)
            broken.setattr(claims, "AsyncZeroconf", AsyncZeroconf)
            await until(lambda: ours.name)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "no name on the network: the network takes no multicast. Phones open its address in digits or scan its code."
    ]


async def test_an_announcement_that_gets_lost_is_no_name(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Zeroconf, "async_send", lambda *_, **__: None)
    async with announced() as ours:
        await until(lambda: "gets lost" in caplog.text)
        assert ours.name is None


async def test_a_port_that_another_program_keeps_to_itself_is_said_in_plain_words(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> AsyncZeroconf:
        raise OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))

    monkeypatch.setattr(claims, "AsyncZeroconf", refuse)
    async with announced():
        await until(lambda: "another program keeps port 5353 to itself" in caplog.text)


async def test_no_name_is_left_when_others_have_them_all(
    other: AsyncZeroconf, own_names: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(claims, "MOST_NAMES", 1)
    theirs = Claim(f"{own_names}.local", claims.TITLE, ("127.0.0.9",), PORT)
    await other.async_register_service(theirs.info(), cooperating_responders=True)
    async with announced() as ours:
        await until(lambda: "others have all 1 names" in caplog.text)
        assert ours.name is None
