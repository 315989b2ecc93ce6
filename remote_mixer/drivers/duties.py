"""Duties of a driver, side by side until the console has gone."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def until_one_ends(duties: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all until one ends, cancel the others, and raise the first error; several may end at once.

    The caller's cancellation ends all and passes; a duty that is cancelled by somebody else has ended. An
    asyncio.TaskGroup is no way to do this below the guard: before Python 3.13 it may leave the cancellation by which it
    ended itself counted at the task around it, loses one that comes together with a fault, and goes on without a task
    that was cancelled. The guard could not tell whether it was told to end.
    """
    tasks = [asyncio.create_task(duty) for duty in duties]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for error in ends:
        if isinstance(error, Exception):
            raise error
