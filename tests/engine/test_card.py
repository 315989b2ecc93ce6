"""Sound cards through the real PortAudio, on devices of ALSA's that take everything and give silence."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile

from remote_mixer.engine import shared
from remote_mixer.engine.controls import MOST_INPUTS, SOURCES
from remote_mixer.engine.output import Clock, Unfit
from remote_mixer.engine.portaudio import NOT_THERE, REASONS, reason
from tests.engine.running import engine, until
from tests.support.complete import need
from tests.support.warm import warm

ALSA = Path("/usr/share/alsa/alsa.conf")
NULL = {
    "!default": "type null",
    "school": "type null",
    "mono": "type multi slaves.a { pcm null channels 1 } bindings.0 { slave a channel 0 }",
}
"""Definitions of cards by name: `school` takes any number of inputs and outputs, of which PortAudio believes 128."""

LOUDSPEAKER = """
import os, sys, time
from pathlib import Path

Path(sys.argv[1]).write_text(str(os.getpid()))
began, heard = time.monotonic(), 0
while sound := os.read(0, 4096):
    heard += len(sound)
    time.sleep(max(began + heard / 384_000 - time.monotonic(), 0))
"""
"""Program that takes two outputs of 32 bits at 48 kHz, no faster; a card whose end it is has gone when it ends."""


def null_cards(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PortAudio see the NULL cards, and no other."""
    need(ALSA.exists(), "ALSA is not installed (apt-get install libasound2 libportaudio2)")
    cards(folder, NULL)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(folder / "asoundrc"))


def cards(folder: Path, definitions: Mapping[str, str]) -> None:
    """Write ALSA's configuration."""
    shown = (f'pcm.{name} {{ {what} hint {{ show on description "{name}" }} }}' for name, what in definitions.items())
    (folder / "new").write_text("\n".join((f"<{ALSA}>", *shown, "")))
    (folder / "new").replace(folder / "asoundrc")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    null_cards(tmp_path, monkeypatch)
    return warm(tmp_path)


def test_a_card_is_found_by_a_part_of_its_name_and_calls_the_mix_with_its_inputs(data: Path) -> None:
    with engine(data, "--output=card", "--card=SCHO", "--inputs=4", "--frames=64") as running:
        assert (running.ready["output"], running.ready["audible"]) == ("school, 4 inputs, 2 outputs", True)
        running.plays(1)


def test_a_card_that_is_not_there_is_named_and_the_mix_goes_on(data: Path) -> None:
    with engine(data, "--output=card", "--card=Scarlett", "--inputs=4") as running:
        assert not running.ready["audible"]
        assert running.ready["remarks"] == [NOT_THERE.format(card="Scarlett")]
        running.plays(0.2)


@pytest.mark.parametrize(
    ("card", "inputs", "title", "remark"),
    [
        ("mono", 4, "mono, 1 input, 1 output", "mono has 1 of 4 inputs: channels on the others are silent."),
        ("school", MOST_INPUTS, "school, 64 inputs, 2 outputs", "school has 128 inputs: the mixer takes the first 64."),
    ],
)
def test_a_card_with_fewer_inputs_than_channels_or_more_than_the_mixer_takes_is_named_and_plays(
    data: Path, card: str, inputs: int, title: str, remark: str
) -> None:
    with engine(data, "--output=card", f"--card={card}", f"--inputs={inputs}", "--frames=64") as running:
        assert (running.ready["output"], running.ready["audible"]) == (title, True)
        assert remark in running.ready["remarks"]
        running.plays(0.5)


def test_a_card_that_is_unplugged_while_its_inputs_are_recorded_leaves_a_whole_take_that_went_on(data: Path) -> None:
    speaker = (sys.executable, str(data / "speaker.py"), str(data / "pid"))
    (data / "speaker.py").write_text(LOUDSPEAKER)
    cards(data, NULL | {"usb": f'type file slave.pcm null format raw file "|exec {" ".join(speaker)}"'})
    with engine(data, "--output=card", "--card=usb", "--inputs=2", "--frames=128") as running:
        assert running.ready["audible"]
        running.block.write("ch1/source", SOURCES.index("tone"))
        running.block.write("ch1/arm", 1)
        running.block.commit()
        file = data / str(running.answer(do="record", folder=str(data), name="Gig", names={})["recording"])
        running.plays(0.5)
        os.kill(int((data / "pid").read_text()), signal.SIGKILL)
        while not (said := running.line()).get("output"):
            pass
        assert (said["output"], said["audible"]) == (Clock.title, False)
        before = running.block.words[shared.BLOCKS]
        running.plays(0.5)
        assert running.answer(do="stop-recording") == {"stopping": file.name}
        after = running.block.words[shared.BLOCKS]
        until(lambda: soundfile.info(file).frames > (after - before) * shared.BLOCK_FRAMES)
        tone = soundfile.read(file, always_2d=True)[0][shared.RATE // 10 :, 0]
    assert 20 * np.log10(np.sqrt(np.mean(tone**2))) == pytest.approx(-20, abs=0.1)


@pytest.mark.parametrize("code", REASONS)
def test_what_a_person_can_mend_is_a_sentence_about_the_card(code: int) -> None:
    error = reason(OSError("Error opening Stream", code), "Scarlett")
    assert isinstance(error, Unfit)
    assert str(error).startswith("Scarlett ")
    assert not isinstance(reason(OSError("Error opening Stream", -1), "Scarlett"), Unfit)


def test_a_card_that_is_named_for_the_inputs_too_is_one_card_with_one_clock(data: Path) -> None:
    with engine(data, "--output=card", "--card=school", "--input-card=SCHOOL", "--inputs=2") as running:
        assert (running.ready["output"], running.ready["microphones"]) == ("school, 2 inputs, 2 outputs", "")


def test_a_card_for_the_inputs_that_is_not_there_is_named_and_no_other_cards_inputs_take_its_place(data: Path) -> None:
    with engine(data, "--output=card", "--card=school", "--input-card=C920", "--inputs=2") as running:
        assert (running.ready["output"], running.ready["audible"]) == ("school, 0 inputs, 2 outputs", True)
        assert running.ready["remarks"][0] == NOT_THERE.format(card="C920")
        running.plays(0.2)
