"""The OSC codec: one table both ways, and no bytes that hurt it."""

from __future__ import annotations

import contextlib
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder
from pythonosc.osc_packet import OscPacket

from remote_mixer.drivers.osc import BUNDLE_BYTES, NOT_UNDERSTOOD, Argument, OscError, bundles, decode, encode

TABLE: list[tuple[bytes, str, tuple[Argument, ...]]] = [
    (b"/xremote\0\0\0\0", "/xremote", ()),
    (b"/ch/01/mix/on\0\0\0,i\0\0\0\0\0\1", "/ch/01/mix/on", (1,)),
    (b"/ch/01/mix/fader\0\0\0\0,f\0\0\x3f\x40\0\0", "/ch/01/mix/fader", (0.75,)),
    (b"/dca/1/config/name\0\0,s\0\0Band\0\0\0\0", "/dca/1/config/name", ("Band",)),
    (b"/meters/1\0\0\0,b\0\0\0\0\0\5abcde\0\0\0", "/meters/1", (b"abcde",)),
    (b"/a\0\0,sif\0\0\0\0Vox\0\xff\xff\xff\xff\xbf\x80\0\0", "/a", ("Vox", -1, -1.0)),
    (b"/a\0\0,s\0\0\0\0\0\0", "/a", ("",)),
    (b"node\0\0\0\0,s\0\0/a\n\0", "node", ("/a\n",)),
    ("/a\0\0,s\0\0ñ\0\0".encode(), "/a", ("ñ",)),
]


@pytest.mark.parametrize(("raw", "address", "arguments"), TABLE)
def test_a_message_reads_and_writes_as_the_table_says(
    raw: bytes, address: str, arguments: tuple[Argument, ...]
) -> None:
    assert decode(raw) == (address, arguments)
    assert encode(address, *arguments) == raw


@pytest.mark.parametrize(("raw", "address", "arguments"), TABLE)
def test_a_message_cut_at_any_byte_is_refused_or_a_bare_question(
    raw: bytes, address: str, arguments: tuple[Argument, ...]
) -> None:
    for cut in range(len(raw)):
        with contextlib.suppress(OscError):
            assert decode(raw[:cut]) == (address, ()), "only the address is whole"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"/a",
        b"#bundle\0\0\0\0\0\0\0\0\1",
        b"/a\0\0,b\0\0\xff\xff\xff\xff",
        b"/a\0\0,b\0\0\0\0\0\x40abcd",
        b"/a\0\0,i\0\0\0\0\0\1extra!!!",
        b"/a\0\0nocomma\0",
        "/ñ\0".encode(),
        b"/a\x07\0,i\0\0\0\0\0\1",
        b"/" * 65_600,
    ],
)
def test_what_is_no_message_is_a_named_error(raw: bytes) -> None:
    with pytest.raises(OscError):
        decode(raw)


@pytest.mark.parametrize(
    ("tags", "raw", "arguments"),
    [
        (b",f\0\0", struct.pack(">f", math.nan), (NOT_UNDERSTOOD,)),
        (b",if\0", struct.pack(">if", 3, math.inf), (3, NOT_UNDERSTOOD)),
        (b",fi\0", struct.pack(">fi", -math.inf, 3), (NOT_UNDERSTOOD, 3)),
        (b",T\0\0", b"", (NOT_UNDERSTOOD,)),
        (b",iNi\0\0\0\0", struct.pack(">ii", 3, 4), (3, NOT_UNDERSTOOD)),
    ],
)
def test_an_argument_that_no_console_has_is_not_understood_and_its_address_is(
    tags: bytes, raw: bytes, arguments: tuple[Argument, ...]
) -> None:
    assert decode(b"/a\0\0" + tags + raw) == ("/a", arguments)


def test_a_name_in_another_encoding_is_read_with_its_strange_letters_replaced() -> None:
    assert decode(b"/a\0\0,s\0\0J\xf6rg\0\0\0\0") == ("/a", ("J\ufffdrg",))


@pytest.mark.parametrize("argument", [math.nan, math.inf, 2**31, True, "a\0b"])
def test_what_no_message_carries_is_refused_when_it_is_written(argument: Argument) -> None:
    with pytest.raises(OscError):
        encode("/a", argument)


@given(st.binary(max_size=200))
def test_random_bytes_are_a_message_or_the_one_error(raw: bytes) -> None:
    with contextlib.suppress(OscError):
        decode(b"/" + raw)


@given(
    st.lists(st.one_of(st.integers(-(2**31), 2**31 - 1), st.floats(width=32, allow_nan=False, allow_infinity=False)))
)
def test_numbers_come_back_as_they_went(numbers: list[int | float]) -> None:
    assert decode(encode("/a", *numbers)) == ("/a", tuple(numbers))


ADDRESSES = st.from_regex(r"/[!-~]{0,20}", fullmatch=True)
ARGUMENTS = st.lists(
    st.one_of(
        st.integers(-(2**31), 2**31 - 1),
        st.floats(width=32, allow_nan=False, allow_infinity=False),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
        st.binary(min_size=1, max_size=40),
    ),
    max_size=8,
)
TAGS = {int: "i", float: "f", str: "s", bytes: "b"}


@given(ADDRESSES, ARGUMENTS)
def test_python_osc_reads_what_we_write_and_we_what_it_writes(address: str, arguments: list[Argument]) -> None:
    """The simulator's codec is python-osc, so that driver and simulator do not share one author's mistakes."""
    ours = encode(address, *arguments)
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument, TAGS[type(argument)])
    theirs = builder.build().dgram
    assert (OscMessage(ours).address, OscMessage(ours).params) == (address, arguments)
    assert decode(theirs) == decode(ours) == (address, tuple(arguments))
    assert theirs == (ours if arguments else ours + b",\0\0\0")


def test_python_osc_reads_an_empty_blob_though_it_writes_none() -> None:
    assert OscMessage(encode("/a", b"", 1)).params == [b"", 1]


@pytest.mark.parametrize("tag", ["h", "d"])
def test_numbers_of_64_bits_are_read(tag: str) -> None:
    builder = OscMessageBuilder("/reply")
    builder.add_arg(48000, tag)
    assert decode(builder.build().dgram) == ("/reply", (48000,))


@given(st.lists(st.tuples(ADDRESSES, ARGUMENTS.map(tuple)), max_size=30))
def test_bundles_hold_all_messages_in_order_and_fit_into_one_packet_each(
    messages: list[tuple[str, tuple[Argument, ...]]],
) -> None:
    sent = list(bundles(messages))
    received = [(one.message.address, tuple(one.message.params)) for raw in sent for one in OscPacket(raw).messages]
    assert received == messages
    assert all(len(raw) <= BUNDLE_BYTES or len(OscPacket(raw).messages) == 1 for raw in sent)
