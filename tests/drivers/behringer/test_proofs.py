"""Proofs of the rows: other people's clients, and lines that desks printed, beside the published descriptions."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest

from remote_mixer.desk.params import Position
from remote_mixer.drivers.behringer import laws, x32, xair
from remote_mixer.drivers.behringer.address_book import AddressBook
from remote_mixer.drivers.behringer.family import Family
from remote_mixer.drivers.behringer.table import Group, Proof
from remote_mixer.drivers.behringer.texts import names_of
from remote_mixer.drivers.osc import node_of
from remote_mixer.simulator.console import Console
from remote_mixer.simulator.tapers import read_number
from tests.drivers.behringer import clients, other_tables
from tests.drivers.behringer.desk_lines import LINES, XAIR_LINES
from tests.support.program import run

BETWEEN = "/ch/05/mix/01 OFF  -3.4 -40 PRE 0"
"""A desk of firmware 4 printed a send between two of the 161 steps: which steps that firmware has, nobody says."""
NO_LINES = {
    *(f"/mtx/{n:02}/preamp" for n in range(1, 7)),
    *(f"/-show/showfile/scene/{n:03}" for n in range(100)),
    "/-stat/solosw",
    "/-stat/talk",
    "/-show/prepos",
    "/-prefs",
}
"""Nodes of ours that are in none of x32scene's lines; of a matrix's polarity a desk printed one."""
FAMILIES = {"X32": x32.FAMILY, "XR18": xair.FAMILY}
DESKS = {"X32": LINES, "XR18": XAIR_LINES}


def rows(group: Group) -> Iterator[tuple[str, set[str], Proof]]:
    """Yield each row's path, its addresses at all strips of the kind, and its proofs."""
    for row in group.rows:
        yield row.local, {f"{group.root.format(n=n)}/{row.address}" for n in group.numbers}, row.proofs
    for more in group.more:
        yield more.local, {more.address(n) for n in group.numbers}, more.proofs


def differing(family: Family, proof: Proof, proven: set[str]) -> dict[str, bool]:
    """Return the rows that claim a proof without reason, or have it and do not say so: path → claimed."""
    return {
        f"{group.id}/{local}": proof in proofs
        for group in family.groups
        for local, addresses, proofs in rows(group)
        if bool(addresses & proven) != (proof in proofs)
    }


@pytest.mark.parametrize("word", FAMILIES)
def test_a_row_names_clients_where_one_of_them_has_its_address_and_nowhere_else(word: str) -> None:
    assert differing(FAMILIES[word], Proof.CLIENT, clients.addresses(word)) == {}


def test_another_program_has_the_values_of_each_line_of_an_x32_in_the_same_order() -> None:
    compared = set()
    for node, addresses in Console("x32", "Front").model.nodes.items():
        if theirs := other_tables.line(node):
            assert tuple(address.removeprefix(f"{node}/") for address in addresses) == theirs, node
            ours = names_of(node, x32.FAMILY.nodes)
            assert ours[: len(theirs)] == theirs[: len(ours)], node
            compared.add(node)
    assert {node_of(leaf.address) for leaf in x32.FAMILY.leaves()} - compared == NO_LINES


def test_another_program_has_the_same_solo_switches_of_an_x_airs_strips() -> None:
    ours = {address for group in xair.FAMILY.groups for address in solo_switches(group)}
    assert ours == {address for address in other_tables.companion_xair() if "solosw" in address}


def solo_switches(group: Group) -> set[str]:
    return set().union(*(addresses for local, addresses, _ in rows(group) if local == "solo"))


@pytest.mark.parametrize(("model", "number", "key"), other_tables.KEYS)
def test_another_program_has_the_same_sources_of_a_key(model: str, number: int, key: str) -> None:
    leaf = AddressBook(FAMILIES[model]).leaf("/ch/15/gate/keysrc")
    assert leaf
    assert leaf.encoding.read(number) == key


@pytest.mark.parametrize("decibels", other_tables.FADERS)
def test_another_program_sets_a_fader_to_the_level_that_is_shown_here(decibels: int) -> None:
    shown = laws.TAPERS["fader"].to_unit(other_tables.FADERS[decibels])
    assert shown == pytest.approx(decibels, abs=0.08)


def printed(word: str) -> Iterator[tuple[str, str]]:
    """Yield (address, token) of all that the desks' lines hold; the order is that of the simulator's nodes."""
    nodes = Console(word.lower(), "Front").model.nodes
    for line in DESKS[word]:
        node, *tokens = shlex.split(line)
        yield from zip(nodes[node], tokens, strict=False)


def alike(address: str) -> str:
    """Return an address without its numbers: a desk prints all strips, sends and bands of a kind alike."""
    return re.sub(r"\d", "N", address)


@pytest.mark.parametrize("word", FAMILIES)
def test_a_row_names_desks_where_a_line_holds_it_or_its_solo_switch_was_tried_and_nowhere_else(word: str) -> None:
    """The solo switches of an X Air were tried on an MR18."""
    family, lines = FAMILIES[word], {alike(address) for address, _ in printed(word)}
    proven = {leaf.address for leaf in family.leaves() if alike(leaf.address) in lines}
    if word == "XR18":
        proven = proven.union(*map(solo_switches, family.groups))
    assert differing(family, Proof.DESK, proven) == {}


@pytest.mark.parametrize("word", FAMILIES)
def test_the_driver_reads_from_a_line_what_the_desk_printed(word: str) -> None:
    addresses, console, compared = AddressBook(FAMILIES[word]), Console(word.lower(), "Front"), 0
    if word == "X32":
        addresses.take("/-ha/00/index", 17)
    for line in DESKS[word]:
        console.set_text(line)
        node, *tokens = shlex.split(line)
        for address, token in zip(console.model.nodes[node], tokens, strict=False):
            leaf = addresses.leaf(address)
            if leaf and isinstance(leaf.encoding.param, Position) and token != "-oo":
                position = leaf.encoding.read(console.values[address])
                assert isinstance(position, float)
                unit = laws.TAPERS[leaf.encoding.param.taper].to_unit(position)
                assert unit == pytest.approx(read_number(token), rel=0.008, abs=0.13 if line == BETWEEN else 0.06), (
                    address,
                    token,
                )
                compared += 1
    assert compared > 60


def test_the_commands_list_has_a_line_for_each_row_with_its_proofs() -> None:
    for family in FAMILIES.values():
        ended = run("console", "rows", family.word)
        assert (ended.returncode, ended.stderr) == (0, "")
        head, *lines = ended.stdout.splitlines()
        assert head.split() == ["PARAM", "ADDRESS", "DOCUMENT", "EMULATOR", "CLIENT", "DESK"]
        assert f"{len(list(family.rows()))} rows for {family.title}" in ended.stdout
        marks = {line.split()[0]: line.split()[-4:] for line in lines if line.startswith("chN/")}
        assert marks["chN/fader"] == ["yes", "yes" if family is x32.FAMILY else "-", "yes", "yes"]
        assert marks["chN/solo"] == (["yes", "yes", "yes", "-"] if family is x32.FAMILY else ["yes", "-", "yes", "yes"])


def test_the_list_is_of_a_family_that_is_known() -> None:
    assert run("console", "rows", "wing").returncode == 2
