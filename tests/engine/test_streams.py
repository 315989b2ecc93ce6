"""Sound that comes from disk while it plays: the same as from memory, and no stall of a disk stops the mix."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from remote_mixer.engine import shared, sources
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import BLOCK_FRAMES
from remote_mixer.engine.sources import Supply
from remote_mixer.engine.streams import PIECE_FRAMES, RING_FRAMES, Streams
from remote_mixer.engine.turn import PATIENCE_SECONDS, READY_SECONDS
from remote_mixer.engine.turn_memory import END, START
from tests.engine import reference
from tests.engine.bare_mixer import OUTPUTS, RAMP_BLOCKS, Playing, Sound, noise, playing, steady
from tests.engine.reference import Channel
from tests.engine.running import until

HALF = 10 ** (-3.0103 / 20)
LENGTHS = (30_000, 47_999, 60_001, 128)
LOOP = max(LENGTHS)


class Disk:
    """Sound that can be read while `works`."""

    def __init__(self, sound: Sound) -> None:
        self.sound, self.shape = sound, sound.shape
        self.works, self.reads = threading.Event(), 0
        self.works.set()

    def __len__(self) -> int:
        return len(self.sound)

    def __getitem__(self, frames: slice) -> Sound:
        self.reads += 1
        assert self.works.wait(60)
        return self.sound[frames]


@pytest.fixture(autouse=True)
def nothing_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "HELD_SAMPLES", 0)


@contextmanager
def streaming(*disks: Disk) -> Iterator[Playing]:
    with playing(*disks) as mixer:
        until(lambda: is_ready(mixer))
        yield mixer
        mixer.mixer._lineup.supply.stop()


def play(mixer: Playing, blocks: int, turn: int = 4) -> Sound:
    """Mix turn by turn, each when its sound is there: faster than time goes by."""
    out = np.zeros((blocks // turn, turn * BLOCK_FRAMES, OUTPUTS), np.float32)
    for block in out:
        until(lambda: is_ready(mixer))
        mixer.mixer.mix(block)
    return out.reshape(-1, OUTPUTS)


def holds(mixer: Playing, strip: int, frames: int = 1000) -> bool:
    """Whether the ring of one strip has sound for the next turn."""
    playing = mixer.mixer._lineup
    return has(playing.supply, int(playing.mix.position[0]), strip, frames)


def has(supply: Supply, position: int, strip: int, frames: int) -> bool:
    start, end = supply.supplied.there[[START, END], strip].tolist()
    return bool(start <= position and end >= position + frames)


def is_ready(mixer: Playing) -> bool:
    """Whether all strips have sound for the next moments."""
    strips = range(len(mixer.mixer._lineup.supply.supplied.silent))
    return all(holds(mixer, strip, round(READY_SECONDS * shared.RATE)) for strip in strips)


def arrives(mixer: Playing) -> None:
    """Wait until the channels to come have their sound."""
    coming = mixer.mixer._next
    assert coming
    supply, position = coming.supply, int(coming.mix.position[0])
    until(
        lambda: all(
            has(supply, position, strip, round(READY_SECONDS * shared.RATE))
            for strip in range(len(supply.supplied.silent))
        )
    )


def sounds() -> list[Sound]:
    return [noise(number, frames, 1 + number % 2) for number, frames in enumerate(LENGTHS)]


@pytest.mark.parametrize("turn", [1, 4, 7])
def test_stems_of_unequal_length_stay_in_step_over_many_loops_whatever_the_size_of_a_block(turn: int) -> None:
    channels = [Channel(sound) for sound in sounds()]
    with streaming(*map(Disk, sounds())) as mixer:
        mixer.play(RAMP_BLOCKS)
        out = play(mixer, 7 * 300, turn)
    assert len(out) > 4 * LOOP
    wanted = reference.main(channels, RAMP_BLOCKS * BLOCK_FRAMES, len(out))
    assert np.allclose(out[:, :2], wanted, atol=3e-6)


def test_sixty_four_stereo_stems_arrive_each_in_its_place() -> None:
    channels = [Channel(noise(n, 20_000 + n, 1 + n % 2), fader=n / 64) for n in range(64)]
    with streaming(*(Disk(channel.sound) for channel in channels)) as mixer:
        for number, channel in enumerate(channels, start=1):
            mixer.fader(number, channel.fader)
        mixer.settle()
        out = play(mixer, 300)
    assert np.allclose(out[:, :2], reference.main(channels, RAMP_BLOCKS * BLOCK_FRAMES, len(out)), atol=2e-5)


@pytest.mark.parametrize("frame", [24_000, 59_999, 100, LOOP + 5_000])
def test_a_seek_goes_on_from_the_wanted_place_on_all_strips(frame: int) -> None:
    channels = [Channel(sound) for sound in sounds()]
    with streaming(*map(Disk, sounds())) as mixer:
        play(mixer, 40)
        mixer.block.seek(frame / shared.RATE)
        mixer.play(4)  # fades out
        mixer.play(1)  # jumps, and fades in at once where the sound is there already
        play(mixer, 4)
        stands = round(mixer.block.doubles[shared.POSITION_SECONDS] * shared.RATE)
        out = play(mixer, 40)
    assert (stands - frame) % LOOP in {4 * BLOCK_FRAMES, 5 * BLOCK_FRAMES}
    assert np.allclose(out[:, :2], reference.main(channels, stands, len(out)), atol=3e-6)


def test_the_count_of_frames_begins_again_where_loop_and_ring_do() -> None:
    streams = Streams({0: Stem("a", noise(1, LOOP))})
    assert (streams.wrap % LOOP, streams.wrap % RING_FRAMES) == (0, 0)


def stalled(mixer: Playing, disk: Disk) -> Sound:
    """Mix on while the disk is stuck, until its ring has been empty for a second."""
    disk.works.clear()
    return mixer.play((RING_FRAMES + shared.RATE) // BLOCK_FRAMES)


def test_a_disk_that_stalls_silences_its_own_strip_without_a_click_and_is_in_step_again() -> None:
    loop = noise(2, 7 * shared.RATE)
    slow, good = Disk(steady(0.5).repeat(400, axis=0)), Disk(loop)
    with streaming(slow, good) as mixer:
        mixer.pan(1, -1)
        mixer.pan(2, 1)
        mixer.settle()
        play(mixer, 40)
        start = round(mixer.block.doubles[shared.POSITION_SECONDS] * shared.RATE)
        out = [play(mixer, 4)]
        slow.works.clear()
        for _ in range((RING_FRAMES + shared.RATE) // BLOCK_FRAMES // 4):
            until(lambda: holds(mixer, 1))
            out.append(mixer.play(4))
        slow.works.set()
        out.append(play(mixer, 100))
        faults = mixer.mixer.faults()
    left, right = np.concatenate(out)[:, :2].T
    assert np.array_equal(right, loop[(start + np.arange(len(right))) % len(loop), 0]), "the other strip plays on"
    assert np.count_nonzero(np.abs(left) < 1e-6) > shared.RATE // 2
    assert np.abs(np.diff(left)).max() <= 0.5 / BLOCK_FRAMES + 1e-6, "no click"
    assert left[-1] == pytest.approx(0.5)
    assert faults == ["0 was silent once: its disk was too slow. Play it from a faster disk."]


def test_after_a_stall_the_sound_is_where_the_timeline_is() -> None:
    ramp = (np.arange(20 * shared.RATE) / (20 * shared.RATE)).astype(np.float32).reshape(-1, 1)
    disk = Disk(ramp)
    with streaming(disk) as mixer:
        play(mixer, 40)
        stalled(mixer, disk)
        disk.works.set()
        play(mixer, 40)
        stands = round(mixer.block.doubles[shared.POSITION_SECONDS] * shared.RATE)
        out = mixer.play(1)
    assert np.allclose(out[:, 0], HALF * ramp[stands : stands + BLOCK_FRAMES, 0], atol=1e-6)


def test_a_strip_whose_disk_never_answers_is_left_behind_after_a_second() -> None:
    stuck, good = Disk(noise(1, LOOP)), Disk(steady(0.5).repeat(60, axis=0))
    stuck.works.clear()
    with playing(stuck, good) as mixer:
        until(lambda: holds(mixer, 1))
        waiting = PATIENCE_SECONDS * shared.RATE // BLOCK_FRAMES - 4
        assert not mixer.play(1).any()
        for _ in range(waiting // 4):
            assert not mixer.play(4).any()
        mixer.play(8)
        mixer.settle()
        assert mixer.play(4)[-1, 0] == pytest.approx(0.5 * HALF)
        assert len(mixer.mixer.faults()) == 1
        mixer.mixer._lineup.supply.stop()
        stuck.works.set()


def test_a_halted_transport_misses_nothing_and_goes_on_at_once() -> None:
    disk = Disk(steady(0.5).repeat(600, axis=0))
    with streaming(disk) as mixer:
        play(mixer, 40)
        mixer.transport(plays=False)
        mixer.play(10)
        disk.works.clear()
        assert not mixer.play(10_000)[-1].any()
        mixer.transport(plays=True)
        mixer.settle()
        assert mixer.play(4)[-1, 0] == pytest.approx(0.5 * HALF)
        assert mixer.mixer.faults() == []
        disk.works.set()


def test_a_channel_that_stays_plays_on_without_a_gap_while_others_join_and_leave() -> None:
    loop = noise(1, 20 * shared.RATE)
    with streaming(Disk(loop)) as mixer:
        play(mixer, RAMP_BLOCKS - 1)
        stays, joins = mixer.mixer._lineup.channels[0], Stem("b", Disk(np.zeros((25 * shared.RATE, 2), np.float32)))
        sound: list[Sound] = []
        for channels in ({0: stays, 1: joins}, {0: stays}, {0: stays, 1: joins}):
            mixer.mixer.change(channels)
            while mixer.mixer.is_changing:
                arrives(mixer)
                sound.append(play(mixer, 4))
            sound.append(play(mixer, 40))
            mixer.mixer.tidy()
        mixer.mixer._lineup.supply.stop()
    heard = np.concatenate(sound)[BLOCK_FRAMES:, 0]
    start = (4 + 1) * BLOCK_FRAMES
    assert np.allclose(heard, HALF * loop[start : start + len(heard), 0], atol=1e-6)


def test_rings_are_as_long_as_a_disk_needs_to_wake_up_and_pieces_fit_in_twice() -> None:
    assert RING_FRAMES > 5 * shared.RATE
    assert 2 * PIECE_FRAMES <= RING_FRAMES // 2


def test_threads_end_with_their_mix() -> None:
    before = {*threading.enumerate()}  # some may still end, of tests before
    with streaming(*map(Disk, sounds())):
        ours = {*threading.enumerate()} - before
        assert len(ours) == len(LENGTHS) + 1
    until(lambda: not any(thread.is_alive() for thread in ours))
