"""The guard: whatever a driver does, the program lives on and says what happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from remote_mixer.desk.change import Cause
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, THE_SERVER, Source
from remote_mixer.drivers import guard as module
from remote_mixer.drivers.base import DriverError, Opened, Report, Setup
from remote_mixer.drivers.demo import Demo
from remote_mixer.drivers.guard import Guard
from tests.support.waiting import PATIENCE_SECONDS, until

ANNE = Source(CLIENT, "anne", "Anne")
FADER = "band/ch1/fader"
OURS = {"band/status", "band/notice"}


class Rough(Demo):
    """A demo console whose driver can be made to fail anywhere."""

    fault: Exception | None = None
    fails_in = ""
    remembers: frozenset[str] = frozenset()

    def _fail(self, where: str) -> None:
        if self.fault and where == self.fails_in:
            raise self.fault

    async def open(self, report: Report) -> Opened:
        self._fail("open")
        opened = await super().open(report)
        return replace(opened, values=opened.layout.fitting(opened.values), remembered=self.remembers, fitting=True)

    def send(self, path: str, value: Value) -> None:
        self._fail("send")
        super().send(path, value)

    async def close(self) -> None:
        await super().close()
        self._fail("close")


@asynccontextmanager
async def guarded(driver: Rough) -> AsyncIterator[tuple[Desk, list[bytes], asyncio.Task[None]]]:
    desk, readings = Desk(), list[bytes]()
    guard = Guard(driver, desk, lambda _, codes: readings.append(codes), lambda _: None)
    living = asyncio.create_task(guard.live())
    yield desk, readings, living
    assert not living.done(), "the guard is still there"
    living.cancel()
    await asyncio.wait({living})


def is_(desk: Desk, status: str) -> Callable[[], bool]:
    return lambda: desk.values["band/status"] == status


@pytest.mark.parametrize(
    "fault", [DriverError("two\nlines and half \ud800"), RuntimeError("a\nb"), ValueError("x" * 5000)]
)
async def test_a_driver_that_cannot_open_is_named_and_tried_again(tmp_path: Path, fault: Exception) -> None:
    driver = Rough(Setup("band", "", tmp_path))
    driver.fault, driver.fails_in = fault, "open"
    async with guarded(driver) as (desk, _, _):
        await until(lambda: desk.values["band/notice"])
        driver.fault = None
        await until(is_(desk, "online"))
        assert desk.values["band/notice"] == ""


async def test_what_is_remembered_is_listed_before_anyone_may_put_a_hand_on_it(tmp_path: Path) -> None:
    driver = Rough(Setup("band", "", tmp_path))
    driver.remembers = frozenset({FADER})
    async with guarded(driver) as (desk, _, _):
        listed: list[tuple[Value, list[str]]] = []
        desk.change_listeners.append(lambda change: listed.append((desk.values["band/status"], desk.remembered())))
        await until(is_(desk, "online"))
        assert next(remembered for status, remembered in listed if status == "online") == [FADER]


async def test_a_driver_that_cannot_close_is_opened_again_all_the_same(tmp_path: Path) -> None:
    driver = Rough(Setup("band", "", tmp_path))
    driver.fault, driver.fails_in = OSError("close failed"), "close"
    async with guarded(driver) as (desk, readings, _):
        await until(is_(desk, "online"))
        driver.console.unplug()
        await until(is_(desk, "offline"))
        assert readings[-1] == b"", "the meters of a lost console stand still no longer"
        driver.console.plug()
        await until(is_(desk, "online"))


@pytest.mark.parametrize(
    ("changed", "most"), [({FADER: 0.25}, 1), ({f"band/ch{n}/fader": 0.25 for n in range(1, 9)}, 3)]
)
async def test_of_a_console_that_is_back_only_what_has_changed_goes_through_the_desk_in_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, Value], most: int
) -> None:
    """All of an X32's 8,281 values in one call would hold the loop for 13 ms."""
    monkeypatch.setattr(module, "NEWS_AT_ONCE", 3)
    driver = Rough(Setup("band", "", tmp_path))
    async with guarded(driver) as (desk, _, _):
        await until(is_(desk, "online"))
        driver.console.unplug()
        await until(is_(desk, "offline"))
        set_values, sizes = desk.set, list[int]()

        def counted(values: Mapping[str, Value], source: Source) -> int:
            sizes.append(len(values.keys() - OURS))
            return set_values(values, source)

        monkeypatch.setattr(desk, "set", counted)
        driver.console.values |= changed
        driver.console.plug()
        await until(is_(desk, "online"))
        assert (changed.items() <= desk.values.items(), max(sizes)) == (True, most)


async def test_a_send_that_fails_does_not_harm_the_hand_that_moved(tmp_path: Path) -> None:
    driver = Rough(Setup("band", "", tmp_path))
    async with guarded(driver) as (desk, _, _):
        await until(is_(desk, "online"))
        driver.fault, driver.fails_in = ValueError("no such address"), "send"
        desk.set({FADER: 0.5}, ANNE)
        assert desk.values[FADER] == 0.5
        assert "no such address" in str(desk.values["band/notice"])


