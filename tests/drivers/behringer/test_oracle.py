"""The console's own lines of text against our tables: lines of real desks, and a console whose firmware differs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from remote_mixer.desk.params import Text
from remote_mixer.drivers.behringer import laws, x32
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.encodings import Bit, Encoding, Selection, Switch, Travel, Whole
from remote_mixer.drivers.behringer.osc import Argument
from remote_mixer.drivers.behringer.texts import agrees, names_of, number, printed
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.joined import Joined, joined
from tests.support.virtual import loop, play
from tests.support.waiting import until

LINES = """
/ch/01/config "Name" 1 CY 1
/ch/01/config "Name" 2 YEi 1
/ch/01/delay OFF   0.3
/ch/01/preamp +0.0 OFF ON 24 136
/ch/04/preamp +0.0 ON ON 12 101
/ch/01/gate OFF EXP4 -38.5 27.0 20  100  576 0
/ch/01/gate ON EXP2 -52.5 44.5 0  142  101 0
/ch/04/gate ON EXP3 -32.0 49.5 6 5.02  412 0
/ch/05/gate ON GATE -40.5 15.5 7 11.2  471 0
/ch/01/dyn ON COMP RMS LIN -23.0 2.0 1 8.00 74 0.03  576 POST 0 100 OFF
/ch/02/dyn ON COMP RMS LOG -27.5 5.0 2 2.00 3 1.42  141 POST 0 100 OFF
/ch/03/dyn ON COMP PEAK LOG -27.5 2.5 1 0.50 28 20.0  211 POST 0 100 OFF
/ch/01/eq/1 VEQ 232.3 -6.00 4.3
/ch/01/eq/4 HCut 11k91 +0.00 2.0
/ch/02/eq/2 PEQ 295.8 -8.75  10
/ch/11/eq/1 LShv 164.4 -3.25 2.0
/ch/01/mix ON  +0.2 ON +0 OFF   -oo
/ch/12/mix ON  -2.3 ON +74 OFF   -oo
/ch/01/mix/01 ON  -0.8 +0 PRE
/ch/01/mix/02 ON -10.5
/ch/05/mix/01 OFF  -3.4 -40 PRE 0
/ch/01/grp %00000001 %000001
/auxin/01/preamp +8.8 OFF
/auxin/01/eq/1 LCut 91.4 -9.50 1.3
/bus/01/mix OFF   0.0 OFF +0 OFF -81.0
/bus/01/eq/6 HCut 20k00 -0.50 2.0
/mtx/01/preamp OFF
/mtx/01/dyn OFF COMP RMS LOG 0.0 3.0 1 0.00 10 10.0  151 POST 100 OFF
/mtx/01/mix ON -16.8
/main/st/mix ON  -9.9 +0
/main/m/mix ON -16.8
/main/st/insert ON PRE FX8L
/dca/1 OFF  -2.2
/dca/1/config "Name" 43 CY
""".strip().splitlines()
"""As real desks print them, firmware 2 and 4; names taken out."""


FINER = "/ch/05/mix/01/level"
"""Firmware 4 has −3.4 dB in a send: 161 steps, as documented, have −3.25 and −3.5. The law is the same."""


def arguments(encoding: Encoding, text: str) -> Iterator[Argument]:
    """Yield the arguments that a console may mean by a text: the places of a knob next to it, each of a few names."""
    match encoding:
        case Travel(param=param):
            last = (param.steps or 2) - 1
            place = round(laws.TAPERS[param.taper].to_position(number(text)[0]) * last)
            places = ((place + step) / last for step in (-1, 0, 1) if 0 <= place + step <= last)
            yield from (1 - place if encoding.flipped else place for place in places)
        case Selection() | Switch():
            yield from range(16)
        case Bit() | Whole():
            yield from range(256)
        case _:
            yield text


@pytest.mark.parametrize("line", LINES)
def test_every_text_of_a_real_desk_stands_on_our_grids_and_in_our_orders(line: str) -> None:
    leaves, texts = AddressBook(x32.FAMILY), printed(line, x32.FAMILY.forms)
    assert texts, "a line whose form is known"
    for address, text in texts.items():
        if (leaf := leaves.leaf(address)) and address != FINER:
            assert any(agrees(leaf.encoding, one, text) for one in arguments(leaf.encoding, text)), f"{address}: {text}"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("1k39", (1390, 10)),
        ("20k00", (20000, 10)),
        ("94.6", (94.6, 0.1)),
        ("-oo", (float("-inf"), 0)),
        ("+74", (74, 1)),
    ],
)
def test_a_number_is_read_with_the_worth_of_its_last_digit(text: str, means: tuple[float, float]) -> None:
    assert number(text) == pytest.approx(means)


def test_a_node_of_another_form_says_nothing() -> None:
    assert printed("/config/chlink ON OFF", x32.FAMILY.forms) == {}
    assert printed("", x32.FAMILY.forms) == {}
    assert not names_of("/fx/1/par", x32.FAMILY.forms)


class Newer(Simulator):
    """A console of a firmware that has its EQ types in another order than our tables."""

    def __init__(self) -> None:
        super().__init__("x32", clock=loop().time)
        text = self.console.text
        swapped = {" PEQ ": " VEQ ", " VEQ ": " PEQ "}

        def newer(path: str) -> str | None:
            line = text(path)
            word = next((word for word in swapped if line and word in line), None)
            return line.replace(word, swapped[word]) if line and word else line

        self.console.text = newer  # type: ignore[method-assign]  # the firmware that differs


def shown(there: Joined, path: str) -> object:
    return dict(there.desk.layouts["band"].paths())[f"band/{path}"]


def test_an_order_that_differs_is_shown_read_only_in_the_consoles_words_and_named(tmp_path: Path) -> None:
    async def story() -> None:
        console = Newer()
        async with joined(tmp_path, "x32", simulator=console, probe_seconds=1e6) as there:
            await asyncio.sleep(3)
            assert there.value("ch5/eq/2/type") == "VEQ"
            assert shown(there, "ch5/eq/2/type") == Text(24, read_only=True)
            assert "/eq/1/type 2 is VEQ" in str(there.value("diagnostics"))
            assert not isinstance(shown(there, "ch5/eq/2/gain"), Text), "only what differs"
            console.move("/ch/05/eq/2/type", 3)
            await until(lambda: there.value("ch5/eq/2/type") == "PEQ", 2)

    play(story)


def test_a_console_as_our_tables_have_it_differs_in_nothing_while_its_faders_move_and_datagrams_are_lost(
    tmp_path: Path,
) -> None:
    async def story() -> None:
        console = Simulator("x32", clock=loop().time)
        riding = asyncio.create_task(ride(console))
        loop().loses = lambda datagram: len(loop().sent) % 20 == 0
        async with joined(tmp_path, "x32", simulator=console, probe_seconds=1e6) as there:
            assert there.lifecycle._oracle.differing == {}
            assert not there.lifecycle._oracle._waiting
        riding.cancel()

    play(story)


async def ride(console: Simulator) -> None:
    """Move the faders of all channels all the time."""
    step = 0
    while True:
        await asyncio.sleep(0.02)
        step += 1
        for channel in range(1, 33):
            console.move(f"/ch/{channel:02}/mix/fader", (step * 7 + channel * 13) % 1024 / 1023)
