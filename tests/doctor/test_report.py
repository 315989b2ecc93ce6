"""Facts in, one page of text out."""

from __future__ import annotations

from remote_mixer.doctor.left_out import LeftOut
from remote_mixer.doctor.report import MOST_VALUE, Section, text


def test_sections_stand_in_order_their_rows_in_columns() -> None:
    page = text([Section("One", [("a", "1"), ("longer", "2\n3")]), Section("Two", [("", "words")])], LeftOut())
    head, one, two = page.split("\n\n")
    assert head.startswith("Remote Mixer: report for a bug\nRead it before you send it.")
    assert one == "One\n  a       1\n  longer  2\n          3"
    assert two == "Two\n  words\n"


def test_a_section_without_facts_says_so() -> None:
    assert text([Section("Faults", [])], LeftOut()).endswith("\n\nFaults\n  none\n")
    assert text([Section("Faults", [("last", "")])], LeftOut()).endswith("\n  last  none\n")


def test_a_long_value_is_cut_in_its_middle() -> None:
    page = text([Section("Faults", [("last", "begin " + "x " * MOST_VALUE + "end")])], LeftOut())
    assert len(page) < MOST_VALUE + 300
    assert "begin x" in page
    assert "[…]" in page
    assert page.endswith("x end\n")


def test_every_value_is_cleaned() -> None:
    rows = [("a", "Anna"), ("b", "fine\nAnna")]
    assert "Anna" not in text([Section("One", rows), Section("Two", rows)], LeftOut(names=["Anna"]))
