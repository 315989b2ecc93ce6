"""The vocabulary has a word for all that it must name, and the page keeps no copy of it."""

from __future__ import annotations

import re

from remote_mixer import PROTOCOL
from remote_mixer.desk.policy import ROLES
from remote_mixer.desk.sections import SECTIONS
from remote_mixer.desk.vocabulary import as_json
from remote_mixer.resources import resource_path


def test_every_role_has_its_words() -> None:
    assert tuple(as_json()["roles"]) == ROLES


def test_every_section_has_its_word_and_the_table_of_params_has_no_other() -> None:
    sections = as_json()["sections"]
    assert tuple(sections["names"]) == SECTIONS
    assert {*sections["strips"].values(), *sections["consoles"].values()} <= set(SECTIONS)


def test_the_page_speaks_the_protocol_of_its_server() -> None:
    source = resource_path("desk", "page.js").read_text(encoding="utf-8")
    assert re.findall(r"PROTOCOL = (\d+)", source) == [str(PROTOCOL)]
