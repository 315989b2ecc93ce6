"""Bytes of nobody's surface: any at all in any pieces, and messages of any kind while consoles come, go and change."""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.params import Position, Toggle
from remote_mixer.desk.tapers import FADER
from remote_mixer.drivers.demo import _layout
from remote_mixer.midi.messages import Parser, control_change, note_on
from remote_mixer.surfaces.mackie.surface import HUI_TEXT
from tests.surfaces.little_surface import TOP
from tests.surfaces.stage import Stage
from tests.surfaces.test_midi import Nano

LENGTHS = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
EVERY_KIND: tuple[dict[str, Any], ...] = (
    {"cc": 0, "strip": 1},
    {"cc": 1, "strip": 2, "what": "knob", "kind": "signed"},
    {"cc": 2, "path": "band/ch1/mute"},
    {"cc": 3, "strip": 1, "what": "main", "kind": "magnitude"},
    {"bend": True, "path": "band/ch3/fader"},
    *({"note": 8 * row, "strip": row + 1, "what": what} for row, what in enumerate(("mute", "solo", "rec", "select"))),
    {"note": 1, "do": "bank +1"},
    {"note": 2, "do": "flip"},
    {"note": 3, "do": "knobs eq"},
    {"note": 4, "do": "layer 3"},
    {"note": 5, "do": "tap", "path": "band/ch1/pan"},
)


def _message(random: Random) -> bytes:
    if random.random() < 0.1:
        body = bytes(random.randrange(128) for _ in range(random.randrange(20)))
        return b"\xf0" + random.choice((b"", b"\x00\x00\x66\x14")) + body + b"\xf7"
    kind = random.choice(list(LENGTHS))
    channel = random.choice((0, 0, 0, random.randrange(16)))
    return bytes((kind | channel, *(random.randrange(random.choice((8, 128))) for _ in range(LENGTHS[kind]))))


def _shake(stage: Stage | Nano, random: Random) -> None:
    """Replace the console, cut it off, or let time pass, now and then."""
    if random.random() < 0.05:
        stage.desk.add(random.choice((_layout("band", random.randint(1, 20)), Layout("band", "Empty", "test"))), {})
        random.choice((stage.online, stage.offline))()
    if random.random() < 0.3:
        stage.wait(0.02)


@pytest.mark.parametrize("units", [1, 3])
def test_no_message_is_too_strange_for_a_mackie_surface(units: int) -> None:
    for seed in range(30):
        random, parser = Random(seed), Parser()
        stage = Stage(channels=random.choice((1, 12)), units=units)
        for _ in range(300):
            for message in parser.feed(_message(random)):
                stage.surface.receive(random.randrange(units), message)
            _shake(stage, random)
        stage.surface.stop()
        assert "surface-foh" not in stage.desk.held().values(), f"seed {seed}"


def test_nor_for_one_with_a_map() -> None:
    for seed in range(30):
        random, parser, nano = Random(seed), Parser(), Nano(*EVERY_KIND)
        for _ in range(300):
            for message in parser.feed(_message(random)):
                nano.surface.receive(0, message)
            _shake(nano, random)
        nano.surface.stop()
        assert "surface-nano" not in nano.desk.held().values(), f"seed {seed}"


BYTES = st.binary(max_size=200) | st.lists(
    st.sampled_from(
        [b"\x90", b"\xe0", b"\xb0", b"\xf0\x00\x00\x66\x14", b"\xf7", b"\xf8", b"\xff", b"\x68", b"\x7f", b"\x00"]
    )
).map(b"".join)
"""Bytes of any kind, or parts of what a surface says: a message without its end, running status, real time inside."""


