"""Both roads to a real Ardour keep the same sentences, by its OSC and by its Mackie surface; its Lua is the witness.

One Ardour for all tests, on a JACK server, without a window: starting it takes seconds.
"""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from math import log10
from pathlib import Path

import pytest
import pytest_asyncio

from remote_mixer.desk.params import Value
from remote_mixer.hub.history import Wanted
from tests.drivers.roads import (
    ANNE,
    BEN,
    STEP,
    MackieRoad,
    OscRoad,
    Road,
    control,
    gain,
    opened,
    show_on,
    stands,
    state,
)
from tests.support.ardour import BUSES, MASTER, VCA, Ardour, headless_ardour
from tests.support.jack import Jack, jack_server
from tests.support.level_meter import SILENT_DB, LevelMeter
from tests.support.waiting import LOOK_SECONDS, until

TRACKS = 20
OTHER_SCRIPTS = {3: "Ñandú", 4: "声", 14: "歌声"}
"""Names by track that Ardour sends by OSC alone."""
NAMES = [*(OTHER_SCRIPTS.get(track, f"Spur {track}") for track in range(1, TRACKS + 1)), *BUSES, VCA]
ROADS = ("osc", "mackie")
SLOW_MACHINE = 10
BACK_SECONDS = 3.0
"""Time in which the console is to be back after its DAW; 2.3 s were measured on two busy cores."""
BEATS = 200
"""A minute."""
KEYS = {"mute": "mute", "solo": "solo", "rec": "rec_enable"}
STAYS, GOES_OUT, COMES_IN = 10, 13, 15
"""Tracks by what a fade does with them."""
Places = Mapping[int, tuple[float, bool]]
"""Track → position of its fader, and whether it is muted."""
FADE_SECONDS = 0.8
NEAR_SOUND_DB, SHOWN_DB = 0.05, 0.15


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    with jack_server(synchronous=True) as jack:
        yield jack


@pytest.fixture(scope="module")
def ardour(jack: Jack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ardour]:
    with headless_ardour(tmp_path_factory.mktemp("ardour"), TRACKS, jack) as ardour:
        for track, name in OTHER_SCRIPTS.items():
            ardour.run(f'route("Spur {track}"):set_name("{name}")')
        ardour.run("session:save_state('')")
        yield ardour


@pytest_asyncio.fixture(scope="module")
async def roads(ardour: Ardour, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mapping[str, Road]]:
    """Both roads, open at once."""
    data = tmp_path_factory.mktemp("data")
    async with opened(MackieRoad(data)) as mackie:
        await until(lambda: mackie.is_online and "Spur 1" in mackie.names())
        async with opened(OscRoad(ardour, data)) as osc:
            await until(lambda: osc.is_online)
            yield {"osc": osc, "mackie": mackie}


@pytest.fixture(params=ROADS)
def road(request: pytest.FixtureRequest, roads: Mapping[str, Road]) -> Road:
    return roads[request.param]


def name_of(track: int) -> str:
    return NAMES[track - 1]


async def moves(road: Road, ardour: Ardour, name: str, position: float, id_: str = "") -> None:
    """Move a fader, until Ardour and the page have it at the same place and level."""
    id_ = id_ or road.id_of(name)
    road.set(f"{id_}/fader", position)
    with suppress(TimeoutError):
        await until(lambda: abs(stands(ardour, name) - position) <= STEP)
        await until(lambda: road.settled and abs(road.position(id_) - position) <= STEP)
    at = (stands(ardour, name), road.position(id_))
    assert at == pytest.approx((position, position), abs=STEP), f"{name} in Ardour and here, settled: {road.settled}"
    assert road.settled


async def shows(road: Road, track: int, *, position: float, pan: float) -> None:
    """Wait until a page shows a track at a position and pan, with no key lit."""
    await until(lambda: not any(road.value(f"ch{track}/{param}") for param in KEYS))
    await stands_at(road, track, position)
    await until(lambda: road.value(f"ch{track}/pan") == pytest.approx(pan, abs=0.011))


