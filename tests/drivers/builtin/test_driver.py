"""The built-in engine as a console: its real process, also killed, hung and started with bad folders."""

from __future__ import annotations

import asyncio
import os
import random
import re
import signal
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.builtin.driver import UNHEARD, Builtin
from remote_mixer.drivers.builtin.layout import color_for
from remote_mixer.drivers.guard import Guard
from remote_mixer.engine import shared
from remote_mixer.engine.controls import TABLE
from remote_mixer.engine.link import let_go
from remote_mixer.engine.pictures import BANDS, Howl
from tests.engine.bare_mixer import steady
from tests.support.waiting import until
from tests.support.warm import warm

ANNE = Source(CLIENT, "anne", "Anne")
START_SECONDS = 60.0
LEFT_OUT = "2,936 more files are not played: a session has at most 64 channels."
BACK_SECONDS = 2.0
"""Of processor time, for an engine that is started again: how long that takes depends on what else the machine does."""


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "clock")


class Reported(Guard):
    """Feedback that was reported: strip and frequency."""

    def __init__(self) -> None:
        self.said: list[tuple[Value, Value]] = []

    def values(self, values: Mapping[str, Value]) -> None:
        self.said.append((values["band/feedback/strip"], values["band/feedback/freq"]))


class Console:
    """A desk with the engine on it."""

    def __init__(self, setup: Setup) -> None:
        self.desk, self.driver = Desk(), Builtin(setup)
        self.codes = b""
        self.pictures: dict[str, bytes] = {}
        self.guard = Guard(self.driver, self.desk, self._hear, lambda paths: None, self.pictures.__setitem__)

    def _hear(self, console: str, codes: bytes) -> None:
        assert console == "band"
        self.codes = codes

    def set(self, local: str, value: Value) -> None:
        self.desk.set({f"band/{local}": value}, ANNE)

    def value(self, local: str) -> Value:
        return self.desk.values[f"band/{local}"]

    async def status(self, wanted: str, seconds: float = START_SECONDS) -> None:
        await until(lambda: self.value("status") == wanted, seconds)

    def level(self, tap: str) -> float:
        """Return a meter's reading, in dB."""
        taps = self.desk.layouts["band"].taps()
        return (self.codes[taps.index(f"band/{tap}")] - 216) / 2 if self.codes else 0.0

    async def back(self) -> None:
        """Wait until an engine that was killed is back, and see what that has cost."""
        await self.status("offline")
        await self.status("online")
        used = psutil.Process(self.driver.pid).cpu_times()
        assert used.user + used.system < BACK_SECONDS

    async def reads(self, tap: str, level: float) -> None:
        await until(lambda: abs(self.level(tap) - level) <= 0.5)


@asynccontextmanager
async def console(data: Path, spec: str = "", kept: Mapping[str, Value] | None = None) -> AsyncIterator[Console]:
    made = Console(Setup("band", spec, data, kept or {}))
    living = asyncio.create_task(made.guard.live())
    try:
        yield made
    finally:
        living.cancel()
        await asyncio.wait({living})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return warm(tmp_path)


@pytest.fixture
def stems(tmp_path: Path) -> str:
    """Two channels of a steady −6 dB, the second a stereo pair."""
    folder = tmp_path / "stems of mine"
    folder.mkdir()
    soundfile.write(folder / "01 - Lead_Vox.wav", steady(0.5), 48_000)
    soundfile.write(folder / "02 Slap bass.wav", steady(0.5, 2), 48_000)
    return str(folder)


async def test_an_engine_that_was_begun_early_is_the_one_that_plays_where_the_values_stand(
    data: Path, stems: str
) -> None:
    before = psutil.Process().children()
    Builtin(Setup("band", stems, data)).begin()
    (early,) = set(psutil.Process().children()) - {*before}
    async with console(data, stems, {"band/ch1/mute": True}) as band:
        await band.status("online")
        assert band.driver.pid == early.pid
        await band.reads("ch2/post_fader", -6)
        assert band.level("ch1/post_fader") < -100


async def test_an_engine_that_was_begun_in_vain_is_let_go(data: Path) -> None:
    before = psutil.Process().children()
    Builtin(Setup("band", "", data)).begin()
    (engine,) = set(psutil.Process().children()) - {*before}
    let_go()
    assert not engine.is_running()


