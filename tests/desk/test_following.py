"""Groups on a desk: members pass rights, rails and holds each by itself, as part of the person's one move."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

import pytest

from remote_mixer.desk import paths
from remote_mixer.desk.change import Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.following import Following
from remote_mixer.desk.groups import Ratio
from remote_mixer.desk.layout import OFFLINE, ONLINE, Layout, Strip
from remote_mixer.desk.params import Param, Position, StripList, Toggle, Value
from remote_mixer.desk.policy import ENGINEER, Policy, Rail
from remote_mixer.desk.sources import Source, console
from remote_mixer.desk.tapers import FADER
from tests.desk.desks import ANNE, BOB, Clock

DCA, DCA_2, MUTES, MUTES_2 = "house/dca1", "house/dca2", "house/mutegroup/1", "house/mutegroup/2"
FADER_OF_DCA = "house/dca1/fader"
MEMBERS = StripList(400, but_of="house")
GROUP: dict[str, Param] = {"fader": Position("fader", 0.75), "mute": Toggle(), "members": MEMBERS}
MUTE_GROUPS: dict[str, Param] = {
    f"mutegroup/{n}{local}": param for n in (1, 2) for local, param in (("", Toggle()), ("/members", MEMBERS))
}
STRIP: dict[str, Param] = {"fader": Position("fader", 0.50049, steps=1024), "mute": Toggle()}
HOUSE = Layout(
    "house",
    "House",
    "house",
    {"fader": FADER},
    MUTE_GROUPS,
    tuple(Strip(f"dca{n}", "dca", n, "", GROUP) for n in (1, 2)),
)


def console_of(name: str, strips: int) -> Layout:
    numbers = range(1, strips + 1)
    made = tuple(Strip(f"ch{n}", "channel", n, f"Ch {n}", STRIP) for n in numbers)
    return Layout(name, "Console", "test", {"fader": FADER}, {"mutegroup/1": Toggle()}, made)


class Hall:
    """A desk with two consoles of three channels, and the house."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        self.clock = Clock()
        self.desk = Desk(self.clock)
        for layout in (console_of("band", 3), console_of("foh", 3), HOUSE):
            self.desk.add(layout, {})
            self.desk.set({paths.status(layout.name): ONLINE}, console(layout.name))
        self.following = Following(self.desk, "house")
        self.following.groups = (DCA, DCA_2, MUTES, MUTES_2)
        self.desk.follower = self.following
        self.changes: list[Change] = []
        self.desk.change_listeners += [self.following.note, self.changes.append]
        self.desk.set({f"{group}/members": members for group, members in groups.items()}, ANNE)

    def db(self, strip: str) -> float:
        position = self.desk.values[f"{strip}/fader"]
        assert isinstance(position, float)
        return FADER.to_unit(position)

    def move(self, db: float, source: Source = ANNE, path: str = FADER_OF_DCA) -> Change:
        """Move the DCA to a level, and return the change."""
        self.desk.set({path: FADER.to_position(db)}, source)
        return self.changes[-1]

    def muted(self) -> set[str]:
        return {path for path, value in self.desk.values.items() if path.endswith("/mute") and value is True}


@pytest.fixture
def hall() -> Hall:
    return Hall({DCA: "band/ch1 foh/ch1", MUTES: "band/ch1 foh/ch2"})


def near(db: float) -> object:
    return pytest.approx(db, abs=0.1)


def test_a_dca_and_its_members_are_one_change_of_the_person(hall: Hall) -> None:
    hall.desk.hold(FADER_OF_DCA, ANNE)
    change = hall.move(-6)
    assert change.after.keys() == {FADER_OF_DCA, "band/ch1/fader", "foh/ch1/fader"}
    assert (change.source, change.cause) == (ANNE, Cause.GROUP)
    assert (hall.db("band/ch1"), hall.db("foh/ch1"), hall.db("band/ch2")) == (near(-16), near(-16), near(-10))
    assert hall.move(-7).gesture == change.gesture


def test_a_member_that_somebody_moves_keeps_its_new_ratio(hall: Hall) -> None:
    hall.move(-6)
    hall.desk.set({"band/ch1/fader": FADER.to_position(-5)}, BOB)
    hall.desk.set({"foh/ch1/fader": FADER.to_position(-20)}, console("foh"))
    hall.move(-8)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-7), near(-22))