async def agrees(road: Road, ardour: Ardour, track: int) -> None:
    """Wait until a page shows a track's keys and pan as Ardour has them, as a person sees before a touch.

    What the other road has moved may be lost once on its way here: a set that equals what is shown is none.
    """
    name = name_of(track)
    there = {param: state(ardour, name, what) for param, what in KEYS.items()}
    await until(lambda: all(bool(road.value(f"ch{track}/{param}")) == bool(on) for param, on in there.items()))
    pan = state(ardour, name, "pan_azimuth")
    await until(lambda: road.value(f"ch{track}/pan") == pytest.approx(pan, abs=0.011))


def stays(road: Road, local: str, *, on: bool) -> bool:
    """Whether a page shows a key as it was pressed, for sure; pressed again where it says that it does not stand.

    A surface gives a press up that was lost five times, and says so.
    """
    if road.settled and road.value(local) != on:
        road.set(local, on)
    return road.settled and road.value(local) == on


async def mutes(road: Road, ardour: Ardour, name: str, *, on: bool) -> None:
    """Mute a strip or end that, until Ardour has it."""
    local = f"{road.id_of(name)}/mute"
    await until(lambda: stays(road, local, on=on) and state(ardour, name, "mute") == on)


async def names_tracks(road: Road) -> None:
    """Wait until a page shows the names of all tracks, as far as Ardour sends them."""
    await until(lambda: road.names()[:TRACKS] == [road.shown(name) for name in NAMES[:TRACKS]])


async def names_one(road: Road, name: str) -> None:
    """Wait until a page shows a strip of a name."""
    await until(lambda: name in road.names())


async def stands_at(road: Road, track: int, position: float) -> None:
    """Wait until a page shows a track's fader at a position."""
    await until(lambda: abs(road.position(f"ch{track}") - position) <= STEP)


async def goes(road: Road) -> None:
    """Wait until a road is offline."""
    await until(lambda: road.value("status") == "offline")


async def is_back(road: Road, names: list[Value]) -> None:
    """Wait until a road is online with its names."""
    await until(lambda: road.is_online and road.names() == names)


# What both roads keep


async def test_all_tracks_buses_and_vcas_are_there_by_name_as_far_as_ardour_sends_it(road: Road) -> None:
    others = sorted(NAMES[TRACKS:])
    await names_tracks(road)  # a text that was lost comes at the next look
    await until(lambda: sorted(map(str, road.names()[TRACKS:])) == others)


@pytest.mark.parametrize("track", [2, 4, 11, 20])
async def test_a_fader_of_any_track_stands_in_ardour_at_the_decibels_that_the_page_shows(
    road: Road, ardour: Ardour, track: int
) -> None:
    name = name_of(track)
    for position in (0.25, 0.6) if isinstance(road, OscRoad) else (0.35, 0.7):  # the other road may still follow
        await moves(road, ardour, name, position, f"ch{track}")
    level = 20 * log10(state(ardour, name, "gain"))
    await until(lambda: abs(road.level(f"ch{track}") - level) < road.near_db or road.lacks_level(f"ch{track}"))


async def test_the_bottom_and_the_top_of_a_fader_are_ardours(road: Road, ardour: Ardour) -> None:
    for end in (0.0, 1.0):
        await moves(road, ardour, name_of(6), end, "ch6")


async def test_keys_and_pan_set_here_are_ardours_and_what_ardour_moves_is_shown_here(
    road: Road, ardour: Ardour
) -> None:
    for track in (7, 17):
        await agrees(road, ardour, track)
        for param in KEYS:
            road.set(f"ch{track}/{param}", True)
        road.set(f"ch{track}/pan", 0.25)
    for track in (7, 17):
        for param, what in KEYS.items():
            await until(lambda: stays(road, f"ch{track}/{param}", on=True) and state(ardour, name_of(track), what) == 1)  # noqa: B023 - waited for here
    await until(lambda: abs(state(ardour, name_of(7), "pan_azimuth") - 0.25) <= 0.011)
    await until(lambda: abs(state(ardour, name_of(17), "pan_azimuth") - 0.25) <= 0.011)
    await road.settles()
    for track in (7, 17):
        for what in KEYS.values():
            ardour.set(control(name_of(track), what), 0)
        ardour.set(control(name_of(track), "gain"), gain(0.4))
        ardour.set(control(name_of(track), "pan_azimuth"), 0.75)
    for track in (7, 17):
        await shows(road, track, position=0.4, pan=0.75)
    assert not any(state(ardour, name_of(track), what) for track in (7, 17) for what in KEYS.values())


