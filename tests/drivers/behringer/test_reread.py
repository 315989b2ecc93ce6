"""Schedule of looks: what is read again after a push, a surprise, a storm or a silence. No clock but the test's."""

from __future__ import annotations

from struct import pack

from remote_mixer.drivers.behringer import xair
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.reread import NAMES_TURN, READ_AT_ONCE, SNAPSHOTS_AT_ONCE, Reread
from remote_mixer.drivers.behringer.snapshots import Range, Snapshots
from remote_mixer.drivers.behringer.timing import Timing
from remote_mixer.drivers.osc import Message


def rereading(storm: int = 60) -> tuple[Reread, list[str], AddressBook]:
    asked: list[str] = []
    addresses = AddressBook(xair.FAMILY)
    return Reread(addresses, Timing(storm=storm), asked.extend, lambda _: None, Snapshots()), asked, addresses


def assert_all_are_read(reread: Reread, asked: list[str], addresses: AddressBook, now: float) -> None:
    """Assert that each address is queried once, the prompt ones first, and no tick holds the loop with all of them."""
    while len(asked) < len(addresses.all()):
        before = len(asked)
        reread.tick(now, 0, busy=True)
        assert 0 < len(asked) - before <= READ_AT_ONCE
        now += Timing().tick_seconds
    assert sorted(asked) == sorted(addresses.all())
    assert asked[: len(addresses.prompt())] == addresses.prompt()
    assert READ_AT_ONCE / Timing().tick_seconds > Timing().ask_rate


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


def test_what_pages_show_is_looked_at_in_the_time_that_what_was_moved_leaves() -> None:
    reread, asked, addresses = rereading()
    little, much = ["fxsend1"], [f"ch{number}" for number in range(9, 17)]
    for turn, (shown, moved, all_of) in enumerate(((little, "dca1", {"fxsend1", "dca1"}), (much, "dca2", {"dca2"}))):
        reread.shown(shown)
        reread.moved(moved)
        asked.clear()
        for tick in range(200):
            reread.tick(10 * turn + tick / 20, 0, busy=False)
        assert {address for strip in all_of for address in addresses.of_strip(strip)} <= set(asked)


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
    assert_all_are_read(reread, asked, addresses, 0.7)


def test_a_silence_is_followed_by_one_reading_of_everything() -> None:
    reread, asked, addresses = rereading()
    reread.tick(1, 1.2, busy=False)
    assert not asked
    assert_all_are_read(reread, asked, addresses, 1.1)


def test_a_reading_of_everything_has_each_snapshot_sent_again_some_in_each_tick() -> None:
    sent: list[Message] = []
    addresses, watch = AddressBook(xair.FAMILY), Snapshots()
    patterns = 3 * SNAPSHOTS_AT_ONCE
    watch.start((Range((f"/ch/**/{number}",), 1, 2, 80) for number in range(patterns)), 0)
    reread = Reread(addresses, Timing(), lambda _: None, sent.append, watch)
    watch.request(0)
    watch.take(watch.aliases[0], pack("<iii", 12, 0, 0), {}, 0)
    sent.clear()
    reread.read_all(1)
    for tick in range(1, 4):
        reread.tick(2 + tick / 20, 0, busy=True)
        assert len({arguments[0] for _, arguments in sent}) == tick * SNAPSHOTS_AT_ONCE


def test_in_time_all_is_looked_at_again_and_faders_most_often() -> None:
    reread, asked, addresses = rereading()
    prompt, others = reread.periods
    for tick in range(int(others * 20 * 1.1)):
        reread.tick(1 + tick / 20, 0, busy=False)
    assert set(addresses.every()) - set(addresses.scene_names()) <= set(asked)
    assert asked.count("/ch/01/mix/fader") >= 0.8 * others / prompt


def test_the_names_of_scenes_are_looked_at_in_turn_but_seldom() -> None:
    reread, asked, addresses = rereading()
    _, others = reread.periods
    names = addresses.scene_names()
    for tick in range(int(6 * others * 20)):
        reread.tick(1 + tick / 20, 0, busy=False)
    looks = [asked.count(name) for name in names]
    assert max(looks) - min(looks) <= 1
    assert 0.5 < sum(looks) * NAMES_TURN / (6 * (len(addresses.every()) - len(names))) < 1.1
