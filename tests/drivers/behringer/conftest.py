"""A clock that jumps for the tests that need no socket of the system: what is only waited for passes in a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.support.virtual import VirtualLoop

JUMPING = ("test_driver.py", "test_linked.py", "test_scenes.py", "test_facts.py", "test_slots.py")


def pytest_asyncio_loop_factories(item: pytest.Item) -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Choose the loop of a file's tests."""
    return {"jumping": VirtualLoop} if item.path.name in JUMPING else {"real": asyncio.new_event_loop}
