"""The meters' road: one frame a rate, and no peak lost between two."""

from __future__ import annotations

from remote_mixer.desk.meters import encode, merge
from remote_mixer.hub.client import Client
from remote_mixer.hub.messages import MeterFrame
from remote_mixer.hub.meters import MeterFeed, Taps
from tests.hub.test_clients import FakeLink
from tests.support.waiting import until


def road() -> MeterFeed:
    return MeterFeed(lambda: [Taps("band", 2), Taps("foh", 1)])


def readings(link: FakeLink) -> list[bytes]:
    """Return the codes of each frame."""
    return [message.codes for message in link.sent if isinstance(message, MeterFrame)]


def test_a_level_is_a_byte_and_silence_is_zero() -> None:
    levels = {float("-inf"): 0, float("nan"): 0, -200.0: 1, -60.0: 96, -0.5: 215, 0.0: 216, 19.5: 255, 99.0: 255}
    assert {level: encode(level) for level in levels}.items() == levels.items()


def test_merging_keeps_the_peak_of_each_tap_and_starts_anew_when_taps_change() -> None:
    assert merge(b"\x10\x80", b"\x20\x70") == b"\x20\x80"
    assert merge(b"\x10\x80", b"\x01") == b"\x01"
    assert merge(b"", b"", gains=(1,)) == b"", "the console is gone"
    assert merge(b"\x20\x80", b"\x10\x70", gains=(1, 2)) == b"\x20\x70"


async def test_a_frame_holds_all_consoles_in_order_and_silence_for_who_says_nothing() -> None:
    meters, link = road(), FakeLink()
    meters.start(Client(link), 30)
    meters.report("foh", b"\x09")
    await until(lambda: link.writes)
    assert readings(link)[0] == b"\x00\x00\x09"


async def test_a_peak_between_two_frames_is_seen() -> None:
    meters, link = road(), FakeLink()
    meters.start(Client(link), 20)
    for codes in (b"\x01\x01", b"\xd8\x02", b"\x03\x01"):
        meters.report("band", codes)
    await until(lambda: len(link.writes) == 2)
    assert readings(link)[0] == b"\xd8\x02\x00"
    assert readings(link)[1] == b"\x03\x01\x00"


async def test_the_most_that_was_taken_away_between_two_frames_is_seen() -> None:
    meters, link = MeterFeed(lambda: [Taps("band", 3, gains=(1,))]), FakeLink()
    meters.start(Client(link), 20)
    for codes in (b"\x10\xd8\x10", b"\x20\xc0\x10", b"\x10\xd0\x11"):
        meters.report("band", codes)
    await until(lambda: link.writes)
    assert readings(link)[0] == b"\x20\xc0\x11"


async def test_a_silence_that_lasts_is_sent_once_and_once_more_to_who_comes_later() -> None:
    meters, link, late, other = road(), FakeLink(), FakeLink(), FakeLink()
    meters.start(Client(link), 30)
    meters.start(Client(other), 10)  # its first frame comes after three of the others'
    await until(lambda: other.writes)
    assert readings(link) == [b"\x00\x00\x00"]
    meters.start(Client(late), 30)
    await until(lambda: late.writes)
    meters.report("foh", b"\x09")
    await until(lambda: readings(link)[-1] == b"\x00\x00\x09")
    meters.report("foh", b"\x00")
    await until(lambda: readings(late)[-1] == b"\x00\x00\x00")


async def test_clients_of_one_rate_share_one_frame() -> None:
    meters, anne, bob = road(), FakeLink(), FakeLink()
    meters.start(Client(anne), 25)
    meters.start(Client(bob), 25)
    await until(lambda: anne.writes and bob.writes)
    assert anne.sent[0] is bob.sent[0]


async def test_who_asks_no_more_gets_no_more() -> None:
    meters, link, other = road(), FakeLink(), FakeLink()
    client = Client(link)
    meters.start(client, 30)
    meters.start(Client(other), 29)
    await until(lambda: link.writes and other.writes)
    meters.stop(client)
    count = len(link.writes)
    meters.report("foh", b"\x09")
    await until(lambda: len(other.writes) > 3)
    assert len(link.writes) == count
