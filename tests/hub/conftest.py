"""Set-up of the tests of the hub."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from remote_mixer.app import App
from tests.hub.scenes import START, put
from tests.support.people import host


@pytest_asyncio.fixture
async def fresh(app: App) -> AsyncIterator[App]:
    """The program with its controls where these tests expect them, no scenes and no safes."""
    put(app, START)
    for head in host(app).call("GET", "/scenes").json["scenes"]:
        host(app).call("DELETE", f"/scenes/{head['id']}")
    for strip in host(app).call("GET", "/scenes").json["safes"]:
        host(app).call("PUT", f"/safes/{strip}", {"sections": []})
    yield app
