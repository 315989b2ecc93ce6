"""Surface that speaks Mackie Control, its extenders too: touches, moves and keys in; motors, lights and texts out.

No I/O: what it sends goes through functions of its ports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import inf

from remote_mixer.desk import paths
from remote_mixer.desk.meters import ZERO_DB
from remote_mixer.desk.params import Position, Toggle
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.midi import mackie
from remote_mixer.midi.mackie import STRIPS
from remote_mixer.midi.messages import CONTROL_CHANGE, NOTE_ON, PITCH_BEND, SYSEX, control_change, note_on, sysex
from remote_mixer.surfaces import view as views
from remote_mixer.surfaces.mackie import keys, lights, texts
from remote_mixer.surfaces.motor_fader import MotorFader
from remote_mixer.surfaces.orders import Orders
from remote_mixer.surfaces.panel import Panel
from remote_mixer.surfaces.surroundings import Surroundings

TICK_SECONDS = 0.02
LOOK_SECONDS = 0.25
"""Longest time between two paintings: texts that were shown for a while go by themselves."""
VALUE_SECONDS, SAID_SECONDS = 1.5, 2.5
"""Time for which a value stays shown after its control was moved, and a sentence."""
CLIP_SECONDS = 1.5
KNOB_STEP, FINE_KNOB_STEP = 0.01, 0.001
NOTE_OFF = 0x80
TAPS = ("post_fader", "input", "pre_fader", "left", "right")
"""Taps of a strip's meter, the first that there is."""
TWO_DIGITS = (0x4B, 0x4A)
"""Left and right digit of the small display, beside the time."""
REFUSED = {
    Code.HELD: "in use",
    Code.LIMIT: "limit",
    Code.OFFLINE: "offline",
    Code.FORBIDDEN: "no",
    Code.READ_ONLY: "reading",
}
"""Refusal → the word of seven letters on its strip."""


