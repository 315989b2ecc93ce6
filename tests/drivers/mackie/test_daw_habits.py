"""The test DAW itself: handshake, banks, and the differences between hosts."""

from __future__ import annotations

import pytest

from tests.drivers.mackie.scripted_daw import ANNOUNCE, ScriptedDaw, screen
from tests.support.daw_tracks import fader_text, short

RIGHT, LEFT, ONE_RIGHT, ONE_LEFT = (f"90 {note} 7f 90 {note} 00" for note in ("2f", "2e", "31", "30"))
PAINTING = 50
"""Messages of a whole unit's painting, at the least."""


def test_a_host_that_asks_queries_each_unit_and_paints_what_announces_itself() -> None:
    bench = ScriptedDaw(10, 2, asks=True, started=False)
    bench.daw.start()
    assert (bench.replies(0), bench.replies(1)) == (["f0 00 00 66 14 00 f7"], ["f0 00 00 66 15 00 f7"])
    said = bench.do(ANNOUNCE)
    assert said[0] == "f0 00 00 66 14 13 00 f7"
    assert screen(0, "Trk 1  ") in said
    assert bench.replies(1) == []


def test_a_host_that_hand_shakes_answers_the_challenge_and_paints_when_that_is_confirmed() -> None:
    bench = ScriptedDaw(asks=True, handshakes=True)
    assert bench.do(ANNOUNCE) == ["f0 00 00 66 14 02 52 65 6d 6f 74 65 31 05 05 7b 2f f7"]
    assert len(bench.do("f0 00 00 66 14 03 52 65 6d 6f 74 65 31 f7")) > PAINTING


def test_a_host_may_heed_one_announcement_alone() -> None:
    bench = ScriptedDaw(heeds=bytes.fromhex("58595a"))
    assert bench.do(ANNOUNCE) == []
    assert len(bench.do("f0 00 00 66 14 01 58 59 5a 57 18 61 05 57 18 61 05 f7")) > PAINTING


def test_a_version_is_five_characters() -> None:
    bench = ScriptedDaw()
    bench.do("f0 00 00 66 14 14 56 31 2e 30 30 f7")
    assert bench.daw.units[0].version == b"V1.00"


@pytest.mark.parametrize(
    "nonsense",
    [
        *("80 10 40", "90 10 40", "91 10 7f", "e9 00 00", "b0 18 01", "b1 10 01", "a0 00 00", "10 10"),
        *("f0 00 00 66 15 01 f7", "f0 00 00 66 14 01 f7", "f0 00 00 66 14 0a 00 f7"),
    ],
)
def test_what_no_surface_sends_is_kept_as_odd(nonsense: str) -> None:
    bench = ScriptedDaw()
    bench.do(nonsense)
    assert bench.daw.odd == [bytes.fromhex(nonsense)]


@pytest.mark.parametrize(
    ("ends", "tracks", "units", "walk"),
    [
        ("shifted", 10, 1, [0, 2, 2]),
        ("shifted", 40, 1, [0, 8, 16, 24, 32, 32]),
        ("shifted", 40, 3, [0, 16, 16]),
        ("shifted", 8, 1, [0, 0]),
        ("padded", 10, 1, [0, 8, 8]),
        ("padded", 40, 3, [0, 24, 24]),
        ("padded", 8, 1, [0, 0]),
        ("whole", 10, 1, [0, 0]),
        ("whole", 20, 1, [0, 8, 8]),
    ],
)
def test_a_walk_to_the_right_ends_as_the_host_does(ends: str, tracks: int, units: int, walk: list[int]) -> None:
    bench = ScriptedDaw(tracks, units, ends=ends)
    seen = [bench.daw.first]
    for _ in walk[1:]:
        bench.do(RIGHT)
        seen.append(bench.daw.first)
    assert seen == walk


def test_single_channels_and_the_way_back_go_as_far_as_the_tracks_do() -> None:
    bench = ScriptedDaw(ends="whole")
    for script, first in [(ONE_RIGHT, 1), (ONE_RIGHT, 2), (ONE_RIGHT, 2), (ONE_LEFT, 1), (LEFT, 0), (LEFT, 0)]:
        bench.do(script)
        assert bench.daw.first == first


