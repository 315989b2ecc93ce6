"""Sources of the strips: an input, a tone or noise in place of the stem, changed without a click."""

from __future__ import annotations

import numpy as np
import pytest

from remote_mixer.engine import shared
from remote_mixer.engine.controls import SOURCES
from remote_mixer.engine.shared import RATE
from tests.engine.bare_mixer import Playing, Sound, noise, playing, sine, steady
from tests.engine.test_callbacks import Card

HALF = 10 ** (-3.0103 / 20)  # a mono channel at the centre, on one side of main


def choose(mixer: Playing, channel: int, source: str) -> None:
    mixer.block.write(f"ch{channel}/source", SOURCES.index(source))
    mixer.block.commit()


def heard(card: Card, sound: Sound, block: int = 256) -> Sound:
    """Return what the card's outputs give while its inputs hear a sound, (frames, inputs)."""
    pieces = np.ascontiguousarray(sound[: len(sound) // block * block]).reshape(-1, block, sound.shape[1])
    return np.concatenate([card.call(block, heard=np.ascontiguousarray(piece)) for piece in pieces])


@pytest.mark.parametrize("block", [32, 64, 97, 128, 256, 512])
def test_an_input_comes_out_of_main_in_the_same_call_sample_for_sample(block: int) -> None:
    sound = noise(1, 20_480, 3)
    with playing(steady(0.5), steady(0.5)) as mixer:
        choose(mixer, 1, "input 3")
        choose(mixer, 2, "off")
        card = Card(mixer, 2, inputs=3)
        out = heard(card, sound, block)
    assert np.allclose(out[4096:, 0], HALF * sound[4096 : len(out), 2], atol=1e-6)


def test_inputs_sound_on_while_the_transport_is_halted_and_stems_do_not() -> None:
    with playing(steady(0.5), steady(0.5)) as mixer:
        choose(mixer, 1, "input 1")
        mixer.transport(plays=False)
        card = Card(mixer, 2, inputs=1)
        out = heard(card, np.full((8192, 1), 0.25, np.float32))
        assert mixer.block.doubles[shared.POSITION_SECONDS] == 0
    assert np.allclose(out[4096:, 0], HALF * 0.25, atol=1e-6)


def test_a_change_of_source_fades_and_does_not_click() -> None:
    with playing(steady(0.5)) as mixer:
        card, outs = Card(mixer, 2, inputs=2), []
        sound = np.repeat(np.array([[-0.5, 0.25]], np.float32), 8192, axis=0)
        for source in ("stem", "input 1", "input 2", "off", "stem"):
            choose(mixer, 1, source)
            outs.append(heard(card, sound)[:, 0])
    assert [round(float(out[-1]) / HALF, 4) for out in outs] == [0.5, -0.5, 0.25, 0, 0.5]
    assert np.abs(np.diff(np.concatenate(outs))).max() <= 1.5 * 0.5 * HALF / 240 + 1e-6


@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf, 1e-39, -1e-33])
def test_what_is_no_number_or_next_to_nothing_at_an_input_is_silence_for_its_own_samples_alone(poison: float) -> None:
    sound = np.full((8192, 1), 0.25, np.float32)
    sound[5000:5003] = poison
    with playing(steady(0.5)) as mixer:
        choose(mixer, 1, "input 1")
        out = heard(Card(mixer, 2, inputs=1), sound)[:, 0]
    assert np.allclose(out[4096:5000], HALF * 0.25, atol=1e-6)
    assert not out[5000:5003].any()
    assert np.allclose(out[5003:], HALF * 0.25, atol=1e-6)


def test_an_input_that_the_card_does_not_have_is_silent() -> None:
    with playing(steady(0.5)) as mixer:
        choose(mixer, 1, "input 2")
        out = heard(Card(mixer, 2, inputs=1), np.full((8192, 1), 0.25, np.float32))
    assert not out[4096:].any()


def test_the_tone_is_a_sine_of_1_khz_at_20_db_below_full_scale() -> None:
    with playing(steady(0.5)) as mixer:
        choose(mixer, 1, "tone")
        out = mixer.play(400)[-RATE:, 0]
    wanted = 0.1 * np.sqrt(2) * HALF * sine(1000, 1)[:, 0]
    shift = int(np.argmax(np.correlate(out[:96], wanted[:48], "valid")))
    assert np.allclose(out[shift : shift + 40_000], wanted[:40_000], atol=0.02)
    assert np.sqrt(np.mean(out**2)) / HALF == pytest.approx(0.1, rel=1e-3)


def test_the_noise_is_pink_at_20_db_below_full_scale() -> None:
    with playing(steady(0.5)) as mixer:
        choose(mixer, 1, "pink noise")
        mixer.settle()
        out = mixer.play(60 * RATE // 128)[:, 0] / HALF
    assert 20 * np.log10(np.sqrt(np.mean(out**2))) == pytest.approx(-20, abs=0.2)
    power = np.abs(np.fft.rfft(out)) ** 2
    hertz = np.fft.rfftfreq(len(out), 1 / RATE)
    octaves = [10 * np.log10(power[(hertz >= low) & (hertz < 2 * low)].sum()) for low in 62.5 * 2.0 ** np.arange(8)]
    assert np.ptp(octaves) < 0.3, "each octave has the same power"


def test_a_strip_keeps_its_input_while_others_join() -> None:
    with playing(steady(0.5)) as mixer:
        choose(mixer, 1, "input 1")
        card, sound = Card(mixer, 2, inputs=1), np.full((4096, 1), 0.25, np.float32)
        heard(card, sound)
        stays = mixer.mixer._lineup.channels[0]
        mixer.mixer.change({0: stays, 1: type(stays)("b", steady(0))})
        out = heard(card, sound)
        assert not mixer.mixer.is_changing
    assert np.allclose(out[:, 0], HALF * 0.25, atol=1e-6)
