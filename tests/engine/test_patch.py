"""Patch: what a person joins stays joined, what is away is waited for, and what is taken apart stays apart."""

from __future__ import annotations

from remote_mixer.engine.patch import Pair, Patch

IN: Pair = ("in 1", "card:1")
OUT: Pair = ("main left", "card:2")
CARD = {"card:1", "card:2"}


def begun(*pairs: Pair) -> Patch:
    patch = Patch()
    patch.begin(pairs)
    patch.to_join((), CARD)
    patch.to_join(pairs, CARD)
    return patch


def test_what_is_usual_is_joined_at_the_start_and_when_the_port_comes() -> None:
    patch = Patch()
    patch.begin((IN, OUT))
    assert patch.to_join((), {"card:1"}) == [IN]
    assert patch.to_join({IN}, {"card:1"}) == []
    assert patch.to_join({IN}, CARD) == [OUT]


def test_what_a_person_takes_apart_stays_apart_at_once_and_on_the_next_server() -> None:
    patch = begun(IN, OUT)
    assert patch.to_join({OUT}, CARD) == []
    patch.begin((IN, OUT))
    assert patch.to_join((), CARD) == [OUT]


def test_what_is_taken_apart_before_the_first_look_stays_apart() -> None:
    patch = Patch()
    patch.begin((IN, OUT))
    assert patch.to_join((), CARD) == [IN, OUT]
    assert patch.to_join({OUT}, CARD) == []


def test_what_a_person_joins_is_joined_again_when_its_port_is_back() -> None:
    patch, other = begun(OUT), ("mix 1", "other:ears")
    assert patch.to_join({OUT, other}, {*CARD, "other:ears"}) == []
    assert patch.to_join({OUT}, CARD) == []
    assert patch.to_join({OUT}, {*CARD, "other:ears"}) == [other]


def test_what_could_not_be_joined_is_tried_at_each_look_until_it_can() -> None:
    patch = Patch()
    patch.begin((IN, OUT))
    for _ in range(3):
        assert IN in patch.to_join({OUT}, CARD)
        patch.refused(IN)
    assert patch.to_join({OUT}, CARD) == [IN]
    assert patch.to_join({OUT}, CARD) == [], "that time it was joined, and then taken apart by a person"


def test_the_next_server_has_what_the_last_one_had() -> None:
    patch = begun(IN, OUT)
    patch.begin(())
    assert patch.to_join((), {"card:1"}) == [IN]
    assert patch.to_join({IN}, CARD) == [OUT]


def test_what_is_chosen_takes_the_place_of_what_is_usual_and_is_waited_for() -> None:
    patch = Patch({"in 1": ["synth:out"]})
    patch.begin((IN, OUT))
    assert patch.to_join((), CARD) == [OUT]
    assert patch.to_join({OUT}, CARD | {"synth:out"}) == [("in 1", "synth:out")]
    assert patch.joins("in 1") == ["synth:out"]
    assert patch.to_join({OUT}, CARD) == [], "it has gone"
    assert patch.to_join({OUT}, CARD | {"synth:out"}) == [("in 1", "synth:out")]


def test_a_choice_may_be_nothing_and_the_usual_comes_back_by_choice() -> None:
    patch = begun(IN, OUT)
    patch.choose({"main left": []})
    assert patch.to_join({IN}, CARD) == []
    assert (patch.joins("main left"), patch.joins("in 1")) == ([], None)
    patch.choose({"main left": None})
    assert patch.to_join({IN}, CARD) == [OUT]
    assert patch.joins("main left") is None
