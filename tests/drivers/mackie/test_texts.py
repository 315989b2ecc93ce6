"""Short value texts: which control each belongs to, and when one is out of date."""

from __future__ import annotations

import pytest

from remote_mixer.drivers.mackie.texts import PROOF_SECONDS, RECENT_SECONDS, PanTexts, Texts, is_value
from tests.drivers.mackie.manual_time import ManualTime

OWNERS = [
    *((text, "fader") for text in ("-3.2", "-3.2dB", "4.3 dB", "-inf", "-oo", "-inf dB", "0.0", "+1,5 dB", "-12dB")),
    *((text, "pan") for text in ("C", "L50", "R12", "50L", "<C>", "L50R50", "50%", "center", "<> 3")),
    *((text, None) for text in ("", "Volume", "Kick", "Trk 3", "12")),
]


@pytest.mark.parametrize(("text", "owner"), OWNERS)
def test_a_text_belongs_to_the_control_that_it_reads_like(text: str, owner: str | None) -> None:
    assert Texts(ManualTime()).owner(0, text) == owner


def test_a_bare_number_belongs_to_what_has_just_moved() -> None:
    time = ManualTime()
    texts = Texts(time)
    texts.moved(0, "pan")
    assert texts.owner(0, "12") == "pan"
    time.now += 0.1
    texts.moved(0, "fader")
    assert texts.owner(0, "12") == "fader"
    assert texts.owner(1, "12") is None
    time.now += RECENT_SECONDS + 0.1
    assert texts.owner(0, "12") is None


def test_a_text_that_was_not_renewed_after_a_move_is_out_of_date_and_a_renewed_one_is_not() -> None:
    time = ManualTime()
    texts = Texts(time)
    for strip in (0, 1):
        texts.owner(strip, "-3.2 dB")
    time.now += 1
    for strip in (0, 1):
        texts.moved(strip, "fader")
    texts.owner(1, "-4.0 dB")
    time.now += PROOF_SECONDS + 0.01
    assert texts.outdated() == [(0, "fader")]
    assert texts.outdated() == []


@pytest.mark.parametrize("name", ["Kick", "Trk 12", "Vox L", "Bass", "Audio1", "808"])
def test_names_are_no_values(name: str) -> None:
    assert is_value(name) is (name == "808")


@pytest.mark.parametrize(
    ("text", "ring", "position"),
    [
        ("C", 0.5, 0.5),
        ("L53R47", 0.5, 0.47),
        ("L100R0", 0.0, 0.0),
        ("C", 0.3, None),
        ("L30", 0.2, 0.2),
        ("Kick", 0.5, None),
    ],
)
def test_a_pans_text_tells_its_position_where_it_fits_its_ring(text: str, ring: float, position: float | None) -> None:
    assert PanTexts().position(text, ring) == position


def test_the_scale_of_a_pans_text_is_known_once_the_ring_leaves_only_one() -> None:
    texts = PanTexts()
    assert texts.position("R20", 0.6) == 0.6  # of 100, as the ring says
    assert texts.position("R4", 0.5) == 0.52
