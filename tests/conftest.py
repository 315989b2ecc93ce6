"""Set-up of a test run: options, shared folders, and the real program for all tests of a file."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import ExitStack

import pytest
import pytest_asyncio
from hypothesis import settings

from remote_mixer.app import App
from tests.support.budget import BOUNDED, LONG, is_long, lengthen
from tests.support.once import shared_folder
from tests.support.running import online, running
from tests.support.waiting import until

MORE_WORKERS_THAN_CORES = 1  # page tests wait for the browser part of their time
LONGEST_FIRST = ("test_packaging", "test_scripts", "test_window", "/page/")
"""Files of minutes, by a part of their path: begun late, they would run alone at the end on one core."""


ALONE = ("page/test_daw", "page/test_sound", "mackie/test_jack", "test_jack_mix_box", "midi/test_ports")
"""Files that listen to other programs' sound or MIDI in real time: beside other tests JACK loses what they wait for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="draw ten times as many examples in property tests")
    parser.addoption(
        "--part", choices=("together", "alone"), help="run only the tests that may run beside others, or not"
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile(LONG if config.getoption("--long") else BOUNDED)
    if not _is_worker(config):
        held = ExitStack()
        held.enter_context(shared_folder())
        config.add_cleanup(held.close)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return the number of workers that `-n auto` means."""
    return (os.cpu_count() or 1) + MORE_WORKERS_THAN_CORES


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if part := config.getoption("--part"):
        _keep_part(config, items, alone=part == "alone")
    if is_long():
        lengthen(item.obj for item in items if isinstance(item, pytest.Function))
    if _is_worker(config):
        items.sort(key=_place)


def _keep_part(config: pytest.Config, items: list[pytest.Item], *, alone: bool) -> None:
    """Deselect the tests that may run beside others, or those that may not."""
    kept, others = list[pytest.Item](), list[pytest.Item]()
    for item in items:
        (kept if any(place in item.nodeid for place in ALONE) == alone else others).append(item)
    config.hook.pytest_deselected(items=others)
    items[:] = kept


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _place(item: pytest.Item) -> int:
    places = (place for place, part in enumerate(LONGEST_FIRST) if part in item.nodeid)
    return next(places, len(LONGEST_FIRST))


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("data")) as app:
        yield app


@pytest_asyncio.fixture
async def app(started: App) -> AsyncIterator[App]:
    """The program with its console online; afterwards every hand has left."""
    await online(started)
    yield started
    await until(lambda: len(started.hub.clients) == 0)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Replace half characters in what a test logged or printed: a worker cannot send them to the main process."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "replace").decode()) for name, text in report.sections]
    return report
