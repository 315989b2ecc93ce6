"""Fixture: a new admission for each test."""

from pathlib import Path

import pytest_asyncio

from tests.people.admissions import House


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> House:
    return House(tmp_path)
