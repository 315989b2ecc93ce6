"""The predecessor's JSON maps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from remote_mixer.drivers.midi_cc import actions
from remote_mixer.drivers.midi_cc.control import CC, Button, Control, Knob
from remote_mixer.drivers.midi_cc.map_file import MapFile, check, convert
from remote_mixer.maps.files import MapFault

FORMER: dict[str, Any] = {
    "midi_interface_out": "IAC out",
    "midi_interface_in": "IAC in",
    "channel_groups": [
        {
            "title": "Vocals",
            "channels": [
                {"title": "Wireless", "volume_cc": 20, "mute_cc": 30, "verb_cc": 40, "mon_cc": 50, "hide": True},
                {"title": "Anne", "volume_cc": 21, "mute_cc": 31, "verb_cc": 41, "mon_cc": 51},
            ],
        },
        {"title": "Band", "channels": [{"title": "Bass", "volume_cc": 22}]},
    ],
}


def written(folder: Path, plain: object) -> Path:
    path = folder / "old.json"
    path.write_text(plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False), encoding="utf-8")
    return path


def said(folder: Path, plain: object) -> str:
    with pytest.raises(MapFault) as raised:
        check(written(folder, plain))
    return str(raised.value).removeprefix(f"{folder}/")


def test_it_is_read_as_it_is(tmp_path: Path) -> None:
    midi_map = MapFile(written(tmp_path, FORMER)).load()
    assert midi_map.port == "IAC in::IAC out"
    assert [(layer.name, [channel.name for channel in layer.channels]) for layer in midi_map.layers] == [
        ("Vocals", ["Wireless", "Anne"]),
        ("Band", ["Bass"]),
    ]
    assert [(bus.id, bus.name) for bus in midi_map.buses] == [("bus1", "Reverb"), ("bus2", "Monitor")]
    assert midi_map.warnings == ()


def test_groups_are_layers_volumes_faders_and_verb_and_mon_two_sends(tmp_path: Path) -> None:
    midi_map = MapFile(written(tmp_path, FORMER)).load()
    assert midi_map.entries == {
        "ch2/fader": Knob(Control(CC, 1, 21), 0, 127, law="plain"),
        "ch2/mute": Button(Control(CC, 1, 31), 127, 0),
        "ch2/send/bus1/level": Knob(Control(CC, 1, 41), 0, 127, law="plain"),
        "ch2/send/bus2/level": Knob(Control(CC, 1, 51), 0, 127, law="plain"),
        "ch3/fader": Knob(Control(CC, 1, 22), 0, 127, law="plain"),
    }, "and the hidden channel stays out"


def test_converting_it_changes_nothing_but_the_form(tmp_path: Path) -> None:
    old, new = written(tmp_path, FORMER), tmp_path / "new.toml"
    before = old.read_bytes()
    assert convert(old, new) == []
    assert MapFile(new).load() == MapFile(old).load()
    assert old.read_bytes() == before
    with pytest.raises(MapFault, match="the file already exists"):
        convert(old, new)


def test_changes_are_saved_beside_it_and_hold_from_then_on(tmp_path: Path) -> None:
    old = written(tmp_path, FORMER)
    before = old.read_bytes()
    MapFile(old).edit(lambda draft: actions.describe(draft, {"ch2/name": "Änne ♪"}))
    assert old.read_bytes() == before
    midi_map = MapFile(old).load()
    assert [channel.name for channel in midi_map.channels] == ["Wireless", "Änne ♪", "Bass"]
    assert midi_map.warnings == (f"{tmp_path}/old.toml is read instead of {old}",)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"volume_cc": 128}, "volume_cc: fader of “Bass”: a CC is a number from 0 to 127, not 128"),
        (
            {"mute_cc": "31"},
            "mute_cc: mute of “Bass”: write a CC, as 20, or a table, as { cc = 20, channel = 2 }, not “31”",
        ),
        ({"hide": 1}, "hide: “Bass”: hide is true or false, not 1"),
        ({"title": 7}, "title: name is a text in quotes, not 7"),
        (
            {"mon_cc": 21},
            "mon_cc: send 2 of “Bass”: CC 21 on MIDI channel 1 is already used by the fader of “Anne” "
            "(channel_groups[0].channels[1].volume_cc): give one of them another control",
        ),
    ],
)
def test_a_fault_is_reported_with_its_key(tmp_path: Path, change: dict[str, object], text: str) -> None:
    plain = json.loads(json.dumps(FORMER))
    plain["channel_groups"][1]["channels"][0] |= change
    assert said(tmp_path, plain) == f"old.json, channel_groups[1].channels[0].{text}"


@pytest.mark.parametrize(
    ("plain", "text"),
    [
        ("", "old.json, line 1: this is not valid JSON (Expecting value): fix it there"),
        ('{\n"channel_groups": [\n{,', "old.json, line 3: this is not valid JSON"),
        ("[1]", "old.json: a map in JSON begins with { and has “channel_groups”"),
        ('{"midi_interface_in": ' + "9" * 5000 + "}", "old.json: a number in it is far too long"),
        ("[" * 100_000, "old.json: this is not a map: its brackets are nested too deeply"),
        ({"channel_groups": 3}, "old.json, channel_groups: channel_groups is a list of tables"),
        ({"channel_groups": [{"channels": {}}]}, "old.json, channel_groups[0].channels: channels is a list of tables"),
        ({"midi_interface_in": 3}, "old.json, midi_interface_in: midi_interface_in is a text in quotes, not 3"),
    ],
)
def test_a_file_that_is_no_map_is_reported(tmp_path: Path, plain: object, text: str) -> None:
    assert said(tmp_path, plain).startswith(text)


def test_a_key_that_means_nothing_is_a_warning(tmp_path: Path) -> None:
    plain = {"channel_groups": [{"title": "A", "channels": [{"title": "B", "volum_cc": 3, "color": None}]}]}
    assert [
        text.removeprefix(f"{tmp_path}/old.json, channel_groups[0].channels[0].")
        for text in check(written(tmp_path, plain))
    ] == [
        "color: unknown key “color”: it is ignored",
        "volum_cc: unknown key “volum_cc”: did you mean “volume_cc”?",
    ]


def test_groups_of_one_title_and_half_characters_still_make_a_map(tmp_path: Path) -> None:
    plain = '{"channel_groups": [{"title": "A", "channels": [{"title": "x\\ud800"}]}, {"title": "A"}, {}]}'
    midi_map = MapFile(written(tmp_path, plain)).edit(lambda draft: actions.add_layer(draft, "B"))
    assert [layer.name for layer in midi_map.layers] == ["A", "A 2", "Layer 3", "B"]
    assert MapFile(tmp_path / "old.toml").load() == midi_map
