"""The table of controls: each row stands in memory, driver and layout, and a new one needs no other edit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from remote_mixer.engine.controls import (
    AFL,
    COUNTS,
    EFFECT_CONTROLS,
    MASTER_PROCESSING,
    OF_TAKES,
    OFF,
    POST_FADER,
    PROCESSING,
    TABLE,
    Control,
    Smoothing,
)
from remote_mixer.engine.shared import METER_BYTE, SIZE_BYTES, SharedBlock
from remote_mixer.engine.tables import EFFECTS_START, Controls, view_controls
from tests.engine.bare_mixer import LATENCY, RAMP_BLOCKS, playing, steady
from tests.engine.measured import curve

ADDED_ROW = """
from pathlib import Path
import sys
import numba
import numpy as np

from remote_mixer.engine import controls
from remote_mixer.engine.controls import Control, Kind, Scale, Smoothing, Table

TRIM = Scale("trim", "dB", ((0, -24), (1, 24)))
before = controls.TABLE
controls.TABLE = Table((*before.rows, Control("ch*/trim", Kind.AMPLITUDE, 0.5, Smoothing.RAMPED, TRIM)))

from remote_mixer.drivers.builtin.layout import first_values, make_layout, number_of
from remote_mixer.engine.inner import OPTIONS
from remote_mixer.engine.shared import METER_BYTE, SharedBlock
from remote_mixer.engine.tables import view_controls

place = controls.TABLE.places["ch3/trim"]
assert place.word == before.end + 2, "its words follow the others'"
assert METER_BYTE >= 4 * controls.TABLE.end, "the meters make room"

layout = make_layout("band", 8)
param = dict(layout.paths())["band/ch3/trim"]
assert (param.kind, param.taper, param.default) == ("position", "trim", 0.5)
assert layout.tapers["trim"].to_unit(1) == 24
assert first_values(layout, {})["band/ch3/trim"] == 0.5


@numba.njit(**OPTIONS)
def trimmed(views, sound):
    for channel in range(sound.shape[0]):
        sound[channel] *= views.ch_trim[channel]


block = SharedBlock.create(Path(sys.argv[1]))
views = view_controls(np.frombuffer(block.bytes_, np.uint8))
for path, position in (("ch1/trim", 0.5), ("ch3/trim", 0.5 + 6 / 48)):
    block.write(path, number_of(controls.TABLE.places[path].control, position))
sound = np.ones(3, np.float32)
trimmed(views, sound)
assert np.allclose(sound, [1, 0, 10 ** (6 / 20)]), sound
"""

READ = [row for row in TABLE.rows if row not in OF_TAKES]
"""Controls that kernels read."""


def test_a_control_is_one_row_and_the_kernel_that_reads_it(tmp_path: Path) -> None:
    """In a process of its own: the other modules read the table when they are imported."""
    command = [sys.executable, "-c", ADDED_ROW, str(tmp_path / "block")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


def test_every_path_has_a_word_of_its_own_before_the_meters() -> None:
    words = [place.word for place in TABLE.places.values()]
    assert sorted(words) == list(range(TABLE.starts[0], TABLE.end))
    assert 4 * TABLE.end <= METER_BYTE


def test_a_path_is_spelled_with_numbers_from_one_and_the_last_one_counts_slowest() -> None:
    start = TABLE.places["ch1/send/bus1/level"].word
    assert TABLE.places["ch2/send/bus1/level"].word == start + 1
    assert TABLE.places["ch1/send/bus2/level"].word == start + COUNTS["ch"]
    assert {row.path: row.shape for row in TABLE.rows}["ch*/send/bus*/level"] == (COUNTS["bus"], COUNTS["ch"])


@pytest.mark.parametrize("row", READ, ids=lambda row: row.path)
def test_what_is_written_to_a_path_is_what_the_kernels_read(row: Control, tmp_path: Path) -> None:
    block = SharedBlock.create(tmp_path / "block")
    views = view_controls(np.frombuffer(block.bytes_, np.uint8))
    assert len(block.bytes_) == SIZE_BYTES
    for number, path in enumerate(row.paths(), start=1):
        block.write(path, number)
    assert np.array_equal(seen(views, row).reshape(-1), np.arange(1, row.size + 1))
    once = views._replace(processing_words=np.zeros(0), master_processing_words=np.zeros(0), effects_words=np.zeros(0))
    assert sum(np.count_nonzero(view) for view in once) == row.size
    assert seen(views, row).shape == row.shape


def seen(views: Controls, row: Control) -> np.ndarray:
    """Return a row's array, or its part of the array of what strips or masters do to their sound, or of the effects."""
    kind = "" if row.kind.is_float else "_words"
    if row in PROCESSING:
        return np.asarray(getattr(views, f"processing{kind}")[PROCESSING.index(row)])
    if row in EFFECT_CONTROLS:
        start = TABLE.starts[TABLE.rows.index(row)] - EFFECTS_START
        return np.asarray(getattr(views, f"effects{kind}")[0, start : start + row.size]).reshape(row.shape)
    if row in MASTER_PROCESSING:
        place, is_bus = divmod(MASTER_PROCESSING.index(row), 2)
        return np.asarray(getattr(views, f"master_processing{kind}")[place, slice(1, None) if is_bus else slice(1)])
    return np.asarray(getattr(views, row.name))


