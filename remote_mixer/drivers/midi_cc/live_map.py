"""The map in use: read from its file, changed from the page, and what the page sees of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from remote_mixer.desk.layout import Layer, Layout, Strip
from remote_mixer.desk.params import Choice, Param, Text
from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_cc import actions
from remote_mixer.drivers.midi_cc.control import Knob
from remote_mixer.drivers.midi_cc.draft import Draft
from remote_mixer.drivers.midi_cc.map_file import MapFile
from remote_mixer.drivers.midi_cc.model import COLORS, Map, MapStrip
from remote_mixer.drivers.midi_cc.tables import NAME, MapFault

LEARNING = "learning"
WRITTEN = ("name", "color")
"""Params that live in the map, not at the console."""
PLAYED_LIVE = ("send", "send_all")
"""Actions that leave the map as it is; the others are setup."""

_COLOR = Choice(COLORS, COLORS[0])
_LABELS = {"channel": "Ch", "bus": "Mix"}


def make_layout(name: str, title: str, actions: tuple[str, ...], told: Map) -> Layout:
    """Return the layout of the console called `name`: channels in the order of their layers, buses, main."""
    shown = [strip for strip in told.strips if not strip.hidden]
    bound = told.entries
    layers = [
        Layer(layer.name, tuple(strip.id for strip in layer.channels if not strip.hidden)) for layer in told.layers
    ]
    return Layout(
        name,
        title,
        "midi_cc",
        {entry.law_name: entry.taper for entry in bound.values() if isinstance(entry, Knob)},
        {LEARNING: Text(64, read_only=True)},
        tuple(_strip(strip) for strip in shown),
        tuple(layers),
        actions,
        tuple(action for action in actions if action not in PLAYED_LIVE),
        {path: str(bound[path].control) if path in bound else "" for path in told.learnable()},
    )


def _strip(strip: MapStrip) -> Strip:
    kind = strip.id.rstrip("0123456789").replace("ch", "channel")
    label = f"{_LABELS[kind]} {strip.number}" if kind in _LABELS else "Main"
    params: dict[str, Param] = {local: entry.param for local, entry in strip.entries.items()}
    return Strip(strip.id, kind, strip.number, label, params | {"name": NAME, "color": _COLOR})


Change = Callable[[Draft], None]
MOST_WARNINGS = 3


class Book:
    """One console's map; the file is read and written in a thread, a long one takes its time.

    file     where it is kept; read at once, MapFault where it has a fault
    changed  called when the page sees other strips or controls than before, or when something is amiss
    amiss    why the file could not be written, else an empty text
    """

    def __init__(
        self, name: str, title: str, actions: tuple[str, ...], file: MapFile, changed: Callable[[], None]
    ) -> None:
        self._about = name, title, actions
        self._file = file
        self._changed = changed
        self._changing = asyncio.Lock()
        self._texts: dict[str, str] = {}  # names and colours that are not in the file yet
        self._writing: asyncio.Task[None] | None = None
        self.amiss = ""
        self.map = file.load()
        self.layout = self._layout()

    @property
    def warnings(self) -> list[str]:
        """What a person should know of the map."""
        told = [*([self.amiss] if self.amiss else []), *self.map.warnings]
        return told if len(told) <= MOST_WARNINGS else [*told[:MOST_WARNINGS], f"and {len(told) - MOST_WARNINGS} more"]

    @property
    def texts(self) -> dict[str, str]:
        """Names and colours by local path, as they were written last."""
        shown = [strip for strip in self.map.strips if not strip.hidden]
        names = {f"{strip.id}/name": strip.name for strip in shown} | {
            f"{strip.id}/color": strip.color for strip in shown
        }
        return names | {path: text for path, text in self._texts.items() if path in names}

    async def read(self) -> None:
        """Read the file as it is now, and write the ids that it lacks; raise DriverError where it has a fault."""
        await self.written()
        self.amiss = ""
        try:
            await asyncio.to_thread(self._file.settle)
        except MapFault as fault:
            self.amiss = str(fault)  # one that cannot be written can still be used
        try:
            self.map = await asyncio.to_thread(self._file.load)
        except MapFault as fault:
            raise DriverError(str(fault)) from fault
        self.layout = self._layout()

    async def edit(self, change: Change) -> None:
        """Change the map and save it; raise DriverError, with nothing changed, where that fails."""
        async with self._changing:
            try:
                self.map = await asyncio.to_thread(self._file.edit, change)
            except MapFault as fault:
                raise DriverError(str(fault)) from fault
            self.amiss = ""
        former, self.layout = self.layout, self._layout()
        if former != self.layout:
            self._changed()

    def write(self, path: str, text: str) -> None:
        """Write a strip's name or colour, by its local path, as soon as may be."""
        self._texts[path] = text
        if not self._writing or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def written(self) -> None:
        """Wait until nothing waits to be written."""
        if self._writing:
            await asyncio.wait({self._writing})

    async def _write(self) -> None:
        while self._texts:
            texts = dict(self._texts)
            try:
                await self.edit(partial(actions.describe, texts=texts))
            except DriverError as fault:
                self.amiss = str(fault)
                self._changed()
            self._texts = {path: text for path, text in self._texts.items() if texts.get(path) != text}

    def _layout(self) -> Layout:
        return make_layout(*self._about, self.map)
