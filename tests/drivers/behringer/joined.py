"""A simulated console, its driver in a guard, and a desk: joined for a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.behringer.driver import X32, Behringer, XAir
from remote_mixer.drivers.behringer.lifecycle import Lifecycle
from remote_mixer.drivers.guard import Guard
from remote_mixer.simulator.network import Wifi
from remote_mixer.simulator.simulator import Simulator
from tests.support.waiting import PATIENCE_SECONDS, until

ANNE = Source(CLIENT, "anne", "Anne")
OPENING_SECONDS = 2 * PATIENCE_SECONDS  # an X32 has thousands of values, and the simulated one answers on the same core


class Joined:
    """What a test looks at and moves."""

    def __init__(self, simulator: Simulator, driver: Behringer) -> None:
        self.simulator = simulator
        self.driver = driver
        self.desk = Desk()
        self.frames: list[bytes] = []
        self.pending: frozenset[str] = frozenset()
        self.notices: list[str] = []
        self.statuses: list[Value] = []
        self._last_wrong = ""
        self.desk.change_listeners.append(self._changed)
        self.guard = Guard(driver, self.desk, lambda _, codes: self.frames.append(codes), self._pend)

    def _pend(self, paths: frozenset[str]) -> None:
        self.pending = paths

    def _changed(self, change: Change) -> None:
        if "band/notice" in change.after:
            self.notices.append(str(change.after["band/notice"]))
        if "band/status" in change.after:
            self.statuses.append(change.after["band/status"])

    @property
    def lifecycle(self) -> Lifecycle:
        assert self.driver._lifecycle
        return self.driver._lifecycle

    def set(self, path: str, value: Value) -> None:
        self.desk.set({f"band/{path}": value}, ANNE)

    def value(self, path: str) -> Value:
        return self.desk.values[f"band/{path}"]

    def stands(self, address: str, value: float) -> bool:
        """Tell whether the console itself stands there, within half a fader's step."""
        there = self.simulator.values[address]
        return isinstance(there, int | float) and abs(there - value) <= 0.5 / 1023

    def wrong(self) -> list[str]:
        """Return the addresses whose value on the desk is not the console's, without a witness under way."""
        leaves = self.lifecycle.conversation.addresses.by_path
        return [leaf.address for path, leaf in leaves.items() if self._is_wrong(path)]

    def right(self) -> bool:
        """Return whether the page is right; what was wrong at the last look comes first, as all of it takes time."""
        if self.lifecycle.conversation.busy or self._is_wrong(self._last_wrong):
            return False
        leaves = self.lifecycle.conversation.addresses.by_path
        self._last_wrong = next(filter(self._is_wrong, leaves), "")
        return not self._last_wrong

    def _is_wrong(self, path: str) -> bool:
        leaf = self.lifecycle.conversation.addresses.by_path.get(path)
        if leaf is None or leaf.address in self.lifecycle.conversation.intercepted:
            return False
        there = leaf.encoding.read(self.simulator.values[leaf.address])
        return not leaf.encoding.param.same(self.value(path), there)

    async def status(self, status: str) -> None:
        await until(lambda: self.value("status") == status, OPENING_SECONDS)


@asynccontextmanager
async def joined(
    data: Path, word: str = "xr12", wifi: Wifi | None = None, simulator: Simulator | None = None, **timing: Any
) -> AsyncIterator[Joined]:
    """Join a console of a model, or one that is there; times of the driver may be other than usual."""
    clock = asyncio.get_running_loop().time
    async with simulator or Simulator(word, wifi=wifi or Wifi(), clock=clock) as console:
        driver = driver_for(console, data, word)
        driver.timing = replace(driver.timing, **{"open_seconds": OPENING_SECONDS, **timing})
        there = Joined(console, driver)
        living = asyncio.create_task(there.guard.live())
        try:
            await there.status("online")
            yield there
        finally:
            living.cancel()
            await asyncio.wait({living})


def driver_for(simulator: Simulator, data: Path, word: str) -> Behringer:
    kind = X32 if "32" in word else XAir
    return kind(Setup("band", f"//127.0.0.1:{simulator.address[1]}", data))
