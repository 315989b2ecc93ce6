"""A JACK server for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.jack import Jack, jack_server


@pytest.fixture
def jack() -> Iterator[Jack]:
    with jack_server() as server:
        yield server