def test_a_member_under_a_finger_stays_and_counts_from_where_it_is_released(hall: Hall) -> None:
    hall.desk.hold("band/ch1/fader", BOB)
    hall.move(-10)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-10), near(-20))
    hall.desk.set({"band/ch1/fader": FADER.to_position(-3)}, BOB)
    hall.desk.release("band/ch1/fader", BOB)
    hall.move(-12)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-5), near(-22))


def test_a_member_stops_at_its_limit_and_keeps_its_ratio(hall: Hall) -> None:
    hall.desk.rights.policy = Policy(rails=(Rail("band/ch1/fader", (ENGINEER,), most_db=-8),))
    hall.move(5)
    assert hall.db("band/ch1") <= -8
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-8), near(-5))
    hall.move(-2)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-12), near(-12))


def test_a_member_rises_no_faster_than_it_may(hall: Hall) -> None:
    hall.desk.rights.policy = Policy(rails=(Rail("band/ch1/fader", (ENGINEER,), rise_db=3),))
    hall.move(8)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-7), near(-2))
    hall.move(9)
    assert hall.db("band/ch1") == near(-7)
    hall.clock.now += 0.5
    hall.move(10)
    assert hall.db("band/ch1") == near(-6)
    hall.move(0)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-10), near(-10))


def test_a_member_that_may_not_be_un_muted_stays_muted(hall: Hall) -> None:
    hall.desk.set({MUTES: True}, ANNE)
    hall.desk.rights.policy = Policy(rails=(Rail("band/ch1/mute", (ENGINEER,), only_mute=True),))
    hall.desk.set({MUTES: False}, ANNE)
    assert hall.muted() == hall.following.taken == {"band/ch1/mute"}


def test_the_ends_keep_the_ratio(hall: Hall) -> None:
    hall.desk.set({"band/ch1/fader": FADER.to_position(3)}, BOB)
    hall.move(10)
    hall.desk.set({FADER_OF_DCA: 0.0}, ANNE)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (-inf, -inf)
    hall.move(0)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(3), near(-10))


def test_an_undo_and_a_redo_with_the_members_keep_the_ratio(hall: Hall) -> None:
    change = hall.move(-inf)
    hall.desk.set(change.before, ANNE, Cause.UNDO)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-10), near(-10))
    hall.desk.set(change.after, ANNE, Cause.REDO)
    hall.move(-4)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-14), near(-14))


def test_a_dca_that_was_moved_without_its_members_takes_them_from_where_they_stand(hall: Hall) -> None:
    hall.move(-5)
    hall.desk.set({FADER_OF_DCA: 0.75}, ANNE, Cause.RECALL)
    assert hall.db("band/ch1") == near(-15)
    hall.move(2)
    assert hall.db("band/ch1") == near(-13)


def test_a_member_of_two_dcas_follows_both(hall: Hall) -> None:
    hall.desk.set({f"{DCA_2}/members": "band/ch1"}, ANNE)
    hall.move(-5)
    hall.move(-3, path=f"{DCA_2}/fader")
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-18), near(-15))
    hall.desk.set({f"{DCA_2}/fader": 0.0}, ANNE)
    assert hall.db("band/ch1") == -inf
    hall.move(0)
    hall.move(0, path=f"{DCA_2}/fader")
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-10), near(-10))


def test_an_offline_member_moves_nobody_else_and_catches_up_only_when_asked(hall: Hall) -> None:
    hall.desk.set({"foh/status": OFFLINE}, console("foh"))
    hall.move(-6)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-16), near(-10))
    hall.desk.set({"foh/status": ONLINE}, console("foh"))
    hall.move(-8)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-18), near(-12))
    assert hall.following.missed(DCA) == {"foh/ch1/fader": pytest.approx(FADER.to_position(-18), abs=1e-3)}
    hall.desk.set(hall.following.missed(DCA), ANNE, Cause.PASTE)
    hall.following.catch_up(["foh/ch1"])
    hall.move(0)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-10), near(-10))
    assert hall.following.missed(DCA) == {}


