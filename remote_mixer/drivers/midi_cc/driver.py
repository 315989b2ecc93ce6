"""Control changes as a console: `--console NAME=midi:MAP`, or `midi:` for a map that begins empty.

MIDI cannot be asked: a value is known once it was heard or set, and what is known from an earlier time is remembered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Value
from remote_mixer.drivers import midi_ports
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.midi_bytes import CONTROL_CHANGE
from remote_mixer.drivers.midi_cc import actions
from remote_mixer.drivers.midi_cc.actions import ACTIONS, EDITS, taken
from remote_mixer.drivers.midi_cc.control import Control
from remote_mixer.drivers.midi_cc.known_values import Known
from remote_mixer.drivers.midi_cc.learning import Learning
from remote_mixer.drivers.midi_cc.live_map import LEARNING, WRITTEN, Book
from remote_mixer.drivers.midi_cc.map_file import MapFile
from remote_mixer.drivers.midi_cc.model import free_control
from remote_mixer.drivers.midi_cc.session import Line, Playing, resting, turns_round, wiggle
from remote_mixer.drivers.midi_cc.tables import MapFault
from remote_mixer.drivers.midi_ports import CLIENT, OpenLink

LOOK_SECONDS = 1.0
"""How often the link is asked how many messages it had to drop."""


class MidiCc(Driver):
    """The driver: a map, what is known, and while the port is there a Playing."""

    title = "MIDI control changes"
    keeps = True

    def __init__(self, setup: Setup, open_link: OpenLink = midi_ports.open_link) -> None:
        """Take the path of a map as the spec; ValueError where the map has a fault."""
        super().__init__(setup)
        own = setup.data / f"midi-{setup.name}.toml"
        file = MapFile(_at_home(setup.spec) if setup.spec else own, new=not setup.spec)
        self._book = Book(setup.name, self.title, ACTIONS, file, self._lay)
        self._open_link = open_link
        self._report: Report | None = None
        self._playing: Playing | None = None
        self._laid: Layout | None = None  # the layout that was told last
        self._dropped = 0
        self._away = ""  # why the port is not there
        self._known = Known({self._local(path): value for path, value in setup.kept.items()})
        self._learning = Learning(self._show_learning, self._learned, self._say)
        self._binding: set[asyncio.Task[None]] = set()

    # The life of the console

    async def open(self, report: Report) -> Opened:
        """Read the map as it is now and open its port; the strips are there even while the port is not."""
        self._report = report
        await self._book.read()
        self._known.remember_all()
        try:
            link = self._open_link(self._book.map.port, self._hear, CLIENT)
        except DriverError as fault:
            if self._laid != self._book.layout:  # else the notice would come and go at each try
                report.opened(self._opened())
            self._away = str(fault)
            raise
        self._away = ""
        self._dropped = link.dropped
        self._playing = Playing(Line(link), self._known.values, self._heard, asyncio.get_running_loop().call_later)
        self._playing.lay(self._book.map.entries)
        return self._opened()

    async def run(self, report: Report) -> None:
        """Hear until the port has gone."""
        link = self._here().line.link
        self._tell_remembered()
        gone = asyncio.create_task(link.gone())
        try:
            while not (await asyncio.wait({gone}, timeout=LOOK_SECONDS))[0]:
                if link.dropped != self._dropped:
                    self._dropped = link.dropped
                    report.notice(self._notice())
            await gone
        except DriverError as fault:
            self._away = str(fault)
            raise
        finally:
            gone.cancel()

    async def close(self) -> None:
        """Let go of the port; what waits for the map is written first."""
        self._learning.stop()
        if self._playing:
            self._playing.close()
            self._playing.line.link.close()
            self._playing = None
        if self._binding:
            await asyncio.wait(self._binding)
        await self._book.written()

    def _opened(self) -> Opened:
        """Return the console whole: what is not known stands at None."""
        self._laid = self._book.layout
        self._known.fit(self._book.map.entries)
        unknown: dict[str, Value] = dict.fromkeys(self._book.map.entries)
        told = {**unknown, **self._known.values, **self._book.texts, LEARNING: self._learning.path}
        return Opened(self._book.layout, {self._full(local): value for local, value in told.items()}, self._notice())

    def _lay(self) -> None:
        """Show the map as it has become, and play by it."""
        if self._playing:
            self._playing.lay(self._book.map.entries)
        if self._report:
            self._report.opened(self._opened())
            self._tell_remembered()

    def _notice(self) -> str:
        if self._away:
            return self._away
        link = self._playing.line.link if self._playing else None
        lost = f"{self._dropped} incoming MIDI messages were cut short, or too many at once." if self._dropped else ""
        return " · ".join(text for text in (*self._book.warnings, link.notice if link else "", lost) if text)

    def _say(self, text: str) -> None:
        if self._report:
            self._report.notice(text)

    def _local(self, path: str) -> str:
        return path.removeprefix(f"{self.name}/")

    def _full(self, local: str) -> str:
        return f"{self.name}/{local}"

    # Values

    def send(self, path: str, value: Value) -> None:
        """Send a value in its turn, or write a name or colour into the map."""
        local = self._local(path)
        if local.rpartition("/")[2] in WRITTEN:
            self._book.write(local, str(value))
            return
        if self._playing and local in self._book.map.entries:
            self._note(local, value)
            self._playing.send({local: value})

    def _hear(self, message: bytes) -> None:
        """Take a message from the port; all but control changes are none of ours."""
        if self._playing and len(message) == 3 and message[0] & 0xF0 == CONTROL_CHANGE:
            change = (message[0] & 0x0F) + 1, message[1], message[2]
            self._learning.take(self._book.map, *change)
            self._playing.hear(*change)

    def _heard(self, local: str, value: Value) -> None:
        self._note(local, value)
        if self._report:
            self._report.values({self._full(local): value})

    def _note(self, local: str, value: Value) -> None:
        """Take a value for the console's own of just now."""
        was_remembered = local in self._known.remembered
        self._known.note(local, value)
        if was_remembered:
            self._tell_remembered()

    def _tell_remembered(self) -> None:
        if self._report:
            self._report.remembered(frozenset(map(self._full, self._known.remembered)))

    # Actions

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Do one of ACTIONS."""
        told = taken(action, arguments)
        if "path" in arguments:
            told[0] = self._local(told[0])
        if action in EDITS:
            await self._book.edit(lambda draft: EDITS[action][0](draft, *told))
        elif action == "send_all":
            self._send_all()
        elif action == "send":
            await self._wiggle(told[0])
        elif told[0]:
            self._learn(told[0])
        else:
            self._learning.stop()

    def _here(self) -> Playing:
        if not self._playing:
            raise DriverError(f"The MIDI port of “{self.name}” is not there: nothing can be sent or heard.")
        return self._playing

    def _learn(self, local: str) -> None:
        self._here()
        if local not in self._book.layout.addresses:
            raise DriverError(f"“{local[:40]}” cannot be put on a control.")
        self._learning.start(local)

    def _show_learning(self, local: str) -> None:
        if self._report:
            self._report.values({self._full(LEARNING): local})

    def _learned(self, local: str, control: Control) -> None:
        task = asyncio.create_task(self._bind(local, control))
        self._binding.add(task)
        task.add_done_callback(self._binding.discard)

    async def _bind(self, local: str, control: Control) -> None:
        try:
            await self._book.edit(lambda draft: actions.bind(draft, local, control))
            self._say(self._notice())
        except DriverError as fault:
            self._say(str(fault))

    async def _wiggle(self, local: str) -> None:
        """Move a control a little for a DAW that learns by itself; a param that is on none gets the lowest free CC."""
        self._here()
        if local not in self._book.map.entries:
            control = free_control(self._book.map)
            if not control:
                raise DriverError("All CCs of all MIDI channels are taken: take one off another control first.")
            await self._book.edit(lambda draft: actions.bind(draft, local, control))
        entry = self._book.map.entries[local]
        if not turns_round(entry):
            self._heard(local, self._known.values.get(local, resting(entry)))
        value = self._known.values.get(local)
        for numbers in wiggle(entry, value):
            if self._book.map.entries.get(local) != entry:
                return
            if self._known.values.get(local) != value and not turns_round(entry):
                return  # moved meanwhile, and that has the last word; a button is pressed all its times
            self._here().put(local, *numbers)
            await asyncio.sleep(self._here().line.rest)

    def _send_all(self) -> None:
        """Bring the console to all that is known, but for buttons that would turn round."""
        entries = {local: entry for local, entry in self._book.map.entries.items() if not turns_round(entry)}
        known = {local: value for local, value in self._known.values.items() if local in entries}
        self._here().send(known)
        for local, value in known.items():
            self._note(local, value)


def _at_home(spec: str) -> Path:
    try:
        return Path(spec).expanduser()
    except RuntimeError as fault:
        raise MapFault(f"{spec}: there is no such home folder: write the whole path of the map") from fault
