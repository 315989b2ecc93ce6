"""The driver contract.

A driver speaks one console family's protocol. It implements four methods, called in this order: `open`, `run`, `send`,
`close`; all others have a default. The guard (see `guard`) opens a driver, connects it to the desk, and restarts it
with growing pauses when it fails. To write one, copy `demo`, implement the four, and add a line to DRIVERS in
`registry`. tests/drivers/test_every_driver.py holds what every driver keeps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import maxsize
from typing import Any, ClassVar, Protocol

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import Source


class DriverError(Exception):
    """The console does not answer or has gone; the text tells a person what to do about it."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Arguments of a driver.

    name    the console's nickname, first segment of its paths
    spec    the text after the driver's name in `--console NAME=DRIVER:SPEC`
    data    folder that the driver may write to
    kept    values by full path from the program's last run; empty for a driver that keeps none
    record  file to record the console's main to, where the driver can
    keep    keeps values by full path in the database, beside those of the desk; they come back as `kept`
    """

    name: str
    spec: str
    data: Path
    kept: Mapping[str, Value] = field(default_factory=dict)
    record: Path | None = None
    keep: Callable[[Mapping[str, Value]], None] = lambda values: None


@dataclass(frozen=True, slots=True)
class Opened:
    """A console that was read.

    values      by full path; None is unknown
    notice      a sentence for people, "" for none
    remembered  paths whose values are perhaps outdated: from the first moment, or a hand would trust them
    fitting     whether the values are those of `Layout.fitting`, as of a driver that checked thousands bit by bit
    """

    layout: Layout
    values: Mapping[str, Value]
    notice: str = ""
    remembered: frozenset[str] = frozenset()
    fitting: bool = False


class Report(Protocol):
    """Interface from an open driver to the desk. No method waits; call them on the event loop."""

    def values(self, values: Mapping[str, Value]) -> None:
        """Report values that the console itself changed, by full path."""

    def meters(self, codes: bytes) -> None:
        """Report a meter frame: one byte for each of the layout's taps, as `desk.meters` encodes it."""

    def picture(self, path: str, body: bytes) -> None:
        """Report a picture that is looked at, by full path; its body is the console's own."""

    def confirm(self, path: str) -> None:
        """Report that the value last sent to this path has arrived (see `Driver.confirms`)."""

    def resend(self, values: Mapping[str, Value]) -> None:
        """Queue values, by full path, to be sent again; where a newer value of a path waits, that one is kept."""

    def progress(self, text: str) -> None:
        """Report the progress of an opening, as text for people."""

    def notice(self, text: str) -> None:
        """Report a problem as a sentence for people, or an empty text once there is none."""

    def opened(self, opened: Opened) -> None:
        """Report that the console's layout has changed: all of it again."""

    def remembered(self, paths: frozenset[str]) -> None:
        """Report all paths with remembered values, perhaps outdated, each time the list changes."""


class Driver(ABC):
    """One console. Mandatory: title, open, run, send and close. The others have a default that suits most consoles."""

    title: ClassVar[str]
    """Name of this kind of console, for people."""
    hidden_while_empty: ClassVar[bool] = False
    """Whether no client sees the console while it has no strips."""
    retry_seconds: ClassVar[float] = 10.0
    """Longest pause before the console is tried again; shorter where a try costs nobody anything."""
    keeps: ClassVar[bool] = False
    """Whether the console's values live in our database, because it has no memory of its own."""

    def __init__(self, setup: Setup) -> None:
        """Check the spec; raise ValueError with a sentence for a person where it is wrong."""
        self.setup = setup
        self.name = setup.name

    @classmethod
    async def find(cls) -> Sequence[str]:
        """Return the specs of the consoles of this family that answer here and now."""
        return ()

    def join(self, desk: Desk) -> None:  # noqa: B027 - one console's driver needs no desk
        """Keep the desk, for a driver that spans consoles. Called once, before anything is opened."""

    def begin(self) -> None:  # noqa: B027 - most consoles have nothing to begin
        """Start slow work early, before the rest of the program is loaded. Never waits and never raises."""

    @abstractmethod
    async def open(self, report: Report) -> Opened:
        """Connect to the console and read it whole; raise DriverError where that fails."""

    @abstractmethod
    async def run(self, report: Report) -> None:
        """Report the console's changes until it is gone, then raise DriverError. Cancelled when the program ends."""

    @abstractmethod
    def send(self, path: str, value: Value) -> None:
        """Send one value (by full path, as its param keeps it) to the console now. Never waits and never raises.

        Called only while `wait` of the path's lane is 0 or less. A driver queues nothing: values wait in the guard's
        outbox, where a newer value of a path replaces the older one.
        """

    def send_recalled(self, path: str, value: Value) -> None:
        """Send one value of a recall; called only while `wait_recalled` of the path's lane is 0 or less."""
        self.send(path, value)

    def send_step(self, path: str, value: Value) -> None:
        """Send one value of a fade, which newer ones follow by themselves: whether it arrived is not awaited."""
        self.send_recalled(path, value)

    def send_again(self, path: str) -> None:  # noqa: B027 - most lines lose nothing
        """Send the value that has just left once more in a moment: a hand would feel it if the first were lost."""

    def lane(self, path: str) -> str:
        """Return the lane of a path: the strip, port or cable whose pace its values share. Lanes take turns."""
        return ""

    def wait(self, lane: str) -> float:
        """Return the seconds until a hand's next value of this lane may leave; 0 or less is now. Must be cheap."""
        return 0.0

    def wait_recalled(self, lane: str) -> float:
        """Return the same for the next value of a recall: a lane may have a pace for each, so that neither waits."""
        return self.wait(lane)

    @property
    def ready(self) -> int:
        """Number of values, each of a free lane, that may leave now. Must be cheap."""
        return maxsize

    def confirms(self, path: str) -> bool:
        """Whether the driver can report that a value of this path arrived; it is listed as pending until then."""
        return False

    def query(self, path: str) -> bool:
        """Ask the console for a value that is remembered or unknown; return whether an answer can come. Never waits.

        Called when a hand lands on the value; its drag waits for the answer. The answer is a value reported by
        `Report.values`, on a path that is no longer in the list of `Report.remembered`.
        """
        return False

    def hold(self, path: str, *, down: bool) -> None:  # noqa: B027 - most consoles do not care
        """Note that a person holds a control, or has released it. Never waits and never raises."""

    def look(self, wanted: Sequence[str]) -> None:  # noqa: B027 - most consoles have no pictures, and tell every change
        """Note all that somebody looks at, by full path, the most important first. Never waits or raises.

        Pictures, and strips that a page shows whole, of a mix its sends: a driver may keep these truer than others.
        """

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Run one of the layout's `actions`, online or not; raise DriverError with a sentence where that fails.

        arguments  all that the action declares, as `Action.check` returns them
        """
        raise DriverError(f"This console cannot do “{action}”.")

    async def act_for(self, source: Source, action: str, arguments: Mapping[str, Any]) -> None:
        """Run an action for the person who wants it, for a driver that moves other consoles; raises as `act`."""
        await self.act(action, arguments)

    @abstractmethod
    async def close(self) -> None:
        """Close the connection; called also where it was never opened. The driver may be opened again."""
