"""Several things that wait at the same time, until one of them ends."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def until_one_ends(roads: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all until one ends, cancel the others, and raise the first error; several may end at once."""
    tasks = [asyncio.create_task(road) for road in roads]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for error in ends:
        if isinstance(error, Exception):
            raise error
