"""Writes on their way: which have arrived, were lost, or were overtaken by another hand. No clock but the test's."""

from __future__ import annotations

import pytest

from remote_mixer.drivers.osc import Argument
from remote_mixer.drivers.unconfirmed import (
    PASSING_SECONDS,
    REPEAT_SECONDS,
    STALE_RECALL_SECONDS,
    STALE_SECONDS,
    Kind,
    Unconfirmed,
    Verdict,
)


def same(ours: Argument, theirs: Argument) -> bool:
    return ours == theirs


def test_a_write_is_asked_after_once_and_done_when_it_arrived() -> None:
    moves = Unconfirmed(0.05)
    moves.sent("/a", 5, 1, 0)
    assert moves.to_ask(0.01) == []
    assert moves.to_ask(0.06) == ["/a"]
    assert moves.to_ask(0.07) == []
    assert moves.judge("/a", 5, same, answer=True) is Verdict.ARRIVED
    assert moves.judge("/a", 5, same, answer=True) is Verdict.NOT_OURS


def test_a_lost_write_is_known_until_it_is_sent_again_or_a_newer_one_is() -> None:
    moves = Unconfirmed(0.05)
    assert not moves.lose("/a", 0), "nothing was sent"
    moves.sent("/a", 5, 1, 0)
    assert moves.lose("/a", 1)
    assert moves.lost == {"/a": 5}
    moves.sent("/a", 6, 1, 1)
    assert moves.lost == {}
    assert not moves.lose("/a", 1 + STALE_SECONDS + 0.1), "nobody expects it any more"


def test_a_recalls_write_is_sent_again_for_longer_as_it_is_awaited() -> None:
    moves = Unconfirmed(0.05)
    moves.sent("/a", 5, 1, 0, Kind.RECALL)
    moves.sent("/a", 5, 1, STALE_SECONDS + 1)
    assert moves.lose("/a", STALE_RECALL_SECONDS)
    assert not moves.lose("/a", STALE_RECALL_SECONDS + 0.1)
    moves.sent("/a", 6, 1, 10)
    assert not moves.lose("/a", 10 + STALE_SECONDS + 0.1), "a hand has moved it since"


def test_a_write_that_was_lost_is_told_from_one_that_another_hand_overtook() -> None:
    moves = Unconfirmed(0.05)
    for value in (5, 6):
        moves.sent("/a", value, 1, 0)
    moves.to_ask(1)
    assert moves.judge("/a", 5, same, answer=True) is Verdict.AGAIN, "the newest was lost"
    assert moves.judge("/a", 1, same, answer=True) is Verdict.AGAIN, "both were lost"
    assert moves.judge("/a", 9, same, answer=True) is Verdict.YIELD


def test_a_hand_at_the_console_that_moves_back_at_once_is_not_fought() -> None:
    moves = Unconfirmed(0.05)
    moves.sent("/a", 5, 1, 0)
    assert moves.judge("/a", 1, same, answer=False) is Verdict.WAIT
    moves.to_ask(1)
    assert moves.judge("/a", 1, same, answer=True) is Verdict.YIELD


def test_a_write_sent_twice_is_done_by_the_answer_to_a_question_after_the_second_and_not_by_an_echo_of_the_first() -> (
    None
):
    moves = Unconfirmed(0.05)
    moves.sent("/a", 5, 1, 0)
    moves.to_ask(0.06)
    assert moves.judge("/a", 1, same, answer=True) is Verdict.AGAIN, "the console was slow, so it looks lost"
    moves.sent("/a", 5, 1, 0.06)
    assert moves.judge("/a", 5, same, answer=False) is Verdict.WAIT, "the second is under way"
    assert moves.judge("/a", 5, same, answer=True) is Verdict.WAIT, "this was asked before the second"
    assert moves.to_ask(0.12) == ["/a"]
    assert moves.judge("/a", 5, same, answer=True) is Verdict.ARRIVED


def test_where_a_hand_moves_to_and_fro_the_echo_of_the_first_time_proves_nothing() -> None:
    moves = Unconfirmed(0.1)
    for number, ours in enumerate((0.2, 0.8, 0.2)):
        moves.sent("/a", ours, 0.5, number / 1000)
    for echo in (0.2, 0.8, 0.2):
        assert moves.judge("/a", echo, same, answer=False) is Verdict.WAIT
    assert moves.to_ask(0.2) == ["/a"]
    assert moves.judge("/a", 0.2, same, answer=True) is Verdict.ARRIVED
    moves.sent("/a", 0.8, 0.2, 1.0)
    assert moves.judge("/a", 0.2, same, answer=False) is Verdict.WAIT
    assert moves.judge("/a", 0.8, same, answer=False, askable=False) is Verdict.ARRIVED, "nothing else can tell"
    moves.sent("/a", 0.6, 0.8, 2.0)
    assert moves.judge("/a", 0.6, same, answer=False) is Verdict.ARRIVED, "no other write had this value"


