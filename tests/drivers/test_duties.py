"""Duties of a driver: a fault of one ends all, a cancellation is nobody's but the caller's."""

from __future__ import annotations

import asyncio

import pytest

from remote_mixer.drivers.duties import until_one_ends
from tests.support.waiting import until


class Duties:
    """Duties that run until they are cancelled, and the names of those that have ended."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.tasks: list[asyncio.Task[object]] = []

    async def steady(self, name: str, last_words: Exception | None = None) -> None:
        task = asyncio.current_task()
        assert task
        self.tasks.append(task)
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.append(name)
            if last_words:
                raise last_words

    async def failing(self, fault: BaseException) -> None:
        await asyncio.sleep(0)
        raise fault


async def test_a_fault_of_one_ends_all_and_is_raised_as_it_is() -> None:
    duties = Duties()
    with pytest.raises(ValueError, match="lost"):
        await until_one_ends([duties.steady("poll"), duties.failing(ValueError("lost")), duties.steady("listen")])
    assert sorted(duties.ended) == ["listen", "poll"]
    task = asyncio.current_task()
    assert task
    assert task.cancelling() == 0


async def test_a_duty_that_somebody_cancels_has_ended_and_all_with_it() -> None:
    duties = Duties()
    running = asyncio.create_task(until_one_ends([duties.steady("poll"), duties.steady("listen")]))
    await until(lambda: len(duties.tasks) == 2)
    duties.tasks[0].cancel()
    await running
    assert running.cancelling() == 0
    assert sorted(duties.ended) == ["listen", "poll"]


async def test_the_callers_cancellation_passes_whatever_a_duty_says_at_it() -> None:
    duties = Duties()
    running = asyncio.create_task(until_one_ends([duties.steady("poll", ValueError("lost")), duties.steady("listen")]))
    await until(lambda: len(duties.tasks) == 2)
    running.cancel()
    await asyncio.wait({running})
    assert running.cancelled()
    assert sorted(duties.ended) == ["listen", "poll"]
