"""Callbacks for sound libraries: C's own code with nothing of the interpreter in it, and the same sound."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from remote_mixer.engine.controls import Smoothing
from remote_mixer.engine.library import CARD_PROCESS, COUNT_UP, LINKER
from remote_mixer.engine.mixer import Table
from remote_mixer.engine.tables import MOST_FRAMES
from remote_mixer.engine.turn_memory import CALLS, XRUNS, Device, Ports, new_device, usual_feeds
from tests.engine.bare_mixer import OUTPUTS, Playing, Sound, enter, noise, playing
from tests.engine.measured import curve
from tests.support.warm import built_ahead

OVERFLOWN, UNDERFLOWN = 2, 4
FADE = int(Smoothing.SWITCHED)  # frames in which a device's outputs fade in
BEGUN = FADE + 1
MATHS = {
    "sin",
    "cos",
    "tan",
    "log2",
    "log10f",
    "exp",
    "expf",
    "exp2f",
    "log2f",
    "powf",
    "pow",
    "memset",
    "memcpy",
    "memmove",
}
"""Functions of C's library that the callbacks may call: none of them allocates, waits or opens anything."""

Process = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_void_p
)


class Card:
    """A card that calls back as PortAudio does: frame after frame, the outputs of a frame side by side."""

    def __init__(self, mixer: Playing, outputs: int, inputs: int = 0) -> None:
        self.device: Device = new_device(
            mixer.mixer.switch,
            mixer.mixer.signals,
            mixer.mixer.output_words,
            Ports([0] * inputs, [0] * outputs, usual_feeds(outputs)),
        )
        self.table = Table(self.device)
        self.process = Process(enter().address_of(CARD_PROCESS))

    def call(self, frames: int, flags: int = 0, heard: Sound | None = None) -> Sound:
        out = np.full((frames, len(self.device.outputs)), 9, np.float32)
        address = None if heard is None else heard.ctypes.data
        assert self.process(address, out.ctypes.data, frames, None, flags, self.table.address) == 0
        return out


def mixed(frames: int, outputs: int, *sizes: int) -> tuple[Sound, Sound]:
    """Return what a card with so many outputs gets, called for blocks of these sizes, and what the mix is."""
    sound = noise(1, 5000, 2)
    with playing(sound) as ours, playing(sound) as theirs:
        for mixer in (ours, theirs):
            mixer.send(1, 1, 0.5, pan=0.3)
            mixer.block.commit()
        card, heard = Card(ours, outputs), list[Sound]()
        while sum(map(len, heard)) < frames:
            heard += [card.call(size) for size in sizes]
        out = np.concatenate(heard)
        return out, theirs.play(len(out) // 128)


@pytest.mark.parametrize("outputs", [2, 4, OUTPUTS])
def test_a_card_fades_in_and_hears_main_on_outputs_one_and_two_and_the_mixes_after_them(outputs: int) -> None:
    out, mix = mixed(10_000, outputs, 512, 128, 256, 32, 96)
    assert np.abs(mix[:, 3]).max() > 0.01
    assert np.array_equal(out[BEGUN:], mix[BEGUN:, :outputs])
    assert np.allclose(out[:FADE], mix[:FADE, :outputs] * curve(FADE, 0, FADE, (0, 1))[:, np.newaxis], atol=1e-6)


def test_a_card_with_one_output_hears_main_folded_and_outputs_that_no_mix_is_for_are_silent() -> None:
    out, mix = mixed(10_000, 1, 256)
    assert np.allclose(out[BEGUN:, 0], mix[BEGUN:, :2].mean(axis=1), atol=1e-7)
    out, mix = mixed(10_000, OUTPUTS + 3, 256)
    assert np.array_equal(out[BEGUN:, :OUTPUTS], mix[BEGUN:])
    assert not out[:, OUTPUTS:].any()


def test_calls_and_what_the_card_had_to_do_without_are_counted() -> None:
    with playing(noise(1)) as mixer:
        card = Card(mixer, 2)
        for flags in (0, UNDERFLOWN, 1, OVERFLOWN | 1):
            card.call(128, flags)
        assert card.device.counts[[CALLS, XRUNS]].tolist() == [4, 2]


def test_more_frames_than_can_be_mixed_at_once_are_silence_and_count_as_missed() -> None:
    with playing(noise(1)) as mixer:
        mixer.settle()
        card = Card(mixer, 2)
        assert not card.call(MOST_FRAMES + 1).any()
        assert card.device.counts[XRUNS] == 1
        assert card.call(128).any(), "the mix goes on"


def test_an_event_of_the_library_is_counted_where_its_argument_says() -> None:
    count = np.zeros(2, np.int64)
    count_up = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(enter().address_of(COUNT_UP))
    assert [count_up(count[1:].ctypes.data) for _ in range(3)] == [0, 0, 0]
    assert count.tolist() == [0, 3]


def test_the_compiled_code_calls_nothing_but_mathematics(tmp_path: Path) -> None:
    """An allocation, a lock, an exception or the interpreter would be a function of another library."""
    if not shutil.which("nm") or not shutil.which(LINKER):
        pytest.skip("binutils are not installed")
    linked = list(built_ahead(tmp_path / "ahead").glob("*.so"))
    assert linked
    for file in linked:
        command = ("nm", "--undefined-only", "--format=just-symbols", file)
        listed = subprocess.run(command, capture_output=True, check=True)
        assert set(listed.stdout.decode().split()) <= MATHS