@pytest.mark.parametrize("position", [0.0, 1.0, 0.3, 0.5])
async def test_a_pan_reaches_both_ends_and_the_centre_in_ardour(road: Road, ardour: Ardour, position: float) -> None:
    await agrees(road, ardour, 8)
    road.set("ch8/pan", position)
    exactly = 0.011 if position == 0.3 else 0.001  # Ardour's V-pots move by hundredths
    await until(lambda: abs(state(ardour, name_of(8), "pan_azimuth") - position) <= exactly)
    await road.settles()


async def test_a_bus_a_vca_and_the_master_are_moved_like_a_track(road: Road, ardour: Ardour) -> None:
    for name in (BUSES[0], VCA, MASTER):
        for position in (0.6, 0.78178) if isinstance(road, OscRoad) else (0.5, 0.7):
            await moves(road, ardour, name, position, "main" if name == MASTER else "")
    for name in (BUSES[0], VCA):
        for on in (True, False):
            await mutes(road, ardour, name, on=on)


async def puts(road: Road, ardour: Ardour, places: Places) -> None:
    """Move faders and press mutes, until Ardour and the page have them there."""
    faders = (moves(road, ardour, name_of(track), position, f"ch{track}") for track, (position, _) in places.items())
    keys = (mutes(road, ardour, name_of(track), on=muted) for track, (_, muted) in places.items())
    await asyncio.gather(*faders, *keys)


def has(ardour: Ardour, places: Places) -> bool:
    """Whether faders and mutes stand there in Ardour."""
    return all(
        abs(stands(ardour, name_of(track)) - position) <= STEP and state(ardour, name_of(track), "mute") == muted
        for track, (position, muted) in places.items()
    )


async def test_a_scene_kept_here_fades_in_after_a_person_has_moved_its_tracks_and_back_takes_ardour_to_where_it_stood(
    road: Road, ardour: Ardour, tmp_path: Path
) -> None:
    more = 0.0 if isinstance(road, OscRoad) else 0.05  # the other road may still follow
    kept = {STAYS: (0.7 + more, False), GOES_OUT: (0.5 + more, True), COMES_IN: (0.3 + more, False)}
    moved = {STAYS: (0.4 + more, False), GOES_OUT: (0.6 + more, False), COMES_IN: (0.6 + more, True)}
    scope = {"strips": [f"daw/ch{track}" for track in kept], "sections": ["levels", "mutes"]}
    glide: list[float] = []
    async with show_on(road, tmp_path) as show:
        await puts(road, ardour, kept)
        scene, _ = await show.scenes.store(ANNE, {"name": "Ballad", "scope": scope})
        await puts(road, ardour, moved)
        recall = await show.recalls.recall(ANNE, scene.id, {"fade": FADE_SECONDS})
        while not recall.is_over:
            glide.append(stands(ardour, name_of(STAYS)))
            await asyncio.sleep(LOOK_SECONDS)
        await until(lambda: has(ardour, kept))
        assert recall.of == 5, "three faders and two mutes"
        assert recall.work
        assert not recall.work.lost
        assert len(set(glide)) > 5, "it glides in Ardour"
        assert glide == sorted(glide), "and never jumps back"
        back, _ = await show.recalls.back(ANNE, Wanted())
        assert not back.skipped, "nobody has moved it since"
        keys = {f"ch{track}/mute": muted for track, (_, muted) in moved.items()}
        await until(lambda: all(stays(road, key, on=muted) for key, muted in keys.items()) and has(ardour, moved))


