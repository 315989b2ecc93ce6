"""Requests: musicians ask, the sound crew answers; both see the state, also after a restart."""

import asyncio

import pytest

from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.people import requests as module
from remote_mixer.people.request import Request
from remote_mixer.people.requests import Requests
from tests.people.admissions import A_DAY, Clock, House, refusal
from tests.support.waiting import until

VOCALS = "band/ch1/send/bus3/level"


class Musician:
    """Musician Ben, and the requests of his server."""

    def __init__(self, house: House, person: str) -> None:
        self.house, self.person = house, person
        self.hand = Source(CLIENT, "page1", "Ben", "musician", "band/bus3")
        self.notified: list[str] = []
        self.steady = Clock()
        """Seconds that never go back, unlike the house's clock, which tells the time of day."""
        self.requests = self.restart()

    def restart(self) -> Requests:
        self.requests = Requests.open(self.house.store, self.house.restart(), self.house.clock, self.steady)
        self.requests.changed.append(self.notified.append)
        return self.requests

    async def ask(self, path: str = VOCALS, want: str = "more") -> Request:
        self.house.clock.now += 1
        self.steady.now += 1
        return await self.requests.ask(self.hand, self.person, path, want)


@pytest.fixture
async def musician(house: House) -> Musician:
    _, token = await house.admission.invite("musician", "band/bus3", "day", by="Anna")
    person, _ = await house.admission.enter_by_invitation("Ben", token, "192.168.1.30")
    return Musician(house, person.id)


async def test_a_request_is_listed_for_both_sides_and_survives_a_restart(musician: Musician) -> None:
    made = await musician.ask()
    assert musician.notified == [musician.person]
    for requests in (musician.requests, musician.restart()):
        assert requests.open_ones() == requests.of(musician.person) == [made]
    form = made.as_json()
    assert form["from"] == {"person": musician.person, "client": "page1", "name": "Ben"}
    assert (form["path"], form["want"], form["state"], form["count"]) == (VOCALS, "more", "sent", 1)


async def test_a_repeated_request_counts_up_and_is_sent_again(musician: Musician) -> None:
    first = await musician.ask()
    await musician.requests.seen(first.id, "Anna")
    again = await musician.ask()
    assert (again.id, again.count, again.state) == (first.id, 2, "sent")
    assert again.at > first.at
    assert musician.requests.open_ones() == [again]


async def test_a_request_for_the_opposite_replaces_the_open_one(musician: Musician) -> None:
    await musician.ask()
    await musician.ask()
    turned = await musician.ask(want="less")
    assert (turned.want, turned.count) == ("less", 1)
    assert musician.requests.open_ones() == [turned]


async def test_a_grant_shows_its_author_and_decibels_for_an_hour(musician: Musician) -> None:
    made = await musician.ask()
    assert (await musician.requests.seen(made.id, "Anna")).state == "seen"
    granted = await musician.requests.grant(made.id, 2, "Anna")
    assert (granted.state, granted.db, granted.by) == ("granted", 2, "Anna")
    assert musician.requests.open_ones() == []
    assert musician.restart().of(musician.person) == [granted]
    musician.house.clock.now += 3600
    assert musician.requests.of(musician.person) == []


async def test_a_request_is_declined_or_answered_in_words(musician: Musician) -> None:
    first, second = await musician.ask(), await musician.ask("band/bus3/fader")
    assert (await musician.requests.decline(first.id, "Anna")).state == "declined"
    answered = await musician.requests.message(second.id, "  after\nthis song ", "Anna")
    assert (answered.state, answered.text) == ("answered", "after this song")


async def test_a_closed_request_is_not_answered_again_and_the_refusal_names_who_answered(musician: Musician) -> None:
    made = await musician.ask()
    answers = [musician.requests.grant(made.id, 1, "Anna"), musician.requests.grant(made.id, 3, "Carl")]
    results = await asyncio.gather(*answers, return_exceptions=True)
    assert isinstance(results[0], Request)
    fault = await refusal(musician.requests.decline(made.id, "Carl"))
    assert (fault.code.word, "Anna" in fault.text) == ("closed", True)
    assert (await refusal(musician.requests.seen("nothing", "Carl"))).code.word == "unknown"


async def test_after_an_answer_the_same_request_may_be_made_again(musician: Musician) -> None:
    made = await musician.ask()
    await musician.requests.decline(made.id, "Anna")
    again = await musician.ask()
    assert again.id != made.id
    assert musician.requests.of(musician.person)[-1] == again


