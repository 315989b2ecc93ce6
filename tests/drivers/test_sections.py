"""Sections of scenes: every param of every driver's layout has its place in the one table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from remote_mixer.desk.layout import Layout
from remote_mixer.desk.params import Text
from remote_mixer.desk.sections import (
    EQ,
    GROUPS,
    INPUT,
    OF_CONSOLES,
    OF_STRIPS,
    SECTIONS,
    USUAL_SECTIONS,
    is_part_of_a_mix,
    section_of,
)
from remote_mixer.drivers import demo, house_layout
from remote_mixer.drivers.behringer import x32, xair
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.builtin.layout import make_layout
from remote_mixer.drivers.builtin.sound import output_params, sound_params
from remote_mixer.drivers.mackie.layout import layout as mackie_layout
from remote_mixer.drivers.midi_cc import live_map, map_reader
from remote_mixer.drivers.osc_daw.ardour import ARDOUR
from remote_mixer.drivers.registry import DRIVERS
from remote_mixer.engine.link import Job


def behringer(family: Family) -> Layout:
    return family.layout("band", "", AddressBook(family).gains)


def ardour() -> Layout:
    """Return the layout of no strips: its strips' params are in the table's rows."""
    own = {control.local: control.encoding.param for control in ARDOUR.controls}
    return Layout("band", "", "osc_daw", params=own)


def midi() -> Layout:
    return Layout("band", "", "midi_cc", params={live_map.LEARNING: Text(64)})


LAYOUTS: dict[str, Callable[[], Layout]] = {
    "ardour": ardour,
    "builtin": lambda: make_layout("band", 2, 2, more=sound_params(Job(Path()), [], []) | output_params(2, 2)),
    "demo": lambda: demo._layout("band", 2),
    "mackie": lambda: mackie_layout("band", 2),
    "midi": midi,
    "x32": lambda: behringer(x32.FAMILY),
    "xair": lambda: behringer(xair.FAMILY),
}
MORE_PARAMS = {
    *(row.local for row in ARDOUR.rows),
    *(f"send/bus1/{row.local}" for row in ARDOUR.sends.rows),
    *map_reader.CHANNEL,
    *map_reader.MASTER,
    *(f"send/bus1/{local}" for local in map_reader.SEND),
}
"""Params of strips that only a live DAW or a map has."""


def test_every_driver_is_here() -> None:
    """All but our own console, and those of other servers, whose layouts are made of these."""
    assert LAYOUTS.keys() == DRIVERS.keys() - {house_layout.WORD, "mqtt", "mqtts", "remote-mixer"}


@pytest.mark.parametrize("word", LAYOUTS)
def test_every_param_of_every_layout_is_in_the_table_once(word: str) -> None:
    layout = LAYOUTS[word]()
    strips = {local.split("/")[0] for strip in layout.strips for local in strip.params}
    assert strips <= OF_STRIPS.keys()
    assert {local.split("/")[0] for local in layout.own_params} <= OF_CONSOLES.keys()
    assert {section_of(path) for path, _ in layout.paths()} <= set(SECTIONS)


def test_params_of_a_live_daw_and_of_a_map_are_in_the_table() -> None:
    assert {local.split("/")[0] for local in MORE_PARAMS} <= OF_STRIPS.keys()


def test_a_strip_is_never_taken_for_a_param_of_the_console() -> None:
    strips = {strip.id for layout in LAYOUTS.values() for strip in layout().strips}
    assert not strips & OF_CONSOLES.keys()


def test_gain_phantom_and_the_choice_of_a_source_are_recalled_only_where_input_is_named() -> None:
    for local in ("gain", "phantom", "usb", "link", "trim", "lowcut/freq", "delay/on"):
        assert section_of(f"band/ch1/{local}") == INPUT
    assert INPUT not in USUAL_SECTIONS


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("band/mutegroup/2", GROUPS),
        ("band/ch1/mutegroup/2", GROUPS),
        ("band/ch1/eq/2/gain", EQ),
        ("band/new/x", "other"),
    ],
)
def test_sections_by_path(path: str, section: str) -> None:
    assert section_of(path) == section


def test_a_scene_keeps_neither_solo_nor_transport_nor_a_reading_of_the_console() -> None:
    for path in (
        "band/ch1/solo",
        "band/ch1/rec",
        "band/ch1/arm",
        "band/ch1/take",
        "band/transport/play",
        "band/talk/a",
        "band/status",
        "band/scene/1/name",
    ):
        assert not is_part_of_a_mix(path)
    for path in ("band/ch1/fader", "band/mutegroup/1", "band/ch1/insert/on"):
        assert is_part_of_a_mix(path)
