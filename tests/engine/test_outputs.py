"""Outputs of a card: what each plays, direct outs among them, and how one that comes back begins."""

from __future__ import annotations

import numpy as np
import pytest

from remote_mixer.engine.controls import FEEDS, SOURCES
from remote_mixer.engine.tables import DIRECT_LATE
from tests.engine.bare_mixer import LATENCY, Playing, Sound, noise, playing, steady
from tests.engine.test_callbacks import BEGUN, FADE, Card
from tests.engine.test_gather import HALF, choose, heard

LOUDEST = 8  # of a direct out


def feed(mixer: Playing, output: int, what: str) -> None:
    """Let an output, 1-based, play something."""
    mixer.block.write(f"output/{output}", FEEDS.index(what))
    mixer.block.commit()


def last(sound: Sound) -> list[float]:
    return [round(float(sample), 4) for sample in sound[-1]]


def test_each_output_plays_what_its_control_says() -> None:
    with playing(steady(0.5), steady(0.25)) as mixer:
        mixer.send(1, 1, 0.5)
        mixer.pan(1, -1)
        mixer.mute(2)
        card = Card(mixer, 4)
        for output, what in enumerate(("main right", "mix 1 right", "direct 2", "off"), start=1):
            feed(mixer, output, what)
        card.call(4096)
        assert last(card.call(512)) == [0, 0.25, 0.25, 0], "a direct out stands before the mute"
        for output in (1, 2, 3, 4):
            feed(mixer, output, "usual")
        card.call(4096)
        assert last(card.call(512)) == [0.5, 0, 0.25, 0.25]


def test_an_output_that_plays_something_else_fades_out_and_in_and_does_not_click() -> None:
    with playing(steady(0.5)) as mixer:
        mixer.pan(1, -1)
        card, out = Card(mixer, 2), []
        for what in ("usual", "direct 1", "off", "main left", "main right"):
            feed(mixer, 1, what)
            out.append(card.call(4096)[:, 0])
    assert [round(float(part[-1]), 4) for part in out] == [0.5, 0.5, 0, 0.5, 0]
    assert np.abs(np.diff(np.concatenate(out))).max() <= 1.5 * 0.5 / FADE + 1e-6


def test_a_direct_out_is_the_processed_sound_before_the_fader_whatever_that_does() -> None:
    sound = noise(2, 8192)
    with playing(steady(0)) as mixer:
        choose(mixer, 1, "input 1")
        mixer.fader(1, 0)
        mixer.block.write("ch1/polarity", 1)
        feed(mixer, 2, "direct 1")
        out = heard(Card(mixer, 2, inputs=1), sound)
    assert np.allclose(out[4096:, 1], -sound[4096:, 0], atol=1e-6)


@pytest.mark.parametrize("block", [32, 64, 97, 128, 256, 512])
def test_a_channel_hears_the_direct_out_of_another_equally_late_at_any_size_of_blocks(block: int) -> None:
    """Of a later one and of an earlier one."""
    sound = noise(1, 20_480)
    with playing(steady(0), steady(0), steady(0)) as mixer:
        for channel, source in enumerate(("direct 2", "input 1", "direct 2"), start=1):
            choose(mixer, channel, source)
            mixer.pan(channel, 0 if channel == 2 else channel - 2)
        mixer.fader(2, 0)
        out = heard(Card(mixer, 2, inputs=1), sound, block)
    for side in (0, 1):
        assert np.allclose(out[4096:, side], sound[4096 - DIRECT_LATE : len(out) - DIRECT_LATE, 0], atol=1e-6)


def test_channels_that_hear_each_other_stay_bounded_and_are_silent_again_when_they_no_longer_do() -> None:
    with playing(steady(0.5), steady(0.5)) as mixer:
        choose(mixer, 1, "direct 2")
        choose(mixer, 2, "direct 1")
        for strip in ("ch1", "ch2"):
            mixer.block.write(f"{strip}/gain", 40)
        feed(mixer, 1, "direct 1")
        card = Card(mixer, 1)
        out = np.concatenate([card.call(512) for _ in range(200)])
        assert np.isfinite(out).all()
        assert np.abs(out).max() <= LOUDEST
        choose(mixer, 1, "off")
        choose(mixer, 2, "off")
        for _ in range(20):
            card.call(512)
        assert not card.call(512).any()


def test_a_direct_out_that_nobody_took_begins_with_its_present_sound() -> None:
    with playing(steady(0.5), steady(0)) as mixer:
        choose(mixer, 2, "direct 1")
        card = Card(mixer, 2)
        card.call(4096)
        choose(mixer, 2, "off")
        choose(mixer, 1, "off")
        card.call(4096)
        choose(mixer, 2, "direct 1")
        assert not card.call(512).any(), "nothing of what sounded then"


def test_a_device_that_comes_back_fades_in_and_is_never_louder_than_it_was() -> None:
    with playing(steady(0.5)) as mixer:
        gone = Card(mixer, 2)
        gone.call(4096)
        before = gone.call(512)
        mixer.play(40)  # the clock goes on
        back = Card(mixer, 2)
        out = back.call(4096)
    assert np.abs(out).max() <= np.abs(before).max()
    assert np.abs(np.diff(out[:, 0], prepend=0)).max() <= 1.5 * HALF * 0.5 / FADE + 1e-6
    assert np.array_equal(out[BEGUN], before[-1])


def test_mixes_on_outputs_come_with_their_limiters_look_ahead_and_direct_outs_at_once() -> None:
    sound = np.zeros((8192, 1), np.float32)
    sound[6000] = 0.5
    with playing(steady(0)) as mixer:
        choose(mixer, 1, "input 1")
        mixer.send(1, 1, 1)
        feed(mixer, 1, "mix 1 left")
        feed(mixer, 2, "direct 1")
        out = heard(Card(mixer, 2, inputs=1), sound)
    assert np.argmax(np.abs(out), axis=0).tolist() == [6000 + LATENCY, 6000]


def test_sources_and_feeds_are_named_by_the_same_channels() -> None:
    assert [name for name in SOURCES if name.startswith("direct")] == [name for name in FEEDS if name.startswith("dir")]
