"""Waiting for the thing itself, with an end."""

import asyncio
from collections.abc import Awaitable, Callable

PATIENCE_SECONDS = 60.0  # ends what hangs; a machine with other work on all its cores is merely slow
LOOK_SECONDS = 0.005


async def until(there: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until something holds; TimeoutError when it does not within the time."""
    async with asyncio.timeout(seconds):
        while not there():  # noqa: ASYNC110 - the thing waited for may have no event of its own
            await asyncio.sleep(LOOK_SECONDS)


async def until_answered(ask: Callable[[], Awaitable[object]], seconds: float = PATIENCE_SECONDS) -> None:
    """Ask again until the answer is true; TimeoutError when it is not within the time."""
    async with asyncio.timeout(seconds):
        while not await ask():  # noqa: ASYNC110 - as above
            await asyncio.sleep(LOOK_SECONDS)
