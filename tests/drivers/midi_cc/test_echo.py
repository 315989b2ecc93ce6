"""What comes back of our own moves, by a clock of the test's own."""

from __future__ import annotations

from remote_mixer.drivers.midi_cc.session import Echo


def sent(*moves: tuple[float, int]) -> Echo:
    echo = Echo()
    for now, raw in moves:
        echo.sent(raw, now)
    return echo


def test_what_was_sent_and_its_neighbours_are_echoes_at_once_and_for_a_moment() -> None:
    for answer in (63, 64, 65):
        assert sent((10.0, 64)).is_echo(answer, 1, 10.0)
        assert sent((10.0, 64)).is_echo(answer, 1, 10.149)


def test_anything_else_is_a_move_of_the_console() -> None:
    assert not sent((10.0, 64)).is_echo(62, 1, 10.01)
    assert not Echo().is_echo(0, 1, 10.0)


def test_answers_to_all_of_a_gesture_are_echoes_while_it_goes_on() -> None:
    echo = sent((10.0, 10), (10.1, 20), (10.2, 30), (10.3, 40))
    assert [echo.is_echo(raw - 1, 1, 10.31) for raw in (10, 20, 30, 40)] == [True] * 4


def test_an_answer_is_not_taken_for_one_to_what_came_before_the_one_last_answered() -> None:
    echo = sent((10.0, 10), (10.02, 20), (10.04, 30))
    assert echo.is_echo(20, 1, 10.05)
    assert not echo.is_echo(10, 1, 10.06), "the console went back by itself"


def test_after_a_move_of_its_own_all_that_the_console_says_counts() -> None:
    echo = sent((10.0, 10), (10.02, 20))
    assert not echo.is_echo(90, 1, 10.03)
    assert not echo.is_echo(20, 1, 10.04), "it stands at 20 again: the page must hear that"
    echo.sent(30, 10.05)
    assert echo.is_echo(30, 1, 10.06)


def test_a_late_neighbour_of_what_was_sent_last_is_the_consoles_rounding_for_a_second() -> None:
    assert sent((10.0, 64)).is_echo(63, 1, 10.9)
    assert not sent((10.0, 64)).is_echo(63, 1, 11.1), "later it is a step of its own"


def test_a_late_answer_to_an_earlier_value_is_a_move() -> None:
    assert not sent((10.0, 10), (10.02, 20)).is_echo(10, 1, 10.2)


def test_a_console_that_stops_short_of_what_it_was_sent_is_found_out() -> None:
    echo = sent((10.0, 90), (10.02, 100), (10.04, 110))
    assert echo.is_echo(100, 1, 10.06)
    assert echo.stands_at == 100
    assert 0 < echo.rest(10.06) < 0.15
    assert echo.rest(10.2) < 0


def test_a_console_that_stands_where_it_was_sent_is_not_asked_twice() -> None:
    echo = sent((10.0, 90), (10.02, 100))
    assert echo.is_echo(90, 1, 10.03)
    assert echo.is_echo(99, 1, 10.04)
    assert echo.stands_at is None


def test_a_console_that_says_nothing_stands_where_it_was_sent() -> None:
    assert sent((10.0, 90)).stands_at is None


def test_memory_of_a_long_gesture_is_bounded() -> None:
    echo = sent(*((10 + n / 1000, n % 16384) for n in range(100_000)))
    assert len(echo._sent) <= 256
