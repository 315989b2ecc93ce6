"""The meters' road: one frame a rate, and no peak lost between two."""

from __future__ import annotations

from remote_mixer.desk.meters import LOWEST_SHOWN, STEPS_PER_DB, ZERO_DB, encode, merge
from remote_mixer.hub.client import Client
from remote_mixer.hub.messages import MeterFrame
from remote_mixer.hub.meters import MeterFeed, Taps
from remote_mixer.resources import resource_path
from tests.hub.test_clients import FakeLink
from tests.support.waiting import until


def road() -> MeterFeed:
    return MeterFeed(lambda: [Taps("band", 2), Taps("foh", 1)])


def readings(link: FakeLink) -> list[bytes]:
    """Return the codes of each frame."""
    return [message.codes for message in link.sent if isinstance(message, MeterFrame)]


async def sent(link: FakeLink, frames: int) -> None:
    """Wait until a link has been sent so many frames."""
    await until(lambda: len(link.writes) >= frames)


def test_what_the_hub_takes_for_silence_is_what_the_page_does_not_show() -> None:
    floor = (LOWEST_SHOWN - ZERO_DB) // STEPS_PER_DB
    assert f"const FLOOR_DB = {floor}\n" in (resource_path() / "desk" / "meters.js").read_text()


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
    meters.report("foh", b"\x39")
    await until(lambda: link.writes)
    assert readings(link)[0] == b"\x00\x00\x39"


async def test_a_peak_between_two_frames_is_seen() -> None:
    meters, link = road(), FakeLink()
    meters.start(Client(link), 20)
    for codes in (b"\x31\x31", b"\xd8\x32", b"\x33\x31"):
        meters.report("band", codes)
    await until(lambda: len(link.writes) == 2)
    assert readings(link)[0] == b"\xd8\x32\x00"
    assert readings(link)[1] == b"\x33\x31\x00"


async def test_the_most_that_was_taken_away_between_two_frames_is_seen() -> None:
    meters, link = MeterFeed(lambda: [Taps("band", 3, gains=(1,))]), FakeLink()
    meters.start(Client(link), 20)
    for codes in (b"\x30\xd8\x30", b"\x40\xc0\x30", b"\x30\xd0\x31"):
        meters.report("band", codes)
    await until(lambda: link.writes)
    assert readings(link)[0] == b"\x40\xc0\x31"


async def test_a_silence_that_lasts_is_sent_once_and_once_more_to_who_comes_later() -> None:
    meters, link, late, other = road(), FakeLink(), FakeLink(), FakeLink()
    meters.start(Client(link), 30)
    meters.start(Client(other), 10)  # its first frame comes after three of the others'
    await until(lambda: other.writes)
    assert readings(link) == [b"\x00\x00\x00"]
    meters.start(Client(late), 30)
    await until(lambda: late.writes)
    meters.report("foh", b"\x39")
    await until(lambda: readings(link)[-1] == b"\x00\x00\x39")
    meters.report("foh", b"\x00")
    await until(lambda: readings(late)[-1] == b"\x00\x00\x00")


async def test_noise_below_the_meters_and_gains_that_rest_are_a_silence_too() -> None:
    meters, link = MeterFeed(lambda: [Taps("band", 1), Taps("foh", 3, gains=(1, 2))]), FakeLink()
    loud, beat = MeterFeed(lambda: [Taps("band", 1)]), FakeLink()
    loud.report("band", b"\xd8")
    meters.report("foh", b"\x01\xd8\x78")
    meters.start(Client(link), 30)
    loud.start(Client(beat), 30)
    for frames, code in ((2, 1), (4, 20), (6, 35)):
        meters.report("foh", bytes((code, 216, 120)))
        await sent(beat, frames)
    assert readings(link) == [b"\x00\x00\xd8\x78"]
    meters.report("foh", b"\x23\xd8\x79")
    await until(lambda: readings(link)[-1] == b"\x00\x00\xd8\x79")
    assert len(readings(link)) == 2
    meters.report("foh", b"\x24\xd8\x79")
    await until(lambda: readings(link)[-1] == b"\x00\x24\xd8\x79")
    await until(lambda: len(readings(link)) > 5)


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
    meters.report("foh", b"\x39")
    await until(lambda: len(other.writes) > 3)
    assert len(link.writes) == count
