"""A map's file: read, checked, converted, and saved whole without a word of the person's being lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from remote_mixer.drivers.midi_cc.draft import Draft, read_toml
from remote_mixer.drivers.midi_cc.legacy_json import read_former
from remote_mixer.drivers.midi_cc.map_reader import read_map
from remote_mixer.drivers.midi_cc.model import Map
from remote_mixer.drivers.midi_cc.tables import MapFault, Table
from remote_mixer.drivers.midi_cc.toml_text import toml

MOST_TRIES = 3
SKELETON = """\
# What this console's strips are called and which MIDI controls move them. The page writes it too: “learn”, names,
# order. Comments stay.

# [ports]                # leave it out for virtual ports called “Remote Mixer”
# input = "IAC Bus 1"    # a name or a part of it
# output = "IAC Bus 1"

# [[buses]]              # what sends go to
# id = 1
# name = "Reverb"

[[layers]]
name = "Channels"

#   [[layers.channels]]
#   name = "Kick"
#   fader = 20                                           # a CC on MIDI channel 1
#   mute = { cc = 30, channel = 2 }                      # 127 is muted, 0 is open
#   pan = { cc = [10, 42] }                              # 14 bit: coarse, fine
#   sends = { 1 = { nrpn = 1024, law = "gm" } }          # into bus 1
"""


class MapFile:
    """One map on disk, in TOML or in the predecessor's JSON.

    new  whether a file that is not there is made
    """

    def __init__(self, path: Path, *, new: bool = False) -> None:
        self._new = new
        self._former = path if path.suffix.lower() == ".json" else None
        self.path = path.with_suffix(".toml") if self._former else path
        """Where it is saved: of JSON, beside it."""

    def load(self) -> Map:
        """Return the map as it stands on disk; raise MapFault with file, line or key, and what to write instead."""
        if self._former and not self.path.exists():
            return _map_of_former(self._former)
        told = read_toml(self._text(), str(self.path))
        return _with_warning(told, f"{self.path} is read in place of {self._former}") if self._former else told

    def edit(self, change: Callable[[Draft], None]) -> Map:
        """Change the map as it stands on disk now, and save it; raise MapFault, nothing changed, where that fails."""
        for _ in range(MOST_TRIES):
            before = self._text()
            draft = Draft(before, str(self.path))
            draft.write_ids()
            change(draft)
            after, told = draft.finish()
            if before == self._text():  # a person may have saved meanwhile: then it is done again, on theirs
                _write(self.path, after)
                return told
        raise MapFault(f"{self.path}: the file changes all the time: try again when nobody writes it")

    def settle(self) -> None:
        """Make a file that may be made, and write the ids that a person left out; raise MapFault where that fails.

        The predecessor's JSON is not settled: the first edit does that.
        """
        there = self.path.exists()
        if there or not self._former:
            before = self._text()
            draft = Draft(before, str(self.path))
            draft.write_ids()
            after, _ = draft.finish()
            if after != before or not there:
                _write(self.path, after)

    def _text(self) -> str:
        if self.path.exists():
            return _read(self.path)
        if self._former:
            return _toml_of_former(self._former)
        if self._new:
            return SKELETON
        return _read(self.path)


def check(path: Path) -> list[str]:
    """Return the warnings about a map; raise MapFault for a fault."""
    return list(MapFile(path).load().warnings)


def convert(old: Path, new: Path) -> list[str]:
    """Write the predecessor's JSON as a map in TOML; return the warnings. Raise MapFault; no file is written over."""
    if new.exists():
        raise MapFault(f"{new}: there is a file already: choose another name")
    told = _map_of_former(old)
    text = _toml_of_former(old)
    read_toml(text, str(new))
    _write(new, text)
    return list(told.warnings)


def _map_of_former(path: Path) -> Map:
    former = read_former(_read(path), str(path))
    told = read_map(former.plain, str(path), former.place)
    return replace(told, warnings=(*former.warnings, *told.warnings))


def _with_warning(told: Map, text: str) -> Map:
    return replace(told, warnings=(text, *told.warnings))


def _toml_of_former(path: Path) -> str:
    """Return the map that a JSON file makes, in TOML as a person would write it, with ids."""
    plain = read_former(_read(path), str(path)).plain
    lines = [f"# Made from {path.name}, which is left as it was."]
    if plain["ports"]:
        lines += ["", "[ports]", *_keys(plain["ports"])]
    for bus in plain["buses"]:
        lines += ["", "[[buses]]", *_keys(bus)]
    number = 0
    for layer in plain["layers"]:
        lines += ["", "[[layers]]", f"name = {toml(layer['name'])}"]
        for channel in layer["channels"]:
            number += 1
            lines += ["", "  [[layers.channels]]", *(f"  {line}" for line in _keys({"id": number, **channel}))]
    text = "\n".join(lines) + "\n"
    return text.encode("utf-8", "replace").decode()  # JSON can hold half characters


def _keys(table: Table) -> list[str]:
    return [f"{key} = {toml(value)}" for key, value in table.items()]


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as fault:
        hint = "write one, or give no name to begin with an empty one on the page"
        raise MapFault(f"{path}: there is no such map: {hint}") from fault
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise MapFault(f"{path}, line {line}: this is no UTF-8: save it as UTF-8") from fault
    except OSError as fault:
        raise MapFault(f"{path}: it cannot be read ({fault.strerror})") from fault


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all, with the rights that the one before had."""
    target = path.resolve()  # a link stays a link
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as fault:
        beside.unlink(missing_ok=True)
        raise MapFault(f"{path}: it cannot be written ({fault.strerror})") from fault
