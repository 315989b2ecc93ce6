"""Face of a Mackie surface: lights, rings, texts, colours, time and levels, painted from the desk. No I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import inf

from remote_mixer.desk import paths
from remote_mixer.desk.meters import ZERO_DB
from remote_mixer.desk.params import Position
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.midi import mackie
from remote_mixer.midi.mackie import STRIPS
from remote_mixer.midi.messages import control_change, note_on, sysex
from remote_mixer.surfaces import view as views
from remote_mixer.surfaces.mackie import keys, lights, texts
from remote_mixer.surfaces.motor_fader import MotorFader
from remote_mixer.surfaces.orders import Orders
from remote_mixer.surfaces.panel import Panel
from remote_mixer.surfaces.surroundings import Surroundings

LOOK_SECONDS = 0.25
"""Longest time between two paintings: texts that were shown for a while go by themselves."""
VALUE_SECONDS, SAID_SECONDS = 1.5, 2.5
"""Time for which a value stays shown after its fader was touched, and a sentence."""
CLIP_SECONDS = 1.5
TAPS = ("post_fader", "input", "pre_fader", "left", "right")
"""Taps of a strip's meter, the first that there is."""
TWO_DIGITS = (0x4B, 0x4A)
"""Left and right digit of the small display, beside the time."""
REFUSED = {
    Code.HELD: "in use",
    Code.LIMIT: "limit",
    Code.OFFLINE: "offline",
    Code.READ_ONLY: "reading",
}
"""Refusal → the word of seven letters on its strip."""
OTHERWISE_REFUSED = "no"


class Face:
    """Face of a surface of one to four units."""

    def __init__(self, units: int, around: Surroundings, orders: Orders) -> None:
        self._hand, self._view, self._clock, self._name_of = around.hand, around.view, around.clock, around.name_of
        self._orders = orders
        self.panels = [Panel(partial(around.send, unit)) for unit in range(units)]
        self._width = units * STRIPS
        self._said, self._said_at = "", -inf
        self._refused: dict[int, tuple[str, float]] = {}
        self._clipped: dict[int, float] = {}
        self._levels = [0] * self._width
        self._painted: tuple[object, ...] = ()
        self._painted_at = -inf

    def start(self, unit: int) -> None:
        """Ask a unit who it is; it may announce itself, and is painted whole."""
        self.panels[unit].send_now(sysex(*mackie.VENDOR, _id(unit), mackie.QUERY))
        self.forget(unit)

    def forget(self, unit: int) -> None:
        """Paint a unit whole."""
        self.panels[unit].forget()

    def say(self, text: str) -> None:
        """Show a sentence for a while."""
        self._said, self._said_at, self._painted = text, self._clock(), ()

    def refuse(self, place: int, refusal: Refusal) -> None:
        """Show a word on a strip for a while."""
        self._refused[place] = REFUSED.get(refusal.code, OTHERWISE_REFUSED), self._clock()
        self._painted = ()

    def tick(self, faders: Sequence[MotorFader]) -> None:
        """Paint what has changed, as much as the lines take."""
        desk, now = self._hand.desk, self._clock()
        seen = desk.rev, desk.held(), self._view.state, [fader.touched for fader in faders]
        if seen != self._painted or now - self._painted_at >= LOOK_SECONDS:
            self._painted, self._painted_at = seen, now
            self._paint(faders, now)
        for panel in self.panels:
            panel.tick()

    def _paint(self, faders: Sequence[MotorFader], now: float) -> None:
        window = self._view.window(self._width)
        said = now - self._said_at < SAID_SECONDS
        line = texts.row(self._said, self._width) if said else []
        for place, strip in enumerate(window):
            unit, at = divmod(place, STRIPS)
            panel = self.panels[unit]
            self._light_strip(panel, at, strip)
            knob = self._view.knob(place, self._width)
            panel.show((mackie.RING_CC, at), control_change(1, mackie.RING_CC + at, self._ring(knob)))
            self._write(unit, at, texts.cell(self._upper(strip, knob)))
            lower = texts.cell(self._lower(place, faders[place], knob, now))
            self._write(unit, at + STRIPS, line[place] if said else lower)
        for unit, panel in enumerate(self.panels):
            panel.show("colors", self._colors(unit, window[unit * STRIPS : (unit + 1) * STRIPS]))
        self._light_keys(self.panels[0])
        self._show_time(self.panels[0])

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
            return texts.label(paths.segments(paths.parse(knob).param))
        return self._view.label(strip)

    def _lower(self, place: int, fader: MotorFader, knob: str, now: float) -> str:
        """Return the text below a strip's name: what matters most just now."""
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
        self.panels[unit].show((mackie.LCD, at), message)

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
        for place, strip in enumerate(self._view.window(self._width)):
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
        self.panels[unit].send_now(bytes((0xD0, at << 4 | value)))


def _id(unit: int) -> int:
    return mackie.EXTENDER_ID if unit else mackie.MAIN_ID


def _light(panel: Panel, note: int, *, lit: bool) -> None:
    panel.show(note, note_on(1, note, mackie.PRESSED if lit else mackie.RELEASED))
