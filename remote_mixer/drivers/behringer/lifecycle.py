"""Lifecycle of an open console: reading it, keeping its values true, keeping our client slot, notices."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from remote_mixer.desk import paths
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import DriverError, Opened, Report
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.encodings import Travel
from remote_mixer.drivers.behringer.family import DIAGNOSTICS
from remote_mixer.drivers.behringer.locate import Located
from remote_mixer.drivers.behringer.meters import Readings
from remote_mixer.drivers.behringer.oracle import Oracle
from remote_mixer.drivers.behringer.repair import Repair
from remote_mixer.drivers.behringer.reread import ROUTING
from remote_mixer.drivers.behringer.scenes import CURRENT, Recalls
from remote_mixer.drivers.behringer.slots import Slots, full
from remote_mixer.drivers.behringer.timing import Timing
from remote_mixer.drivers.duties import until_one_ends

LOOK_SECONDS = 0.02
AT_ONCE = 1000
"""Values that are checked without a pause of the loop's other work."""
SLOT_WAIT_SECONDS = 0.3
DIAGNOSTICS_SECONDS = 1.0
OURS = {"status", "notice", "diagnostics"}
"""Params whose values are not the console's."""


class Lifecycle:
    """One console from the first query until it is silent for too long.

    name       the console's nickname
    located    where it answers; its notice stays beside the others
    addresses  those of a console of its model, without values
    """

    def __init__(self, name: str, located: Located, addresses: AddressBook, timing: Timing, report: Report) -> None:
        family = addresses.family
        readings = Readings(family.meters, family.read_meter, family.taps())
        self.conversation = Conversation(addresses, timing, readings, self)
        self._name = name
        self._title = f"{located.found.model} “{located.found.name}”"
        self._gains: dict[str, Travel] = {}
        self._timing = timing
        self._family = family
        self._report = report
        self._live = False  # whether values and meters are reported: not while the console is read
        self._clock = self.conversation.clock.time
        self._lost = 0.0
        self._loop = asyncio.get_running_loop()
        self._repair = Repair(self.conversation)
        self._reread = self._repair.reread
        self._place = located.found.host, located.port
        self._oracle = Oracle(self.conversation)
        self._slots = Slots(self.conversation, *self._place, SLOT_WAIT_SECONDS)
        self.recalls = Recalls(self.conversation, self.changed)
        self._current: Value = None
        self._missed: dict[str, Value] = {}
        self._renewal, self._renewed_at = 0, 0.0
        self._recalled_at = -self._timing.notice_seconds
        self._notices: dict[str, str] = {"located": located.notice}
        self._queried: set[str] = set()
        self._percent = -1
        self._all = 0

    async def connect(self) -> None:
        """Open the sockets; DriverError where there is no way to the console."""
        await self.conversation.line.connect(*self._place)
        await self._repair.connect(*self._place)

    async def close(self) -> None:
        """Close the sockets."""
        await self._repair.close()
        await self.conversation.close()

    # Reading

    async def read(self) -> None:
        """Read the console for at most `open_seconds`; the rest is read while it is live.

        The console is asked to push changes before anything is read, so that no change is missed.
        """
        self._renew()
        addresses = self.conversation.addresses.all()
        self._all = len(addresses)
        self.conversation.ask(addresses)
        end = self._loop.time() + self._timing.open_seconds
        while self.conversation.queries.open and self._loop.time() < end:
            self._check_silence()
            self._report.progress(self._progress())
            if self._loop.time() - self._renewed_at > self._timing.renew_seconds:
                self._renew()
            await asyncio.sleep(LOOK_SECONDS)

    async def consult(self) -> None:
        """Compare the console's own texts with the tables, and show in its words what differs."""
        self._renew()
        self._family = await self._oracle.consult()
        if self._oracle.differing:
            self.conversation.addresses.adopt(self._family)
            self._oracle.show()

    def _progress(self) -> str:
        self._percent = max(self._percent, 100 - 100 * min(self.conversation.queries.open, self._all) // self._all)
        return f"Reading the console: {self._percent} %"

    def opened(self) -> Opened:
        """Return the console as read: its layout, every param's value (None for what was not read), its notices.

        What changes from now on is reported once the console is live.
        """
        layout = self._layout()
        return Opened(layout, dict(self._read(layout)), self._notice)

    async def opened_gradually(self) -> Opened:
        """Return the same, its thousands of values found and checked while the loop does its other work."""
        await asyncio.sleep(0)
        layout, fitting = self._layout(), dict[str, Value]()
        await asyncio.sleep(0)
        _ = layout.by_path  # made in a step of its own, as all that the layout keeps
        await asyncio.sleep(0)
        layout.as_json()
        values = self._read(layout)
        while some := dict(islice(values, AT_ONCE)):
            await asyncio.sleep(0)
            fitting |= layout.fitting(some)
        await asyncio.sleep(0)
        _ = layout.in_scenes  # made here, so that the first scene has it
        await asyncio.sleep(0)  # the desk takes them in a step of its own
        return Opened(layout, fitting, self._notice, fitting=True)

    def _layout(self) -> Layout:
        """Return the layout of the console as it is; what changes from now on is missed there."""
        self._missed.clear()
        self._gains = dict(self.conversation.addresses.gains)
        return self._family.layout(self._name, self._title, self._gains)

    def _read(self, layout: Layout) -> Iterator[tuple[str, Value]]:
        """Yield each full path of a layout with the console's value, None for what was not read."""
        for path in layout.by_path:
            if (local := paths.local_of(path)) not in OURS:
                yield path, self.conversation.addresses.values.get(local)

    # Live

    async def live(self) -> None:
        """Report and keep the values true until the console is silent for too long; then raise DriverError."""
        self._live, self._current = True, self.conversation.addresses.values.get(CURRENT)
        self.changed(self._missed)
        await asyncio.sleep(0)
        await self._repair.start()
        duties = (self._tick, self._keep_renewing, self._keep_slot, self._diagnose)
        await until_one_ends(duty() for duty in duties)

    async def _tick(self) -> None:
        reading = True
        while True:
            silent = self._check_silence()
            if self._absence() > self._timing.gap_seconds:
                self._reread.read_all(self._clock())
            self._reread.repeated(self.conversation.queries.again)
            self._reread.tick(self._clock(), silent, busy=self.conversation.busy)
            self.conversation.tend()
            reading = reading and self.conversation.busy
            self._show("reading", self._progress() if reading else "")
            if self._clock() - self._recalled_at > self._timing.notice_seconds:
                self._show("scene", "")
            await asyncio.sleep(self._timing.tick_seconds)

    def _check_silence(self) -> float:
        """Return the seconds since the last message; DriverError when they are too many."""
        silent = self._clock() - self.conversation.line.received_at
        if silent > self._timing.offline_seconds:
            raise DriverError("The console does not answer any more. It is looked for, and read anew when it is back.")
        return silent

    def _absence(self) -> float:
        """Return the seconds for which the loop was held since the last call: what came then may have found no room."""
        before, self._lost = self._lost, self.conversation.clock.lost
        return self._lost - before

    async def _keep_renewing(self) -> None:
        while True:
            self._renew()
            await asyncio.sleep(self._timing.renew_seconds)

    def _renew(self) -> None:
        renewal, self._renewed_at = self._family.renewals[self._renewal], self._loop.time()
        self.conversation.line.send(renewal)
        for meter in self._family.meters:
            self.conversation.line.send("/meters", meter.address)
        self._reread.renewed(2 + len(self._family.meters))  # with one that the repair sends
        self._repair.renew(renewal)

    async def _keep_slot(self) -> None:
        """Check that the console pushes changes to us; where it does not, read it whole at intervals."""
        while True:
            notified = self._recently_notified() or await self._slots.notified() or await self._try_other_renewal()
            if notified and self._notices.get("slots"):
                self._reread.read_all(self._clock())
            self._repair.notified(notified=notified)
            self._show("slots", "" if notified else full(self._family.slots))
            if not notified:
                self.conversation.ask(self.conversation.addresses.all())
            await asyncio.sleep(self._timing.probe_seconds if notified else self._timing.blind_seconds)

    def _recently_notified(self) -> bool:
        return self._clock() - self._reread.pushed_at < self._timing.renew_seconds and self._reread.pushed_at > 0

    async def _try_other_renewal(self) -> bool:
        """Try the family's other renewal requests where the first has no effect."""
        for renewal in range(1, len(self._family.renewals)):
            self._renewal = renewal
            self._renew()
            if await self._slots.notified():
                return True
        self._renewal = 0
        return False

    async def _diagnose(self) -> None:
        """Report the diagnostics where they have changed, at most once a second."""
        reported = ""
        while True:
            text = self._diagnosis()
            if text != reported:
                self._report.values({paths.join(self._name, "diagnostics"): text})
                reported = text
            self._oracle.show()
            await asyncio.sleep(DIAGNOSTICS_SECONDS)

    def _diagnosis(self) -> str:
        line, queries = self.conversation.line, self.conversation.queries
        last = f", the last one because {line.last_fault}" if line.bad else ""
        return DIAGNOSTICS.fit(
            f"{line.bad} datagrams were not understood{last}; {queries.again} questions were asked again and"
            f" {len(queries.unanswered)} have no answer.{self._repair.diagnosis()}"
            f"{self._oracle.diagnosis()}"
        )

    def clear_solo(self) -> None:
        """Switch all solos off."""
        self._report.resend({paths.join(self._name, path): False for path in self.recalls.clear_solo()})

    def query(self, path: str) -> bool:
        """Query a value at once; return whether the console has it."""
        asked = self.conversation.query(path)
        if asked:
            self._queried.add(path)
        return asked

    def moved(self, path: str) -> None:
        """Note that a person moves or holds a control."""
        self._reread.moved(paths.strip_and_param(path)[0])

    def shown(self, strips: Sequence[str]) -> None:
        """Note the strips that pages show, the most important first."""
        self._reread.shown(strips)

    # From the console

    def pushed(self, address: str) -> None:
        """Schedule a second reading of a pushed value; a new routing has other preamps, many at once are a scene."""
        self._reread.pushed(address, self._clock())
        if self._live and (notice := self.recalls.pushed(address)):
            self._scene_recalled(notice)
        if address.startswith(ROUTING):
            self.conversation.ask(list(self.conversation.addresses.preamp_sources()))

    def surprised(self, address: str) -> None:
        """Look at what may have been lost together with a value's push."""
        if self._live:
            self._repair.surprised(address)

    def confirmed(self, path: str) -> None:
        """Report that a write arrived."""
        if self._live:
            self._report.confirm(paths.join(self._name, path))

    def metered(self, codes: bytes) -> None:
        """Report a meter frame."""
        if self._live:
            self._report.meters(codes)

    def changed(self, values: Mapping[str, Value]) -> None:
        """Report values, and a scene that the console recalled by itself."""
        if not self._live:
            self._missed |= values
            return
        if self.conversation.addresses.gains != self._gains:  # a preamp of another kind has another scale
            self._report.opened(self.opened())
        self._report.values({paths.join(self._name, path): value for path, value in values.items()})
        if not self._queried.isdisjoint(values):
            self._queried -= values.keys()
            self._report.remembered(frozenset(paths.join(self._name, path) for path in self._queried))
        before, self._current = self._current, values.get(CURRENT, self._current)
        if (notice := self.recalls.note(before, self._current)) is not None:
            self._scene_recalled(notice)

    async def recall(self, scene: int) -> None:
        """Have the console recall a scene; DriverError where it does not."""
        self._scene_recalled(await self.recalls.recall(scene))

    def _scene_recalled(self, notice: str) -> None:
        """Show a notice about a recalled scene, and read all again once it is calm."""
        self._reread.read_all(self._clock())
        self._recalled_at = self._clock()
        self._show("scene", notice)

    def _show(self, about: str, text: str) -> None:
        """Replace the notice about one subject; the others stay."""
        if self._notices.get(about, "") == text:
            return
        self._notices[about] = text
        self._report.notice(self._notice)

    @property
    def _notice(self) -> str:
        return " ".join(notice for notice in self._notices.values() if notice)
