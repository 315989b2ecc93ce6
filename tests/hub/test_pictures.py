"""The pictures' road: a console draws what somebody looks at, and only who looks at it gets it."""

from __future__ import annotations

from collections.abc import Sequence

from remote_mixer.desk.policy import ENGINEER, GUEST
from remote_mixer.hub.client import Client
from remote_mixer.hub.messages import Picture
from remote_mixer.hub.pictures import PictureFeed
from remote_mixer.people.caller import Caller
from remote_mixer.web import wire
from tests.hub.test_clients import FakeLink

KICK, VOX, FOH = "band/ch1/spectrum", "band/ch2/spectrum", "foh/main/spectrum"


class Road:
    """A feed, and what it asked the consoles for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, list[str]]] = []
        self.feed = PictureFeed(lambda console, wanted: self.asked.append((console, list(wanted))))

    def client(self, role: str = ENGINEER, wanted: Sequence[str] = ()) -> tuple[Client, FakeLink]:
        link = FakeLink()
        client = Client(link, Caller(role))
        self.feed.look(client, wanted)
        return client, link


def bodies(link: FakeLink) -> list[tuple[str, bytes]]:
    return [(message.path, message.body) for message in link.sent if isinstance(message, Picture)]


async def test_who_looks_at_a_strip_gets_its_pictures_and_nobody_else() -> None:
    road = Road()
    (_, anne), (_, bob), (_, carl) = road.client(wanted=[KICK]), road.client(wanted=[VOX, KICK]), road.client()
    road.feed.report(KICK, b"1")
    road.feed.report(VOX, b"2")
    assert (bodies(anne), bodies(bob), bodies(carl)) == ([(KICK, b"1")], [(KICK, b"1"), (VOX, b"2")], [])
    assert anne.sent[0] is bob.sent[0]


async def test_a_console_is_asked_only_when_what_is_looked_at_changes_and_for_nothing_once_nobody_looks() -> None:
    road = Road()
    anne, _ = road.client(wanted=[KICK])
    bob, _ = road.client(wanted=[KICK])
    road.feed.look(bob, [FOH])
    road.feed.look(anne, [KICK])
    assert road.asked == [("band", [KICK]), ("foh", [FOH])]
    road.feed.look(anne, [])
    road.feed.look(bob, [])
    assert road.asked[2:] == [("band", []), ("foh", [])]


async def test_a_picture_that_stays_as_it_is_wakes_no_page_and_is_sent_to_who_comes_later() -> None:
    road = Road()
    _, anne = road.client(wanted=[KICK])
    for body in (b"1", b"1", b"2", b"2"):
        road.feed.report(KICK, body)
    assert bodies(anne) == [(KICK, b"1"), (KICK, b"2")]
    _, bob = road.client(wanted=[KICK])
    road.feed.report(KICK, b"2")
    assert bodies(bob) == [(KICK, b"2")]


async def test_what_the_sound_crew_looks_at_comes_first() -> None:
    road = Road()
    road.client(GUEST, [KICK])
    road.client(ENGINEER, [VOX])
    assert road.asked[-1] == ("band", [VOX, KICK])


async def test_a_client_that_is_behind_gets_the_newest_picture_of_each_strip_once_it_takes_data_again() -> None:
    road = Road()
    client, link = road.client(wanted=[KICK, VOX])
    link.waiting = 1
    for number in range(100):
        road.feed.report(KICK, bytes([number]))
    road.feed.report(VOX, b"x")
    assert not link.writes
    link.waiting = 0
    client.drain(1, {})
    assert bodies(link) == [(KICK, bytes([99])), (VOX, b"x")]


def test_on_the_wire_a_picture_is_its_kind_its_path_and_its_body() -> None:
    whole = wire.packed_frame(Picture(KICK, bytes(range(120))))
    payload = whole[-(2 + len(KICK) + 120) :]
    assert payload[0] == wire.PICTURE_KIND != wire.METER_KIND
    assert payload[2 : 2 + payload[1]] == KICK.encode()
    assert payload[2 + payload[1] :] == bytes(range(120))
