"""Living with a console: who tells us what moves, what must be read again, and what people should know."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from remote_mixer.desk.params import Value
from remote_mixer.drivers.base import DriverError, Report
from remote_mixer.drivers.behringer.conversation import Conversation
from remote_mixer.drivers.behringer.family import DIAGNOSTICS
from remote_mixer.drivers.behringer.reread import ROUTING, Watch
from remote_mixer.drivers.behringer.scenes import Recalls
from remote_mixer.drivers.behringer.slots import Slots, full

LOOK_SECONDS = 0.02
SLOT_WAIT_SECONDS = 0.3
DIAGNOSTICS_SECONDS = 1.0


class Life:
    """From the first question to the silence at the end; `notice` was said on opening and stays beside what is said."""

    def __init__(self, talk: Conversation, name: str, host: str, port: int, notice: str = "") -> None:
        self.talk = talk
        self._name = name
        self._timing = talk.timing
        self._family = talk.book.family
        self._clock = asyncio.get_running_loop().time
        self._watch = Watch(talk.book, talk.timing, talk.ask)
        self._slots = Slots(talk, host, port, SLOT_WAIT_SECONDS)
        self.recalls = Recalls(talk)
        self._renewal = 0
        self._recalled_at = -self._timing.notice_seconds
        self._words: dict[str, str] = {"way": notice}
        self._percent = -1
        self._all = 0
        talk.pushed = self._pushed

    # Reading

    async def read(self, report: Report) -> None:
        """Read the console, at most as long as an opening may take; the rest comes while we live with it.

        Whoever listens first misses nothing: so it is asked to tell us before anything is read.
        """
        self._renew()
        addresses = self.talk.book.addresses()
        self._all = len(addresses)
        self.talk.ask(addresses)
        end = self._clock() + self._timing.open_seconds
        while self.talk.asker.open and self._clock() < end:
            self._check_silence()
            report.progress(self._progress())
            await asyncio.sleep(LOOK_SECONDS)

    def _progress(self) -> str:
        self._percent = max(self._percent, 100 - 100 * min(self.talk.asker.open, self._all) // self._all)
        return f"Reading the console: {self._percent} %"

    # Living

    async def live(self, report: Report) -> None:
        """Look after all that is due until the console is silent for too long."""
        self._report = report
        self.talk.news = self._news
        self.talk.metered = report.meters
        self.talk.confirmed = lambda path: report.confirm(f"{self._name}/{path}")
        self.recalls.current = self.talk.book.values.get("scene/current")
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
            self._watch.tick(self._clock(), silent, busy=self.talk.busy)
            self.talk.tend()
            reading = reading and self.talk.busy
            self._say("reading", self._progress() if reading else "")
            if self._clock() - self._recalled_at > self._timing.notice_seconds:
                self._say("scene", "")
            await asyncio.sleep(self._timing.tick_seconds)

    def _check_silence(self) -> float:
        """Return for how long nothing was heard; DriverError when it is too long."""
        silent = self._clock() - self.talk.line.heard_at
        if silent > self._timing.offline_seconds:
            raise DriverError("The console does not answer any more. It is looked for, and read anew when it is back.")
        return silent

    async def _keep_renewing(self) -> None:
        while True:
            self._renew()
            await asyncio.sleep(self._timing.renew_seconds)

    def _renew(self) -> None:
        self.talk.line.send(self._family.renewals[self._renewal])
        for meter in self._family.meters:
            self.talk.line.send("/meters", meter.address)

    async def _keep_slot(self) -> None:
        """See to it that the console tells us what moves; where it will not, read it whole now and then."""
        while True:
            told = self._is_told() or await self._slots.told() or await self._try_other_renewal()
            if told and self._words.get("slots"):
                self._watch.read_all(self._clock())
            self._say("slots", "" if told else full(self._family.slots))
            if not told:
                self.talk.ask(self.talk.book.addresses())
            await asyncio.sleep(self._timing.probe_seconds if told else self._timing.blind_seconds)

    def _is_told(self) -> bool:
        return self._clock() - self._watch.pushed_at < self._timing.renew_seconds and self._watch.pushed_at > 0

    async def _try_other_renewal(self) -> bool:
        """Ask to be told with the next request where the first is not honoured."""
        for renewal in range(1, len(self._family.renewals)):
            self._renewal = renewal
            self._renew()
            if await self._slots.told():
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
        line, asker = self.talk.line, self.talk.asker
        last = f", the last one because {line.last_fault}" if line.bad else ""
        return DIAGNOSTICS.fit(
            f"{line.bad} datagrams were not understood{last}; {asker.again} questions were asked again and"
            f" {len(asker.unanswered)} have no answer."
        )

    def clear_solo(self) -> None:
        """End all solos, and see that they ended."""
        self._report.resend({f"{self._name}/{path}": False for path in self.recalls.clear_solo()})

    # What the console tells

    def _pushed(self, address: str) -> None:
        now = self._clock()
        self._watch.pushed(address, now)
        if address.startswith(ROUTING):
            self.talk.ask(list(self.talk.book.feeding()))

    def _news(self, values: Mapping[str, Value]) -> None:
        self._report.values({f"{self._name}/{path}": value for path, value in values.items()})
        if "scene/current" in values:
            self._scene_told(values["scene/current"])

    def _scene_told(self, current: Value) -> None:
        """Mark a scene that the console recalled by itself, and read all again when the storm is over."""
        word = self.recalls.told(current)
        if word is None:
            return
        self._watch.read_all(self._clock())
        self._recalled_at = self._clock()
        self._say("scene", word)

    def _say(self, about: str, text: str) -> None:
        """Show a word about one thing; the others stay."""
        if self._words.get(about, "") == text:
            return
        self._words[about] = text
        self._report.notice(" ".join(word for word in self._words.values() if word))
