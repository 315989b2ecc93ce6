"""Parsing of any bytes into messages, and the messages that we build."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.midi.messages import MOST_SYSEX, Parser, control_change, note_on, pitch_bend, sysex

SEED = 3
MEGABYTES = 10


def parsed(hexadecimal: str) -> list[str]:
    return [message.hex(" ") for message in Parser().feed(bytes.fromhex(hexadecimal))]


def dropped(hexadecimal: str) -> int:
    parser = Parser()
    parser.feed(bytes.fromhex(hexadecimal))
    return parser.dropped


@pytest.mark.parametrize(
    ("data", "messages"),
    [
        ("b0 07 40", ["b0 07 40"]),
        ("90 3c 7f 80 3c 00 a1 3c 01 ef 00 40", ["90 3c 7f", "80 3c 00", "a1 3c 01", "ef 00 40"]),
        ("c5 01 d0 2c", ["c5 01", "d0 2c"]),
        ("f1 02 f2 03 04 f3 05 f6", ["f1 02", "f2 03 04", "f3 05", "f6"]),
        ("f0 00 00 66 14 12 f7 f0 f7", ["f0 00 00 66 14 12 f7", "f0 f7"]),
    ],
)
def test_whole_messages_come_out_as_they_went_in(data: str, messages: list[str]) -> None:
    assert parsed(data) == messages


def test_running_status_gives_each_message_its_status_byte() -> None:
    assert parsed("b0 07 40 07 41 0a 00") == ["b0 07 40", "b0 07 41", "b0 0a 00"]
    assert parsed("d0 01 12 2c") == ["d0 01", "d0 12", "d0 2c"]


@pytest.mark.parametrize("system", ["f0 01 f7", "f1 01", "f6", "f7", "f4"])
def test_what_belongs_to_no_channel_ends_running_status(system: str) -> None:
    assert parsed(f"b0 07 40 {system} 07 41")[-1] != "b0 07 41"


@pytest.mark.parametrize("real_time", ["f8", "fa", "fe", "ff", "f8 fe f8"])
def test_real_time_bytes_are_left_out_wherever_they_stand(real_time: str) -> None:
    assert parsed(f"{real_time} b0 {real_time} 07 {real_time} 40 {real_time} 07 41") == ["b0 07 40", "b0 07 41"]
    assert parsed(f"f0 01 {real_time} 02 f7") == ["f0 01 02 f7"]


@pytest.mark.parametrize("cut", ["f0 01 02", "f0", "b0 07", "f2 01"])
def test_a_message_that_is_cut_short_is_dropped_and_the_next_is_whole(cut: str) -> None:
    assert parsed(f"{cut} 90 3c 7f") == ["90 3c 7f"]
    assert dropped(f"{cut} 90 3c 7f") == 1


@pytest.mark.parametrize("stray", ["00 7f 12", "f7", "f5 01", "f4"])
def test_bytes_that_belong_to_no_message_are_ignored(stray: str) -> None:
    assert parsed(f"{stray} b0 07 40") == ["b0 07 40"]
    assert dropped(f"{stray} b0 07 40") == 0


def test_a_sysex_may_be_as_long_as_promised_and_no_longer() -> None:
    parser = Parser()
    longest = b"\xf0" + bytes(MOST_SYSEX - 2) + b"\xf7"
    assert (parser.feed(longest), parser.dropped) == ([longest], 0)
    assert (parser.feed(b"\xf0" + bytes(MOST_SYSEX - 1) + b"\xf7\xb0\x07\x40"), parser.dropped) == (
        [b"\xb0\x07\x40"],
        1,
    )


def is_whole(message: bytes) -> bool:
    status, data = message[0], message[1:]
    if status == 0xF0:
        return data[-1:] == b"\xf7" and max(data[:-1], default=0) < 0x80
    return 0x80 <= status < 0xF8 and max(data, default=0) < 0x80 and len(message) <= 3


@given(st.binary(max_size=300), st.lists(st.integers(0, 300)))
def test_any_bytes_in_any_pieces_give_the_same_whole_messages(data: bytes, cuts: list[int]) -> None:
    at_once, in_pieces = Parser(), Parser()
    edges = [0, *sorted(cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(edges)]
    messages = at_once.feed(data)
    assert [message for piece in pieces for message in in_pieces.feed(piece)] == messages
    assert all(map(is_whole, messages))
    assert in_pieces.dropped == at_once.dropped


@given(st.lists(st.sampled_from([control_change(3, 7, 64), note_on(1, 60, 0), pitch_bend(9, 12808), sysex(1, 2)])))
def test_what_we_build_is_what_is_received(messages: list[bytes]) -> None:
    assert Parser().feed(b"".join(messages)) == messages


def test_ten_megabytes_of_anything_never_raise_and_leave_nothing_behind() -> None:
    parser, chance, count = Parser(), random.Random(SEED), 0
    for _ in range(MEGABYTES * 16):
        messages = parser.feed(chance.randbytes(2**16))
        count += len(messages)
    assert all(map(is_whole, messages))
    assert count > MEGABYTES * 200_000
    assert parser.feed(b"\xf7\xb0\x07\x40")[-1] == b"\xb0\x07\x40"


def test_a_sysex_without_an_end_takes_no_more_room_than_the_longest_one() -> None:
    parser = Parser()
    assert parser.feed(b"\xf0" + bytes(1_000_000)) == []
    assert parser.feed(b"\xf0" + bytes(MOST_SYSEX - 3)) == []
    assert len(pickle.dumps(parser)) < MOST_SYSEX + 500


def test_messages_are_built_as_midi_wants_them() -> None:
    assert control_change(16, 7, 127).hex(" ") == "bf 07 7f"
    assert note_on(1, 0x68, 0).hex(" ") == "90 68 00"
    assert pitch_bend(9, 12808).hex(" ") == "e8 08 64"
    assert (pitch_bend(1, 0), pitch_bend(1, 16383)) == (b"\xe0\x00\x00", b"\xe0\x7f\x7f")
    assert sysex(0, 0, 0x66).hex(" ") == "f0 00 00 66 f7"


@pytest.mark.parametrize(
    "build",
    [
        lambda: control_change(0, 7, 0),
        lambda: control_change(17, 7, 0),
        lambda: control_change(1, 128, 0),
        lambda: control_change(1, 7, -1),
        lambda: note_on(1, 60, 128),
        lambda: pitch_bend(1, 16384),
        lambda: pitch_bend(1, -1),
        lambda: sysex(1, 0xF7),
    ],
)
def test_a_message_that_cannot_be_is_refused(build: Callable[[], bytes]) -> None:
    with pytest.raises(ValueError, match="a number from"):
        build()
