"""State of the test DAW (tracks, bank, transport), and what its units display."""

from __future__ import annotations

from collections.abc import Sequence

from tests.support import daw_protocol as facts
from tests.support.daw_output import Display, row_offset
from tests.support.daw_tracks import (
    PAN_SIDE,
    Habits,
    Track,
    fader_text,
    pan_place,
    pan_text,
    screen_bytes,
    short,
    ten_bits,
)  # fmt: skip

BEATS_A_SECOND = 2.0
FRAMES_A_SECOND = 25
TICKS_A_SIXTEENTH = 240
LEDS_WHILE_PRESSED = ("bank_left", "bank_right", "channel_left", "channel_right", "rewind", "forward")


class State:
    """State of the host, and the displays that follow from it."""

    def __init__(self, tracks: int | Sequence[str], order: Sequence[int], habits: Habits) -> None:
        self.habits = habits
        names = [f"Trk {number + 1}" for number in range(tracks)] if isinstance(tracks, int) else tracks
        self.tracks = [Track(name) for name in names]
        self.master = Track("Master")
        self.order = list(order)
        self.width = facts.STRIPS * len(self.order)
        self.first = 0
        self.selected: Track | None = None
        self.rolling = self.recording = self.cycling = self.flipped = False
        self.beats = True
        self.seconds = 0.0
        self.touched: set[tuple[int, int]] = set()
        self.texts: dict[Track, tuple[str, object]] = {}
        self.lit: dict[str, bool] = {}

    def track(self, unit: int, strip: int) -> Track | None:
        """Return the track on a unit's strip; 8 is the main unit's master fader."""
        if strip == facts.MASTER:
            return self.master
        index = self.first + self.order.index(unit) * facts.STRIPS + strip
        return self.tracks[index] if index < len(self.tracks) else None

    def display(self, unit: int) -> Display:
        """Return all that a unit is to show now."""
        display = Display()
        for strip in range(facts.STRIPS):
            self._paint_strip(display, unit, strip)
        if not unit:
            self._paint_fader(display, unit, facts.MASTER, self.master.fader)
            self._paint_buttons(display)
            display.digits = dict(enumerate(reversed(self._time_digits())))
        return display

    def _paint_strip(self, display: Display, unit: int, strip: int) -> None:
        track = self.track(unit, strip)
        blank = track or Track("")
        places = {"fader": blank.fader, "pan": pan_place(blank.pan)}
        self._paint_fader(display, unit, strip, places["pan" if self.flipped and track else "fader"])
        display.rings[strip] = self._ring(track) if track else facts.OFF
        for row, lit in self._row_leds(blank).items():
            display.leds[facts.STRIP_NOTES[row] + strip] = lit
        for row, text in self._row_texts(track).items():
            display.write(row_offset(row) + strip * facts.COLUMNS, screen_bytes(text, self.habits.ascii))

    def _paint_fader(self, display: Display, unit: int, strip: int, place: int) -> None:
        if (unit, strip) not in self.touched:
            display.faders[strip] = ten_bits(place)

    def _row_leds(self, track: Track) -> dict[str, int]:
        armed = facts.BLINK if self.habits.blinking_rec and not self.recording else facts.ON
        on = {"solo": track.solo, "mute": track.mute, "select": track is self.selected}
        return {"rec": armed if track.rec else facts.OFF} | {
            row: facts.ON if lit else facts.OFF for row, lit in on.items()
        }

    def _row_texts(self, track: Track | None) -> dict[str, str]:
        if not track:
            return {"upper": "", "lower": ""}
        habits = self.habits
        lower = pan_text(track.pan, habits.pans) if habits.lower == "pan" else ""
        rows = {"upper": short(track.name, habits.width), "lower": lower}
        what = self.texts.get(track, ("", None))[0]
        values = {"fader": fader_text(track.fader, habits.zero_at), "pan": pan_text(track.pan, habits.pans)}
        return rows | ({habits.text_row: values[what]} if what else {})

    def _ring(self, track: Track) -> int:
        if self.flipped:
            return 2 << 4 | 1 + track.fader * 10 // 0x3FFF
        centre = 0 if track.pan else facts.CENTRE_LED
        return centre | facts.BOOST_CUT | 1 + round((track.pan + PAN_SIDE) / (2 * PAN_SIDE) * 10)

    def _paint_buttons(self, display: Display) -> None:
        lit = {name: self.lit.get(name, False) for name in LEDS_WHILE_PRESSED} | {
            "play": self.rolling, "stop": not self.rolling, "record": self.recording, "cycle": self.cycling,
            "flip": self.flipped, "smpte_led": not self.beats, "beats_led": self.beats,
            "rude_solo": any(track.solo for track in self.tracks),
        }  # fmt: skip
        display.leds |= {facts.NOTE_OF[name]: facts.ON if on else facts.OFF for name, on in lit.items()}

    def time_text(self) -> str:
        """Return the time as text: ten digits, some with a dot behind them."""
        if self.beats:
            beats = self.seconds * BEATS_A_SECOND
            sixteenth = int(beats * 4)
            ticks = int((beats * 4 - sixteenth) * TICKS_A_SIXTEENTH)
            return f"{sixteenth // 16 + 1:3d}.{sixteenth // 4 % 4 + 1:02d}.{sixteenth % 4 + 1:02d}.{ticks:03d}"
        whole, part = divmod(self.seconds, 1)
        minutes, seconds = divmod(int(whole), 60)
        return f"{minutes // 60:3d}.{minutes % 60:02d}.{seconds:02d}.{int(part * FRAMES_A_SECOND):03d}"

    def _time_digits(self) -> list[int]:
        text, digits = self.time_text(), []
        for place, character in enumerate(text):
            if character != ".":
                dot = self.habits.dots and text[place + 1 : place + 2] == "."
                digits.append(facts.time_digit(character, dot=dot))
        return digits
