"""Layers are kept by a person's name, shared by the crew, and neither lost nor half changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from remote_mixer.desk.refusal import Code, Refusal
from remote_mixer.people.caller import Caller
from remote_mixer.people.layers import MOST_OWN, MOST_SHARED, Layers
from tests.people.admissions import House
from tests.support.waiting import until

ANNE, BEN, HOST = Caller("engineer", name="Anne"), Caller("engineer", name="Ben"), Caller("host")
ROW: list[Any] = ["foh/ch1", {"separator": "DAW"}, "daw/track1"]


@pytest.fixture
def layers(house: House) -> Layers:
    return Layers(house.store, house.admission)


def names(layers: Layers, caller: Caller) -> list[str]:
    return [layer.name for layer in layers.of(caller)]


async def refused(work: Any) -> tuple[Code, str]:
    with pytest.raises(Refusal) as found:
        await work
    return found.value.code, found.value.text


async def test_a_layer_is_kept_as_it_was_made_and_is_there_after_a_restart(house: House, layers: Layers) -> None:
    made = await layers.make(ANNE, {"name": " Drums  and bass ", "items": ROW})
    assert made.as_json() == {
        "id": made.id,
        "name": "Drums and bass",
        "shared": False,
        "roles": [],
        "rev": 1,
        "items": ROW,
    }
    assert Layers(house.store, house.restart()).of(ANNE) == [made]


async def test_the_same_name_has_the_same_layers_on_any_device_and_others_have_their_own(layers: Layers) -> None:
    await layers.make(ANNE, {"name": "Drums", "items": ROW})
    await layers.make(HOST, {"name": "Desk", "items": ROW})
    assert names(layers, Caller("engineer", name="anne", person="another device")) == ["Drums"]
    assert (names(layers, BEN), names(layers, HOST)) == ([], ["Desk"])


async def test_a_shared_layer_is_seen_by_guests_and_by_the_roles_that_have_it_and_changed_by_the_crew(
    layers: Layers,
) -> None:
    made = await layers.make(ANNE, {"name": "Stage", "items": ROW, "shared": True})
    musician, guest = Caller("musician", "foh/bus1", "Mia"), Caller("guest", name="Gus")
    assert [names(layers, one) for one in (ANNE, BEN, HOST, guest, musician)] == [*[["Stage"]] * 4, []]
    await layers.change(BEN, made.id, {"roles": ["musician"], "rev": 1})
    assert names(layers, musician) == ["Stage"]
    assert (await layers.change(BEN, made.id, {"shared": False})).roles == ""
    assert [names(layers, one) for one in (ANNE, BEN, guest, musician)] == [[], ["Stage"], [], []]


async def test_who_changes_an_older_version_is_refused_and_the_newer_one_stays(layers: Layers) -> None:
    made = await layers.make(ANNE, {"name": "Stage", "items": ROW, "shared": True})
    await layers.change(BEN, made.id, {"items": ["foh/ch2"], "rev": 1})
    code, text = await refused(layers.change(ANNE, made.id, {"items": ["foh/ch3"], "rev": 1}))
    assert (code, "open it again" in text) == (Code.CHANGED, True)
    assert layers.of(ANNE)[0].items == ["foh/ch2"]


async def test_of_two_changes_at_one_moment_the_second_is_refused(layers: Layers) -> None:
    made = await layers.make(ANNE, {"name": "Stage", "items": ROW, "shared": True})
    forms = [{"items": [f"foh/ch{number}"], "rev": 1} for number in (2, 3)]
    results = await asyncio.gather(*(layers.change(ANNE, made.id, form) for form in forms), return_exceptions=True)
    assert [isinstance(result, Refusal) for result in results] == [False, True]


async def test_a_disk_that_refuses_changes_nothing(house: House, layers: Layers) -> None:
    made = await layers.make(ANNE, {"name": "Drums", "items": ROW})
    house.store.is_full = True
    for work in (
        layers.make(ANNE, {"name": "Brass", "items": ROW}),
        layers.change(ANNE, made.id, {"name": "Other"}),
        layers.delete(ANNE, made.id),
    ):
        assert (await refused(work))[0] is Code.NOT_KEPT
    assert layers.of(ANNE) == [made]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"name": "", "items": ROW}, "1 to 24 characters"),
        ({"name": "x" * 25, "items": ROW}, "1 to 24 characters"),
        ({"name": "Drums", "items": None}, "a list of at most 192"),
        ({"name": "Drums", "items": []}, "this one would have 0"),
        ({"name": "Drums", "items": [{"separator": ""}]}, "this one would have 0"),
        ({"name": "Drums", "items": [f"foh/ch{n}" for n in range(129)]}, "this one would have 129"),
        ({"name": "Drums", "items": ["foh/ch1", "foh/ch1"]}, "foh/ch1 would stand in this layer twice"),
        ({"name": "Drums", "items": ["foh/ch1/fader"]}, "Each item is a strip"),
        ({"name": "Drums", "items": ["foh"]}, "Each item is a strip"),
        ({"name": "Drums", "items": [f"foh/{'x' * 61}"]}, "Each item is a strip"),
        ({"name": "Drums", "items": ["= x/y"]}, "Each item is a strip"),
        ({"name": "Drums", "items": ["foh/ch1\nfoh/ch2"]}, "Each item is a strip"),
        ({"name": "Drums", "items": [3]}, "Each item is a strip"),
        ({"name": "Drums", "items": ["foh/ch1", {"separator": "x" * 25}]}, "at most 24 characters"),
        ({"name": "Drums", "items": ROW, "shared": "yes"}, "true or false"),
        ({"name": "Drums", "items": ROW, "roles": ["musician"]}, "Share a layer first"),
        ({"name": "Drums", "items": ROW, "shared": True, "roles": ["drummer"]}, "list of host, engineer"),
    ],
)
async def test_a_layer_that_does_not_fit_is_refused_with_what_would(layers: Layers, form: Any, text: str) -> None:
    code, said = await refused(layers.make(ANNE, form))
    assert (code, text in said) == (Code.BAD_VALUE, True), said
    assert layers.of(ANNE) == []


@pytest.mark.parametrize("form", [{"items": ROW}, {"name": "Drums"}])
async def test_what_is_no_whole_layer_is_refused_with_what_is_missing(layers: Layers, form: Any) -> None:
    code, text = await refused(layers.make(ANNE, form))
    assert (code, "is missing" in text) == (Code.BAD_FRAME, True)


async def test_a_name_stands_once_among_ones_own_and_once_among_the_shared(layers: Layers) -> None:
    await layers.make(ANNE, {"name": "Drums", "items": ROW})
    shared = await layers.make(ANNE, {"name": "Drums", "items": ROW, "shared": True})
    assert (
        "You have a layer called “drums” already"
        in (await refused(layers.make(ANNE, {"name": "drums", "items": ROW})))[1]
    )
    text = (await refused(layers.make(BEN, {"name": "Drums", "items": ROW, "shared": True})))[1]
    assert "The crew shares a layer called “Drums” already" in text
    assert "You have a layer" in (await refused(layers.change(ANNE, shared.id, {"shared": False})))[1]
    assert (await layers.change(BEN, shared.id, {"shared": False})).owner == "ben"


async def test_there_are_so_many_layers_and_no_more(layers: Layers) -> None:
    for number in range(MOST_OWN):
        await layers.make(ANNE, {"name": f"Mine {number}", "items": ROW})
    assert (await refused(layers.make(ANNE, {"name": "More", "items": ROW})))[0] is Code.TOO_MANY
    for number in range(MOST_SHARED):
        await layers.make(ANNE, {"name": f"Ours {number}", "items": ROW, "shared": True})
    code, text = await refused(layers.make(BEN, {"name": "More", "items": ROW, "shared": True}))
    assert (code, "delete one first" in text) == (Code.TOO_MANY, True)
    await layers.make(BEN, {"name": "More", "items": ROW})


async def test_layers_follow_their_person_to_another_name_and_over_a_restart(house: House, layers: Layers) -> None:
    person, _ = await house.admission.enter_by_pin("Anne", house.pin, "192.168.1.20")
    made = await layers.make(replace(ANNE, person=person.id), {"name": "Drums", "items": ROW})
    saving = asyncio.create_task(layers.tend())
    await house.admission.change(person.id, name="Anne B.")
    assert (names(layers, ANNE), names(layers, Caller("engineer", name="Anne B."))) == ([], ["Drums"])
    await until(lambda: not Layers(house.store, house.admission).of(ANNE))
    saving.cancel()
    with suppress(asyncio.CancelledError):
        await saving
    await layers.change(Caller("engineer", name="Anne B."), made.id, {"name": "Kit"})


async def test_layers_stay_with_a_name_that_somebody_still_has(house: House, layers: Layers) -> None:
    phone, tablet = [(await house.admission.enter_by_pin("Anne", house.pin, "192.168.1.20"))[0] for _ in range(2)]
    await layers.make(ANNE, {"name": "Drums", "items": ROW})
    await house.admission.change(phone.id, name="Anne’s phone")
    assert names(layers, ANNE) == ["Drums"]
    await house.admission.remove(tablet.id)
    assert names(layers, ANNE) == ["Drums"]
