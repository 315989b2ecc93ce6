"""Sinks and sources that join and leave a real engine while it plays, by commands on its line."""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
import pytest
import soundfile

from remote_mixer.engine import shared
from tests.engine.bare_mixer import noise, steady
from tests.engine.running import Running, engine, recorded, until
from tests.support.warm import warm

FADE_FRAMES = 480
HALF = 10 ** (-3.0103 / 20)  # a mono channel at the centre, on one side of main


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return warm(tmp_path)


def folder(path: Path, *amplitudes: float) -> Path:
    """A folder of mono stems that are steady."""
    path.mkdir()
    for number, amplitude in enumerate(amplitudes):
        soundfile.write(path / f"{number}.wav", steady(amplitude), 48_000, subtype="FLOAT")
    return path


def record(running: Running, name: str, file: Path) -> dict[str, object]:
    return running.answer(do="join-sink", name=name, sink="recorder", file=str(file))


def plays_on(running: Running) -> None:
    """Wait for 0.1 s more of the mix."""
    running.plays(0.1)
    assert running.process.poll() is None


def test_a_recorder_joins_while_it_plays_and_the_file_is_whole_once_it_has_left(data: Path) -> None:
    loop = noise(1, 48_000)
    stems = folder(data / "mine")
    soundfile.write(stems / "noise.wav", loop, 48_000, subtype="FLOAT")
    with engine(data, f"--stems={stems}") as running:
        running.plays(0.3)
        assert record(running, "take", data / "take.wav") == {"joined": "take", "file": str(data / "take.wav")}
        running.plays(0.5)
        assert running.answer(do="leave-sink", name="take") == {"left": "take"}
        main = recorded(data / "take.wav")[:, 0]
        plays_on(running)
    assert len(main) >= 0.4 * shared.RATE
    assert len(main) % shared.BLOCK_FRAMES == 0
    (start,) = np.flatnonzero(np.isclose(loop[:, 0] * HALF, main[0], atol=1e-7))[:1]
    assert np.allclose(main, HALF * np.resize(np.roll(loop[:, 0], -start), len(main)), atol=1e-5)


def test_two_recorders_take_the_same_sound_and_one_stays_when_the_other_leaves(data: Path) -> None:
    stems = folder(data / "mine", 0.5)
    with engine(data, f"--stems={stems}", f"--record={data / 'all.wav'}") as running:
        record(running, "take", data / "take.wav")
        running.plays(0.2)
        running.answer(do="leave-sink", name="take")
        running.plays(0.3)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
        played = running.block.words[shared.BLOCKS] * shared.BLOCK_FRAMES
    take, whole = recorded(data / "take.wav"), recorded(data / "all.wav")
    assert len(whole) == played > len(take) > 0.1 * shared.RATE
    assert whole[-1] == pytest.approx(0.5 * HALF, abs=1e-6)
    assert take[-1] == pytest.approx(0.5 * HALF, abs=1e-6)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ({"do": "dance"}, "There is no command 'dance'"),
        ({}, "There is no command None"),
        ({"do": "join-sink", "name": "a", "sink": "radio"}, "no kind of sink 'radio'"),
        ({"do": "join-sink", "sink": "recorder", "file": "a.wav"}, "needs a text 'name'"),
        ({"do": "join-sink", "name": "a", "sink": "recorder", "file": "/dev/null/a.wav"}, "cannot be written"),
        ({"do": "leave-sink", "name": "a"}, "There is no sink 'a'"),
        ({"do": "leave-source", "name": "a"}, "There is no source 'a'"),
        ({"do": "join-source", "name": "a", "source": "tape"}, "no kind of source 'tape'"),
        ({"do": "join-source", "name": "a", "source": "stems", "folder": "/dev/null"}, "There is no folder"),
        ({"do": "mix", "block": "/dev/null"}, "There is no command 'mix' here"),
    ],
)  # fmt: skip
def test_a_command_that_cannot_be_carried_out_is_refused_with_a_sentence_and_the_mix_plays_on(
    shared_engine: Running, command: dict[str, object], sentence: str
) -> None:
    assert sentence in str(shared_engine.answer(**command)["refused"])
    plays_on(shared_engine)


def test_a_line_that_is_no_command_is_refused_and_the_mix_plays_on(shared_engine: Running) -> None:
    assert shared_engine.process.stdin
    shared_engine.process.stdin.write(b"milk\n[1]\n\n")
    shared_engine.process.stdin.flush()
    for _ in range(2):
        line = shared_engine.line()
        assert line["answer"] is None
        assert "There is no command" in line["refused"]
    plays_on(shared_engine)


@pytest.fixture(scope="module")
def shared_engine(tmp_path_factory: pytest.TempPathFactory) -> object:
    folder_of_data = warm(tmp_path_factory.mktemp("data"))
    with engine(folder_of_data, f"--stems={folder(folder_of_data / 'mine', 0.5)}") as running:
        yield running


def test_a_source_joins_and_leaves_while_the_stems_play_on(data: Path) -> None:
    stems, more = folder(data / "mine", 0.5), folder(data / "more", 0.25, 0.125)
    with engine(data, f"--stems={stems}", f"--record={data / 'all.wav'}") as running:
        running.plays(0.1)
        joined = running.answer(do="join-source", name="more", source="stems", folder=str(more))
        assert joined == {"joined": "more", "channels": [2, 3], "problems": []}
        running.plays(0.2)
        assert running.answer(do="leave-source", name="more") == {"left": "more"}
        running.plays(0.2)
        assert running.answer(do="leave-source", name="stems") == {"left": "stems"}
        running.plays(0.2)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
    main = recorded(data / "all.wav")[:, 0] / HALF
    stood = [value for value in (0.5, 0.875, 0.0) if np.count_nonzero(np.isclose(main, value, atol=1e-5)) > 4800]
    assert stood == [0.5, 0.875, 0.0]
    assert np.abs(np.diff(main)).max() < 0.5 / 150, "nothing clicks"
    assert main[-1] == 0


def test_a_channel_that_stays_plays_on_without_a_gap(data: Path) -> None:
    stems, more = folder(data / "mine", 0.5), folder(data / "more", 0.0)
    with engine(data, f"--stems={stems}", f"--record={data / 'all.wav'}") as running:
        running.plays(0.1)
        for _ in range(3):
            running.answer(do="join-source", name="more", source="stems", folder=str(more))
            running.plays(0.1)
            running.answer(do="leave-source", name="more")
            running.plays(0.1)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
    main = recorded(data / "all.wav")[FADE_FRAMES + shared.BLOCK_FRAMES :, 0]
    assert np.allclose(main, 0.5 * HALF, atol=1e-6)


def test_more_channels_than_there_are_are_refused(data: Path) -> None:
    stems, more = folder(data / "mine", *[0.1] * 40), folder(data / "more", *[0.1] * 25)
    with engine(data, f"--stems={stems}") as running:
        refused = running.answer(do="join-source", name="more", source="stems", folder=str(more))["refused"]
        assert refused == "25 channels are needed, and 24 of 64 are free."
        until(lambda: running.block.words[shared.BLOCKS])
