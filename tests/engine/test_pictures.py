"""Pictures in the shared block: what the engine publishes is what the server reads, and who looks at what."""

from __future__ import annotations

import math
from pathlib import Path

from remote_mixer.engine import pictures
from remote_mixer.engine.controls import BUSES, MAX_CHANNELS
from remote_mixer.engine.pictures import BANDS, CODES, MAIN, SPECTRA, Howl, LoudnessReading, Pictures
from remote_mixer.engine.shared import SharedBlock

QUIET = LoudnessReading(-math.inf, -math.inf, -math.inf, 0, -math.inf, 0)


def spectra(first: int) -> bytes:
    return bytes((first + place) % 256 for place in range(SPECTRA) for _ in range(pictures.SPECTRUM_BYTES))


def test_pictures_are_read_as_they_were_published_again_and_again(tmp_path: Path) -> None:
    with SharedBlock.create(tmp_path / "block") as block:
        for number in range(1, 5):
            loudness = LoudnessReading(-23.0, -22.5, -24.125, number, -1.0, -0.5)
            block.publish(Pictures((3, MAIN, *[0] * (SPECTRA - 2)), loudness, Howl(3, 2500.5), spectra(number)))
            count, half = block.newest_pictures()
            read = pictures.read(half)
            assert (count, read.loudness, read.howl) == (number, loudness, (3, 2500.5))
            assert read.spectrum(3) == bytes([number]) * BANDS
            assert read.spectrum(MAIN) == bytes([number + 1]) * BANDS
            assert read.spectrum(4) == b""


def test_pictures_leave_meters_and_controls_alone(tmp_path: Path) -> None:
    with SharedBlock.create(tmp_path / "block") as block:
        block.write("ch64/delay/time", 7)
        block.remember()
        before = block.meters()
        block.publish(Pictures((1,) * SPECTRA, QUIET, Howl(0, 0), b"\xff" * SPECTRA * pictures.SPECTRUM_BYTES))
        assert block.is_intact()
        assert block.meters() == before


def test_a_stranger_who_writes_over_the_looks_is_noticed(tmp_path: Path) -> None:
    with SharedBlock.create(tmp_path / "block") as block:
        block.look([1, 2])
        block.reset_loudness()
        block.remember()
        assert block.is_intact()
        block.look([1, 3])
        assert not block.is_intact()


def test_every_strip_of_the_engine_has_a_code_of_its_own() -> None:
    assert len(set(CODES.values())) == len(CODES) == MAX_CHANNELS + BUSES + 1
    assert 0 not in CODES.values()
    assert [CODES[strip] for strip in ("ch1", "ch64", "bus1", "bus8", "main")] == [1, 64, 65, 72, MAIN]