async def test_a_person_may_ask_once_a_second(musician: Musician) -> None:
    await musician.ask()
    for path in (VOCALS, "band/bus3/fader"):
        fault = await refusal(musician.requests.ask(musician.hand, musician.person, path, "more"))
        assert (fault.code.word, fault.retry_after) == ("limit", 1)
    musician.house.clock.now -= A_DAY  # the computer's clock was set back
    await musician.ask()


async def test_a_person_has_at_most_twenty_open_requests(musician: Musician) -> None:
    for n in range(20):
        await musician.ask(f"band/ch{n}/send/bus3/level")
    assert (await refusal(musician.ask("band/ch20/send/bus3/level"))).code.word == "limit"
    assert (await musician.ask("band/ch3/send/bus3/level")).count == 2


async def test_open_requests_of_all_people_are_limited(musician: Musician, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OPEN", 1)
    await musician.ask()
    other, _ = await musician.house.admission.make_token("lights", "musician", "band/bus3")
    refused = await refusal(musician.requests.ask(musician.hand, other.id, VOCALS, "more"))
    assert refused.code.word == "limit"


@pytest.mark.parametrize("db", [0, 4, -1, 1.5, 10**30])
async def test_only_one_two_or_three_decibels_are_granted(musician: Musician, db: int) -> None:
    made = await musician.ask()
    assert (await refusal(musician.requests.grant(made.id, db, "Anna"))).code.word == "bad-value"
    assert musician.requests.get(made.id) == made


@pytest.mark.parametrize("text", ["", " \n", "x" * 201])
async def test_an_answer_in_words_has_1_to_200_characters(musician: Musician, text: str) -> None:
    made = await musician.ask()
    assert (await refusal(musician.requests.message(made.id, text, "Anna"))).code.word == "bad-value"


async def test_only_what_has_a_word_can_be_asked_for(musician: Musician) -> None:
    assert (await refusal(musician.ask(want="everything"))).code.word == "bad-value"


async def test_requests_of_a_removed_person_are_deleted(musician: Musician) -> None:
    await musician.ask()
    await musician.house.admission.remove(musician.person)
    assert musician.requests.open_ones() == []
    assert musician.notified == [musician.person] * 2
    await musician.requests.tidy()
    assert musician.house.store.read(Request) == []
    assert musician.restart().open_ones() == []


async def test_requests_of_a_renamed_person_stay(musician: Musician) -> None:
    made = await musician.ask()
    await musician.house.admission.change(musician.person, name="Benjamin")
    assert musician.requests.open_ones() == [made]


async def test_a_request_answered_an_hour_ago_is_on_disk_only(musician: Musician) -> None:
    made, waiting = await musician.ask(), await musician.ask("band/bus3/fader")
    declined = await musician.requests.decline(made.id, "Anna")
    musician.house.clock.now += 3600
    await musician.requests.tidy()
    for requests in (musician.requests, musician.restart()):
        assert list(requests._requests.values()) == [waiting]
    assert musician.house.store.read(Request) == [declined, waiting]


async def test_a_request_is_deleted_from_disk_after_30_days(musician: Musician) -> None:
    made = await musician.ask()
    await musician.requests.decline(made.id, "Anna")
    musician.house.clock.now += 29 * A_DAY
    await musician.requests.tidy()
    assert musician.house.store.read(Request)
    musician.house.clock.now += A_DAY + 1
    await musician.requests.tidy()
    assert musician.house.store.read(Request) == []


async def test_a_withdrawn_request_is_notified_and_saved_soon(musician: Musician) -> None:
    made = await musician.ask()
    tending = asyncio.create_task(musician.requests.tend())
    musician.requests.withdraw(made, "You are not in this mix any more.")
    assert musician.requests.open_ones() == []
    assert musician.notified == [musician.person] * 2
    await until(lambda: [one.state for one in musician.house.store.read(Request)] == ["answered"])
    tending.cancel()


async def test_a_request_that_could_not_be_saved_is_saved_with_the_next_write(musician: Musician) -> None:
    musician.house.store.is_full = True
    assert (await refusal(musician.ask())).code.word == "not-kept"
    musician.house.store.is_full = False
    await musician.requests.tidy()
    assert musician.restart().open_ones() == musician.requests.open_ones() != []
