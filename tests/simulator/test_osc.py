"""The simulated console's messages: exactly what its family sends, and nothing else is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    assert encode(Message(address, arguments)) == data
    assert decode(data) == Message(address, arguments)


@pytest.mark.parametrize(("address", "arguments", "data"), TABLE)
def test_a_message_cut_anywhere_is_refused_or_a_question(
    address: str, arguments: tuple[Argument, ...], data: bytes
) -> None:
    question = len(encode(Message(address))) - 4
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
        b"/a\0\0,h\0\0\0\0\0\0\0\0\0\1",
        b"/a\0\0,[i]\0\0\0\0\0\0\0\1",
        b"/a\0\0,z\0\0",
        b"/a\0\0,\0\0\0more",
        b"/a\0\0\0\0\0\0",
        b"/a\0\0,f\0\0\x3f\x80",
        b"/a\0\0,b\0\0\xff\xff\xff\xff",
        b"/a\0\0,b\0\0\0\0\0\1a",
        b"/a\0\0,s\0\0J\xf6rg\0\0\0\0",
    ],
)
def test_bundles_other_types_surplus_bytes_and_text_in_other_encodings_are_refused_in_silence(
    data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(OscError):
        decode(data)
    assert caplog.records == []


@pytest.mark.parametrize("argument", [2**31, "\ud800", b""])
def test_what_no_message_carries_is_refused_when_it_is_written(argument: Argument) -> None:
    with pytest.raises(OscError):
        encode(Message("/a", (argument,)))


@given(st.binary(max_size=64))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    try:
        message = decode(data)
    except OscError:
        return
    assert message.address.startswith("/")
