"""Every hand passes one door, and the door knows whose it is."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from remote_mixer.desk.actions import Action
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.layout import Layout, Strip
from remote_mixer.desk.params import Choice, Position, Text, Toggle, Value
from remote_mixer.desk.policy import ASK, GUEST, HOST, LOOK, MUSICIAN, Ceiling, Grant, Policy, Rail
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.sources import CLIENT, Source, console
from remote_mixer.desk.tapers import FADER, PAN

FADERS = {"fader": Position("fader", 0.75), "mute": Toggle(), "name": Text(20)}
SEND = {
    "level": Position("fader"),
    "mute": Toggle(),
    "pan": Position("pan", 0.5),
    "tap": Choice(("pre", "post"), "post"),
}
CHANNEL = {**FADERS, **{f"send/bus{bus}/{local}": param for bus in (1, 2) for local, param in SEND.items()}}
STRIPS = (
    Strip("ch1", "channel", 1, "Ch 1", CHANNEL),
    Strip("bus1", "bus", 1, "Mix 1", FADERS),
    Strip("bus2", "bus", 2, "Mix 2", FADERS),
    Strip("main", "main", None, "Main", FADERS),
)
VALUE: dict[str, Value] = {"fader": 0.4, "mute": True, "name": "Ann", "level": 0.4, "pan": 0.4, "tap": "pre"}
PATHS = [f"band/{strip.id}/{local}" for strip in STRIPS for local in strip.params]
OF_MIX_2 = {
    "band/ch1/send/bus2/level",
    "band/ch1/send/bus2/mute",
    "band/ch1/send/bus2/pan",
    "band/bus2/fader",
    "band/bus2/mute",
}


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    desk = Desk(clock)
    actions = (Action("recall", "Recall"), Action("learn", "Learn", setup=True))
    layout = Layout("band", "Band", "demo", {"fader": FADER, "pan": PAN}, {}, STRIPS, actions=actions)
    desk.add(layout, {})
    desk.set({"band/status": "online"}, console("band"))
    return desk


def hand(role: str, mix: str = "") -> Source:
    return Source(CLIENT, role, role.title(), role, mix)


def refusal(desk: Desk, path: str, value: Value, source: Source) -> str:
    """Return the code of the refusal, "" for none."""
    try:
        desk.set({path: value}, source)
    except Refusal as fault:
        return fault.code.word
    return ""


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", [HOST, "engineer", MUSICIAN, GUEST, "nobody", ""])
def test_each_role_may_set_what_is_its_own_and_nothing_else(desk: Desk, role: str, path: str) -> None:
    may = role in (HOST, "engineer") or (role == MUSICIAN and path in OF_MIX_2)
    assert refusal(desk, path, VALUE[path.rpartition("/")[2]], hand(role, "band/bus2")) == ("" if may else "forbidden")


@pytest.mark.parametrize("mix", ["", "band", "band/", "band/main", "else/bus2", "band/ch1", "/bus2", "band/bus2/fader"])
def test_a_musician_with_a_mix_that_is_none_can_set_no_send(desk: Desk, mix: str) -> None:
    assert {refusal(desk, path, VALUE[path.rpartition("/")[2]], hand(MUSICIAN, mix)) for path in OF_MIX_2} == {
        "forbidden"
    }


def test_of_a_call_with_one_path_that_is_forbidden_nothing_is_done(desk: Desk) -> None:
    with pytest.raises(Refusal):
        desk.set({"band/bus2/fader": 0.1, "band/main/fader": 0.1}, hand(MUSICIAN, "band/bus2"))
    assert desk.values["band/bus2/fader"] == 0.75


@pytest.mark.parametrize("granted", [ASK, LOOK])
def test_what_the_host_does_not_grant_is_refused(desk: Desk, granted: str) -> None:
    desk.rights.policy = Policy(grants={"band/bus2": {MUSICIAN: Grant(sends=granted)}})
    assert refusal(desk, "band/ch1/send/bus2/level", 0.4, hand(MUSICIAN, "band/bus2")) == "forbidden"
    assert refusal(desk, "band/bus2/fader", 0.4, hand(MUSICIAN, "band/bus2")) == ""
    path = "band/ch1/send/bus2/level"
    assert desk.rights.may(path, desk.param(path), hand(MUSICIAN, "band/bus2")) == granted


def test_a_guest_may_ask_where_the_host_grants_it(desk: Desk) -> None:
    desk.rights.policy = Policy(grants={"band/bus2": {GUEST: Grant(sends=ASK, fader=LOOK, mute=LOOK)}})
    path = "band/ch1/send/bus2/level"
    assert desk.rights.may(path, desk.param(path), hand(GUEST, "band/bus2")) == ASK


def test_a_musician_goes_no_higher_than_the_ceiling_and_an_engineer_does(desk: Desk) -> None:
    desk.rights.policy = Policy(ceilings={"band/bus2": Ceiling(send_db=0, bus_db=-10)})
    musician = hand(MUSICIAN, "band/bus2")
    assert refusal(desk, "band/ch1/send/bus2/level", 0.75, musician) == ""
    assert refusal(desk, "band/ch1/send/bus2/level", 0.76, musician) == "limit"
    assert refusal(desk, "band/bus2/fader", 0.5, musician) == ""
    assert refusal(desk, "band/bus2/fader", 0.51, musician) == "limit"
    assert refusal(desk, "band/bus2/fader", 0.51, hand("engineer")) == ""


def test_down_from_above_the_ceiling_is_free(desk: Desk) -> None:
    desk.set({"band/ch1/send/bus2/level": 1.0}, hand(HOST))
    assert refusal(desk, "band/ch1/send/bus2/level", 0.95, hand(MUSICIAN, "band/bus2")) == ""


def test_a_rail_limits_the_level_for_the_roles_it_names(desk: Desk) -> None:
    desk.rights.policy = Policy(rails=(Rail("*/main/fader", ("engineer",), most_db=0.0),))
    assert refusal(desk, "band/main/fader", 0.8, hand("engineer")) == "limit"
    assert refusal(desk, "band/main/fader", 0.8, hand(HOST)) == ""


def test_main_that_may_only_be_muted_is_not_unmuted(desk: Desk) -> None:
    desk.rights.policy = Policy(rails=(Rail("*/main/mute", ("engineer",), only_mute=True),))
    assert refusal(desk, "band/main/mute", True, hand("engineer")) == ""
    assert refusal(desk, "band/main/mute", False, hand("engineer")) == "forbidden"
    assert refusal(desk, "band/main/mute", False, hand(HOST)) == ""


def test_a_rise_is_limited_by_the_second(desk: Desk, clock: Clock) -> None:
    desk.set({"band/main/fader": FADER.to_position(-40)}, hand(HOST))
    desk.rights.policy = Policy(rails=(Rail("*/main/fader", ("engineer",), rise_db=12),))
    engineer = hand("engineer")
    assert refusal(desk, "band/main/fader", FADER.to_position(-20), engineer) == "limit"
    assert refusal(desk, "band/main/fader", FADER.to_position(-29), engineer) == ""
    assert refusal(desk, "band/main/fader", FADER.to_position(-28), engineer) == "limit"
    clock.now += 0.5
    assert refusal(desk, "band/main/fader", FADER.to_position(-23.5), engineer) == ""
    assert refusal(desk, "band/main/fader", 0.0, engineer) == ""


def test_small_steps_rise_no_faster_than_big_ones(desk: Desk, clock: Clock) -> None:
    desk.set({"band/main/fader": FADER.to_position(-40)}, hand(HOST))
    desk.rights.policy = Policy(rails=(Rail("*/main/fader", ("engineer",), rise_db=12),))
    for _ in range(300):
        clock.now += 0.01
        level = FADER.to_unit(float(desk.values["band/main/fader"] or 0))
        refusal(desk, "band/main/fader", FADER.to_position(level + 0.5), hand("engineer"))
    assert FADER.to_unit(float(desk.values["band/main/fader"] or 0)) <= -40 + 12 * 4


def test_a_musician_cannot_hold_what_they_cannot_move(desk: Desk) -> None:
    for take in (False, True):
        with pytest.raises(Refusal, match="not part of your mix"):
            desk.hold("band/main/fader", hand(MUSICIAN, "band/bus2"), take=take)
    assert desk.held() == {}


def test_a_musician_takes_nothing_out_of_an_engineers_hand_but_an_engineer_may(desk: Desk) -> None:
    desk.hold("band/bus2/fader", hand("engineer"))
    with pytest.raises(Refusal) as fault:
        desk.hold("band/bus2/fader", hand(MUSICIAN, "band/bus2"), take=True)
    assert fault.value.code.word == "forbidden"
    desk.release("band/bus2/fader", hand("engineer"))
    desk.hold("band/bus2/fader", hand(MUSICIAN, "band/bus2"))
    desk.hold("band/bus2/fader", hand("engineer"), take=True)
    assert desk.held() == {"band/bus2/fader": "engineer"}


@pytest.mark.parametrize(
    ("role", "action", "may"),
    [
        (HOST, "learn", True),
        ("engineer", "learn", False),
        ("engineer", "recall", True),
        (MUSICIAN, "recall", False),
        (GUEST, "recall", False),
    ],
)
def test_setup_is_the_hosts_and_scenes_are_the_crews(desk: Desk, role: str, action: str, may: bool) -> None:
    refused = nullcontext() if may else pytest.raises(Refusal, match=r"Only the|setup")
    with refused:
        desk.rights.check_act("band", action, hand(role, "band/bus2"))


def test_a_console_moves_its_own_faders_whatever_the_rights(desk: Desk) -> None:
    desk.rights.policy = Policy(rails=(Rail("*", ("host", "engineer", "musician", "guest"), most_db=-60.0),))
    desk.set({"band/main/fader": 1.0}, console("band"))
    assert desk.values["band/main/fader"] == 1.0


def test_a_policy_survives_its_travel() -> None:
    policy = Policy(
        {"band/bus2": {MUSICIAN: Grant(fader=ASK)}},
        {"band/bus2": Ceiling(0.0, None)},
        (Rail("*/mute", ("engineer",), only_mute=True),),
    )
    assert Policy.of_json(policy.as_json()) == policy


@pytest.mark.parametrize(
    "form",
    [
        None,
        [],
        {"grants": []},
        {"grants": {"m": []}},
        {"grants": {"m": {"host": {}}}},
        {"grants": {"m": {"guest": {"sends": "all"}}}},
        {"ceilings": {"m": {"send_db": "loud"}}},
        {"ceilings": {"m": {"send_db": float("nan")}}},
        {"rails": {}},
        {"rails": [{}]},
        {"rails": [{"paths": "*", "roles": ["king"]}]},
        {"rails": [{"paths": "*", "roles": "host"}]},
        {"more": 1},
        {"rails": [{"paths": "*", "roles": ["host"], "rise_db": 0}]},
        {"rails": [{"paths": "*", "roles": ["host"], "only_mute": 1}]},
    ],
)
def test_a_policy_that_is_none_is_refused_with_a_sentence(form: object) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        Policy.of_json(form)
