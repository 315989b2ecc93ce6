"""Input of the test DAW: the surface's bytes, parsed and obeyed as hosts do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.support import daw_protocol as facts
from tests.support.daw_buttons import Buttons
from tests.support.daw_output import Unit, fader_head
from tests.support.daw_tracks import FADER_TOP, PAN_SIDE, Habits, Track, pan_of, ten_bits

TURN_STEP = 128
"""Steps of a fader (14 bit) for one tick of a flipped V-pot."""


class InputHandler(Buttons):
    """A state that handles the surface's messages.

    odd              messages that no surface of this kind sends
    pressed          names of the pressed buttons that belong to no strip, in order
    untouched_moves  (unit, strip) of faders that moved without a touch
    """

    def __init__(self, tracks: int | Sequence[str], order: Sequence[int], habits: Habits) -> None:
        super().__init__(tracks, order, habits)
        self.odd: list[bytes] = []
        self.pressed: list[str] = []
        self.untouched_moves: list[tuple[int, int]] = []
        self._held: set[tuple[int, int]] = set()

    def receive(self, unit: int, data: bytes) -> None:
        """Handle whole messages from a unit."""
        takes: dict[int, Callable[[int, bytes], bool]] = {
            facts.NOTE: self._note, facts.BEND: self._bend, facts.CONTROL: self._control, facts.SYSEX: self._sysex,
        }  # fmt: skip
        for message in facts.messages(bytes(data)):
            take = takes.get(message[0] & 0xF0)
            if not take or not take(unit, message):
                self.odd.append(message)
        self.show()

    def _note(self, unit: int, message: bytes) -> bool:
        status, note, velocity = message
        if status != facts.NOTE or velocity not in {facts.ON, facts.OFF}:
            return False
        down = velocity == facts.ON
        if facts.TOUCH <= note <= facts.TOUCH + facts.MASTER:
            self._touch(unit, note - facts.TOUCH, down=down)
            return True
        key = (unit, note)
        stuck = down and key in self._held
        (self._held.add if down else self._held.discard)(key)
        return stuck or self._button(unit, note, down=down)

    def _button(self, unit: int, note: int, *, down: bool) -> bool:
        if note in facts.BUTTONS:
            name = facts.BUTTONS[note]
            self.lit[name] = down
            if down:
                self.pressed.append(name)
                getattr(self, f"_{name}", lambda: None)()
            return True
        row = next((row for row, first in facts.STRIP_NOTES.items() if first <= note < first + facts.STRIPS), None)
        if row and down:
            self._row_button(unit, row, note - facts.STRIP_NOTES[row])
        return row is not None

    def _row_button(self, unit: int, row: str, strip: int) -> None:
        """Press a strip's button; together with another one of its row that is still down, they mean a range."""
        first = facts.STRIP_NOTES[row]
        held = [note - first for held_unit, note in self._held if held_unit == unit and first <= note < first + 8]
        for place in range(min(*held, strip), max(*held, strip) + 1):
            if track := self.track(unit, place):
                self._strip_button(track, row)

    def _strip_button(self, track: Track, row: str) -> None:
        if row == "select":
            self.selected = track
        elif row == "push":
            self._push(track)
        else:
            setattr(track, row, not getattr(track, row))

    def _push(self, track: Track) -> None:
        if self.habits.centres == "shift" and not self.lit.get("shift"):
            track.pot = "width"
        elif track.pot == "pan":
            self._pan(track, 0)

    def _touch(self, unit: int, strip: int, *, down: bool) -> None:
        if not self.habits.echoes_once:
            self.units[unit].forget(fader_head(strip))
        (self.touched.add if down else self.touched.discard)((unit, strip))

    def _bend(self, unit: int, message: bytes) -> bool:
        strip, place = message[0] & 0x0F, facts.position(message[1], message[2])
        if strip > facts.MASTER or (strip == facts.MASTER and unit):
            return False
        touched = (unit, strip) in self.touched
        if not touched:
            self.untouched_moves.append((unit, strip))
            self.units[unit].forget(fader_head(strip))
        elif self.habits.late_echo:
            self.later(self.habits.late_echo, lambda: self.units[unit].echo(strip, ten_bits(place)))
        if touched or not self.habits.needs_touch:
            self._move(self.track(unit, strip), place)
        return True

    def _move(self, track: Track | None, place: int) -> None:
        if not track:
            return
        if self.flipped and track is not self.master:
            self._pan(track, pan_of(place))
        else:
            track.fader = place
            self._tell(track, "fader")

    def _pan(self, track: Track, pan: int) -> None:
        track.pan = max(-PAN_SIDE, min(PAN_SIDE, pan))
        self._tell(track, "pan")

    def _control(self, unit: int, message: bytes) -> bool:
        status, number, value = message
        if status != facts.CONTROL:
            return False
        ticks = -(value & 0x3F) if value & 0x40 else value & 0x3F
        if facts.TURN <= number < facts.TURN + facts.STRIPS:
            self._turn(self.track(unit, number - facts.TURN), ticks)
        elif number == facts.JOG and not unit:
            self.seconds = max(0.0, self.seconds + ticks)
        else:
            return False
        return True

    def _turn(self, track: Track | None, ticks: int) -> None:
        if track and self.flipped:
            track.fader = max(0, min(FADER_TOP, track.fader + TURN_STEP * ticks))
            self._tell(track, "fader")
        elif track and track.pot == "pan":
            self._pan(track, track.pan + ticks)

    def _sysex(self, unit: int, message: bytes) -> bool:
        known = self.units[unit]
        if not message.startswith(facts.VENDOR + bytes((known.identity,))) or message[-1] != facts.END:
            return False
        command, data = message[5], message[6:-1]
        if command == facts.ANNOUNCED and len(data) == 11:
            known.serial = data[:7]
            self._greet(known, data)
        elif command == facts.CONFIRMED and data[:7] == known.serial:
            self._accept(known)
        elif command == facts.VERSION and len(data) == 5:
            known.version = data
        else:
            return False
        return True

    def _greet(self, unit: Unit, data: bytes) -> None:
        if self.habits.handshakes:
            unit.sysex(facts.REPLY, *data[:7], *facts.response(data[7:]))
        elif data.startswith(self.habits.heeds):
            self._accept(unit)

    def _accept(self, unit: Unit) -> None:
        if self.habits.asks:
            unit.sysex(facts.ASK_VERSION, 0)
        unit.ready = True
        unit.forget()

    def _tell(self, track: Track, what: str) -> None:
        token = object()
        self.texts[track] = (what, token)
        self.later(self.habits.text_seconds, lambda: self._untell(track, token))

    def _untell(self, track: Track, token: object) -> None:
        if self.texts.get(track, ("", None))[1] is token:
            del self.texts[track]
            self.show()
