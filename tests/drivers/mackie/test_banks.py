"""The walk and the way back, against hosts of a few lines: any number of tracks, any width, repeated names."""

from __future__ import annotations

import pytest

from remote_mixer.drivers.mackie.banks import ONE_BY_ONE, UNNAMED, Walk, back, has_grown, locate, toward
from remote_mixer.midi.mackie import BANK_LEFT, BANK_RIGHT, CHANNEL_LEFT, CHANNEL_RIGHT


class Host:
    """Tracks behind a window whose end depends on the host."""

    def __init__(self, names: list[str], width: int, ends: str, first: int = 0) -> None:
        self.names, self.width, self.ends, self.first = names, width, ends, first
        self.presses = 0

    def window(self) -> tuple[str, ...]:
        shown = self.names[self.first : self.first + self.width]
        return (*shown, *[""] * (self.width - len(shown)))

    def press(self, button: int) -> None:
        self.presses += 1
        steps = {BANK_LEFT: -self.width, BANK_RIGHT: self.width, CHANNEL_LEFT: -1, CHANNEL_RIGHT: 1}
        wanted = max(self.first + steps[button], 0)
        room = len(self.names) - self.width
        furthest = {"shifted": room, "whole": room, "padded": len(self.names) - 1, "empty": len(self.names)}[self.ends]
        if self.ends == "shifted":
            self.first = min(wanted, max(furthest, 0))
        elif wanted <= furthest:
            self.first = wanted


def walk(host: Host) -> Walk:
    walk = Walk(host.window())
    while walk.button is not None:
        host.press(walk.button)
        walk.saw(host.window())
    return walk


ENDS = ["shifted", "padded", "whole", "empty"]


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("width", [8, 16, 24, 32])
def test_a_walk_learns_all_tracks_from_wherever_it_begins(width: int, ends: str) -> None:
    for count in range(1, 70):
        names = [f"Trk {n}" for n in range(count)]
        for first in {0, max(count - width, 0), min(5, max(count - width, 0))}:
            host = Host(names, width, ends, first)
            walked = walk(host)
            assert walked.names == names, (count, first)
            assert walked.offset == host.first
            for offset, window in walked.places.items():
                assert (*names[offset : offset + width], *[""] * width)[:width] == window


@pytest.mark.parametrize("ends", ENDS)
def test_one_name_that_repeats_where_two_banks_meet_loses_no_track(ends: str) -> None:
    names = [f"Trk {n}" for n in range(16)]
    names[8] = names[7] = "Vox"
    assert walk(Host(names, 8, ends)).names == names
    assert walk(Host(names[:15], 8, ends)).names == names[:15]


def test_tracks_of_no_name_count_where_their_strips_are_alive() -> None:
    names = ["Kick", UNNAMED, UNNAMED, "Bass"]
    assert walk(Host(names, 8, "padded")).names == names


def test_a_host_that_goes_round_in_circles_is_left_in_the_end() -> None:
    walked, turn = Walk(tuple("abcdefgh")), 0
    while walked.button is not None:
        turn += 1
        walked.saw(tuple(f"{turn}{letter}" for letter in "abcdefgh"))
    assert turn < 200


LOCATED = [
    (["a", "b", "c", "d"], ("b", "c"), 0, 1),
    (["a", "b", "c", "d"], ("d", ""), 0, 3),
    (["a", "b", "c", "d"], ("c", "b"), 0, None),
    (["a", "a", "b", "a", "a"], ("a", "a"), 4, 3),
    (["a", "a", "b", "a", "a"], ("a", "a"), 1, 0),
    ([], ("a",), 0, None),
]


@pytest.mark.parametrize(("names", "window", "near", "place"), LOCATED)
def test_a_window_is_found_where_its_names_stand_nearest_to_the_guess(
    names: list[str], window: tuple[str, ...], near: int, place: int | None
) -> None:
    assert locate(names, window, near) == place


@pytest.mark.parametrize(
    ("former", "names", "grown"),
    [
        ("Kick Vox Organ", "Kick Choir Vox Organ", True),
        ("Kick Vox Organ", "Kick Vox Organ Choir Harp", True),
        ("Kick Vox Organ", "Kick Vox Organ", False),
        ("Kick Vox Organ", "Kick Organ Choir Harp", False),
        ("Kick Vox Organ", "Vox Kick Organ Choir", False),
        ("Kick Vox Organ", "Kick Vox Organ Vox", False),
        ("Kick Vox Organ", "Kick Vox Organ \0", False),
    ],
)
def test_tracks_have_grown_where_all_former_ones_are_there_in_their_order_and_the_others_have_new_names(
    former: str, names: str, *, grown: bool
) -> None:
    assert has_grown(former.split(" "), names.split(" ")) is grown


@pytest.mark.parametrize("ends", ENDS)
def test_the_way_to_a_track_and_back_is_always_found(ends: str) -> None:
    names = [f"Trk {n}" for n in range(21)]
    for track in range(21):
        for first in range(14):
            host = Host(names, 8, ends, first)
            _go(host, lambda offset, track=track: toward(offset, 8, track))
            assert host.first <= track < host.first + 8
            _go(host, lambda offset, first=first: back(offset, 8, first))
            assert host.first == first


def _go(host: Host, way: object) -> None:
    assert callable(way)
    while (button := way(host.first)) is not None:
        before = host.first
        host.press(button)
        if host.first == before:
            host.press(ONE_BY_ONE[button])
        assert host.first != before