async def test_strips_bear_the_names_and_colours_of_the_stems(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        assert [strip.id for strip in band.desk.layouts["band"].strips if strip.kind == "channel"] == ["ch1", "ch2"]
        assert (band.value("ch1/name"), band.value("ch1/color")) == ("Lead Vox", "violet")
        assert (band.value("ch2/name"), band.value("ch2/color")) == ("Slap bass", "orange")


async def test_a_fader_moves_the_meters_by_its_decibels(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        band.set("ch2/mute", True)
        await band.reads("ch1/post_fader", -6)
        await band.reads("main/left", -9)
        band.set("ch1/fader", 0.5)
        await band.reads("ch1/post_fader", -16)
        await band.reads("main/left", -19)
        await band.reads("ch1/input", -6)


async def test_a_send_reaches_its_own_bus(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        band.set("ch1/send/bus3/level", 0.75)
        band.set("ch1/send/bus3/tap", "pre_fader")
        band.set("ch1/fader", 0.0)
        await band.reads("bus3/post_fader", -6)
        assert band.level("bus2/post_fader") < -90


async def test_a_solo_is_on_the_solo_bus_until_all_are_cleared_and_no_scene_keeps_any_of_it(
    data: Path, stems: str
) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        band.set("ch1/mute", True)
        band.set("ch1/solo", True)
        band.set("fx1/solo", True)
        await band.reads("solo/left", -9)
        band.set("solo/dim", True)
        await band.reads("solo/left", -29)
        await band.driver.act_for(ANNE, "clear_solo", {})
        assert [band.value(f"{strip}/solo") for strip in ("ch1", "ch2", "fx1")] == [False] * 3
        await until(lambda: band.level("solo/left") < -100)
        kept = band.desk.layouts["band"].in_scenes
        assert not [path for path in kept if path.startswith("band/solo/") or path.endswith("/solo")]


async def test_linked_channels_are_in_step_in_all_but_their_sides(data: Path, stems: str) -> None:
    async with console(data, stems, {"band/ch1/fader": 0.5, "band/ch2/fader": 0.6}) as band:
        await band.status("online")
        band.set("ch2/link", True)
        await until(lambda: (band.value("ch1/link"), band.value("ch2/fader")) == (True, 0.5))
        assert (band.value("ch1/pan"), band.value("ch2/pan"), band.value("ch1/send/bus3/pan")) == (0, 1, 0)
        band.set("ch2/eq/2/gain", 0.75)
        band.set("ch1/send/bus1/level", 0.4)
        band.set("ch1/pan", 0.2)
        band.set("ch1/name", "Left")
        await until(lambda: (band.value("ch1/eq/2/gain"), band.value("ch2/send/bus1/level")) == (0.75, 0.4))
        assert (band.value("ch2/pan"), band.value("ch2/name")) != (0.2, "Left")
        await band.reads("ch2/post_fader", band.level("ch1/post_fader"))


async def test_a_killed_engine_is_back_with_all_values_as_they_stood(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        band.set("ch1/fader", 0.5)
        band.set("ch2/mute", True)
        band.set("ch1/name", "Anne")
        await band.reads("ch1/post_fader", -16)
        assert band.driver.pid
        os.kill(band.driver.pid, signal.SIGKILL)
        await band.back()
        assert (band.value("ch1/fader"), band.value("ch2/mute"), band.value("ch1/name")) == (0.5, True, "Anne")
        band.codes = b""
        await band.reads("main/left", -19)


async def limited(band: Console) -> None:
    """Send a steady −6 dB to bus 1 with a ceiling of −20 dB."""
    band.set("bus1/limiter", True)
    band.set("bus1/ceiling", 0.5)
    band.set("ch1/send/bus1/level", 0.75)
    await band.reads("bus1/post_fader", -20)


async def test_a_mix_stays_below_its_ceiling_in_an_engine_that_was_killed_and_is_back(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        await limited(band)
        assert band.driver.pid
        os.kill(band.driver.pid, signal.SIGKILL)
        await band.back()
        band.codes = b""
        await band.reads("bus1/post_fader", -20)
        assert (band.value("bus1/limiter"), band.value("bus1/ceiling")) == (True, 0.5)


async def test_a_ceiling_is_kept_over_a_new_start_of_everything(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        await limited(band)
        kept = dict(band.desk.values)
    async with console(data, stems, kept) as band:
        await band.status("online")
        assert (band.value("bus1/limiter"), band.value("bus1/ceiling")) == (True, 0.5)
        await band.reads("bus1/post_fader", -20)
        band.set("bus1/limiter", False)
        await band.reads("bus1/post_fader", -6)


async def test_what_was_kept_before_there_were_ceilings_opens_with_the_limiters_off(data: Path, stems: str) -> None:
    async with console(data, stems, {"band/bus1/fader": 0.5, "band/bus1/mute": False}) as band:
        await band.status("online")
        assert (band.value("bus1/fader"), band.value("bus1/limiter"), band.value("bus1/ceiling")) == (0.5, False, 1.0)


async def test_a_ceiling_stands_on_half_decibels_from_minus_forty_to_full_scale(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        band.set("bus2/ceiling", 0.501)
        assert band.value("bus2/ceiling") == 0.5
        law = band.desk.layouts["band"].tapers["ceiling"]
        assert [law.to_unit(position) for position in (0, 1 / 80, 1)] == pytest.approx([-40, -39.5, 0])


async def test_an_engine_that_hangs_is_ended_and_started_again(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        hung = band.driver.pid
        assert hung
        os.kill(hung, signal.SIGSTOP)
        await band.status("offline")
        await band.status("online")
        assert band.driver.pid != hung


GARBAGE = [
    (0, b"\xa5" * shared.SIZE_BYTES),
    (0, bytes(4)),  # the head
    (4 * TABLE.places["ch1/fader"].word, b"\xff" * 4),  # one control, now no number
    (8 * shared.POSITION_SECONDS, b"\xff" * 8),  # what the engine writes, now no number
    (0, random.Random(1).randbytes(shared.SIZE_BYTES)),
]
"""Places in the shared memory, and what is written over them."""


def overwrite(data: Path, start: int, garbage: bytes) -> None:
    with (data / "engine-band.shared").open("r+b") as file:
        file.seek(start)
        file.write(garbage)


def is_seen(band: Console, data: Path, start: int, garbage: bytes) -> bool:
    """Whether the driver has noticed; else write once more: an engine in a block's midst writes its own position."""
    if "wrote over" in str(band.value("notice")):
        return True
    overwrite(data, start, garbage)
    return False


async def test_garbage_over_the_shared_memory_brings_a_new_engine_with_all_values_as_they_stood(
    data: Path, stems: str
) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        band.set("ch2/mute", True)
        for number, (start, garbage) in enumerate(GARBAGE):
            former, level = band.driver.pid, -6 - number
            overwrite(data, start, garbage)
            band.set("ch1/fader", band.desk.layouts["band"].tapers["fader"].to_position(level))
            await until(partial(is_seen, band, data, start, garbage))
            await band.status("online")
            assert band.driver.pid != former
            assert band.value("notice") == UNHEARD
            await band.reads("ch1/post_fader", level - 6)
            assert band.level("ch2/post_fader") < -100


async def test_what_was_kept_wins_over_what_the_stems_say(data: Path, stems: str) -> None:
    kept: dict[str, Value] = {
        "band/ch1/name": "Bob",
        "band/ch1/fader": 0.25,
        "band/ch9/fader": 7.0,
        "band/old/thing": 1.0,
    }
    async with console(data, stems, kept) as band:
        await band.status("online")
        assert (band.value("ch1/name"), band.value("ch1/color")) == ("Bob", "violet")
        await band.reads("ch1/post_fader", -36)


async def test_clip_is_shown_until_somebody_clears_it(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        band.set("main/fader", 1.0)
        await until(lambda: band.value("clip") is True)
        band.set("main/fader", 0.5)
        await band.reads("main/left", -11.4)
        band.set("clip", False)
        await asyncio.sleep(0)
        await band.reads("ch1/input", -6)
        assert band.value("clip") is False


async def test_a_strip_is_drawn_while_somebody_looks_at_it_also_by_an_engine_that_was_started_again(
    data: Path, stems: str
) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        band.guard.look(["band/ch1/spectrum", "band/main/loudness"])
        await until(lambda: len(band.pictures) == 2)
        assert {path: len(body) for path, body in band.pictures.items()} == {
            "band/ch1/spectrum": BANDS,
            "band/main/loudness": 24,
        }
        os.kill(band.driver.pid or 0, signal.SIGKILL)
        await band.status("offline")
        assert set(band.pictures.values()) == {b""}
        await band.status("online")
        await until(lambda: all(band.pictures.values()))
        band.guard.look([])
        await band.reads("ch1/input", -6)
        band.pictures.clear()
        await band.reads("ch1/input", -6)
        assert not band.pictures


async def test_the_loudness_of_main_is_measured_anew_when_a_person_wants_it(data: Path) -> None:
    async with console(data) as band:
        await band.status("online")
        band.guard.look(["band/main/loudness"])

        def integrated() -> float:
            return float(struct.unpack_from("<6f", band.pictures.get("band/main/loudness", bytes(24)))[2])

        await until(lambda: integrated() < -5)
        band.set("transport/play", False)
        await until(lambda: band.level("main/left") < -90)
        await band.guard.act("reset_loudness", {})
        await until(lambda: integrated() == float("-inf"))


async def test_feedback_is_reported_as_one_though_it_is_measured_again_and_again(data: Path, stems: str) -> None:
    async with console(data, stems) as band:
        await band.status("online")
        report = Reported()
        for howl in (Howl(1, 2500.0), Howl(1, 2503.0), Howl(1, 2497.0), Howl(2, 2500.0), Howl(0, 0.0), Howl(0, 0.0)):
            band.driver._poller._report_howl(report, howl)
        assert report.said == [("ch1", 2500), ("ch2", 2500), ("", 0)]


async def test_the_song_goes_on_from_where_a_hand_puts_it(data: Path) -> None:
    async with console(data) as band:
        await band.status("online")
        band.set("transport/position", 20.0)
        await until(lambda: 20 < float(band.value("transport/position") or 0) < 30)
        band.set("transport/play", False)
        await until(lambda: band.level("main/left") < -90)


async def test_what_became_of_each_file_stands_in_a_line_and_the_count_of_the_others_ends_the_notice(
    data: Path, stems: str
) -> None:
    folder = Path(stems)
    for number in range(30):
        (folder / f"000 {number:02} a long name of a file that is no sound at all.wav").write_text("milk")
    (folder / os.fsdecode(b"03 Gr\xf6\xdfe.wav")).hardlink_to(folder / "02 Slap bass.wav")
    for number in range(2_997):
        (folder / f"t{number:04}.wav").hardlink_to(folder / "02 Slap bass.wav")
    async with console(data, stems) as band:
        await band.status("online")
        paths = [path for path, _ in band.desk.layouts["band"].paths() if path.startswith("band/files/")]
        lines = [str(band.desk.values[path]) for path in paths]
        assert "000 07 a long name of a file that is no sound at all.wav is not played" in lines[7]
        assert lines[30] == LEFT_OUT
        assert lines[31 + 2] == "03 Gr\ufffd\ufffde.wav plays on channel 3."
        notice = str(band.value("notice"))
        assert notice.startswith(UNHEARD)
        assert "more notes are in the console’s panel." in notice
        assert notice.endswith(LEFT_OUT)
        assert (band.value("ch3/name"), band.value("ch64/name")) == ("Gr\ufffd\ufffde", "t0060")


async def test_a_fault_of_a_file_while_it_plays_has_a_line_and_a_notice(data: Path, stems: str) -> None:
    sound = np.full(9_000_000, 0.5, np.float32)
    soundfile.write(Path(stems) / "03 Long.wav", sound, 48_000, subtype="PCM_16")
    async with console(data, stems) as band:
        await band.status("online")
        await band.reads("ch3/post_fader", -6)
        os.truncate(Path(stems) / "03 Long.wav", 1_000_000)
        band.set("transport/position", 100.0)
        await until(lambda: "03 Long.wav could not be read" in str(band.value("notice")), START_SECONDS)
        assert "03 Long.wav could not be read" in str(band.value("files/1"))
        assert band.value("status") == "online"
        await band.reads("ch3/post_fader", -108)


@pytest.mark.parametrize("spec", ["missing", "texts"])
async def test_a_folder_that_cannot_play_is_said_on_the_page(data: Path, spec: str) -> None:
    if spec == "texts":
        (data / spec).mkdir()
        (data / spec / "list.wav").write_text("milk")
    async with console(data, str(data / spec)) as band:
        await until(lambda: spec in str(band.value("notice")), START_SECONDS)
        assert band.value("status") == "offline"


@pytest.mark.parametrize(
    ("name", "color"),
    [("Kick in", "red"), ("OH L", "yellow"), ("BASS DI", "orange"), ("BV Anne", "grey"), ("Voc 2", "violet")],
)
def test_colours_follow_the_instrument(name: str, color: str) -> None:
    assert color_for(name) == color


async def test_a_live_engine_has_a_channel_for_each_input_that_plays_it(data: Path) -> None:
    kept: dict[str, Value] = {"band/ch1/source": "stem", "band/ch2/source": "pink noise", "band/ch3/source": "input 9"}
    async with console(data, "live:inputs=4", kept) as band:
        await band.status("online")
        sources = [band.value(f"ch{n}/source") for n in range(1, 5)]
        assert sources == ["input 1", "pink noise", "input 3", "input 4"], "input 9 is not there"
        assert "band/ch5/source" not in band.desk.values
        await until(lambda: band.level("ch2/input") > -30)
        band.set("ch2/source", "tone")
        await band.reads("ch2/input", -17)
        band.set("ch2/source", "off")
        await band.reads("ch2/input", -108)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("live:inputs=0", "inputs of builtin:live is a number from 1 to 64, not '0'"),
        ("live:inputs=many", "not 'many'"),
        ("live:frames=100", "one of 32, 64, 128, 256, 512, not '100'"),
        ("live:colour=red", "has no option 'colour'; there are inputs, frames, card"),
        ("live:card=", "part of a card’s name, or jack, not ''"),
    ],
)
def test_a_live_spec_that_is_wrong_gets_a_sentence(tmp_path: Path, spec: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Builtin(Setup("band", spec, tmp_path))
