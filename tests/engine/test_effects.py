"""Effects in the mix: their sends and returns, their rest, and moves that neither click nor depend on blocks."""

from __future__ import annotations

import math

import numpy as np
import pytest

from remote_mixer.engine import effect_rows as rows
from remote_mixer.engine import shared
from remote_mixer.engine.controls import AFL, BAND_TYPES, COLUMNS
from remote_mixer.engine.effects import ASLEEP
from remote_mixer.engine.session import Stem
from remote_mixer.engine.shared import RATE
from tests.engine.bare_mixer import LATENCY, Playing, Sound, sine, steady
from tests.engine.effecting import effecting, play, set_all

SETTLED = RATE // 4
SOLO = COLUMNS.index("solo left")
SHORT = {"fx2__echo__time": 10, "fx2__echo__feedback": 0, "fx2__echo__lowcut": 20, "fx2__echo__highcut": 16_000}


def heard(mixer: Playing, column: int = 1) -> float:
    """Return the highest of one output once all has settled; the strip itself is on the left alone."""
    play(mixer, SETTLED)
    return float(np.abs(play(mixer, 4800)[:, column]).max())


def test_a_send_is_after_fader_and_mute_and_has_a_mute_of_its_own() -> None:
    with effecting(sine(1000, 0.1), **SHORT) as mixer:
        mixer.pan(1, -1)
        assert heard(mixer) == 0, "nothing is sent at first"
        set_all(mixer, {"ch1/send/fx2/level": 0.5})
        full = heard(mixer)
        assert full == pytest.approx(0.05, rel=0.01)
        mixer.fader(1, 0.5)
        assert heard(mixer) == pytest.approx(full / 2, rel=0.001)
        mixer.mute(1)
        assert heard(mixer) < 1e-6
        mixer.mute(1, False)
        set_all(mixer, {"ch1/send/fx2/mute": 1})
        assert heard(mixer) < 1e-6


def test_groups_of_a_channel_act_on_what_it_sends_too() -> None:
    groups = {"ch1__dca__2": 1, "dca2__fader": 0.5, "ch1__mutegroup__3": 1}
    with effecting(sine(1000, 0.1), **SHORT, ch1__send__fx2__level=1, **groups) as mixer:
        mixer.pan(1, -1)
        assert heard(mixer) == pytest.approx(0.05, rel=0.01)
        set_all(mixer, {"dca2/mute": 1})
        assert heard(mixer) < 1e-6
        set_all(mixer, {"dca2/mute": 0, "mutegroup/3": 1})
        assert heard(mixer) < 1e-6
        set_all(mixer, {"mutegroup/3": 0})
        assert heard(mixer) == pytest.approx(0.05, rel=0.01)


def test_a_return_is_in_groups_as_any_strip() -> None:
    groups = {"fx2__dca__2": 1, "fx2__dca__8": 1, "fx2__mutegroup__6": 1, "fx2__send__bus1__level": 1}
    with effecting(sine(1000, 0.1), **SHORT, ch1__send__fx2__level=1, **groups) as mixer:
        mixer.pan(1, -1)
        set_all(mixer, {"dca2/fader": 1, "dca8/fader": 1})
        full = heard(mixer)
        assert full > 0.01
        set_all(mixer, {"dca2/fader": 0.5, "dca8/fader": 0.5})
        assert heard(mixer) == pytest.approx(full / 4, rel=0.001)
        assert heard(mixer, 3) == pytest.approx(full / 4, rel=0.001), "its sends are after its fader"
        for path in ("mutegroup/6", "dca8/mute"):
            set_all(mixer, {path: 1})
            assert heard(mixer) < 1e-6, path
            assert heard(mixer, 3) < 1e-6, path
            set_all(mixer, {path: 0})
        assert heard(mixer) == pytest.approx(full / 4, rel=0.001)


def test_main_and_the_mixes_process_the_returns_too() -> None:
    with effecting(sine(1000, 0.1), **SHORT, ch1__send__fx2__level=1, fx2__send__bus1__level=1) as mixer:
        mixer.pan(1, -1)
        full = heard(mixer)
        assert heard(mixer, 2) == pytest.approx(full, rel=0.001)
        mixer.limiter(1, 0.02)
        bell = {"type": BAND_TYPES.index("bell"), "freq": 1000, "gain": -15, "q": 1}
        set_all(mixer, {"main/eq/on": 1, **{f"main/eq/2/{control}": number for control, number in bell.items()}})
        assert heard(mixer) == pytest.approx(full * 10 ** (-15 / 20), rel=0.02)
        assert heard(mixer, 2) == pytest.approx(0.02, rel=0.02)
        assert heard(mixer, 2) <= 0.02