def test_what_came_back_to_where_it_was_has_missed_nothing(hall: Hall) -> None:
    hall.desk.set({"foh/status": OFFLINE}, console("foh"))
    hall.move(-6)
    hall.move(0)
    hall.desk.set({"foh/status": ONLINE}, console("foh"))
    assert hall.following.missed(DCA) == {}


def test_a_member_of_which_nothing_was_known_is_not_moved_by_catching_up(hall: Hall) -> None:
    hall.desk.set({"foh/ch2/fader": None}, console("foh"))
    hall.desk.set({"foh/status": OFFLINE}, console("foh"))
    hall.desk.set({MUTES: True}, ANNE)
    hall.desk.set({"foh/status": ONLINE, "foh/ch2/fader": 0.6}, console("foh"))
    assert hall.following.missed(MUTES) == {"foh/ch2/mute": True}


def test_a_hand_on_a_member_that_is_behind_settles_it(hall: Hall) -> None:
    hall.desk.set({"foh/status": OFFLINE}, console("foh"))
    hall.move(-6)
    hall.desk.set({"foh/status": ONLINE}, console("foh"))
    hall.desk.set({"foh/ch1/fader": 0.6}, BOB)
    assert hall.following.missed(DCA) == {}


def test_a_member_that_is_not_known_stays(hall: Hall) -> None:
    hall.desk.set({"foh/ch1/fader": None}, console("foh"))
    assert "foh/ch1/fader" not in hall.move(-6).after


def test_a_remembered_member_waits_for_its_console_and_then_makes_up_for_the_travel(hall: Hall) -> None:
    hall.desk.remember("foh", frozenset({"foh/ch1/fader"}))
    asked: list[str] = []
    hall.following.land(DCA, lambda path: not asked.append(path))  # type: ignore[func-returns-value] # notes it and is true
    hall.move(-6)
    assert (asked, hall.db("band/ch1"), hall.db("foh/ch1")) == (["foh/ch1/fader"], near(-16), near(-10))
    hall.desk.set({"foh/ch1/fader": FADER.to_position(-20)}, console("foh"))
    hall.desk.remember("foh", frozenset())
    hall.move(-7)
    assert (hall.db("band/ch1"), hall.db("foh/ch1")) == (near(-17), near(-27))


def test_a_member_whose_console_answers_after_the_hand_has_lifted_counts_from_where_it_stands(hall: Hall) -> None:
    hall.desk.remember("foh", frozenset({"foh/ch1/fader"}))
    hall.following.land(DCA, lambda _: True)
    hall.move(-6)
    hall.following.lift(DCA)
    hall.desk.remember("foh", frozenset())
    hall.move(-7)
    assert hall.db("foh/ch1") == near(-11)


def test_what_a_person_sets_with_the_dca_is_not_followed(hall: Hall) -> None:
    hall.desk.set({FADER_OF_DCA: 0.5, "band/ch1/fader": 0.6}, ANNE)
    assert hall.desk.values["band/ch1/fader"] == pytest.approx(0.6, abs=1e-3)
    assert hall.db("foh/ch1") == near(-20)
    hall.desk.set({FADER_OF_DCA: 0.75, "band/ch1/fader": hall.desk.values["band/ch1/fader"]}, ANNE)
    assert hall.desk.values["band/ch1/fader"] == pytest.approx(0.6, abs=1e-3)


# Mutes


def test_a_mute_group_gives_back_what_it_took(hall: Hall) -> None:
    hall.desk.set({"foh/ch2/mute": True}, BOB)
    hall.desk.set({MUTES: True}, ANNE)
    assert hall.muted() == {"band/ch1/mute", "foh/ch2/mute"}
    assert hall.following.taken == {"band/ch1/mute"}
    hall.desk.set({MUTES: False}, ANNE)
    assert hall.muted() == {"foh/ch2/mute"}
    assert hall.following.taken == set()


def test_what_a_hand_un_mutes_stays_so_and_is_not_the_groups_any_more(hall: Hall) -> None:
    hall.desk.set({MUTES: True}, ANNE)
    hall.desk.set({"band/ch1/mute": False}, BOB)
    assert hall.following.taken == {"foh/ch2/mute"}
    hall.desk.set({"band/ch1/mute": True}, BOB)
    hall.desk.set({MUTES: False}, ANNE)
    assert hall.muted() == {"band/ch1/mute"}


