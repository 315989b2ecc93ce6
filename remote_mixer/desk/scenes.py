"""Scenes: named snapshots of any set of consoles; their scope, and the safes that hold against every recall."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from remote_mixer.desk import laws, paths
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.laws import GREATEST, Laws
from remote_mixer.desk.layout import ONLINE, STRIP_COLORS
from remote_mixer.desk.params import Text, Value
from remote_mixer.desk.paths import strip_of
from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.desk.rights import part_of
from remote_mixer.desk.sections import SECTIONS, SENDS, USUAL_SECTIONS, section_of
from remote_mixer.desk.tapers import Taper
from remote_mixer.desk.times import rfc3339

MOST_VALUES = 100_000
MOST_SCENES = 1_000
MOST_NUMBER = 9_999
LONGEST_FADE_SECONDS = 60.0
MOST_STRIPS = 4_096
SCENE, MOMENT = "scene", "moment"
KINDS = (SCENE, MOMENT)
"""A scene that a person stored, and one that was kept by itself."""
NAME, NOTE = Text(60), Text(400)

MOST_VALUE_TEXT = 1_000
NO_VALUE_TEXT = "A value is a number, true, false, a text or null, and its path at most 200 characters long."
TOO_MANY_VALUES = f"A scene keeps at most {MOST_VALUES} values, and this one has more: choose fewer consoles."


@dataclass(frozen=True, slots=True)
class Scope:
    """Limits of a recall.

    consoles  nicknames, None for all
    strips    strips as `band/ch1`, None for all; a console's own params count as of no strip
    sections  sections (see `desk.sections`)
    mix       path of a bus, for the sends into it alone; "" for all params
    """

    consoles: frozenset[str] | None = None
    strips: frozenset[str] | None = None
    sections: frozenset[str] = USUAL_SECTIONS
    mix: str = ""

    def has(self, path: str) -> bool:
        """Whether a recall within this scope may set a param."""
        if self.consoles is not None and paths.console_of(path) not in self.consoles:
            return False
        if self.mix and not is_send_into(path, self.mix):
            return False
        return section_of(path) in self.sections and (self.strips is None or strip_of(path) in self.strips)

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object; null stands for all, and `mix` is there where it is one."""
        lists = (("consoles", self.consoles), ("strips", self.strips), ("sections", self.sections))
        written: dict[str, Any] = {name: None if some is None else sorted(some) for name, some in lists}
        return written | ({"mix": self.mix} if self.mix else {})

    @classmethod
    def of_json(cls, form: object) -> Scope:
        """Return the scope that `as_json` wrote; ValueError with a sentence where the form is invalid."""
        if not isinstance(form, dict) or not form.keys() <= {"consoles", "strips", "sections", "mix"}:
            raise ValueError("a scope has “consoles”, “strips” and “sections”, each a list or null")
        mix = form.get("mix") or ""
        if not isinstance(mix, str) or len(mix) > paths.MOST_LENGTH:
            raise ValueError("a scope's “mix” is the path of a bus, as band/bus1")
        sections = _texts("sections", form.get("sections"))
        _check_sections(sections or ())
        usual = USUAL_SECTIONS if sections is None else sections
        return cls(_texts("consoles", form.get("consoles")), _texts("strips", form.get("strips")), usual, mix)


ALL = Scope()
EVERYTHING = Scope(sections=frozenset(SECTIONS))
"""Scope of what was looked at already."""
Safes = Mapping[str, frozenset[str]]
"""Strip, as `band/ch1` → its sections that no recall sets; all SECTIONS for the whole strip."""


def is_safe(path: str, safes: Safes) -> bool:
    """Whether a safe holds a param against a recall."""
    return bool(safes) and section_of(path) in safes.get(strip_of(path), ())


def checked_safe(strip: str, sections: object) -> frozenset[str]:
    """Return the sections of a strip's safe, all for true; Refusal `bad-value` for anything else."""
    try:
        if not 0 < len(strip) <= paths.MOST_LENGTH:
            raise ValueError("a safe is of a strip, as band/ch1")
        named = frozenset(SECTIONS) if sections is True else _texts("sections", sections or [])
        _check_sections(named or ())
    except ValueError as fault:
        raise Refusal(Code.BAD_VALUE, str(fault), strip[: paths.MOST_LENGTH]) from fault
    return named or frozenset()


