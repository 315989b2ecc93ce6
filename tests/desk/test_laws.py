"""Laws that a scene keeps: once for all controls of a kind, for a path where it differs; from outside only laws."""

from __future__ import annotations

from typing import Any

import pytest

from remote_mixer.desk import laws
from remote_mixer.desk.scenes import capture
from remote_mixer.desk.tapers import FADER, PAN, Taper
from tests.desk.test_stages import x32_desk

ODD = Taper("dB", ((0, -40), (1, 0)))


def test_a_law_is_kept_once_for_its_kind_of_control_and_for_a_path_where_it_differs() -> None:
    kept = laws.of({"midi/ch1/fader": FADER, "midi/ch2/fader": ODD, "midi/ch3/fader": FADER, "midi/ch1/mute": None})
    assert kept == {"midi/ch*/fader": FADER, "midi/ch2/fader": ODD}
    assert [laws.law_of(f"midi/ch{n}/fader", kept) for n in (1, 2, 9)] == [FADER, ODD, FADER]
    assert laws.law_of("midi/ch1/pan", kept) is None
    assert laws.of_json(laws.as_json(kept)) == kept


def test_every_position_of_an_x32_has_its_law_and_its_text() -> None:
    desk = x32_desk()
    captured = capture(desk)
    assert len(captured.laws) < 150, "not one for each of thousands of values"
    layout = desk.layouts["band"]
    for path, param in layout.paths():
        if path in captured.values and param.kind == "position":
            assert laws.law_of(path, captured.laws) == layout.tapers[param.taper], path  # type: ignore[attr-defined] # a position
    assert laws.reading("band/ch3/fader", 0.5, captured.laws) == "−10.0 dB"
    assert [laws.reading("gone/x", value, {}) for value in (0.5, True, "Kick", None)] == [
        "0.5",
        "on",
        "Kick",
        "not known",
    ]


@pytest.mark.parametrize(
    "form",
    [
        {},
        [1],
        [{"unit": "dB"}],
        [PAN.as_json()],
        [PAN.as_json() | {"of": 5}],
        [PAN.as_json() | {"of": ["a/b/c"], "unit": ["dB"]}],
        [PAN.as_json() | {"of": ["a/b/c"], "points": [[0, float("nan")], [1, 2]]}],
        [PAN.as_json() | {"of": ["a/b/c"], "points": [[0, -(10**400)], [1, 2]]}],
        [PAN.as_json() | {"of": ["a/b/c"], "points": [[0, -1e300], [1, 1e300]]}],
        [PAN.as_json() | {"of": "a/b/c"}],
        [PAN.as_json() | {"of": [1]}],
        [PAN.as_json() | {"of": ["a/b/c"], "points": [[0, "low"], [1, "top"]]}],
        [PAN.as_json() | {"of": ["a/b/c"], "points": [[0, 1], [0.5, 0], [1, 2]]}],
        [PAN.as_json() | {"of": ["a/b/c"], "points": [[0, 1]]}],
        [PAN.as_json() | {"of": []}] * (laws.MOST_LAWS + 1),
    ],
)
def test_what_is_no_law_is_a_sentence(form: Any) -> None:
    with pytest.raises(ValueError, match="is a list of laws"):
        laws.of_json(form)
