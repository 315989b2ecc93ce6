"""A MIDI controller by a map, on a desk whose time passes when a test says so."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from remote_mixer.desk.change import Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import OFFLINE, ONLINE, Layout, Strip
from remote_mixer.desk.params import Position, Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.desk.tapers import Taper
from remote_mixer.drivers.demo import _layout
from remote_mixer.drivers.midi_cc.map_file import check as check_console_map
from remote_mixer.surfaces.hand import Hand
from remote_mixer.surfaces.midi.map_file import parse, read
from remote_mixer.surfaces.midi.surface import MidiSurface
from remote_mixer.surfaces.surroundings import Surroundings
from remote_mixer.surfaces.view import View
from tests.desk.desks import Clock
from tests.surfaces.stage import ANNE, BAND

TIME = Taper("ms", ((0, 0), (1, 2000)))
NANO = Source(CLIENT, "surface-nano", "Nano")
STEP = 1 / 127


class Nano:
    """A controller with a map, and all that it was sent."""

    def __init__(self, *controls: dict[str, Any]) -> None:
        self.clock = Clock()
        self.desk = Desk(self.clock)
        self.desk.add(_layout("band", 16), {})
        self.online()
        echo = Strip("fx1", "return", 1, "Echo", {"fader": Position("time"), "time": Position("time", 0.5)})
        self.desk.add(Layout("fx", "Echo", "test", {"time": TIME}, {}, (echo,)), {})
        self.desk.set({"fx/status": ONLINE}, BAND)
        self.ghosts: list[tuple[str, float | None]] = []
        self.cues: list[tuple[str, str]] = []
        self.sent: list[bytes] = []
        self.view = View(self.desk)
        around = Surroundings(
            Hand(self.desk, lambda: NANO),
            self.view,
            lambda _, message: self.sent.append(message),
            self.clock,
            lambda *cue: self.cues.append(cue),
            ghost=lambda *ghost: self.ghosts.append(ghost),
        )
        self.surface = MidiSurface(parse({"controls": list(controls)}), around)
        self.surface.start()
        self.wait(0.1)

    def online(self) -> None:
        self.desk.set({"band/status": ONLINE}, BAND)

    def offline(self) -> None:
        self.desk.set({"band/status": OFFLINE}, BAND)

    def wait(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.02)):
            self.clock.now += 0.02
            self.surface.tick()

    def cc(self, number: int, *values: int) -> None:
        for value in values:
            self.surface.receive(0, bytes((0xB0, number, value)))

    def ghost(self) -> tuple[str, float | None]:
        return self.ghosts[-1]

    def note(self, number: int, *, down: bool = True) -> None:
        self.surface.receive(0, bytes((0x90, number, 127 if down else 0)))

    def value(self, path: str) -> Value:
        return self.desk.values[path]


FADER = {"cc": 0, "path": "band/ch1/fader"}


def test_a_fader_picks_its_param_up_where_they_meet_and_shows_people_where_it_stands_until_then() -> None:
    nano = Nano(FADER)
    nano.cc(0, 10, 20)
    assert nano.value("band/ch1/fader") == 0.75
    nano.wait(0.1)
    assert len(nano.ghosts) == 2, "pages get it at a pace"
    assert nano.ghost() == ("band/ch1/fader", 20 / 127)
    nano.cc(0, 60, 94)
    assert nano.value("band/ch1/fader") == 0.75
    nano.cc(0, 96)
    assert nano.value("band/ch1/fader") == pytest.approx(96 / 127, abs=1e-4)
    assert nano.ghost() == ("band/ch1/fader", None)
    nano.cc(0, 20)
    assert nano.value("band/ch1/fader") == pytest.approx(20 / 127, abs=1e-4)


def test_it_holds_while_it_moves_and_lets_go_once_it_rests() -> None:
    nano = Nano(FADER)
    nano.cc(0, 95, 96)
    assert nano.desk.holder("band/ch1/fader") == "surface-nano"
    nano.wait(0.4)
    assert nano.desk.holder("band/ch1/fader") is None


def test_moved_by_another_it_has_to_be_picked_up_again() -> None:
    nano = Nano(FADER)
    nano.cc(0, 95, 96)
    nano.wait(0.5)
    nano.desk.set({"band/ch1/fader": 0.2}, ANNE)
    nano.cc(0, 97, 90)
    assert nano.value("band/ch1/fader") == 0.2
    nano.cc(0, 20)
    assert nano.value("band/ch1/fader") == pytest.approx(20 / 127, abs=1e-4)


def test_nothing_leaps_beyond_the_faders_own_travel_in_a_thousand_random_sessions() -> None:
    for seed in range(1000):
        random, nano, leaps = Random(seed), Nano(FADER), list[float]()
        at = [0, 0]

        def changed(change: Change, at: list[int] = at, leaps: list[float] = leaps) -> None:
            if change.source.id == NANO.id:
                leap = abs(float(change.after["band/ch1/fader"] or 0) - float(change.before["band/ch1/fader"] or 0))
                leaps.append(leap - abs(at[1] - at[0]) * STEP)

        nano.desk.change_listeners.append(changed)
        for _ in range(30):
            if random.random() < 0.2:
                nano.desk.set({"band/ch1/fader": random.random()}, BAND)
            at[:] = at[1], min(127, max(0, at[1] + random.randint(-40, 40)))
            nano.cc(0, at[1])
            nano.wait(random.choice((0.0, 0.02, 0.5)))
        assert max(leaps, default=0.0) <= 0.51 * STEP, f"seed {seed}"


def test_an_others_hold_and_a_ceiling_are_kept() -> None:
    nano = Nano(FADER)
    nano.desk.hold("band/ch1/fader", ANNE)
    nano.cc(0, 95, 100)
    assert nano.value("band/ch1/fader") == 0.75
    assert nano.surface.refusals


@pytest.mark.parametrize(("kind", "left", "right"), [("signed", 127, 1), ("offset", 63, 65), ("magnitude", 65, 1)])
def test_encoders_of_three_kinds_turn_by_ticks(kind: str, left: int, right: int) -> None:
    nano = Nano({"cc": 16, "path": "band/ch1/pan", "kind": kind})
    nano.cc(16, right, right, left)
    assert nano.value("band/ch1/pan") == pytest.approx(0.51)


def test_places_in_the_bank_move_what_the_bank_shows_and_keys_have_orders() -> None:
    nano = Nano(
        *({"cc": number, "strip": number + 1} for number in range(8)),
        {"note": 1, "strip": 1, "what": "mute"},
        {"note": 2, "do": "bank +1"},
        {"note": 3, "do": "layer 2"},
        {"note": 4, "do": "go"},
        {"program": 5, "do": "scene 3"},
        {"note": 6, "do": "undo"},
    )
    nano.note(2)
    nano.note(2, down=False)
    nano.note(1)
    assert nano.value("band/ch9/mute") is True
    nano.cc(0, 90, 100)
    assert nano.value("band/ch9/fader") == pytest.approx(100 / 127, abs=1e-4)
    for number in (4, 6):
        nano.note(number)
        nano.note(number, down=False)
    nano.surface.receive(0, bytes((0xC0, 5)))
    assert nano.cues == [("go", ""), ("undo", ""), ("scene", "3")]
    nano.note(3)
    assert nano.view.layer == 1


def test_keys_toggle_or_last_as_long_as_they_are_held_and_their_lights_show_the_desk() -> None:
    nano = Nano({"note": 1, "path": "band/ch1/mute"}, {"note": 2, "path": "band/ch2/mute", "kind": "momentary"})
    for _ in range(2):
        nano.note(1)
        nano.note(1, down=False)
        nano.note(2)
    assert (nano.value("band/ch1/mute"), nano.value("band/ch2/mute")) == (False, True)
    nano.note(2, down=False)
    assert nano.value("band/ch2/mute") is False
    nano.desk.set({"band/ch1/mute": True}, ANNE)
    nano.wait(0.1)
    assert bytes((0x90, 1, 127)) in nano.sent[-2:]


def test_taps_set_a_time() -> None:
    nano = Nano({"note": 7, "do": "tap", "path": "fx/fx1/time"})
    for _ in range(4):
        nano.note(7)
        nano.wait(0.5)
    assert nano.value("fx/fx1/time") == pytest.approx(0.25, abs=0.001)


def test_a_pitch_bend_has_all_its_fourteen_bits() -> None:
    nano = Nano({"bend": True, "path": "band/ch1/fader"})
    for value in (12000, 13000):
        nano.surface.receive(0, bytes((0xE0, value & 0x7F, value >> 7)))
    assert nano.value("band/ch1/fader") == pytest.approx(13000 / 16383, abs=1e-5)


def test_a_pair_of_ccs_has_fourteen_bits_once_both_have_come() -> None:
    nano = Nano({"cc": [0, 32], "path": "band/ch1/fader"})
    nano.cc(0, 96)
    nano.cc(32, 0)
    assert nano.value("band/ch1/fader") == 0.75
    nano.cc(0, 95)
    nano.cc(32, 100)
    assert nano.value("band/ch1/fader") == pytest.approx((95 << 7 | 100) / 16383, abs=1e-5)
    nano.cc(32, 90)
    assert nano.value("band/ch1/fader") == pytest.approx((95 << 7 | 90) / 16383, abs=1e-5)


@pytest.mark.parametrize(
    ("controls", "words"),
    [
        ([{"cc": 128, "strip": 1}], "control 1: cc is a whole number from 0 to 127"),
        ([{"strip": 1}], "write one of cc = 20"),
        ([{"cc": 1, "strip": 1}, {"cc": 1, "do": "go"}], "control 2: cc 1 1 is used by another control"),
        ([{"cc": [1, 33], "strip": 1}, {"cc": 33, "do": "go"}], "control 2: cc 1 33 is used by another control"),
        ([{"cc": [1, 33], "do": "go"}], "a pair of CCs"),
        ([{"cc": 1, "do": "fly"}], "an order is one of"),
        ([{"cc": 1, "do": "layer two"}], "is written as “layer 2”"),
        ([{"note": 1, "strip": 1}], "kind is one of toggle, momentary, tap for a note"),
        ([{"cc": 1, "path": "x"}], "path is a control’s"),
        ([{"cc": 1, "wheel": 2}], "and not “wheel”"),
    ],
)
def test_a_fault_of_a_map_is_named_with_its_control(controls: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse({"controls": controls})


def test_a_control_that_is_not_in_the_map_is_named_once_so_that_it_can_be_written_there(
    caplog: pytest.LogCaptureFixture,
) -> None:
    nano = Nano(FADER)
    with caplog.at_level("INFO", "remote_mixer"):
        nano.cc(16, 65, 66)
        nano.note(36)
    assert [record.getMessage() for record in caplog.records] == [
        "the map has no control for cc 16 on channel 1 (it sent 65)",
        "the map has no control for note 36 on channel 1 (it sent 127)",
    ]


def test_the_readmes_map_is_one() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (block,) = (block for block in re.findall(r"```toml\n(.*?)```", readme, re.DOTALL) if "[[controls]]" in block)
    found = parse(tomllib.loads(block))
    assert (found.port, len(found.controls)) == ("nanoKONTROL2", 5)


def test_a_map_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "nano.toml"
    file.write_text('[ports]\ninput = "nano"\n\n[[controls]]\ncc = 0\nstrip = 8\n')
    found = read(file)
    assert (found.port, found.width) == ("nano::", 8)
    with pytest.raises(ValueError, match="cannot be read"):
        read(tmp_path / "none.toml")


@pytest.mark.parametrize("reader", [read, check_console_map])
def test_a_pipe_or_device_is_not_waited_for_where_a_map_should_be(reader: Callable[[Path], object]) -> None:
    """One without an end would hold the start, or fill the memory."""
    with pytest.raises(ValueError, match=r"cannot be read \(it is no file\)"):
        reader(Path(os.devnull))
