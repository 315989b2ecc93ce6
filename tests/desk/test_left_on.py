"""LeftOn that somebody left on."""

from remote_mixer.desk.layout import OFFLINE, ONLINE
from remote_mixer.desk.left_on import LEFT_ON_SECONDS, LeftOn
from remote_mixer.desk.sources import THE_SERVER, console
from tests.desk.desks import ANNE, BOB, Clock, change

SOLO, TALK = "band/ch1/solo", "foh/talk/a"


def nothing_on() -> tuple[LeftOn, Clock]:
    clock = Clock()
    return LeftOn(clock), clock


def test_a_solo_clears_a_while_after_its_owner_has_gone() -> None:
    left_on, clock = nothing_on()
    left_on.note(change({SOLO: True}, ANNE))
    left_on.left("anne")
    clock.now += LEFT_ON_SECONDS - 1
    assert left_on.due() == []
    clock.now += 1
    assert left_on.due() == [SOLO]


def test_an_owner_who_is_back_in_time_keeps_it() -> None:
    left_on, clock = nothing_on()
    left_on.note(change({SOLO: True}, ANNE))
    left_on.left("anne")
    left_on.back("anne")
    clock.now += 2 * LEFT_ON_SECONDS
    assert left_on.due() == []


def test_a_solo_that_somebody_else_cleared_or_set_again_is_not_theirs_any_more() -> None:
    left_on, clock = nothing_on()
    left_on.note(change({SOLO: True, "band/ch2/solo": True}, ANNE))
    left_on.note(change({SOLO: False}, BOB))
    left_on.note(change({"band/ch2/solo": True}, BOB))
    left_on.left("anne")
    clock.now += LEFT_ON_SECONDS
    assert left_on.due() == []


def test_a_solo_stays_due_until_it_is_cleared() -> None:
    left_on, clock = nothing_on()
    left_on.note(change({SOLO: True}, ANNE))
    left_on.left("anne")
    clock.now += LEFT_ON_SECONDS
    assert left_on.due() == left_on.due() == [SOLO]
    left_on.note(change({SOLO: False}, THE_SERVER))
    assert left_on.due() == []


def test_a_solo_on_a_strip_that_is_no_more_is_forgotten() -> None:
    left_on, clock = nothing_on()
    left_on.note(change({SOLO: True}, ANNE))
    left_on.left("anne")
    left_on.keep_only({"band/ch2/solo"})
    clock.now += LEFT_ON_SECONDS
    assert left_on.due() == []


def test_a_talkback_ends_at_once_when_its_owner_leaves_or_comes_with_a_new_link() -> None:
    left_on, _ = nothing_on()
    for end in (left_on.left, left_on.back):
        left_on.note(change({TALK: True}, ANNE))
        end("bob")
        assert left_on.due() == []
        end("anne")
        assert left_on.due() == [TALK]
        left_on.note(change({TALK: False}, THE_SERVER))
        assert left_on.due() == []


def test_a_talkback_that_the_desk_itself_switched_on_stays() -> None:
    left_on, _ = nothing_on()
    left_on.note(change({TALK: True}, console("foh")))
    left_on.left("foh")
    assert left_on.due() == []


def test_a_talkback_ends_after_its_console_was_away() -> None:
    left_on, _ = nothing_on()
    left_on.note(change({TALK: True}, ANNE))
    left_on.note(change({"band/status": OFFLINE}, console("band")))
    left_on.note(change({"foh/status": ONLINE}, console("foh")))
    assert left_on.due() == []
    left_on.note(change({"foh/status": OFFLINE}, console("foh")))
    assert left_on.due() == [TALK]
