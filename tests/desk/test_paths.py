"""Paths are made and parsed in one place."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.desk import paths
from remote_mixer.desk.paths import Path
from tests.house import FILES, place_of, room_of

SEGMENT = st.from_regex(r"[a-z0-9_-]{1,12}", fullmatch=True)


@given(SEGMENT, SEGMENT, st.lists(SEGMENT, min_size=1, max_size=4))
def test_what_was_joined_is_parsed_again(console: str, strip: str, param: list[str]) -> None:
    path = paths.join(console, strip, *param)
    assert paths.parse(path) == Path(console, strip, "/".join(param))
    assert paths.console_of(path) == console
    assert paths.join(console, paths.local_of(path)) == path
    assert paths.strip_and_param(paths.local_of(path)) == (strip, "/".join(param))
    assert paths.param_of(path) == param[-1]


@pytest.mark.parametrize(
    ("path", "send"),
    [
        ("band/ch3/send/bus2/level", ("bus2", "level")),
        ("band/ch3/send/bus2", None),
        ("band/ch3/send/bus2/level/text", None),
        ("band/ch3/fader", None),
        ("band/bus2/fader", None),
        ("band/status", None),
    ],
)
def test_a_send_names_its_bus(path: str, send: tuple[str, str] | None) -> None:
    assert paths.parse(path).send == send


def test_a_path_with_missing_parts_parses_to_empty_ones() -> None:
    assert paths.parse("") == Path("", "", "")
    assert paths.parse("band") == Path("band", "", "")
    assert paths.parse("band/bus2") == Path("band", "bus2", "")


def test_status_and_notice_are_params_of_the_console_itself() -> None:
    assert (paths.status("band"), paths.notice("band")) == ("band/status", "band/notice")
    assert paths.is_status("band/status")
    assert not paths.is_status("band/ch1/status")


SPLITS = re.compile(r"""(partition|split)\("/"|removeprefix\(f"\{[^}]*\}/"\)""")
OTHERS = {
    "bridges/osc/addresses.py": "OSC addresses",
    "bridges/osc/commands.py": "OSC addresses",
    "drivers/osc.py": "OSC addresses",
    "drivers/midi_jack.py": "names of shared memory",
    "mqtt/broker.py": "topics",
    "mqtt/topics.py": "topics",
}
"""Files that split other names than paths."""


def test_no_other_file_takes_paths_apart() -> None:
    rooms = [file for file in FILES if room_of(file) != "simulator" and place_of(file) != "desk/paths.py"]
    splitting = {place_of(file) for file in rooms if SPLITS.search(file.read_text())}
    assert splitting == OTHERS.keys()
