"""A recording on disks that stand still, fill up or fail, and files longer than WAV can say."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from remote_mixer.engine import take_header
from remote_mixer.engine.deck_memory import WANTED
from remote_mixer.engine.recording import FULLEST, RING_SECONDS, Recording, TakeFile, packed
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from remote_mixer.engine.take_header import HEADER_BYTES, Full, Mark, Track, made
from tests.engine.bare_mixer import Playing, noise, playing
from tests.engine.running import until

TRACKS = [Track("Kick", "ch1"), Track("Main left", "main left"), Track("Main right", "main right")]
SECOND_BLOCKS = RATE // BLOCK_FRAMES


class Disk(TakeFile):
    """A take on a disk that stands still while `stands`, and has room for so many bytes."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, TRACKS)
        self.goes = threading.Event()
        self.goes.set()
        self.room = 1 << 40

    def write(self, sound: NDArray[np.float32]) -> None:
        self.goes.wait()
        if (self.frames + len(sound)) * self.frame_bytes > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write(sound)


@pytest.fixture
def mixing() -> Iterator[Playing]:
    with playing(noise(1)) as played:
        played.mixer.deck.armed[0, 0] = 0
        played.mixer.deck.outputs[:2] = 1, 2
        played.settle()
        yield played


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path / "Gig.wav")


def closed(taking: Recording) -> NDArray[np.float32]:
    """Wait until a take is closed; return its sound."""
    until(lambda: not taking.is_open)
    return np.asarray(soundfile.read(taking.file.path, dtype="float32", always_2d=True)[0])


