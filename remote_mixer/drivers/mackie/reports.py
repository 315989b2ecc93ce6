"""Reports to the desk: values that the DAW shows, and a notice for people."""

from __future__ import annotations

from collections.abc import Iterable

from remote_mixer.desk import paths
from remote_mixer.desk.params import Value
from remote_mixer.drivers.mackie.controls import NO_STRIP, Controls
from remote_mixer.drivers.mackie.surface import Surface
from remote_mixer.drivers.mackie.texts import Texts
from remote_mixer.drivers.mackie.tracks import CONTROLS, Tracks
from remote_mixer.drivers.mackie.units import Units

_ROWS = ("name", "text")


class Reports:
    """Values to report, pulse by pulse: a value painted in one pulse is reported in the next.

    The delay is there because the names of a moved bank may arrive after its faders.
    """

    def __init__(self, console: str, controls: Controls, tracks: Tracks, texts: Texts) -> None:
        self._console, self._controls, self._tracks, self._texts = console, controls, tracks, texts
        self._due: set[tuple[int, str]] = set()
        self._arrived: set[tuple[int, str]] = set()
        self._time = ""
        self.owed = False
        """Whether what the window shows since it has moved is still to be reported."""

    def report_all(self) -> None:
        """Report everything in the window again: it shows other tracks than before."""
        strips = range(self._controls.surface.width)
        self._due |= {(strip, what) for strip in strips for what in (*CONTROLS, *_ROWS)}
        self.owed = True

    def moved(self, strip: int, control: str) -> None:
        """Record that a client moves a strip's control: the next text is about it."""
        self._texts.moved(strip, control)

    def due(self, *, sure: bool) -> dict[str, Value]:
        """Return values by full path; none of tracks while the window's place is not sure."""
        surface = self._controls.surface
        waiting = set() if sure else {key for key in self._due if 0 <= key[0] < surface.width}
        due = self._values(self._due - waiting)
        self.owed &= not sure
        self._due, surface.fresh = waiting | surface.fresh, set()
        # Skip what the desk knows: a newer value from a client may be on its way here.
        news = {path: value for path, value in due.items() if self._tracks.values.get(path) != value}
        self._tracks.values |= news
        return news

    def last(self) -> dict[str, Value]:
        """Return all that the window shows and that is still to be reported, before its strips change."""
        return self.due(sure=True) | self.due(sure=True)

    def arrived(self, *, leaving: bool = False, offset: int | None = None) -> list[str]:
        """Return the paths whose values the DAW has, by its motor's echo, an LED or a ring, once each.

        leaving  also those whose own values are still to be reported: their strips are about to change
        offset   where the window was, if it has just been moved by another hand than ours
        """
        there = self._arrived | self._controls.arrived()
        self._arrived = set() if leaving else there & (self._due | self._controls.surface.fresh)
        return self._paths(there - self._arrived, offset)

    def unanswered(self, offset: int | None = None) -> list[str]:
        """Return the paths whose values the DAW has not answered; offset as for `arrived`."""
        return self._paths(self._controls.unanswered(), offset)

    def _paths(self, keys: Iterable[tuple[int, str]], offset: int | None) -> list[str]:
        there = (self._path(strip, what, offset) for strip, what in keys)
        return [path for path in there if path is not None]

    def _path(self, strip: int, what: str, offset: int | None) -> str | None:
        if strip == NO_STRIP:
            return paths.join(self._console, what)
        if strip == self._controls.surface.width:
            return paths.join(self._console, "main", what)
        track = self._tracks.track(strip, offset)
        return None if track is None else self._tracks.path(track, what)

    def time(self) -> dict[str, Value]:
        """Return the time display if it has changed."""
        text = self._controls.surface.time_text()
        if text == self._time:
            return {}
        self._time = text
        return {paths.join(self._console, "transport/time"): text}

    def _values(self, keys: Iterable[tuple[int, str]]) -> dict[str, Value]:
        values: dict[str, Value] = {}
        # Texts come last: a text describes the control that has moved before it.
        for strip, what in sorted(keys, key=lambda key: key[1] in _ROWS):
            values |= self._value(strip, what)
        return values | {
            self._tracks.path(track, f"{control}/text"): None
            for strip, control in self._texts.outdated()
            if (track := self._tracks.track(strip)) is not None
        }

    def _value(self, strip: int, what: str) -> dict[str, Value]:
        if strip in {NO_STRIP, self._controls.surface.width}:
            return self._own(strip, what) if self._controls.settled(strip, what) else {}
        track = self._tracks.track(strip)
        if track is None:
            return {}
        return self._text(strip, track, what) if what in _ROWS else self._control(strip, track, what)

    def _own(self, strip: int, what: str) -> dict[str, Value]:
        if strip == NO_STRIP:
            return {paths.join(self._console, what): self._controls.surface.globals[what]}
        return {paths.join(self._console, "main/fader"): self._controls.surface.faders[strip]}

    def _control(self, strip: int, track: int, what: str) -> dict[str, Value]:
        if not self._controls.settled(strip, what):
            return {}
        path, value = self._tracks.path(track, what), self._controls.surface.value(strip, what)
        if what in {"fader", "pan"} and self._tracks.values[path] != value:
            self._texts.moved(strip, what)
        return {path: value}

    def _text(self, strip: int, track: int, row: str) -> dict[str, Value]:
        if row == "name" and self._tracks.shows(strip):
            return {}
        text = (self._controls.surface.names if row == "name" else self._controls.surface.texts)[strip]
        control = self._texts.owner(strip, text)
        values: dict[str, Value] = {self._tracks.path(track, f"{control}/text"): text} if control else {}
        # A pan's text tells its position finer than its ring.
        return values | (self._control(strip, track, "pan") if control == "pan" else {})


NOTHING_PAINTED = (
    "The DAW shows no tracks yet. Choose the ports called “Remote Mixer” (or those you named) as a Mackie "
    "Control surface in its settings; nothing needs to be started again."
)
ALIKE = (
    "The DAW's first tracks all have the same name, so the tracks behind them cannot be told apart and are left out: "
    "give the tracks different names in the DAW."
)
DROPPED = (
    "The DAW's tracks have changed, so a value set just before was not sent: look at the channels as they are now, "
    "and set it again where it is still wanted."
)


def notice_text(surface: Surface, units: Units, tracks: Tracks, *, dropped: bool) -> str:
    """Return a notice for people, or an empty text when all is well.

    dropped  whether values were dropped because their tracks have changed, and none was set since then
    """
    if not surface.painted():
        return NOTHING_PAINTED
    if units.dropped:
        return f"{units.dropped} messages from the DAW were lost: some controls may differ from what is shown."
    if dropped:
        return DROPPED
    return ALIKE if tracks.alike else units.notice
