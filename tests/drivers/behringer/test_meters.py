"""Meter blobs of both families, and the order of their readings."""

from __future__ import annotations

import struct

import pytest

from remote_mixer.desk.meters import encode
from remote_mixer.drivers.behringer import x32
from remote_mixer.drivers.behringer.meters import Readings, read_amplitudes, read_decibels


def test_an_x32_tells_amplitudes_and_an_x_air_tells_decibels() -> None:
    floats = struct.pack("<I5f", 5, 1.0, 0.5, 8.0, 4e-7, float("nan"))
    assert list(read_amplitudes(floats)) == [216, encode(-6.02), encode(18.06), 1, 0]
    shorts = struct.pack("<I4h", 4, 0, -1541, -32768, -32767)
    assert list(read_decibels(shorts)) == [216, encode(-6.02), 0, 1]


@pytest.mark.parametrize("blob", [b"", b"\1\0\0", struct.pack("<If", 3, 1.0), struct.pack("<If", 0, 1.0)])
def test_a_blob_that_is_not_as_long_as_it_says_is_refused(blob: bytes) -> None:
    for read in (read_amplitudes, read_decibels):
        with pytest.raises(ValueError, match="as long as it says"):
            read(blob)


def test_readings_stand_in_the_layouts_order() -> None:
    family = x32.FAMILY
    readings = Readings(family.meters, family.read_meter, family.taps())
    assert readings.take("/meters/2", struct.pack("<I49f", 49, *[0.5] * 49)) is None
    frame = readings.take("/meters/1", struct.pack("<I96f", 96, *[1.0] * 96))
    assert frame is not None
    taps = dict(zip(family.layout("band", "", {}).taps(), frame, strict=True))
    assert taps["band/ch32/input"] == taps["band/ch1/gate"] == 216
    assert taps["band/main/left"] == taps["band/mono/dyn"] == encode(-6.02)
    assert taps["band/aux1/input"] == 0


def test_a_blob_of_a_meter_that_nobody_asked_for_is_named_and_no_more() -> None:
    readings = Readings(x32.FAMILY.meters, x32.FAMILY.read_meter, ())
    with pytest.raises(ValueError, match="/meters/77 is no meter"):
        readings.take("/meters/77", struct.pack("<i2f", 2, 1.0, 1.0))
