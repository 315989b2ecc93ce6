"""Consoles that go, come back, are full, or say nonsense; strangers that shout."""

from __future__ import annotations

import asyncio
import math
import socket
import struct
from pathlib import Path

import pytest

from remote_mixer.drivers.behringer.slots import Slots
from remote_mixer.drivers.behringer.timing import Timing
from remote_mixer.drivers.osc import encode
from remote_mixer.drivers.unconfirmed import STALE_SECONDS
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.joined import Joined, joined
from tests.support.waiting import until

CLIENTS = {"x32": 4, "xr12": 8}


def crowd(simulator: Simulator, count: int) -> list[socket.socket]:
    """Return other clients that each hold one of the console's slots."""
    others = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for other in others:
        other.sendto(encode("/xremote"), simulator.address)
    return others


async def test_a_console_switched_off_and_on_comes_back_as_it_then_stands_and_hears_nothing_stale(
    tmp_path: Path,
) -> None:
    async with joined(tmp_path, offline_seconds=0.5) as there:
        there.set("ch1/fader", 0.9)
        await until(lambda: there.stands("/ch/01/mix/fader", 0.9))
        there.simulator.power(on=False)
        there.set("ch1/fader", 0.1)
        await there.status("offline")
        assert "does not answer" in str(there.value("notice"))
        there.simulator.move("/ch/01/mix/fader", 0.4)
        there.simulator.power(on=True)
        await there.status("online")
        assert there.value("ch1/fader") == pytest.approx(0.4, abs=0.001)
        assert there.stands("/ch/01/mix/fader", 0.4)


async def test_what_moved_in_a_short_silence_is_read_when_it_ends(tmp_path: Path) -> None:
    async with joined(tmp_path, gap_seconds=0.2) as there:
        there.simulator.power(on=False)
        there.simulator.move("/ch/07/eq/2/g", 0.9)
        await until(lambda: there.lifecycle._reread._gap)
        there.simulator.power(on=True)
        await until(lambda: there.value("ch7/eq/2/gain") == pytest.approx(0.9, abs=0.005))
        assert there.value("status") == "online"


