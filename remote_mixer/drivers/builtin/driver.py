"""The built-in engine: our own mixer, in a process of its own, playing stems or a device's inputs.

`--console band=builtin:` plays the built-in song, `builtin:FOLDER` the sound files of a folder, and `builtin:live`
mixes what is plugged in (see `builtin.spec`). Controls and meters cross in a block of shared memory
(engine/controls.py and engine/shared.py), so neither side waits for the other; engine/link.py starts the process. The
engine remembers nothing: its values live in our database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import POSITION_DECIMALS, Value
from remote_mixer.desk.sources import Source
from remote_mixer.drivers.base import Driver, DriverError, Opened, Report, Setup
from remote_mixer.drivers.builtin.files import FileLines, notice
from remote_mixer.drivers.builtin.latency import MEASURE_LATENCY, MEASURED, MEASURES, measure
from remote_mixer.drivers.builtin.layout import (
    CLEAR_SOLO,
    NAME,
    RESET_LOUDNESS,
    TAP_TEMPO,
    TAPERS,
    TITLE,
    color_for,
    first_values,
    fitting,
    make_layout,
    tap_places,
)
from remote_mixer.drivers.builtin.link import in_step
from remote_mixer.drivers.builtin.memory import Memory
from remote_mixer.drivers.builtin.pictures import Wanted
from remote_mixer.drivers.builtin.poller import Poller
from remote_mixer.drivers.builtin.ports import FIRST as PORTS
from remote_mixer.drivers.builtin.ports import Ports
from remote_mixer.drivers.builtin.sound import (
    CARD,
    CHOICE,
    INPUT_CARD,
    NOW,
    TEXT,
    chosen,
    now,
    output_params,
    sound_params,
)
from remote_mixer.drivers.builtin.spec import job_of
from remote_mixer.drivers.builtin.takes import TakeShelf
from remote_mixer.drivers.builtin.tap_tempo import TapTempo
from remote_mixer.drivers.duties import until_one_ends
from remote_mixer.engine.controls import MAX_CHANNELS, MOST_INPUTS, MOST_OUTPUTS, SOURCES, STEM, TABLE
from remote_mixer.engine.link import EngineGone, EngineLink, Job, begin
from remote_mixer.engine.shared import SharedBlock

TEMPO = "fx2/echo/time"
UNHEARD = "No sound card was found: nothing is heard, but meters and recording run. It is looked for again by itself."
MISSED = "The sound was interrupted: {:,} blocks came too late since the start."
RECHOSEN = "The engine starts again with the sound device that was chosen."


class Builtin(Driver):
    """Driver of the engine: owner of its process and of the shared block."""

    title = TITLE
    keeps = True

    def __init__(self, setup: Setup) -> None:
        """Take the spec, see `builtin.spec`."""
        super().__init__(setup)
        self._spec = job_of(setup)
        self._cards, self._input_cards = list[str](), list[str]()
        kept = ([str(card)] if (card := setup.kept.get(self._own(local))) else [] for local in (CARD, INPUT_CARD))
        sound = sound_params(self._spec, *kept)
        more = sound | output_params(MOST_OUTPUTS, MAX_CHANNELS)
        every = make_layout(self.name, MAX_CHANNELS, inputs=MOST_INPUTS, more=more)
        self._values: dict[str, Value] = first_values(every, setup.kept)
        self._job = self._chosen()
        self._values |= self._sources()
        self._rechosen, self._measures, self._measured = asyncio.Event(), False, ""
        self._line: dict[str, Any] = {}
        self._known = set(setup.kept)
        self._pictures = Wanted(self.name)
        self._poller = Poller(self.name, self._values, self._pictures)
        self._shown: frozenset[str] = frozenset()
        self._files = FileLines([], [])
        self._channels = 0
        self._audible, self._remarks = False, list[str]()
        self._memory = Memory(setup)
        self._link: EngineLink | None = None
        self._report: Report | None = None
        self.shelf = TakeShelf(setup.data / "takes" / self.name, self._report_takes, self._strip_names)
        self._desk: Desk | None = None
        self._ports = Ports({paths.local_of(path): value for path, value in setup.kept.items()})
        self._tempo = TapTempo()

    def join(self, desk: Desk) -> None:
        """Keep the desk, at whose door a person's tempo is set, and solos are cleared."""
        self._desk = desk

    def begin(self) -> None:
        """Start the engine's process early: most of its start needs nothing from the server."""
        begin(self._job)

    @property
    def pid(self) -> int | None:
        """Id of the engine's process, while there is one."""
        return self._link.pid if self._link else None

    async def open(self, report: Report) -> Opened:
        """Start the engine with the present values."""
        self._rechosen.clear()
        self._job = self._chosen()
        if self._measures:
            report.progress(MEASURES)
            self._measures, self._measured = False, await measure(self._job)
        report.progress("The engine starts.")
        sources = self._sources()
        self._values |= sources
        await self._memory.open(self._values)
        self._memory.request(self._pictures.write)
        self._memory.write(sources)
        try:
            self._link = EngineLink.start(self._job, self._memory.path, self._ports.begin())
            ready = await self._link.ready(report.progress)
        except EngineGone as fault:
            raise DriverError(str(fault)) from fault
        self._files = FileLines(ready["files"], ready["problems"])
        self._channels, self._line = len(ready["channels"]), {}
        self._name_strips(ready["channels"])
        self.shelf.begin(self._link)
        opened = self._opened(ready)
        await asyncio.sleep(0)  # other consoles' hands get their turn between the layout and the desk's check of it
        return opened

    async def run(self, report: Report) -> None:
        """Read the block fifty times a second, and the engine's lines as they come."""
        self._report = report
        try:
            await until_one_ends((self._listen(report), self._poll(report), self._heed_choice()))
        except EngineGone as gone:
            raise DriverError(str(gone)) from gone

    def confirms(self, path: str) -> bool:
        """Return True: the engine counts what it has taken."""
        return True

    def send(self, path: str, value: Value) -> None:
        """Write a control, of the linked channel too; names and colours are kept here only, for the page."""
        followed = in_step(self._values, path, value)
        changed = {path: value, **followed}
        self._values |= changed
        self._known |= set(changed)
        self._poller.follow({other: now for other, now in followed.items() if other in self._shown})
        if self._link and paths.local_of(path) in CHOICE and self._chosen() != self._job:
            self._rechosen.set()
        if self._link and paths.local_of(path).startswith(PORTS):
            self._link.send("join-ports", ports=self._ports.choose(paths.local_of(path), value))
        if (generation := self._memory.write(changed)) is not None:
            self._poller.expect(path, generation)

    def look(self, wanted: Sequence[str]) -> None:
        """Let the engine draw what somebody looks at."""
        self._pictures.look(wanted)
        self._memory.request(self._pictures.write)

    async def act(self, action: str, arguments: Mapping[str, Any]) -> None:
        """Record, play a take, or measure the loudness of main, or the latency of the device, anew."""
        if action == MEASURE_LATENCY.name:
            self._measures = True
            self._rechosen.set()
        elif action == RESET_LOUDNESS.name:
            self._memory.request(SharedBlock.reset_loudness)
        else:
            await self.shelf.act(action, arguments)

    async def act_for(self, source: Source, action: str, arguments: Mapping[str, Any]) -> None:
        """Take a tap of the delay's tempo, or clear the solos, for this source, or act."""
        if action == TAP_TEMPO.name:
            self._tap_tempo(source)
        elif action == CLEAR_SOLO.name and self._desk:
            soloed = [path for path in self._shown if paths.param_of(path) == "solo" and self._values[path]]
            self._desk.set(dict.fromkeys(soloed, False), source)
        else:
            await self.act(action, arguments)

    def _tap_tempo(self, source: Source) -> None:
        """Take a tap; from the second one on the delay follows."""
        seconds = self._tempo.tap(asyncio.get_running_loop().time())
        if seconds is not None and self._desk:
            position = TAPERS[TABLE.places[TEMPO].control.scale.name].to_position(1000 * seconds)
            self._desk.set({paths.join(self.name, TEMPO): round(position, POSITION_DECIMALS)}, source)

    async def close(self) -> None:
        """End the engine; the block stays, and the next engine goes on from it."""
        link, self._link, self._report = self._link, None, None
        self.shelf.end()
        self._poller.forget()
        if link:
            await link.close()

    # Opening

    def _opened(self, line: Mapping[str, Any]) -> Opened:
        """Return the console as the engine's line says that it is."""
        self._line |= line
        card, source = (str(self._values[self._own(local)]) for local in (CARD, INPUT_CARD))
        more = sound_params(self._spec, [card, *self._cards], [source, *self._input_cards])
        more |= output_params(int(self._line["outputs"]), self._channels) | self._ports.params()
        lines = len(self._files.lines())
        layout = make_layout(self.name, self._channels, lines, self._job.inputs, more)
        self._poller.taps = tap_places(layout)
        self._shown = frozenset(path for path, _ in layout.paths())
        there = {path: fitting(param, self._values[path]) for path, param in layout.paths() if path in self._values}
        readings = self._take_values(self.shelf.readings | self._ports.values())
        return Opened(layout, self._file_values() | there | readings | self._now(), self._notice(line))

    def _own(self, local: str) -> str:
        return paths.join(self.name, local)

    def _now(self) -> dict[str, Value]:
        return {self._own(NOW): now(self._line, self._poller.missed), self._own(MEASURED): TEXT.fit(self._measured)}

    def _chosen(self) -> Job:
        """Return the job that spec and choice mean."""
        return chosen(self._spec, {local: self._values[self._own(local)] for local in CHOICE})

    def _sources(self) -> dict[str, Value]:
        """Return a source for each channel whose own is silent here: its input, or where there are none its stem."""
        found: dict[str, Value] = {}
        inputs = self._job.inputs
        others = {f"input {number}" for number in range(inputs + 1, MOST_INPUTS + 1)}
        others |= {SOURCES[STEM]} if inputs else set()
        for number in range(1, (inputs or MAX_CHANNELS) + 1):
            path = self._own(f"ch{number}/source")
            if self._values[path] in others:
                found[path] = f"input {number}" if inputs else SOURCES[STEM]
        return found

    def _name_strips(self, channels: list[dict[str, Any]]) -> None:
        """Name and colour the channels after their stems, except those that a person has named."""
        for number, channel in enumerate(channels, start=1):
            name = NAME.fit(str(channel["name"]))
            for path, value in ((f"ch{number}/name", name), (f"ch{number}/color", color_for(name))):
                if paths.join(self.name, path) not in self._known:
                    self._values[paths.join(self.name, path)] = value

    def _notice(self, line: Mapping[str, Any]) -> str:
        """Return the notice for people: whether the mix can be heard, and the engine's problems so far."""
        self._audible = bool(line.get("audible", self._audible))
        self._remarks = [str(remark) for remark in line.get("remarks", self._remarks)]
        missed = [MISSED.format(self._poller.missed)] if self._poller.missed and self._audible else []
        return notice([*([] if self._audible else [UNHEARD]), *missed, *self._remarks, *self._files.problems()])

    def _file_values(self) -> dict[str, Value]:
        lines = enumerate(self._files.lines(), start=1)
        return {paths.join(self.name, "files", str(number)): line for number, line in lines}

    # Running

    async def _listen(self, report: Report) -> None:
        assert self._link  # noqa: S101  # run comes after open
        while True:
            line = await self._link.line()
            if "error" in line:
                raise EngineGone(str(line["error"]))
            self._files.take(line)
            self.shelf.follow(line)
            report.values(self._file_values())
            report.notice(self._notice(line))
            if "ports" in line:
                self._ports.take(line["ports"])
            if line.keys() & {"cards", "ports"} or line.get("outputs", self._line["outputs"]) != self._line["outputs"]:
                self._cards = [str(card) for card in line.get("cards", self._cards)]
                self._input_cards = [str(card) for card in line.get("input_cards", self._input_cards)]
                report.opened(self._opened(line))
            elif line.keys() & {"output", "microphones"}:
                self._line |= line
                report.values(self._now())

    async def _heed_choice(self) -> None:
        await self._rechosen.wait()
        raise EngineGone(MEASURES if self._measures else RECHOSEN)

    async def _poll(self, report: Report) -> None:
        assert self._link  # noqa: S101  # run comes after open
        try:
            await self._poller.run(self._memory, report, partial(self._report_interruption, report))
        except EngineGone:
            self._link.kill()
            raise

    def _report_interruption(self, report: Report) -> None:
        report.notice(self._notice({}))
        report.values(self._now())

    def _report_takes(self, readings: Mapping[str, Value]) -> None:
        if self._report:
            self._report.values(self._take_values(readings))

    def _take_values(self, readings: Mapping[str, Value]) -> dict[str, Value]:
        return {paths.join(self.name, local): value for local, value in readings.items()}

    def _strip_names(self) -> dict[str, str]:
        """Return the name of each strip, by its id; its label where it has none."""
        strips = make_layout(self.name, MAX_CHANNELS).strips
        return {one.id: str(self._values.get(paths.join(self.name, one.id, "name")) or one.label) for one in strips}
