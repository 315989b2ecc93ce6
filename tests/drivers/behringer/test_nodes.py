"""Nodes as queries: what an answer names, and when its form is believed."""

from __future__ import annotations

from remote_mixer.drivers.behringer import x32, xair
from remote_mixer.drivers.behringer.nodes import TRIES, Nodes
from remote_mixer.drivers.osc import Argument

MIX = "/ch/01/mix"
KNOWN: dict[str, Argument] = {f"{MIX}/on": 1, f"{MIX}/fader": 0.75, f"{MIX}/lr": 1, f"{MIX}/pan": 0.5}


def nodes() -> Nodes:
    there = Nodes(xair.FAMILY.nodes, KNOWN)
    there.add(KNOWN)
    return there


def queries(there: Nodes) -> list[str]:
    return list(dict.fromkeys(map(there.query, KNOWN)))


def test_a_form_is_used_once_a_node_has_told_what_is_known() -> None:
    there = nodes()
    assert queries(there) == list(KNOWN)
    assert list(there.tests()) == [MIX]
    assert there.differing(MIX, (1, 0.75, 1, 0.5, 7)) == [], "newer firmware may tell more"
    assert queries(there) == [MIX]
    assert there.below(MIX) == tuple(KNOWN)
    assert not list(there.tests())


def test_an_answer_names_what_differs() -> None:
    there = nodes()
    assert there.differing(MIX, (0, 0.75, 1, 0.25)) == [f"{MIX}/on", f"{MIX}/pan"]


def test_an_answer_that_is_too_short_is_not_believed() -> None:
    there = nodes()
    there.differing(MIX, (1, 0.75))
    assert queries(there) == list(KNOWN)


def test_a_form_in_another_order_is_given_up() -> None:
    there = nodes()
    there.differing(MIX, (1, 0.75, 1, 0.5))
    for _ in range(TRIES + 1):
        assert queries(there) == [MIX]
        there.differing(MIX, (1, 0.5, 1, 0.75))
    assert queries(there) == list(KNOWN)
    there.differing(MIX, (1, 0.75, 1, 0.5))
    assert queries(there) == list(KNOWN), "for good"


def test_a_form_that_is_not_answered_is_tested_a_few_times() -> None:
    there = nodes()
    assert [list(there.tests()) for _ in range(TRIES + 1)] == [[MIX]] * TRIES + [[]]


def test_one_query_looks_at_all_solos_and_at_a_strips_fader_and_mute() -> None:
    there = Nodes(x32.FAMILY.nodes, {})
    there.add(f"/-stat/solosw/{n:02}" for n in range(1, 81))
    assert len(there.below("/-stat/solosw")) == 80
    assert there.below("/dca/8") == ("/dca/8",), "not added"
