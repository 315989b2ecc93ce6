"""Waiting a moment for something that the console is about to say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

LOOK_SECONDS = 0.01


async def soon(there: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is so, at most for a time; tell whether it came."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not there() and loop.time() < end:  # noqa: ASYNC110 - a few looks within a moment
        await asyncio.sleep(LOOK_SECONDS)
    return there()
