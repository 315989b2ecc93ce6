"""For each driver, a console at its far end that a test can look at, move, cut off and bring back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import Driver, Setup
from remote_mixer.drivers.demo import Demo


class FarEnd(ABC):
    """A driver and what it talks to."""

    driver: Driver
    fader = "band/ch1/fader"

    @abstractmethod
    def stands(self, path: str, value: Value) -> bool:
        """Tell whether the console itself has this value."""

    @abstractmethod
    def cut(self) -> None:
        """Take the console away."""

    @abstractmethod
    def bring_back(self) -> None:
        """Bring the console back, where it does not return by itself."""


class DemoEnd(FarEnd):
    def __init__(self, data: Path) -> None:
        self.demo = Demo(Setup("band", "", data))
        self.driver = self.demo

    def stands(self, path: str, value: Value) -> bool:
        return self.demo.console.values[path] == value

    def cut(self) -> None:
        self.demo.console.unplug()

    def bring_back(self) -> None:
        self.demo.console.plug()


FAR_ENDS: dict[str, Callable[[Path], FarEnd]] = {"demo": DemoEnd}
