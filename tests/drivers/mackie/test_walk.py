"""The walk over the banks proves its end, and tracks that change behind the window are noticed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import pytest

from remote_mixer.drivers.mackie import looks, session
from remote_mixer.drivers.mackie.banks import unmoved
from tests.drivers.mackie.joined import Joined, joined
from tests.drivers.mackie.test_changed_tracks import life
from tests.drivers.mackie.test_session import moves_alone
from tests.support.daw_tracks import ARDOUR
from tests.support.waiting import until

TRACKS = [f"Trk {n}" for n in range(1, 41)]


def nth_bank_press(number: int) -> Callable[[bytes], bool]:
    """Return a function that loses one press of a bank button, and its release."""
    presses: list[bytes] = []

    def loses(message: bytes) -> bool:
        if message[0] != 0x90 or message[1] not in {0x2E, 0x2F}:
            return False
        presses.append(message)
        return len(presses) // 2 == number or (len(presses) + 1) // 2 == number + 1

    return loses


async def test_a_lost_bank_key_loses_no_track() -> None:
    async def walk(number: int) -> None:
        async with joined(40, loses=nth_bank_press(number), **ARDOUR) as far:
            assert far.names == TRACKS, number

    await asyncio.gather(*map(walk, range(9)))


@pytest.mark.parametrize(("tracks", "right"), [(24, 2 + 3), (20, 2), (8, 3)])
async def test_a_bank_key_that_changes_nothing_is_pressed_again_twice_and_no_more(tracks: int, right: int) -> None:
    async with joined(tracks, **ARDOUR) as far:
        pressed = far.daw.pressed
        assert pressed.count("bank_right") == right, "of 20 tracks the last bank shows its end"
        assert pressed.index("bank_right") == 3, "three to the left, where the first bank is already"


@pytest.mark.parametrize("ends", ["shifted", "padded"])
async def test_a_daw_that_answers_later_than_expected_is_read_whole_all_the_same(ends: str) -> None:
    async with joined(40, ends=ends, answer=0.12) as far:
        await until(lambda: far.names == TRACKS)


async def test_tracks_whose_names_the_daw_does_not_send_have_none_and_are_played_in_their_places() -> None:
    names = [f"Trk {n}" if n % 5 else f"ボーカル{n}" for n in range(1, 25)]
    async with joined(names, **ARDOUR) as far:
        for track in (20, 1, 11, 24, 5):
            await moves_alone(far, track)
        known = [None if n % 5 == 0 else f"Trk {n}" for n in range(1, 25)]
        assert [name for name, there in zip(far.names, known, strict=True) if there] == [n for n in known if n]
        assert far.names[9] is None


async def test_no_track_ever_has_the_name_of_another_one_whose_text_was_left_on_its_strip() -> None:
    async def names_after_a_walk(seed: int) -> None:
        chance = random.Random(seed)
        names = [f"Trk {n}" if chance.random() < 0.85 else f"声{n}" for n in range(1, chance.choice((20, 23, 24)) + 1)]
        names[8] = names[16] = names[0]  # equal ones, which a DAW does not paint again, either
        names[10], names[12] = "Trk 11", "Trk 13"
        async with joined(names, **ARDOUR) as far:
            for track in chance.sample(range(13, len(names)), 4):
                names[track] = chance.choice((f"歌{track}", f"New {track}"))
                far.daw.rename(track, names[track])
            names[2], names[4] = "声", "歌"  # in the window, and nothing is painted
            far.daw.rename(2, names[2])
            far.daw.rename(4, names[4])
            begun, surface = far.daw.pressed.count("bank_right"), far.driver._session
            assert surface
            await far.guard.act("read_tracks", {})
            await until(lambda: far.daw.pressed.count("bank_right") > begun and surface._tracks.sure)
            await far.later()
            wrong = [
                (name, there) for name, there in zip(far.names, names, strict=True) if name not in {None, "", there}
            ]
            assert wrong == [], seed
            unknown = [there for name, there in zip(far.names, names, strict=True) if name is None and there.isascii()]
            assert len(unknown) <= 3, seed

    await asyncio.gather(*map(names_after_a_walk, range(12)))


async def test_a_new_track_behind_the_window_is_noticed_while_no_hand_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "WALKS_SECONDS", 0.0)
    async with joined(20, **ARDOUR) as far:
        monkeypatch.setattr(looks, "SWEEP_SECONDS", 0.2)
        far.daw.add(18, "Choir")
        await until(lambda: "Choir" in far.names)
        assert len(far.names) == 21


async def test_no_bank_moves_while_a_finger_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    async with joined(20, **ARDOUR) as far:
        far.hold("ch1/fader")
        far.daw.pressed.clear()
        monkeypatch.setattr(looks, "SWEEP_SECONDS", 0.1)
        for _ in range(5):
            await far.later()
        assert far.daw.pressed == []
        far.release("ch1/fader")
        await until(lambda: "bank_right" in far.daw.pressed)


async def test_a_look_at_the_other_banks_ends_where_it_began_and_refreshes_what_is_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with joined(24, first=8, **ARDOUR) as far:
        far.daw.tracks[20].fader = 0x3FF0
        monkeypatch.setattr(looks, "SWEEP_SECONDS", 0.2)
        await until(lambda: far.value("ch21/fader") == 1.0)
        monkeypatch.setattr(looks, "SWEEP_SECONDS", 1000.0)
        await until(lambda: far.daw.pressed.count("bank_right") >= 3 and far.daw.first == 8)
        assert "daw/ch21/fader" in far.remembered


async def test_a_mute_pressed_in_the_daw_whose_light_is_lost_is_known_after_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with joined(20, **ARDOUR) as far:
        lost: list[bytes] = []

        def hides(data: bytes) -> bool:
            if lost or data[:2] != b"\x90\x11":
                return False
            lost.append(data)
            return True

        far.links.hides = hides
        far.daw.tracks[1].mute = True
        far.daw.show()
        await far.later()
        assert (len(lost), far.value("ch2/mute")) == (1, False)
        monkeypatch.setattr(looks, "SWEEP_SECONDS", 0.2)
        await until(lambda: far.value("ch2/mute") is True)


async def test_a_name_whose_text_is_lost_in_all_of_the_walk_is_known_after_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with joined(24, hides=lambda data: b"Trk 20" in data, **ARDOUR) as far:
        assert far.names[19] is None, "and it is no other track's name"
        far.links.hides = lambda data: False
        monkeypatch.setattr(looks, "SWEEP_SECONDS", 0.2)
        await until(lambda: far.names == TRACKS[:24])


async def test_names_that_one_unit_has_lost_are_read_in_the_walk_though_the_daw_paints_only_differences() -> None:
    lost = LostTexts(4)  # the main unit's: those of the extender arrive
    async with joined(20, 2, there=False, hides=lost) as far:
        lost.far, far.daw.silent = far, False
        far.daw.start()
        await until(lambda: lost.visits and len(far.names) > 16)
        assert far.names == TRACKS[:20]


@pytest.mark.parametrize("kept", [b"\x31", b"\x00"])
async def test_a_bank_of_whose_names_but_one_arrives_is_read_whole_in_the_walk(kept: bytes) -> None:
    """JACK loses the texts of one period; the text of the last or the first strip comes in another one."""
    lost = LostTexts(16)

    def hides(data: bytes) -> bool:
        return lost(data) and data[6:7] != kept

    async with joined(23, there=False, hides=hides, repaints=True, **ARDOUR) as far:
        lost.far, far.daw.silent = far, False
        far.daw.start()
        await until(lambda: lost.visits and len(far.names) > 8)
        assert far.names == TRACKS[:23]


async def test_tracks_before_a_bank_that_was_taken_for_the_first_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with joined(23, first=16, loses=lambda data: data[:2] == b"\x90\x2e", repaints=True, **ARDOUR) as far:
        assert len(far.names) == 7
        far.links.loses = lambda data: False
        monkeypatch.setattr(looks, "SWEEP_SECONDS", 0.2)
        await until(lambda: far.names == TRACKS[:23])


async def test_no_walk_in_which_a_tenth_of_everything_is_lost_takes_known_tracks_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "WALKS_SECONDS", 0.5)

    async def walk(seed: int) -> None:
        async with joined(23, repaints=True, **ARDOUR) as far:
            chance = random.Random(seed)
            far.links.loses = far.links.hides = lambda data: chance.random() < 0.1
            far.daw.pressed.clear()
            await far.guard.act("read_tracks", {})
            await until(lambda: len(far.daw.pressed) > 12)
            await until(lambda: not life(far)._tracks.moving)
            assert len(far.names) == 23, seed
            far.links.loses = far.links.hides = lambda data: False
            monkeypatch.setattr(looks, "SWEEP_SECONDS", 0.2)
            await until(lambda: far.names == TRACKS[:23])

    await asyncio.gather(*map(walk, range(10)))


class LostTexts:
    """Loses all texts of the first visit of the bank at an offset, as JACK loses what stands in one period."""

    def __init__(self, offset: int) -> None:
        self.offset, self.visits = offset, 0
        self.far: Joined | None = None
        self._at = -1

    def __call__(self, data: bytes) -> bool:
        if self.far is None:
            return False
        if self.far.daw.first != self._at:
            self._at = self.far.daw.first
            self.visits += self._at == self.offset
        return self._at == self.offset and self.visits == 1 and data[:6] == b"\xf0\x00\x00\x66\x14\x12"


async def test_a_bank_whose_names_are_lost_is_no_other_bank_for_a_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    async with joined(24, hides=(lost := LostTexts(8)), repaints=True, **ARDOUR) as far:
        lost.far = far
        monkeypatch.setattr(looks, "SWEEP_SECONDS", 0.2)
        await until(lambda: lost.visits)
        far.set("ch1/fader", 0.5)
        await until(lambda: far.daw.tracks[0].fader >> 4 == round(0.5 * 1023))
        assert [track.fader for track in far.daw.tracks[1:]] == [0] * 23, "and no other track has moved"


@pytest.mark.parametrize("track", [12, 20])
async def test_a_track_in_a_bank_whose_names_are_lost_is_found_all_the_same(track: int) -> None:
    async with joined(20, hides=(lost := LostTexts(track // 8 * 8)), repaints=True, **ARDOUR) as far:
        lost.far = far
        far.set(f"ch{track}/fader", 0.5)
        await until(lambda: lost.visits and far.daw.tracks[track - 1].fader >> 4 == round(0.5 * 1023))
        await until(lambda: far.settled and far.value(f"ch{track}/fader") == pytest.approx(0.5, abs=0.001))
        assert [number for number, there in enumerate(far.daw.tracks, 1) if there.fader] == [track]


async def test_what_waits_for_a_track_that_stands_where_it_stood_is_played_though_others_came() -> None:
    async with joined(24, **ARDOUR) as far:
        far.daw.add(24, "Choir")
        await far.guard.act("read_tracks", {})
        await until(lambda: far.driver._session and far.driver._session._tracks.moving)
        far.set("ch20/fader", 0.5)
        await until(lambda: far.names[-1] == "Choir")
        await until(lambda: far.daw.tracks[19].fader >> 4 == round(0.5 * 1023))
        assert [number for number, there in enumerate(far.daw.tracks, 1) if there.fader] == [20]


def test_of_tracks_that_are_more_or_fewer_those_with_a_name_of_their_own_stand_where_they_stood() -> None:
    assert unmoved(["Kick", "Snare", "Vox"], ["Kick", "Snare", "Vox"]) == {0, 1, 2}
    assert unmoved(["Vox", "Vox"], ["Vox", "Vox"]) == {0, 1}
    assert unmoved(["Kick", "Vox", "Vox", "Organ"], ["Kick", "Vox", "Vox", "Vox", "Organ"]) == {0}
    assert unmoved(["Kick", "\1"], ["Kick", "\1", "Organ"]) == {0}, "an unread name may be any"


async def test_tracks_are_read_again_when_a_person_asks_for_it() -> None:
    async with joined(20, **ARDOUR) as far:
        far.daw.rename(15, "Choir")
        await far.guard.act("read_tracks", {})
        await until(lambda: "Choir" in far.names)


@pytest.mark.parametrize("key", ["undo", "save", "marker"])
async def test_the_daws_own_keys_are_pressed_once(key: str) -> None:
    async with joined(8) as far:
        await far.guard.act(key, {})
        await until(lambda: far.daw.pressed.count(key) == 1)
