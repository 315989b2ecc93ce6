"""Limiter of a bus: never over the ceiling, unchanged below it, and no clicks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_mixer.engine import shared
from remote_mixer.engine.shared import BLOCK_FRAMES, RATE
from tests.engine import reference
from tests.engine.bare_mixer import LATENCY, OUTPUTS, RAMP_BLOCKS, Playing, Sound, noise, playing, sine, steady
from tests.engine.effecting import play
from tests.engine.measured import above, decibels
from tests.engine.reference import Channel

HOT = 10 ** (0.1 / 20)  # how far over a ceiling a sample may be: 0.1 dB
BUS_1, BUS_2 = 2, 4
SEEN_BLOCKS = 2  # a sample may pass by any ceiling of the blocks in which the limiter saw it
FALL_FRAMES = 2400  # from 10, where a ceiling begins to fall, to 0.1 and somewhat below
START = RAMP_BLOCKS * BLOCK_FRAMES


def square(hz: float) -> Sound:
    sound: Sound = np.sign(sine(hz) + 1e-6).astype(np.float32)
    return sound


def impulses(spacing: int) -> Sound:
    """Return single samples at full scale, up and down in turn."""
    sound = np.zeros((RATE, 1), np.float32)
    sound[::spacing] = 1
    sound[:: 2 * spacing] = -1
    return sound


def bursts(seed: int) -> Sound:
    """Return white noise whose height steps every 40 samples, from nothing to full scale."""
    random = np.random.default_rng(seed)
    heights = np.repeat(random.uniform(0, 1, RATE // 40) ** 3, 40)
    return (random.uniform(-1, 1, RATE) * heights).astype(np.float32).reshape(-1, 1)


def cut(frequency: float) -> Sound:
    """Return a sine that is cut off and begins again every 3000 frames."""
    sound = sine(frequency, 1.0)
    sound[:RATE] *= (np.arange(RATE) // 3000 % 2).astype(np.float32).reshape(-1, 1)
    return sound


FIERCE = [
    *(square(hz) for hz in (31, 997, 12_000)),
    *(sine(hz, 1.0) for hz in (20, 55, 110, 440, 1000, 3000, 7919, 12_000, 16_000, 20_000, 23_900)),
    *(impulses(spacing) for spacing in (1, 2, 31, 63, 64, 65, 127, 128, 129, 5000)),
    *(bursts(seed) for seed in range(4)),
    *(cut(hz) for hz in (40, 1000)),
    steady(1.0),
]


def on_a_bus(mixer: Playing, level: float = 1.0, bus: int = 1) -> None:
    mixer.send(1, bus, level)
    mixer.settle()


def move(mixer: Playing, ceiling: float, blocks: int = RAMP_BLOCKS) -> Sound:
    """Set a ceiling, or none above 1; return the bus from then on."""
    mixer.limiter(1, min(ceiling, 1), on=ceiling <= 1)
    return mixer.play(blocks)[:, BUS_1]


def highest(sound: Sound) -> float:
    return float(np.abs(sound).max())


@pytest.mark.parametrize("sound", FIERCE)
@pytest.mark.parametrize("ceiling", [1.0, 0.5, 0.01])
def test_no_sample_is_over_the_ceiling_from_the_first_on(sound: Sound, ceiling: float) -> None:
    with playing(sound) as mixer:
        mixer.limiter(1, ceiling)
        mixer.send(1, 1, 3.16)  # ten decibels over full scale
        assert 0.5 * ceiling < highest(mixer.play(400)[:, BUS_1]) <= ceiling * HOT


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FIERCE), st.lists(st.floats(0.01, 1), min_size=5, max_size=40), st.integers(1, 6))
def test_no_sample_is_over_a_ceiling_that_somebody_keeps_moving(
    sound: Sound, ceilings: list[float], blocks: int
) -> None:
    with playing(sound) as mixer:
        mixer.limiter(1, ceilings[0])
        on_a_bus(mixer, 3.0)
        parts = [move(mixer, ceiling, blocks) for ceiling in ceilings]
    highs = np.abs(np.concatenate(parts)).reshape(-1, BLOCK_FRAMES).max(axis=1)
    stood = reference.falling(np.repeat(ceilings, blocks * BLOCK_FRAMES)).reshape(-1, BLOCK_FRAMES).max(axis=1)
    for number, high in enumerate(highs):
        assert high <= stood[max(0, number - SEEN_BLOCKS + 1) : number + 1].max() * HOT


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(FIERCE), st.floats(0, 3), st.lists(st.floats(0.01, 1) | st.just(np.inf), max_size=8))
def test_a_limited_bus_is_what_numpy_finds(sound: Sound, level: float, ceilings: list[float]) -> None:
    stands = np.repeat([np.inf, *ceilings], START)
    whole = reference.bus([Channel(sound, sends={1: (level, True, False, 0.0)})], 1, 0, len(stands))
    with playing(sound) as mixer:
        on_a_bus(mixer, level)
        limited = [move(mixer, ceiling) for ceiling in ceilings]
    wanted = reference.limited(whole, stands)[START:, 0]
    # Half a step of float32 in each of the 64 amplitudes that are summed, times a sound of up to 3.
    assert np.allclose(np.concatenate([np.zeros(0), *limited]), wanted, atol=3e-5)


@pytest.mark.parametrize("on", [False, True])
def test_below_the_ceiling_every_bit_is_as_it_was_63_frames_before(on: bool) -> None:
    sound = noise(5, RATE)
    with playing(sound) as mixer:
        mixer.limiter(1, 0.2, on)
        on_a_bus(mixer)
        out = mixer.play(100)[:, BUS_1]
    assert np.array_equal(out, sound[START - LATENCY :][: len(out), 0])


def test_a_limiter_that_is_off_lets_pass_what_is_over_full_scale() -> None:
    sound = sine(440, 1.0)
    with playing(sound) as mixer:
        mixer.limiter(1, 0.01, on=False)
        on_a_bus(mixer, 2.0)
        out = mixer.play(100)[:, BUS_1]
    assert np.array_equal(out, 2 * sound[START - LATENCY :][: len(out), 0])


def test_a_limiter_changes_its_own_bus_alone() -> None:
    with playing(bursts(1)) as free, playing(bursts(1)) as mixer:
        for each in (free, mixer):
            each.send(1, 1, 1)
            on_a_bus(each, bus=2)
        mixer.limiter(2, 0.1)
        wanted, out = free.play(50), mixer.play(50)
    others = [column for column in range(OUTPUTS) if column not in {BUS_2, BUS_2 + 1}]
    assert np.array_equal(out[:, others], wanted[:, others])
    assert highest(out[FALL_FRAMES:, BUS_2]) <= 0.1 * HOT


@pytest.mark.parametrize("hz", [50, 100, 1000])
@pytest.mark.parametrize("turns", [(True, False), (False, True), (True, False, True, False)])
def test_a_toggle_never_clicks(hz: float, turns: tuple[bool, ...]) -> None:
    with playing(sine(hz)) as mixer:
        mixer.limiter(1, 0.1, on=not turns[0])
        on_a_bus(mixer)
        parts = [mixer.play(23)[:, BUS_1]]  # to somewhere that is not a zero of the sine
        for on in turns:
            mixer.limiter(1, 0.1, on)
            parts.append(mixer.play(3)[:, BUS_1])
    steepest = 0.5 * 2 * np.pi * hz / RATE
    assert np.abs(np.diff(np.concatenate(parts))).max() < steepest + 0.4 / 64 + 1e-4  # a cut would be 0.4


MOVES = [(True, 0.05), (False, 0.05), (True, 0.3), (True, 0.05), (True, 0.4), (True, 0.01), (False, 1.0)]
"""On or off, and the ceiling, one after the other."""


@pytest.mark.parametrize("size", [32, 64, 97, 256])
def test_no_move_of_a_limiter_under_a_loud_sine_leaves_a_click(size: int) -> None:
    parts = []
    with playing(sine(250)) as mixer:
        on_a_bus(mixer)
        play(mixer, RATE // 10)
        for on, ceiling in MOVES:
            mixer.limiter(1, ceiling, on)
            mixer.block.write("main/ceiling", ceiling)
            mixer.block.write("main/limiter", on)
            parts.append(play(mixer, RATE // 5 + 7 * size, size)[:, [0, BUS_1]])
    heard = np.concatenate(parts)
    assert max(decibels(np.abs(above(6000, side)).max()) for side in heard.T) < -80


def test_a_louder_moment_is_met_by_a_straight_line_of_64_frames() -> None:
    sound = np.concatenate([steady(0.5)] * 3)
    sound[1000:1001] = 1.0
    with playing(sound) as mixer:
        mixer.limiter(1, 0.5)
        on_a_bus(mixer)
        out = mixer.play(8)[:, BUS_1] / 0.5
    loud = 1000 + LATENCY - START
    assert np.allclose(out[loud - 64 : loud], np.interp(np.arange(64), [0, 64], [1, 0.5]), atol=1e-5)
    assert out[loud] == pytest.approx(1.0)


def test_the_reduction_falls_to_its_37th_percent_in_a_tenth_of_a_second() -> None:
    sound = np.full((RATE, 1), 0.1, np.float32)
    sound[:2000] = 1.0
    with playing(sound) as mixer:
        mixer.limiter(1, 0.1)
        on_a_bus(mixer)
        reduction = 1 - mixer.play(360)[:, BUS_1] / 0.1
    quiet = reduction[2000 + LATENCY - START :]
    begins = np.argmax(quiet < 0.9)
    falls = np.argmax(quiet < quiet[begins] / np.e) - begins
    assert 0.08 < falls / RATE < 0.15
    assert np.all(np.diff(quiet[begins:]) <= 1e-6)
    assert np.all(quiet[RATE * 7 // 10 :] == 0)


def test_a_halted_transport_lets_the_last_frames_out_and_keeps_none_for_later() -> None:
    with playing(steady(0.5)) as mixer:
        mixer.limiter(1, 0.25)
        on_a_bus(mixer)
        mixer.transport(plays=False)
        out = mixer.play(4)[:, BUS_1]
        assert np.abs(np.diff(out)).max() < 0.01
        assert not mixer.play(4).any()
        mixer.transport(plays=True)
        assert mixer.play(1)[LATENCY, BUS_1] < 0.01


def test_the_meter_reads_what_leaves_the_limiter() -> None:
    with playing(sine(440, 1.0)) as mixer:
        mixer.limiter(1, 0.1)
        on_a_bus(mixer)
        mixer.level(shared.bus_tap(1))
        assert mixer.level(shared.bus_tap(1)) == pytest.approx(-20, abs=0.3)


def test_a_muted_bus_is_silent_whatever_its_ceiling() -> None:
    with playing(square(100)) as mixer:
        mixer.limiter(1, 0.5)
        mixer.master(1, 1, muted=True)
        on_a_bus(mixer)
        assert not mixer.play(10)[:, BUS_1].any()
