"""The driver against a real Ardour, without a window; its Lua program is the witness."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from math import log10

import pytest
import pytest_asyncio

from tests.drivers.osc_daw.joined import Joined, joined
from tests.support.ardour import BUSES, MASTER, SINE, SINE_DB, VCA, Ardour, headless_ardour
from tests.support.waiting import until

TRACKS = 40
NAMES = [f"Spur {number}" for number in range(1, TRACKS + 1)]
NEAR_DB = 0.02
NEAR_SOUND_DB = 0.3
SUBGROUP_DB = 6.0206


@pytest.fixture(scope="module")
def ardour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ardour]:
    with headless_ardour(tmp_path_factory.mktemp("ardour"), TRACKS, sound=SINE) as ardour:
        yield ardour


@pytest_asyncio.fixture(scope="module")
async def daw(ardour: Ardour, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Joined]:
    async with joined(("127.0.0.1", ardour.port), tmp_path_factory.mktemp("data"), slow=1.0) as daw:
        yield daw


def gain(ardour: Ardour, name: str) -> float:
    """Return a strip's gain in Ardour, in dB."""
    factor = ardour.number(f'route("{name}"):gain_control():get_value()')
    return 20 * log10(factor) if factor else float("-inf")


def level(daw: Joined, path: str) -> float:
    """Return what a page shows for a fader, in dB."""
    position = daw.value(path)
    assert isinstance(position, float)
    return daw.desk.layouts["daw"].tapers["fader"].to_unit(position)


def test_forty_tracks_two_buses_a_vca_and_master_are_there_in_ardours_order(daw: Joined) -> None:
    assert sorted(daw.names(), key=str) == sorted([*NAMES, *BUSES, VCA, MASTER])
    assert daw.names()[:TRACKS] == NAMES
    assert daw.names()[-1] == MASTER
    assert {daw.id_of(BUSES[0]), daw.id_of(BUSES[1])} == {"bus1", "bus2"}
    assert daw.id_of(VCA) == "dca1"


@pytest.mark.parametrize("db", [6.0206, 3.3, 0.0, -5.5, -10.0, -37.2, -60.0])
async def test_a_fader_stands_in_ardour_at_the_decibels_that_the_page_shows(
    daw: Joined, ardour: Ardour, db: float
) -> None:
    taper = daw.desk.layouts["daw"].tapers["fader"]
    daw.set("ch2/fader", taper.to_position(db))
    await until(lambda: abs(gain(ardour, "Spur 2") - db) < NEAR_DB)
    await until(lambda: daw.settled)


async def test_the_bottom_of_a_fader_is_silence_in_ardour(daw: Joined, ardour: Ardour) -> None:
    daw.set("ch2/fader", 0.0)
    await until(lambda: gain(ardour, "Spur 2") == float("-inf"))


@pytest.mark.parametrize("db", [5.0, 0.0, -12.3, -40.0])
async def test_a_fader_moved_in_ardour_is_shown_with_its_decibels(daw: Joined, ardour: Ardour, db: float) -> None:
    ardour.set('route("Spur 3"):gain_control()', 10 ** (db / 20))
    await until(lambda: abs(level(daw, "ch3/fader") - db) < NEAR_DB)


@pytest.mark.parametrize(
    ("param", "control"),
    [("mute", "mute_control"), ("solo", "solo_control"), ("rec", "rec_enable_control"), ("pan", "pan_azimuth_control")],
)
async def test_keys_and_pan_go_both_ways(daw: Joined, ardour: Ardour, param: str, control: str) -> None:
    there = f'route("Spur 4"):to_track():{control}()'
    on, off = (0.25, 0.75) if param == "pan" else (True, False)
    daw.set(f"ch4/{param}", on)
    await until(lambda: ardour.number(f"{there}:get_value()") == pytest.approx(float(on)) and daw.settled)
    ardour.set(there, float(off))
    await daw.stands(f"ch4/{param}", off)


async def test_a_bus_a_vca_and_the_master_are_moved_like_a_track(daw: Joined, ardour: Ardour) -> None:
    for id_ in ("bus1", "dca1", "main"):
        daw.set(f"{id_}/fader", 0.6)
        daw.set(f"{id_}/mute", True)
    await until(lambda: daw.settled)
    vca = "session:vca_manager():vca_by_number(1)"
    for there in (f'route("{BUSES[0]}")', vca, f'route("{MASTER}")'):
        assert ardour.number(f"{there}:mute_control():get_value()") == 1
        assert ardour.number(f"{there}:gain_control():get_value()") == pytest.approx(0.485, abs=0.01)
    for id_ in ("bus1", "dca1", "main"):
        daw.set(f"{id_}/fader", 0.78178)
        daw.set(f"{id_}/mute", False)
    await until(lambda: daw.settled)


