"""The map in use: read from its file, changed from the page, and shown as a layout."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from remote_mixer.desk.actions import Action
from remote_mixer.desk.layout import STRIP_COLORS, Layer, Layout, Strip
from remote_mixer.desk.params import Choice, Param, Text
from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_cc import actions
from remote_mixer.drivers.midi_cc.control import Knob
from remote_mixer.drivers.midi_cc.draft import Draft
from remote_mixer.drivers.midi_cc.map_file import MapFile
from remote_mixer.drivers.midi_cc.model import Map, MapStrip
from remote_mixer.drivers.midi_cc.tables import NAME
from remote_mixer.maps.files import MapFault

LEARNING = "learning"
WRITTEN = ("name", "color")
"""Params that are stored in the map, not at the console."""

_COLOR = Choice(STRIP_COLORS, STRIP_COLORS[0])
_LABELS = {"channel": "Ch", "bus": "Mix"}


def make_layout(name: str, title: str, actions: tuple[Action, ...], midi_map: Map) -> Layout:
    """Return the layout of the console called `name`: channels in the order of their layers, buses, main."""
    shown = [strip for strip in midi_map.strips if not strip.hidden]
    read_only = midi_map.is_input_only
    bound = midi_map.entries
    layers = [
        Layer(layer.name, tuple(strip.id for strip in layer.channels if not strip.hidden)) for layer in midi_map.layers
    ]
    return Layout(
        name,
        title,
        "midi_cc",
        tapers={entry.law_name: entry.taper for entry in bound.values() if isinstance(entry, Knob)},
        params={LEARNING: Text(64, read_only=True)},
        strips=tuple(_strip(strip, read_only=read_only) for strip in shown),
        layers=tuple(layers),
        actions=actions,
        addresses={path: str(bound[path].control) if path in bound else "" for path in midi_map.learnable()},
    )


def _strip(strip: MapStrip, *, read_only: bool) -> Strip:
    kind = strip.id.rstrip("0123456789").replace("ch", "channel")
    label = f"{_LABELS[kind]} {strip.number}" if kind in _LABELS else "Main"
    params: dict[str, Param] = {
        local: replace(entry.param, read_only=read_only) for local, entry in strip.entries.items()
    }
    return Strip(strip.id, kind, strip.number, label, params | {"name": NAME, "color": _COLOR})


Change = Callable[[Draft], None]
MOST_WARNINGS = 3


class LiveMap:
    """One console's map; the file is read and written in a thread.

    file     the map's file; read at once, MapFault if it has a fault
    changed  called when the layout changes, or when writing fails
    fault    why the file could not be written, else an empty text
    """

    def __init__(
        self, name: str, title: str, actions: tuple[Action, ...], file: MapFile, changed: Callable[[], None]
    ) -> None:
        self._about = name, title, actions
        self._file = file
        self._changed = changed
        self._changing = asyncio.Lock()
        self._texts: dict[str, str] = {}  # names and colours that are not written yet
        self._writing: asyncio.Task[None] | None = None
        self.fault = ""
        self.map = file.load()
        self.layout = self._layout()

    @property
    def warnings(self) -> list[str]:
        """Warnings about the map, for people; at most MOST_WARNINGS and the count of the others."""
        texts = [*([self.fault] if self.fault else []), *self.map.warnings]
        return (
            texts if len(texts) <= MOST_WARNINGS else [*texts[:MOST_WARNINGS], f"and {len(texts) - MOST_WARNINGS} more"]
        )

    @property
    def texts(self) -> dict[str, str]:
        """Names and colours by local path, as last written."""
        shown = [strip for strip in self.map.strips if not strip.hidden]
        names = {f"{strip.id}/name": strip.name for strip in shown} | {
            f"{strip.id}/color": strip.color for strip in shown
        }
        return names | {path: text for path, text in self._texts.items() if path in names}

    async def read(self) -> None:
        """Read the file, and write the ids that it lacks; raise DriverError for a fault in the file."""
        await self.written()
        self.fault = ""
        try:
            await asyncio.to_thread(self._file.settle)
        except MapFault as fault:
            self.fault = str(fault)  # a map that cannot be written can still be used
        try:
            self.map = await asyncio.to_thread(self._file.load)
        except MapFault as fault:
            raise DriverError(str(fault)) from fault
        self.layout = self._layout()

    async def edit(self, change: Change) -> None:
        """Change the map and save it; on DriverError nothing has changed."""
        async with self._changing:
            try:
                self.map = await asyncio.to_thread(self._file.edit, change)
            except MapFault as fault:
                raise DriverError(str(fault)) from fault
            self.fault = ""
        former, self.layout = self.layout, self._layout()
        if former != self.layout:
            self._changed()

    def write(self, path: str, text: str) -> None:
        """Write a strip's name or colour, by its local path, in the background."""
        self._texts[path] = text
        if not self._writing or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def written(self) -> None:
        """Wait until all writes are finished."""
        if self._writing:
            await asyncio.wait({self._writing})

    async def _write(self) -> None:
        while self._texts:
            texts = dict(self._texts)
            try:
                await self.edit(partial(actions.describe, texts=texts))
            except DriverError as fault:
                self.fault = str(fault)
                self._changed()
            self._texts = {path: text for path, text in self._texts.items() if texts.get(path) != text}

    def _layout(self) -> Layout:
        return make_layout(*self._about, self.map)
