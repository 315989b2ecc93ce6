"""The simulated console's bytes, against a codec that is not ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from remote_mixer.simulator.osc import Argument, Message, OscError, decode, encode

TABLE: list[tuple[str, tuple[Argument, ...], bytes]] = [
    ("/info", (), b"/info\0\0\0,\0\0\0"),
    ("/ch/01/mix/on", (1,), b"/ch/01/mix/on\0\0\0,i\0\0\0\0\0\1"),
    ("/ch/01/mix/fader", (0.5,), b"/ch/01/mix/fader\0\0\0\0,f\0\0\x3f\0\0\0"),
    ("/a/b", ("kick",), b"/a/b\0\0\0\0,s\0\0kick\0\0\0\0"),
    ("/m", (b"\1\2\3",), b"/m\0\0,b\0\0\0\0\0\3\1\2\3\0"),
    ("/n", (-1, "é", 1.0), b"/n\0\0,isf\0\0\0\0\xff\xff\xff\xff\xc3\xa9\0\0\x3f\x80\0\0"),
]


@pytest.mark.parametrize(("address", "arguments", "data"), TABLE)
def test_a_message_and_its_bytes_are_the_same_thing(address: str, arguments: tuple[Argument, ...], data: bytes) -> None:
    assert encode(address, arguments) == data
    assert decode(data) == Message(address, arguments)


@pytest.mark.parametrize(("address", "arguments", "data"), TABLE)
def test_a_message_cut_anywhere_is_refused_or_a_question(
    address: str, arguments: tuple[Argument, ...], data: bytes
) -> None:
    question = len(encode(address)) - 4
    for end in range(len(data)):
        if end == question:
            assert decode(data[:end]) == Message(address)
        else:
            with pytest.raises(OscError):
                decode(data[:end])


@pytest.mark.parametrize(
    "data",
    [
        b"#bundle\0",
        b"ch\0\0",
        b"/a\0\0,i\0\0\0\0\0\1more",
        b"/a\0\0,T\0\0",
        b"/a\0\0i\0\0\0\0\0\0\1",
        b"/a\0\0,b\0\0\xff\xff\xff\xff",
    ],
)
def test_bundles_and_types_the_console_has_not_are_refused(data: bytes) -> None:
    with pytest.raises(OscError):
        decode(data)


@given(st.binary(max_size=64))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    try:
        message = decode(data)
    except OscError:
        return
    assert message.address.startswith("/")


@given(st.integers(-(2**31), 2**31 - 1), st.floats(width=32, allow_nan=False), st.binary(min_size=1, max_size=9))
def test_another_codec_reads_what_we_write_and_we_what_it_writes(whole: int, real: float, blob: bytes) -> None:
    theirs = OscMessage(encode("/x", (whole, real, "Bass", blob)))
    assert theirs.params == [whole, real, "Bass", blob]
    builder = OscMessageBuilder(address="/x")
    for argument, kind in ((whole, "i"), (real, "f"), ("Bass", "s"), (blob, "b")):
        builder.add_arg(argument, kind)
    assert decode(builder.build().dgram) == Message("/x", (whole, real, "Bass", blob))


def test_a_name_in_no_encoding_passes_unchanged() -> None:
    data = b"/x\0\0,s\0\0\xff\x01k\0"
    address, (name,) = decode(data)
    assert encode(address, (name,)) == data
