"""The meters' road: one frame a rate, and no peak lost between two."""

from __future__ import annotations

from remote_mixer.desk.meters import encode, merge
from remote_mixer.hub.client import Client
from remote_mixer.hub.meters import MeterRoad
from tests.hub.test_clients import Pipe
from tests.support.waiting import until


def road() -> MeterRoad:
    return MeterRoad(lambda: [("band", 2), ("foh", 1)])


def readings(pipe: Pipe) -> list[bytes]:
    """Return the codes of each frame, without WebSocket head (2), kind (1) and sequence number (4)."""
    return [frame[7:] for frame in pipe.frames]


def test_a_level_is_a_byte_and_silence_is_zero() -> None:
    levels = {float("-inf"): 0, float("nan"): 0, -200.0: 1, -60.0: 96, -0.5: 215, 0.0: 216, 19.5: 255, 99.0: 255}
    assert {level: encode(level) for level in levels}.items() == levels.items()


def test_merging_keeps_the_peak_of_each_tap_and_starts_anew_when_taps_change() -> None:
    assert merge(b"\x10\x80", b"\x20\x70") == b"\x20\x80"
    assert merge(b"\x10\x80", b"\x01") == b"\x01"


async def test_a_frame_holds_all_consoles_in_order_and_silence_for_who_says_nothing() -> None:
    meters, pipe = road(), Pipe()
    meters.start(Client(pipe), 30)
    meters.report("foh", b"\x09")
    await until(lambda: pipe.frames)
    assert readings(pipe)[0] == b"\x00\x00\x09"


async def test_a_peak_between_two_frames_is_seen() -> None:
    meters, pipe = road(), Pipe()
    meters.start(Client(pipe), 20)
    for codes in (b"\x01\x01", b"\xd8\x02", b"\x03\x01"):
        meters.report("band", codes)
    await until(lambda: len(pipe.frames) == 2)
    assert readings(pipe)[0] == b"\xd8\x02\x00"
    assert readings(pipe)[1] == b"\x03\x01\x00"


async def test_clients_of_one_rate_share_one_frame() -> None:
    meters, anne, bob = road(), Pipe(), Pipe()
    meters.start(Client(anne), 25)
    meters.start(Client(bob), 25)
    await until(lambda: anne.frames and bob.frames)
    assert anne.frames[0] is bob.frames[0]


async def test_who_asks_no_more_gets_no_more() -> None:
    meters, pipe, other = road(), Pipe(), Pipe()
    client = Client(pipe)
    meters.start(client, 30)
    meters.start(Client(other), 29)
    await until(lambda: pipe.frames)
    meters.stop(client)
    count, seen = len(pipe.frames), len(other.frames)
    await until(lambda: len(other.frames) > seen + 2)
    assert len(pipe.frames) == count
