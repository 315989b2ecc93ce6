"""For each driver whose line can lose a message: a way to lose one, and a hand at the console's own controls."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, cast

from remote_mixer.desk.params import Choice, Param, Position, Toggle, Value
from remote_mixer.drivers.mackie import Mackie
from tests.drivers.far_ends import ArdourEnd, MackieEnd, MidiEnd, SimulatedEnd
from tests.drivers.test_every_driver import ANNE, Joined
from tests.support.daw_tracks import PAN_SIDE
from tests.support.virtual import Datagram, loop
from tests.support.waiting import until

STRIP = "ch1"
"""A strip that every far end has, and that stands in the window of those that have one."""
PROMPT = ("fader", "mute", "solo")


class Losses(ABC):
    """A driver and its far end, without any loss but those that a test asks for.

    pushes         whether the console can be asked, and so what it said and was lost can be found
    push_seconds   longest time in which a lost push of a fader, mute or solo is repaired
    beyond_repair  locals whose lost order is not repaired, with the reason
    insists        whether a move also arrives when message after message is lost
    ends           locals whose hand lets go of them by a message of its own
    lost           messages lost so far
    """

    pushes = True
    insists = True
    push_seconds = 1.0
    beyond_repair: Mapping[str, str] = {}
    ends: Sequence[str] = ()

    def __init__(self, joined: Joined) -> None:
        self.joined = joined
        self.lost = 0

    def kinds(self) -> list[str]:
        """Return the locals of one param of each kind that the strip has and a hand can set."""
        kinds: dict[str, str] = {}
        for path in self.joined.settable():
            local = path.removeprefix(f"band/{STRIP}/")
            if local not in {path, "link", *self.beyond_repair}:
                kinds.setdefault(re.sub(r"\d+", "#", local), local)
        return list(kinds.values())

    def param(self, local: str) -> Param:
        return self.joined.desk.param(f"band/{STRIP}/{local}")

    def value(self, local: str) -> Value:
        return self.joined.desk.values[f"band/{STRIP}/{local}"]

    def another(self, local: str) -> Value:
        """Return a value that a param does not have now."""
        param, stands = self.param(local), self.value(local)
        if isinstance(param, Toggle):
            return not stands
        if isinstance(param, Choice):
            return next(choice for choice in param.choices if choice != stands)
        if isinstance(param, Position):
            return param.check(0.25 if float(stands or 0.0) > 0.5 else 0.75)
        return "Lost" if isinstance(stands, str) else float(stands or 0) + 1

    def set(self, local: str, value: Value) -> None:
        self.joined.desk.set({f"band/{STRIP}/{local}": value}, ANNE)

    def is_right(self, local: str, value: Value) -> bool:
        """Return whether console and page have a value, and nothing of it is under way."""
        shown = self.param(local).same(self.value(local), value)
        return shown and self.stands(local, value) and f"band/{STRIP}/{local}" not in self.joined.guard.under_way[1]

    def agrees(self, local: str, value: Value) -> bool:
        """Return whether console and page have the same value, the one wanted where the driver insists."""
        return self.is_right(local, value if self.insists else self.value(local))

    async def ready(self) -> None:  # noqa: B027 - only a window has to be where it was
        """Wait until the strip is in sight."""

    @abstractmethod
    def lose_order(self, local: str) -> None:
        """Lose the next message that sets a param."""

    def lose_push(self, local: str) -> None:
        """Lose the next message by which the console tells of a param."""
        raise NotImplementedError

    def lose_end(self, local: str) -> None:
        """Lose the next message by which a hand lets go of a param."""
        raise NotImplementedError

    def is_held(self) -> bool:
        """Return whether the console takes any param for held."""
        raise NotImplementedError

    @abstractmethod
    def lose_share(self, share: float) -> None:
        """Lose a share of all messages, both ways."""

    def move(self, local: str, value: Value) -> None:
        """Move a param by a hand at the console."""
        raise NotImplementedError

    @abstractmethod
    def stands(self, local: str, value: Value) -> bool:
        """Return whether the console itself has a value."""

    def _once(self, fits: Callable[..., bool], times: int = 1) -> Callable[..., bool]:
        """Return a function that tells whether a message is lost: the first one that fits, or the first few."""
        end = self.lost + times

        def loses(*message: Any) -> bool:
            if self.lost == end or not fits(*message):
                return False
            self.lost += 1
            return True

        return loses


def share_of(share: float) -> Callable[..., bool]:
    """Return a function that loses a share of all messages, always the same ones."""
    chance = Random(11)
    return lambda *_: chance.random() < share


class SimulatedLosses(Losses):
    def __init__(self, joined: Joined) -> None:
        super().__init__(joined)
        assert isinstance(joined.far_end, SimulatedEnd)
        self._simulator = joined.far_end.simulator
        lifecycle = joined.far_end.driver._lifecycle
        assert lifecycle
        self._leaves = lifecycle.conversation.addresses.by_path

    def _lose(self, local: str, *, told: bool) -> None:
        address = self._leaves[f"{STRIP}/{local}"].address

        def fits(datagram: Datagram) -> bool:
            bare = len(datagram.data) <= len(address) + 8  # a question
            return datagram.address == address and (datagram.source == self._simulator.address) is told and not bare

        loop().loses = self._once(fits)

    def lose_order(self, local: str) -> None:
        self._lose(local, told=False)

    def lose_push(self, local: str) -> None:
        self._lose(local, told=True)

    def lose_share(self, share: float) -> None:
        loop().loses = share_of(share)

    def move(self, local: str, value: Value) -> None:
        leaf = self._leaves[f"{STRIP}/{local}"]
        argument = leaf.encoding.encode(value, self._simulator.values[leaf.address])
        assert argument is not None
        self._simulator.move(leaf.address, argument)

    def stands(self, local: str, value: Value) -> bool:
        leaf = self._leaves[f"{STRIP}/{local}"]
        return leaf.encoding.param.same(leaf.encoding.read(self._simulator.values[leaf.address]), value)


class ArdourLosses(Losses):
    WORDS: Mapping[str, str] = {"rec": "recenable", "pan": "pan_stereo_position"}

    def __init__(self, joined: Joined) -> None:
        super().__init__(joined)
        assert isinstance(joined.far_end, ArdourEnd)
        self._far, self._driver = joined.far_end.far, joined.far_end.ardour

    def _leaf(self, local: str) -> Any:
        assert self._driver._session
        return self._driver._session._addresses.by_path[f"{STRIP}/{local}"]

    def lose_order(self, local: str) -> None:
        leaf = self._leaf(local)
        address, _ = leaf.order(leaf.encoding.encode(self.another(local)))
        self._far.loses = self._once(lambda which, given: which == address and given)

    def lose_push(self, local: str) -> None:
        """Ardour tells of no send: what is moved there is found by asking."""
        if local.startswith("send/"):
            self.lost += 1
        else:
            self._far.loses = self._once(lambda which, _: which == f"/strip/{self.WORDS.get(local, local)}")

    def lose_told(self, local: str, times: int) -> None:
        """Lose the next few messages that tell of a param, be they pushes, answers or, for a send, questions."""
        told = "/strip/sends" if local.startswith("send/") else f"/strip/{self.WORDS.get(local, local)}"
        self._far.loses = self._once(lambda which, given: given and which in {told, f"{told}/1"}, times)

    def lose_share(self, share: float) -> None:
        loop().loses = share_of(share)

    def move(self, local: str, value: Value) -> None:
        argument = float(self._leaf(local).encoding.encode(value))
        if local.startswith("send/"):
            send = self._far.named("Kick").sends[0]
            setattr(send, "level" if local.endswith("level") else "enabled", argument)
        else:
            self._far.move("Kick", self.WORDS.get(local, local), argument)

    def stands(self, local: str, value: Value) -> bool:
        kick = self._far.named("Kick")
        send = kick.sends[0]
        there = {"send/bus1/level": send.level, "send/bus1/mute": send.enabled}
        argument = there.get(local, kick.values.get(self.WORDS.get(local, local), 0.0))
        return abs(float(self._leaf(local).encoding.encode(value)) - argument) < 1e-5


class MackieLosses(Losses):
    """A DAW tells a change once and cannot be asked: what was lost is found when its window is painted anew.

    A key that was pressed three times without a light is let go: the page shows what its light says then.
    """

    push_seconds = 10.0
    insists = False
    beyond_repair: Mapping[str, str] = {"select": "a DAW may refuse it: the page goes back to what its light says"}
    NOTES: Mapping[str, int] = {"rec": 0x00, "solo": 0x08, "mute": 0x10, "select": 0x18}
    ORDERS: Mapping[str, bytes] = {"fader": b"\xe0", "pan": b"\xb0\x10"} | {
        local: bytes((0x90, note, 0x7F)) for local, note in NOTES.items()
    }
    PUSHES: Mapping[str, bytes] = {"fader": b"\xe0", "pan": b"\xb0\x30"} | {
        local: bytes((0x90, note)) for local, note in NOTES.items()
    }
    ENDS: Mapping[str, bytes] = {"fader": b"\x90\x68\x00"} | {
        local: bytes((0x90, note, 0x00)) for local, note in NOTES.items()
    }
    ends = tuple(ENDS)

    def __init__(self, joined: Joined) -> None:
        super().__init__(joined)
        assert isinstance(joined.far_end, MackieEnd)
        self._daw, self._links = joined.far_end.daw, joined.far_end.links
        session = cast("Mackie", joined.far_end.driver)._session
        assert session
        self._looks = session._looks

    async def ready(self) -> None:
        await until(lambda: self._daw.first == 0 and not self._looks.sweeping)

    def lose_order(self, local: str) -> None:
        self._links.loses = self._once(lambda message: message.startswith(self.ORDERS[local]))

    def lose_push(self, local: str) -> None:
        self._links.hides = self._once(lambda message: message.startswith(self.PUSHES[local]))

    def lose_end(self, local: str) -> None:
        release = self.ENDS[local]
        self._links.loses = self._once(lambda message: message == release)

    def is_held(self) -> bool:
        return bool(self._daw.touched or self._daw._held or self._daw.lit.get("shift"))

    def lose_share(self, share: float) -> None:
        self._links.loses = self._links.hides = share_of(share)

    def move(self, local: str, value: Value) -> None:
        track = self._daw.tracks[0]
        if local == "select":
            self._daw.selected = track if value else None
        else:
            setattr(track, local, self._in_daw(local, value))
        self._daw.show()

    def _in_daw(self, local: str, value: Value) -> int | bool:
        if local == "fader":
            return round(float(value or 0) * 1023) << 4
        return round(float(value or 0) * 2 * PAN_SIDE) - PAN_SIDE if local == "pan" else bool(value)

    def stands(self, local: str, value: Value) -> bool:
        track = self._daw.tracks[0]
        if local == "select":
            return (self._daw.selected is track) is value
        if local == "fader":
            return track.fader >> 4 == self._in_daw(local, value) >> 4
        return bool(getattr(track, local) == self._in_daw(local, value))


class MidiLosses(Losses):
    """Gear that cannot be asked: what it said and was lost stays unknown until it speaks again."""

    pushes = False
    beyond_repair: Mapping[str, str] = {
        "mute": "a momentary button: its second press would undo the first",
        "name": "kept in the map",
        "color": "kept in the map",
    }

    def __init__(self, joined: Joined) -> None:
        super().__init__(joined)
        assert isinstance(joined.far_end, MidiEnd)
        self._gear = joined.far_end.gear

    def lose_order(self, local: str) -> None:
        self._gear.loses = self._once(lambda: True)

    def lose_share(self, share: float) -> None:
        self._gear.loses = share_of(share)

    def stands(self, local: str, value: Value) -> bool:
        position = float(value or 0)
        return {
            "fader": self._gear.nrpn.get((1, 1024)) == round(position * 16000),
            "pan": self._gear.cc.get((2, 10), 0) * 128 + self._gear.cc.get((2, 42), 0) == round(position * 16383),
            "send/bus1/level": self._gear.cc.get((2, 40)) == 127 - round(position * 127),
        }[local]


LOSSES: Mapping[str, type[Losses]] = {
    "ardour": ArdourLosses,
    "mackie": MackieLosses,
    "midi": MidiLosses,
    "x32": SimulatedLosses,
    "xair": SimulatedLosses,
}