@contextmanager
def metronome(jack: Jack) -> Iterator[str]:
    """Run a metronome; yield the name of its output."""
    command = ("jack_metro", "-n", "metro", "-b", str(BEATS))
    metro = subprocess.Popen(command, env=jack.environment, stdout=subprocess.DEVNULL)
    try:
        jack.wait_for(f"metro:{BEATS}_bpm")
        yield f"metro:{BEATS}_bpm"
    finally:
        metro.terminate()
        metro.wait()


async def test_a_track_that_sounds_has_a_meter_and_a_silent_one_has_none(
    road: Road, ardour: Ardour, jack: Jack
) -> None:
    ardour.set('route("Spur 1"):to_track():monitoring_control()', 1)
    await moves(road, ardour, "Spur 1", 0.78)
    with metronome(jack) as output:
        ardour.run(f'route("Spur 1"):input():audio(0):connect("{output}")')
        await until(lambda: road.meter("ch1") > 0)
        assert road.meter("ch2") == 0


async def test_a_fader_and_a_mute_are_heard_at_ardours_own_output_as_the_page_shows_them(
    road: Road, ardour: Ardour, jack: Jack
) -> None:
    id_, name = "ch12", name_of(12)
    ardour.set(f'route("{name}"):to_track():monitoring_control()', 1)
    ardour.set(control(name, "pan_azimuth"), 0)
    ardour.set(control(MASTER, "gain"), 1)
    with closing(LevelMeter()) as ear:
        if not jack.joined(f"ardour:{name}/audio_out 1"):  # Ardour makes no connection here by itself
            jack.join(f"ardour:{name}/audio_out 1", f"ardour:{MASTER}/audio_in 1")
        ear.join(jack, f"ardour:{name}/audio_in 1", f"ardour:{MASTER}/audio_out 1")
        for position in (0.45, 0.72) if isinstance(road, OscRoad) else (0.55, 0.8):  # the other road may still follow
            await moves(road, ardour, name, position, id_)
            await until(lambda: abs(ear.level() - 20 * log10(state(ardour, name, "gain"))) < NEAR_SOUND_DB)
            await until(lambda: abs(road.level(id_) - ear.level()) < SHOWN_DB or road.lacks_level(id_))
        await mutes(road, ardour, name, on=True)
        await until(lambda: ear.level() == SILENT_DB)
        await mutes(road, ardour, name, on=False)
        await until(lambda: ear.level() > -40)


async def test_a_track_that_is_renamed_has_its_new_name_as_far_as_ardour_sends_it(
    roads: Mapping[str, Road], ardour: Ardour
) -> None:
    for track, name in ((5, "Gesang ñ"), (12, "声 12"), (16, "Chor")):
        ardour.run(f'route("{name_of(track)}"):set_name("{name}")')
        NAMES[track - 1] = name
    await roads["mackie"].guard.act("read_tracks", {})
    for road in roads.values():
        await names_tracks(road)


# What one road alone has


async def test_by_osc_a_send_goes_both_ways(roads: Mapping[str, Road], ardour: Ardour) -> None:
    osc = roads["osc"]
    send = f'route("{name_of(1)}"):nth_send(0):to_internalsend():gain_control()'
    level, mute = (f"ch1/send/{osc.id_of(BUSES[0])}/{what}" for what in ("level", "mute"))
    taper = osc.desk.layouts["daw"].tapers["fader"]
    osc.set(level, taper.to_position(-20))
    await until(lambda: ardour.number(f"{send}:get_value()") == pytest.approx(0.1, abs=0.001) and osc.settled)
    ardour.set(send, 0.5)
    await until(lambda: taper.to_unit(float(osc.value(level) or 0)) == pytest.approx(-6.02, abs=osc.near_db))
    osc.set(mute, True)
    await until(lambda: ardour.ask(f'route("{name_of(1)}"):nth_send(0):active()') == "false" and osc.settled)


