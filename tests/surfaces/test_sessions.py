"""A thousand random sessions of a surface, a page, a console and a bank: no motor fights a finger, and none lies."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest

from remote_mixer.desk.change import Change
from remote_mixer.desk.policy import Policy, Rail
from remote_mixer.desk.refusal import Refusal
from tests.support.budget import examples
from tests.surfaces.little_surface import TOP
from tests.surfaces.stage import ANNE, BAND, Stage

SESSIONS, ACTS = 1000, 40
WITHOUT_TOUCH = 100
STEP = 1 / TOP
POLICY = Policy(
    rails=(Rail("band/ch2/fader", ("engineer",), most_db=0.0), Rail("band/ch3/*", ("engineer",), rise_db=6))
)
LIMITED = ("band/ch2/", "band/ch3/")


class Session:
    """One random session on a stage. Every act is a method that begins with `do_`."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.stage = Stage(channels=self.random.choice((4, 12)))
        self.stage.desk.rights.policy = POLICY
        self.fingers: dict[int, list[int]] = {}
        self.leaps: list[str] = []
        self.lost: list[str] = []
        self.shared: set[int] = set()
        self.travel: dict[str, float] = {}
        self.stage.desk.change_listeners.append(self._changed)

    def _changed(self, change: Change) -> None:
        """Hold each change by the surface's faders against the travel of the finger that made it."""
        if change.source.id != self.stage.source.id:
            return
        for path, after in change.after.items():
            before = change.before[path]
            if not isinstance(after, float) or not isinstance(before, float) or path not in self.travel:
                continue
            if abs(after - before) > self.travel[path] + 2 * STEP:
                self.leaps.append(f"{path} {before} → {after} by a travel of {self.travel[path]}")

    def path_of(self, fader: int) -> str:
        return self.stage.surface.faders[fader].path

    # Acts

    def do_touch(self) -> None:
        fader = self.random.randrange(9)
        if fader not in self.fingers:
            self.stage.little.touch(fader)
            path = self.path_of(fader)
            if others := [other for other in self.fingers if self.path_of(other) == path]:
                self.shared |= {fader, *others}  # of two fingers on one param one is refused
            self.fingers[fader] = []
            self.travel.pop(path, None)

    def do_move(self) -> None:
        for fader in list(self.fingers):
            path, motor = self.path_of(fader), self.stage.little.motors[fader]
            for _ in range(self.random.randint(1, 4)):
                to = min(TOP, max(0, motor.at + self.random.randint(-120, 120)))
                self.travel[path] = self.travel.get(path, 0.0) + abs(to - motor.at) * STEP
                self._move_one(fader, path, to)
                if self.stage.value_of(path) is not None and "ch3" not in path:
                    self.travel[path] = 0.0  # all of it has arrived, or was refused

    do_move_more = do_move_again = do_move

    def _move_one(self, fader: int, path: str, to: int) -> None:
        """Move a fader once; what its finger may move goes with it, all the way."""
        motor, before, is_first = self.stage.little.motors[fader], self.stage.value_of(path), not self.fingers[fader]
        wanted = (before or 0.0) + (to - motor.at) * STEP
        self.stage.little.move(fader, to)
        self.fingers[fader].append(to)
        after, holder = self.stage.value_of(path), self.stage.desk.holder(path)
        is_free = path in self.stage.desk.values and fader not in self.shared and not path.startswith(LIMITED)
        if holder != self.stage.source.id or is_first or not is_free or {before, after} & {0.0, 1.0}:
            return
        if after is None or abs(after - wanted) > 2 * STEP:
            self.lost.append(f"{path} went from {before} to {after}, not to {wanted}")

    def do_lift(self) -> None:
        if self.fingers:
            fader = self.random.choice(list(self.fingers))
            self.stage.little.lift(fader)
            self.travel.pop(self.path_of(fader), None)
            del self.fingers[fader]
            self.shared.discard(fader)

    def do_page(self) -> None:
        with suppress(Refusal):
            self.stage.set(f"ch{self.random.randint(1, 4)}/fader", self.random.random())

    def do_page_takes_over(self) -> None:
        path = f"band/ch{self.random.randint(1, 4)}/fader"
        with suppress(Refusal):
            self.stage.desk.hold(path, ANNE, take=True)

    def do_page_lets_go(self) -> None:
        for path in [path for path, by in self.stage.desk.held().items() if by == ANNE.id]:
            self.stage.desk.release(path, ANNE)

    def do_console(self) -> None:
        path = f"band/ch{self.random.randint(1, 4)}/fader"
        if not self.stage.desk.holder(path):  # a hold on which a console moves is a page's matter as well
            self.stage.desk.set({path: self.random.random()}, BAND)

    def do_lose_console(self) -> None:
        if self.random.random() < 0.3:
            self.stage.offline()

    def do_find_console(self) -> None:
        self.stage.online()

    def do_press(self) -> None:
        self.stage.little.press(self.random.choice((0x2E, 0x2F, 0x30, 0x31, 0x32, 0x33, 0x29, 0x3E, 0x3F)))

    def do_push_without_touch(self) -> None:
        fader = self.random.randrange(9)
        if fader not in self.fingers:
            self.stage.little.move(fader, self.random.randint(0, TOP))

    def do_wait(self) -> None:
        self.stage.wait(self.random.choice((0.02, 0.04, 0.1, 0.3, 0.6)))

    do_wait_more = do_wait

    # The whole of it

    def run(self) -> None:
        acts = [name for name in dir(self) if name.startswith("do_")]
        for _ in range(ACTS):
            getattr(self, self.random.choice(acts))()
        for fader in list(self.fingers):
            self.stage.little.lift(fader)
        self.stage.wait(1.5)

    def faults(self) -> list[str]:
        stage = self.stage
        found = [
            f"motor {n} was driven against a finger" for n, motor in enumerate(stage.little.motors) if motor.fought
        ]
        for number, fader in enumerate(stage.surface.faders):
            truth = stage.value_of(fader.path) if fader.path else 0.0
            if truth is not None and abs(stage.place(number) - truth) > 0.51 * STEP:
                found.append(f"fader {number} stands at {stage.place(number)}, {fader.path} at {truth}")
        held = [path for path, by in stage.desk.held().items() if by == stage.source.id]
        return [
            *found,
            *self.leaps,
            *self.lost,
            *(f"{path} is still held" for path in held),
            *map(str, stage.little.odd),
        ]


