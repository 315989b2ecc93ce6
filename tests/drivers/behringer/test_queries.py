"""Pace of what leaves, and questions in flight. No clock but the test's."""

from __future__ import annotations

from remote_mixer.drivers.behringer.queries import LATE_SECONDS, Origin, Queries
from remote_mixer.drivers.behringer.timing import Pace, Timing


def test_one_strip_takes_thirty_values_a_second_and_all_strips_two_hundred() -> None:
    for strips, least, most in ((1, 28, 31), (32, 190, 200)):
        pace, left = Pace(200, 30), 0
        for tick in range(1000):
            for strip in range(strips):
                if pace.wait(f"ch{strip}", tick / 1000) <= 0:
                    pace.sent(f"ch{strip}", tick / 1000)
                    left += 1
        assert least <= left <= most


def test_as_many_values_leave_after_a_rest_as_the_pace_has_told_and_then_one_each_two_milliseconds() -> None:
    pace, strips = Pace(500, 30), map(str, range(100))
    for now, least, most in ((1.0, 10, 11), (1.0, 0, 0), (1.0021, 1, 1), (1.0121, 5, 5)):
        ready, left = pace.ready(now), 0
        while pace.wait(strip := next(strips), now) <= 0:
            pace.sent(strip, now)
            left += 1
        assert least <= ready == left <= most


def test_questions_are_bounded_in_flight_asked_again_and_given_up() -> None:
    queries = Queries(Timing(window=4, tries=3))
    queries.ask(f"/{n}" for n in range(10))
    assert len(queries.due(0)) == 4
    assert queries.due(0.01) == []
    assert queries.answered("/0", 0.01) is Origin.ANSWER
    assert queries.answered("/stranger", 0.01) is Origin.UNASKED
    assert queries.due(0.02) == ["/4"]
    moment = 0.02
    while queries.open:
        moment += 0.3
        queries.due(moment)
    assert queries.unanswered == {f"/{n}" for n in range(1, 10)}


def test_an_urgent_question_goes_first_and_is_asked_anew_where_it_is_in_flight() -> None:
    queries = Queries(Timing(window=2))
    queries.ask(["/a", "/b", "/c"])
    assert queries.due(0) == ["/a", "/b"]
    queries.ask_first("/b")
    assert queries.due(0.01) == ["/b"]


def test_each_question_has_one_answer_however_late_and_what_comes_besides_is_unasked() -> None:
    queries = Queries(Timing())
    queries.ask(["/a"])
    assert queries.due(0) == queries.due(0.3) == ["/a"], "no answer in time"
    queries.ask_first("/a")
    assert queries.due(0.4) == ["/a"]
    came = [queries.answered("/a", 0.5) for _ in range(4)]
    assert came == [Origin.ANSWER, Origin.LATE, Origin.LATE, Origin.UNASKED]


def test_what_a_hand_asks_while_a_question_is_in_flight_takes_no_answer_that_may_be_outdated() -> None:
    queries = Queries(Timing())
    queries.ask(["/a"])
    assert queries.due(0) == ["/a"]
    queries.ask_anew("/a")
    assert queries.due(0.01) == [], "its answer is awaited first, so that two never get mixed up"
    assert queries.answered("/a", 0.02) is Origin.LATE
    assert queries.due(0.02) == ["/a"]
    assert queries.answered("/a", 0.03) is Origin.ANSWER
    assert not queries.open


def test_where_the_outdated_answer_is_lost_a_hands_question_has_its_own() -> None:
    queries = Queries(Timing())
    queries.ask(["/a"])
    queries.due(0)
    queries.ask_anew("/a")
    assert queries.due(0.3) == ["/a"]
    assert queries.answered("/a", 0.31) is Origin.ANSWER
    assert not queries.open


def test_an_answer_later_than_the_longest_wait_counts_while_the_question_waits_to_be_asked_again() -> None:
    queries = Queries(Timing(window=1))
    queries.ask(["/a"])
    assert queries.due(0) == ["/a"]
    queries.ask_first("/b")
    assert queries.due(0.3) == ["/b"], "the window is full: /a waits to be asked again"
    assert queries.answered("/a", 0.31) is Origin.ANSWER
    assert queries.answered("/b", 0.32) is Origin.ANSWER
    assert queries.due(1) == []
    assert not queries.open


def test_a_late_answer_from_before_a_newer_question_is_outdated() -> None:
    queries = Queries(Timing(window=1))
    queries.ask(["/a"])
    queries.due(0)
    queries.ask_first("/a")
    assert queries.due(0.1) == ["/a"]
    queries.ask_first("/b")
    assert queries.due(0.4) == ["/b"]
    came = [queries.answered("/a", 0.5), queries.answered("/a", 0.51)]
    assert came == [Origin.LATE, Origin.ANSWER]


def test_a_slow_network_is_waited_for_as_long_as_its_answers_take() -> None:
    queries, sent = Queries(Timing(window=4)), list[tuple[float, str]]()
    queries.ask(f"/{number}" for number in range(100))
    for moment in (tick / 100 for tick in range(6000)):
        sent += ((moment, address) for address in queries.due(moment))
        while sent and sent[0][0] <= moment - 0.6:
            queries.answered(sent.pop(0)[1], moment)
    assert not queries.open
    assert not queries.unanswered
    assert queries.again < 30, "no longer asked again and again"


def test_an_answer_that_is_too_late_to_be_one_is_a_console_that_tells() -> None:
    queries = Queries(Timing())
    queries.ask(["/a"])
    queries.due(0)
    queries.due(0.3)
    assert queries.answered("/a", 0.4) is Origin.ANSWER
    assert queries.answered("/a", 0.3 + LATE_SECONDS + 0.1) is Origin.UNASKED
