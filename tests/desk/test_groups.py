"""Members that follow a DCA: by the same dB along each one's own law, with a ratio that ends and limits keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remote_mixer.desk.groups import Law, Ratio, mutes_of, ratio_in, ratios_in, text_of
from remote_mixer.desk.params import Position, StripList
from remote_mixer.desk.tapers import FADER, Taper

PLAIN = Taper("dB", ((0, -60), (1, 12)))
"""A law without −∞: its lower end is −60 dB."""
UNKNOWN = Taper("", ((0, 0), (1, 1)))
LAWS = (
    Law.of(Position("fader"), FADER),
    Law.of(Position("fader", steps=1024), FADER),
    Law.of(Position("fader", steps=161), FADER),
    Law.of(Position("fader", steps=128), UNKNOWN),
    Law.of(Position("fader"), PLAIN),
)
DCA = Position("fader")
positions = st.floats(0, 1).map(DCA.check)
walks = st.lists(st.one_of(positions, st.sampled_from((0.0, 1.0))), min_size=1, max_size=30)
laws = st.sampled_from(LAWS)


class Member:
    """A member that follows one DCA."""

    def __init__(self, law: Law, at: float, dca: float = 0.75) -> None:
        self.law, self.at, self.dca = law, law.param.check(at), dca
        self.ratio: Ratio | None = None

    def follow(self, dca: float, most: float = 1.0) -> float:
        """Move the DCA; the member gets no higher than `most`."""
        before, after = FADER.to_unit(self.dca), FADER.to_unit(dca)
        own = self.law.standing(self.ratio, self.at, before)
        self.at = self.law.follow(own, self.at, before, after)
        self.at = min(self.at, most)
        self.ratio, self.dca = Ratio(own, after, self.at), dca
        return self.at


@given(laws, positions, walks)
def test_a_member_is_back_where_it_was_when_its_dca_is_whatever_lies_between(
    law: Law, at: float, walk: list[float]
) -> None:
    member = Member(law, at)
    first = member.at
    for dca in [*walk, 0.75]:
        member.follow(dca)
    assert law.param.same(member.at, first)


@given(laws, positions, walks)
def test_at_each_step_of_a_walk_the_ratio_is_right_to_half_a_step(law: Law, at: float, walk: list[float]) -> None:
    member = Member(law, at)
    own = law.level(member.at)
    for dca in walk:
        member.follow(dca)
        exact = law.taper.to_position(own + FADER.to_unit(dca))
        assert abs(member.at - exact) <= 0.5 / ((law.param.steps or 100_001) - 1) + 1e-5


@given(laws, positions, walks, st.floats(0.2, 0.8))
def test_a_member_never_moves_against_its_dca_and_never_rises_by_more(
    law: Law, at: float, walk: list[float], most: float
) -> None:
    member = Member(law, at)
    for dca in walk:
        before, was = member.at, member.dca
        member.follow(dca, max(law.param.below(most), before))
        if dca < was:
            assert member.at <= before
            continue
        assert member.at >= before
        if 0 < before < member.at:
            step = 1 / ((law.param.steps or 100_001) - 1)
            rise = FADER.to_unit(dca) - FADER.to_unit(was)
            assert law.level(member.at) <= law.level(min(1, before + step)) + rise + step * 80


@given(laws, positions, st.floats(0.3, 0.7), walks)
def test_a_limit_keeps_a_member_and_not_its_ratio(law: Law, at: float, most: float, walk: list[float]) -> None:
    member = Member(law, min(at, most))
    first = member.at
    for dca in walk:
        member.follow(dca, max(most, first))
    member.follow(0.0)
    member.follow(0.75)
    assert law.param.same(member.at, first)


@given(laws, positions, walks, positions, st.floats(0.2, 1.0).map(DCA.check))
def test_a_member_that_somebody_moved_counts_from_there(
    law: Law, at: float, walk: list[float], moved: float, rest: float
) -> None:
    member = Member(law, at)
    for dca in [*walk, rest]:
        member.follow(dca)
    before = member.at
    member.at = law.param.check(moved)
    if law.param.same(member.at, before):
        return
    moved = member.at
    for dca in [*walk, rest]:
        member.follow(dca)
    assert law.param.same(member.at, moved)


@given(laws, st.floats(0.1, 1).map(DCA.check))
def test_with_its_dca_off_a_member_is_off(law: Law, at: float) -> None:
    member = Member(law, at)
    assert member.follow(0.0) == 0.0


def test_faders_with_our_law_stand_as_far_apart_in_db_as_before() -> None:
    member = Member(LAWS[0], 0.5)  # −10 dB
    assert FADER.to_unit(member.follow(0.625)) == pytest.approx(-15)
    assert FADER.to_unit(member.follow(0.5)) == pytest.approx(-20)
    assert FADER.to_unit(member.follow(1.0)) == pytest.approx(0)


def test_a_member_without_db_moves_by_the_positions_of_our_law() -> None:
    law = LAWS[3]
    assert not law.known
    member = Member(law, 0.7)
    assert member.follow(0.65) == pytest.approx(0.6, abs=0.5 / 127)


def test_what_was_raised_while_the_dca_was_off_stays_until_the_dca_is_at_zero_db() -> None:
    member = Member(LAWS[0], 0.5)
    assert member.follow(0.0) == 0.0
    member.at = 0.625  # −5 dB, by hand
    assert member.follow(0.3) == 0.625
    assert member.follow(0.2) == 0.625
    assert member.follow(0.75) == 0.625
    assert FADER.to_unit(member.follow(0.875)) == pytest.approx(0)


def test_a_member_that_was_off_by_itself_stays_off() -> None:
    member = Member(LAWS[0], 0.0)
    assert [member.follow(dca) for dca in (1.0, 0.0, 0.75)] == [0.0, 0.0, 0.0]


def test_mute_groups_take_what_is_not_muted_and_give_back_what_they_took() -> None:
    muted = {"band/ch1/mute"}
    both = {"band/ch1/mute", "band/ch2/mute"}
    assert mutes_of(set(), both, set(), muted.__contains__) == {"band/ch2/mute": True}
    assert mutes_of(both, set(), {"band/ch2/mute"}, both.__contains__) == {"band/ch2/mute": False}
    assert mutes_of(both, both, {"band/ch2/mute"}, both.__contains__) == {}


@given(st.floats(allow_nan=False), st.floats(allow_nan=False), st.floats(0, 1))
def test_a_ratio_comes_back_from_its_text(own: float, sum_db: float, left_at: float) -> None:
    ratio = Ratio(own, sum_db, left_at)
    assert ratio_in(text_of(ratio)) == ratio


def test_what_is_no_ratio_is_none() -> None:
    assert [ratio_in(text) for text in ("", "1 2", "a b c", None, 3.0)] == [None] * 5
    assert ratios_in({"h/ratio/band/ch1": "1 2 0.5", "h/ratio/band/ch2": "x", "h/x": "1 2 3"}, "h/ratio/") == {
        "band/ch1": Ratio(1, 2, 0.5)
    }


def test_a_list_of_strips_has_each_once_and_no_group_of_its_own_console() -> None:
    members = StripList(40, but_of="house")
    assert members.check(" band/ch1  foh/mutegroup/2 band/ch1") == "band/ch1 foh/mutegroup/2"
    for wrong in ("house/dca1", "band", "band/", "band/ch1/send/bus1", 3, "band/ch1 " * 5):
        with pytest.raises(ValueError, match=r"strip|group|text|characters"):
            members.check(wrong)
    assert members.fitting(f"band/channel{n}" for n in range(9)) == "band/channel0 band/channel1"
