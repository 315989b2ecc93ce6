import pytest

from remote_mixer.surfaces.mackie import texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Kick", "Kick   "),
        ("Vox lead", "Vox lea"),
        ("−10.0 dB", "-10.0dB"),
        ("−∞ dB", "-oodB  "),
        ("12.5 kHz", "12.5kHz"),
        ("Größe", "Grosse "),
        ("Hi 5 🎸", "Hi 5 ? "),
    ],
)
def test_seven_ascii_characters_a_strip(text: str, shown: str) -> None:
    assert texts.cell(text) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [("eq/1/freq", "1 freq"), ("eq/on", "eq on"), ("gate/threshold", "gat threshold"), ("gain", "gain"), ("", "")],
)
def test_a_param_is_called_by_its_band_or_by_what_it_belongs_to(path: str, shown: str) -> None:
    assert texts.label(path.split("/")) == shown


def test_a_time_stands_at_the_right_end_with_its_dots() -> None:
    assert texts.clock(3723.4567) == "1:02:03:457"
    assert texts.digits("1:02") == [0x32, 0x30, 0x31 | 0x40, *[0x20] * 7]
    assert texts.digits("A") == [0x01, *[0x20] * 9]