async def test_by_osc_the_transport_starts_and_stops(roads: Mapping[str, Road], ardour: Ardour) -> None:
    osc = roads["osc"]
    osc.set("transport/play", True)
    await until(lambda: ardour.ask("session:transport_rolling()") == "true")
    await until(lambda: str(osc.value("transport/time")).startswith("00:00:0"))
    osc.set("transport/play", False)
    await until(lambda: ardour.ask("session:transport_rolling()") == "false" and osc.settled)


async def test_by_osc_of_a_thousand_moves_of_ten_faders_every_last_one_stands(
    roads: Mapping[str, Road], ardour: Ardour
) -> None:
    osc = roads["osc"]
    last: dict[int, float] = {}
    for move in range(1000):
        last[1 + move % 10] = position = (move * 37 % 1000) / 1000
        osc.set(f"ch{1 + move % 10}/fader", position)
        if move % 20 == 0:
            await asyncio.sleep(0)
    await osc.settles()
    assert {track: osc.position(f"ch{track}") for track in last} == last
    for track, position in last.items():
        assert stands(ardour, name_of(track)) == pytest.approx(position, abs=STEP)


async def test_by_mackie_a_touch_outside_the_window_begins_where_the_fader_was_moved_to_meanwhile(
    roads: Mapping[str, Road], ardour: Ardour
) -> None:
    mackie = roads["mackie"]
    fader, name, highest = "daw/ch9/fader", name_of(9), 0.0
    await moves(mackie, ardour, name, 0.75)
    await moves(mackie, ardour, name_of(1), 0.5)  # the window leaves
    ardour.set(control(name, "gain"), gain(0.25))
    mackie.desk.hold(fader, BEN)
    mackie.set("ch9/fader", 0.76, BEN)
    begun = time.monotonic()
    while not (mackie.desk.is_known(fader) and abs(mackie.position("ch9") - 0.25) < 0.02):
        highest = max(highest, stands(ardour, name))
        assert time.monotonic() < begun + 60
        await asyncio.sleep(0.005)
    mackie.set("ch9/fader", mackie.position("ch9") + 0.02, BEN)
    await mackie.settles()
    mackie.desk.release(fader, BEN)
    assert max(highest, stands(ardour, name)) < 0.3, "nothing leapt"


async def test_by_mackie_two_mutes_pressed_in_one_moment_are_no_range(
    roads: Mapping[str, Road], ardour: Ardour
) -> None:
    mackie = roads["mackie"]
    for on, muted in ((True, [1, 5]), (False, [])):
        mackie.set("ch1/mute", on, ANNE)
        mackie.set("ch5/mute", on, BEN)
        await until(lambda: stays(mackie, "ch1/mute", on=on) and stays(mackie, "ch5/mute", on=on))  # noqa: B023 - as above
        assert [track for track in range(1, 9) if state(ardour, name_of(track), "mute")] == muted


# Ardour itself comes and goes


async def test_an_ardour_that_is_started_again_is_read_whole_and_played(
    roads: Mapping[str, Road], ardour: Ardour
) -> None:
    ardour.set(control(name_of(2), "gain"), gain(0.3))
    ardour.run("session:save_state('')")
    names = {word: road.names() for word, road in roads.items()}
    await asyncio.to_thread(ardour.stop)
    for road in roads.values():
        await goes(road)
    await asyncio.to_thread(ardour.start)
    begun = time.monotonic()
    for word, road in roads.items():
        await is_back(road, names[word])
        assert time.monotonic() - begun < SLOW_MACHINE * BACK_SECONDS
        await stands_at(road, 2, 0.3)
        await moves(road, ardour, name_of(20), 0.55 if word == "osc" else 0.65)


async def test_a_new_track_is_shown_by_itself(roads: Mapping[str, Road], ardour: Ardour) -> None:
    before = {word: len(road.ids()) for word, road in roads.items()}
    ardour.run('session:new_audio_track(1, 2, nil, 1, "Neu", 12, ARDOUR.TrackMode.Normal)')
    for word, road in roads.items():
        await names_one(road, "Neu")
        assert len(road.ids()) == before[word] + 1
    await moves(roads["osc"], ardour, "Neu", 0.5)
