"""Learning: surfaces for the pages of the crew, and the map of a MIDI controller that they write by moving it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Choice, Param, Position, Toggle
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.maps.files import MapFault
from remote_mixer.surfaces import orders
from remote_mixer.surfaces.midi import map_file
from remote_mixer.surfaces.midi.learner import Learned
from remote_mixer.surfaces.midi.map_editor import MapEditor
from remote_mixer.surfaces.midi.map_file import (
    CC,
    CONTROLS,
    FITTING,
    KINDS,
    OF_A_STRIP,
    PICK_UP,
    RELATIVE,
    TAP,
    Address,
    Control,
    Map,
)
from remote_mixer.surfaces.midi.surface import MidiSurface
from remote_mixer.surfaces.station import CONNECTED_TEXT, Station

WAIT_SECONDS = 30.0
MOVES: Mapping[type[Param], frozenset[str]] = {
    Position: frozenset({PICK_UP, *RELATIVE}),
    Choice: frozenset(RELATIVE),
    Toggle: frozenset(KINDS) - {TAP},
}
"""Kind of param → the kinds of control that move it."""
OF_PLACES: Mapping[str, type[Param]] = dict.fromkeys(OF_A_STRIP, Toggle) | dict.fromkeys(
    (name for name, kind in OF_A_STRIP.items() if kind == PICK_UP), Position
)
"""Param of a place in the bank → its kind."""
UNFIT_TEXT = "This control cannot move that: a key mutes and solos, a fader or knob sets levels. Nothing was changed."
NOTHING_TEXT = "Nothing was moved for half a minute. Begin again."
ENDED_TEXT = "Learning was ended."


class Learning:
    """Surfaces as pages list them, and changes of their maps. Methods raise Refusal.

    stations  all surfaces
    """

    def __init__(self, desk: Desk, stations: Sequence[Station]) -> None:
        self._desk = desk
        self._stations = {station.spec.name: station for station in stations}
        self._editors = {
            name: MapEditor(station.spec.file, new=station.spec.is_new)
            for name, station in self._stations.items()
            if station.spec.file
        }
        self._changing = asyncio.Lock()
        self._waiting: dict[str, asyncio.Future[Learned]] = {}

    def surfaces(self) -> list[dict[str, Any]]:
        """Return all surfaces, with the controls of those that have a map."""
        return [self._as_json(station) for station in self._stations.values()]

    def _as_json(self, station: Station) -> dict[str, Any]:
        name, editor = station.spec.name, self._editors.get(station.spec.name)
        midi = station.surface if isinstance(station.surface, MidiSurface) else None
        return {
            "name": name,
            "spec": station.spec.text,
            "state": station.state,
            "file": str(editor.file) if editor else None,
            "can_undo": bool(editor and editor.can_undo),
            "controls": [self._control_json(control) for control in midi.controls] if midi else [],
        }

    def _control_json(self, control: Control) -> dict[str, Any]:
        return _control_json(control, self._kinds(control))

    def _kinds(self, control: Control) -> list[str]:
        """Return the kinds that a control can be changed to, none for one that has no choice."""
        if control.order or control.kind == TAP or control.fine is not None:
            return []
        moved = OF_PLACES.get(control.what)
        if control.path in self._desk.values:
            moved = type(self._desk.param(control.path))
        return [kind for kind in FITTING[control.address[0]] if moved and kind in MOVES.get(moved, ())]

    @staticmethod
    def orders() -> list[dict[str, Any]]:
        """Return the orders of keys: each one's word, and the names or an example of the number that it takes."""
        return [
            {"word": word, "takes": list(kind.takes), "example": kind.example} for word, kind in orders.ORDERS.items()
        ]

    # Learning

    async def learn(self, surface: str, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Wait for the next control that is moved, and write it into the map; return it as the list has it.

        wanted  what it is to move, as a row of the map without its messages
        """
        midi = self._midi(surface)
        fitting = self._fitting(wanted)
        if not self._stations[surface].state.startswith(CONNECTED_TEXT):
            raise Refusal(Code.OFFLINE, f"“{surface}”: {self._stations[surface].state}.")
        learned = await self._moved(surface, midi)
        if fitting and learned.kind not in fitting:
            raise Refusal(Code.BAD_VALUE, UNFIT_TEXT)
        row = _row(learned, wanted)
        await self._change(surface, lambda editor: editor.learn(row))
        return next(self._control_json(one) for one in midi.controls if one.address == learned.address)

    def end(self, surface: str) -> None:
        """End waiting for a control."""
        self._midi(surface).end_learning()
        if waiting := self._waiting.pop(surface, None):
            waiting.cancel()

    async def _moved(self, surface: str, midi: MidiSurface) -> Learned:
        """Return the next control that is moved; a later wish ends an earlier one."""
        self.end(surface)
        waiting: asyncio.Future[Learned] = asyncio.get_running_loop().create_future()
        self._waiting[surface] = waiting
        midi.learn(waiting.set_result)
        try:
            done, _ = await asyncio.wait({waiting}, timeout=WAIT_SECONDS)
        finally:  # who asked may have gone
            if self._waiting.get(surface) is waiting:
                self.end(surface)
        if not done or waiting.cancelled():
            raise Refusal(Code.NOTHING, ENDED_TEXT if done else NOTHING_TEXT)
        return waiting.result()

    def _fitting(self, wanted: Mapping[str, Any]) -> frozenset[str]:
        """Return the kinds of control that can move what is wanted, none for any; Refusal where it is nothing."""
        try:
            map_file.parse({CONTROLS: [{CC: 0, **wanted}]})
        except ValueError as fault:
            raise Refusal(Code.BAD_VALUE, f"{fault}.") from fault
        if path := wanted.get("path"):
            param = self._desk.param(path)
            if param.read_only:
                raise Refusal(Code.READ_ONLY, "This is a reading: nothing can move it.", path)
            if type(param) not in MOVES:
                raise Refusal(Code.BAD_VALUE, "No control of a surface can set this.", path)
        if "do" in wanted:
            return frozenset()
        return MOVES[type(self._desk.param(path)) if path else OF_PLACES[str(wanted.get("what", "fader"))]]

    # Changes of the map

    async def change_kind(self, surface: str, control: str, kind: str) -> dict[str, Any]:
        """Change the kind of a control; return its surface as the list has it."""
        found = self._control(surface, control)
        if kind not in self._kinds(found):
            raise Refusal(Code.BAD_VALUE, UNFIT_TEXT)
        return await self._change(surface, lambda editor: editor.change_kind(found.address, kind))

    async def delete(self, surface: str, control: str) -> dict[str, Any]:
        """Delete a control; return its surface as the list has it."""
        found = self._control(surface, control)
        return await self._change(surface, lambda editor: editor.delete(found.address))

    async def undo(self, surface: str) -> dict[str, Any]:
        """Take the last change of the map back; return its surface as the list has it."""
        self._midi(surface)
        if not self._editors[surface].can_undo:
            raise Refusal(Code.NOTHING, "There is no change to take back.")
        return await self._change(surface, MapEditor.undo)

    async def _change(self, surface: str, change: Callable[[MapEditor], Map]) -> dict[str, Any]:
        async with self._changing:
            try:
                changed = await asyncio.to_thread(partial(change, self._editors[surface]))
            except (MapFault, ValueError) as fault:
                raise Refusal(Code.NOT_KEPT, f"{fault}. Nothing was changed.") from fault
        self._midi(surface).use(changed)
        return self._as_json(self._stations[surface])

    def _midi(self, surface: str) -> MidiSurface:
        """Return a surface with a map; Refusal where there is none."""
        station = self._stations.get(surface)
        if not station or not isinstance(station.surface, MidiSurface):
            raise Refusal(Code.UNKNOWN, f"There is no surface “{surface}” with a map.")
        return station.surface

    def _control(self, surface: str, control: str) -> Control:
        found = next((one for one in self._midi(surface).controls if _id(one.address) == control), None)
        if not found:
            raise Refusal(Code.UNKNOWN, "This control is not in the map any more.")
        return found


def _row(learned: Learned, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row of a map for a control: its messages, its kind where it is not the usual one, what it moves."""
    kind, channel, number = learned.address
    messages: dict[str, Any] = {
        kind: True if kind == map_file.BEND else number if learned.fine is None else [number, learned.fine]
    }
    if channel != 1:
        messages["channel"] = channel
    usual = map_file.parse({CONTROLS: [{**messages, **wanted}]}).controls[0].kind
    is_order = "do" in wanted
    kinds = {} if is_order or usual == learned.kind else {"kind": learned.kind}
    return {**messages, **kinds, **wanted}


def _id(address: Address) -> str:
    return "-".join(map(str, address))


def _control_json(control: Control, kinds: Sequence[str]) -> dict[str, Any]:
    kind, channel, number = control.address
    fine = "" if control.fine is None else f"+{control.fine}"
    number_text = "" if kind == map_file.BEND else f" {number}{fine}"
    return {
        "id": _id(control.address),
        "message": f"{kind}{number_text}" + (f", channel {channel}" if channel != 1 else ""),
        "kind": control.kind,
        "kinds": kinds,
        "path": control.path,
        "strip": control.strip + 1 if control.what else 0,
        "what": control.what,
        "do": "tap" if control.kind == TAP else " ".join(filter(None, control.order)) if control.order else "",
    }