@dataclass(frozen=True, slots=True)
class Head:
    """A scene without its values.

    id       given once, never again; 0 before the scene is kept
    kind     scene, or moment for one kept by itself
    number   place in the set list, 0 for none
    color    one of STRIP_COLORS
    by       name of its author, as it was at the time
    at       time of its values, in seconds since 1970
    fade     duration of its recall in seconds, 0 to LONGEST_FADE_SECONDS
    count    number of its values
    deleted  when it went into the bin, in seconds since 1970; None while it is not there
    begun    of a moment: the recall that it was kept before has begun, and not ended
    owner    identity of the person whose own it is (`Source.identity`); "" for the crew's
    """

    id: int
    kind: str
    number: int
    name: str
    color: str
    note: str
    by: str
    at: float
    scope: Scope = ALL
    fade: float = 0.0
    count: int = 0
    deleted: float | None = None
    begun: bool = False
    owner: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError with a sentence for a field that is no such field."""
        NAME.check(self.name)
        NOTE.check(self.note)
        if self.kind not in KINDS:
            raise ValueError(f"a scene is one of {', '.join(KINDS)}")
        if self.color not in STRIP_COLORS:
            raise ValueError(f"the colour is one of {', '.join(STRIP_COLORS)}")
        if isinstance(self.number, bool) or not isinstance(self.number, int) or not 0 <= self.number <= MOST_NUMBER:
            raise ValueError(f"the number is a whole one from 0 to {MOST_NUMBER}")
        if not isinstance(self.fade, int | float) or not 0 <= self.fade <= LONGEST_FADE_SECONDS:
            raise ValueError(f"a fade takes from 0 to {LONGEST_FADE_SECONDS:g} seconds")

    def as_json(self) -> dict[str, Any]:
        """Return the JSON object; times are RFC 3339."""
        fields = ("id", "kind", "number", "name", "color", "note", "by", "fade", "count")
        times = {"at": rfc3339(self.at), "deleted": None if self.deleted is None else rfc3339(self.deleted)}
        return {name: getattr(self, name) for name in fields} | times | {"scope": self.scope.as_json()}


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene: its head, path → value with positions as everywhere, and the laws of these."""

    head: Head
    values: Mapping[str, Value] = field(default_factory=dict)
    laws: Laws = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raise ValueError with a sentence for too many values."""
        if len(self.values) > MOST_VALUES:
            raise ValueError(TOO_MANY_VALUES)


class Content(NamedTuple):
    """Values of a scene, and the laws of its positions."""

    values: Mapping[str, Value]
    laws: Laws


class ConsoleScene(NamedTuple):
    """Scene in a file of a console's own.

    left  kinds of what the mixer does not know, each with `kind`, `count` and the `first` few addresses
    """

    console: str
    name: str
    note: str
    values: Mapping[str, Value]
    left: Sequence[Mapping[str, Any]]


class Captured(NamedTuple):
    """Present values for a scene, the paths whose value is not known, or whose console is offline, and the laws."""

    values: dict[str, Value]
    unknown: list[str]
    laws: Laws


def capture(desk: Desk, consoles: Collection[str] | None = None, mix: str = "") -> Captured:
    """Return the present values of these consoles, or of all: every param that a scene keeps.

    mix  path of a bus, for the sends into it alone; "" for all params
    """
    values: dict[str, Value] = {}
    unknown: list[str] = []
    kept_laws: dict[str, Taper] = {}
    for layout in desk.layouts.values():
        if consoles is not None and layout.name not in consoles:
            continue
        here = desk.values[paths.status(layout.name)] == ONLINE
        kept = [path for path in layout.in_scenes if not mix or is_send_into(path, mix)]
        known = {path: desk.values[path] for path in kept if here and desk.values[path] is not None}
        unknown += [path for path in kept if path not in known]
        values |= known
        kept_laws |= laws.of({path: layout.in_scenes[path] for path in kept} if mix else layout.in_scenes)
    return Captured(values, unknown, kept_laws)


def checked_values(values: Mapping[str, object]) -> dict[str, Value]:
    """Return values from outside; Refusal `bad-value` for a path or value that is none."""
    checked: dict[str, Value] = {}
    for path, value in values.items():
        if len(path) > paths.MOST_LENGTH or not _is_value(value):
            raise Refusal(Code.BAD_VALUE, NO_VALUE_TEXT, path[: paths.MOST_LENGTH])
        checked[path] = value  # type: ignore[assignment] # looked at by _is_value
    return checked


def _is_value(value: object) -> bool:
    if isinstance(value, str):
        return len(value) <= MOST_VALUE_TEXT
    return value is None or isinstance(value, bool) or (isinstance(value, int | float) and abs(value) <= GREATEST)


def is_send_into(path: str, mix: str) -> bool:
    """Whether a param is the level, mute or pan of a send into a bus, as a musician may move it."""
    return part_of(path, mix) == SENDS


def _texts(name: str, form: object) -> frozenset[str] | None:
    if form is None:
        return None
    if not isinstance(form, list) or len(form) > MOST_STRIPS or not all(isinstance(one, str) for one in form):
        raise ValueError(f"“{name}” is a list of at most {MOST_STRIPS} texts, or null")
    return frozenset(form)


def _check_sections(sections: Collection[str]) -> None:
    strange = set(sections) - set(SECTIONS)
    if strange:
        raise ValueError(f"a section is one of {', '.join(SECTIONS)}, not “{min(strange)[:40]}”")
