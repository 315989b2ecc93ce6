"""Readings: one table of texts for shell, API and page, and each text is understood again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.desk.params import Number, Position
from remote_mixer.desk.readings import Control, unit_of
from remote_mixer.desk.tapers import FADER, PAN, Taper
from remote_mixer.drivers.behringer.laws import LAWS, TAPERS
from remote_mixer.drivers.builtin.layout import OWN_LAWS
from remote_mixer.drivers.midi_cc.control import LAWS as MIDI_LAWS
from remote_mixer.drivers.midi_cc.control import law_taper, pan_taper

TABLE: Any = json.loads((Path(__file__).parent.parent / "data" / "readings.json").read_text(encoding="utf-8"))
LAW_ROWS = [(Taper.of_json(law["taper"]), law) for law in TABLE["laws"]]
ALL_LAWS: dict[str, tuple[Taper, int | None]] = {
    **{f"behringer {name}": (taper, LAWS[name].steps if name in LAWS else 1024) for name, taper in TAPERS.items()},
    **{f"engine {name}": (taper, None) for name, taper in OWN_LAWS.items()},
    **{f"midi {name}": (taper, 128) for name, taper in MIDI_LAWS.items()},
    "midi linear": (law_taper((-70.0, 0.0)), 16384),
    "midi pan": (pan_taper(round(64 / 127, 5)), 128),
    "pan": (PAN, None),
    "fader": (FADER, None),
}


def position(taper: Taper, steps: int | None = None) -> tuple[Position, Control]:
    param = Position("law", 0.0, steps)
    return param, Control(param.as_json(), taper)


@pytest.mark.parametrize(
    ("taper", "value", "text"),
    [(taper, value, text) for taper, law in LAW_ROWS for value, text in law["readings"]],
)
def test_a_position_is_read_as_the_page_reads_it(taper: Taper, value: float | None, text: str) -> None:
    _, control = position(taper)
    assert control.reading(0.0 if value is None else taper.to_position(value)) == text


@pytest.mark.parametrize(
    ("taper", "typed", "value"), [(taper, typed, value) for taper, law in LAW_ROWS for typed, value in law["typed"]]
)
def test_a_typed_position_is_understood_as_on_the_page(taper: Taper, typed: str, value: float | None) -> None:
    _, control = position(taper)
    found = control.value_of(typed)
    assert isinstance(found, float)
    assert found == pytest.approx(0.0 if value is None else taper.to_position(value))


@pytest.mark.parametrize(("unit", "value", "text"), TABLE["units"])
def test_halves_and_thousands_are_read_as_the_page_reads_them(unit: str, value: float, text: str) -> None:
    assert unit_of(unit).text(value) == text


@given(st.sampled_from(sorted(ALL_LAWS)), st.floats(0, 1))
def test_the_text_of_a_position_is_understood_as_a_position_with_that_text(law: str, travel: float) -> None:
    taper, steps = ALL_LAWS[law]
    param, control = position(taper, steps)
    text = control.reading(param.check(travel))
    again = control.reading(param.check(control.value_of(text)))
    lowest = control.reading(param.check(0.0))
    just_above_silence = taper.off_at_zero and text == unit_of(taper.unit).text(taper.points[0][1])
    assert again == (lowest if just_above_silence else text)


@given(st.one_of(st.floats(0, 86_400), st.integers(0, 86_400)), st.sampled_from(["s", "dB", "", "ms"]))
def test_the_text_of_a_number_is_understood_as_a_number_with_that_text(value: float, unit: str) -> None:
    control = Control(Number(0, 86_400, unit).as_json())
    text = control.reading(value)
    assert control.reading(control.value_of(text)) == text


@pytest.mark.parametrize("typed", ["on", "off", "true", "No", "yes"])
def test_a_switch_takes_words(typed: str) -> None:
    assert Control({"kind": "toggle"}).value_of(typed) is (typed.lower() in {"on", "true", "yes"})


@pytest.mark.parametrize(
    ("law", "typed", "text"),
    [
        ("behringer eq_freq", "3 dB", "a number such as “1.00 Hz”, not '3 dB'"),
        ("behringer eq_freq", "30 kHz", "from 20 to 20000 Hz, not to 30 kHz"),
        ("behringer eq_q", "2 Hz", "a number, not '2 Hz'"),
        ("behringer eq_q", "11", "from 0.3 to 10, not to 11"),
        ("behringer pan", "L101", "from -100 to 100 %"),
        ("behringer gate_threshold", "off", "a number such as “+1.0 dB”"),
        ("fader", "", "a number"),
        ("fader", "--3 dB", "a number"),
        ("fader", "1e3", "a number"),
        ("fader", "nan", "a number"),
    ],
)
def test_what_is_no_value_is_refused_in_a_sentence(law: str, typed: str, text: str) -> None:
    _, control = position(ALL_LAWS[law][0])
    with pytest.raises(ValueError, match="this control") as refusal:
        control.value_of(typed)
    assert text in str(refusal.value)


def test_a_number_from_0_to_1_is_a_position_where_the_law_has_a_unit() -> None:
    assert position(FADER)[1].value_of("0.75") == 0.75
    assert position(ALL_LAWS["behringer eq_q"][0])[1].value_of("0.3") == 0.0


def test_every_unit_of_every_console_has_a_form_of_its_own() -> None:
    units = {taper.unit for taper, _ in ALL_LAWS.values()}
    assert units <= {"dB", "Hz", "ms", "s", "%", ""}
