"""Bytes of nobody's surface: whole messages of any kind, in any order, while consoles come, go and change."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from remote_mixer.desk.layout import Layout
from remote_mixer.drivers.demo import _layout
from remote_mixer.midi.messages import Parser
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
