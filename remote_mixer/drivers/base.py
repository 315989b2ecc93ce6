"""The driver contract.

A driver speaks one console family's protocol. It fills in five methods, in the order of life: `find`, `open`, `run`,
`send`, `close`; what else is here has a default. The guard (see `guard`) opens it, joins it to the desk, restarts it
with growing pauses when it fails, and says so. To write one, copy `demo`, fill in the five, and add a line to DRIVERS
in `registry`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Value


class DriverError(Exception):
    """A console cannot be reached or has gone; the text tells a person what to do about it."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a driver is made from.

    name    the console's nickname, first segment of its paths
    spec    what follows the driver's name in `--console NAME=DRIVER:SPEC`
    data    folder that the driver may write to
    kept    values by full path as they stood when the program last ran; empty for a driver that keeps none
    record  file to record the console's main to, where the driver can
    """

    name: str
    spec: str
    data: Path
    kept: Mapping[str, Value] = field(default_factory=dict)
    record: Path | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """A console read whole: its layout, the values that stand in it by full path, and a word on what was amiss."""

    layout: Layout
    values: Mapping[str, Value]
    notice: str = ""


class Report(Protocol):
    """What a driver tells while it runs. Nothing here waits; call it on the loop."""

    def values(self, values: Mapping[str, Value]) -> None:
        """Say that the console itself moved these params, by full path."""

    def meters(self, codes: bytes) -> None:
        """Say the readings of one moment: a byte for each of the layout's taps, as `desk.meters` encodes it."""

    def confirm(self, path: str) -> None:
        """Say that what was last sent to this path has arrived (drivers with `confirms` only)."""

    def resend(self, values: Mapping[str, Value]) -> None:
        """Send these values, by full path, in their turn; where a newer value of a path waits, that one leaves."""

    def progress(self, text: str) -> None:
        """Say what takes a moment while the console is opened."""

    def notice(self, text: str) -> None:
        """Say in plain words what is amiss, or an empty text when nothing is any more."""

    def opened(self, opened: Opened) -> None:
        """Say that the console has other strips than before: all of it anew."""

    def remembered(self, paths: frozenset[str]) -> None:
        """Say which values are known from earlier only, each time the list changes: the console may stand elsewhere."""


class Driver(ABC):
    """One console. Mandatory: title, open, run, send and close. The rest has a default that suits most."""

    title: ClassVar[str]
    """What people call this kind of console."""
    confirms: ClassVar[bool] = False
    """Whether the console tells that a value arrived; if not, no value is ever called pending."""
    keeps: ClassVar[bool] = False
    """Whether the console's values live in our database, because it has no memory of its own."""

    def __init__(self, setup: Setup) -> None:
        """Take the setup; raise ValueError with a sentence for a person when the spec makes no sense."""
        self.setup = setup
        self.name = setup.name

    @classmethod
    async def find(cls) -> Sequence[str]:
        """Return the specs of the consoles of this family that answer here and now."""
        return ()

    def begin(self) -> None:  # noqa: B027 - most consoles have nothing to begin
        """Start what takes long, before the rest of the program is loaded; never waits and never raises."""

    @abstractmethod
    async def open(self, report: Report) -> Opened:
        """Reach the console and read it whole, telling `report` the progress; raise DriverError where that fails."""

    @abstractmethod
    async def run(self, report: Report) -> None:
        """Report what the console does until it is gone, then raise DriverError. Cancelled at the end."""

    @abstractmethod
    def send(self, path: str, value: Value) -> None:
        """Send one value (by full path, as its param keeps it) to the console now. Never waits and never raises.

        Called only while `wait` of the path's lane is 0 or less. Nothing is queued here: what may not leave yet waits
        in the guard's outbox, where a newer value replaces it.
        """

    def lane(self, path: str) -> str:
        """Return the lane of a path: the strip, port or cable whose pace its values share. Lanes take turns."""
        return ""

    def wait(self, lane: str) -> float:
        """Return the seconds until the next value of this lane may leave; 0 or less is now. Must be cheap."""
        return 0.0

    def hold(self, path: str, *, down: bool) -> None:  # noqa: B027 - most consoles do not care
        """Note that a finger has landed on a control, or that the last one has left it. Never waits, never raises."""

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Run one of the layout's `actions`, online or not; raise DriverError with a sentence where that fails.

        arguments  all that the action declares, as `Action.check` returns them
        """
        raise DriverError(f"This console cannot do “{action}”.")

    @abstractmethod
    async def close(self) -> None:
        """Let go of the console, whether or not it was ever opened. The driver may be opened again."""
