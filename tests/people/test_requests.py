"""Musicians ask, the sound crew answers; both see how it stands, also after a restart."""

import asyncio

import pytest

from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.people import requests as module
from remote_mixer.people.request import Request
from remote_mixer.people.requests import Requests
from tests.people.admissions import A_DAY, House, refusal
from tests.support.waiting import until

VOCALS = "band/ch1/send/bus3/level"


class Asking:
    """A musician, and the requests of the house they are in."""

    def __init__(self, house: House, person: str) -> None:
        self.house, self.person = house, person
        self.hand = Source(CLIENT, "page1", "Ben", "musician", "band/bus3")
        self.told: list[str] = []
        self.requests = self.reopened()

    def reopened(self) -> Requests:
        self.requests = Requests.open(self.house.paper, self.house.reopened(), self.house.clock)
        self.requests.changed.append(self.told.append)
        return self.requests

    async def asks(self, path: str = VOCALS, want: str = "more") -> Request:
        self.house.clock.now += 1
        return await self.requests.ask(self.hand, self.person, path, want)


@pytest.fixture
async def asking(house: House) -> Asking:
    _, token = await house.admission.invite("musician", "band/bus3", "day", by="Anna")
    person, _ = await house.admission.enter_by_invitation("Ben", token, "192.168.1.30")
    return Asking(house, person.id)


async def test_what_is_asked_is_told_to_both_and_survives_a_restart(asking: Asking) -> None:
    made = await asking.asks()
    assert asking.told == [asking.person]
    for requests in (asking.requests, asking.reopened()):
        assert requests.open_ones() == requests.of(asking.person) == [made]
    form = made.as_json()
    assert form["from"] == {"person": asking.person, "client": "page1", "name": "Ben"}
    assert (form["path"], form["want"], form["state"], form["count"]) == (VOCALS, "more", "sent", 1)


async def test_another_push_the_same_way_counts_up_and_is_sent_anew(asking: Asking) -> None:
    first = await asking.asks()
    await asking.requests.seen(first.id, "Anna")
    again = await asking.asks()
    assert (again.id, again.count, again.state) == (first.id, 2, "sent")
    assert again.at > first.at
    assert asking.requests.open_ones() == [again]


async def test_a_push_the_other_way_turns_the_request(asking: Asking) -> None:
    await asking.asks()
    await asking.asks()
    turned = await asking.asks(want="less")
    assert (turned.want, turned.count) == ("less", 1)
    assert asking.requests.open_ones() == [turned]


async def test_a_grant_is_told_with_who_and_how_much_and_stays_for_an_hour(asking: Asking) -> None:
    made = await asking.asks()
    assert (await asking.requests.seen(made.id, "Anna")).state == "seen"
    granted = await asking.requests.grant(made.id, 2, "Anna")
    assert (granted.state, granted.db, granted.by) == ("granted", 2, "Anna")
    assert asking.requests.open_ones() == []
    assert asking.reopened().of(asking.person) == [granted]
    asking.house.clock.now += 3600
    assert asking.requests.of(asking.person) == []


async def test_a_request_is_declined_or_answered_in_words(asking: Asking) -> None:
    first, second = await asking.asks(), await asking.asks("band/bus3/fader")
    assert (await asking.requests.decline(first.id, "Anna")).state == "declined"
    answered = await asking.requests.message(second.id, "  after\nthis song ", "Anna")
    assert (answered.state, answered.text) == ("answered", "after this song")


async def test_what_is_closed_is_answered_no_second_time_and_says_by_whom_it_was(asking: Asking) -> None:
    made = await asking.asks()
    answers = [asking.requests.grant(made.id, 1, "Anna"), asking.requests.grant(made.id, 3, "Carl")]
    results = await asyncio.gather(*answers, return_exceptions=True)
    assert isinstance(results[0], Request)
    fault = await refusal(asking.requests.decline(made.id, "Carl"))
    assert (fault.code.word, "Anna" in fault.text) == ("closed", True)
    assert (await refusal(asking.requests.seen("nothing", "Carl"))).code.word == "unknown"


async def test_after_an_answer_the_same_may_be_asked_again(asking: Asking) -> None:
    made = await asking.asks()
    await asking.requests.decline(made.id, "Anna")
    again = await asking.asks()
    assert again.id != made.id
    assert asking.requests.of(asking.person)[-1] == again


