"""Laws and steps of the simulated console, against the published worked values."""

from __future__ import annotations

from math import inf, isinf

import pytest

from remote_mixer.simulator import strips
from remote_mixer.simulator.kinds import Knob
from remote_mixer.simulator.tapers import Level, read_number, show_frequency, show_level, show_q, show_three_digits


@pytest.mark.parametrize(
    ("decibels", "position"), [(10, 1.0), (0, 0.75), (-10, 0.5), (-30, 0.25), (-60, 0.0625), (-70, 0.0417)]
)
def test_a_level_stands_where_the_published_law_puts_it(decibels: float, position: float) -> None:
    law = Level()
    assert law.position(decibels) == pytest.approx(position, abs=5e-5)
    assert law.unit(position) == pytest.approx(decibels, abs=0.02)


@pytest.mark.parametrize(
    ("knob", "decibels", "step", "shown"),
    [
        (strips.FADER, 10, 1023, 10.0),
        (strips.FADER, 0, 767, -0.01),
        (strips.FADER, -10, 512, -9.98),
        (strips.FADER, -30, 256, -29.98),
        (strips.FADER, -60, 64, -59.99),
        (strips.FADER, -70, 43, -69.82),
        (strips.FADER, -85.4, 10, -85.31),
        (strips.SEND, 0, 120, 0.0),
        (strips.SEND, -70, 7, -69.0),
        (strips.SEND, -200, 0, -inf),
    ],
)
def test_a_level_is_rounded_to_a_step_of_its_fader(knob: Knob, decibels: float, step: int, shown: float) -> None:
    kept = knob.at(decibels)
    assert kept == step / knob.steps
    assert knob.unit(kept) == pytest.approx(shown, abs=0.006) or isinf(shown)


@pytest.mark.parametrize(
    ("knob", "position", "text"),
    [
        (strips.FREQUENCY, 0.265, "124.7"),
        (strips.FREQUENCY, 0.25, "112.5"),
        (strips.FREQUENCY, 0.7, "2k51"),
        (strips.FREQUENCY, 1.0, "20k00"),
        (strips.Q, 0.4648, "2.0"),
        (strips.Q, 0.0, " 10"),
        (strips.PAN, 0.75, "+50"),
        (strips.EQ_GAIN, 0.60833, "+3.25"),
        (strips.HEADAMP_GAIN, 0.58333, "+30.0"),
        (strips.TRIM, 0.41667, "-3.0"),
        (strips.GATE_THRESHOLD, 0.5, "-40.0"),
        (strips.THRESHOLD, 0.66667, "-20.0"),
        (strips.HOLD, 0.74, " 100"),
        (strips.RELEASE, 0.45, " 101"),
        (strips.HIGH_PASS, 0.46, " 79"),
        (strips.DYN_MIX, 0.5, "50"),
        (strips.DELAY, 0.0, "  0.3"),
    ],
)
def test_a_position_reads_in_its_unit_as_on_the_console(knob: Knob, position: float, text: str) -> None:
    kept = knob.take(position)
    assert kept is not None
    assert knob.text(kept) == text
    assert knob.read(text.strip()) == kept


@pytest.mark.parametrize(
    ("knob", "values"),
    [
        (strips.FADER, 1024),
        (strips.SEND, 161),
        (strips.PAN, 101),
        (strips.FREQUENCY, 201),
        (strips.EQ_GAIN, 121),
        (strips.Q, 72),
        (strips.TRIM, 145),
        (strips.HIGH_PASS, 101),
        (strips.HEADAMP_GAIN, 145),
        (strips.GATE_THRESHOLD, 161),
        (strips.GATE_RANGE, 115),
        (strips.MAKE_UP, 49),
        (strips.DYN_MIX, 21),
    ],
)
def test_a_knob_has_as_many_values_as_published(knob: Knob, values: int) -> None:
    assert len({knob.take(step / 5000) for step in range(5001)}) == values


def test_numbers_of_a_scene_line_are_read_as_the_console_writes_them() -> None:
    assert [read_number(token) for token in ("1k02", "10k37", "-20.5", "+3", "-oo", "kick", "nan", "1k")] == [
        pytest.approx(1020),
        pytest.approx(10370),
        -20.5,
        3,
        -inf,
        None,
        None,
        1000,
    ]


def test_levels_and_times_are_printed_as_wide_as_on_the_console() -> None:
    assert [show_level(level) for level in (-inf, -8.3, 10, -0.01)] == ["  -oo", " -8.3", "+10.0", "  0.0"]
    assert [show_three_digits(time) for time in (0.02, 8, 79.6, 502)] == ["0.02", "8.00", "79.6", " 502"]
    assert [show_frequency(hertz) for hertz in (999.94, 2046, 19999)] == ["999.9", "2k04", "19k99"]
    assert show_q(0.3) == "0.3"


def test_what_is_no_number_of_this_world_moves_no_knob() -> None:
    assert [strips.FADER.take(value) for value in (float("nan"), inf, "loud", b"\1")] == [None] * 4
