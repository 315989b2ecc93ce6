"""Incoming control changes, decoded to values."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from remote_mixer.drivers.midi_cc.control import CC, NRPN, PAIR, Control
from remote_mixer.drivers.midi_cc.decoder import Decoder, Part

CONTROLS = {
    "whole": Control(CC, 1, 7),
    "pair": Control(PAIR, 2, 20, 52),
    "other pair": Control(PAIR, 3, 20, 52),
    "nrpn": Control(NRPN, 4, 1024),
    "next nrpn": Control(NRPN, 4, 1025),
    "far nrpn": Control(NRPN, 5, 1024),
}


class Timers:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timers.Due:
        self.due.append(call)
        return Timers.Due(self, call)

    def pass_(self) -> None:
        due, self.due = self.due, []
        for call in due:
            call()

    class Due:
        def __init__(self, timers: Timers, call: Callable[[], None]) -> None:
            self.timers, self.call = timers, call

        def cancel(self) -> None:
            self.timers.due.remove(self.call)


class Probe:
    """A decoder and its output."""

    def __init__(self) -> None:
        self.received: list[tuple[str, int, Part]] = []
        self.timers = Timers()
        self.decoder = Decoder(CONTROLS, lambda *received: self.received.append(received), self.timers.call_later)

    def take(self, channel: int, *changes: tuple[int, int]) -> list[tuple[str, int, Part]]:
        for number, value in changes:
            self.decoder.take(channel, number, value)
        self.timers.pass_()
        received, self.received = self.received, []
        return received


@pytest.fixture
def probe() -> Probe:
    return Probe()


def test_a_cc_is_its_value_on_its_own_midi_channel_alone(probe: Probe) -> None:
    assert probe.take(1, (7, 100)) == [("whole", 100, Part.WHOLE)]
    assert probe.take(2, (7, 100)) == []


def test_a_pair_is_reported_once_both_halves_are_there(probe: Probe) -> None:
    assert probe.take(2, (20, 64), (52, 3)) == [("pair", 64 * 128 + 3, Part.WHOLE)]


def test_a_fine_half_alone_is_a_step_from_where_the_coarse_one_stood(probe: Probe) -> None:
    assert probe.take(2, (52, 3)) == [], "of a control that never moved it says nothing"
    probe.take(2, (20, 64), (52, 3))
    assert probe.take(2, (52, 4)) == [("pair", 64 * 128 + 4, Part.WHOLE)]


def test_a_fine_half_alone_is_a_step_from_where_we_sent_it(probe: Probe) -> None:
    probe.decoder.sent("pair", 10 * 128 + 5)
    assert probe.take(2, (52, 4)) == [("pair", 10 * 128 + 4, Part.FINE)]
    assert probe.take(2, (20, 10), (52, 4)) == [("pair", 10 * 128 + 4, Part.WHOLE)]


def test_a_coarse_half_alone_counts_when_no_fine_one_follows(probe: Probe) -> None:
    assert probe.take(2, (20, 64)) == [("pair", 64 * 128, Part.COARSE)]
    assert probe.take(2, (20, 65), (20, 66)) == [("pair", 66 * 128, Part.COARSE)]


def test_halves_of_two_midi_channels_do_not_mix(probe: Probe) -> None:
    probe.decoder.take(2, 20, 1)
    probe.decoder.take(3, 20, 2)
    probe.decoder.take(2, 52, 3)
    assert probe.take(3, (52, 4)) == [("pair", 128 + 3, Part.WHOLE), ("other pair", 256 + 4, Part.WHOLE)]


def test_an_nrpn_is_chosen_and_valued(probe: Probe) -> None:
    assert probe.take(4, (99, 8), (98, 0), (6, 64), (38, 1)) == [("nrpn", 8193, Part.WHOLE)]


def test_an_nrpn_stays_chosen_until_another_one_is(probe: Probe) -> None:
    probe.take(4, (99, 8), (98, 0), (6, 64), (38, 1))
    assert probe.take(4, (38, 2)) == [("nrpn", 8194, Part.WHOLE)]
    assert probe.take(4, (98, 1), (6, 1), (38, 0)) == [("next nrpn", 128, Part.WHOLE)]


def test_what_is_chosen_on_one_midi_channel_is_not_on_another(probe: Probe) -> None:
    probe.decoder.take(4, 99, 8)
    probe.decoder.take(5, 99, 8)
    probe.decoder.take(4, 98, 1)
    probe.decoder.take(5, 98, 0)
    assert probe.take(4, (6, 2), (38, 0)) == [("next nrpn", 256, Part.WHOLE)]
    assert probe.take(5, (6, 3), (38, 0)) == [("far nrpn", 384, Part.WHOLE)]


@pytest.mark.parametrize("choice", [[(99, 127), (98, 127)], [(101, 127), (100, 127)], [(101, 0), (100, 0)], [(99, 9)]])
def test_a_value_without_its_nrpn_chosen_moves_nothing(probe: Probe, choice: list[tuple[int, int]]) -> None:
    probe.take(4, (99, 8), (98, 0), (6, 64), (38, 1))
    assert probe.take(4, *choice, (6, 9), (38, 9)) == []


def test_a_value_before_anything_is_chosen_moves_nothing(probe: Probe) -> None:
    assert probe.take(4, (6, 64), (38, 1), (98, 0), (6, 1), (38, 1)) == []


def test_what_is_closed_tells_nothing_late(probe: Probe) -> None:
    probe.decoder.take(2, 20, 64)
    probe.decoder.close()
    assert probe.take(2) == []
