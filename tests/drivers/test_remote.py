"""A console of another Remote Mixer, as a console here: two whole programs, one at each end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from remote_mixer.app import App
from remote_mixer.desk import layout_reader
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.demo import Demo
from remote_mixer.drivers.remote import Remote
from tests.support.running import Hand, joined, online, running
from tests.support.waiting import until

HERE, THERE = "hall/ch1/fader", "band/ch1/fader"


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The other server, with two consoles: the second one's meters come after the first one's."""
    with running(tmp_path_factory.mktemp("other"), ("x", "demo:2"), ("band", "demo:")) as app:
        yield app


@pytest.fixture(scope="module")
def here(other: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    spec = f"remote-mixer://127.0.0.1:{other.port}/band"
    with running(tmp_path_factory.mktemp("here"), ("hall", spec)) as app:
        yield app


@pytest_asyncio.fixture
async def both(other: App, here: App) -> AsyncIterator[tuple[Hand, Hand]]:
    """A page at each server; a fader at −10 dB."""
    await online(other, "band")
    await online(here, "hall")
    async with joined(here, "anne") as anne, joined(other, "bob") as bob:
        await bob.send(type="set", values={THERE: 0.5, "band/ch1/mute": False})
        await until(lambda: here.desk.values[HERE] == 0.5 and here.desk.values["hall/ch1/mute"] is False)
        yield anne, bob


async def shows(hand: Hand, path: str, value: Any) -> None:
    while await hand.change(path) != value:
        pass


async def test_a_move_goes_both_ways_and_reaches_the_console_itself(both: tuple[Hand, Hand], other: App) -> None:
    anne, bob = both
    await anne.send(type="set", values={HERE: 0.625})
    await shows(bob, THERE, 0.625)
    await until(lambda: other.desk.values[THERE] == 0.625)
    await bob.send(type="set", values={THERE: 0.25})
    await shows(anne, HERE, 0.25)


async def test_the_console_here_has_the_strips_laws_and_actions_that_it_has_there(here: App, other: App) -> None:
    await online(here, "hall")
    ours, theirs = here.desk.layouts["hall"].as_json(), other.desk.layouts["band"].as_json()
    assert {**ours, "name": ""} == {**theirs, "name": ""}


async def test_a_drag_of_many_values_never_shows_an_older_one_here(both: tuple[Hand, Hand], here: App) -> None:
    anne, _ = both
    seen: list[float] = []

    def note(change: Any) -> None:
        if HERE in change.after:
            seen.append(change.after[HERE])

    here.desk.change_listeners.append(note)
    try:
        await anne.send(type="hold", path=HERE)
        for step in range(100):
            await anne.send(type="set", values={HERE: round(0.5 + step / 400, 5)})
            if step % 10 == 0:
                await asyncio.sleep(0)
        await until(lambda: here.desk.values[HERE] == round(0.5 + 99 / 400, 5))
        await until(lambda: not here.hub.pending())
        assert seen == sorted(seen)
        await anne.send(type="release", path=HERE)
    finally:
        here.desk.change_listeners.remove(note)


async def test_a_hand_here_is_seen_there_and_a_move_against_a_finger_there_goes_back(
    both: tuple[Hand, Hand], here: App, other: App
) -> None:
    anne, bob = both
    await anne.send(type="hold", path=HERE)
    await until(lambda: THERE in other.desk.held())
    await anne.send(type="release", path=HERE)
    await until(lambda: THERE not in other.desk.held())
    await bob.send(type="hold", path=THERE)
    await bob.until("held", path=THERE)
    await anne.send(type="set", values={HERE: 0.9})
    await until(lambda: here.desk.values[HERE] == 0.5 and not here.hub.pending())
    assert other.desk.values[THERE] == 0.5
    await bob.send(type="release", path=THERE)


async def test_meters_are_those_of_this_console_alone(both: tuple[Hand, Hand], other: App) -> None:
    anne, bob = both
    taps = other.hub.taps()
    first = next(at for at, tap in enumerate(taps) if tap.startswith("band/"))
    count = sum(tap.startswith("band/") for tap in taps)
    for page in both:
        await page.send(type="meters", on=True, rate=30)
    while not isinstance(ours := await anne.next(), bytes):
        pass
    while not isinstance(theirs := await bob.next(), bytes):
        pass
    assert len(ours) - 5 == count
    assert any(ours[5:])
    assert len(theirs[5 + first :]) >= count


async def test_a_console_that_is_offline_there_is_offline_here_with_its_own_words_and_comes_back(
    both: tuple[Hand, Hand], here: App, other: App
) -> None:
    console = demo_console_of(other)
    other.loop.call_soon_threadsafe(console.unplug)
    await until(lambda: here.desk.values["hall/status"] == "offline")
    await until(lambda: "unplugged" in str(here.desk.values["hall/notice"]))
    other.loop.call_soon_threadsafe(console.plug)
    await online(here, "hall")


def demo_console_of(app: App) -> Any:
    driver = next(driver for driver in app.drivers if driver.name == "band")
    assert isinstance(driver, Demo)
    return driver.console


@asynccontextmanager
async def opened(path: Path, spec: str) -> AsyncIterator[App]:
    with running(path, ("hall", spec)) as app:
        yield app


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("remote-mixer://127.0.0.1:{port}/nothing", "has no console “nothing”: it has “x”, “band”"),
        ("remote-mixer://rm_0123456789abcdefghijkl@127.0.0.1:{port}/band", "cannot be joined"),
        ("remote-mixer://127.0.0.1:9/band", "cannot be joined"),
    ],
)
async def test_what_cannot_be_opened_says_why(tmp_path: Path, other: App, spec: str, words: str) -> None:
    await online(other, "band")
    async with opened(tmp_path, spec.format(port=other.port)) as app:
        await until(lambda: words in str(app.desk.values.get("hall/notice")))


