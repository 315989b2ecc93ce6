"""Stages of a recall or undo: the order that is safe on stage, at once or as a fade. Pure: nothing is set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, zip_longest

from remote_mixer.desk import paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.moves import Span
from remote_mixer.desk.params import Position, Value
from remote_mixer.desk.paths import strip_of

MUTE = "mute"
SILENT_AT = {MUTE: True, "main": False, "mono": False}
"""Last segment of a switch → its value that silences."""
LEVEL_NAMES = frozenset({"fader", "level", "mono_level"})
"""Last segments of levels, whatever unit their console gives them: a DAW's faders have none."""
MUTED_LEVELS = ("fader", "level")
"""Last segments of the level that a mute beside it silences."""
FALLS, REST, RISES, UNMUTES = range(4)

Spans = Mapping[str, Span]


@dataclass(slots=True)
class Stage:
    """One stage of an order; the next one begins when all of its values were set.

    jumps   path → value to set at once, in this order
    glides  path → position to glide to
    waits   whether all values set before are to be at their consoles first: something may become louder
    """

    jumps: dict[str, Value] = field(default_factory=dict)
    glides: dict[str, float] = field(default_factory=dict)
    waits: bool = True

    def __bool__(self) -> bool:
        return bool(self.jumps or self.glides)

    def drop(self, path: str) -> None:
        """Remove a param."""
        self.jumps.pop(path, None)
        self.glides.pop(path, None)


def is_level(path: str, desk: Desk) -> bool:
    """Whether a param is a level: in dB, or a fader or send without a unit of its own."""
    return desk.is_level(path) or (paths.param_of(path) in LEVEL_NAMES and isinstance(desk.param(path), Position))


def rises(path: str, before: Value, after: Value, desk: Desk) -> bool:
    """Whether a value is a level above the one before; one that is not known counts as silent."""
    low = before if isinstance(before, float) else 0.0
    return isinstance(after, float) and after > low and is_level(path, desk)


def silences(path: str, value: Value) -> bool | None:
    """Whether this value of a switch makes something silent; None for a param that is no such switch."""
    name = MUTE if paths.parse(path).strip == "mutegroup" else paths.param_of(path)
    return value is SILENT_AT[name] if name in SILENT_AT and isinstance(value, bool) else None


def in_safe_order(values: Spans, desk: Desk) -> list[list[str]]:
    """Return the paths in four steps: mutes and levels that fall; the rest; levels that rise; un-mutes.

    In a step the strips take turns.
    """
    steps: list[list[str]] = [[], [], [], []]
    for path, (before, after) in values.items():
        steps[_step(path, before, after, desk)].append(path)
    return [_in_turn(step) for step in steps]


def _step(path: str, before: Value, after: Value, desk: Desk) -> int:
    silent = silences(path, after)
    if silent is not None:
        return FALLS if silent else UNMUTES
    if isinstance(after, float) and is_level(path, desk):
        return RISES if rises(path, before, after, desk) else FALLS
    return REST


def _in_turn(found: Iterable[str]) -> list[str]:
    """Return paths so that each strip has its first before any has its second: each has a pace of its own."""
    strips: dict[str, list[str]] = defaultdict(list)
    for path in found:
        strips[strip_of(path)].append(path)
    return [path for path in chain.from_iterable(zip_longest(*strips.values())) if path is not None]


def at_once(values: Spans, desk: Desk) -> list[Stage]:
    """Return the stages of a recall without a fade."""
    steps = ({path: values[path][1] for path in step} for step in in_safe_order(values, desk))
    return _filled(Stage(jumps, waits=step in (RISES, UNMUTES)) for step, jumps in enumerate(steps))


def rising_gently(values: Spans, desk: Desk) -> list[Stage]:
    """Return the stages of an undo: what falls, and all switches, at once; levels that rise glide."""
    falls, rest, rising, unmutes = ({path: values[path][1] for path in step} for step in in_safe_order(values, desk))
    glides = {path: value for path, value in rising.items() if isinstance(value, float)}
    return _filled([Stage(falls, waits=False), Stage(rest, waits=False), Stage(unmutes, glides)])


def faded(values: Spans, desk: Desk, may_move: Callable[[str], bool]) -> list[Stage]:
    """Return the stages of a fade: positions glide, and mutes are passed as a person would do it.

    A strip that comes in rises from silence un-muted; one that goes out falls, then mutes and stands where the scene
    wants it; a level that is muted before and after jumps, for nobody hears it.

    may_move  whether a param may be moved that stands at its value already: the fader of a strip that only mutes
    """
    fade = _Fade(values, desk)
    falls, rest, rising, unmutes = in_safe_order(values, desk)
    fade.levels = {path: level for path in (*falls, *unmutes) if (level := _level_beside(path, desk, may_move))}
    for path in (*falls, *rest, *rising, *unmutes):
        fade.add(path, late=path in rising or path in unmutes)
    return _filled([fade.first, fade.opening, fade.closing, fade.last])


@dataclass(slots=True)
class _Fade:
    """A fade that is being laid out.

    levels  mute that changes → the level that it silences, where that may move too
    """

    values: Spans
    desk: Desk
    levels: Mapping[str, str] = field(default_factory=dict)
    first: Stage = field(default_factory=Stage)
    opening: Stage = field(default_factory=Stage)
    closing: Stage = field(default_factory=Stage)
    last: Stage = field(default_factory=Stage)

    def add(self, path: str, *, late: bool) -> None:
        """Add a param; `late` where it must not jump before all that falls has fallen."""
        before, after = self.values[path]
        if path in self.levels:
            (self._come_in if after is False else self._go_out)(path, self.levels[path])
        elif path in self.levels.values():
            return  # its mute places it
        elif not isinstance(before, float) or not isinstance(after, float):
            (self.last if late else self.first).jumps[path] = after
        elif self._is_muted(path):
            self.first.jumps[path] = after
        else:
            self.opening.glides[path] = after

    def _come_in(self, mute: str, level: str) -> None:
        self.first.jumps[level] = 0.0
        self.opening.jumps[mute] = False
        self.opening.glides[level] = self._wanted(level)

    def _go_out(self, mute: str, level: str) -> None:
        self.opening.glides[level] = 0.0
        self.closing.jumps[mute] = True
        self.last.jumps[level] = self._wanted(level)

    def _wanted(self, level: str) -> float:
        value = self.values[level][1] if level in self.values else self.desk.values[level]
        return value if isinstance(value, float) else 0.0

    def _is_muted(self, path: str) -> bool:
        return paths.param_of(path) in MUTED_LEVELS and self.desk.values.get(paths.beside(path, MUTE)) is True


def _level_beside(path: str, desk: Desk, may_move: Callable[[str], bool]) -> str:
    """Return the level that a mute silences, "" for another param, or where the level is not known or must stay."""
    if paths.param_of(path) != MUTE:
        return ""
    found = (paths.beside(path, name) for name in MUTED_LEVELS)
    return next((level for level in found if isinstance(desk.values.get(level), float) and may_move(level)), "")


def _filled(stages: Iterable[Stage]) -> list[Stage]:
    return [stage for stage in stages if stage]
