"""Snapshots: their ranges, what their frames name, and what becomes of one that does not come or does not fit."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Set

import pytest

from remote_mixer.drivers.behringer import x32
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.snapshots import Numbers, Range, Snapshots, count, ranges
from remote_mixer.drivers.osc import Argument


def ranges_of(addresses: Iterable[str], prompt: Set[str] = frozenset()) -> list[Range]:
    numbers = Numbers(set)
    count(addresses, prompt, numbers)
    return list(ranges(numbers))


def numeric(addresses: AddressBook) -> list[str]:
    return list(filter(addresses.is_numeric, addresses.every()))


def numbered(pattern: str, *numbers: int) -> list[str]:
    return [pattern.format(n=number) for number in numbers]


def test_ranges_hold_the_numbers_that_have_no_gaps() -> None:
    addresses = [
        *numbered("/ch/{n:02}/mix/fader", 1, 2, 3),
        *numbered("/ch/{n:02}/mix/01/level", 1, 2, 3),
        *numbered("/main/st/mix/{n:02}/pan", 1, 3, 5),
        "/main/st/mix/fader",
        "/config/chlink/1-2",
    ]
    found = ranges_of(addresses, {"/ch/01/mix/fader", "/ch/02/mix/fader", "/ch/03/mix/fader"})
    assert [one.patterns for one in found] == [("/ch/**/mix/fader",), ("/ch/**/mix/01/level",)]
    assert found[0].addresses() == addresses[:3]


def test_every_range_of_an_x32_fits_one_packet() -> None:
    addresses = AddressBook(x32.FAMILY)
    found = ranges_of(numeric(addresses), frozenset(addresses.prompt()))
    every = [address for one in found for address in one.addresses()]
    assert len(every) == len(set(every))
    assert set(every) <= set(numeric(addresses))
    assert max(map(len, (one.addresses() for one in found))) <= 300
    assert len(set(numeric(addresses)) - set(every)) < 200


FADERS = numbered("/ch/{n:02}/mix/fader", 1, 2)


def snapshots() -> tuple[Snapshots, str]:
    """Return the snapshots of two faders, requested, and their alias."""
    watch = Snapshots()
    watch.start(ranges_of(FADERS, frozenset(FADERS)), 0)
    ((_, (alias, *_)),) = watch.request(0)
    return watch, str(alias)


def frame(*words: float) -> bytes:
    return struct.pack(f"<i{len(words)}f", 4 + 4 * len(words), *words)


def test_a_frame_names_what_differs_and_covers_its_addresses() -> None:
    watch, alias = snapshots()
    assert watch.covered == frozenset()
    assert watch.take(alias, frame(0.5, 0.25), {FADERS[0]: 0.5, FADERS[1]: 0.5}, 0.1) == [FADERS[1]]
    assert watch.covered == frozenset(FADERS)


def test_a_frame_that_does_not_come_is_requested_again_at_once() -> None:
    watch, alias = snapshots()
    watch.take(alias, frame(0.5, 0.5), {}, 0.1)
    assert watch.request(0.7) == ()
    assert [address for address, _ in watch.request(0.9)] == ["/unsubscribe", "/formatsubscribe"]


def test_a_console_that_sends_no_frames_is_asked_a_few_times_for_one_range() -> None:
    watch = Snapshots()
    watch.start(ranges_of(numeric(AddressBook(x32.FAMILY))), 0)
    asked = [message for tick in range(1000) for message in watch.request(tick / 20)]
    assert len({arguments[0] for _, arguments in asked}) == 1
    assert len(asked) < 10
    assert watch.is_refused


def test_a_word_that_means_something_else_to_the_console_is_not_believed_for_long() -> None:
    watch, alias = snapshots()
    known = {FADERS[0]: 0.5, FADERS[1]: 1}
    differ = [watch.take(alias, frame(0.5, 0.0), known, tick * 0.4) for tick in range(10)]
    assert differ[0] == [FADERS[1]]
    assert differ[-1] == []
    assert watch.covered == {FADERS[0]}


@pytest.mark.parametrize("blob", [b"", frame(0.5), frame(0.5, 0.5)[:-4], frame(0.5, 0.5, 0.5), 0.5])
def test_a_frame_of_another_length_is_refused(blob: Argument) -> None:
    watch, alias = snapshots()
    with pytest.raises(ValueError, match="another length"):
        watch.take(alias, blob, {}, 0.1)