@pytest.mark.parametrize("part", range(4))
def test_no_motor_moves_under_a_finger_none_lies_at_rest_and_nothing_leaps(part: int) -> None:
    for seed in range(part, SESSIONS, 4):
        session = Session(seed)
        session.run()
        assert session.faults() == [], f"seed {seed}"


class WithoutTouch:
    """One random session of a fader that feels no finger, beside a page."""

    def __init__(self, seed: int) -> None:
        self.random, self.stage = Random(seed), Stage(channels=4, has_touch=False)
        self.motor = self.stage.little.motors[0]
        self.faults: list[str] = []

    def drag(self) -> None:
        """Move the fader as a finger does, without a pause in which it could be taken for lifted."""
        self.motor.stop(self.motor.at)
        self.motor.finger = True
        before = self.stage.value_of("band/ch1/fader") or 0.0
        for _ in range(self.random.randint(2, 8)):
            way = self.random.choice((-1, 1)) * self.random.randint(1, 60)
            to = self.motor.at + (way if 0 <= self.motor.at + way <= TOP else -way)
            travel = abs(to - self.motor.at) * STEP
            self.stage.little.move(0, to)
            after = self.stage.value_of("band/ch1/fader") or 0.0
            if abs(after - before) > travel + 2 * STEP:
                self.faults.append(f"it leapt from {before} to {after} by a travel of {travel}")
            before = after
            self.stage.wait(self.random.choice((0.02, 0.1, 0.2)))
        self.motor.finger = False

    def run(self) -> None:
        for _ in range(12):
            if self.random.random() < 0.5:
                self.drag()
            else:
                with suppress(Refusal):
                    self.stage.set("ch1/fader", self.random.random())
            self.stage.wait(self.random.choice((0.02, 0.1, 0.3, 0.7, 1.5)))
        self.stage.wait(3.0)
        truth = self.stage.value_of("band/ch1/fader") or 0.0
        if self.motor.fought:
            self.faults.append("its motor was driven against a finger")
        if abs(self.stage.place(0) - truth) > 0.51 * STEP:
            self.faults.append(f"it stands at {self.stage.place(0)}, the desk at {truth}")


def test_nor_does_a_fader_that_feels_no_finger() -> None:
    for seed in range(examples(WITHOUT_TOUCH)):
        session = WithoutTouch(seed)
        session.run()
        assert session.faults == [], f"seed {seed}"
