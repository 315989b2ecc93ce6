"""The driver against a real Ardour on a JACK server, without a window; its Lua program is the witness."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from math import log2
from pathlib import Path

import pytest
import pytest_asyncio

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.mackie import Mackie
from remote_mixer.drivers.osc import encode
from tests.support.ardour import BUSES, VCA, Ardour, headless_ardour
from tests.support.jack import jack_server
from tests.support.waiting import until

ANNE, BEN = Source(CLIENT, "anne", "Anne"), Source(CLIENT, "ben", "Ben")
TRACKS = 20
UNSENT = {3: "Ñandú", 4: "声", 14: "歌声"}
"""Names beyond ASCII, by track: Ardour sends no valid message with one."""
STEP = 1 / 1023
STARTS, ONLINE_SECONDS = 3, 20
"""Beside other work JACK now and then drops Ardour's client as others come; it is started again, at most so often."""
SLOW_MACHINE = 10
BACK_SECONDS = 3.0
"""Time in which the console is to be back after its DAW; 2.3 s were measured on two busy cores."""


def shown(track: int) -> str | None:
    """Return the name of a track as Ardour sends it: six characters, without blanks where it is longer."""
    return None if track in UNSENT else f"Spur {track}" if track < 10 else f"Spur{track}"


NAMES = [*map(shown, range(1, TRACKS + 1)), *BUSES, VCA]


@pytest.fixture(autouse=True)
def _a_daw_in_memory_answers_at_once() -> None:
    """Nothing: this DAW is a real one, and the driver's times stay as they are."""


@pytest.fixture(scope="module")
def ardour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ardour]:
    with jack_server() as jack, headless_ardour(tmp_path_factory.mktemp("ardour"), TRACKS, jack) as ardour:
        for track, name in UNSENT.items():
            ardour.run(f'route("Spur {track}"):set_name("{name}")')
        ardour.run("session:save_state('')")
        yield ardour


class Joined:
    """The driver on Ardour's own ports, and its desk."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.pending: frozenset[str] = frozenset()
        self.guard = Guard(Mackie(Setup("daw", "mackie control", Path())), self.desk, lambda *_: None, self._pend)

    def _pend(self, paths: frozenset[str]) -> None:
        self.pending = paths

    def value(self, local: str) -> Value:
        return self.desk.values[f"daw/{local}"]

    def position(self, local: str) -> float:
        value = self.value(local)
        assert isinstance(value, float)
        return value

    def set(self, local: str, value: Value, who: Source = ANNE) -> None:
        self.desk.set({f"daw/{local}": value}, who)

    def names(self) -> list[Value]:
        strips = self.desk.layouts["daw"].strips
        return [self.value(f"{strip.id}/name") for strip in strips if strip.kind == "channel"]

    async def settles(self) -> None:
        """Wait until all values set have left, and Ardour has answered them."""
        await until(lambda: not self.guard._pending._sent and not self.guard._outbox._lanes)


@pytest_asyncio.fixture(scope="module")
async def daw(ardour: Ardour) -> AsyncIterator[Joined]:
    daw = Joined()
    living = asyncio.create_task(daw.guard.live())
    for _ in range(STARTS):
        with suppress(TimeoutError):
            await until(lambda: daw.desk.values.get("daw/status") == "online", ONLINE_SECONDS)
            break
        await asyncio.to_thread(ardour.stop)
        await asyncio.to_thread(ardour.start)
    await until(lambda: daw.names() == NAMES)  # a text that JACK lost is read at the next look at the banks
    yield daw
    living.cancel()
    await asyncio.wait({living})


def at(track: int, control: str) -> str:
    """Return the Lua expression of a track's control."""
    return f'route("{UNSENT.get(track, f"Spur {track}")}"):to_track():{control}()'


def stands(ardour: Ardour, track: int) -> float:
    """Return where a track's fader stands in Ardour, 0–1: its law is gain_to_slider_position in libs/ardour/dB.cc."""
    gain = ardour.number(f"{at(track, 'gain_control')}:get_value()")
    return float(((6 * log2(gain) + 192) / 198) ** 8) if gain else 0.0


def gain(position: float) -> float:
    """Return the gain (a factor) of a fader at a position, the inverse of that law."""
    return float(2 ** ((position ** (1 / 8) * 198 - 192) / 6))


