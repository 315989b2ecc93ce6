"""Tape between the mix and what reads it: every sample once, and silence of the right length for what came too late."""

from __future__ import annotations

import numpy as np

from remote_mixer.engine.tape import MARGIN_FRAMES, Tape
from tests.engine.bare_mixer import Sound, noise

LENGTH, COLUMNS = MARGIN_FRAMES + 10_000, 3


class Written:
    """A tape, and the hand that writes it."""

    def __init__(self) -> None:
        self.sound, self.count = np.zeros((LENGTH, COLUMNS), np.float32), np.zeros(1, np.int64)
        self.tape = Tape(self.sound, self.count)

    def write(self, sound: Sound) -> None:
        for frame in sound:
            self.sound[self.count[0] % LENGTH] = frame
            self.count[0] += 1


def test_a_reader_gets_every_frame_once_from_where_it_joined_around_the_tapes_end() -> None:
    written, sound = Written(), noise(1, 3 * LENGTH, COLUMNS)
    written.write(sound[:1234])
    reader, heard = written.tape.reader(), []
    for start in range(1234, len(sound), 5000):
        written.write(sound[start : start + 5000])
        heard += list(reader.read())
    assert np.array_equal(np.concatenate(heard), sound[1234:])
    assert reader.lost_frames == 0
    assert not list(reader.read())


def test_what_comes_too_late_for_a_reader_is_silence_of_the_same_length_and_is_counted() -> None:
    written, sound = Written(), 1 + noise(1, 2 * LENGTH, COLUMNS)
    reader = written.tape.reader()
    written.write(sound)
    heard = np.concatenate(list(reader.read()))
    lost = LENGTH + MARGIN_FRAMES
    assert reader.lost_frames == lost
    assert not heard[:lost].any()
    assert np.array_equal(heard[lost:], sound[lost:])


def test_readers_do_not_know_each_other() -> None:
    written = Written()
    first = written.tape.reader()
    written.write(noise(1, 100, COLUMNS))
    second = written.tape.reader()
    written.write(noise(2, 100, COLUMNS))
    assert [sum(map(len, reader.read())) for reader in (first, second)] == [200, 100]