@settings(max_examples=60)
@given(pieces=st.lists(BYTES, max_size=8), seconds=st.sampled_from((0.0, 0.5)))
def test_after_bytes_of_any_kind_a_surface_is_as_good_as_before(pieces: list[bytes], seconds: float) -> None:
    stage, parser = Stage(channels=12), Parser()
    for piece in pieces:
        for message in parser.feed(piece):
            stage.surface.receive(0, message)
        stage.wait(seconds)
    for note in range(128):  # whatever seemed to be down comes up
        stage.surface.receive(0, note_on(1, note, 0))
    stage.little.press(0x33)  # GLOBAL VIEW: all strips, at the beginning of the bank
    stage.view.mix, stage.view.flip = "", False
    stage.wait(11.0)  # all that was lost is shown again by then
    for number, fader in enumerate(stage.surface.faders):
        truth = stage.value_of(fader.path)
        assert truth is None or abs(stage.place(number) - truth) <= 0.51 / TOP, fader.path
    path = stage.surface.faders[0].path
    stage.little.touch(0)
    begun = stage.little.motors[0].at
    for to in (begun, TOP // 2 - 100, TOP // 2):
        stage.little.move(0, to)
    stage.little.lift(0)
    stage.wait(1.0)
    assert abs((stage.value_of(path) or 0.0) - 0.5) < 0.02
    assert not stage.desk.held()


def _compressed(messages: list[bytes], random: Random) -> bytes:
    """Return messages as a thrifty surface sends them: without repeated status bytes, a clock in between."""
    found, status = bytearray(), 0
    for message in messages:
        for byte in message[1:] if message[0] == status else message:
            found += b"\xf8" * (random.random() < 0.2) + bytes((byte,))
        status = message[0] if message[0] < 0xF0 else 0
    return bytes(found)


@pytest.mark.parametrize("seed", range(10))
def test_running_status_a_clock_in_between_and_any_pieces_change_nothing(seed: int) -> None:
    random = Random(seed)
    said: list[bytes] = []
    stages = plain, thrifty = Stage(channels=12), Stage(channels=12)

    def note_and_pass_on(message: bytes) -> None:
        said.append(message)
        plain.surface.receive(0, message)

    plain.little._out = note_and_pass_on
    for _ in range(20):
        fader = random.randrange(8)
        plain.little.touch(fader)
        for _ in range(random.randint(1, 6)):
            plain.little.move(fader, random.randint(0, TOP))
        plain.little.lift(fader)
        plain.little.press(random.choice((0x08, 0x10, 0x11, 0x2F, 0x2E)))
    data, parser = _compressed(said, random), Parser()
    cuts = sorted(random.randint(0, len(data)) for _ in range(30))
    for start, end in pairwise((0, *cuts, len(data))):
        for message in parser.feed(data[start:end]):
            thrifty.surface.receive(0, message)
    assert len(data) < sum(map(len, said))
    assert stages[0].desk.values == stages[1].desk.values


def test_a_surface_in_hui_mode_moves_nothing_and_says_which_mode_to_choose() -> None:
    strip = Strip("ch1", "channel", 1, "Ch 1", {"fader": Position("fader", 0.75), "mute": Toggle(), "rec": Toggle()})
    stage = Stage(layout=Layout("band", "DAW", "test", {"fader": FADER}, {}, (strip,)))
    before = dict(stage.desk.values)
    touched = control_change(1, 0x0F, 0x00), control_change(1, 0x2F, 0x40)
    moved = control_change(1, 0x00, 0x20), control_change(1, 0x20, 0x11), control_change(1, 0x40, 0x42)
    ping = note_on(1, 0x00, 0x7F)
    for message in (ping, ping, b"\xf0\x00\x00\x66\x05\x00\x10\x01\xf7", *touched, *moved, ping):
        stage.surface.receive(0, message)
        stage.wait(0.1)
    assert stage.desk.values == before
    assert stage.surface.notice == HUI_TEXT
    stage.surface.stop()
    stage.little.press(0x00)
    assert stage.value("ch1/rec") is True, "a key that comes up arms"
    assert stage.surface.notice == "", "the next one at this port is another one"
