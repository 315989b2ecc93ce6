"""Show files: they come back as they were written, read well, and a damaged or foreign one is a sentence."""

from __future__ import annotations

import json

import pytest

from remote_mixer.desk import show
from remote_mixer.desk.laws import Laws
from remote_mixer.desk.params import Value
from remote_mixer.desk.scenes import Scope

SCENE = {
    "id": 7,
    "name": "Ballad – тихо 静か",
    "number": 3,
    "color": "cyan",
    "note": "",
    "fade": 2.5,
    "scope": Scope().as_json(),
    "laws": [{"unit": "dB", "points": [[0, -90], [1, 10]], "off_at_zero": True, "of": ["band/ch*/fader"]}],
    "values": {"band/ch2/fader": 0.5, "band/ch1/mute": True, "band/ch1/name": "Gong 🥁", "band/ch1/pan": None},
}


def text(path: str, value: Value, laws: Laws) -> str:
    assert list(laws) == ["band/ch*/fader"]
    return f"{value} of {path}"


def test_a_show_comes_back_as_it_was_written() -> None:
    (back,) = show.read(show.written([SCENE], text).encode())
    assert back == {name: SCENE[name] for name in (*show.FIELDS, "values")}


def test_the_order_is_stable_and_each_value_has_its_text_beside() -> None:
    written = show.written([SCENE], text)
    assert written == show.written([SCENE | {"values": dict(reversed(SCENE["values"].items()))}], text)  # type: ignore[attr-defined] # a dict
    assert '"text": "0.5 of band/ch2/fader"' in written
    assert "静か" in written


def test_a_plain_value_that_a_person_wrote_is_taken() -> None:
    (scene,) = show.read(json.dumps({show.FORM: 1, "scenes": [{"values": {"band/ch1/fader": 0.25}}]}).encode())
    assert scene == {"values": {"band/ch1/fader": 0.25}}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        json.dumps({show.FORM: 2, "scenes": []}).encode(),
        *(json.dumps({show.FORM: version, "scenes": []}).encode() for version in (0, -1, True, None, "1", [1])),
        json.dumps({show.FORM: 1, "scenes": {}}).encode(),
        json.dumps({show.FORM: 1, "scenes": [1]}).encode(),
        json.dumps({show.FORM: 1, "scenes": [{"values": {"a/b/c": [1]}}]}).encode(),
        b'{"remote-mixer-show": 1, "scenes": [{"values": {"a/b/c": NaN}}]}',
        b'{"remote-mixer-show": 1, "scenes": [{"values": {"a/b/c": {"value": Infinity}}}]}',
        json.dumps({show.FORM: 1, "scenes": [{"values": {"x" * 201: 1}}]}).encode(),
        json.dumps({show.FORM: 1, "scenes": [{"values": {"a/b/c": 10**400}}]}).encode(),
        json.dumps({show.FORM: 1, "scenes": [{"values": {"a/b/c": {"text": "-3.0 dB"}}}]}).encode(),
        json.dumps({show.FORM: 1, "scenes": [{"values": {}, "laws": [{"unit": "dB", "points": [[0, 1]]}]}]}).encode(),
        show.written([SCENE], text).encode()[:-20],
        b"#2.1# /ch/01/mix ON -3.2",
    ],
)
def test_a_damaged_or_foreign_file_is_a_sentence(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"Nothing was changed\.$"):
        show.read(data)


@pytest.mark.parametrize(
    ("version", "says"), [(2, "newer"), (1.5, "newer"), (0, "no show file"), ("2", "no show file")]
)
def test_only_a_later_version_is_said_to_be_of_a_newer_mixer(version: object, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        show.read(json.dumps({show.FORM: version, "scenes": []}).encode())


@pytest.mark.parametrize("form", ["\ufeff{}", "{}\r\n", "{}"], ids=["BOM", "CRLF", "UTF-16"])
def test_a_file_from_any_editor_is_read(form: str) -> None:
    whole = form.format(json.dumps({"scenes": [{"values": {"b": 1, "a": 0.5}}], show.FORM: 1}, indent=1))
    text = whole.replace("\n", "\r\n")
    assert show.read(text.encode("utf-16" if form == "{}" else "utf-8")) == [{"values": {"b": 1, "a": 0.5}}]


def test_a_file_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "MOST_BYTES", 10)
    with pytest.raises(ValueError, match="larger than"):
        show.read(b" " * 11)