# A path of each row, a new value in memory, and the output where it can be seen.
MOVES = {
    "transport/play": ("transport/play", 0, 0),
    "ch*/source": ("ch1/source", OFF, 0),
    "ch*/fader": ("ch1/fader", 0.25, 0),
    "ch*/mute": ("ch1/mute", 1, 0),
    "ch*/solo": ("ch1/solo", 0, 18),
    "solo/mode": ("solo/mode", AFL, 19),
    "solo/fader": ("solo/fader", 0.25, 18),
    "solo/mute": ("solo/mute", 1, 18),
    "solo/dim": ("solo/dim", 1, 18),
    "solo/mono": ("solo/mono", 1, 18),
    "ch*/pan": ("ch1/pan", 0.5, 0),
    "ch*/send/bus*/level": ("ch1/send/bus1/level", 0.25, 2),
    "ch*/send/bus*/mute": ("ch1/send/bus1/mute", 1, 2),
    "ch*/send/bus*/tap": ("ch1/send/bus2/tap", POST_FADER, 4),
    "ch*/send/bus*/pan": ("ch1/send/bus1/pan", 0.5, 2),
    "ch*/dca/*": ("ch1/dca/1", 1, 0),
    "ch*/mutegroup/*": ("ch1/mutegroup/1", 1, 0),
    "bus*/dca/*": ("bus1/dca/1", 1, 2),
    "bus*/mutegroup/*": ("bus1/mutegroup/1", 1, 2),
    "bus*/mono": ("bus3/mono", 1, 6),
    "main/dca/*": ("main/dca/1", 1, 0),
    "main/mutegroup/*": ("main/mutegroup/1", 1, 0),
    "main/mono": ("main/mono", 1, 0),
    "dca*/fader": ("dca2/fader", 0.25, 0),
    "dca*/mute": ("dca2/mute", 1, 0),
    "mutegroup/*": ("mutegroup/2", 1, 0),
    "bus*/fader": ("bus1/fader", 0.25, 2),
    "bus*/mute": ("bus1/mute", 1, 2),
    "main/fader": ("main/fader", 0.25, 0),
    "main/mute": ("main/mute", 1, 0),
}


GROUPED = {"dca1/fader": 0.25, "mutegroup/1": 1, "dca2/fader": 1, "ch1/dca/2": 1, "ch1/mutegroup/2": 1}


@pytest.mark.parametrize("row", [row for row in TABLE.rows if row.smoothing > Smoothing.NONE], ids=lambda row: row.path)
def test_the_mix_follows_a_control_in_the_frames_of_its_row(row: Control) -> None:
    path, number, column = MOVES[row.path]
    with playing(steady(1), steady(0)) as mixer:
        mixer.pan(1, -1)
        mixer.solo(1)
        mixer.send(1, 1, 1)
        mixer.send(1, 2, 1, post=False)
        mixer.send(1, 3, 0.5**0.5, pan=-1)
        for grouped, stands in GROUPED.items():
            mixer.block.write(grouped, stands)
        mixer.fader(1, 1 if path != "ch1/send/bus2/tap" else 0.5)
        mixer.settle()
        before = mixer.play()[-1, column]
        mixer.block.write(path, number)
        out = mixer.play(RAMP_BLOCKS)[:, column]
    start = LATENCY if column else 0
    line = curve(len(out), start, int(row.smoothing), (before, out[-1]))
    assert out[-1] < 0.8
    assert np.allclose(out, line, atol=1e-5)
