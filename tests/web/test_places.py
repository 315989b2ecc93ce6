"""Places: strangers take them from each other, and nobody whom the server knows loses one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remote_mixer.web import places as module
from remote_mixer.web.places import (
    FEW,
    GRACE_SECONDS,
    KNOWN_OF_ONE_ADDRESS,
    STRANGERS,
    STRANGERS_OF_ONE_ADDRESS,
    THIS_COMPUTER,
    Place,
    Places,
    Stage,
)

MANY_FILES = 65536


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Crowd:
    """Places whose connections end as soon as they are cut, with the list of those that were."""

    def __init__(self, files: int = MANY_FILES) -> None:
        self.clock = Clock()
        self.places = Places(self.clock, files)
        self.cut: list[Place] = []

    def come(self, network: str) -> Place | None:
        """Take a place, a millisecond after the one before."""
        self.clock.now += 0.001
        place = self.places.take(network)
        if place:
            place.cut = partial(self._end, place)
        return place

    def _end(self, place: Place) -> None:
        self.cut.append(place)
        place.leave()

    def crowd(self, network: str, number: int) -> list[Place]:
        return [place for _ in range(number) if (place := self.come(network))]


def networks() -> Iterator[str]:
    return (f"10.0.{number // 250}.{number % 250 + 1}" for number in count())


def test_of_one_address_the_oldest_stranger_is_cut_for_the_newest() -> None:
    crowd = Crowd()
    came = crowd.crowd("10.0.0.1", STRANGERS_OF_ONE_ADDRESS + 3)
    assert crowd.cut == came[:3]


@pytest.mark.parametrize("addresses", [1, 3, 4, 5, 40])
def test_a_siege_from_few_addresses_costs_an_innocent_one_nothing(addresses: int) -> None:
    crowd = Crowd()
    innocents = crowd.crowd("10.9.9.9", FEW)
    besiegers = [f"10.0.0.{number}" for number in range(addresses)]
    for number in range(3000):
        crowd.come(besiegers[number % addresses])
    later = crowd.crowd("10.9.9.8", FEW)
    assert len(later) == FEW
    for number in range(3000):
        crowd.come(besiegers[number % addresses])
    assert not {*innocents, *later} & {*crowd.cut}


def test_of_strangers_from_as_many_addresses_as_there_are_places_the_oldest_goes_first() -> None:
    crowd = Crowd()
    came = [crowd.come(network) for network, _ in zip(networks(), range(STRANGERS + 20), strict=False)]
    assert crowd.cut == came[:20]


@pytest.mark.parametrize(("cut", "kept"), [(Stage.IDLE, Stage.OWING), (Stage.OWING, Stage.SERVED)])
def test_who_waits_for_nothing_goes_before_who_owes_a_request_and_that_one_before_who_is_served(
    cut: Stage, kept: Stage
) -> None:
    crowd = Crowd()
    older, newer = crowd.crowd("10.0.0.1", 2)
    older.enter(kept)
    newer.enter(cut)
    crowd.clock.now += GRACE_SECONDS
    crowd.places.cut_one()
    assert crowd.cut == [newer]


def test_people_whom_the_server_knows_lose_no_place_and_take_none_of_the_strangers() -> None:
    crowd = Crowd()
    known: list[Place] = []
    for network, _ in zip(networks(), range(700), strict=False):
        place = crowd.come(network)
        assert place
        place.know()
        known.append(place)
    for number in range(3000):
        crowd.come(f"192.168.1.{number % 7}")
    assert not {*known} & {*crowd.cut}
    assert len(crowd.places) <= len(known) + STRANGERS


def test_too_many_connections_of_people_at_one_address_stay_strangers() -> None:
    crowd = Crowd()
    for _ in range(KNOWN_OF_ONE_ADDRESS + 5):
        place = crowd.come("10.0.0.1")
        assert place
        place.know()
    assert len(crowd.places._strangers) == 5


def test_an_address_that_comes_back_without_end_is_let_in_at_a_pace_and_the_others_at_once() -> None:
    crowd = Crowd()
    came = crowd.crowd("10.0.0.1", 2000)
    assert len(came) < STRANGERS_OF_ONE_ADDRESS + module.CUTS_AT_ONCE + 2 * module.CUTS_A_SECOND + 1
    assert crowd.come("10.0.0.2")


@pytest.mark.parametrize("files", [16, 64, 256, 512, 1024, 4096, MANY_FILES])
async def test_accepting_pauses_before_the_limit_of_open_files_is_reached(files: int) -> None:
    crowd = Crowd(files)
    for network, _ in zip(networks(), range(5000), strict=False):
        if not crowd.places._room.is_set():
            break
        place = crowd.come(network)
        assert place
        place.cut = lambda: None  # it does not end
        place.know()
    assert files // 4 <= len(crowd.places) <= max(files // 3, files - module.OTHER_FILES) or files == MANY_FILES


def test_while_the_server_stops_nobody_gets_a_place() -> None:
    crowd = Crowd()
    crowd.places.refusing = True
    assert crowd.come("10.0.0.1") is None


Step = tuple[str, int]
STEPS = st.lists(st.tuples(st.sampled_from(["come", "know", "leave", "idle", "serve", "cut"]), st.integers(0, 30)))


@settings(deadline=None)
@given(STEPS, st.integers(16, 300))
def test_whatever_happens_the_counts_are_those_of_the_connections(steps: list[Step], files: int) -> None:
    crowd, there = Crowd(files), list[Place]()
    for step, number in steps * 3:
        there = [place for place in there if place not in crowd.cut]
        place = there[number % len(there)] if there else None
        if step == "come":
            there += crowd.crowd(f"10.0.0.{number % 5}", number)
        elif step == "cut":
            crowd.places.cut_one()
        elif place:
            _step(step, place, there)
    there = [place for place in there if place not in crowd.cut]
    assert crowd.places._open == {*there}
    assert crowd.places._strangers | crowd.places._known == {*there}
    assert len(crowd.places._strangers) <= crowd.places._most_strangers
    assert +crowd.places._strangers_of == crowd.places._strangers_of
    assert crowd.places._strangers_of.total() == len(crowd.places._strangers)
    assert crowd.places._known_of.total() == len(crowd.places._known)


def _step(step: str, place: Place, there: list[Place]) -> None:
    if step == "know":
        place.know()
    elif step == "leave":
        there.remove(place)
        place.leave()
    else:
        place.enter(Stage.IDLE if step == "idle" else Stage.SERVED)


# Patience


def leave_in_vain(crowd: Crowd, network: str, times: int) -> int:
    """Come and leave again and again for a millisecond each; return how often there was a place."""
    found = 0
    for _ in range(times):
        if place := crowd.come(network):
            found += 1
            place.leave()
    return found


def test_an_address_by_which_nobody_comes_in_is_refused_for_a_while() -> None:
    crowd = Crowd()
    assert 300 <= leave_in_vain(crowd, "10.0.0.1", 1000) < 350
    assert leave_in_vain(crowd, "10.0.0.2", 1)
    crowd.clock.now += 1
    assert leave_in_vain(crowd, "10.0.0.1", 20) == 20


def test_people_of_one_address_who_come_in_one_after_the_other_are_as_many_as_they_like() -> None:
    crowd = Crowd()
    for _ in range(100):
        assert leave_in_vain(crowd, "10.0.0.1", 10) == 10  # what each asks for before they have joined
        place = crowd.come("10.0.0.1")
        assert place
        place.know()
        place.leave()


@pytest.mark.parametrize("network", sorted(THIS_COMPUTER))
def test_a_proxy_on_this_computer_may_be_many(network: str) -> None:
    crowd = Crowd()
    assert leave_in_vain(crowd, network, 1000) == 1000


def test_people_whom_the_server_knows_come_as_often_as_they_like() -> None:
    crowd = Crowd()
    for _ in range(1000):
        place = crowd.come("10.0.0.1")
        assert place
        place.know()
        place.leave()


def test_a_stranger_asks_little_on_one_connection_and_one_who_is_known_as_much_as_they_like() -> None:
    crowd = Crowd()
    stranger, known = crowd.come("10.0.0.1"), crowd.come("10.0.0.2")
    assert stranger
    assert known
    known.know()
    asked = [(stranger.may_ask(), known.may_ask()) for _ in range(1000)]
    assert 200 < sum(one for one, _ in asked) < 400
    assert all(other for _, other in asked)


def test_where_somebody_is_in_an_address_has_a_pace_of_its_own() -> None:
    crowd = Crowd()
    known = crowd.come("10.0.0.1")
    assert known
    known.know()
    for number in range(1000):
        leave_in_vain(crowd, f"10.1.1.{number % 8}", 1)
    assert leave_in_vain(crowd, "10.1.1.9", 100) < 50
    assert 300 <= leave_in_vain(crowd, "10.0.0.1", 1000) < 350


# Crowds from many addresses


MANY = [75, 150]


@pytest.mark.parametrize(("addresses", "stage"), [*zip(MANY, (Stage.SERVED, Stage.OWING), strict=True)])
def test_a_crowd_from_many_addresses_with_few_connections_each_costs_an_innocent_one_nothing(
    addresses: int, stage: Stage
) -> None:
    """Each second a browser comes, whose requests arrive within a tenth of one and are answered within three."""
    crowd, browser = Crowd(), list[Place]()
    for number in range(3000):  # one in a millisecond
        if place := crowd.come(f"10.0.{number % addresses}.1"):
            place.enter(stage)
        if number % 1000 == 500:
            browser = crowd.crowd(f"10.9.9.{number // 1000}", FEW)
            assert len(browser) == FEW
        for there in browser if number % 1000 in {600, 800} else ():
            assert there not in crowd.cut
            (there.leave if number % 1000 == 800 else partial(there.enter, Stage.SERVED))()


@pytest.mark.parametrize("addresses", MANY)
def test_a_crowd_from_many_addresses_together_has_a_pace(addresses: int) -> None:
    crowd, seconds = Crowd(), 20
    served = sum(leave_in_vain(crowd, f"10.0.{number % addresses}.1", 1) for number in range(1000 * seconds))
    at_first = module.CROWD_AT_ONCE + addresses * module.CREDIT_AT_ONCE
    assert served <= at_first + seconds * (module.CROWD_A_SECOND + addresses * module.CREDIT_A_SECOND)


def test_who_has_no_credit_takes_no_place_from_who_has() -> None:
    crowd = Crowd()
    leave_in_vain(crowd, "10.9.9.8", int(module.CREDIT_AT_ONCE))
    came = [crowd.come(network) for network, _ in zip(networks(), range(STRANGERS), strict=False)]
    assert crowd.come("10.9.9.8") is None
    assert not crowd.cut
    assert crowd.come("10.9.9.9")
    assert crowd.cut == came[:1]