class MackieSurface:
    """One surface of one to four units.

    around     hand, view, ports and clock
    has_touch  whether its faders notice a finger
    """

    def __init__(self, units: int, around: Surroundings, *, has_touch: bool = True) -> None:
        self.width = units * STRIPS
        self._hand, self._view, self._clock, self._name_of = around.hand, around.view, around.clock, around.name_of
        self._select = around.select
        self._orders = Orders(around.hand, around.view, self.width, around.cue, self._say_refusal)
        self._panels = [Panel(partial(around.send, unit)) for unit in range(units)]
        self._has_touch = has_touch
        self.faders = [self._new_fader(number) for number in range(self.width + 1)]
        """The main fader is the last one."""
        self._shift = False
        self._said, self._said_at = "", -inf
        self._refused: dict[int, tuple[str, float]] = {}
        self._turned: dict[int, float] = {}
        self._clipped: dict[int, float] = {}
        self._levels = [0] * self.width
        self._painted: tuple[object, ...] = ()
        self._painted_at = -inf
        self._inputs = 0

    def _new_fader(self, number: int) -> MotorFader:
        unit, place = self._unit_and_place(number)

        def drive(position: float) -> None:
            self._panels[unit].send_now(mackie.fader(place, position))

        def refused(refusal: Refusal) -> None:
            self._refused[number] = REFUSED.get(refusal.code, "no"), self._clock()

        return MotorFader(self._hand, self._clock, drive, refused, has_touch=self._has_touch)

    def _unit_and_place(self, number: int) -> tuple[int, int]:
        """Return the unit of a fader and its place there; main is place 8 of the first."""
        return (0, STRIPS) if number == self.width else divmod(number, STRIPS)

    # Life

    def start(self) -> None:
        """Begin with a unit that was plugged in: nothing is touched, and nothing is shown yet."""
        for unit, panel in enumerate(self._panels):
            panel.send_now(sysex(*mackie.VENDOR, _id(unit), mackie.QUERY))
            self._repaint(unit)

    def stop(self) -> None:
        """End all touches."""
        for fader in self.faders:
            fader.release()
        self._shift = False

    def _repaint(self, unit: int) -> None:
        self._panels[unit].forget()
        for fader in self.faders:
            fader.repaint()

    def tick(self) -> None:
        """Do what is due by now: motors first, then lights and texts."""
        self._assign()
        for fader in self.faders:
            fader.tick()
        desk, now = self._hand.desk, self._clock()
        seen = desk.rev, desk.held(), self._inputs
        if seen != self._painted or now - self._painted_at >= LOOK_SECONDS:
            self._painted, self._painted_at = seen, now
            self._paint(now)
        for panel in self._panels:
            panel.tick()

    def say(self, text: str) -> None:
        """Show a sentence for a while."""
        self._said, self._said_at = text, self._clock()
        self._inputs += 1

    def _say_refusal(self, refusal: Refusal) -> None:
        self.say(refusal.text)

    def _assign(self) -> None:
        for fader, strip in zip(self.faders, self._view.window(self.width), strict=False):
            fader.assign(self._view.fader(strip) if strip else "")
        self.faders[-1].assign(self._view.main(self.width))

    # What a person does

    def receive(self, unit: int, message: bytes) -> None:
        """Take one whole message of a unit; an unknown one is ignored."""
        self._inputs += 1
        kind = message[0] & 0xF0
        if kind == PITCH_BEND:
            self._moved(unit, message[0] & 0xF, message[1] | message[2] << 7)
        elif kind in {NOTE_ON, NOTE_OFF}:
            self._key(unit, message[1], pressed=kind == NOTE_ON and message[2] > 0)
        elif kind == CONTROL_CHANGE and 0 <= message[1] - mackie.POT_CC < STRIPS:
            ticks = message[2] & 0x3F
            self._turn(unit * STRIPS + message[1] - mackie.POT_CC, -ticks if message[2] & 0x40 else ticks)
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
            if pressed:
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
            self._refused[place] = REFUSED.get(refusal.code, "no"), self._clock()

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
        self._turned[place] = self._clock()
        if path and (refusal := self._hand.turn(path, ticks, FINE_KNOB_STEP if self._shift else KNOB_STEP)):
            self._refused[place] = REFUSED.get(refusal.code, "no"), self._clock()

    def _push(self, place: int) -> None:
        """Switch a toggle over, or set a knob to where it begins."""
        path = self._view.knob(place, self.width)
        if not path or self._view.knobs in views.NEVER_RESET:
            return
        param = self._hand.desk.param(path)
        self._turned[place] = self._clock()
        if isinstance(param, Toggle):
            self._toggle(place, path)
        elif isinstance(param, Position):
            self._hand.set(path, param.default)

    # What it shows

    def _paint(self, now: float) -> None:
        window = self._view.window(self.width)
        said = now - self._said_at < SAID_SECONDS
        line = texts.row(self._said, self.width) if said else []
        for place, strip in enumerate(window):
            unit, at = divmod(place, STRIPS)
            panel = self._panels[unit]
            self._light_strip(panel, at, strip)
            knob = self._view.knob(place, self.width)
            panel.show((mackie.RING_CC, at), control_change(1, mackie.RING_CC + at, self._ring(knob)))
            self._write(unit, at, texts.cell(self._upper(strip, knob)))
            self._write(unit, at + STRIPS, line[place] if said else texts.cell(self._lower(place, strip, knob, now)))
        for unit, panel in enumerate(self._panels):
            panel.show("colors", self._colors(unit, window[unit * STRIPS : (unit + 1) * STRIPS]))
        self._light_keys(self._panels[0])
        self._show_time(self._panels[0])

    def _light_strip(self, panel: Panel, at: int, strip: str) -> None:
        view = self._view
        lit = (
            view.toggle(strip, "rec"),
            view.toggle(strip, "solo"),
            view.mute(strip) if strip else "",
        )
        for row, path in enumerate(lit):
            _light(panel, row * STRIPS + at, lit=self._hand.value(path) is True)
        _light(panel, len(lit) * STRIPS + at, lit=bool(strip) and strip == view.selected)

    def _ring(self, path: str) -> int:
        desk = self._hand.desk
        if not path:
            return 0
        param = desk.param(path)
        tapers = desk.layouts[paths.console_of(path)].tapers
        two_sided = isinstance(param, Position) and tapers[param.taper].is_two_sided
        return lights.ring(desk.values[path], two_sided=two_sided)

    def _upper(self, strip: str, knob: str) -> str:
        """Return a strip's name, or that of the selected strip's param while the knobs have its pages."""
        if self._view.knobs in views.OF_SELECTED:
            return " ".join(paths.segments(paths.parse(knob).param)[1:] or paths.segments(paths.parse(knob).param))
        return self._view.label(strip)

    def _lower(self, place: int, strip: str, knob: str, now: float) -> str:
        """Return the text below a strip's name: what matters most just now."""
        fader = self.faders[place]
        word, at = self._refused.get(place, ("", -inf))
        if now - at < VALUE_SECONDS:
            holder = self._hand.other_holder(fader.path) if fader.path else None
            return self._name_of(holder) if holder else word
        if fader.touched or now - fader.lifted_at < VALUE_SECONDS:
            return self._hand.reading(fader.path)
        if fader.path and (holder := self._hand.other_holder(fader.path)):
            return self._name_of(holder)
        return self._hand.reading(knob)

    def _write(self, unit: int, at: int, text: str) -> None:
        offset = at * mackie.CELL
        message = sysex(*mackie.VENDOR, _id(unit), mackie.LCD, offset, *text.encode("ascii", "replace"))
        self._panels[unit].show((mackie.LCD, at), message)

    def _colors(self, unit: int, strips: Sequence[str]) -> bytes:
        numbers = [lights.color(self._hand.value(f"{strip}/color"), there=bool(strip)) for strip in strips]
        return sysex(*mackie.VENDOR, _id(unit), mackie.COLORS, *numbers)

    def _light_keys(self, panel: Panel) -> None:
        view = self._view
        _light(panel, keys.FLIP, lit=view.flip)
        for note, knobs in keys.KNOBS.items():
            _light(panel, note, lit=view.knobs == knobs)
        _light(panel, keys.GLOBAL_VIEW, lit=view.layer == 0 and not view.flip)
        for number in range(STRIPS):
            _light(panel, keys.FIRST_VIEW + number, lit=view.layer == number + 1 and not view.flip)
        for note, key in keys.TRANSPORT.items():
            path = self._orders.transport_path(key)
            lamp = mackie.GLOBAL_LEDS[f"transport/{key}"]
            _light(panel, lamp if key == "beats" else note, lit=self._hand.value(path) is True)

    def _show_time(self, panel: Panel) -> None:
        position = self._hand.value(self._orders.transport_path("position"))
        time = self._hand.value(self._orders.transport_path("time"))
        text = texts.clock(position) if isinstance(position, int | float) else str(time or "")
        for digit, code in enumerate(texts.digits(text)):
            panel.show((mackie.TIME_CC, digit), control_change(1, mackie.TIME_CC + digit, code))
        number = f"{self._view.layer + 1:>2}"[-2:]
        for controller, code in zip(TWO_DIGITS, reversed(texts.digits(number)[:2]), strict=True):
            panel.show(controller, control_change(1, controller, code))

    # Meters

    def meters(self, codes: Mapping[str, int]) -> None:
        """Show levels, by the path of each tap; the unit lets them fall by itself."""
        now = self._clock()
        for place, strip in enumerate(self._view.window(self.width)):
            code = next((codes[tap] for one in TAPS if (tap := f"{strip}/{one}") in codes), 0) if strip else 0
            self._show_level(place, code)
            if code >= ZERO_DB:
                self._clip(place, now)
        for place in [place for place, at in self._clipped.items() if now - at > CLIP_SECONDS]:
            del self._clipped[place]
            self._meter(place, mackie.CLEAR_CLIP)

    def _show_level(self, place: int, code: int) -> None:
        level = lights.level([code])
        if level or self._levels[place]:
            self._meter(place, level)
        self._levels[place] = level

    def _clip(self, place: int, now: float) -> None:
        if place not in self._clipped:
            self._meter(place, mackie.SET_CLIP)
        self._clipped[place] = now

    def _meter(self, place: int, value: int) -> None:
        unit, at = divmod(place, STRIPS)
        self._panels[unit].send_now(bytes((0xD0, at << 4 | value)))


STRIP_KEYS = (MackieSurface.record, MackieSurface.solo, MackieSurface.mute, MackieSurface.select)
"""Eight notes each from note 0 up."""


def _id(unit: int) -> int:
    return mackie.EXTENDER_ID if unit else mackie.MAIN_ID


def _light(panel: Panel, note: int, *, lit: bool) -> None:
    panel.show(note, note_on(1, note, mackie.PRESSED if lit else mackie.RELEASED))
