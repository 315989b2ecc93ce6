"""Driver for MIDI control changes: `--console NAME=midi:MAP`, or `midi:` to begin with an empty map.

MIDI has no queries and no acknowledgements: a value is known once received or set, and confirmed once received or
echoed. Values from before a break, and values that nothing has echoed, are remembered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Value
from remote_mixer.drivers import midi_link
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.midi_cc import actions
from remote_mixer.drivers.midi_cc.actions import ACTIONS, EDITS
from remote_mixer.drivers.midi_cc.control import Control
from remote_mixer.drivers.midi_cc.known_values import KnownValues
from remote_mixer.drivers.midi_cc.learning import LearnMode
from remote_mixer.drivers.midi_cc.live_map import LEARNING, WRITTEN, LiveMap
from remote_mixer.drivers.midi_cc.map_file import MapFile, map_path
from remote_mixer.drivers.midi_cc.model import free_control
from remote_mixer.drivers.midi_cc.session import PacedLink, Session, is_momentary, resting, wiggle
from remote_mixer.drivers.midi_ports import CLIENT, OpenLink
from remote_mixer.midi.messages import CONTROL_CHANGE

CABLE = "cable"
LOOK_SECONDS = 1.0
"""Time between two looks at the count of lost messages."""


class MidiCc(Driver):
    """The driver: a map, known values, and a Session while the port is there."""

    title = "MIDI control changes"
    keeps = True

    def __init__(self, setup: Setup, open_link: OpenLink = midi_link.open_link) -> None:
        """Read the map whose path is the spec; ValueError for a map with a fault."""
        super().__init__(setup)
        own = setup.data / f"midi-{setup.name}.toml"
        file = MapFile(map_path(setup.spec) if setup.spec else own, new=not setup.spec)
        self._live_map = LiveMap(setup.name, self.title, ACTIONS, file, self._lay)
        self._open_link = open_link
        self._report: Report | None = None
        self._session: Session | None = None
        self._laid: Layout | None = None  # the layout that was reported last
        self._dropped = 0
        self._away = ""  # why the port is missing
        self._known = KnownValues({self._local(path): value for path, value in setup.kept.items()})
        self._learning = LearnMode(self._show_learning, self._learned, self._report_notice)
        self._binding: set[asyncio.Task[None]] = set()

    # Open and close

    async def open(self, report: Report) -> Opened:
        """Read the map and open its port; the strips are shown even while the port is missing."""
        self._report = report
        await self._live_map.read()
        self._known.remember_all()
        try:
            link = await self._open_link(self._live_map.map.port, self._receive, CLIENT)
        except DriverError as fault:
            if self._laid != self._live_map.layout:  # else the notice would come and go at each try
                report.opened(self._opened())
            self._away = str(fault)
            raise
        self._away = ""
        self._dropped = link.dropped
        loop = asyncio.get_running_loop()
        line = PacedLink(link, loop.time)
        self._session = Session(line, self._known.values, self, loop.call_later, loop.time)
        self._session.set_entries(self._live_map.map.entries)
        return self._opened()

    async def run(self, report: Report) -> None:
        """Watch the link until the port has gone."""
        link = self._here().line.link
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
        """Close the port, after writing the waiting changes of the map."""
        self._learning.stop()
        if self._session:
            self._session.close()
            self._session.line.link.close()
            self._session = None
        if self._binding:
            await asyncio.wait(self._binding)
        await self._live_map.written()

    def _opened(self) -> Opened:
        """Return the whole console; unknown values are None."""
        self._laid = self._live_map.layout
        self._known.fit(self._live_map.map.entries)
        unknown: dict[str, Value] = dict.fromkeys(self._live_map.map.entries)
        values = {**unknown, **self._known.values, **self._live_map.texts, LEARNING: self._learning.path}
        return Opened(
            self._live_map.layout,
            {self._full(local): value for local, value in values.items()},
            self._notice(),
            self._remembered(),
        )

    def _lay(self) -> None:
        """Report the layout of the changed map, and use its controls."""
        if self._session:
            self._session.set_entries(self._live_map.map.entries)
        if self._report:
            self._report.opened(self._opened())

    def _notice(self) -> str:
        if self._away:
            return self._away
        link = self._session.line.link if self._session else None
        lost = f"{self._dropped} incoming MIDI messages were cut short, or too many at once." if self._dropped else ""
        texts = (*self._live_map.warnings, link.notice if link else "", lost, _outside(self._known.outside))
        return " · ".join(filter(None, texts))

    def _report_notice(self, text: str) -> None:
        if self._report:
            self._report.notice(text)

    def _local(self, path: str) -> str:
        return paths.local_of(path) if paths.console_of(path) == self.name else path

    def _full(self, local: str) -> str:
        return paths.join(self.name, local)

    # Values

    def send(self, path: str, value: Value) -> None:
        """Send a value, or write a name or colour into the map."""
        local = self._local(path)
        if paths.param_of(local) in WRITTEN:
            self._live_map.write(local, str(value))
            return
        if self._session and local in self._live_map.map.entries:
            self._know(local, value)
            self._session.send(local, value)

    def confirms(self, path: str) -> bool:
        """Return whether the far end has echoed this control since the port was opened."""
        return bool(self._session and self._session.answers(self._local(path)))

    def lane(self, path: str) -> str:
        """Return CABLE for values sent as MIDI; names and colours are only written to the map."""
        return "" if paths.param_of(path) in WRITTEN else CABLE

    def wait(self, lane: str) -> float:
        """Return the seconds until the cable is free."""
        return self._session.line.rest if self._session and lane == CABLE else 0.0

    def _receive(self, message: bytes) -> None:
        """Handle a message from the port; only control changes matter."""
        if self._session and len(message) == 3 and message[0] & 0xF0 == CONTROL_CHANGE:
            change = (message[0] & 0x0F) + 1, message[1], message[2]
            self._learning.take(self._live_map.map, *change)
            self._session.receive(*change)

    # Reports of the session

    def moved(self, path: str, value: Value) -> None:
        """Pass on a value that the console itself has set."""
        self._show(path, value)
        self.confirmed(path)

    def confirmed(self, path: str) -> None:
        """Record that the console has the value sent last."""
        if self._report:
            self._report.confirm(self._full(path))
        if path in self._known.remembered:
            self._known.confirm(path)
            self._report_remembered()

    def unconfirmed(self, path: str) -> None:
        """Mark a value that nothing has echoed."""
        if path not in self._known.remembered:
            self._known.doubt(path)
            self._report_remembered()

    def repeat(self, path: str, value: Value) -> None:
        """Queue a value to be sent again, at the cable's pace."""
        if self._report:
            self._report.resend({self._full(path): value})

    def _know(self, local: str, value: Value) -> None:
        """Keep a value; say once of a control that it is outside its range, until it is in there again."""
        before = self._known.outside
        self._known.set(local, value)
        if self._known.outside != before:
            self._report_notice(self._notice())

    def _show(self, local: str, value: Value) -> None:
        self._know(local, value)
        if self._report:
            self._report.values({self._full(local): value})

    def _remembered(self) -> frozenset[str]:
        return frozenset(map(self._full, self._known.remembered))

    def _report_remembered(self) -> None:
        if self._report:
            self._report.remembered(self._remembered())

    # Actions

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Perform one of ACTIONS."""
        values = {key: self._local(value) if key == "path" else value for key, value in arguments.items()}
        if action in EDITS:
            await self._live_map.edit(lambda draft: EDITS[action](draft, **values))
        elif action == "send_all":
            self._send_all()
        elif action == "send":
            await self._wiggle(values["path"])
        elif values["path"]:
            self._learn(values["path"])
        else:
            self._learning.stop()

    def _here(self) -> Session:
        if not self._session:
            raise DriverError(f"The MIDI port of “{self.name}” is not there: nothing can be sent or received.")
        return self._session

    def _sending(self) -> Session:
        session = self._here()
        if self._live_map.map.is_input_only:
            raise DriverError("The map names no output port, so nothing can be sent: name one under [ports].")
        return session

    def _learn(self, local: str) -> None:
        self._here()
        if local not in self._live_map.layout.addresses:
            raise DriverError(f"“{local[:40]}” cannot be bound to a control.")
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
            await self._live_map.edit(lambda draft: actions.bind(draft, local, control))
            self._report_notice(self._notice())
        except DriverError as fault:
            self._report_notice(str(fault))

    async def _wiggle(self, local: str) -> None:
        """Move a control a little for MIDI learn in a DAW; an unbound param is bound to the lowest free CC first."""
        self._sending()
        if local not in self._live_map.map.entries:
            control = free_control(self._live_map.map)
            if not control:
                raise DriverError("All CCs of all MIDI channels are in use: unbind another param first.")
            await self._live_map.edit(lambda draft: actions.bind(draft, local, control))
        entry = self._live_map.map.entries[local]
        if not is_momentary(entry):
            self._show(local, self._known.values.get(local, resting(entry)))
        value = self._known.values.get(local)
        for numbers in wiggle(entry, value):
            if self._live_map.map.entries.get(local) != entry:
                return
            if self._known.values.get(local) != value and not is_momentary(entry):
                return  # a move meanwhile wins; a momentary button gets all its presses
            self._here().send_raw(local, *numbers)
            await asyncio.sleep(self._here().line.rest)

    def _send_all(self) -> None:
        """Send all known values, except those of momentary buttons."""
        entries = {local: entry for local, entry in self._live_map.map.entries.items() if not is_momentary(entry)}
        known = {local: value for local, value in self._known.values.items() if local in entries}
        self._sending()
        if self._report:
            self._report.resend({self._full(local): value for local, value in known.items()})


def _outside(locals_: Collection[str]) -> str:
    """Return a sentence about controls outside their range; empty for none."""
    if not locals_:
        return ""
    return f"Beyond the range that the map gives, so not known: {', '.join(sorted(locals_))[:200]}."
