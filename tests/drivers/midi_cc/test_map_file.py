"""Map files: read, and saved atomically, with every word of the person's kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from remote_mixer.drivers.midi_cc import actions
from remote_mixer.drivers.midi_cc.control import CC, Control
from remote_mixer.drivers.midi_cc.draft import Draft, read_toml
from remote_mixer.drivers.midi_cc.map_file import MapFile, check
from remote_mixer.maps.files import MapFault
from tests.drivers.midi_cc.live_map import LIVE, SMALL, edit


def test_a_map_that_is_not_there_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "live.toml"
    with pytest.raises(MapFault, match=r"live\.toml: there is no such map: write one, or give no name to begin"):
        check(path)
    path.mkdir()
    with pytest.raises(MapFault, match="it cannot be read"):
        check(path)


def test_a_map_that_is_no_utf_8_is_reported_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "live.toml"
    path.write_bytes("\n\nname = 'Müller'".encode("latin-1"))
    with pytest.raises(MapFault, match="line 3: this is not UTF-8: save it as UTF-8"):
        check(path)


def test_a_map_saved_by_an_editor_of_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "live.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    assert MapFile(path).load() == read_toml(SMALL, "live.toml")


def test_ids_are_written_where_they_are_missing(path: Path) -> None:
    path.write_text(LIVE.replace("  id = 1\n", "").replace("  id = 2\n", "").replace("id = 1\n", ""))
    MapFile(path).settle()
    assert path.read_text() == LIVE.replace("id = 1\n  name", "id = 1\n  name")
    before = path.stat().st_mtime_ns
    MapFile(path).settle()
    assert path.stat().st_mtime_ns == before, "a map that has its ids is not written"


def test_line_ends_of_windows_stay(path: Path) -> None:
    path.write_bytes(LIVE.replace("\n", "\r\n").encode())
    MapFile(path).edit(lambda draft: actions.add_channel(draft, "Vocals", "Eve"))
    MapFile(path).edit(lambda draft: actions.describe(draft, {"ch1/name": "Ann"}))
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") == LIVE.count("\n") + 4


def test_what_a_person_wrote_meanwhile_is_read_first(path: Path) -> None:
    file = MapFile(path)
    file.load()
    path.write_text(LIVE.replace("Bob", "Robert"))
    file.edit(lambda draft: actions.bind(draft, "ch1/pan", Control(CC, 1, 10)))
    assert path.read_text() == LIVE.replace("Bob too", "Robert too").replace('"Bob"', '"Robert"').replace(
        "much\n", "much\n  pan = 10\n"
    )


def test_what_a_person_writes_in_that_very_moment_is_not_lost(path: Path) -> None:
    times: list[int] = []

    def slow(draft: Draft) -> None:
        times.append(1)
        if len(times) == 1:
            path.write_text(LIVE.replace("Tuesday", "Friday"))
        actions.add_layer(draft, "Keys")

    assert edit(path, slow).startswith("# Friday's band")
    assert len(times) == 2


def test_a_fault_that_a_person_wrote_meanwhile_is_reported_and_nothing_saved(path: Path) -> None:
    broken = LIVE.replace("cc = 20", "cc = 200")
    path.write_text(broken)
    with pytest.raises(MapFault, match="line 15: fader of “Anne”: a CC is a number from 0 to 127, not 200"):
        MapFile(path).edit(lambda draft: actions.add_layer(draft, "Keys"))
    assert path.read_text() == broken


def test_a_map_is_saved_whole_with_its_rights_and_through_a_link(path: Path) -> None:
    path.chmod(0o640)
    link = path.with_name("link.toml")
    link.symlink_to(path)
    MapFile(link).edit(lambda draft: actions.add_layer(draft, "Keys"))
    assert link.is_symlink()
    assert "Keys" in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(os.listdir(path.parent)) == ["link.toml", "live.toml"]


def test_a_map_that_cannot_be_saved_stays_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MapFault, match=r"it cannot be written \(No space left on device\)"):
        MapFile(path).edit(lambda draft: actions.add_layer(draft, "Keys"))
    assert path.read_text() == LIVE
    assert os.listdir(path.parent) == ["live.toml"]