async def test_nothing_is_sent_to_a_console_that_is_away(tmp_path: Path) -> None:
    driver = Rough(Setup("band", "", tmp_path))
    async with guarded(driver) as (desk, _, _):
        await until(is_(desk, "online"))
        driver.console.unplug()
        await until(is_(desk, "offline"))
        stood = driver.console.values[FADER]
        desk.set({FADER: 0.011}, THE_SERVER)
        assert driver.console.values[FADER] == stood
        driver.console.plug()
        await until(is_(desk, "online"))
        assert desk.values[FADER] == stood, "on return the console wins"


class Stepping(Rough):
    """A console that knows the steps of a fade from what is to be confirmed, and confirms nothing."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.sent: list[tuple[str, Value]] = []

    def confirms(self, path: str) -> bool:
        return True

    def send(self, path: str, value: Value) -> None:
        self.sent.append(("send", value))

    def send_step(self, path: str, value: Value) -> None:
        self.sent.append(("step", value))

    def send_again(self, path: str) -> None:
        self.sent.append(("once more", self.sent[-1][1]))


async def test_the_steps_of_a_fade_are_pending_nowhere_and_its_end_is(tmp_path: Path) -> None:
    desk, driver = Desk(), Stepping(Setup("band", "", tmp_path))
    guard = Guard(driver, desk, lambda console, codes: None, lambda pending: None)
    living = asyncio.create_task(guard.live())
    await until(is_(desk, "online"))
    desk.set({FADER: 0.1}, ANNE)
    assert [*guard.under_way[1]] == [FADER]
    for step in (0.2, 0.3):
        desk.set({FADER: step}, ANNE, Cause.RECALL, passing=True)
        assert [*guard.under_way[1]] == []
    desk.set({FADER: 0.4}, ANNE, Cause.RECALL)
    assert [*guard.under_way[1]] == [FADER]
    param = desk.param(FADER)
    steps = [("send", 0.1), ("once more", 0.1), ("step", 0.2), ("step", 0.3), ("send", 0.4)]
    assert driver.sent == [(how, param.check(value)) for how, value in steps]
    living.cancel()
    await asyncio.wait({living})


class Deaf(Demo):
    """A demo console whose driver loses the cancellation that ends it, as together with a fault of its own."""

    deaf_in = ""
    reached: asyncio.Event

    async def _lose_cancellation(self, where: str) -> None:
        if where == self.deaf_in:
            self.reached.set()
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

    async def open(self, report: Report) -> Opened:
        await self._lose_cancellation("open")
        return await super().open(report)

    async def run(self, report: Report) -> None:
        await self._lose_cancellation("run")
        raise DriverError("The console has gone.")

    async def close(self) -> None:
        await super().close()
        await self._lose_cancellation("close")


@pytest.mark.parametrize("where", ["open", "run", "close"])
async def test_a_guard_told_to_end_ends_also_where_its_driver_loses_the_word(tmp_path: Path, where: str) -> None:
    driver = Deaf(Setup("band", "", tmp_path))
    driver.deaf_in, driver.reached = where, asyncio.Event()
    living = asyncio.create_task(Guard(driver, Desk(), lambda _, codes: None, lambda _: None).live())
    await driver.reached.wait()
    driver.deaf_in = ""
    living.cancel()
    async with asyncio.timeout(PATIENCE_SECONDS):
        await asyncio.wait({living})
    assert living.cancelled()


class Talkative(Rough):
    """A console that says what it does before it fails."""

    async def open(self, report: Report) -> Opened:
        report.progress("The engine starts.")
        return await super().open(report)


async def test_the_same_reason_is_logged_once_however_often_the_console_is_tried(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSES_SECONDS", (0.01,))
    driver = Talkative(Setup("band", "", tmp_path))
    driver.fault, driver.fails_in = DriverError("There is no folder /stems."), "open"
    async with guarded(driver) as (desk, _, _):
        tries = list[object]()
        desk.change_listeners.append(lambda change: tries.append(change.after.get("band/status")))
        await until(lambda: tries.count("offline") == 4)
        assert [one.getMessage() for one in caplog.records if one.levelname == "WARNING"] == [
            "console “band” is offline: There is no folder /stems."
        ]


async def test_a_console_lost_after_a_steady_time_is_offline_for_the_shortest_pause_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STEADY_SECONDS", -1.0)
    monkeypatch.setattr(module, "PAUSES_SECONDS", (PATIENCE_SECONDS,))
    driver = Rough(Setup("band", "", tmp_path))
    async with guarded(driver) as (desk, _, _):
        await until(is_(desk, "online"))
        seen = list[object]()
        desk.change_listeners.append(lambda change: seen.append(change.after.get("band/status")))
        driver.console.unplug()
        await until(lambda: "offline" in seen)
        for _turn in range(20):
            await asyncio.sleep(0)
        assert desk.values["band/status"] == "offline"
