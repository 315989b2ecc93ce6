"""Map files on disk: read, converted, and saved atomically."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from remote_mixer.drivers.midi_cc.draft import Draft, read_toml
from remote_mixer.drivers.midi_cc.legacy_json import as_toml, read_legacy
from remote_mixer.drivers.midi_cc.map_reader import read_map
from remote_mixer.drivers.midi_cc.model import Map
from remote_mixer.maps.files import MapFault, read, write

MOST_TRIES = 3
SKELETON = """\
# What this console's strips are called and which MIDI controls move them. The page writes it too: “learn”, names,
# order. Comments stay.

# [ports]                # leave it out for virtual ports called “Remote Mixer”
# input = "IAC Bus 1"    # a name or a part of it; leave one out for gear that only sends or only receives
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

    new  whether a missing file is created
    """

    def __init__(self, path: Path, *, new: bool = False) -> None:
        self._new = new
        self._legacy = path if path.suffix.lower() == ".json" else None
        self.path = path.with_suffix(".toml") if self._legacy else path
        """File to save to; for JSON, a TOML file beside it."""

    def load(self) -> Map:
        """Return the map on disk; raise MapFault with file, line or key, and what to write instead."""
        if self._legacy and not self.path.exists():
            return _legacy_map(self._legacy)
        midi_map = read_toml(self._text(), str(self.path))
        return _with_warning(midi_map, f"{self.path} is read instead of {self._legacy}") if self._legacy else midi_map

    def edit(self, change: Callable[[Draft], None]) -> Map:
        """Change the map as it is on disk now, and save it; on MapFault nothing has changed."""
        for _ in range(MOST_TRIES):
            before = self._text()
            draft = Draft(before, str(self.path))
            draft.write_ids()
            change(draft)
            after, midi_map = draft.finish()
            if before == self._text():  # else a person has saved meanwhile: repeat the change on that text
                write(self.path, after)
                return midi_map
        raise MapFault(f"{self.path}: the file keeps changing: try again later")

    def settle(self) -> None:
        """Create a missing file where allowed, and write missing ids; raise MapFault where that fails.

        The predecessor's JSON stays as it is until the first edit.
        """
        there = self.path.exists()
        if there or not self._legacy:
            before = self._text()
            draft = Draft(before, str(self.path))
            draft.write_ids()
            after, _ = draft.finish()
            if after != before or not there:
                write(self.path, after)

    def _text(self) -> str:
        if self.path.exists():
            return read(self.path)
        if self._legacy:
            return _legacy_toml(self._legacy)
        if self._new:
            return SKELETON
        return read(self.path)


def map_path(spec: str) -> Path:
    """Return the path of a map, with ~ as the home folder; raise MapFault for an unknown one."""
    try:
        return Path(spec).expanduser()
    except RuntimeError as fault:
        raise MapFault(f"{spec}: there is no such home folder: write the whole path of the map") from fault


def check(path: Path) -> list[str]:
    """Return the warnings about a map; raise MapFault for a fault."""
    return list(MapFile(path).load().warnings)


def convert(old: Path, new: Path) -> list[str]:
    """Convert the predecessor's JSON to TOML; return the warnings. Raise MapFault; no file is overwritten."""
    if new.exists():
        raise MapFault(f"{new}: the file already exists: choose another name")
    midi_map = _legacy_map(old)
    text = _legacy_toml(old)
    read_toml(text, str(new))
    write(new, text)
    return list(midi_map.warnings)


def _legacy_map(path: Path) -> Map:
    former = read_legacy(read(path), str(path))
    midi_map = read_map(former.plain, str(path), former.place)
    return replace(midi_map, warnings=(*former.warnings, *midi_map.warnings))


def _with_warning(midi_map: Map, text: str) -> Map:
    return replace(midi_map, warnings=(text, *midi_map.warnings))


def _legacy_toml(path: Path) -> str:
    return as_toml(read_legacy(read(path), str(path)).plain, path.name)
