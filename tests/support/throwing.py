"""A fault thrown into a task: what the task waits for fails, as a library's future would."""

from __future__ import annotations

import asyncio


class ThrownIn(Exception):
    """A fault that no code expects."""


def can_fail(task: asyncio.Task[object]) -> bool:
    """Whether a task waits for a future that is no task itself and is not done."""
    return _waits_for(task) is not None


def throw(task: asyncio.Task[object], fault: BaseException) -> bool:
    """Let what a task waits for fail, in the task's loop; whether it waited for something that can."""
    future = _waits_for(task)
    if future is None:
        return False
    task.add_done_callback(_take_fault)
    if isinstance(fault, asyncio.CancelledError):
        return future.cancel()
    future.set_exception(fault)
    return True


def _take_fault(task: asyncio.Task[object]) -> None:
    """Take a task's fault: one that nobody takes is logged whenever the task is collected, in a later test."""
    if not task.cancelled():
        task.exception()


def _waits_for(task: asyncio.Task[object]) -> asyncio.Future[object] | None:
    future = getattr(task, "_fut_waiter", None)  # asyncio has no public way to read it
    waits = isinstance(future, asyncio.Future) and not isinstance(future, asyncio.Task) and not future.done()
    return future if waits else None
