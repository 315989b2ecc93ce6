"""A task that fails is restarted and named; a request that fails answers its asker; no other task notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from remote_mixer import supervisor as module
from remote_mixer.supervisor import Supervisor
from tests.support.waiting import until

NAME = "The tidying"


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSES_SECONDS", (0.01, 0.02))
    monkeypatch.setattr(module, "STEADY_SECONDS", 0.05)


class Ward:
    """A supervisor and what it showed to people."""

    def __init__(self, foreseen: tuple[type[Exception], ...] = ()) -> None:
        self.supervisor = Supervisor(self._changed, foreseen)
        self.shown: list[list[str]] = []
        self.starts = 0

    def _changed(self) -> None:
        self.shown.append(self.supervisor.notices)

    def failing(self, fault: Callable[[], BaseException], times: int) -> Callable[[], module.Work]:
        async def work() -> None:
            self.starts += 1
            if self.starts <= times:
                raise fault()
            await asyncio.Event().wait()

        return work


@pytest_asyncio.fixture
async def ward() -> AsyncIterator[Ward]:
    ward = Ward()
    yield ward
    await ward.supervisor.close()


@pytest.mark.parametrize("fault", [lambda: ValueError("no disk"), lambda: ExceptionGroup("two", [OSError()])])
async def test_a_task_that_fails_is_started_again_and_said_until_it_runs_steadily(
    ward: Ward, fault: Callable[[], BaseException]
) -> None:
    ward.supervisor.keep(NAME, ward.failing(fault, times=3))
    await until(lambda: ward.starts == 4 and ward.supervisor.notices == [])
    (notice,) = next(filter(None, ward.shown))
    assert notice.startswith(f"{NAME} failed")
    assert "starts again by itself" in notice
    assert ward.shown[-1] == []


async def test_a_stray_cancellation_is_a_fault_as_any_other(ward: Ward) -> None:
    ward.supervisor.keep(NAME, ward.failing(asyncio.CancelledError, times=1))
    await until(lambda: ward.starts == 2)


async def test_a_task_that_is_cancelled_or_ends_stays_ended(ward: Ward) -> None:
    async def at_once() -> None:
        ward.starts += 1

    task = ward.supervisor.keep(NAME, ward.failing(ValueError, times=0))
    await until(lambda: ward.starts)
    task.cancel()
    ended = ward.supervisor.keep(NAME, at_once)
    await asyncio.wait({task, ended})
    assert (task.cancelled(), ended.exception(), ward.starts, ward.shown) == (True, None, 2, [])


async def test_a_request_that_fails_answers_its_asker_and_nobody_else(ward: Ward) -> None:
    answers: list[str] = []
    await ward.supervisor.run(ward.failing(lambda: KeyError("path"), times=1)(), answers.append)
    assert "KeyError" in answers[0]
    assert ward.shown == []


async def test_the_close_waits_for_the_last_words_of_each_task(ward: Ward) -> None:
    said: list[str] = []

    async def work() -> None:
        ward.starts += 1
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)
            said.append("goodbye")

    for _ in range(3):
        ward.supervisor.keep(NAME, work)
    await until(lambda: ward.starts == 3)
    await ward.supervisor.close()
    assert said == ["goodbye"] * 3


@pytest.mark.parametrize("foreseen", [True, False])
async def test_a_foreseen_fault_is_a_sentence_and_any_other_is_logged_with_its_traceback(
    caplog: pytest.LogCaptureFixture, foreseen: bool
) -> None:
    ward = Ward(foreseen=(OSError,) if foreseen else ())
    ward.supervisor.keep(NAME, ward.failing(lambda: OSError("The disk is full: make room on it."), times=1))
    await until(lambda: ward.starts == 2)
    words = "The disk is full: make room on it" if foreseen else "OSError: The disk is full: make room on it."
    assert ward.shown[0] == [f"{NAME} failed ({words}) and starts again by itself. Mixing goes on."]
    (record,) = caplog.records
    assert (record.levelname, bool(record.exc_info)) == (("WARNING", False) if foreseen else ("ERROR", True))
    await ward.supervisor.close()
