"""Changes of a map from the page: all other lines of the person stay as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from remote_mixer.drivers.midi_cc import actions
from remote_mixer.drivers.midi_cc.control import CC, NRPN, PAIR, Control
from remote_mixer.drivers.midi_cc.draft import Draft
from remote_mixer.drivers.midi_cc.map_file import MapFile
from remote_mixer.drivers.midi_cc.model import Map
from remote_mixer.maps.files import MapFault
from tests.drivers.midi_cc.live_map import LIVE, edit


def replaced(*pairs: tuple[str, str]) -> str:
    text = LIVE
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def rows(midi_map: Map) -> list[tuple[str, list[str]]]:
    return [(layer.name, [channel.id for channel in layer.channels]) for layer in midi_map.layers]


@pytest.mark.parametrize(
    ("local", "control", "old", "new"),
    [
        ("ch1/fader", Control(CC, 1, 99), "cc = 20", "cc = 99"),
        ("ch1/fader", Control(PAIR, 4, 9, 41), "{ cc = 20, law", "{ cc = [9, 41], channel = 4, law"),
        ("ch1/pan", Control(CC, 1, 10), "much\n", "much\n  pan = 10\n"),
        ("ch1/send/bus1/level", Control(CC, 2, 50), "1 = 40", "1 = { cc = 50, channel = 2 }"),
        ("ch2/fader", Control(NRPN, 1, 3), "dotted\n", "dotted\n  fader = { nrpn = 3 }\n"),
        ("ch2/send/bus1/level", Control(CC, 1, 50), "sends.1 = 41", "sends.1 = 50"),
        ("ch2/mute", Control(CC, 1, 33), "cc = 31", "cc = 33"),
        ("main/fader", Control(CC, 1, 7), 'name = "Drums"\n', 'name = "Drums"\n\n[main]\nfader = 7\n'),
        ("bus1/mute", Control(CC, 1, 7), 'name = "Reverb"\n', 'name = "Reverb"\nmute = 7\n'),
    ],
)
def test_binding_a_control_changes_its_own_words_alone(
    path: Path, local: str, control: Control, old: str, new: str
) -> None:
    assert edit(path, lambda draft: actions.bind(draft, local, control)) == replaced((old, new))


def test_a_range_goes_when_the_resolution_does(path: Path) -> None:
    path.write_text(LIVE.replace("cc = 20,", "cc = 20, low = 5, high = 100, invert = true,"))
    seven, fourteen = Control(CC, 1, 21), Control(PAIR, 1, 9, 42)
    text = edit(path, lambda draft: actions.bind(draft, "ch1/fader", seven))
    assert 'fader = { cc = 21, low = 5, high = 100, invert = true, law = "fader" }   # the big one' in text
    text = edit(path, lambda draft: actions.bind(draft, "ch1/fader", fourteen))
    assert 'fader = { cc = [9, 42], invert = true, law = "fader" }   # the big one' in text


def test_unbinding_takes_out_one_line(path: Path) -> None:
    text = edit(path, lambda draft: actions.unbind(draft, "ch1/fader"), lambda draft: actions.unbind(draft, "ch2/mute"))
    gone = "  [layers.channels.mute]  # a table of its own\n  cc = 31  # the red key\n  on = 100\n"
    assert text == replaced(('  fader = { cc = 20, law = "fader" }   # the big one\n', ""), (gone, ""))


def test_renaming_keeps_the_comment_beside_the_name(path: Path) -> None:
    texts = {"ch1/name": 'Änne "the voice" ♪', "ch2/color": "red", "bus1/name": "Hall"}
    assert edit(path, lambda draft: actions.describe(draft, texts)) == replaced(
        ('"Anne"   #', '"Änne \\"the voice\\" ♪"   #'), ("dotted\n", 'dotted\n  color = "red"\n'), ("Reverb", "Hall")
    )


def test_a_new_channel_stands_at_the_end_of_its_layer(path: Path) -> None:
    text = edit(
        path,
        lambda draft: actions.add_channel(draft, "Vocals", "Eve"),
        lambda draft: actions.add_channel(draft, None, "Kick"),
    )
    eve = '\n  [[layers.channels]]\n  id = 3\n  name = "Eve"\n'
    kick = eve.replace("3", "4").replace("Eve", "Kick")
    assert text == replaced(("  on = 100\n", f"  on = 100\n{eve}"), ('"Drums"\n', f'"Drums"\n{kick}'))


def test_a_channel_goes_with_the_comment_above_it_and_no_other(path: Path) -> None:
    text = edit(path, lambda draft: actions.delete_channel(draft, "ch1"))
    start, end = LIVE.index("  # Anne sings"), LIVE.index("  # a note")
    assert text == "last_id = 2\n" + LIVE[:start] + LIVE[end:]


def test_an_id_is_never_given_twice(path: Path) -> None:
    edit(
        path,
        lambda draft: actions.delete_channel(draft, "ch2"),
        lambda draft: actions.add_channel(draft, "Vocals", "Eve"),
    )
    assert rows(MapFile(path).load()) == [("Vocals", ["ch1", "ch3"]), ("Drums", [])]


def test_a_channel_moves_with_its_comments_and_tables(path: Path) -> None:
    text = edit(path, lambda draft: actions.move_channel(draft, "ch2", None, 1))
    start, end = LIVE.index("  # Bob too"), LIVE.index("\n# ---- drums")
    without = LIVE[:start] + LIVE[end + 1 :]
    assert text == without.replace("  # Anne sings", f"{LIVE[start:end]}\n  # Anne sings")
    edit(path, lambda draft: actions.move_channel(draft, "ch2", "Drums", None))
    assert rows(MapFile(path).load()) == [("Vocals", ["ch1"]), ("Drums", ["ch2"])]
    assert sorted(filter(str.strip, path.read_text().splitlines())) == sorted(filter(str.strip, LIVE.splitlines()))


def test_layers_are_added_renamed_moved_and_deleted(path: Path) -> None:
    edit(path, lambda draft: actions.add_layer(draft, "Keys"))
    edit(path, lambda draft: actions.move_layer(draft, "Drums", 1))
    text = edit(path, lambda draft: actions.rename_layer(draft, "Vocals", "Voices"))
    assert rows(MapFile(path).load()) == [("Drums", []), ("Voices", ["ch1", "ch2"]), ("Keys", [])]
    assert 'name = "Voices"  # four of them' in text
    assert text.index("# ---- drums") < text.index("# ---- the singers") < text.index("# Anne sings")
    edit(path, lambda draft: actions.delete_layer(draft, "Drums"))
    assert rows(MapFile(path).load()) == [("Voices", ["ch1", "ch2"]), ("Keys", [])]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda draft: actions.delete_layer(draft, "Vocals"),
            "“Vocals” still holds 2 channels: move or delete them first",
        ),
        (lambda draft: actions.add_layer(draft, "Drums"), "There is already a layer “Drums”: choose another name"),
        (lambda draft: actions.rename_layer(draft, "Keys", "A"), "The map has no layer “Keys” any more"),
        (lambda draft: actions.delete_channel(draft, "ch9"), "The map has no strip “ch9” any more"),
        (lambda draft: actions.delete_channel(draft, "bus1"), "“bus1” is not a channel"),
        (lambda draft: actions.move_channel(draft, "ch1", None, 3), "A place here is a number from 1 to 2, not 3"),
        (lambda draft: actions.unbind(draft, "ch1/pan"), "“ch1/pan” has no control"),
        (lambda draft: actions.bind(draft, "ch1/gain", Control(CC, 1, 1)), "“ch1/gain” cannot be bound to a control"),
        (
            lambda draft: actions.bind(draft, "ch1/pan", Control(CC, 1, 31)),
            "mute of “Bob”: CC 31 on MIDI channel 1 is already used by the pan of “Anne”",
        ),
    ],
)
def test_what_cannot_be_done_is_reported_and_changes_nothing(
    path: Path, change: Callable[[Draft], None], said: str
) -> None:
    with pytest.raises(MapFault, match=said):
        MapFile(path).edit(change)
    assert path.read_text() == LIVE


def test_a_form_that_cannot_be_changed_from_here_is_left_alone(path: Path) -> None:
    text = "layers = [\n  { name = 'A', channels = [{ id = 1, name = 'Kick', fader = 1 }] },\n]\n"
    path.write_text(text)
    with pytest.raises(MapFault, match="change it by hand"):
        MapFile(path).edit(lambda draft: actions.delete_channel(draft, "ch1"))
    assert path.read_text() == text
    assert (
        edit(path, lambda draft: actions.bind(draft, "main/fader", Control(CC, 1, 7))) == text + "\n[main]\nfader = 7\n"
    )


def test_lines_that_only_look_like_tables_are_none(path: Path) -> None:
    path.write_text('about = """\n[[layers]]\n"""\n' + LIVE)
    edit(path, lambda draft: actions.move_layer(draft, "Drums", 1))
    assert rows(MapFile(path).load()) == [("Drums", []), ("Vocals", ["ch1", "ch2"])]
