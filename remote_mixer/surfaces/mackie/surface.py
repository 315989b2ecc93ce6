"""Surface that speaks Mackie Control, its extenders too: touches, moves and keys in; motors and its face out.

No I/O: what it sends goes through functions of its ports.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from remote_mixer.desk.params import Position, Toggle
from remote_mixer.desk.refusal import Refusal
from remote_mixer.midi import mackie
from remote_mixer.midi.mackie import STRIPS
from remote_mixer.midi.messages import CONTROL_CHANGE, NOTE_ON, PITCH_BEND, SYSEX
from remote_mixer.surfaces import view as views
from remote_mixer.surfaces.mackie import keys
from remote_mixer.surfaces.mackie.face import Face
from remote_mixer.surfaces.motor_fader import MotorFader
from remote_mixer.surfaces.orders import Orders
from remote_mixer.surfaces.surroundings import Surroundings

TICK_SECONDS = 0.02
KNOB_STEP, FINE_KNOB_STEP = 0.01, 0.001
NOTE_OFF = 0x80
HUI_ZONE_CC = 0x0F
"""Begins each key and touch of a surface in HUI mode; Mackie Control has no such message."""
HUI_TEXT = "but it is in HUI mode: choose Mackie Control (MCU) at the surface"


class MackieSurface:
    """One surface of one to four units.

    around     hand, view, ports and clock
    has_touch  whether its faders notice a finger
    notice     what is wrong with it, for people; "" for nothing
    """

    def __init__(self, units: int, around: Surroundings, *, has_touch: bool = True) -> None:
        self.width = units * STRIPS
        self._hand, self._view, self._clock, self._select = around.hand, around.view, around.clock, around.select
        self._orders = Orders(around.hand, around.view, self.width, around.cue, self._say_refusal)
        self._face = Face(units, around, self._orders)
        self._has_touch = has_touch
        self.faders = [self._new_fader(number) for number in range(self.width + 1)]
        """The main fader is the last one."""
        self._shift = False
        self.notice = ""

    def _new_fader(self, number: int) -> MotorFader:
        # Main is place 8 of the first unit.
        unit, place = (0, STRIPS) if number == self.width else divmod(number, STRIPS)

        def drive(position: float) -> None:
            self._face.panels[unit].send_now(mackie.fader(place, position))

        return MotorFader(self._hand, self._clock, drive, partial(self._face.refuse, number), has_touch=self._has_touch)

    # Life

    def start(self) -> None:
        """Begin with a surface that was plugged in: nothing is touched, and nothing is shown yet."""
        for unit in range(len(self._face.panels)):
            self._face.start(unit)
            self._repaint(unit)

    def stop(self) -> None:
        """End all touches."""
        for fader in self.faders:
            fader.release()
        self._shift = False
        self.notice = ""

    def _repaint(self, unit: int) -> None:
        self._face.forget(unit)
        for fader in self.faders:
            fader.repaint()

    def tick(self) -> None:
        """Do what is due by now: motors first, then lights and texts."""
        for fader, strip in zip(self.faders, self._view.window(self.width), strict=False):
            fader.assign(self._view.fader(strip) if strip else "")
        self.faders[-1].assign(self._view.main(self.width))
        for fader in self.faders:
            fader.tick()
        self._face.tick(self.faders)

    def say(self, text: str) -> None:
        """Show a sentence for a while."""
        self._face.say(text)

    def meters(self, codes: Mapping[str, int]) -> None:
        """Show levels, by the path of each tap."""
        self._face.meters(codes)

    def _say_refusal(self, refusal: Refusal) -> None:
        self.say(refusal.text)

    # What a person does

    def receive(self, unit: int, message: bytes) -> None:
        """Take one whole message of a unit; an unknown one is ignored."""
        kind = message[0] & 0xF0
        if kind == PITCH_BEND:
            self._moved(unit, message[0] & 0xF, message[1] | message[2] << 7)
        elif kind in {NOTE_ON, NOTE_OFF}:
            self._key(unit, message[1], pressed=kind == NOTE_ON and message[2] > 0)
        elif kind == CONTROL_CHANGE and 0 <= message[1] - mackie.POT_CC < STRIPS:
            ticks = message[2] & 0x3F
            self._turn(unit * STRIPS + message[1] - mackie.POT_CC, -ticks if message[2] & 0x40 else ticks)
        elif kind == CONTROL_CHANGE and message[1] == HUI_ZONE_CC:
            self.notice = HUI_TEXT
        elif message[0] == SYSEX and (command := mackie.command(message)) and command[0] == mackie.ANNOUNCE:
            self._repaint(unit)

    def _fader(self, unit: int, place: int) -> MotorFader | None:
        if place > STRIPS or (place == STRIPS and unit):
            return None
        return self.faders[self.width if place == STRIPS else unit * STRIPS + place]

    def _moved(self, unit: int, place: int, value: int) -> None:
        if fader := self._fader(unit, place):
            fader.move(mackie.fader_position(value))

    def _key(self, unit: int, note: int, *, pressed: bool) -> None:
        row, place = divmod(note, STRIPS)
        if 0 <= note - mackie.TOUCH_NOTE <= STRIPS:
            self._touched(unit, note - mackie.TOUCH_NOTE, down=pressed)
        elif note == mackie.SHIFT_NOTE:
            self._shift = pressed
        elif row < len(STRIP_KEYS):
            if pressed != (STRIP_KEYS[row] is MackieSurface.record):
                STRIP_KEYS[row](self, unit * STRIPS + place)
        elif note - mackie.PUSH_NOTE in range(STRIPS):
            if pressed:
                self._push(unit * STRIPS + note - mackie.PUSH_NOTE)
        elif order := (keys.SHIFTED if self._shift else keys.ORDERS).get(note):
            self._orders.run(order, pressed=pressed)

    def _touched(self, unit: int, place: int, *, down: bool) -> None:
        fader = self._fader(unit, place)
        if fader is None or not self._has_touch:
            return
        if down:
            fader.touch(take=self._shift)
        else:
            fader.release()

    def _strip(self, place: int) -> str:
        return self._view.window(self.width)[place]

    def _toggle(self, place: int, path: str) -> None:
        if path and (refusal := self._hand.toggle(path)):
            self._face.refuse(place, refusal)

    def record(self, place: int) -> None:
        """Arm a strip, or not."""
        self._toggle(place, self._view.toggle(self._strip(place), "rec"))

    def solo(self, place: int) -> None:
        """Solo a strip, or not."""
        self._toggle(place, self._view.toggle(self._strip(place), "solo"))

    def mute(self, place: int) -> None:
        """Mute a strip, in a mix its send, or not."""
        self._toggle(place, self._view.mute(self._strip(place)))

    def select(self, place: int) -> None:
        """Let EQ and dynamics be of this strip, and pages of the same person open it."""
        if strip := self._strip(place):
            self._view.selected, self._view.page = strip, 0
            self._select(strip)

    def _turn(self, place: int, ticks: int) -> None:
        path = self._view.knob(place, self.width)
        if path and (refusal := self._hand.turn(path, ticks, FINE_KNOB_STEP if self._shift else KNOB_STEP)):
            self._face.refuse(place, refusal)

    def _push(self, place: int) -> None:
        """Switch a toggle over, or set a knob to where it begins."""
        path = self._view.knob(place, self.width)
        if not path or self._view.knobs in views.NEVER_RESET:
            return
        param = self._hand.desk.param(path)
        if isinstance(param, Toggle):
            self._toggle(place, path)
        elif isinstance(param, Position):
            self._hand.set(path, param.default)


STRIP_KEYS = (MackieSurface.record, MackieSurface.solo, MackieSurface.mute, MackieSurface.select)
"""Eight notes each from note 0 up.

A strip is armed as its key comes up: to a surface in HUI mode the darkening of the first of these keys is a ping, which
it answers as if somebody pressed that key.
"""
