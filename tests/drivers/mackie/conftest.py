"""A clock that jumps for the tests whose DAW is in memory: seconds of it pass in a moment, on a busy machine too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from remote_mixer.drivers.mackie import looks
from tests.support.virtual import VirtualLoop

REAL_TIME = ("test_ardour.py", "test_jack.py")


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Choose the loop of a file's tests."""
    return {"real": asyncio.new_event_loop} if item.path.name in REAL_TIME else {"jumping": VirtualLoop}


@pytest.fixture(autouse=True)
def _the_window_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no bank looked at but where a test is about it."""
    monkeypatch.setattr(looks, "SWEEP_SECONDS", 1000.0)
