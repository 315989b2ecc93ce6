"""Takes of a real engine: recorded, killed, played in place of the inputs, from another program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from remote_mixer.engine import shared
from remote_mixer.engine.controls import SOURCES
from remote_mixer.engine.soundcheck import MOST_TRACKS
from tests.engine.bare_mixer import noise
from tests.engine.running import Running, engine, until
from tests.support.warm import warm

Sound = NDArray[np.float32]
SECOND = shared.RATE
QUIETEST = 10 ** (-100 / 20)
NAMES = {"ch1": "Kick", "ch2": "Keys", "main": "Main"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return warm(tmp_path)


@pytest.fixture
def stems(tmp_path: Path) -> Path:
    """Two channels of ten seconds of noise, the second with two sides."""
    folder = tmp_path / "stems of mine"
    folder.mkdir()
    soundfile.write(folder / "1 Kick.wav", noise(1, 10 * SECOND), SECOND, subtype="FLOAT")
    soundfile.write(folder / "2 Keys.wav", noise(2, 10 * SECOND, 2), SECOND, subtype="FLOAT")
    return folder


@contextmanager
def mixing(data: Path, *options: str) -> Iterator[Running]:
    with engine(data, *options) as running:
        for channel in (1, 2):
            running.block.write(f"ch{channel}/arm", 1)
            running.block.write(f"ch{channel}/take", 1)
        running.block.commit()
        yield running


def news(running: Running, what: str, **wanted: Any) -> dict[str, Any]:
    """Return the next news of the recorder or the soundcheck that says this."""
    while line := running.line():
        said = line.get(what)
        if said and wanted.items() <= said.items():
            return dict(said)
    raise AssertionError("the engine has ended")


def record(running: Running, folder: Path, seconds: float, name: str = "Gig") -> Path:
    """Record a take of about so many seconds, and wait until it is closed."""
    file = running.answer(do="record", folder=str(folder), name=name, names=NAMES)["recording"]
    running.plays(seconds)
    assert running.answer(do="stop-recording") == {"stopping": file}
    news(running, "recorder", file="")
    return folder / str(file)


def sound(path: Path) -> Sound:
    return np.asarray(soundfile.read(path, dtype="float32", always_2d=True)[0])


def found(piece: Sound, whole: Sound) -> int:
    """Return the frame of a track at which a piece of it begins."""
    windows = np.lib.stride_tricks.sliding_window_view(whole, len(piece))
    return int(np.argmin(np.abs(windows[:, ::20] - piece[::20]).max(axis=1)))


def listed(running: Running, folder: Path) -> list[dict[str, Any]]:
    return list(running.answer(do="list-takes", folder=str(folder))["takes"])


def test_one_take_has_every_channel_main_and_the_mixes_with_their_names_and_markers(data: Path, stems: Path) -> None:
    with mixing(data, f"--stems={stems}") as running:
        running.plays(0.2)
        running.answer(do="record", folder=str(data / "takes"), name="Gig: 1/2", names=NAMES)
        running.plays(0.5)
        marked = running.answer(do="mark", name="Solo & <more>")["marked"]
        running.plays(0.5)
        file = running.answer(do="stop-recording")["stopping"]
        news(running, "recorder", file="")
        (row,) = listed(running, data / "takes")
    assert (row["file"], row["name"], file) == ("Gig 1 2.wav", "Gig 1 2", "Gig 1 2.wav")
    assert row["tracks"][:6] == ["Kick", "Keys left", "Keys right", "Main left", "Main right", "bus1 left"]
    assert row["marks"] == [{"at": pytest.approx(marked, abs=0.1), "name": "Solo & <more>"}]
    assert row["bytes"] == (data / "takes" / file).stat().st_size
    assert (row["problem"], row["seconds"]) == ("", pytest.approx(1.0, abs=0.5))
    info = soundfile.info(str(data / "takes" / file))
    assert (info.subtype, info.samplerate) == ("PCM_24", SECOND)
    heard = sound(data / "takes" / file)
    place = found(heard[1000:1200, 0], noise(1, 10 * SECOND)[:, 0])
    for track, stem in enumerate((noise(1, 10 * SECOND), *noise(2, 10 * SECOND, 2).T)):
        there = stem.reshape(-1)[place : place + len(heard) - 1000]
        assert np.abs(heard[1000:, track] - there).max() <= 2**-23


def test_a_channel_that_is_not_armed_is_left_out(data: Path, stems: Path) -> None:
    with mixing(data, f"--stems={stems}") as running:
        running.block.write("ch2/arm", 0)
        record(running, data / "takes", 0.2)
        assert listed(running, data / "takes")[0]["tracks"][:2] == ["Kick", "Main left"]


def test_no_take_is_written_over(data: Path, stems: Path) -> None:
    with mixing(data, f"--stems={stems}") as running:
        files = {record(running, data / "takes", 0.1).name for _ in range(2)}
    assert files == {"Gig.wav", "Gig-2.wav"}


def test_a_killed_engine_leaves_a_take_that_lacks_at_most_two_seconds_to_any_program(data: Path, stems: Path) -> None:
    with mixing(data, f"--stems={stems}") as running:
        running.answer(do="record", folder=str(data / "takes"), name="Gig", names=NAMES)
        began = running.block.words[shared.BLOCKS]
        running.plays(3.5)
        running.process.kill()
        running.process.wait(10)
        played = (running.block.words[shared.BLOCKS] - began) * shared.BLOCK_FRAMES
    info = soundfile.info(str(data / "takes" / "Gig.wav"))  # by its header alone
    assert played - info.frames <= 2 * SECOND
    with mixing(data, f"--stems={stems}") as running:
        assert listed(running, data / "takes")[0]["seconds"] >= info.frames / SECOND
        assert record(running, data / "takes", 0.1).name == "Gig-2.wav"


def test_a_take_that_is_played_gives_the_same_main_as_the_inputs_to_100_db(data: Path, stems: Path) -> None:
    """Through gain, equaliser, compressor and fader: recorded, played with the stems halted, and recorded again."""
    takes = data / "takes"
    with mixing(data, f"--stems={stems}") as running:
        for path, number in {"gain": 6.0, "eq/on": 1, "eq/2/type": 2, "eq/2/freq": 2000.0, "eq/2/gain": 9.0}.items():
            running.block.write(f"ch1/{path}", number)
        for path, number in {"dyn/on": 1, "dyn/threshold": -30.0, "dyn/ratio": 6, "dyn/mix": 100.0}.items():
            running.block.write(f"ch1/{path}", number)
        running.block.write("ch1/fader", 0.5)
        running.block.commit()
        running.plays(0.5)
        first = record(running, takes, 3)
        running.block.write("transport/play", 0)
        running.block.write("ch1/gain", 20.0)  # before the point that is recorded: it acts on no take
        running.block.commit()
        running.answer(do="record", folder=str(takes), name="Again", names=NAMES)
        assert running.answer(do="play-take", folder=str(takes), file=first.name)["note"] == ""
        running.plays(2.5)
        running.answer(do="stop-recording")
        news(running, "recorder", file="")
    was, now = sound(first), sound(takes / "Again.wav")
    start = int(np.argmax(np.abs(now[:, 0]) > 0.05))
    place = found(now[start + SECOND : start + SECOND + 200, 0], was[:, 0])
    count = min(len(was) - place, len(now) - start - SECOND, SECOND)
    for track in range(5):  # both channels, and both sides of main
        difference = now[start + SECOND :][:count, track] - was[place : place + count, track]
        assert np.abs(difference).max() < QUIETEST, track
    assert np.abs(was[:, 3]).max() > 0.05


def test_a_take_plays_from_any_place_looped_is_halted_and_goes_on(data: Path, stems: Path) -> None:
    takes = data / "takes"
    with mixing(data, f"--stems={stems}") as running:
        take = record(running, takes, 2)
        running.answer(do="play-take", folder=str(takes), file=take.name, at=1.0, loop=True, **{"from": 0.5, "to": 1.5})
        playing = news(running, "soundcheck", runs=True, loop=[0.5, 1.5])
        positions = [playing["position"]]
        while len(positions) < 12:
            positions.append(news(running, "soundcheck")["position"])
        assert max(positions) <= 1.6
        assert min(positions) >= 0.5
        assert any(after < before for before, after in pairwise(positions))
        running.answer(do="run-take", on=False)
        stands = news(running, "soundcheck", runs=False)["position"]
        running.answer(do="run-take", on=True)
        news(running, "soundcheck", runs=True)
        assert 0.5 <= stands <= 1.6
        assert running.answer(do="live") == {"live": True}
        news(running, "soundcheck", file="")
        assert "inputs are live" in running.answer(do="run-take", on=True)["refused"]


def test_a_take_that_has_ended_is_silent_and_never_the_inputs_by_itself(data: Path, stems: Path) -> None:
    takes = data / "takes"
    with mixing(data, f"--stems={stems}") as running:
        take = record(running, takes, 0.3)
        running.answer(do="play-take", folder=str(takes), file=take.name)
        assert news(running, "soundcheck", runs=False)["file"] == take.name
        after = sound(record(running, takes, 0.5, "After"))
        assert np.abs(after[:, :5]).max() == 0
        running.answer(do="live")
        news(running, "soundcheck", file="")
        assert np.abs(sound(record(running, takes, 0.5, "Live"))[:, 0]).max() > 0.05


def test_another_take_takes_the_place_of_one_that_plays(data: Path, stems: Path) -> None:
    takes = data / "takes"
    with mixing(data, f"--stems={stems}") as running:
        first = record(running, takes, 1)
        soundfile.write(takes / "tone.wav", np.full((SECOND, 1), 0.25), SECOND, subtype="FLOAT")
        running.answer(do="play-take", folder=str(takes), file=first.name, loop=True)
        answer = running.answer(do="play-take", folder=str(takes), file="tone.wav", loop=True)
        assert "from another program" in answer["note"]
        assert "channel 2 stays live" in answer["note"]
        running.plays(1)
        heard = sound(record(running, takes, 0.5, "Heard"))
        assert np.percentile(heard[:, 0], 90) == pytest.approx(0.25)
        assert np.abs(heard[:, 1]).max() > 0.05


@pytest.mark.parametrize(
    ("rate", "tracks", "sentence"),
    [
        (44_100, 2, "has 44,100 samples a second, and the mixer 48,000: convert it"),
        (48_000, 1, "channel 2 stays live"),
        (48_000, 5, "its tracks play on the channels in their order"),
    ],
)
def test_takes_of_another_program_are_played_or_refused_with_a_sentence(
    data: Path, stems: Path, rate: int, tracks: int, sentence: str
) -> None:
    takes = data / "takes"
    takes.mkdir()
    soundfile.write(takes / "theirs.flac", noise(3, 5 * rate, tracks), rate)
    (takes / "milk.wav").write_text("milk and bread")
    soundfile.write(takes / "empty.wav", noise(3, 0), SECOND)
    soundfile.write(takes / "organ.wav", noise(3, 10, MOST_TRACKS + 1), SECOND)
    with mixing(data, f"--stems={stems}") as running:
        rows = {row["file"]: row for row in listed(running, takes)}
        assert rows["theirs.flac"]["tracks"] == [f"Track {number}" for number in range(1, tracks + 1)]
        assert "cannot be played" in rows["milk.wav"]["problem"]
        answer = running.answer(do="play-take", folder=str(takes), file="theirs.flac")
        assert sentence in answer.get("refused", "") + answer.get("note", "")
        for name in ("milk", "none", "organ"):
            refused = running.answer(do="play-take", folder=str(takes), file=f"{name}.wav")["refused"]
            assert refused.startswith(f"{name}.wav cannot be played")
        assert running.answer(do="play-take", folder=str(takes), file="empty.wav")["refused"] == "empty.wav is empty."
        running.plays(0.1)


def test_a_take_of_ours_without_a_channel_is_not_called_another_programs(data: Path, stems: Path) -> None:
    with mixing(data, f"--stems={stems}") as running:
        for channel in (1, 2):
            running.block.write(f"ch{channel}/arm", 0)
        take = record(running, data / "takes", 0.2)
        refused = running.answer(do="play-take", folder=str(take.parent), file=take.name)["refused"]
    assert refused == f"{take.name} has no track for a channel of this console."


def test_inputs_are_played_over_channel_by_channel(data: Path) -> None:
    takes = data / "takes"
    takes.mkdir()
    soundfile.write(takes / "tone.wav", np.full((5 * SECOND, 2), 0.25), SECOND, subtype="FLOAT")
    with mixing(data, "--inputs=2") as running:
        for channel in (1, 2):
            running.block.write(f"ch{channel}/source", SOURCES.index(f"input {channel}"))
        running.block.write("ch2/take", 0)
        running.block.commit()
        running.answer(do="play-take", folder=str(takes), file="tone.wav", loop=True)
        running.plays(0.5)
        heard = sound(record(running, takes, 0.3))
        assert (heard[:, 0].max(), np.abs(heard[:, 1]).max()) == (0.25, 0)


def test_a_recording_where_nothing_can_be_written_is_refused_and_the_mix_goes_on(data: Path, stems: Path) -> None:
    (data / "takes").write_text("no folder")
    with mixing(data, f"--stems={stems}") as running:
        refused = running.answer(do="record", folder=str(data / "takes"), name="Gig", names={})["refused"]
        assert "Nothing is recorded" in refused
        running.plays(0.1)


def test_the_room_on_the_disk_is_said_before_and_while_a_take_is_recorded(data: Path, stems: Path) -> None:
    with mixing(data, f"--stems={stems}") as running:
        listed(running, data / "takes")
        until_time = time.monotonic() + 10
        while not news(running, "recorder")["left"]:
            assert time.monotonic() < until_time
        running.answer(do="record", folder=str(data / "takes"), name="Gig", names={})
        assert news(running, "recorder", file="Gig.wav")["left"] > 0
        until(lambda: (data / "takes" / "Gig.wav").stat().st_size > 100_000)
