"""Duties of a driver, side by side: the first fault of one ends all of them, and is raised as it is.

An asyncio.TaskGroup, before Python 3.13, may leave the cancellation by which it ended itself counted at its task, loses
one that comes together with a fault, and goes on without a duty that was cancelled: a guard could not tell whether it
was told to end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


async def run_duties(*duties: Coroutine[Any, Any, None]) -> None:
    """Run duties until all have ended or one has failed; raise its fault once the others have ended.

    A duty that is cancelled by somebody else has failed too. The caller's cancellation ends all and passes.
    """
    tasks = [asyncio.create_task(duty) for duty in duties]
    try:
        running = set(tasks)
        while running:
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
