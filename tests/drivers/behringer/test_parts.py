"""The pure parts: pace, questions, writes on their way, what is read again, meter blobs. No clock but the test's."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterable, Mapping, Set
from typing import cast

import pytest

from remote_mixer.desk.meters import encode
from remote_mixer.desk.params import Value
from remote_mixer.drivers.behringer import x32, xair
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.meters import Readings, read_amplitudes, read_decibels
from remote_mixer.drivers.behringer.queries import LATE_SECONDS, Origin, Queries
from remote_mixer.drivers.behringer.reports import MOST_SECONDS, QUIET_SECONDS, Listener, Reports
from remote_mixer.drivers.behringer.reread import Reread
from remote_mixer.drivers.behringer.snapshots import Numbers, Range, Snapshots, count, ranges
from remote_mixer.drivers.behringer.timing import Pace, Timing
from remote_mixer.drivers.osc import Argument
from remote_mixer.drivers.unconfirmed import PASSING_SECONDS, REPEAT_SECONDS, STALE_SECONDS, Unconfirmed, Verdict
from tests.support.virtual import play


def same(ours: Argument, theirs: Argument) -> bool:
    return ours == theirs


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


def test_an_answer_that_is_too_late_to_be_one_is_a_console_that_tells() -> None:
    queries = Queries(Timing())
    queries.ask(["/a"])
    queries.due(0)
    queries.due(0.3)
    assert queries.answered("/a", 0.4) is Origin.ANSWER
    assert queries.answered("/a", LATE_SECONDS + 0.1) is Origin.UNASKED


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
        moves.sent("/a", step, 0, step * 0.3, passing=True)
        assert moves.to_ask(step * 0.3 + 0.29) == []
    stopped = 19 * 0.3
    assert moves.wait(stopped) == pytest.approx(PASSING_SECONDS)
    assert moves.to_ask(stopped + PASSING_SECONDS) == ["/a"], "the fade was stopped there"
    moves.sent("/a", 21, 0, 7.0, passing=True)
    moves.sent("/a", 22, 0, 7.1)
    assert moves.to_ask(7.2) == ["/a"], "its last value is asked after as any other is"
    assert moves.judge("/a", 22, same, answer=True) is Verdict.ARRIVED


def test_a_hand_at_the_console_in_a_fade_is_asked_after_at_once_and_not_fought() -> None:
    moves = Unconfirmed(0.05)
    for step in (1, 2):
        moves.sent("/a", step, 0, step, passing=True)
    assert moves.judge("/a", 1, same, answer=False) is Verdict.WAIT
    assert moves.to_ask(2.1) == [], "that was the fade's own"
    assert moves.judge("/a", 9, same, answer=False) is Verdict.WAIT
    moves.sent("/a", 3, 0, 2.2, passing=True)
    assert moves.to_ask(2.2) == ["/a"]
    assert moves.judge("/a", 9, same, answer=True) is Verdict.YIELD


def test_a_console_that_never_takes_a_value_has_the_last_word() -> None:
    moves = Unconfirmed(0.05)
    verdict, times = Verdict.AGAIN, 0
    while verdict is Verdict.AGAIN:
        moves.sent("/a", 5, 1, times)
        moves.to_ask(times + 0.5)
        verdict, times = moves.judge("/a", 1, same, answer=True), times + 1
    assert verdict is Verdict.YIELD
    assert times < 10


def rereading(storm: int = 60) -> tuple[Reread, list[str], AddressBook]:
    asked: list[str] = []
    addresses = AddressBook(xair.FAMILY)
    return Reread(addresses, Timing(storm=storm), asked.extend, lambda _: None, Snapshots()), asked, addresses


def test_what_was_told_is_asked_again_when_it_is_calm_and_its_siblings_too() -> None:
    reread, asked, _ = rereading()
    reread.pushed("/ch/05/eq/4/g", 1)
    reread.tick(1.1, 0, busy=False)
    assert "/ch/05/eq/4/g" not in asked
    for tick in range(5):
        reread.tick(1.5 + tick / 20, 0, busy=False)
    assert {"/ch/05/eq/4/g", "/ch/05/eq/4/type", "/ch/05/eq/4/f", "/ch/05/eq/4/q"} <= set(asked)


def test_a_push_of_one_mute_leads_to_the_mutes_of_all_strips() -> None:
    reread, asked, _ = rereading()
    reread.pushed("/ch/05/mix/on", 1)
    for tick in range(20):
        reread.tick(1.3 + tick / 20, 0, busy=False)
    assert {f"/ch/{n:02}/mix/on" for n in range(1, 17)} <= set(asked)


def test_the_names_of_all_scenes_are_looked_at_no_more_often_after_a_recall() -> None:
    reread, asked, _ = rereading()
    reread.pushed("/-snap/index", 1)
    reread.pushed("/ch/07/eq/2/g", 1)
    for tick in range(1200):
        reread.tick(1.3 + tick / 20, 0, busy=False)
    assert asked.count("/ch/07/eq/2/f") > 1
    assert asked.count("/-snap/40/name") <= 1


def test_a_surprise_leads_to_its_whole_strip() -> None:
    reread, asked, addresses = rereading()
    reread.surprised("/bus/1/eq/1/g", 1)
    for tick in range(60):
        reread.tick(1 + tick / 20, 0, busy=False)
    assert set(addresses.of_strip("bus1")) <= set(asked)


def test_looks_leave_at_their_rate_whatever_there_is_to_look_at() -> None:
    reread, asked, addresses = rereading()
    reread.look(addresses.all())
    for tick in range(200):
        reread.tick(1 + tick / 20, 0, busy=False)
    assert len(asked) <= 10 * Timing().look_rate + 5


def test_a_storm_is_followed_by_one_reading_of_everything() -> None:
    reread, asked, addresses = rereading(storm=20)
    for step, address in enumerate(addresses.all()[:200]):
        reread.pushed(address, step / 1000)
    reread.tick(0.3, 0, busy=True)
    assert not asked
    reread.tick(0.7, 0, busy=True)
    assert len(asked) == len(set(asked))
    assert set(asked) == set(addresses.all())


def test_a_silence_is_followed_by_one_reading_of_everything() -> None:
    reread, asked, addresses = rereading()
    reread.tick(1, 1.2, busy=False)
    assert not asked
    reread.tick(1.1, 0, busy=False)
    assert len(asked) == len(set(asked))
    assert set(asked) == set(addresses.all())


def test_in_time_all_is_looked_at_again_and_faders_most_often() -> None:
    reread, asked, addresses = rereading()
    prompt, others = reread.periods
    for tick in range(int(others * 20 * 1.1)):
        reread.tick(1 + tick / 20, 0, busy=False)
    assert set(asked) == set(addresses.every())
    assert asked.count("/ch/01/mix/fader") >= 0.8 * others / prompt


def ranges_of(addresses: Iterable[str], prompt: Set[str] = frozenset()) -> list[Range]:
    numbers = Numbers(set)
    count(addresses, prompt, numbers)
    return list(ranges(numbers))


def numeric(addresses: AddressBook) -> list[str]:
    return list(filter(addresses.is_numeric, addresses.every()))


def numbered(pattern: str, *numbers: int) -> list[str]:
    return [pattern.format(n=number) for number in numbers]


def test_ranges_hold_the_numbers_that_have_no_gaps() -> None:
    addresses = [
        *numbered("/ch/{n:02}/mix/fader", 1, 2, 3),
        *numbered("/ch/{n:02}/mix/01/level", 1, 2, 3),
        *numbered("/main/st/mix/{n:02}/pan", 1, 3, 5),
        "/main/st/mix/fader",
        "/config/chlink/1-2",
    ]
    found = ranges_of(addresses, {"/ch/01/mix/fader", "/ch/02/mix/fader", "/ch/03/mix/fader"})
    assert [one.patterns for one in found] == [("/ch/**/mix/fader",), ("/ch/**/mix/01/level",)]
    assert found[0].addresses() == addresses[:3]


def test_every_range_of_an_x32_fits_one_packet() -> None:
    addresses = AddressBook(x32.FAMILY)
    found = ranges_of(numeric(addresses), frozenset(addresses.prompt()))
    every = [address for one in found for address in one.addresses()]
    assert len(every) == len(set(every))
    assert set(every) <= set(numeric(addresses))
    assert max(map(len, (one.addresses() for one in found))) <= 300
    assert len(set(numeric(addresses)) - set(every)) < 200


FADERS = numbered("/ch/{n:02}/mix/fader", 1, 2)


def snapshots() -> tuple[Snapshots, str]:
    """Return the snapshots of two faders, requested, and their alias."""
    watch = Snapshots()
    watch.start(ranges_of(FADERS, frozenset(FADERS)), 0)
    ((_, (alias, *_)),) = watch.request(0)
    return watch, str(alias)


def frame(*words: float) -> bytes:
    return struct.pack(f"<i{len(words)}f", 4 + 4 * len(words), *words)


def test_a_frame_names_what_differs_and_covers_its_addresses() -> None:
    watch, alias = snapshots()
    assert watch.covered == frozenset()
    assert watch.take(alias, frame(0.5, 0.25), {FADERS[0]: 0.5, FADERS[1]: 0.5}, 0.1) == [FADERS[1]]
    assert watch.covered == frozenset(FADERS)


def test_a_frame_that_does_not_come_is_requested_again_at_once() -> None:
    watch, alias = snapshots()
    watch.take(alias, frame(0.5, 0.5), {}, 0.1)
    assert watch.request(0.7) == ()
    assert [address for address, _ in watch.request(0.9)] == ["/unsubscribe", "/formatsubscribe"]


def test_a_console_that_sends_no_frames_is_asked_a_few_times_for_one_range() -> None:
    watch = Snapshots()
    watch.start(ranges_of(numeric(AddressBook(x32.FAMILY))), 0)
    asked = [message for tick in range(1000) for message in watch.request(tick / 20)]
    assert len({arguments[0] for _, arguments in asked}) == 1
    assert len(asked) < 10
    assert watch.is_refused


def test_a_word_that_means_something_else_to_the_console_is_not_believed_for_long() -> None:
    watch, alias = snapshots()
    known = {FADERS[0]: 0.5, FADERS[1]: 1}
    differ = [watch.take(alias, frame(0.5, 0.0), known, tick * 0.4) for tick in range(10)]
    assert differ[0] == [FADERS[1]]
    assert differ[-1] == []
    assert watch.covered == {FADERS[0]}


@pytest.mark.parametrize("blob", [b"", frame(0.5), frame(0.5, 0.5)[:-4], frame(0.5, 0.5, 0.5), 0.5])
def test_a_frame_of_another_length_is_refused(blob: Argument) -> None:
    watch, alias = snapshots()
    with pytest.raises(ValueError, match="another length"):
        watch.take(alias, blob, {}, 0.1)


def test_an_x32_tells_amplitudes_and_an_x_air_tells_decibels() -> None:
    floats = struct.pack("<I5f", 5, 1.0, 0.5, 8.0, 4e-7, float("nan"))
    assert list(read_amplitudes(floats)) == [216, encode(-6.02), encode(18.06), 1, 0]
    shorts = struct.pack("<I4h", 4, 0, -1541, -32768, -32767)
    assert list(read_decibels(shorts)) == [216, encode(-6.02), 0, 1]


@pytest.mark.parametrize("blob", [b"", b"\1\0\0", struct.pack("<If", 3, 1.0), struct.pack("<If", 0, 1.0)])
def test_a_blob_that_is_not_as_long_as_it_says_is_refused(blob: bytes) -> None:
    for read in (read_amplitudes, read_decibels):
        with pytest.raises(ValueError, match="as long as it says"):
            read(blob)


def test_readings_stand_in_the_layouts_order() -> None:
    family = x32.FAMILY
    readings = Readings(family.meters, family.read_meter, family.taps())
    assert readings.take("/meters/2", struct.pack("<I49f", 49, *[0.5] * 49)) is None
    frame = readings.take("/meters/1", struct.pack("<I96f", 96, *[1.0] * 96))
    assert frame is not None
    taps = dict(zip(family.layout("band", "", {}).taps(), frame, strict=True))
    assert taps["band/ch32/input"] == taps["band/ch1/gate"] == 216
    assert taps["band/main/left"] == taps["band/mono/dyn"] == encode(-6.02)
    assert taps["band/aux1/input"] == 0


def test_a_blob_of_a_meter_that_nobody_asked_for_is_named_and_no_more() -> None:
    readings = Readings(x32.FAMILY.meters, x32.FAMILY.read_meter, ())
    with pytest.raises(ValueError, match="/meters/77 is no meter"):
        readings.take("/meters/77", struct.pack("<i2f", 2, 1.0, 1.0))


class Page:
    """Notes what is reported, in its order."""

    def __init__(self) -> None:
        self.reports: list[Mapping[str, Value] | str] = []

    def changed(self, values: Mapping[str, Value]) -> None:
        self.reports.append(values)

    def confirmed(self, path: str) -> None:
        self.reports.append(path)


def test_a_row_of_values_is_one_report() -> None:
    """Each report costs a frame to every page: the first of a row of 32 faders must not make the others wait."""

    async def story() -> None:
        page = Page()
        reports = Reports(cast("Listener", page))
        for channel in range(1, 33):
            reports.add({f"ch{channel}/fader": 0.5})
            await asyncio.sleep(QUIET_SECONDS / 10)
        await asyncio.sleep(2 * QUIET_SECONDS)
        assert [len(report) for report in page.reports] == [32]

    play(story)


def test_a_single_value_is_reported_after_a_short_pause_and_an_endless_row_in_parts() -> None:
    async def story() -> None:
        page = Page()
        reports = Reports(cast("Listener", page))
        reports.add({"ch1/fader": 0.5})
        await asyncio.sleep(1.1 * QUIET_SECONDS)
        assert page.reports == [{"ch1/fader": 0.5}]
        for step in range(100):
            reports.add({f"ch{step % 32}/pan": step / 100})
            await asyncio.sleep(MOST_SECONDS / 10)
        assert 7 <= len(page.reports) <= 12

    play(story)


def test_a_path_is_confirmed_after_its_value_is_reported_unless_a_newer_write_has_left() -> None:
    async def story() -> None:
        page = Page()
        reports = Reports(cast("Listener", page))
        for path in ("ch1/mute", "ch2/mute"):
            reports.confirm(path)
            reports.add({path: False})
        reports.drop("ch2/mute")
        await asyncio.sleep(2 * QUIET_SECONDS)
        assert page.reports == [{"ch1/mute": False}, "ch1/mute"]

    play(story)