def test_a_return_is_a_strip_with_fader_mute_pan_and_sends_into_the_mixes() -> None:
    with effecting(sine(1000, 0.1), **SHORT, ch1__send__fx2__level=1) as mixer:
        mixer.pan(1, -1)
        full = heard(mixer)
        set_all(mixer, {"fx2/fader": 0.5, "fx2/send/bus3/level": 0.5})
        assert heard(mixer) == pytest.approx(full / 2, rel=0.001)
        assert heard(mixer, 6) == heard(mixer, 7) == pytest.approx(full / 4, rel=0.001)
        assert heard(mixer, 4) == heard(mixer, 5) == 0
        set_all(mixer, {"fx2/pan": -1})
        assert heard(mixer) < 1e-6
        assert heard(mixer, 7) < 1e-6
        set_all(mixer, {"fx2/pan": 1})
        assert heard(mixer) == pytest.approx(full / 2 * math.sqrt(2), rel=0.001)
        assert heard(mixer, 7) == pytest.approx(full / 4 * math.sqrt(2), rel=0.001)
        assert heard(mixer, 6) < 1e-6
        assert mixer.level(shared.effect_tap(2, 1)) == pytest.approx(20 * np.log10(full / math.sqrt(2)), abs=0.3)
        assert mixer.level(shared.effect_tap(2, 0)) < -100
        set_all(mixer, {"fx2/mute": 1})
        assert heard(mixer) < 1e-6
        assert heard(mixer, 7) < 1e-6


def test_a_return_that_is_soloed_is_on_the_solo_bus_and_main_stays_as_it_is() -> None:
    with effecting(sine(1000, 0.1), **SHORT, ch1__send__fx2__level=1, fx2__fader=0.5, fx2__pan=1) as mixer:
        mixer.pan(1, -1)
        main = heard(mixer)
        assert heard(mixer, SOLO) == 0
        set_all(mixer, {"fx2/solo": 1})
        assert heard(mixer, SOLO) == heard(mixer, SOLO + 1) == pytest.approx(main * math.sqrt(2), rel=0.001)
        set_all(mixer, {"solo/mode": AFL})
        assert heard(mixer, SOLO + 1) == pytest.approx(main, rel=0.001)
        assert heard(mixer, SOLO) < 1e-6
        set_all(mixer, {"fx2/mute": 1})
        assert heard(mixer, SOLO + 1) < 1e-6


def burst(frames: int) -> Sound:
    sound = np.zeros((4 * RATE, 1), np.float32)
    sound[:frames] = np.random.default_rng(1).uniform(-0.3, 0.3, (frames, 1))
    return sound


