"""Set-up of a test run: options, shared folders, and the real program for all tests of a file."""

from __future__ import annotations

import gc
import os
import signal
import sys
import traceback
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from zlib import crc32

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from filelock import FileLock
from hypothesis import settings

from remote_mixer.app import App
from remote_mixer.people import pin
from remote_mixer.web import joined, page_files
from remote_mixer.web.page_files import Page
from tests.support.budget import BOUNDED, LONG, is_long, lengthen
from tests.support.jack import have_shared_memory_of_our_own
from tests.support.once import FOLDER_VARIABLE, shared_folder
from tests.support.running import online, running
from tests.support.waiting import until

PARTS = {
    "ardour": ("page/test_ardour", "page/test_one_row", "drivers/test_ardour"),
    "jack": (
        "page/test_daw",
        "page/test_sound",
        "page/test_takes",
        "mackie/test_jack",
        "surfaces/test_jack",
        "engine/test_jack",
        "test_jack_mix_box",
        "midi/test_ports",
        "midi/test_late",
    ),
    "page": ("tests/page/",),
    "beside": ("",),
}
"""Parts of a whole run by pieces of a file's path; the first that fits counts.

`ardour` and `jack` listen to other programs' sound or MIDI in real time. Ardour's tests run once the page's have ended,
beside the last of the others; a second Ardour would take the port of the first. JACK's come at the end: beside tests
that use the processor, and even before them by its priority, JACK loses what it waits for. `page` is one page of a
browser after the other: two at a time have too little of two cores. `beside` it the rest, which mostly waits, runs in
several workers, a file's tests in one of them.
"""
LONGEST = (
    *("test_container", "test_packaging", "test_every_driver", "behringer/test_strangers", "test_scripts"),
    *("test_every_recall", "drivers/builtin/test_driver", "behringer/test_repair", "attacks/test_admission"),
)
"""Pieces of the paths of the files that take longest: their tests come first, so that no worker is left with one."""
SLOW_HASHES = ("tests/attacks/", "people/test_pin", "people/test_waiting_room", "test_full_disk", "test_resources")
"""Pieces of the paths of the files whose tests hash PINs as the product does."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="draw ten times as many examples in property tests")
    parser.addoption("--hours", type=float, default=8.0, help="how long the tests marked `lasting` take, with --long")
    parser.addoption(
        "--part", choices=tuple(PARTS), help="run only one part of a whole run (see PARTS in tests/conftest.py)"
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile(LONG if config.getoption("--long") else BOUNDED)
    # A shell gives what it runs in the background no Ctrl-C, and programs started here would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sys.version_info < (3, 12):  # a traceback that is formatted while Python parses ends the parser (gh-106905)
        traceback._extract_caret_anchors_from_line_segment = lambda _segment: None  # type: ignore[attr-defined]
    if config.getoption("--part"):
        have_shared_memory_of_our_own()
    if FOLDER_VARIABLE not in os.environ:
        held = ExitStack()
        held.enter_context(shared_folder())
        config.add_cleanup(held.close)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return the number of workers that `-n auto` means."""
    return os.cpu_count() or 1


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the files of other parts; other rules may leave out more."""
    part = config.getoption("--part")
    return True if part and collection_path.suffix == ".py" and _part(collection_path) != part else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect in one process first, which compiles all modules, then in the others, which read what it has compiled.

    Modules and tests stay to the end: no collection of garbage goes through them again, which took a twentieth of the
    run's CPU.
    """
    gc.disable()
    try:
        with _first_or_after_it(Path(os.environ[FOLDER_VARIABLE])):
            return (yield)
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _first_or_after_it(folder: Path) -> Iterator[None]:
    """Hold all other processes up in the first one of a run; in the others wait for its end."""
    done = folder / "collected"
    with FileLock(folder / "collection.lock"):
        if not done.exists():
            yield
            done.touch()
            return
    yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=_place)
    if not is_long():
        lasting = [item for item in items if item.get_closest_marker("lasting")]
        config.hook.pytest_deselected(items=lasting)
        items[:] = [item for item in items if item not in lasting]
    else:
        lengthen(item.obj for item in items if isinstance(item, pytest.Function))


def _part(file: Path) -> str:
    return next(part for part, places in PARTS.items() if any(place in file.as_posix() for place in places))


def _place(item: pytest.Item) -> tuple[int, int]:
    """Return the place of a file's tests: the longest first, then by a hash, so that browsers and waiting mix."""
    file = item.nodeid.partition("::")[0]
    return next((place for place, piece in enumerate(LONGEST) if piece in file), len(LONGEST)), crc32(file.encode())


def _once_by_content(make: Callable[[Page], Page]) -> Callable[[Page], Page]:
    """Return `make` as it is, but for a page that it has been called with already."""
    made: dict[frozenset[tuple[str, bytes]], Page] = {}

    def remember(page: Page) -> Page:
        key = frozenset(page.items())
        if key not in made:
            made[key] = make(page)
        return made[key]

    return remember


@pytest.fixture(scope="session", autouse=True)
def page_made_once() -> Iterator[None]:
    """Join and pack the page once for all programs of this process: 0.12 s of a start's 0.35 s of CPU."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joined, "join", _once_by_content(joined.join))
        patch.setattr("remote_mixer.web.quart_app.pack", _once_by_content(page_files.pack))
        yield


@pytest.fixture(scope="module", autouse=True)
def quick_hashes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hash PINs without the 30 ms and 19 MiB that each start takes for them, but where hashing or a siege is tested."""
    if any(piece in request.path.as_posix() for piece in SLOW_HASHES):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pin, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


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
