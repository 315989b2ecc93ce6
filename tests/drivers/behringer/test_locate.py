"""Locating a console: the address that was written, the name that is known, and who answers in its stead."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from remote_mixer.drivers.base import DriverError, Setup
from remote_mixer.drivers.behringer import find, locate
from remote_mixer.drivers.behringer.driver import X32, XAir
from remote_mixer.drivers.behringer.lifecycle import Lifecycle
from remote_mixer.drivers.behringer.locate import Locator
from remote_mixer.drivers.behringer.xair import FAMILY
from remote_mixer.drivers.osc import encode
from remote_mixer.drivers.osc_line import Line
from remote_mixer.drivers.place import Place, place_of
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.joined import joined
from tests.support.waiting import PATIENCE_SECONDS, until

ELSEWHERE = "127.0.0.9"


@asynccontextmanager
async def at(host: str, port: int, name: str) -> AsyncIterator[Simulator]:
    """Have a console stand at an address."""
    console = await Simulator("xr12", name).start(host, port)
    try:
        yield console
    finally:
        await console.stop()


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a search ask the one other address that these tests use."""
    monkeypatch.setattr(find, "broadcast_for", lambda host: ELSEWHERE)


async def known(name: str) -> tuple[Locator, int]:
    """Return the locator of a console that was located once and is switched off since, and its port."""
    async with Simulator("xr12", name) as console:
        locator = Locator(Place(*console.address), FAMILY)
        located = await locator.locate(PATIENCE_SECONDS)
        assert located.found.name == name
        locator.opened(located)
        return locator, console.address[1]


@pytest.mark.usefixtures("network")
async def test_a_console_at_a_new_address_is_found_again_by_its_name() -> None:
    locator, port = await known("Church")
    async with at(ELSEWHERE, port, "Church"):
        assert (await locator.locate(PATIENCE_SECONDS)).found.host == ELSEWHERE


@pytest.mark.usefixtures("network")
async def test_a_console_to_whose_old_address_there_is_no_way_is_sought_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locator, port = await known("Church")
    go = Line.connect

    async def without_a_way(line: Line, host: str, port: int) -> Line:
        if host != ELSEWHERE:
            raise DriverError(f"There is no way to {host}.")
        return await go(line, host, port)

    monkeypatch.setattr(Line, "connect", without_a_way)
    async with at(ELSEWHERE, port, "Church"):
        assert (await locator.locate(PATIENCE_SECONDS)).found.host == ELSEWHERE
    with pytest.raises(DriverError, match="Check that it is switched on"):
        await locator.locate(0.1)


@pytest.mark.usefixtures("network")
async def test_of_two_consoles_that_swapped_their_addresses_each_is_taken_for_itself() -> None:
    locator, port = await known("Church")
    async with at("127.0.0.1", port, "Youth hall"), at(ELSEWHERE, port, "Church"):
        located = await locator.locate(PATIENCE_SECONDS)
    assert (located.found.name, located.found.host, located.notice) == ("Church", ELSEWHERE, "")


@pytest.mark.usefixtures("network")
async def test_another_console_is_taken_where_the_known_one_is_nowhere_and_that_is_said_until_it_is_opened() -> None:
    locator, port = await known("Church")
    async with at("127.0.0.1", port, "Youth hall"):
        for _ in range(2):
            located = await locator.locate(PATIENCE_SECONDS)
            assert located.found.name == "Youth hall"
            assert "now answers “Youth hall”, and “Church” is nowhere" in located.notice
        locator.opened(located)
        assert (await locator.locate(PATIENCE_SECONDS)).notice == "", (
            "a console that was given another name is known by it then"
        )


@pytest.mark.usefixtures("network")
async def test_what_is_said_of_another_console_outlasts_an_opening_that_fails_and_stays_beside_other_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[str] = []
    consult = Lifecycle.consult

    async def silent_once(lifecycle: Lifecycle) -> None:
        if not failed:
            failed.append("Youth hall")
            raise DriverError("The console does not answer any more.")
        await consult(lifecycle)

    async with (
        Simulator("xr12", "Church") as console,
        joined(tmp_path, simulator=console, offline_seconds=0.5) as there,
    ):
        console.power(on=False)
        await there.status("offline")
        monkeypatch.setattr(Lifecycle, "consult", silent_once)
        console.console.move("/-prefs/name", "Youth hall")
        console.power(on=True)
        await there.status("online")
        assert failed
        console.recall(3)
        await until(lambda: "The console recalled or saved scene 3" in str(there.value("notice")))
        assert "“Church” is nowhere" in str(there.value("notice"))


async def test_what_answers_is_listed_and_nonsense_is_not() -> None:
    async with Simulator("xr12", "Ch\nurch") as simulator:
        host, port = simulator.address
        (found,) = await find.find(port, host, seconds=0.2)
        assert (found.host, found.name, found.model) == (host, "Ch urch", "XR12")
    for raw in (b"\xff", encode("/xinfo"), encode("/xinfo", 1), encode("/status", "a", "b", "c", "d")):
        assert find.found_in(raw, host) is None


def test_a_search_for_a_console_on_this_machine_stays_on_this_machine() -> None:
    assert find.broadcast_for("127.0.0.1") == find.THIS_MACHINE
    assert find.broadcast_for("192.168.1.32") == find.broadcast_for("foh.local") == find.BROADCAST


async def test_nobody_there_or_the_wrong_family_is_said() -> None:
    async with Simulator("x32") as simulator:
        with pytest.raises(DriverError, match="none of the Behringer X Air"):
            await Locator(Place(*simulator.address), FAMILY).locate(PATIENCE_SECONDS)
    with pytest.raises(DriverError, match="Check that it is switched on"):
        await Locator(Place(*simulator.address), FAMILY).locate(0.1)
    with pytest.raises(DriverError, match="no way to"):
        await locate.ask("no.such.host.invalid", 10024)


@pytest.mark.parametrize(
    ("spec", "place"),
    [
        ("//192.168.1.32", Place("192.168.1.32", 10024)),
        ("//foh.local:4000", Place("foh.local", 4000)),
        ("", Place("", 10024)),
        ("//10.0.0.2/", Place("10.0.0.2", 10024)),
    ],
)
def test_an_address_may_have_a_port_or_be_left_out(spec: str, place: Place) -> None:
    assert place_of(spec, FAMILY.word, FAMILY.port) == place


@pytest.mark.parametrize("spec", ["//a:b", "//a:0", "//a:70000", "//:10023", "//a b", "//a/b/c"])
@pytest.mark.parametrize("kind", [X32, XAir])
def test_an_address_that_is_none_is_refused_with_a_sentence(tmp_path: Path, spec: str, kind: type) -> None:
    with pytest.raises(ValueError, match="write x"):
        kind(Setup("band", spec, tmp_path))
