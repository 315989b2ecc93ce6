"""Two roads to one real Ardour, its OSC and its Mackie surface over JACK: each a driver in its guard, on a desk."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any, NamedTuple

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.history import History
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Driver, Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.mackie import Mackie
from remote_mixer.drivers.osc_daw.driver import Ardour as ArdourByOsc
from remote_mixer.hub.history import HistoryHandler
from remote_mixer.hub.hub import Hub
from remote_mixer.hub.recalls import RecallHandler
from remote_mixer.hub.scenes import Kept, SceneHandler
from remote_mixer.hub.surroundings import Identity, Surroundings
from remote_mixer.storage.database import Database
from remote_mixer.storage.moves import MoveTable
from remote_mixer.storage.persistence import MessageStore
from remote_mixer.storage.scenes import SceneTable
from tests.support.ardour import VCA, Ardour
from tests.support.waiting import until

ANNE, BEN = Source(CLIENT, "anne", "Anne"), Source(CLIENT, "ben", "Ben")
STEP = 1 / 1023
"""A step of a Mackie fader."""
MOST_CHARACTERS = 6
NUMBER = re.compile(r"-?\d+\.\d|-inf")
KINDS = {"channel", "bus", "dca"}
"""Strips that are tracks, buses or VCAs."""


class Road(ABC):
    """One road.

    near_db    difference of the level shown to Ardour's own
    """

    near_db: float

    def __init__(self, driver: Driver) -> None:
        self.driver = driver
        self.desk = Desk()
        self.codes = b""
        self.guard = Guard(driver, self.desk, self._receive, lambda _: None)

    def _receive(self, console: str, codes: bytes) -> None:
        self.codes = codes

    @abstractmethod
    def shown(self, name: str) -> str | None:
        """Return what this road shows of a name."""

    @abstractmethod
    def level(self, id_: str) -> float:
        """Return the level that a page shows for a strip's fader, in dB; NaN where it shows none."""

    def lacks_level(self, id_: str) -> bool:
        """Whether a page says that it knows no level of a fader: the DAW's text of it was lost."""
        return False

    def value(self, local: str) -> Value:
        return self.desk.values.get(f"daw/{local}")

    def position(self, id_: str) -> float:
        """Return where a fader stands on the page."""
        value = self.value(f"{id_}/fader")
        return value if isinstance(value, float) else float("nan")

    def set(self, local: str, value: Value, who: Source = ANNE) -> None:
        self.desk.set({f"daw/{local}": value}, who)

    @property
    def settled(self) -> bool:
        """Whether all values set have left and are confirmed."""
        return not self.guard._pending._sent and not len(self.guard._outbox)

    async def settles(self) -> None:
        await until(lambda: self.settled)

    @property
    def is_online(self) -> bool:
        return self.value("status") == "online"

    def ids(self) -> list[str]:
        """Return the ids of all strips but the master."""
        return [strip.id for strip in self.desk.layouts["daw"].strips if strip.kind in KINDS]

    def names(self) -> list[Value]:
        return [self.value(f"{id_}/name") for id_ in self.ids()]

    def id_of(self, name: str) -> str:
        """Return the id of a strip whose name this road shows; StopIteration where there is none."""
        return next(id_ for id_ in self.ids() if self.value(f"{id_}/name") == self.shown(name))

    def meter(self, id_: str) -> int:
        """Return the code of a strip's meter."""
        taps = [strip.id for strip in self.desk.layouts["daw"].strips]
        return dict(zip(taps, self.codes, strict=False)).get(id_, 0)


class OscRoad(Road):
    near_db = 0.02

    def __init__(self, ardour: Ardour, data: Path) -> None:
        driver = ArdourByOsc(Setup("daw", f"//127.0.0.1:{ardour.port}", data))
        driver.timing = replace(driver.timing, slow=1.0)
        super().__init__(driver)

    def shown(self, name: str) -> str | None:
        return name

    def level(self, id_: str) -> float:
        return self.desk.layouts["daw"].tapers["fader"].to_unit(self.position(id_))


class MackieRoad(Road):
    near_db = 0.06

    def __init__(self, data: Path) -> None:
        super().__init__(Mackie(Setup("daw", "mackie control", data)))

    def shown(self, name: str) -> str | None:
        """Return a name as Ardour sends it: six characters, without blanks where it is longer; ASCII or none."""
        short = name if len(name) <= MOST_CHARACTERS else name.replace(" ", "")
        return short if name.isascii() else None

    def level(self, id_: str) -> float:
        text = NUMBER.search(str(self.value(f"{id_}/fader/text")))
        return float(text[0]) if text else float("nan")

    def lacks_level(self, id_: str) -> bool:
        return self.settled and not NUMBER.search(str(self.value(f"{id_}/fader/text")))


@asynccontextmanager
async def opened(road: Road) -> AsyncIterator[Road]:
    """Run a road meanwhile."""
    living = asyncio.create_task(road.guard.live())
    try:
        yield road
    finally:
        living.cancel()
        await asyncio.wait({living})


# Scenes on a road's desk


class Show(NamedTuple):
    """Scenes of a hub, and what recalls them and goes back."""

    scenes: SceneHandler
    recalls: RecallHandler


@asynccontextmanager
async def show_on(road: Road, folder: Path) -> AsyncIterator[Show]:
    """Run a hub on a road's desk meanwhile, as the program does; what it keeps is in a folder."""
    desk, database = road.desk, Database.open(folder)
    listening: tuple[list[Any], ...] = (
        *(desk.change_listeners, desk.layout_listeners, desk.hold_listeners),
        *(desk.rebase_listeners, desk.remembered_listeners),
    )
    before = [list(listeners) for listeners in listening]
    around = Surroundings(list, _nothing, _nothing, str, lambda _: road.guard.under_way, lambda *_: None)
    hub = Hub(desk, Identity("", "", ""), MessageStore(database), around)
    history = HistoryHandler(hub, History(), MoveTable(database))
    scenes = SceneHandler(hub, SceneTable(database), Kept())
    recalls = RecallHandler(hub, history, scenes)
    try:
        yield Show(scenes, recalls)
    finally:
        for listeners, former in zip(listening, before, strict=True):
            listeners[:] = former
        await history.close()
        await recalls.close()
        await database.close()


async def _nothing(*_: Any, **__: Any) -> Any:
    return []


# Ardour itself, by its Lua program


def there(name: str) -> str:
    """Return the Lua expression of a track, bus or VCA."""
    return "session:vca_manager():vca_by_number(1)" if name == VCA else f'route("{name}")'


def control(name: str, what: str) -> str:
    """Return the Lua expression of a control, as `gain` or `rec_enable`."""
    return f"{there(name)}{':to_track()' if what == 'rec_enable' else ''}:{what}_control()"


def state(ardour: Ardour, name: str, what: str) -> float:
    """Return the value of a control in Ardour."""
    return ardour.number(f"{control(name, what)}:get_value()")


def stands(ardour: Ardour, name: str) -> float:
    """Return where a fader stands in Ardour, 0–1: its law is gain_to_slider_position in libs/ardour/dB.cc."""
    gain = state(ardour, name, "gain")
    return float(((6 * log2(gain) + 192) / 198) ** 8) if gain else 0.0


def gain(position: float) -> float:
    """Return the gain (a factor) of a fader at a position, the inverse of that law."""
    return float(2 ** ((position ** (1 / 8) * 198 - 192) / 6))
