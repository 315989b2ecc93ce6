"""Editor of a controller's map: each change is written into the person's own file at once, and can be taken back."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from remote_mixer.maps import files
from remote_mixer.maps.document import BY_HAND, Document
from remote_mixer.maps.files import MapFault
from remote_mixer.maps.toml_text import toml
from remote_mixer.surfaces.midi import map_file
from remote_mixer.surfaces.midi.map_file import CONTROLS, Address, Control, Map, fine_of

MOST_TRIES = 3
BACKUP = ".before"
"""End of the name of a copy: the file as it stood before the first change since the start."""
SKELETON = """\
# Which controls of this controller move what. The page writes it too, by Learn; comments stay.

# [ports]                # leave it out for ports of our own, or name them by port= at the start
# input = "nanoKONTROL2"
# output = "nanoKONTROL2"
"""
UNKNOWN_TEXT = "this control is not in the map any more"

Row = Mapping[str, Any]
Change = Callable[[Document, list[Row]], None]
"""Called with a file's text and its rows, to make the same change in both."""


class MapEditor:
    """One map on disk. Each change returns the new map, and raises MapFault where nothing has changed.

    new  whether a missing file is an empty map
    """

    def __init__(self, file: Path, *, new: bool = False) -> None:
        self.file, self._new = file, new
        self._changes: list[tuple[str, str]] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._changes)

    def read(self) -> Map:
        """Return the map on disk; ValueError with a sentence where there is none, or it has a fault."""
        if self._new and not self.file.exists():
            return map_file.parse({})
        return map_file.read(self.file)

    def learn(self, row: Row) -> Map:
        """Write a control; one that has the same messages makes room for it, and its comments stay."""
        fresh = _control_of(row)
        taken = {fresh.address, fine_of(fresh)} - {None}

        def change(document: Document, rows: list[Row]) -> None:
            places = [n for n, one in enumerate(rows) if taken & {_control_of(one).address, fine_of(_control_of(one))}]
            for place in reversed(places[1:]):
                document.delete((CONTROLS, place))
                del rows[place]
            if places:
                document.set((CONTROLS, places[0]), dict(row))
                rows[places[0]] = row
            else:
                document.insert((CONTROLS, len(rows)), [f"{key} = {toml(value)}" for key, value in row.items()])
                rows.append(row)

        return self._edit(change)

    def delete(self, address: Address) -> Map:
        """Delete a control with the comments right above it."""

        def change(document: Document, rows: list[Row]) -> None:
            place = _place(rows, address)
            document.delete((CONTROLS, place))
            del rows[place]

        return self._edit(change)

    def change_kind(self, address: Address, kind: str) -> Map:
        """Change the kind of a control."""

        def change(document: Document, rows: list[Row]) -> None:
            place = _place(rows, address)
            document.set((CONTROLS, place, "kind"), kind)
            rows[place] = {**rows[place], "kind": kind}

        return self._edit(change)

    def undo(self) -> Map:
        """Take the last change back, to the letter; MapFault where somebody has changed the file since."""
        before, after = self._changes[-1]
        if files.read(self.file) != after:
            raise MapFault(f"{self.file}: the file has been changed by hand since: change it there")
        files.write(self.file, before)
        self._changes.pop()
        return self.read()

    def _edit(self, change: Change) -> Map:
        """Change the map as it is on disk now, and save it."""
        for _ in range(MOST_TRIES):
            before = self._text()
            after, midi_map = self._changed(before, change)
            if before == self._text():  # else a person has saved meanwhile: repeat the change on that text
                if not self._changes and self.file.exists():
                    files.write(self.file.with_name(self.file.name + BACKUP), before)
                files.write(self.file, after)
                self._changes.append((before, after))
                return midi_map
        raise MapFault(f"{self.file}: the file keeps changing: try again later")

    def _changed(self, before: str, change: Change) -> tuple[str, Map]:
        """Return the new text and its map: text and data, changed apart from each other, have to agree."""
        try:
            plain = tomllib.loads(before)
            map_file.parse(plain)
            document, rows = Document(before), list(plain.get(CONTROLS, []))
            change(document, rows)
            wanted = map_file.parse(plain | {CONTROLS: rows})
            found = map_file.parse(tomllib.loads(document.text))
        except (tomllib.TOMLDecodeError, ValueError) as fault:
            raise MapFault(f"{self.file}: {fault}") from fault
        if found != wanted:
            raise MapFault(f"{self.file}: {BY_HAND}")
        return document.text, found

    def _text(self) -> str:
        return SKELETON if self._new and not self.file.exists() else files.read(self.file)


def _control_of(row: Row) -> Control:
    return map_file.parse({CONTROLS: [row]}).controls[0]


def _place(rows: list[Row], address: Address) -> int:
    """Return the place of a control among the rows; MapFault where it is not there any more."""
    for place, row in enumerate(rows):
        if _control_of(row).address == address:
            return place
    raise MapFault(UNKNOWN_TEXT)
