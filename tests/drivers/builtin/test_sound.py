"""Choice of the engine's sound device as params: the real engine on the real PortAudio and ALSA's null devices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remote_mixer.drivers.builtin.sound import (
    AUTOMATIC,
    CARD,
    CHOICE,
    INPUT_CARD,
    NO_INPUTS,
    SAME,
    chosen,
    now,
    sound_params,
)
from remote_mixer.engine.link import Job, command
from tests.drivers.builtin.test_driver import Console, console
from tests.engine.test_card import null_cards
from tests.support.waiting import until
from tests.support.warm import warm

SCHOOL = "school, ALSA"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    null_cards(tmp_path, monkeypatch)
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "card")
    return warm(tmp_path)


def choices(band: Console, local: str) -> tuple[str, ...]:
    param: Any = band.desk.layouts["band"].params[local]
    return tuple(param.choices)


async def plays(band: Console, words: str) -> None:
    await until(lambda: band.value("status") == "online" and words in str(band.value("sound/now")), 60)


async def test_a_person_chooses_card_inputs_and_block_and_the_engine_starts_again_with_them(data: Path) -> None:
    async with console(data) as band:
        await band.status("online")
        await until(lambda: SCHOOL in choices(band, CARD))
        assert set(choices(band, INPUT_CARD)) >= {SAME, "default, ALSA", SCHOOL}
        assert (band.value(CARD), band.value("sound/inputs")) == (AUTOMATIC, NO_INPUTS)
        band.set("ch2/source", "tone")
        band.set("sound/inputs", "4")
        await plays(band, "4 inputs")
        band.set(CARD, SCHOOL)
        band.set("sound/block", "64")
        await plays(band, "school, 4 inputs, 2 outputs. 64 frames at 48,000 Hz: 1.3 ms a block, 2.7 ms from input to")
        assert [band.value(f"ch{n}/source") for n in (1, 2, 3)] == ["input 1", "tone", "input 3"]
        assert "input 4" in band.desk.layouts["band"].strips[0].params["source"].as_json()["choices"]
        band.set("sound/rate", "96000")
        await plays(band, "64 frames at 96,000 Hz")
        band.set("sound/inputs", NO_INPUTS)
        await plays(band, "school, 2 outputs.")
        assert [band.value(f"ch{n}/source") for n in (1, 2, 3)] == ["stem", "tone", "stem"]
        strips = "channels, returns, mixes, main, DCAs, solo bus"
        assert len(band.desk.layouts["band"].strips) == 8 + 2 + 8 + 1 + 8 + 1, strips


async def test_what_was_chosen_stays_over_a_restart_of_the_program_where_the_card_is_gone_too(data: Path) -> None:
    kept = {"band/sound/card": "Scarlett, ALSA", "band/sound/inputs": "2", "band/ch1/source": "input 1"}
    async with console(data, kept=kept) as band:
        await band.status("online")
        assert band.value(CARD) == "Scarlett, ALSA"
        assert "There is no sound card Scarlett, ALSA that is free: connect it" in str(band.value("notice"))
        await until(lambda: set(choices(band, CARD)) >= {"Scarlett, ALSA", SCHOOL})
        band.set(CARD, SCHOOL)
        await plays(band, "school, 2 inputs")


async def test_each_output_of_the_card_chooses_what_it_plays(data: Path) -> None:
    async with console(data, "live:inputs=2,card=school") as band:
        await plays(band, "school")
        assert choices(band, "output/2")[-2:] == ("direct 1", "direct 2")
        band.set("output/2", "mix 3 left")
        await until(lambda: not band.guard.under_way[1])
        assert "output/3" not in band.desk.layouts["band"].params


def test_the_spec_says_what_the_choice_begins_with() -> None:
    job = Job(Path(), inputs=3, card="Scarlett", frames=32, rate=44_100, input_card="C920")
    assert [param.as_json().get("default") for param in sound_params(job, [], []).values()][:5] == [
        "Scarlett",
        "3",
        "32",
        "44100",
        "C920",
    ]


def test_what_plays_says_what_a_block_means_and_what_came_too_late() -> None:
    line = {"output": "JACK, 2 inputs", "frames": 128, "rate": 44_100, "latency": 0.0061, "audible": True}
    assert now(line, 3) == (
        "JACK, 2 inputs. 128 frames at 44,100 Hz: 2.9 ms a block, 5.8 ms from input to output. The card says 6.1 ms. "
        "3 blocks came too late since the start."
    )
    microphones = "Microphones: C920, resampled, drift +12 ppm, 6.1 ms more latency."
    assert now({**line, "microphones": microphones}, 0).endswith(f" since the start. {microphones}")
    assert now({"output": "no sound card: a clock keeps time"}, 0) == "no sound card: a clock keeps time."


def test_another_card_for_the_inputs_is_a_choice_and_becomes_the_engine_s_argument() -> None:
    job = Job(Path(), inputs=2, frames=128)
    values = dict(zip(CHOICE, ("school, ALSA", "2", "128", AUTOMATIC, "C920, ALSA"), strict=True))
    assert "--input-card=C920, ALSA" in command(chosen(job, values))
    assert not [part for part in command(chosen(job, values | {INPUT_CARD: SAME})) if "input-card" in part]
