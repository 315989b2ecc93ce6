"""Surface by a map: messages of a MIDI controller in, lights of its keys and rings of its encoders out. No I/O."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace

from remote_mixer.desk import paths
from remote_mixer.desk.params import Position
from remote_mixer.desk.refusal import Refusal
from remote_mixer.midi.messages import CONTROL_CHANGE, NOTE_ON, PITCH_BEND, control_change, note_on
from remote_mixer.surfaces.midi.learner import Learned, Learner
from remote_mixer.surfaces.midi.map_file import (
    BEND,
    CC,
    MOMENTARY,
    MOST_NUMBER,
    NOTE,
    PICK_UP,
    PROGRAM,
    RELATIVE,
    TAP,
    TOGGLE,
    Address,
    Control,
    Map,
    fine_of,
)
from remote_mixer.surfaces.midi.pick_up import PickUp
from remote_mixer.surfaces.midi.tap import Tap
from remote_mixer.surfaces.orders import Orders
from remote_mixer.surfaces.panel import Panel
from remote_mixer.surfaces.surroundings import Surroundings

log = logging.getLogger(__name__)

KNOB_STEP = 0.01
NOTE_OFF, PROGRAM_CHANGE = 0x80, 0xC0
PRESSED_FROM = 64
HALF: Address = ("", 0, 0)
"""Address of a coarse half, which moves nothing before its fine half."""
OnLearned = Callable[[Learned], None]
LIGHTS: Mapping[str, Callable[[int, int, int], bytes]] = {CC: control_change, NOTE: note_on}


class MidiSurface:
    """One controller."""

    notice = ""

    def __init__(self, midi_map: Map, around: Surroundings) -> None:
        self.width = midi_map.width
        self._hand, self._view, self._around = around.hand, around.view, around
        self._orders = Orders(around.hand, around.view, self.width, around.cue, self._refused)
        self._controls: dict[Address, Control] = {}
        self._panel = Panel(lambda message: around.send(0, message))
        self.refusals = 0
        self.strangers: dict[Address, int] = {}
        """Controls that were moved and are not in the map, with the first value that each sent."""
        self._pick_ups: dict[Address, PickUp] = {}
        self._taps: dict[Address, Tap] = {}
        self._coarse_of: dict[Address, Address] = {}
        self._coarse: dict[Address, int] = {}
        self._painted = -1
        self._learner: Learner | None = None
        self._on_learned: OnLearned = _ignored
        self.use(midi_map)

    @property
    def controls(self) -> list[Control]:
        """Controls of its map, in their order."""
        return list(self._controls.values())

    def use(self, midi_map: Map) -> None:
        """Work by another map from now on; a control that is the same in both goes on."""
        former, self._controls = self._controls, {control.address: control for control in midi_map.controls}
        kept = {address for address, control in self._controls.items() if former.get(address) == control}
        for address in former.keys() - kept:
            self._drop(former[address])
        for address, control in self._controls.items():
            if address not in kept:
                self._add(control)
        self.width = midi_map.width
        self._orders = replace(self._orders, width=self.width)
        self._coarse_of = {fine: one.address for one in midi_map.controls if (fine := fine_of(one))}
        self._coarse = dict.fromkeys(self._coarse_of.values(), 0)
        self._painted = -1

    def _add(self, control: Control) -> None:
        hand, clock = self._around.hand, self._around.clock
        if control.kind == PICK_UP and not control.order:
            self._pick_ups[control.address] = PickUp(hand, clock, 1 / control.top, self._around.ghost)
        if control.kind == TAP:
            self._taps[control.address] = Tap(clock)

    def _drop(self, control: Control) -> None:
        """End what a control of the former map did; its light goes out."""
        self._taps.pop(control.address, None)
        if pick_up := self._pick_ups.pop(control.address, None):
            pick_up.let_go()
        self._show(control, 0)

    # Learning

    def learn(self, on_learned: OnLearned) -> None:
        """Call a function with the next control that is moved, once; until then no control moves anything."""
        self._learner, self._on_learned = Learner(self._around.clock), on_learned

    @property
    def is_learning(self) -> bool:
        """Whether it waits for a control to be moved."""
        return self._learner is not None

    def end_learning(self) -> None:
        """Let the controls move what is in the map again."""
        self._learner = None

    # Life

    def start(self) -> None:
        """Begin with a controller that was plugged in."""
        self._panel.forget()
        self._assign()

    def stop(self) -> None:
        """End all holds."""
        for pick_up in self._pick_ups.values():
            pick_up.let_go()

    def say(self, text: str) -> None:
        """Show nothing: it has no display."""

    def meters(self, codes: Mapping[str, int]) -> None:
        """Show nothing, as above."""

    def tick(self) -> None:
        """Do what is due by now."""
        if self._learner and (learned := self._learner.result()):
            self._learner = None
            self._on_learned(learned)
        self._assign()
        for pick_up in self._pick_ups.values():
            pick_up.tick()
        if self._painted != self._hand.desk.rev:
            self._painted = self._hand.desk.rev
            self._paint()
        self._panel.tick()

    def _refused(self, _: Refusal | None) -> None:
        self.refusals += 1

    def _assign(self) -> None:
        for address, pick_up in self._pick_ups.items():
            pick_up.assign(self._path(self._controls[address]))

    def _path(self, control: Control) -> str:
        """Return the path that a control moves now; "" for none."""
        if not control.what:
            return control.path if control.path in self._hand.desk.values else ""
        strip = self._view.window(self.width)[control.strip]
        match control.what:
            case "main":
                return self._view.main(self.width)
            case "knob":
                return self._view.knob(control.strip, self.width)
            case "fader" | "mute":
                find = self._view.fader if control.what == "fader" else self._view.mute
                return find(strip) if strip else ""
        return self._view.toggle(strip, control.what)

    # What a person does

    def receive(self, unit: int, message: bytes) -> None:
        """Take one whole message; one of no control in the map is ignored."""
        self._painted = -1
        if (found := _decoded(message)) is None:
            return
        if self._learner:
            self._learner.take(*found)
            return
        address, value = self._whole(*found)
        if control := self._controls.get(address):
            HANDLERS.get(control.kind, MidiSurface.turn)(self, control, value)
        elif address not in {HALF, *self.strangers}:
            self.strangers[address] = value
            log.info("the map has no control for %s %d on channel %d (it sent %d)", *_words(address), value)

    def _whole(self, address: Address, value: int) -> tuple[Address, int]:
        """Return address and value of a control; of a pair fourteen bits, once the fine half has come."""
        if coarse := self._coarse_of.get(address):
            return coarse, self._coarse.get(coarse, 0) << 7 | value
        if address in self._coarse:
            self._coarse[address] = value
            return HALF, value
        return address, value

    def pick_up(self, control: Control, value: int) -> None:
        """Move a fader, once it has picked its param up; of a toggle the upper half is on."""
        pick_up, path = self._pick_ups[control.address], self._path(control)
        pick_up.assign(path)
        if isinstance(self._hand.value(path), bool):
            self.momentary(control, value)
        elif refusal := pick_up.move(value / control.top):
            self._refused(refusal)

    def turn(self, control: Control, value: int) -> None:
        """Turn an encoder."""
        path, ticks = self._path(control), RELATIVE[control.kind](value)
        if path and ticks and (refusal := self._hand.turn(path, ticks, KNOB_STEP)):
            self._refused(refusal)

    def toggle(self, control: Control, value: int) -> None:
        """Carry out an order, or switch a toggle over, as the key goes down."""
        pressed = value >= PRESSED_FROM
        if control.order:
            self._orders.run(control.order, pressed=pressed)
        elif control.what == "select":
            if pressed and (strip := self._view.window(self.width)[control.strip]):
                self._view.selected = strip
                self._around.select(strip)
        elif pressed and (path := self._path(control)) and (refusal := self._hand.toggle(path)):
            self._refused(refusal)

    def momentary(self, control: Control, value: int) -> None:
        """Switch on while the key is down."""
        if (path := self._path(control)) and (refusal := self._hand.set(path, value >= PRESSED_FROM)):
            self._refused(refusal)

    def tap(self, control: Control, value: int) -> None:
        """Set a time in milliseconds to that between the last taps."""
        interval = self._taps[control.address].tap() if value >= PRESSED_FROM else None
        path, desk = control.path, self._hand.desk
        if interval is None or path not in desk.values:
            return
        param = desk.param(path)
        taper = desk.layouts[paths.console_of(path)].tapers[param.taper] if isinstance(param, Position) else None
        wanted = taper.to_position(interval) if taper and taper.unit == "ms" else interval
        if refusal := self._hand.set(path, wanted):
            self._refused(refusal)

    # What it shows

    def _paint(self) -> None:
        for control in self._controls.values():
            self._show(control, self._light(control))

    def _show(self, control: Control, value: int) -> None:
        """Show a value on the light of a key or the ring of an encoder; faders and keys of orders have none."""
        kind, channel, number = control.address
        if kind in LIGHTS and control.kind != PICK_UP and not control.order:
            self._panel.show(control.address, LIGHTS[kind](channel, number, value))

    def _light(self, control: Control) -> int:
        if control.what == "select":
            return MOST_NUMBER * (self._view.window(self.width)[control.strip] == self._view.selected != "")
        value = self._hand.value(self._path(control))
        return round(value * MOST_NUMBER) if isinstance(value, int | float) and 0 <= value <= 1 else 0


Handler = Callable[[MidiSurface, Control, int], None]
HANDLERS: Mapping[str, Handler] = {
    PICK_UP: MidiSurface.pick_up,
    TOGGLE: MidiSurface.toggle,
    MOMENTARY: MidiSurface.momentary,
    TAP: MidiSurface.tap,
}
"""Kind of a control → method; all others are encoders."""


def _ignored(_: Learned) -> None:
    """Do nothing with a control that nobody wanted to learn."""


def _words(address: Address) -> tuple[str, int, int]:
    kind, channel, number = address
    return kind, number, channel


def _decoded(message: bytes) -> tuple[Address, int] | None:
    """Return the address and value of a message; None for one that no control sends."""
    channel = (message[0] & 0xF) + 1
    match message[0] & 0xF0:
        case kind if kind == CONTROL_CHANGE:
            return (CC, channel, message[1]), message[2]
        case kind if kind in (NOTE_ON, NOTE_OFF):
            return (NOTE, channel, message[1]), MOST_NUMBER if kind == NOTE_ON and message[2] else 0
        case kind if kind == PITCH_BEND:
            return (BEND, channel, 0), message[1] | message[2] << 7
        case kind if kind == PROGRAM_CHANGE:
            return (PROGRAM, channel, message[1]), MOST_NUMBER
    return None
