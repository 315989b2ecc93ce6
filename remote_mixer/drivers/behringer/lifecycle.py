"""Living with a console: who tells us what moves, what must be read again, and what people should know."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import DriverError, Report
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.family import DIAGNOSTICS
from remote_mixer.drivers.behringer.reread import ROUTING, Reread
from remote_mixer.drivers.behringer.scenes import Recalls
from remote_mixer.drivers.behringer.slots import Slots, full

LOOK_SECONDS = 0.02
SLOT_WAIT_SECONDS = 0.3
DIAGNOSTICS_SECONDS = 1.0


class Lifecycle:
    """From the first question to the silence at the end; `notice` was said on opening and stays beside what is said."""

    def __init__(self, conversation: Conversation, name: str, host: str, port: int, notice: str = "") -> None:
        self.conversation = conversation
        self._name = name
        self._timing = conversation.timing
        self._family = conversation.addresses.family
        self._clock = asyncio.get_running_loop().time
        self._reread = Reread(conversation.addresses, conversation.timing, conversation.ask)
        self._slots = Slots(conversation, host, port, SLOT_WAIT_SECONDS)
        self.recalls = Recalls(conversation)
        self._renewal = 0
        self._recalled_at = -self._timing.notice_seconds
        self._notices: dict[str, str] = {"way": notice}
        self._percent = -1
        self._all = 0
        conversation.pushed = self._pushed

    # Reading

    async def read(self, report: Report) -> None:
        """Read the console, at most as long as an opening may take; the rest comes while we live with it.

        Whoever listens first misses nothing: so it is asked to tell us before anything is read.
        """
        self._renew()
        addresses = self.conversation.addresses.all()
        self._all = len(addresses)
        self.conversation.ask(addresses)
        end = self._clock() + self._timing.open_seconds
        while self.conversation.queries.open and self._clock() < end:
            self._check_silence()
            report.progress(self._progress())
            await asyncio.sleep(LOOK_SECONDS)

    def _progress(self) -> str:
        self._percent = max(self._percent, 100 - 100 * min(self.conversation.queries.open, self._all) // self._all)
        return f"Reading the console: {self._percent} %"

    # Living

    async def live(self, report: Report) -> None:
        """Look after all that is due until the console is silent for too long."""
        self._report = report
        self.conversation.news = self._news
        self.conversation.metered = report.meters
        self.conversation.confirmed = lambda path: report.confirm(f"{self._name}/{path}")
        self.recalls.current = self.conversation.addresses.values.get("scene/current")
        try:
            async with asyncio.TaskGroup() as tasks:
                for duty in (self._tick, self._keep_renewing, self._keep_slot, self._diagnose):
                    tasks.create_task(duty())
        except* DriverError as faults:
            raise DriverError(str(faults.exceptions[0])) from faults

    async def _tick(self) -> None:
        reading = True
        while True:
            silent = self._check_silence()
            self._reread.tick(self._clock(), silent, busy=self.conversation.busy)
            self.conversation.tend()
            reading = reading and self.conversation.busy
            self._show("reading", self._progress() if reading else "")
            if self._clock() - self._recalled_at > self._timing.notice_seconds:
                self._show("scene", "")
            await asyncio.sleep(self._timing.tick_seconds)

    def _check_silence(self) -> float:
        """Return for how long nothing was heard; DriverError when it is too long."""
        silent = self._clock() - self.conversation.line.received_at
        if silent > self._timing.offline_seconds:
            raise DriverError("The console does not answer any more. It is looked for, and read anew when it is back.")
        return silent

    async def _keep_renewing(self) -> None:
        while True:
            self._renew()
            await asyncio.sleep(self._timing.renew_seconds)

    def _renew(self) -> None:
        self.conversation.line.send(self._family.renewals[self._renewal])
        for meter in self._family.meters:
            self.conversation.line.send("/meters", meter.address)

    async def _keep_slot(self) -> None:
        """See to it that the console tells us what moves; where it will not, read it whole now and then."""
        while True:
            notified = self._recently_notified() or await self._slots.notified() or await self._try_other_renewal()
            if notified and self._notices.get("slots"):
                self._reread.read_all(self._clock())
            self._show("slots", "" if notified else full(self._family.slots))
            if not notified:
                self.conversation.ask(self.conversation.addresses.all())
            await asyncio.sleep(self._timing.probe_seconds if notified else self._timing.blind_seconds)

    def _recently_notified(self) -> bool:
        return self._clock() - self._reread.pushed_at < self._timing.renew_seconds and self._reread.pushed_at > 0

    async def _try_other_renewal(self) -> bool:
        """Ask to be told with the next request where the first is not honoured."""
        for renewal in range(1, len(self._family.renewals)):
            self._renewal = renewal
            self._renew()
            if await self._slots.notified():
                return True
        self._renewal = 0
        return False

    async def _diagnose(self) -> None:
        """Keep the diagnostics true, at most once a second."""
        said = ""
        while True:
            text = self._diagnosis()
            if text != said:
                self._report.values({f"{self._name}/diagnostics": text})
                said = text
            await asyncio.sleep(DIAGNOSTICS_SECONDS)

    def _diagnosis(self) -> str:
        line, queries = self.conversation.line, self.conversation.queries
        last = f", the last one because {line.last_fault}" if line.bad else ""
        return DIAGNOSTICS.fit(
            f"{line.bad} datagrams were not understood{last}; {queries.again} questions were asked again and"
            f" {len(queries.unanswered)} have no answer."
        )

    def clear_solo(self) -> None:
        """End all solos, and see that they ended."""
        self._report.resend({f"{self._name}/{path}": False for path in self.recalls.clear_solo()})

    # What the console tells

    def _pushed(self, address: str) -> None:
        now = self._clock()
        self._reread.pushed(address, now)
        if address.startswith(ROUTING):
            self.conversation.ask(list(self.conversation.addresses.preamp_sources()))

    def _news(self, values: Mapping[str, Value]) -> None:
        self._report.values({f"{self._name}/{path}": value for path, value in values.items()})
        if "scene/current" in values:
            self._scene_changed(values["scene/current"])

    def _scene_changed(self, current: Value) -> None:
        """Mark a scene that the console recalled by itself, and read all again when the storm is over."""
        word = self.recalls.note(current)
        if word is None:
            return
        self._reread.read_all(self._clock())
        self._recalled_at = self._clock()
        self._show("scene", word)

    def _show(self, about: str, text: str) -> None:
        """Show a word about one thing; the others stay."""
        if self._notices.get(about, "") == text:
            return
        self._notices[about] = text
        self._report.notice(" ".join(word for word in self._notices.values() if word))