@pytest.mark.parametrize("habit", [False, True])
def test_a_host_at_its_end_says_nothing_unless_it_is_one_that_paints_all_the_same(habit: bool) -> None:
    bench = ScriptedDaw(8, paints_at_end=habit)
    assert (screen(0, "Trk 1  ") in bench.do(RIGHT)) is habit


def test_padded_strips_are_blank_and_dark() -> None:
    bench = ScriptedDaw(10, ends="padded")
    for track in bench.daw.tracks:
        track.mute = True
    bench.daw.repaint()
    bench.replies()
    assert {screen(0x0E, " " * 7), screen(0x46, " " * 7), "90 12 00", "b0 32 00"} <= set(bench.do(RIGHT))
    assert bench.daw.track(0, 2) is None


def test_units_stand_in_the_hosts_order() -> None:
    bench = ScriptedDaw(16, 2, started=False, order=[1, 0])
    bench.daw.start()
    assert screen(0, "Trk 9  ") in bench.replies(0)
    assert screen(0, "Trk 1  ", 0x15) in bench.replies(1)


def test_the_master_the_transport_and_the_time_are_the_main_units_alone() -> None:
    bench = ScriptedDaw(16, 2, started=False)
    bench.daw.start()
    assert not {message[:5] for message in bench.replies(1)} & {"e8 00", "90 5d", "b0 40", "90 73"}
    bench.do("e8 00 00 b0 3c 01", unit=1)
    assert len(bench.daw.odd) == 2


def test_letters_outside_ascii_become_other_bytes() -> None:
    assert ScriptedDaw(["Čello"]).daw.display(0).screen[:5] == b"\x0cello"
    assert ScriptedDaw(["Čello"], ascii="question mark").daw.display(0).screen[:5] == b"?ello"


def test_running_status_leaves_out_what_is_the_same() -> None:
    bench = ScriptedDaw(running_status=True)
    bench.daw.meter(0, 3)
    bench.daw.meter(1, 4)
    bench.daw.rename(0, "Kick")
    bench.daw.meter(1, 4)
    assert bench.replies() == ["d0 03", "14", screen(0, "Kick   "), "d0 14"]


def test_a_silent_host_and_a_closed_one_say_nothing() -> None:
    bench = ScriptedDaw()
    bench.daw.silent = True
    assert bench.do("90 10 7f 90 10 00") == []
    assert bench.daw.tracks[0].mute
    bench.daw.silent = False
    bench.do("90 5e 7f 90 5e 00")
    bench.daw.close()
    assert bench.wait(5) == []


def test_a_slow_host_says_the_same_later_and_in_order() -> None:
    quick, slow = ScriptedDaw(), ScriptedDaw(answer=0.05)
    slow.wait(0.1)
    assert slow.do(RIGHT) == []
    assert slow.wait(0.06) == quick.do(RIGHT)


def test_tracks_come_and_go_and_change_their_names() -> None:
    bench = ScriptedDaw(10)
    bench.daw.rename(0, "Kick")
    assert bench.replies() == [screen(0, "Kick   ")]
    bench.daw.add(0, "New")
    assert {screen(0, "New    "), screen(7, "Kick   ")} <= set(bench.replies())
    bench.do(RIGHT)
    bench.daw.remove(0)
    assert (bench.daw.first, len(bench.daw.tracks)) == (2, 10)


@pytest.mark.parametrize(
    ("place", "zero_at", "text"),
    [(0, 12808, "-inf dB"), (12808, 12808, "0.0 dB"), (6404, 12808, "-12.0dB"), (12808, 6404, "12.0 dB")],
)
def test_the_fader_law_is_the_daws_own(place: int, zero_at: int, text: str) -> None:
    assert fader_text(place, zero_at) == text


def test_names_are_shortened_as_hosts_do() -> None:
    names = ["Lead Vocal", "Kick", "Snare Top", "Electric Guitar"]
    assert [short(name, 6) for name in names] == ["LedVcl", "Kick", "SnarTp", "Elctrc"]
