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
from remote_mixer.drivers.behringer.texts import agrees, names_of, number, printed
from remote_mixer.drivers.osc import Argument
from remote_mixer.simulator.simulator import Simulator
from tests.drivers.behringer.desk_lines import LINES
from tests.drivers.behringer.joined import Joined, joined
from tests.support.virtual import loop, play
from tests.support.waiting import until

KNOWN = [line for line in LINES if names_of(line.split()[0], x32.FAMILY.forms)]

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


def test_most_lines_of_real_desks_have_a_known_form() -> None:
    assert len(KNOWN) > 30


@pytest.mark.parametrize("line", KNOWN)
def test_every_text_of_a_real_desk_stands_on_our_grids_and_in_our_orders(line: str) -> None:
    leaves, texts = AddressBook(x32.FAMILY), printed(line, x32.FAMILY.forms)
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
