"""Bytes to and from the surface: each row of the protocol's table, and bytes without meaning."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_mixer.desk.params import Value
from remote_mixer.drivers.mackie.surface import Surface
from remote_mixer.drivers.mackie.units import ANSWERS_SECONDS, MOST_ANSWERS, Units
from remote_mixer.midi import mackie as protocol
from remote_mixer.midi.messages import Parser
from tests.support.midi import pairs

SEED, RANDOM_BYTES = 3, 1_000_000


def surface(units: int = 1) -> Surface:
    return Surface(units, lambda fader, value: True, lambda: 0.0)


def receive(painted: Surface, script: str, unit: int = 0) -> Surface:
    for message in Parser().feed(bytes.fromhex(script)):
        painted.receive(unit, message)
    return painted


PAINTED: list[tuple[str, int, str, Value]] = [
    ("e0 00 00", 0, "fader", 0.0),
    ("e2 7f 7f", 2, "fader", 1.0),
    ("e7 70 7f", 7, "fader", 1.0),
    ("e1 08 64", 1, "fader", 0.78201),
    ("90 00 7f", 0, "rec", True),
    ("90 07 01", 7, "rec", True),
    ("90 08 7f", 0, "solo", True),
    ("90 12 7f", 2, "mute", True),
    ("90 12 00", 2, "mute", False),
    ("90 12 01", 2, "mute", False),
    ("80 12 40", 2, "mute", False),
    ("90 1f 7f", 7, "select", True),
    ("b0 30 01", 0, "pan", 0.0),
    ("b0 30 46", 0, "pan", 0.5),
    ("b0 37 1b", 7, "pan", 1.0),
    ("b0 33 2b", 3, "pan", 1.0),
    ("b0 33 33", 3, "pan", 0.4),
    ("b0 33 00", 3, "pan", None),
]


@pytest.mark.parametrize(("script", "strip", "what", "value"), PAINTED)
@pytest.mark.parametrize("unit", [0, 1, 3])
def test_what_a_daw_paints_stands_on_its_strip(script: str, strip: int, what: str, value: Value, unit: int) -> None:
    assert receive(surface(4), script, unit).value(unit * 8 + strip, what) == value


def test_the_ninth_fader_is_main_and_no_extender_has_one() -> None:
    assert receive(surface(2), "e8 7f 7f").faders[16] == 1.0
    assert receive(surface(2), "e8 7f 7f", 1).faders == [None] * 17


@pytest.mark.parametrize(("note", "local"), [("32", "flip"), ("56", "transport/cycle"), ("5e", "transport/play")])
def test_the_surfaces_own_lights(note: str, local: str) -> None:
    assert receive(surface(), f"90 {note} 7f").globals[local] is True
    assert receive(surface(), f"90 {note} 01").globals[local] is True
    assert receive(surface(), f"90 {note} 00").globals[local] is False


@pytest.mark.parametrize("channel", ["b0", "bf"])
def test_the_time_is_received_on_the_first_and_the_last_channel(channel: str) -> None:
    assert receive(surface(), f"{channel} 40 31 {channel} 41 72").time_text() == "2.1"


def test_the_colours_of_an_x_touch_stand_on_their_strips_and_an_unknown_one_is_unknown() -> None:
    painted = receive(surface(2), "f0 00 00 66 15 72 01 07 00 04 f7", 1)
    assert painted.colors[8:13] == ["red", "white", "off", "blue", None]
    assert receive(painted, "f0 00 00 66 15 72 09 07 00 04 f7", 1).colors[8:10] == [None, "white"]


def test_a_second_display_is_read_where_the_first_is_blank() -> None:
    painted = receive(surface(), "f0 00 00 67 15 13 00 42 61 73 73 f7")
    assert painted.names[0] == "Bass"
    assert receive(painted, "f0 00 00 66 14 12 00 4b 69 63 6b f7").names[0] == "Kick"


@pytest.mark.parametrize("identity", ["10", "11", "14", "15"])
def test_the_display_is_painted_under_any_of_the_familys_ids(identity: str) -> None:
    assert receive(surface(2), f"f0 00 00 66 {identity} 12 07 42 61 73 73 f7", 1).names[9] == "Bass"


def test_reset_makes_the_surface_dark_and_blank() -> None:
    painted = receive(surface(), "f0 00 00 66 14 12 00 42 f7 90 10 7f e0 7f 7f b0 30 46 f0 00 00 66 14 08 00 f7")
    assert not painted.painted()
    assert (painted.value(0, "mute"), painted.value(0, "pan")) == (False, None)


def test_a_strip_that_is_alive_has_a_track_though_its_name_is_blank() -> None:
    assert receive(surface(), "e0 00 40").painted()
    assert not receive(surface(), "e0 00 00 90 10 00").painted()


SENT = [
    (protocol.announcement(0x14), "f0 00 00 66 14 01 58 59 5a 57 18 61 05 57 18 61 05 f7"),
    (protocol.touch(0, down=True), "90 68 7f"),
    (protocol.touch(8, down=False), "90 70 00"),
    (protocol.fader(0, 0.0), "e0 00 00"),
    (protocol.fader(8, 1.0), "e8 7f 7f"),
    (protocol.pot(0, 3), "b0 10 03"),
    (protocol.pot(7, -1), "b0 17 41"),
    (protocol.pot(7, -99), "b0 17 4f"),
    (b"".join(protocol.taps(0x2F)), "90 2f 7f 90 2f 00"),
]


@pytest.mark.parametrize(("message", "script"), SENT)
def test_what_the_surface_says(message: bytes, script: str) -> None:
    assert message.hex(" ") == script


def test_every_step_of_a_fader_comes_back_as_it_went() -> None:
    for step in range(1024):
        _, low, high = protocol.fader(0, step / 1023)
        assert protocol.fader_position(low | high << 7) == round(step / 1023, 5)


ANSWERS = [
    ("f0 00 00 66 14 00 f7", SENT[0][1]),
    ("f0 00 00 66 14 02 58 59 5a 57 18 61 05 01 02 03 04 f7", "f0 00 00 66 14 03 58 59 5a 57 18 61 05 f7"),
    ("f0 00 00 66 14 13 00 f7", "f0 00 00 66 14 14 56 32 2e 31 30 f7"),
    ("f0 00 00 66 10 00 f7", ""),
    ("f0 00 00 66 14 12 00 41 f7", ""),
    ("f0 00 00 67 14 00 f7", ""),
    ("f0 f7", ""),
    ("f0 00 00 66 14 f7", ""),
]


@pytest.mark.parametrize(("question", "answer"), ANSWERS)
def test_a_daw_that_asks_is_answered(question: str, answer: str) -> None:
    said = protocol.answer(0x14, bytes.fromhex(question))
    assert (said or b"").hex(" ") == answer


async def test_a_daw_that_asks_at_every_announcement_is_not_answered_for_ever() -> None:
    now, asked = 0.0, 0

    def ask() -> None:
        nonlocal asked
        asked += 1

    open_link, sides = pairs("main")
    units = Units([("main", "")], open_link, lambda unit, message: None, ask, lambda: now)
    await units.open()
    link = sides["main"].link
    assert link
    for _ in range(100):
        link.take(bytes.fromhex("f0 00 00 66 14 00 f7"))
    assert len(sides["main"].sent) == asked == MOST_ANSWERS
    now += ANSWERS_SECONDS
    link.take(bytes.fromhex("f0 00 00 66 14 00 f7"))
    assert asked == MOST_ANSWERS + 1


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_harm_the_surface(data: bytes) -> None:
    _feed(surface(4), data)


def test_no_header_with_any_rest_harms_the_surface() -> None:
    painted, chance = surface(4), random.Random(SEED)
    for _ in range(20_000):
        body = bytes(chance.randrange(128) for _ in range(chance.randrange(12)))
        _feed(painted, b"\xf0\x00\x00\x66" + bytes((chance.choice((0x10, 0x14, 0x15, 0x16)),)) + body + b"\xf7")


def test_a_megabyte_of_random_bytes_do_not_harm_the_surface() -> None:
    painted, parser, chance = surface(4), Parser(), random.Random(SEED)
    for _ in range(RANDOM_BYTES // 100_000):
        for message in parser.feed(chance.randbytes(100_000)):
            painted.receive(0, message)
    assert len(painted.names) == 32


def _feed(painted: Surface, data: bytes) -> None:
    for message in Parser().feed(data):
        for unit in (0, 3):
            protocol.answer(0x14, message)
            painted.receive(unit, message)
    painted.window()
