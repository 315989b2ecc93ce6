"""Scenes from a shell: listed, looked at, recalled, taken back; shows in files, a damaged one changes nothing."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.program import run, serve


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve(tmp_path_factory.mktemp("data")) as program:
        yield program.url()


def shell(url: str, *command: str, code: int = 0) -> str:
    ended = run(*command, REMOTE_MIXER_URL=url)
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stdout + ended.stderr


def test_a_show_is_loaded_from_a_file_recalled_and_taken_back(url: str, tmp_path: Path) -> None:
    file, kept = tmp_path / "show.json", tmp_path / "kept.json"
    values = {"band/ch1/fader": 0.5, "band/ch1/mute": True, "band/ch99/fader": 0.1}
    scenes = [{"name": "Ballad", "number": 3, "values": values}, {"name": "Encore", "values": {"band/ch1/fader": 0.25}}]
    file.write_text(json.dumps({"remote-mixer-show": 1, "scenes": scenes}))
    assert "2 scenes came" in shell(url, "show", "load", str(file))
    assert "Ballad  (3 values" in shell(url, "scenes")

    looked_at = shell(url, "recall", "Ballad", "--preview")
    assert "band/ch1/fader  0.0 dB → −10.0 dB" in looked_at
    assert "band/ch99/fader  stays: No console here" in looked_at
    assert "2 controls would change, 1 would stay." in looked_at

    assert "Ballad: 2 of 2 controls" in shell(url, "recall", "3", "--fade", "0.2")
    assert "−10.0 dB" in shell(url, "get", "band/ch1/fader")
    assert "Encore: 1 of 1" in shell(url, "go")
    assert "−10.0 dB" in shell(url, "undo")
    assert "Before “Encore”" in shell(url, "scenes", "--moments")

    assert "2 scenes are in" in shell(url, "show", "save", str(kept))
    assert json.loads(kept.read_text())["scenes"][0]["values"]["band/ch1/fader"] == {"value": 0.5, "text": "−10.0 dB"}
    assert "The file has what is here." in shell(url, "show", "diff", str(kept))
    kept.write_text(kept.read_text().replace('"value": 0.5', '"value": 0.75'))
    assert "3 Ballad: band/ch1/fader  −10.0 dB → 0.0 dB" in shell(url, "show", "diff", str(kept), code=1)


def test_a_diff_shows_every_field_and_every_scene_also_of_two_that_are_called_alike(url: str, tmp_path: Path) -> None:
    file, values = tmp_path / "twins.json", {"band/ch1/fader": 0.5}
    twins = [{"name": "Twin", "number": 7, "values": values}, {"name": "Twin", "number": 7, "values": values}]
    file.write_text(json.dumps({"remote-mixer-show": 1, "scenes": twins}))
    shell(url, "show", "load", str(file))
    shell(url, "show", "save", str(file))
    assert "The file has what is here." in shell(url, "show", "diff", str(file))
    whole = json.loads(file.read_text())
    first, second = (one for one in whole["scenes"] if one["name"] == "Twin")
    first |= {"fade": 4, "note": "slow", "scope": {**first["scope"], "strips": ["band/ch1"]}}
    second["values"]["band/ch1/fader"]["value"] = 0.75
    file.write_text(json.dumps(whole))
    said = shell(url, "show", "diff", str(file), code=1)
    for line in ("7 Twin: fade  0.0 → 4\n", "7 Twin: note   → slow\n", "7 Twin (2): band/ch1/fader  −10.0 dB → 0.0 dB"):
        assert line in said
    assert '7 Twin: scope  {"consoles": null, "strips": null,' in said


def test_a_scene_of_a_console_that_is_gone_says_its_levels_and_goes_by_them_onto_another(
    url: str, tmp_path: Path
) -> None:
    """In the file and in a diff, as the law was kept with it; positions of two laws are two, their level is one."""
    law = {"unit": "dB", "points": [[0, -90], [1, 10]], "off_at_zero": True, "of": ["old/ch*/fader"]}
    gone = {"name": "Old tour", "values": {"old/ch1/fader": 0.8, "old/ch1/name": "Kick"}, "laws": [law]}
    (tmp_path / "old.json").write_text(json.dumps({"remote-mixer-show": 1, "scenes": [gone]}))
    shell(url, "show", "load", str(tmp_path / "old.json"))
    shell(url, "show", "save", str(tmp_path / "kept.json"))
    (kept,) = [one for one in json.loads((tmp_path / "kept.json").read_text())["scenes"] if one["name"] == "Old tour"]
    assert kept["values"]["old/ch1/fader"] == {"value": 0.8, "text": "−10.0 dB"}
    assert kept["laws"] == [law]
    text = (tmp_path / "kept.json").read_text().replace('"value": 0.8', '"value": 0.9')
    (tmp_path / "kept.json").write_text(text)
    assert "old/ch1/fader  −10.0 dB → 0.0 dB" in shell(url, "show", "diff", str(tmp_path / "kept.json"), code=1)
    shell(url, "set", "band/ch1/fader", "0dB")
    assert re.search(r"band/ch1/fader  .* → −10\.0 dB", shell(url, "recall", "Old tour", "--preview"))


def test_a_consoles_own_file_becomes_a_scene_and_the_rest_is_named(url: str, tmp_path: Path) -> None:
    (tmp_path / "desk.scn").write_text('#4.0# "Ballad" "" %000000000 1\n/ch/01/mix ON -3.2 ON +0 OFF -oo\n/fx/1 VREV\n')
    said = shell(url, "show", "load", str(tmp_path / "desk.scn"))
    assert "left out: /fx/* (/fx/1)" in said
    assert "“Ballad” came from" in said
    assert "6 values for console “x32”." in said
    found = shell(url, "scenes")
    assert "Ballad  (6 values" in found


def test_a_damaged_or_foreign_file_and_an_unknown_scene_change_nothing(url: str, tmp_path: Path) -> None:
    before = shell(url, "scenes"), in_bin(url)
    good = {"values": {"band/ch1/fader": 0.5}}
    (tmp_path / "half.json").write_text(json.dumps({"remote-mixer-show": 1, "scenes": [good, {"values": 5}]}))
    (tmp_path / "desk.scn").write_text('#4.0# "Half"\n/ch/01/mix ON -3.2\n\0\0')
    for name in ("half.json", "desk.scn"):
        assert "Nothing was changed." in shell(url, "show", "load", str(tmp_path / name), code=1)
    refused = [{"name": "First", **good}, {"name": "Second", "color": "plaid", **good}]
    (tmp_path / "refused.json").write_text(json.dumps({"remote-mixer-show": 1, "scenes": refused}))
    said = shell(url, "show", "load", str(tmp_path / "refused.json"), code=1)
    assert "Second”: the colour is one of" in said
    assert "No scene was added." in said
    assert "cannot be read" in shell(url, "show", "load", str(tmp_path / "none"), code=1)
    assert "There is no scene “Waltz”" in shell(url, "recall", "Waltz", code=1)
    assert (shell(url, "scenes"), in_bin(url)) == before


def in_bin(url: str) -> list[int]:
    """Return the ids of all scenes in the bin."""
    with urllib.request.urlopen(f"{url}/api/v1/scenes", timeout=5) as found:
        return [head["id"] for head in json.load(found)["bin"]]