async def test_a_token_is_the_right_that_this_mixer_has_there(tmp_path: Path, other: App) -> None:
    making = other.admission.make_token("FOH", "guest", "band/bus1")
    _, secret = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(making, other.loop))
    async with opened(tmp_path, f"remote-mixer://{secret}@127.0.0.1:{other.port}/band") as app:
        await online(app, "hall")
        before = app.desk.values[HERE]
        async with joined(app, "anne") as anne:
            await anne.send(type="set", values={HERE: 0.111})
            await until(lambda: app.desk.values[HERE] == before and not app.hub.pending())
        assert other.desk.values[THERE] == before


async def test_in_a_chain_a_move_reaches_the_last_server_and_by_a_guests_token_nothing_goes_back(
    tmp_path: Path, other: App
) -> None:
    making = other.admission.make_token("Foyer", "guest", "band/bus1")
    _, secret = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(making, other.loop))
    async with opened(tmp_path / "2", f"remote-mixer://{secret}@127.0.0.1:{other.port}/band") as second:
        await online(second, "hall")
        async with opened(tmp_path / "3", f"remote-mixer://127.0.0.1:{second.port}/hall") as third:
            await online(third, "hall")
            async with joined(other, "bob") as bob, joined(third, "anne") as anne:
                await bob.send(type="set", values={THERE: 0.375})
                await until(lambda: third.desk.values[HERE] == 0.375)
                await anne.send(type="set", values={HERE: 0.875})
                await shows(anne, HERE, 0.875)
                await until(lambda: third.desk.values[HERE] == second.desk.values[HERE] == 0.375)
                assert other.desk.values[THERE] == 0.375


@pytest.mark.parametrize(
    "spec", ["", "band", "//host", "//ho st/band", "//host:0/band", "//host:99999/band", "//a/Band"]
)
def test_a_spec_of_another_form_is_refused_with_the_form(spec: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="write remote-mixer://ADDRESS/NAME"):
        Remote(Setup("hall", spec, tmp_path))


async def test_a_layout_is_read_as_it_was_written(tmp_path: Path) -> None:
    demo = Demo(Setup("band", "", tmp_path)).layout
    read = layout_reader.read(demo.as_json(), "band")
    assert read.as_json() == demo.as_json()
    assert list(read.paths()) == list(demo.paths())


@pytest.mark.parametrize("form", [{}, {"table": 3}, {"table": [], "params": {"a": 4}}, {"table": [{}]}])
def test_what_is_no_layout_is_refused(form: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no layout"):
        layout_reader.read(form, "hall")
