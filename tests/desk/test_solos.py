"""Solos that somebody left on."""

from remote_mixer.desk.solos import LEFT_ON_SECONDS, Solos
from remote_mixer.desk.sources import THE_SERVER
from tests.desk.desks import ANNE, BOB, Clock, change

SOLO = "band/ch1/solo"


def solos() -> tuple[Solos, Clock]:
    clock = Clock()
    return Solos(clock), clock


def test_a_solo_clears_a_while_after_its_owner_has_gone() -> None:
    left_on, clock = solos()
    left_on.note(change({SOLO: True}, ANNE))
    left_on.left("anne")
    clock.now += LEFT_ON_SECONDS - 1
    assert left_on.due() == []
    clock.now += 1
    assert left_on.due() == [SOLO]


def test_an_owner_who_is_back_in_time_keeps_it() -> None:
    left_on, clock = solos()
    left_on.note(change({SOLO: True}, ANNE))
    left_on.left("anne")
    left_on.back("anne")
    clock.now += 2 * LEFT_ON_SECONDS
    assert left_on.due() == []


def test_a_solo_that_somebody_else_cleared_or_set_again_is_not_theirs_any_more() -> None:
    left_on, clock = solos()
    left_on.note(change({SOLO: True, "band/ch2/solo": True}, ANNE))
    left_on.note(change({SOLO: False}, BOB))
    left_on.note(change({"band/ch2/solo": True}, BOB))
    left_on.left("anne")
    clock.now += LEFT_ON_SECONDS
    assert left_on.due() == []


def test_a_solo_stays_due_until_it_is_cleared() -> None:
    left_on, clock = solos()
    left_on.note(change({SOLO: True}, ANNE))
    left_on.left("anne")
    clock.now += LEFT_ON_SECONDS
    assert left_on.due() == left_on.due() == [SOLO]
    left_on.note(change({SOLO: False}, THE_SERVER))
    assert left_on.due() == []


def test_a_solo_on_a_strip_that_is_no_more_is_forgotten() -> None:
    left_on, clock = solos()
    left_on.note(change({SOLO: True}, ANNE))
    left_on.left("anne")
    left_on.keep_only({"band/ch2/solo"})
    clock.now += LEFT_ON_SECONDS
    assert left_on.due() == []