def by_osc(ardour: Ardour, address: str, *arguments: float) -> None:
    """Move a control in Ardour by its OSC."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.sendto(encode(address, *arguments), ("127.0.0.1", ardour.port))


def test_all_tracks_buses_and_vcas_are_there_and_a_name_that_ardour_does_not_send_is_not_known(daw: Joined) -> None:
    assert daw.names() == NAMES


@pytest.mark.parametrize("track", [2, 4, 11, 20])
async def test_a_fader_set_here_stands_in_ardour_in_any_bank(daw: Joined, ardour: Ardour, track: int) -> None:
    daw.set(f"ch{track}/fader", 0.5)
    await until(lambda: abs(stands(ardour, track) - 0.5) <= STEP)
    await daw.settles()
    assert daw.position(f"ch{track}/fader") == pytest.approx(0.5, abs=STEP)


async def test_a_fader_moved_in_ardour_is_shown(daw: Joined, ardour: Ardour) -> None:
    daw.set("ch5/fader", 0.4)  # brings its bank into the window
    await daw.settles()
    by_osc(ardour, "/strip/fader", 5, 0.6)
    await until(lambda: abs(daw.position("ch5/fader") - 0.6) <= STEP)
    daw.set("ch5/fader", 0.7)
    await until(lambda: abs(stands(ardour, 5) - 0.7) <= STEP)


async def test_the_bottom_and_the_top_of_a_fader_are_ardours(daw: Joined, ardour: Ardour) -> None:
    for end in (0.0, 1.0):
        daw.set("ch6/fader", end)
        await until(lambda: abs(stands(ardour, 6) - end) <= STEP)  # noqa: B023 - waited for at once


@pytest.mark.parametrize(
    ("param", "control"), [("mute", "mute_control"), ("solo", "solo_control"), ("rec", "rec_enable_control")]
)
@pytest.mark.parametrize("track", [7, 17])
async def test_a_key_goes_both_ways(daw: Joined, ardour: Ardour, param: str, control: str, track: int) -> None:
    there = at(track, control)
    daw.set(f"ch{track}/{param}", True)
    await until(lambda: ardour.number(f"{there}:get_value()") == 1)
    await daw.settles()
    ardour.set(there, 0)  # an Ardour that has made its session itself tells of no key: then the next look shows it
    await until(lambda: daw.value(f"ch{track}/{param}") is False)
    assert ardour.number(f"{there}:get_value()") == 0


@pytest.mark.parametrize("position", [0.0, 1.0, 0.3, 0.5])
async def test_a_pan_reaches_both_ends_and_the_centre_in_ardour(daw: Joined, ardour: Ardour, position: float) -> None:
    daw.set("ch8/pan", position)
    exactly = 0.011 if position == 0.3 else 0.001  # Ardour's V-pots move by hundredths
    await until(lambda: abs(ardour.number(f"{at(8, 'pan_azimuth_control')}:get_value()") - position) <= exactly)
    await daw.settles()


async def test_a_touch_outside_the_window_begins_where_the_fader_was_moved_to_meanwhile(
    daw: Joined, ardour: Ardour
) -> None:
    daw.set("ch9/fader", 0.75)
    await daw.settles()
    daw.set("ch1/fader", 0.5)  # the window leaves
    await daw.settles()
    ardour.set(at(9, "gain_control"), gain(0.25))
    fader, highest = "daw/ch9/fader", 0.0
    daw.desk.hold(fader, BEN)
    daw.set("ch9/fader", 0.76, BEN)
    begun = time.monotonic()
    while not (daw.desk.is_known(fader) and abs(daw.position("ch9/fader") - 0.25) < 0.02):
        highest = max(highest, stands(ardour, 9))
        assert time.monotonic() < begun + 60
        await asyncio.sleep(0.005)
    daw.set("ch9/fader", daw.position("ch9/fader") + 0.02, BEN)
    await daw.settles()
    daw.desk.release(fader, BEN)
    assert max(highest, stands(ardour, 9)) < 0.3, "nothing leapt"


async def test_two_mutes_pressed_in_one_moment_are_no_range(daw: Joined, ardour: Ardour) -> None:
    daw.set("ch1/mute", True, ANNE)
    daw.set("ch5/mute", True, BEN)
    await daw.settles()
    muted = [track for track in range(1, 9) if ardour.number(f"{at(track, 'mute_control')}:get_value()")]
    assert muted == [1, 5]
    daw.set("ch1/mute", False, ANNE)
    daw.set("ch5/mute", False, BEN)
    await daw.settles()


async def test_a_name_that_ardour_stops_sending_is_not_known_and_no_other_track_has_it(
    daw: Joined, ardour: Ardour
) -> None:
    for track, name in ((5, "Gesang ñ"), (12, "声 12")):
        ardour.run(f'other = route("Spur {track}"); other:set_name("{name}")')
        UNSENT[track] = name
    await daw.guard.act("read_tracks", {})
    await until(lambda: daw.names() == [*map(shown, range(1, TRACKS + 1)), *BUSES, VCA])


async def test_an_ardour_that_is_started_again_is_read_whole_and_played(daw: Joined, ardour: Ardour) -> None:
    ardour.run(f"{at(2, 'gain_control')}:set_value({gain(0.3)}, PBD.GroupControlDisposition.NoGroup)")
    ardour.run("session:save_state('')")
    names = daw.names()
    ardour.stop()
    await until(lambda: daw.value("status") == "offline")
    await asyncio.to_thread(ardour.start)
    begun = time.monotonic()
    await until(lambda: daw.value("status") == "online" and daw.names() == names)
    print(f"back after {time.monotonic() - begun:.2f} s")
    assert time.monotonic() - begun < SLOW_MACHINE * BACK_SECONDS
    assert daw.position("ch2/fader") == pytest.approx(0.3, abs=STEP)
    daw.set("ch20/fader", 0.6)
    await until(lambda: abs(stands(ardour, 20) - 0.6) <= STEP)


async def test_a_new_track_behind_the_window_is_noticed(daw: Joined, ardour: Ardour) -> None:
    daw.set("ch1/fader", 0.6)
    await daw.settles()
    begun = time.monotonic()
    ardour.run('session:new_audio_track(1, 2, nil, 1, "Neu", 12, ARDOUR.TrackMode.Normal)')
    await until(lambda: "Neu" in daw.names())
    print(f"noticed after {time.monotonic() - begun:.2f} s")
    assert len(daw.names()) == len(NAMES) + 1