def test_what_two_groups_mute_is_un_muted_with_the_second(hall: Hall) -> None:
    hall.desk.set({f"{MUTES_2}/members": "band/ch1"}, ANNE)
    hall.desk.set({MUTES: True}, ANNE)
    hall.desk.set({MUTES_2: True}, ANNE)
    hall.desk.set({MUTES: False}, ANNE)
    assert hall.muted() == {"band/ch1/mute"}
    hall.desk.set({MUTES_2: False}, ANNE)
    assert hall.muted() == set()


def test_the_mute_of_a_dca_mutes_its_members(hall: Hall) -> None:
    hall.desk.set({f"{DCA}/mute": True}, ANNE)
    assert hall.following.taken == {"band/ch1/mute", "foh/ch1/mute"}


def test_a_mute_group_of_a_console_is_a_member_like_any_strip(hall: Hall) -> None:
    hall.desk.set({f"{MUTES}/members": "foh/mutegroup/1"}, ANNE)
    assert hall.desk.set({MUTES: True}, ANNE)
    assert hall.desk.values["foh/mutegroup/1"] is True
    hall.desk.set({MUTES: False}, ANNE)
    assert hall.desk.values["foh/mutegroup/1"] is False


def test_who_joins_or_leaves_a_group_that_is_on_is_muted_or_given_back(hall: Hall) -> None:
    hall.desk.set({MUTES: True}, ANNE)
    hall.desk.set({f"{MUTES}/members": "foh/ch2 foh/ch3"}, ANNE)
    assert hall.muted() == {"foh/ch2/mute", "foh/ch3/mute"}


@pytest.mark.parametrize("group_first", [True, False])
def test_a_group_that_a_redo_turns_on_takes_what_it_mutes(hall: Hall, group_first: bool) -> None:
    hall.desk.set({"foh/ch2/mute": True}, BOB)
    for path in (MUTES, "band/ch1/mute") if group_first else ("band/ch1/mute", MUTES):
        hall.desk.set({path: True}, ANNE, Cause.REDO)
    assert hall.following.taken == {"band/ch1/mute"}
    hall.desk.set({MUTES: False}, ANNE)
    assert hall.muted() == {"foh/ch2/mute"}


def test_a_mute_that_was_missed_offline_is_made_up_for_when_asked(hall: Hall) -> None:
    hall.desk.set({"foh/status": OFFLINE}, console("foh"))
    hall.desk.set({MUTES: True}, ANNE)
    hall.desk.set({"foh/status": ONLINE}, console("foh"))
    assert hall.muted() == {"band/ch1/mute"}
    assert hall.following.missed(MUTES) == {"foh/ch2/mute": True}


# What is there


def test_a_member_whose_console_is_not_here_is_missing_and_moves_nobody(hall: Hall) -> None:
    hall.desk.set({f"{DCA}/members": "band/ch1 gone/ch1 band/ch9"}, ANNE)
    hall.move(-3)
    assert hall.db("band/ch1") == near(-13)
    members = hall.following.members(DCA)
    assert [member for member in members if hall.following.is_missing(member)] == ["gone/ch1", "band/ch9"]
    assert hall.following.missed(DCA) == {}


def test_targets_set_nothing(hall: Hall) -> None:
    before = dict(hall.desk.values)
    values: dict[str, Value] = {FADER_OF_DCA: 0.5, MUTES: True, "foh/ch1/fader": 0.1}
    assert hall.following.targets(values) == {
        "band/ch1/fader": pytest.approx(FADER.to_position(-20), abs=1e-3),
        "band/ch1/mute": True,
        "foh/ch2/mute": True,
    }
    assert hall.desk.values == before
    assert hall.following.ratios == {}


def test_listeners_learn_whose_ratio_has_changed(hall: Hall) -> None:
    heard: list[set[str]] = []
    hall.following.listeners.append(lambda members: heard.append(set(members)))
    hall.move(-1)
    assert heard == [{"band/ch1", "foh/ch1"}]
    assert isinstance(hall.following.ratios["band/ch1"], Ratio)
