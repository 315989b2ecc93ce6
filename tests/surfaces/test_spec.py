from pathlib import Path

import pytest

from remote_mixer.surfaces.spec import Spec, parse, parse_all


def test_ports_stand_from_left_to_right_and_options_anywhere() -> None:
    spec = parse("FOH", "mackie:X-Touch,role=musician,X-Touch-Ext,mix=band/bus2,touch=no,bank=stage")
    wanted = ("X-Touch", "X-Touch-Ext")
    assert spec == Spec("FOH", "mackie", spec.text, wanted, "musician", "band/bus2", touch=False, bank="stage")


def test_without_a_port_it_has_a_virtual_one_and_is_an_engineer_whose_faders_feel_a_finger() -> None:
    assert parse("FOH", "mackie:") == Spec("FOH", "mackie", "mackie:", ("",))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hui:Desk", "mackie:"),
        ("mackie:a,b,c,d,e", "at most 4 ports"),
        ("mackie:a,role=boss", "role= is one of host, engineer, musician, guest"),
        ("mackie:a,touch=perhaps", "touch= is one of yes, no"),
        ("mackie:a,role=musician", "needs a mix"),
    ],
)
def test_a_wrong_spec_is_refused_in_plain_words(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse("FOH", text)


def test_two_surfaces_have_two_names() -> None:
    with pytest.raises(ValueError, match="two surfaces are called “FOH”"):
        parse_all([("FOH", "mackie:a"), ("FOH", "mackie:b")])


def test_a_controller_without_a_map_has_one_of_its_own_in_the_data_folder_and_a_port_by_an_option(
    tmp_path: Path,
) -> None:
    spec = parse("Nano 2", "midi:port=nanoKONTROL2", tmp_path)
    assert (spec.file, spec.is_new, spec.ports) == (tmp_path / "surface-Nano_2.toml", True, ("nanoKONTROL2",))
    assert parse("Nano 2", "midi:", tmp_path).ports == ("",)
    tmp_path.joinpath("nano.toml").write_text('[ports]\ninput = "nano"\noutput = "nano"\n')
    named = parse("Nano", f"midi:{tmp_path / 'nano.toml'}", tmp_path)
    assert (named.is_new, named.ports) == (False, ("nano",))
