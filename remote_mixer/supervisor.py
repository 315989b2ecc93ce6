"""Supervision of background tasks: one that fails is restarted, and named to people; all others go on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

PAUSES_SECONDS = (0.25, 1.0, 5.0, 20.0, 60.0)
STEADY_SECONDS = 60.0
"""Time after a restart at which the fault is over: its notice goes, and the next pause is the shortest again."""

log = logging.getLogger(__name__)

Work = Coroutine[Any, Any, None]


class Supervisor:
    """Runs tasks in one loop, each behind a guard of its own. `changed` is called whenever `notices` changes.

    The text of a `foreseen` fault is a sentence for a person, as of a full disk; others are logged with a traceback.
    """

    def __init__(self, changed: Callable[[], None], foreseen: tuple[type[Exception], ...] = ()) -> None:
        self._changed, self._foreseen = changed, foreseen
        self._tasks: set[asyncio.Task[None]] = set()
        self._notices: dict[str, str] = {}
        self._steady: dict[str, asyncio.TimerHandle] = {}

    @property
    def notices(self) -> list[str]:
        """Sentences for a person about tasks that failed and have not run steadily since."""
        return list(self._notices.values())

    def keep(self, name: str, work: Callable[[], Work]) -> asyncio.Task[None]:
        """Run work in a task until it ends or the task is cancelled; restart it after a pause whenever it fails.

        `name` is what people call the work, as the subject of a sentence.
        """
        return self._add(name, self._restart(name, work))

    def run(self, work: Work, failed: Callable[[str], None]) -> asyncio.Task[None]:
        """Run somebody's request once; call `failed` with a sentence for them where it fails."""
        return self._add("A request", self._run_once(work, failed))

    async def close(self) -> None:
        """Cancel all tasks and wait for their end."""
        for timer in self._steady.values():
            timer.cancel()
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.wait(self._tasks)

    def _add(self, name: str, work: Work) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _restart(self, name: str, work: Callable[[], Work]) -> None:
        failures = 0
        while fault := await self._fault_of(name, _after(PAUSES_SECONDS[failures - 1] if failures else 0.0, work)):
            failures = min(failures + 1, len(PAUSES_SECONDS)) if name in self._notices else 1
            self._note(name, f"{name} failed ({self._words(fault)}) and starts again by itself. Mixing goes on.")
            self._forget_later(name, PAUSES_SECONDS[failures - 1] + STEADY_SECONDS)

    async def _run_once(self, work: Work, failed: Callable[[str], None]) -> None:
        if fault := await self._fault_of("A request", work):
            failed(f"The program failed at this ({self._words(fault)}): try again.")

    async def _fault_of(self, name: str, work: Work) -> BaseException | None:
        """Return the fault that ended some work, None where it ended by itself. A cancellation of this task passes."""
        try:
            await work
        except (Exception, asyncio.CancelledError) as fault:  # the guard of a task: the others go on
            task = asyncio.current_task()
            if task and task.cancelling():
                raise
            if isinstance(fault, self._foreseen):
                log.warning("%s failed: %s", name, fault)
            else:
                log.exception("%s failed", name)
            return fault
        return None

    def _words(self, fault: BaseException) -> str:
        if isinstance(fault, self._foreseen):
            return str(fault).removesuffix(".")
        return f"{type(fault).__name__}: {fault}".removesuffix(": ")

    def _note(self, name: str, notice: str) -> None:
        if self._notices.get(name) != notice:
            self._notices[name] = notice
            self._changed()

    def _forget_later(self, name: str, seconds: float) -> None:
        if name in self._steady:
            self._steady[name].cancel()
        self._steady[name] = asyncio.get_running_loop().call_later(seconds, self._forget, name)

    def _forget(self, name: str) -> None:
        del self._notices[name], self._steady[name]
        self._changed()


async def _after(seconds: float, work: Callable[[], Work]) -> None:
    await asyncio.sleep(seconds)
    await work()
