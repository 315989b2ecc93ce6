"""Levels in dB: the DAW's own text, else what was learned from its texts, and never a percentage beside them."""

from __future__ import annotations

import pytest

from remote_mixer.desk.params import Value
from remote_mixer.drivers.mackie.fader_law import REST_SECONDS, UNKNOWN, FaderLaw, Levels
from tests.drivers.mackie.manual_time import ManualTime


def learned(pairs: dict[float, str]) -> FaderLaw:
    law = FaderLaw()
    for position, text in pairs.items():
        law.learn(position, text)
    return law


@pytest.mark.parametrize(
    ("position", "text"),
    [(0.75, "≈-3.0dB"), (0.7755, "≈-1.5dB"), (0.8, "≈0.0dB"), (0.4, UNKNOWN), (0.5, "≈-20dB"), (1.0, UNKNOWN)],
)
def test_a_level_between_two_learned_ones_is_marked_as_learned_and_others_are_not_known(
    position: float, text: str
) -> None:
    law = learned({0.5: "-20.2 dB", 0.75: "-3.0 dB", 0.8: "0.0 dB", 0.3: "C"})
    assert law.text(position) == text


def test_a_text_is_learned_once_its_fader_rests_and_other_faders_show_it() -> None:
    time = ManualTime()
    values: dict[str, Value] = {"daw/ch1/fader": 0.5, "daw/ch1/fader/text": None, "daw/ch2/fader": 0.5}
    levels = Levels(lambda: values, time)
    assert levels.news() == {}, "all faders show percents"
    values["daw/ch1/fader/text"] = "-20.2 dB"
    assert levels.news() == {"daw/ch2/fader/text": UNKNOWN}
    time.now += REST_SECONDS + 0.1
    assert levels.news() == {"daw/ch2/fader/text": "≈-20dB"}
    values["daw/ch2/fader/text"] = "≈-20dB"
    assert levels.news() == {}