def mix(mixing: Playing, taking: Recording, seconds: float) -> NDArray[np.float32]:
    """Mix a while, faster than in real time, with a look after the disk each twentieth of a second."""
    outs = []
    for _ in range(round(seconds * 20)):
        outs.append(mixing.play(SECOND_BLOCKS // 20))
        taking.watch()
    return np.concatenate(outs)


def test_a_disk_that_stands_still_for_ten_seconds_is_said_and_costs_no_sample(mixing: Playing, disk: Disk) -> None:
    taking = Recording(mixing.mixer.deck, disk)
    disk.goes.clear()
    first = mix(mixing, taking, 10)
    assert "The disk is slow: 9 s" in taking.note or "The disk is slow: 10 s" in taking.note
    disk.goes.set()
    until(lambda: taking.fill < 0.1)
    rest = mix(mixing, taking, 1)
    assert taking.note == ""
    taking.stop()
    heard = closed(taking)
    out = np.concatenate([first, rest])[:, :2]
    assert np.abs(heard[:, 1:] - out).max() <= 2**-23
    assert taking.fill == 0


def test_a_disk_that_stays_away_ends_the_take_which_is_whole_once_it_is_back(mixing: Playing, disk: Disk) -> None:
    taking = Recording(mixing.mixer.deck, disk)
    disk.goes.clear()
    out = mix(mixing, taking, RING_SECONDS + 2)
    assert "stood still" in taking.note
    assert not taking.is_recording
    disk.goes.set()
    heard = closed(taking)
    assert len(heard) == pytest.approx(FULLEST * RING_SECONDS * RATE, abs=RATE / 5)
    assert np.abs(heard[:, 1:] - out[: len(heard), :2]).max() <= 2**-23
    assert np.abs(mixing.play(10)).max() > 0.05


def test_a_full_disk_ends_the_take_whole_and_the_mix_goes_on(
    mixing: Playing, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = Recording(mixing.mixer.deck, disk)
    monkeypatch.setattr(taking, "_has_room", lambda: False)
    disk.room = RATE * disk.frame_bytes
    out = mix(mixing, taking, 3)
    heard = closed(taking)
    assert "the disk is full" in taking.note
    assert RATE // 2 <= len(heard) <= RATE
    assert np.abs(heard[:, 1:] - out[: len(heard), :2]).max() <= 2**-23
    assert mixing.mixer.deck.record[WANTED] == 0


def test_a_recording_ends_before_the_last_of_the_disk_is_gone(
    mixing: Playing, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    taking = Recording(mixing.mixer.deck, disk)
    taking.left_seconds = 500.0
    taking.watch()
    assert taking.note == "The disk has room for 8 more minutes of this recording."
    taking.left_seconds = 0.0
    taking.watch()
    assert "the disk is full" in taking.note
    closed(taking)


def test_a_header_that_is_refreshed_makes_the_file_whole_for_any_program(mixing: Playing, disk: Disk) -> None:
    taking = Recording(mixing.mixer.deck, disk)
    mix(mixing, taking, 2)
    until(lambda: taking.fill == 0)
    until(lambda: soundfile.info(str(disk.path)).frames >= RATE)
    taking.stop()
    closed(taking)


@pytest.mark.parametrize("longest", [1 << 20, take_header.LONGEST_RIFF_BYTES])
def test_a_take_longer_than_wav_can_say_is_rf64_and_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, longest: int
) -> None:
    monkeypatch.setattr(take_header, "LONGEST_RIFF_BYTES", longest)
    file, sound = TakeFile(tmp_path / "long.wav", TRACKS), noise(5, 4 * RATE, 3)
    file.marks = [Mark(RATE, "Solo")]
    for start in range(0, len(sound), RATE):
        file.write(sound[start : start + RATE])
        file.refresh()
    file.close()
    assert (tmp_path / "long.wav").read_bytes()[:4] == (b"RF64" if longest == 1 << 20 else b"RIFF")
    heard, rate = soundfile.read(tmp_path / "long.wav", dtype="float32")
    assert rate == RATE
    assert np.abs(heard - sound).max() <= 2**-24 + 1e-9
    with (tmp_path / "long.wav").open("rb") as opened:
        assert take_header.read(opened) == (TRACKS, [Mark(RATE, "Solo")])


def test_a_take_past_4_gib_is_read_to_its_last_frame(tmp_path: Path) -> None:
    """The file has a hole of zeros, which takes no room on the disk."""
    file = TakeFile(tmp_path / "huge.wav", TRACKS)
    file.frames = (1 << 32) // file.frame_bytes + 1000
    last = noise(6, RATE, 3)
    file.write(last)
    file.close()
    assert (tmp_path / "huge.wav").stat().st_size > 1 << 32
    with soundfile.SoundFile(tmp_path / "huge.wav") as opened:
        assert (opened.format, opened.frames) == ("RF64", file.frames)
        opened.seek(file.frames - RATE)
        assert np.abs(opened.read(dtype="float32") - last).max() <= 2**-24 + 1e-9


def test_what_goes_over_full_scale_is_cut_off_there() -> None:
    assert packed(np.array([[2.0, -2.0, 0.5]], np.float32)) == b"\xff\xff\x7f\x00\x00\x80\x00\x00\x40"


def test_a_header_with_no_room_for_a_marker_says_so_and_stays_as_it_was() -> None:
    marks = [Mark(number, "x" * 100) for number in range(300)]
    assert len(made(TRACKS, marks, RATE, 0)) == HEADER_BYTES
    with pytest.raises(Full):
        made(TRACKS, marks * 3, RATE, 0)


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"RIFF\xff\xff\xff\xffWAVEcue \x10\0\0\0\x01", b"RF64" + b"\xff" * 500]
)
def test_a_header_of_nonsense_names_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.wav").write_bytes(content)
    with (tmp_path / "odd.wav").open("rb") as opened:
        assert take_header.read(opened) == ([], [])


def test_the_names_in_a_take_stand_where_programs_look_for_them() -> None:
    header = made([Track("Kick & <Snare>", "ch1")], [], RATE, 0)
    assert b"<NAME>Kick &amp; &lt;Snare&gt;</NAME>" in header