async def test_one_asks_once_a_second(asking: Asking) -> None:
    await asking.asks()
    for path in (VOCALS, "band/bus3/fader"):
        fault = await refusal(asking.requests.ask(asking.hand, asking.person, path, "more"))
        assert (fault.code.word, fault.retry_after) == ("limit", 1)
    asking.house.clock.now -= A_DAY  # the computer's clock was put back
    await asking.asks()


async def test_one_has_at_most_twenty_open_requests(asking: Asking) -> None:
    for n in range(20):
        await asking.asks(f"band/ch{n}/send/bus3/level")
    assert (await refusal(asking.asks("band/ch20/send/bus3/level"))).code.word == "limit"
    assert (await asking.asks("band/ch3/send/bus3/level")).count == 2


async def test_all_together_have_so_many_and_no_more(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OPEN", 1)
    await asking.asks()
    other, _ = await asking.house.admission.make_token("lights", "musician", "band/bus3")
    refused = await refusal(asking.requests.ask(asking.hand, other.id, VOCALS, "more"))
    assert refused.code.word == "limit"


@pytest.mark.parametrize("db", [0, 4, -1, 1.5, 10**30])
async def test_one_two_or_three_decibels_are_granted(asking: Asking, db: int) -> None:
    made = await asking.asks()
    assert (await refusal(asking.requests.grant(made.id, db, "Anna"))).code.word == "bad-value"
    assert asking.requests.get(made.id) == made


@pytest.mark.parametrize("text", ["", " \n", "x" * 201])
async def test_an_answer_in_words_has_some_and_not_too_many(asking: Asking, text: str) -> None:
    made = await asking.asks()
    assert (await refusal(asking.requests.message(made.id, text, "Anna"))).code.word == "bad-value"


async def test_one_asks_for_more_or_less(asking: Asking) -> None:
    assert (await refusal(asking.asks(want="everything"))).code.word == "bad-value"


async def test_with_who_asked_goes_what_they_asked_for(asking: Asking) -> None:
    await asking.asks()
    await asking.house.admission.remove(asking.person)
    assert asking.requests.open_ones() == []
    assert asking.told == [asking.person] * 2
    assert asking.reopened().open_ones() == []


async def test_a_request_stays_when_its_asker_is_only_renamed(asking: Asking) -> None:
    made = await asking.asks()
    await asking.house.admission.change(asking.person, name="Benjamin")
    assert asking.requests.open_ones() == [made]


async def test_what_was_answered_an_hour_ago_is_on_the_disk_alone(asking: Asking) -> None:
    made, waiting = await asking.asks(), await asking.asks("band/bus3/fader")
    declined = await asking.requests.decline(made.id, "Anna")
    asking.house.clock.now += 3600
    await asking.requests.tidy()
    for requests in (asking.requests, asking.reopened()):
        assert list(requests._requests.values()) == [waiting]
    assert asking.house.paper.read(Request) == [declined, waiting]


async def test_after_30_days_nothing_is_left_on_the_disk(asking: Asking) -> None:
    made = await asking.asks()
    await asking.requests.decline(made.id, "Anna")
    asking.house.clock.now += 29 * A_DAY
    await asking.requests.tidy()
    assert asking.house.paper.read(Request)
    asking.house.clock.now += A_DAY + 1
    await asking.requests.tidy()
    assert asking.house.paper.read(Request) == []


async def test_what_is_withdrawn_is_told_and_on_the_disk_soon_though_nobody_waits_for_it(asking: Asking) -> None:
    made = await asking.asks()
    tending = asyncio.create_task(asking.requests.tend())
    asking.requests.withdraw(made, "You are not in this mix any more.")
    assert asking.requests.open_ones() == []
    assert asking.told == [asking.person] * 2
    await until(lambda: [one.state for one in asking.house.paper.read(Request)] == ["answered"])
    tending.cancel()


async def test_what_the_disk_refused_is_kept_with_the_next_that_it_takes(asking: Asking) -> None:
    asking.house.paper.refuses = True
    assert (await refusal(asking.asks())).code.word == "not-kept"
    asking.house.paper.refuses = False
    await asking.requests.tidy()
    assert asking.reopened().open_ones() == asking.requests.open_ones() != []
