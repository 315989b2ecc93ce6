"""MIDI ports on a JACK server of our own: found by name, used, and reported when they vanish."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import pytest

from remote_mixer.drivers.base import DriverError
from remote_mixer.drivers.midi_jack import ServerWatch
from remote_mixer.drivers.midi_ports import Link, PortInfo, list_ports, open_link
from remote_mixer.drivers.midi_rtmidi import MOST_WAITING
from remote_mixer.midi.messages import control_change, sysex
from tests.support.jack import Jack, jack_server
from tests.support.waiting import until

OURS_OUT, OURS_IN = "Remote Mixer out:midi", "Remote Mixer in:midi"
SILENT_PORT = "Remote Mixer watch:silence"
TOUCH = control_change(1, 7, 100)


@pytest.fixture(scope="module")
def jack() -> Iterator[Jack]:
    with jack_server(synchronous=True) as server:
        yield server


class Peer:
    """Another program with ports of its own, and what it received; the same for our side of a link."""

    def __init__(self, port: str = "", client: str = "Remote Mixer") -> None:
        self.received: list[bytes] = []
        self.threads: set[int] = set()
        self.link = self._opened(port, client)

    def _opened(self, port: str, client: str) -> Link:
        """Open the ports, a few times: a server whose clients are late refuses new ones."""
        for _ in range(4):
            try:
                return open_link(port, self._receive, client)
            except DriverError as refused:
                if "No MIDI system" not in str(refused):
                    raise
        return open_link(port, self._receive, client)

    def _receive(self, message: bytes) -> None:
        self.received.append(message)
        self.threads.add(threading.get_ident())


async def arrives(sender: Peer, receiver: Peer) -> None:
    """Send a message until one arrives: JACK loses some while it announces a port or a client is late."""

    def sent() -> bool:
        sender.link.send(TOUCH)
        return bool(receiver.received)

    await until(sent)


class Opener:
    """Opens peers and closes them after the test."""

    def __init__(self) -> None:
        self._peers: list[Peer] = []

    def __call__(self, port: str = "", client: str = "Remote Mixer") -> Peer:
        self._peers.append(Peer(port, client))
        return self._peers[-1]

    def close(self) -> None:
        while self._peers:
            self._peers.pop().link.close()


@pytest.fixture
async def peer(jack: Jack) -> AsyncIterator[Opener]:
    opener = Opener()
    yield opener
    opener.close()


def senders(jack: Jack, port: str) -> list[str]:
    """Return what a port is joined to, but for the silence that protects our inputs."""
    return [other for other in jack.joined(port) if other != SILENT_PORT]


async def ended(link: Link) -> str:
    """Return why a link has gone."""
    with pytest.raises(DriverError) as gone:
        async with asyncio.timeout(10):
            await link.gone()
    return str(gone.value)


async def test_ports_of_our_own_are_called_remote_mixer(jack: Jack, peer: Opener) -> None:
    peer()
    assert {OURS_OUT, OURS_IN} <= set(jack.ports())


async def test_the_ports_of_other_programs_are_listed(peer: Opener) -> None:
    peer(client="DAW")
    assert list_ports() == [PortInfo("Jack", "input", "DAW out:midi"), PortInfo("Jack", "output", "DAW in:midi")]


async def test_messages_go_both_ways_and_are_received_on_the_loops_own_thread(peer: Opener) -> None:
    daw, ours = peer(client="DAW"), peer("daw")
    ours.link.send(TOUCH)
    daw.link.send(sysex(*range(110)))
    await until(lambda: daw.received and ours.received)
    assert (daw.received, ours.received) == ([TOUCH], [sysex(*range(110))])
    assert ours.threads == {threading.get_ident()}


async def test_ports_of_our_own_are_joined_by_others(jack: Jack, peer: Opener) -> None:
    ours, daw = peer(), peer(client="DAW")
    jack.join(OURS_OUT, "DAW in:midi")
    ours.link.send(TOUCH)
    await until(lambda: daw.received)
    assert (daw.received, ours.received) == ([TOUCH], [])


async def test_clock_and_active_sensing_stay_out(peer: Opener) -> None:
    daw, ours = peer(client="DAW"), peer("DAW")
    for message in (b"\xf8", b"\xfe", TOUCH):
        daw.link.send(message)
    await until(lambda: ours.received)
    assert ours.received == [TOUCH]


async def test_a_thousand_messages_in_a_burst_all_arrive_in_order(peer: Opener) -> None:
    daw, ours = peer(client="DAW"), peer("DAW")
    burst = [control_change(1 + n // 128, n // 8 % 128, n % 128) for n in range(1000)]
    for message in burst:
        ours.link.send(message)
    await until(lambda: len(daw.received) >= len(burst))
    assert daw.received == burst
    assert daw.link.dropped == 0


@pytest.mark.parametrize("port", ["DAW", "daw out:midi::daw in:midi", "aw out:m::W IN"])
async def test_a_port_is_found_by_its_name_or_a_part_of_it(jack: Jack, peer: Opener, port: str) -> None:
    peer(client="DAW")
    peer(port)
    assert senders(jack, "DAW in:midi") == [OURS_OUT]
    assert senders(jack, "DAW out:midi") == [OURS_IN]


async def test_each_direction_may_be_another_program(jack: Jack, peer: Opener) -> None:
    peer(client="Keys")
    peer(client="Lights")
    peer("Keys::Lights")
    assert senders(jack, "Keys out:midi") == [OURS_IN]
    assert senders(jack, "Lights in:midi") == [OURS_OUT]
    assert senders(jack, "Keys in:midi") == []


async def test_gear_may_have_an_output_or_an_input_alone(jack: Jack, peer: Opener) -> None:
    gear = peer(client="Synth")
    for port in ("Synth::", "::Synth"):
        ours = peer(port)
        for _ in range(20_000):  # more than JACK's own buffer takes
            ours.link.send(TOUCH)
        gear.link.send(TOUCH)
        assert senders(jack, "Synth in:midi") == ([OURS_OUT] if port.startswith("::") else [])
        assert senders(jack, "Synth out:midi") == ([OURS_IN] if port.endswith("::") else [])
        ours.link.close()


async def test_of_several_ports_the_shortest_is_taken_and_the_choice_is_said(jack: Jack, peer: Opener) -> None:
    peer(client="DAW control")
    peer(client="DAW")
    ours = peer("DAW")
    assert senders(jack, "DAW in:midi") == [OURS_OUT]
    assert "“DAW out:midi” was taken, not “DAW control out:midi”" in ours.link.notice
    assert not peer("DAW control out:midi::DAW in:midi").link.notice


async def test_our_own_ports_are_not_taken_for_others(peer: Opener) -> None:
    peer()
    with pytest.raises(DriverError, match="No MIDI input here is called “midi”"):
        peer("midi")


@pytest.mark.parametrize("name", ["Пульт", "ミキサー", "مازج", "Kick & Snare «1»", "🎚"])
async def test_a_name_may_be_in_any_script(peer: Opener, name: str) -> None:
    daw = peer(client=name)
    ours = peer(name)
    await arrives(ours, daw)


@pytest.mark.parametrize(
    ("port", "sentence"),
    [
        ("Logic", "No MIDI input here is called “Logic”, only: “DAW out:midi”"),
        ("DAW::Logic", "No MIDI output here is called “Logic”, only: “DAW in:midi”"),
        ("DAW out", "No MIDI output here is called “DAW out”"),
        ("::DAW out", "No MIDI output here is called “DAW out”"),
        ("DAW in::", "No MIDI input here is called “DAW in”"),
        ("::", "No MIDI input here is called “”"),
    ],
)
async def test_a_name_that_nobody_has_is_refused_with_the_names_there_are(
    jack: Jack, peer: Opener, port: str, sentence: str
) -> None:
    peer(client="DAW")
    with pytest.raises(DriverError, match=sentence):
        peer(port)
    assert not [name for name in jack.ports() if name.startswith("Remote Mixer") and name != SILENT_PORT]


async def test_each_of_two_mixers_on_one_server_has_a_silence_of_its_own(
    jack: Jack, peer: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer()
    second = Opener()
    with monkeypatch.context() as another_process:
        another_process.setattr(ServerWatch, "current", None)
        second()
    assert jack.joined(OURS_IN) == [SILENT_PORT]
    (ours,) = (name for name in jack.ports() if name.startswith("Remote Mixer in") and name != OURS_IN)
    (silence,) = jack.joined(ours)
    assert silence.startswith("Remote Mixer watch")
    assert silence != SILENT_PORT, "that of the first mixer would end with it"
    second.close()
    await until(lambda: silence not in jack.ports())


async def test_a_port_that_vanishes_ends_the_link_by_name_and_is_opened_again_when_back(peer: Opener) -> None:
    daw, ours = peer(client="DAW"), peer("DAW")
    daw.link.close()
    assert "“DAW out:midi” has gone" in await ended(ours.link)
    ours.link.send(TOUCH)
    ours.link.close()
    daw, ours = peer(client="DAW"), peer("DAW")
    await arrives(daw, ours)


async def test_ports_of_our_own_with_nobody_joined_do_not_vanish(peer: Opener) -> None:
    ours = peer()
    ours.link.send(TOUCH)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.6):
            await ours.link.gone()


async def test_a_jack_server_that_ends_ends_every_link_without_stopping_the_loop(jack: Jack, peer: Opener) -> None:
    links = [peer(client="DAW").link, peer("DAW").link, peer().link]
    jack.stop()
    try:
        assert all(["The JACK server has ended" in await ended(link) for link in links])
        for link in links[1:] * 2000:  # more than JACK's own buffer takes
            link.send(TOUCH)
        links[0].close()
        with pytest.raises(DriverError, match=r"No MIDI system answers here: .*Jack"):
            peer()
    finally:
        jack.start()
    links[1].close()
    daw, ours = peer(client="DAW"), peer("DAW")
    await arrives(ours, daw)


@pytest.mark.parametrize("time", range(10))
async def test_a_link_may_be_closed_twice_and_amid_traffic_and_receives_nothing_after(peer: Opener, time: int) -> None:
    daw, ours = peer(client="DAW"), peer("DAW")
    await arrives(daw, ours)
    for _ in range(200 + time):
        daw.link.send(TOUCH)
    ours.link.close()
    ours.link.close()
    before = len(ours.received)
    await arrives(daw, peer("DAW"))
    assert len(ours.received) == before


async def test_what_a_full_input_loses_is_counted(peer: Opener) -> None:
    """The loop does not look meanwhile, as when something else keeps it for long.

    Twice as many messages as may wait: up to 2,341 of them are still on their way, in rtmidi's 16 KB, after the last.
    """
    daw, ours = peer(client="DAW"), peer("DAW")
    for _ in range(2 * MOST_WAITING):
        daw.link.send(TOUCH)
    await until(lambda: ours.link.dropped)
    assert len(ours.received) >= MOST_WAITING