def test_a_reverb_sounds_on_while_the_transport_is_halted_and_then_sleeps() -> None:
    with effecting(burst(RATE), ch1__send__fx1__level=1, fx1__reverb__time=0.5) as mixer:
        counts = mixer.mixer._lineup.mix.effects.counts
        mixer.pan(1, -1)
        play(mixer, RATE // 2)
        mixer.transport(plays=False)
        tail = play(mixer, RATE)[:, 1]
        assert np.abs(tail[RATE // 4 : RATE // 2]).max() > 1e-3
        play(mixer, ASLEEP + 2 * RATE)
        assert counts[rows.QUIET] >= ASLEEP
        assert not play(mixer, RATE).any()
        mixer.transport(plays=True)
        assert np.abs(play(mixer, RATE // 4)[:, 1]).max() > 1e-2, "it wakes"


def test_a_tail_goes_on_when_other_channels_join() -> None:
    with effecting(burst(4800), ch1__send__fx1__level=1) as mixer:
        mixer.pan(1, -1)
        play(mixer, RATE // 4)
        before = np.abs(play(mixer, 4800)[:, 1]).max()
        mixer.mixer.change({0: mixer.stems[0], 1: Stem("more", steady(0, 2))})
        after = play(mixer, 4800)[:, 1]
        assert not mixer.mixer.is_changing
        assert 0.3 * before < np.abs(after).max() < 1.5 * before


MOVES: dict[str, tuple[float, float]] = {
    "ch1/send/fx1/level": (1, 0),
    "ch1/send/fx1/mute": (0, 1),
    "fx1/fader": (1, 0.1),
    "fx1/mute": (0, 1),
    "fx1/pan": (-1, 1),
    "mutegroup/6": (0, 1),
    "dca8/fader": (1, 0.1),
    "fx1/reverb/type": (1, 2),
    "fx1/reverb/time": (0.5, 12),
    "fx1/reverb/predelay": (0, 130),
    "fx1/reverb/damping": (1000, 16_000),
    "fx1/reverb/lowcut": (20, 400),
    "fx2/echo/time": (100, 733),
    "fx2/echo/feedback": (0, 95),
    "fx2/echo/lowcut": (20, 400),
    "fx2/echo/highcut": (1000, 16_000),
    "fx2/echo/pingpong": (0, 1),
}


def above_6_khz(sound: Sound) -> float:
    """Return the highest sample of what is above 6 kHz, in dB of full scale."""
    spectrum = np.fft.rfft(sound * np.hanning(len(sound)))
    spectrum[np.fft.rfftfreq(len(sound), 1 / RATE) < 6000] = 0
    return float(20 * np.log10(np.abs(np.fft.irfft(spectrum)).max() + 1e-12))


@pytest.mark.parametrize("path", MOVES)
def test_no_move_of_a_control_clicks(path: str) -> None:
    """A sine at −6 dBFS leaves nothing above 6 kHz but what a move adds."""
    with effecting(sine(250, 0.5), ch1__send__fx1__level=0.5, ch1__send__fx2__level=0.5) as mixer:
        mixer.fader(1, 1)
        set_all(mixer, {"fx1/mutegroup/6": 1, "fx1/dca/8": 1, "dca8/fader": 1, path: MOVES[path][0]})
        play(mixer, 2 * RATE)
        moved = [play(mixer, 4800)]
        for number in (*MOVES[path][::-1], MOVES[path][1]):
            set_all(mixer, {path: number})
            moved.append(play(mixer, 14_400))
        sides = np.concatenate(moved)[:, :2]
    assert max(above_6_khz(sides[:, side]) for side in range(2)) < -80


def moves(size: int) -> Sound:
    """Return what moved controls make of noise, mixed in blocks of a size."""
    sound = np.random.default_rng(2).normal(0, 0.1, (RATE, 2)).astype(np.float32)
    sends = {f"ch{n}/send/fx{effect}/level": 0.5 for n in (1, 2) for effect in (1, 2)}
    with effecting(sound, sound[::-1].copy()) as mixer:
        set_all(mixer, sends)
        set_all(mixer, {"fx1/send/bus1/level": 0.7, "ch1/automix/group": 1, "ch2/automix/group": 1})
        out = [play(mixer, 4800, size)]
        steps: tuple[dict[str, float], ...] = (
            {"fx1/reverb/time": 4.0, "fx1/reverb/type": 2, "fx2/echo/time": 250, "ch1/mute": 1},
            {"fx1/reverb/predelay": 90, "fx2/echo/pingpong": 1, "fx2/echo/highcut": 2000, "ch1/mute": 0},
        )
        for step in steps:
            set_all(mixer, step)
            out.append(play(mixer, 20_000, size))
    return np.concatenate(out)


def test_the_sound_does_not_depend_on_the_size_of_blocks() -> None:
    whole = moves(128)
    for size in (32, 64, 97, 256):
        assert np.abs(moves(size) - whole).max() < 1e-6, size


def test_effects_that_wake_and_fall_asleep_inside_a_chunk_are_the_same_at_any_size_of_blocks() -> None:
    """Blocks of 97 frames divide most chunks; the second burst comes when both have fallen asleep."""
    sound = np.zeros((ASLEEP + 3 * RATE, 1), np.float32)
    for start in (1080, len(sound) - RATE // 2 + 11):
        sound[start : start + 4800] = burst(4800)[:4800]
    heard = []
    for size in (97, 128):
        sends = {"ch1__send__fx1__level": 1, "ch1__send__fx2__level": 1}
        with effecting(sound, **sends, fx1__reverb__time=0.3, fx2__echo__feedback=0) as mixer:
            heard.append(play(mixer, len(sound), size))
    assert np.abs(heard[0] - heard[1]).max() < 1e-6


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e-39])
def test_what_is_no_number_or_next_to_none_leaves_no_trace(value: float) -> None:
    sound = burst(4800)
    sound[1000:1100] = value
    with effecting(sound, ch1__send__fx1__level=1, ch1__send__fx2__level=1) as mixer:
        mixer.pan(1, -1)
        out = play(mixer, RATE)
        memory = mixer.mixer._lineup.mix.effects.memory
        assert np.isfinite(out).all()
        assert np.isfinite(memory).all()
        play(mixer, 2 * RATE)
        tiny = np.abs(memory[rows.RINGS :])
        assert not ((tiny > 0) & (tiny < np.finfo(np.float32).tiny)).any(), "denormals are slow"


def test_a_bus_gets_the_returns_as_late_as_its_strips() -> None:
    sound = np.zeros((RATE, 1), np.float32)
    sound[1000] = 1
    with effecting(sound, **SHORT, ch1__send__fx2__level=1, fx2__send__bus1__level=1) as mixer:
        mixer.pan(1, -1)
        out = play(mixer, 4000)
        first = [int(np.argmax(np.abs(out[:, column]) > 0.01)) for column in (1, 2)]
        assert first[1] - first[0] == LATENCY
