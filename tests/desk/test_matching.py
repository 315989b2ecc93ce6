"""Matching of a scene's strips with those of another console: by name, then by number, and as a person corrects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import ONLINE, Layout, Strip
from remote_mixer.desk.matching import Match, matched
from remote_mixer.desk.params import Position, Text, Toggle, Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.scenes import Scope, capture
from remote_mixer.desk.sources import console
from remote_mixer.desk.tapers import FADER, Taper

STRAIGHT = Taper("dB", ((0.0, -60.0), (1.0, 10.0)), off_at_zero=True)
PARAMS = {"fader": Position("fader", 0.75), "mute": Toggle(), "name": Text(32), "send/bus1/level": Position("fader")}


def layout(name: str, channels: int, taper: Taper = FADER) -> Layout:
    strips = [Strip(f"ch{n}", "channel", n, f"Ch {n}", PARAMS) for n in range(1, channels + 1)]
    strips += [Strip("bus1", "bus", 1, "Mix 1", PARAMS), Strip("main", "main", None, "Main", PARAMS)]
    return Layout(name, name.title(), "test", {"fader": taper}, {}, tuple(strips))


def desk_of(*layouts: Layout, **names: str) -> Desk:
    """Return a desk with these consoles online; `names` are of strips of the first one."""
    desk = Desk()
    for one in layouts:
        first = one is layouts[0]
        desk.add(one, {f"{one.name}/{strip}/name": name for strip, name in names.items() if first})
        desk.set({f"{one.name}/status": ONLINE}, console(one.name))
    return desk


def scene(**names: str) -> dict[str, Value]:
    """Return a scene of the console “foh”, which has these strips with these names."""
    values: dict[str, Value] = {}
    for strip, name in names.items():
        values |= {f"foh/{strip}/name": name, f"foh/{strip}/fader": 0.5}
    return values


def test_all_that_stands_here_is_meant_itself() -> None:
    desk = desk_of(layout("foh", 4), ch1="Vox")
    assert matched(scene(ch1="Kick", ch2="Vox"), desk) == Match()


def test_strips_are_matched_by_name_then_by_number_and_only_with_their_own_sort() -> None:
    desk = desk_of(layout("band", 4), ch1="vox  lead", ch3="Kick", bus1="Snare", main="Keys")
    match = matched(scene(ch1="Kick", ch2="Snare", ch3="Vox Lead", ch4="Keys", ch9="Tom", bus1="Anna", main=""), desk)
    assert match.strips == {
        "foh/bus1": "band/bus1",
        "foh/ch1": "band/ch3",
        "foh/ch2": "band/ch2",
        "foh/ch3": "band/ch1",
        "foh/ch4": "band/ch4",
        "foh/ch9": None,
        "foh/main": "band/main",
    }
    assert match.as_json()["foh/ch1"] == {"name": "Kick", "to": "band/ch3"}


def test_values_go_to_the_strips_that_are_meant_and_sends_into_the_bus_that_is() -> None:
    desk = desk_of(layout("band", 2), ch2="Kick")
    desk.add(replace(layout("stage", 1)), {"stage/bus1/name": "Anna"})
    values = scene(ch1="Kick", bus7="") | {
        "foh/ch1/send/bus7/level": 0.4,
        "foh/ch1/send/bus1/level": 0.3,
        "foh/mutegroup/1": True,
    }
    match = matched(values, desk, {"foh/bus7": "band/bus1"})
    found = match.values(values, desk, {})
    assert found["band/ch2/fader"] == 0.5
    assert found["band/ch2/send/bus1/level"] == 0.4
    assert found["foh/mutegroup/1"] is True, "a console's own params are no strips'"
    assert "foh/ch1/fader" not in found


def test_a_send_whose_bus_has_no_match_keeps_its_path_and_goes_nowhere_else() -> None:
    desk = desk_of(layout("band", 2))
    values = scene(ch1="Kick", bus9="Anna") | {"foh/ch1/send/bus9/level": 0.4}
    assert "foh/ch1/send/bus9/level" in matched(values, desk).values(values, desk, {})


def test_a_console_that_a_scene_has_values_of_itself_takes_none_of_another() -> None:
    desk = desk_of(layout("band", 2))
    both = scene(ch2="Kick") | {"band/ch1/fader": 0.3}
    assert matched(both, desk).strips == {"foh/ch2": None}


def test_a_console_that_was_not_read_yet_is_waited_for_and_nothing_of_it_goes_elsewhere() -> None:
    desk = desk_of(layout("band", 2))
    desk.add(Layout("foh", "Foh", "test"), {})
    assert matched(scene(ch1="Kick"), desk) == Match()


def test_of_several_consoles_the_one_whose_names_fit_best_is_meant() -> None:
    desk = desk_of(layout("band", 2), layout("stage", 2))
    desk.set({"stage/ch2/name": "Kick"}, console("stage"))
    assert matched(scene(ch1="Kick"), desk).strips == {"foh/ch1": "stage/ch2"}
    assert matched(scene(ch1="Kick"), desk, {"foh": "band"}).strips == {"foh/ch1": "band/ch1"}


def test_another_console_that_is_here_too_gets_levels_in_its_own_law() -> None:
    desk = desk_of(layout("foh", 2), layout("band", 2, STRAIGHT))
    values: dict[str, Value] = {"foh/ch1/fader": FADER.to_position(-10), "foh/ch1/mute": True}
    found = matched(values, desk, {"foh": "band"}).values(values, desk, {})
    assert found == {"band/ch1/fader": pytest.approx(STRAIGHT.to_position(-10)), "band/ch1/mute": True}


def test_a_console_that_is_gone_gives_levels_by_the_laws_that_were_kept_with_the_scene() -> None:
    there = desk_of(layout("foh", 2, STRAIGHT), ch1="Kick")
    there.set({"foh/ch1/fader": STRAIGHT.to_position(-20)}, console("foh"))
    scene, here = capture(there), desk_of(layout("band", 2), ch2="Kick")
    found = matched(scene.values, here).values(scene.values, here, scene.laws)
    assert found["band/ch2/fader"] == pytest.approx(FADER.to_position(-20), abs=1e-4)


def test_a_person_corrects_leaves_out_and_takes_a_strip_from_another() -> None:
    desk = desk_of(layout("band", 3), ch1="Kick", ch2="Snare")
    values = scene(ch1="Kick", ch2="Snare", ch3="Hats")
    match = matched(values, desk, {"foh/ch1": "band/ch2", "foh/ch3": None})
    assert match.strips == {"foh/ch1": "band/ch2", "foh/ch2": None, "foh/ch3": None}
    found = match.values(values, desk, {})
    assert found["foh/ch2/fader"] == 0.5, "what has lost its strip is named as missing"
    assert not [path for path in found if path.startswith("foh/ch3")], "what is left out is not"


def test_a_scope_follows_its_strips() -> None:
    desk = desk_of(layout("band", 3), ch3="Kick")
    match = matched(scene(ch1="Kick", ch2="Snare"), desk)
    scope = match.scope(Scope(frozenset({"foh"}), frozenset({"foh/ch1"})))
    assert (scope.has("band/ch3/fader"), scope.has("band/ch2/fader")) == (True, False)


@pytest.mark.parametrize(
    "wanted",
    [{"foh/ch1": "band/ch77"}, {"foh/ch1": "band/ch1", "foh/ch2": "band/ch1"}, {"foh": "nowhere"}],
    ids=["no strip", "two to one", "no console"],
)
def test_a_correction_that_cannot_be_is_refused_with_a_sentence(wanted: dict[str, str | None]) -> None:
    with pytest.raises(Refusal) as refused:
        matched(scene(ch1="Kick", ch2="Snare"), desk_of(layout("band", 2)), wanted)
    assert len(refused.value.text) > 20
