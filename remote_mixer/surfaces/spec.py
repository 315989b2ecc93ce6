"""Spec of a surface, as `--surface NAME=KIND:…` has it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from remote_mixer.desk.policy import ENGINEER, GUEST, MUSICIAN, ROLES
from remote_mixer.midi.mackie import MOST_UNITS
from remote_mixer.surfaces.midi import map_file
from remote_mixer.surfaces.midi.map_file import Map

MACKIE, MIDI = "mackie", "midi"
KINDS = (MACKIE, MIDI)
KIND_TEXT = (
    f"a surface is {' or '.join(f'{kind}:…' for kind in KINDS)}, as mackie:X-Touch or midi:nano.toml, not “{{}}”"
)
OPTIONS: Mapping[str, tuple[str, ...]] = {"role": ROLES, "mix": (), "touch": ("yes", "no"), "bank": (), "port": ()}
"""Name of an option → its values; none for any text."""
OWN_FILE = "surface-{}.toml"
"""Name of a map of our own in the data folder."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One surface.

    name   of its hand, as people see it
    text   the whole spec, as it was written
    ports  names of its MIDI ports, from left to right; "" for virtual ports of our own
    role   what it may do
    mix    path of the bus that is a musician's or guest's mix, and the mix that its faders begin with; "" for none
    touch  whether its faders notice a finger
    map    controls of a `midi` surface
    file   its file; None where there is no map
    is_new  whether the file is our own, and begins as an empty map
    bank   word that surfaces which show the same bank have in common; "" for a bank of its own
    """

    name: str
    kind: str
    text: str
    ports: tuple[str, ...]
    role: str = ENGINEER
    mix: str = ""
    touch: bool = True
    bank: str = ""
    map: Map | None = None
    file: Path | None = None
    is_new: bool = False


@dataclass(slots=True)
class _Words:
    ports: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)


def parse(name: str, text: str, data: Path = Path()) -> Spec:
    """Return the spec of `KIND:PORT[,PORT…][,OPTION=VALUE…]`; ValueError with a sentence for a person.

    data  folder for a map of our own, where `midi:` names none
    """
    kind, _, rest = text.partition(":")
    if kind not in KINDS:
        raise ValueError(KIND_TEXT.format(text[:40]))
    words = _words(rest)
    if len(words.ports) > MOST_UNITS:
        raise ValueError(f"mackie: takes at most {MOST_UNITS} ports, from left to right, not {len(words.ports)}")
    role, mix = words.options.get("role", ENGINEER), words.options.get("mix", "")
    if role in (MUSICIAN, GUEST) and not mix:
        raise ValueError(f"a {role}'s surface needs a mix, as role={role},mix=band/bus2")
    touch, bank = words.options.get("touch", "yes") == "yes", words.options.get("bank", "")
    spec = Spec(name, kind, text, tuple(words.ports or [""]), role, mix, touch, bank)
    return _with_map(spec, words, data) if kind == MIDI else spec


def _with_map(spec: Spec, words: _Words, data: Path) -> Spec:
    file, is_new = _file(words.ports, data / OWN_FILE.format(re.sub(r"\W", "_", spec.name)))
    midi_map = map_file.parse({}) if is_new and not file.exists() else map_file.read(file)
    port = words.options.get("port") or midi_map.port
    return replace(spec, ports=(port,), map=midi_map, file=file, is_new=is_new)


def _file(named: Sequence[str], own: Path) -> tuple[Path, bool]:
    """Return the file of a map, and whether it is our own."""
    if len(named) > 1:
        raise ValueError("midi: takes the file of one map, as midi:nano.toml, or none for a map of its own")
    return (Path(named[0]).expanduser(), False) if any(named) else (own, True)


def parse_all(surfaces: Sequence[tuple[str, str]], data: Path = Path()) -> list[Spec]:
    """Return the specs of (name, text); ValueError with a sentence where one is wrong, or two have one name."""
    names = [name for name, _ in surfaces]
    doubles = {name for name in names if names.count(name) > 1}
    if doubles:
        raise ValueError(f"two surfaces are called “{doubles.pop()}”: give each a name of its own")
    return [parse(name, text, data) for name, text in surfaces]


def _words(rest: str) -> _Words:
    """Part ports from options: an item is an option where its beginning names one."""
    words = _Words()
    for item in map(str.strip, rest.split(",") if rest else ()):
        key, equals, value = item.partition("=")
        if not equals or key not in OPTIONS:
            words.ports.append(item)
        elif OPTIONS[key] and value not in OPTIONS[key]:
            raise ValueError(f"{key}= is one of {', '.join(OPTIONS[key])}, not “{value[:40]}”")
        else:
            words.options[key] = value
    return words