async def test_a_last_datagram_that_was_lost_is_asked_for(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        there.simulator.console.move("/ch/03/mix/fader", 0.9)  # at the console, and nobody is told
        await until(lambda: there.value("ch3/fader") == pytest.approx(0.9, abs=0.001))


@pytest.mark.parametrize("word", ["x32", "xr12"])
async def test_a_console_without_a_free_slot_is_said_and_read_now_and_then(tmp_path: Path, word: str) -> None:
    async with Simulator(word, clock=lambda: 0.0) as simulator:  # the others stay, however long we take to open
        others = crowd(simulator, CLIENTS[word])
        await until(lambda: len(simulator.clients) == CLIENTS[word])
        async with joined(tmp_path, word, simulator=simulator, blind_seconds=0.5) as there:
            await until(lambda: "others are connected" in str(there.value("notice")))
            simulator.move("/ch/01/eq/1/g", 0.9)
            await until(lambda: there.value("ch1/eq/1/gain") == pytest.approx(0.9, abs=0.005))
            others[0].sendto(encode("/unsubscribe"), simulator.address)
            await until(lambda: there.value("notice") == "")
        for other in others:
            other.close()


async def test_three_renewals_lost_in_a_row_leave_our_place_with_the_console(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at, renewals, kept = [0.0], list[str](), list[bool]()
    console = Simulator("xr12", clock=lambda: at[0])

    async def notified(_: Slots) -> bool:  # or a busy machine would have it try another renewal at once
        return True

    monkeypatch.setattr(Slots, "notified", notified)
    async with joined(tmp_path, simulator=console, renew_seconds=0.05) as there:
        send = there.lifecycle.conversation.line.send

        def losing(address: str, *arguments: int | float | str | bytes) -> None:
            if address.startswith("/xremote"):
                at[0] += Timing().renew_seconds
                renewals.append(address)
                kept.append(bool(console.clients))
            if not address.startswith("/xremote") or len(renewals) not in {2, 3, 4}:
                send(address, *arguments)

        monkeypatch.setattr(there.lifecycle.conversation.line, "send", losing)
        await until(lambda: len(renewals) > 5)
        assert all(kept)


async def test_asking_whether_we_are_told_leaves_the_console_as_it_stood(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        before = there.lifecycle.conversation.addresses.arguments["/dca/4/config/color"]
        assert await there.lifecycle._slots.notified()
        assert there.simulator.values["/dca/4/config/color"] == before
        assert there.value("dca4/color") == there.lifecycle.conversation.addresses.values["dca4/color"]


def console_says(there: Joined, raw: bytes) -> None:
    """Have the console's own address send bytes to the driver."""
    there.simulator._port._send(raw, there.simulator.clients[0])


async def drops(there: Joined, raw: bytes) -> None:
    """Have the console say one thing more that is not understood."""
    line = there.lifecycle.conversation.line
    bad = line.bad
    console_says(there, raw)
    await until(lambda: line.bad == bad + 1)


NONSENSE = [
    b"\0",
    b"\xff" * 33,
    encode("/ch/01/mix/fader", 0.5)[:-2],
    encode("/ch/01/mix/fader", "loud"),
    encode("/ch/01/mix/fader", 7.5),
    encode("/ch/01/mix/on", 2),
    encode("/ch/01/config/color", 99),
    encode("/ch/01/config/name", 5),
    encode("/meters/1", b"\1\0\0\0"),
    encode("/meters/1", struct.pack("<I", 1) + b"\0\0"),
    encode("/meters/77", b""),
    encode("/ch/01/config/insrc", "In 1"),
    b"/ch/02/mix/fader\0\0\0\0,f\0\0" + struct.pack(">f", math.nan),
    b"/ch/02/mix/on\0\0\0,T\0\0",
    encode("/ch/02/mix/pan", 0.5, 0.5),
]


UNKNOWN = {
    *("ch1/fader", "ch1/mute", "ch1/color", "ch1/name", "ch1/gain", "ch1/phantom"),
    *("ch2/fader", "ch2/mute", "ch2/pan"),
}
"""Params whose values in NONSENSE are not understood."""


async def test_nonsense_from_the_console_is_counted_and_makes_unknown_what_it_is_about(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with joined(tmp_path) as there:
        monkeypatch.setattr(there.lifecycle._reread, "tick", lambda *_, **__: None)  # nothing is read again meanwhile
        await until(lambda: not there.lifecycle.conversation.queries.open)  # nor is an answer on its way
        before = dict(there.desk.values)
        for raw in NONSENSE:
            await drops(there, raw)
        words = f"{len(NONSENSE)} datagrams were not understood"
        await until(lambda: str(there.value("diagnostics")).startswith(words))
        changed = {path: value for path, value in there.desk.values.items() if value != before[path]}
        del changed["band/diagnostics"]
        assert changed == {f"band/{path}": None for path in UNKNOWN}
        assert there.value("status") == "online"


async def test_a_value_of_a_newer_firmware_is_unknown_counted_once_and_can_be_set(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        there.simulator.console._values["/ch/01/config/color"] = 17  # no kind of the simulator's takes this
        there.lifecycle.conversation.ask(["/ch/01/config/color"])
        await until(lambda: there.value("ch1/color") is None)
        assert there.lifecycle.conversation.line.bad == 1
        for _ in range(3):
            there.lifecycle.conversation.ask(["/ch/01/config/color"])
            await until(lambda: not there.lifecycle.conversation.queries.open)
        assert there.lifecycle.conversation.line.bad == 1, "not at each reading"
        assert there.value("ch1/color") is None
        there.set("ch1/color", "green")
        await until(lambda: there.simulator.values["/ch/01/config/color"] == 2)
        await until(lambda: there.value("ch1/color") == "green")


async def test_strangers_are_not_heard_however_loud(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        target = there.simulator.clients[0]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
            for _ in range(10_000):
                stranger.sendto(encode("/ch/01/mix/fader", 0.123), target)
        there.simulator.move("/ch/02/mix/fader", 0.9)
        await until(lambda: there.value("ch2/fader") == pytest.approx(0.9, abs=0.001))
        assert there.value("ch1/fader") != pytest.approx(0.123, abs=0.001)
        assert there.lifecycle.conversation.line.bad == 0


async def test_ten_thousand_bad_datagrams_in_a_second_do_not_stop_the_faders(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        for _ in range(100):
            for _ in range(100):
                console_says(there, b"\xff" * 8)
            await asyncio.sleep(0)
        there.set("ch1/fader", 0.9)
        await until(lambda: there.stands("/ch/01/mix/fader", 0.9))
        await until(lambda: there.lifecycle.conversation.line.bad == 10_000)
        assert there.value("status") == "online"


async def test_a_move_that_did_not_arrive_for_seconds_is_let_go(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        there.simulator.power(on=False)
        there.set("ch1/mute", value=True)
        lived = there.lifecycle.conversation.clock.time  # stands still while a busy machine gives us no time
        made = lived()
        await until(lambda: lived() - made > STALE_SECONDS + 0.2)
        there.simulator.power(on=True)
        await until(lambda: there.value("ch1/mute") is False and not there.pending)
        assert there.simulator.values["/ch/01/mix/on"] == 1


async def test_another_hands_bit_of_a_mask_is_not_overwritten(tmp_path: Path) -> None:
    async with joined(tmp_path, strip_rate=2.0) as there:
        there.set("ch1/fader", 0.3)
        there.set("ch1/mutegroup/1", value=True)
        there.simulator.move("/ch/01/grp/mute", 0b100)
        await until(lambda: there.simulator.values["/ch/01/grp/mute"] == 0b101)
        await until(lambda: there.value("ch1/mutegroup/1") is True and there.value("ch1/mutegroup/3") is True)


async def test_a_new_routing_is_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with joined(tmp_path, "x32") as there:
        pushed: list[str] = []
        monkeypatch.setattr(there.lifecycle, "pushed", pushed.append)
        there.lifecycle.conversation.receive("/config/routing/IN/1-8", (1,))
        assert pushed == ["/config/routing/IN/1-8"]


async def test_a_network_that_is_away_for_a_moment_says_nothing_of_client_slots(tmp_path: Path) -> None:
    async with joined(tmp_path) as there:
        slots = Slots(there.lifecycle.conversation, "no.such.console.invalid", 10024, 0.1)
        assert await slots.notified()
        assert there.value("status") == "online"
