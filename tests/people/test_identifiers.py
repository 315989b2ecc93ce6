"""Names are what people see: one line, nothing invisible in them, and none that reads as the host's."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from remote_mixer.desk.refusal import Refusal
from remote_mixer.people.identifiers import clean_name, is_hosts_name, visible

INVISIBLE = [
    *("\u202e", "\u202d", "\u202a", "\u2066", "\u2067", "\u2069", "\u200e", "\u200f", "\u061c"),
    *("\u200b", "\u2060", "\ufeff", "\u00ad", "\u180e", "\u3164", "\uffa0", "\u115f", "\u1160", "\u034f"),
    *("\u2800", "\ufe00", "\U000e0101", "\U000e0041", "\x00", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ue000"),
]


@pytest.mark.parametrize("one", INVISIBLE, ids=lambda one: f"{ord(one):04x}")
def test_nothing_invisible_is_left_in_a_name(one: str) -> None:
    assert clean_name(f"{one}An{one}na{one}").replace(" ", "") == "Anna"
    with pytest.raises(Refusal):
        clean_name(one * 3)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Host",
            "host",
            "HOST",
            " Host ",
            "H o s t",
            "Host.",
            "„Host“",
            "Ho\u200bst",
            "\u202eHost",
            "Ｈｏｓｔ",
            "𝐇𝐨𝐬𝐭",
        ),
        *("Ηost", "Hоst", "Hоѕt", "H0st", "Hóst", "Ⓗⓞⓢⓣ", "Н𝗈ѕт"),
    ],
)
def test_nobody_is_called_as_the_host_is(name: str) -> None:
    with pytest.raises(Refusal, match="name of your own"):
        clean_name(name)


@pytest.mark.parametrize(
    "name", ["Ghost", "Hostess", "Anna", "Hosť Pavel", "Олег", "علی", "李雷", "Ann ❤️", "O'Neill", "Ho"]
)
def test_other_names_stay_as_they_are(name: str) -> None:
    assert clean_name(name) == name


@given(st.text())
@example("0\r\x1b 0")
def test_whatever_is_typed_becomes_one_visible_line(text: str) -> None:
    shown = visible(text)
    assert shown == shown.strip()
    assert visible(shown) == shown
    assert not any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for one in shown)
    is_hosts_name(text)