async def test_a_send_goes_both_ways(daw: Joined, ardour: Ardour) -> None:
    send = 'route("Spur 1"):nth_send(0):to_internalsend():gain_control()'
    taper = daw.desk.layouts["daw"].tapers["fader"]
    bus = daw.id_of(BUSES[0])
    daw.set(f"ch1/send/{bus}/level", taper.to_position(-20))
    await until(lambda: ardour.number(f"{send}:get_value()") == pytest.approx(0.1, abs=0.001) and daw.settled)
    ardour.set(send, 0.5)
    await until(lambda: level(daw, f"ch1/send/{bus}/level") == pytest.approx(-6.02, abs=NEAR_DB))
    daw.set(f"ch1/send/{bus}/mute", True)
    await until(lambda: ardour.ask('route("Spur 1"):nth_send(0):active()') == "false" and daw.settled)


async def test_of_a_thousand_moves_of_twenty_faders_every_last_one_stands(daw: Joined, ardour: Ardour) -> None:
    last = {}
    for move in range(1000):
        channel, position = 10 + move % 20, (move * 37 % 1000) / 1000
        daw.set(f"ch{channel}/fader", position)
        last[f"ch{channel}/fader"] = position
        if move % 20 == 0:
            await asyncio.sleep(0)
    await until(lambda: daw.settled)
    assert {path: daw.value(path) for path in last} == last
    for path in last:
        shown = level(daw, path)
        assert gain(ardour, NAMES[int(path[2:4]) - 1]) == pytest.approx(shown, abs=0.3) or shown < -100


async def test_a_name_in_any_script_is_shown_when_it_is_given(daw: Joined, ardour: Ardour) -> None:
    ardour.run('route("Spur 6"):set_name("Gesang 声 ñ Ω")')
    await daw.stands("ch6/name", "Gesang 声 ñ Ω")
    daw.set("ch6/fader", 0.5)
    await until(lambda: abs(gain(ardour, "Gesang 声 ñ Ω") - level(daw, "ch6/fader")) < NEAR_DB)


async def test_the_transport_starts_and_stops(daw: Joined, ardour: Ardour) -> None:
    daw.set("transport/play", True)
    await until(lambda: ardour.ask("session:transport_rolling()") == "true")
    await until(lambda: str(daw.value("transport/time")).startswith("00:00:0"))
    daw.set("transport/play", False)
    await until(lambda: ardour.ask("session:transport_rolling()") == "false" and daw.settled)


async def test_a_fader_and_pan_change_the_sound_at_the_master_by_what_they_show(daw: Joined, ardour: Ardour) -> None:
    ardour.run('route("Spur 7"):to_track():monitoring_control():set_value(1, PBD.GroupControlDisposition.NoGroup)')
    ardour.run('route("Spur 7"):input():audio(0):connect("system:capture_1")')
    taper = daw.desk.layouts["daw"].tapers["fader"]

    def sound(side: int) -> float:
        return ardour.number(f"session:master_out():peak_meter():meter_level({side}, ARDOUR.MeterType.MeterPeak)")

    daw.set("ch7/pan", 0.0)
    for db in (-12.0, 0.0, 3.0):
        daw.set("ch7/fader", taper.to_position(db))
        await until(lambda: abs(sound(0) - SINE_DB - db) < NEAR_SOUND_DB)  # noqa: B023 - waited for at once
    assert sound(1) < sound(0) - 10, "panned to the left"
    place = [strip.id for strip in daw.desk.layouts["daw"].strips].index("main")
    await until(lambda: abs((daw.frames[-1][place] - 216) / 2 - SINE_DB - 3) <= 0.5)
    daw.set("ch7/mute", True)
    await until(lambda: sound(0) < SINE_DB - 10)  # the meter falls slowly


async def test_a_new_track_announces_itself_and_no_other_changes_its_id(daw: Joined, ardour: Ardour) -> None:
    before = {id_: daw.value(f"{id_}/name") for id_ in daw.ids}
    ardour.run('session:new_audio_track(1, 2, nil, 1, "Neu", 0, ARDOUR.TrackMode.Normal)')
    await until(lambda: "Neu" in daw.names())
    assert daw.ids[0] == daw.id_of("Neu") == f"ch{TRACKS + 1}"
    assert {id_: daw.value(f"{id_}/name") for id_ in before} == before
    daw.set("ch8/fader", 0.3)
    await until(lambda: abs(gain(ardour, "Spur 8") - level(daw, "ch8/fader")) < NEAR_DB)


async def test_an_ardour_that_is_killed_is_offline_and_read_whole_when_it_is_back(daw: Joined, ardour: Ardour) -> None:
    ardour.run("session:save_state('')")
    names = daw.names()
    ardour.kill()
    await daw.stands("status", "offline")
    await asyncio.to_thread(ardour.start)
    await daw.stands("status", "online")
    assert daw.names() == names
    assert daw.near("ch8/fader", 0.3)
    daw.set("ch8/fader", 0.78178)
    await until(lambda: abs(gain(ardour, "Spur 8")) < NEAR_DB)
