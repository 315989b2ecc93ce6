"""The real program, for all tests of a file."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from remote_mixer.app import App
from tests.support.running import online, running
from tests.support.waiting import until


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
