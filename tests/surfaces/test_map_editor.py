"""A controller's map as a person wrote it, changed from the page and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from remote_mixer.maps.files import MapFault
from remote_mixer.surfaces.midi.map_editor import MapEditor

WRITTEN = """\
# The nano beside the desk. Batteries are in the drawer.
[ports]
input = "nano"   # the blue one

# left fader: Anne's
[[controls]]
cc = 0      # leftmost
strip = 1

# panic
[[controls]]
note = 36
path = "band/ch1/mute"
kind = "momentary"
"""


@pytest.fixture
def editor(tmp_path: Path) -> MapEditor:
    file = tmp_path / "nano.toml"
    file.write_text(WRITTEN)
    return MapEditor(file)


def test_a_new_control_stands_behind_the_others_and_every_other_line_is_as_it_was(editor: MapEditor) -> None:
    found = editor.learn({"cc": 16, "channel": 2, "kind": "signed", "path": "band/ch2/pan"})
    added = '\n[[controls]]\ncc = 16\nchannel = 2\nkind = "signed"\npath = "band/ch2/pan"\n'
    assert editor.file.read_text() == WRITTEN + added
    assert [control.address for control in found.controls] == [("cc", 1, 0), ("note", 1, 36), ("cc", 2, 16)]
    assert found == editor.read()


def test_a_control_that_is_learned_again_moves_something_else_in_its_place_and_its_comments_stay(
    editor: MapEditor,
) -> None:
    editor.learn({"cc": 0, "path": "band/main/fader"})
    text = editor.file.read_text()
    assert "# left fader: Anne's\n[[controls]]\ncc = 0" in text
    assert 'path = "band/main/fader"' in text
    assert "strip" not in text
    assert [control.path for control in editor.read().controls] == ["band/main/fader", "band/ch1/mute"]


def test_a_pair_takes_the_place_of_the_controls_that_used_its_halves(editor: MapEditor) -> None:
    editor.learn({"cc": 32, "do": "go"})
    editor.learn({"cc": [0, 32], "path": "band/ch1/fader"})
    assert [(one.address, one.fine) for one in editor.read().controls] == [(("cc", 1, 0), 32), (("note", 1, 36), None)]


def test_a_deleted_control_takes_its_comments_along_and_a_changed_kind_nothing(editor: MapEditor) -> None:
    editor.delete(("cc", 1, 0))
    text = editor.file.read_text()
    assert "Anne" not in text
    assert "# panic\n[[controls]]\nnote = 36" in text
    editor.change_kind(("note", 1, 36), "toggle")
    assert editor.file.read_text() == text.replace('"momentary"', '"toggle"')


def test_each_change_can_be_taken_back_to_the_letter_and_the_file_of_before_is_kept(editor: MapEditor) -> None:
    editor.learn({"note": 40, "do": "go"})
    editor.delete(("cc", 1, 0))
    editor.change_kind(("note", 1, 36), "toggle")
    for _ in range(3):
        assert editor.can_undo
        editor.undo()
    assert editor.file.read_text() == WRITTEN
    assert not editor.can_undo
    assert (editor.file.parent / "nano.toml.before").read_text() == WRITTEN


def test_what_a_person_wrote_meanwhile_stays_and_is_not_taken_back(editor: MapEditor) -> None:
    editor.learn({"note": 40, "do": "go"})
    by_hand = editor.file.read_text() + "\n# by hand\n"
    editor.file.write_text(by_hand)
    with pytest.raises(MapFault, match="changed by hand since"):
        editor.undo()
    assert editor.file.read_text() == by_hand
    editor.learn({"note": 41, "do": "back"})
    assert "# by hand" in editor.file.read_text()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("controls = [{ cc = 0, strip = 1 }]\n", "change it by hand"),
        ("[[controls]]\ncc = 200\nstrip = 1\n", "cc is a whole number"),
        ("[[controls\n", "nano.toml"),
    ],
)
def test_a_file_that_cannot_be_changed_safely_is_not_changed(tmp_path: Path, text: str, words: str) -> None:
    editor = MapEditor(tmp_path / "nano.toml")
    editor.file.write_text(text)
    with pytest.raises(MapFault, match=words):
        editor.learn({"note": 40, "do": "go"})
    assert editor.file.read_text() == text
    assert not editor.can_undo


def test_an_own_map_begins_empty_and_is_made_by_its_first_control(tmp_path: Path) -> None:
    editor = MapEditor(tmp_path / "own.toml", new=True)
    assert editor.read().controls == ()
    editor.learn({"note": 40, "do": "go"})
    assert [control.address for control in editor.read().controls] == [("note", 1, 40)]
    assert editor.file.read_text().startswith("# Which controls")