def test_a_hands_write_is_sent_once_more_unless_a_newer_one_or_somebody_else_comes_between() -> None:
    moves = Unconfirmed(0.05)
    for address in ("/a", "/b", "/c", "/d"):
        moves.sent(address, 5, 1, 0)
        moves.repeat(address, 0)
    assert moves.to_repeat(REPEAT_SECONDS / 2, 9) == {}
    moves.sent("/b", 6, 1, 0.005)
    moves.judge("/c", 9, same, answer=False)
    assert moves.to_repeat(REPEAT_SECONDS, 1) == {"/a": 5}, "as many as the pace allows"
    assert moves.repeat_in(REPEAT_SECONDS) == 0
    assert moves.to_repeat(REPEAT_SECONDS, 9) == {"/d": 5}
    assert moves.repeat_in(REPEAT_SECONDS) is None
    assert moves.judge("/a", 5, same, answer=False) is Verdict.WAIT, "the second is under way"


def test_steps_of_a_fade_are_asked_after_only_where_no_other_follows() -> None:
    moves = Unconfirmed(0.05)
    for step in range(20):
        moves.sent("/a", step, 0, step * 0.3, Kind.STEP)
        assert moves.to_ask(step * 0.3 + 0.29) == []
    stopped = 19 * 0.3
    assert moves.wait(stopped) == pytest.approx(PASSING_SECONDS)
    assert moves.to_ask(stopped + PASSING_SECONDS) == ["/a"], "the fade was stopped there"
    moves.sent("/a", 21, 0, 7.0, Kind.STEP)
    moves.sent("/a", 22, 0, 7.1)
    assert moves.to_ask(7.2) == ["/a"], "its last value is asked after as any other is"
    assert moves.judge("/a", 22, same, answer=True) is Verdict.ARRIVED


def test_a_hand_at_the_console_in_a_fade_counts_at_once_and_is_sent_where_a_step_came_after_it() -> None:
    for stands, verdict in ((9, Verdict.ARRIVED), (2, Verdict.AGAIN), (7, Verdict.YIELD)):
        moves = Unconfirmed(0.05)
        for step in (1, 2):
            moves.sent("/a", step, 0, step, Kind.STEP)
        for own in (1, 2, 0):
            assert not moves.take_over("/a", own, same), "the fade's own, and what stood before"
        for hand in (8, 9):
            assert moves.take_over("/a", hand, same)
        assert moves.to_ask(2.1) == ["/a"]
        assert moves.judge("/a", stands, same, answer=True) is verdict
        if verdict is Verdict.AGAIN:
            assert moves.lose("/a", 2.1)
            assert moves.lost == {"/a": 9}


def test_echoes_come_in_order_so_that_a_step_before_the_last_that_was_echoed_is_a_hands() -> None:
    moves = Unconfirmed(0.05)
    for step in (1, 2, 3):
        moves.sent("/a", step, 0, step, Kind.STEP)
    assert not moves.take_over("/a", 2, same)
    assert not moves.take_over("/a", 2, same), "told twice"
    assert not moves.take_over("/a", 3, same)
    assert moves.take_over("/a", 2, same)


@pytest.mark.parametrize("echoes", [False, True])
def test_of_a_console_that_never_echoes_each_is_a_hands(echoes: bool) -> None:
    moves = Unconfirmed(0.05)
    for write in range(20):
        moves.sent("/b", write, 0, write)
        if echoes:
            moves.judge("/b", write, same, answer=False)
    for step in (1, 2, 3):
        moves.sent("/a", step, 0, step, Kind.STEP)
    assert moves.take_over("/a", 2, same) is not echoes


def test_a_step_of_the_strip_that_a_fading_one_is_linked_with_is_no_hand() -> None:
    moves = Unconfirmed(0.05)
    for step in (1, 3):
        moves.sent("/a", step, 0, step, Kind.STEP)
        moves.sent("/b", step + 1, 0, step, Kind.STEP)
    assert not moves.take_over("/a", 4, same, linked="/b")
    assert moves.take_over("/a", 4, same)
    moves.sent("/a", 7, 0, 4)
    assert not moves.take_over("/a", 9, same), "a hand's own write is judged once the console was asked"


def test_a_console_that_never_takes_a_value_has_the_last_word() -> None:
    moves = Unconfirmed(0.05)
    verdict, times = Verdict.AGAIN, 0
    while verdict is Verdict.AGAIN:
        moves.sent("/a", 5, 1, times)
        moves.to_ask(times + 0.5)
        verdict, times = moves.judge("/a", 1, same, answer=True), times + 1
    assert verdict is Verdict.YIELD
    assert times < 10
