"""Recalls, fades and ways back on every driver, up to the console itself; some of their networks lose messages."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile

from remote_mixer.desk.change import Cause, Change
from remote_mixer.desk.history import Standing
from remote_mixer.desk.layout import ONLINE
from remote_mixer.desk.moves import Span
from remote_mixer.desk.params import Choice, Value
from remote_mixer.desk.recall import plan
from remote_mixer.desk.scenes import capture
from remote_mixer.desk.sections import USUAL_SECTIONS, section_of
from remote_mixer.desk.stages import Stage, at_once, faded, rising_gently
from remote_mixer.drivers.base import Setup
from remote_mixer.drivers.behringer.driver import Behringer
from remote_mixer.drivers.builtin.driver import Builtin
from remote_mixer.hub.arrivals import OTHER_TEXT, UNCONFIRMED_TEXT
from remote_mixer.hub.glides import Order, Work
from remote_mixer.hub.mover import Mover
from tests.drivers.far_ends import FAR_ENDS, BuiltinEnd, SimulatedEnd
from tests.drivers.test_every_driver import ANNE, Joined, living
from tests.engine.bare_mixer import steady
from tests.engine.running import recorded
from tests.support.waiting import until

LOW, HIGH = 0.25, 0.75
FADE_SECONDS = 0.5
SLOW_SECONDS = 3.0
WITHOUT_HANDS = {"builtin", "mackie"}
"""Consoles at which nobody moves a fader, or whose DAW does not tell it of a fader that its surface touches."""
SELDOM = {"mqtt", "mqtts"}
"""Consoles that tell ten values a second: a hand there has to move the fader until one of them is its own."""
LINKED_SECONDS = 1.0
HALF_WAY = 0.35
HANDS = (-0.3, -0.02, 0.1)
VALUES = 400
SOUND_SECONDS = 0.3
HEARD_SECONDS = 2.0
CLICK = 0.0005
"""Least step from sample to sample that is no fade's: the engine takes 5 ms for a jump, which has steps of 0.0015."""


class Recalling:
    """A driver's desk, with what carries out recalls on it."""

    def __init__(self, joined: Joined) -> None:
        self.desk, self.joined, self.fader = joined.desk, joined, joined.far_end.fader
        self.mover = Mover(joined.desk, asyncio.get_running_loop().time, lambda _: joined.guard.under_way)
        self.changes: list[Value] = []
        joined.desk.change_listeners.append(self._changed)

    def _changed(self, change: Change) -> None:
        if change.cause is Cause.RECALL and self.fader in change.after:
            self.changes.append(change.after[self.fader])

    def plan(self, values: Mapping[str, Value]) -> dict[str, Span]:
        return plan(values, Standing(self.desk), ANNE).values()

    async def carry_out(self, stages: list[Stage], cause: Cause = Cause.RECALL, seconds: float = 0.0) -> Work:
        """Carry out stages to their end."""
        order = Order(stages, ANNE, cause, seconds, soft=False) if seconds else Order(stages, ANNE, cause)
        work = self.mover.start(order)
        await until(lambda: work.over)
        return work

    async def at_the_console(self, position: float) -> None:
        """Wait until the console's own fader stands at a position, and nothing of it is in doubt."""
        await until(lambda: self.joined.far_end.stands(self.fader, self.desk.param(self.fader).check(position)))
        await until(lambda: self.fader not in self.joined.guard.under_way[1])

    async def put(self, position: float) -> None:
        """Move the fader as a hand does."""
        self.desk.set({self.fader: position}, ANNE)
        await self.at_the_console(position)

    def none_of_its_own(self, position: float) -> float:
        """Return a position near this one where no step of a fade was."""
        param = self.desk.param(self.fader)
        while any(param.same(position, step) for step in self.changes):
            position -= 1 / 1023
        return param.check(position)  # type: ignore[return-value] # a position's


@pytest.mark.parametrize("word", FAR_ENDS)
async def test_a_fader_is_recalled_brought_back_and_faded_at_the_console_itself(word: str, tmp_path: Path) -> None:
    async with living(word, tmp_path) as joined:
        await joined.come_to_rest()
        on = Recalling(joined)
        await on.put(LOW)
        scene = {on.fader: capture(on.desk).values[on.fader]}
        await on.put(HIGH)
        spans = on.plan(scene)
        assert list(spans) == [on.fader]
        work = await on.carry_out(at_once(spans, on.desk))
        assert not work.lost
        await on.at_the_console(LOW)
        back = {path: (after, before) for path, (before, after) in work.values.items()}
        await on.carry_out(rising_gently(back, on.desk), Cause.UNDO)
        await on.at_the_console(HIGH)
        on.changes.clear()
        assert not (await on.carry_out(faded(on.plan(scene), on.desk, lambda _: True), seconds=FADE_SECONDS)).lost
        await on.at_the_console(LOW)
        assert len(on.changes) > 3, "it glides"
        assert on.changes == sorted(on.changes, key=lambda position: -float(position or 0)), "and never jumps back"


@pytest.mark.parametrize("word", sorted(FAR_ENDS.keys() - WITHOUT_HANDS))
async def test_one_move_at_the_console_ends_the_fade_of_its_fader_for_good(word: str, tmp_path: Path) -> None:
    """Far away or a little back, and whatever step of the fade is on its way to the console just then."""
    async with living(word, tmp_path, calm=True) as joined:
        await joined.come_to_rest()
        on = Recalling(joined)
        for number, moved in enumerate(HANDS * 3):
            await on.put(LOW)
            on.changes.clear()
            work = on.mover.start(Order([Stage({}, {on.fader: HIGH})], ANNE, Cause.RECALL, SLOW_SECONDS, soft=False))
            await until(lambda: joined.value() > HALF_WAY)
            for _ in range(number):
                await asyncio.sleep(0.0017)
            position = on.none_of_its_own(joined.value() + moved)
            joined.far_end.hand(position)
            await until(lambda: work.over or (word in SELDOM and joined.far_end.hand(position)))  # type: ignore[func-returns-value]  # noqa: B023 - as above
            assert list(work.lost) == [on.fader], f"{moved} at try {number}"
            await on.at_the_console(position)
            joined.desk.set({"band/main/fader": number / 100}, ANNE)
            await until(lambda: not joined.guard.under_way[1])
            await on.at_the_console(position)
            assert joined.far_end.stands(on.fader, position), "what was on its way has come to the console by now"
            assert on.desk.param(on.fader).same(on.desk.values[on.fader], position)


@pytest.mark.parametrize("word", ["x32", "xair"])
async def test_a_linked_strip_fades_beside_its_partner_whose_steps_are_no_hand_on_it(word: str, tmp_path: Path) -> None:
    async with living(word, tmp_path, calm=True) as joined:
        await joined.come_to_rest()
        on, other = Recalling(joined), "band/ch2/fader"
        joined.desk.set({"band/ch1/link": True}, ANNE)
        await until(lambda: joined.desk.values["band/ch2/link"] is True)
        await on.put(LOW)
        await until(lambda: on.desk.param(other).same(joined.desk.values[other], on.desk.values[on.fader]))
        assert not (await on.carry_out([Stage({}, {on.fader: HIGH, other: HIGH})], seconds=LINKED_SECONDS)).lost
        await on.at_the_console(HIGH)
        assert wrong(joined, {on.fader: HIGH, other: HIGH}) == []


@pytest.mark.parametrize("stages_of", [at_once, lambda spans, desk: faded(spans, desk, lambda _: True)])
@pytest.mark.parametrize("word", ["x32", "xair"])
async def test_at_five_percent_loss_a_recall_is_right_to_the_last_value_at_the_console(
    word: str, stages_of: Callable[..., list[Stage]], tmp_path: Path
) -> None:
    async with living(word, tmp_path) as joined:
        await joined.come_online()
        on, chance = Recalling(joined), random.Random(word)
        scene = await some_other(on, chance)
        spans = on.plan(scene)
        assert len(spans) > VALUES * 0.9
        work = await on.carry_out(stages_of(spans, on.desk), seconds=FADE_SECONDS if stages_of is not at_once else 0.0)
        assert not work.lost
        await until(lambda: wrong(joined, scene) == [])
        assert on.desk.values["band/status"] == ONLINE


@pytest.mark.parametrize("word", ["x32", "xair"])
async def test_a_recall_in_the_middle_of_a_rereading_is_right_to_the_last_value(word: str, tmp_path: Path) -> None:
    """All is being asked for again, as after a gap of the link: no answer from before sets anything back."""
    async with living(word, tmp_path) as joined:
        await joined.come_online()
        on, chance, driver = Recalling(joined), random.Random(word), joined.far_end.driver
        assert isinstance(driver, Behringer)
        assert driver._lifecycle
        asked = driver._lifecycle.conversation
        scene = await some_other(on, chance)
        asked.ask(asked.addresses.all())
        assert asked.busy
        work = await on.carry_out(at_once(on.plan(scene), on.desk))
        assert not work.lost
        await until(lambda: wrong(joined, scene) == [] and not asked.busy)
        params = {path: on.desk.param(path) for path in scene}
        await until(lambda: all(params[path].same(on.desk.values[path], value) for path, value in scene.items()))


@pytest.mark.parametrize("stages_of", [at_once, lambda spans, desk: faded(spans, desk, lambda _: True)])
@pytest.mark.parametrize("word", ["ardour", "mackie", "x32", "xair"])
async def test_a_recall_names_what_the_console_itself_did_not_take(
    word: str, stages_of: Callable[..., list[Stage]], tmp_path: Path
) -> None:
    async with living(word, tmp_path) as joined:
        await joined.come_to_rest()
        on = Recalling(joined)
        await on.put(HIGH)
        await until(lambda: joined.far_end.driver.confirms(on.fader))  # of a DAW, once its first echo has come
        joined.far_end.deafen(deaf=True)
        stages = stages_of(on.plan({on.fader: on.desk.param(on.fader).check(LOW)}), on.desk)
        work = await on.carry_out(stages, seconds=FADE_SECONDS if stages_of is not at_once else 0.0)
        joined.far_end.deafen(deaf=False)
        assert list(work.lost) == [on.fader]
        assert work.lost[on.fader] in (OTHER_TEXT, UNCONFIRMED_TEXT)


async def test_a_fade_out_and_in_is_heard_without_a_click_in_the_engines_recorded_main(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A steady sound: each step from sample to sample is the fade's own. It goes out, is muted, and comes in again."""
    monkeypatch.setenv("REMOTE_MIXER_OUTPUT", "clock")
    stems, main = tmp_path / "steady", tmp_path / "main.wav"
    stems.mkdir()
    soundfile.write(stems / "01 Steady.wav", steady(0.5), 48_000)
    end = BuiltinEnd(tmp_path)
    end.driver = end.builtin = Builtin(Setup("band", str(stems), tmp_path, record=main))
    joined, mute = Joined(end), "band/ch1/mute"
    living_on = asyncio.create_task(joined.guard.live())
    await joined.come_online()
    on = Recalling(joined)
    joined.desk.set({on.fader: HIGH, "band/main/fader": HIGH}, ANNE)
    await asyncio.sleep(SOUND_SECONDS)
    for scene in ({on.fader: LOW, mute: True}, {on.fader: HIGH, mute: False}):
        assert not (await on.carry_out(faded(on.plan(scene), on.desk, lambda _: True), seconds=HEARD_SECONDS)).lost
        await asyncio.sleep(SOUND_SECONDS)
    living_on.cancel()
    await asyncio.wait({living_on})
    sound = recorded(main)[:, 0]
    last = len(sound) - int(sound[::-1].argmax())
    loud = sound[int((sound == sound.max()).argmax()) : last]  # without the hand's rise before it
    assert loud.max() == pytest.approx(0.5 * 0.7071, abs=0.01)
    assert (loud == 0).sum() > SOUND_SECONDS * 24_000, "it was out in between"
    assert np.abs(np.diff(loud)).max() < CLICK


async def some_other(on: Recalling, chance: random.Random) -> dict[str, Value]:
    """Return other values of some of a console's params, once it has been read."""
    await until(lambda: len(_usual(on)) > VALUES)
    return {path: other(on, path, chance) for path in chance.sample(sorted(_usual(on)), VALUES)}


def _usual(on: Recalling) -> list[str]:
    """Return the paths of known values that scenes usually recall."""
    return [
        path
        for path, value in capture(on.desk).values.items()
        if section_of(path) in USUAL_SECTIONS - {"other", "groups"} and on.desk.is_known(path)
        if not path.endswith("/tap") and value is not None  # one address for two sends
    ]


def other(on: Recalling, path: str, chance: random.Random) -> Value:
    """Return another value of a param."""
    param, value = on.desk.param(path), on.desk.values[path]
    if isinstance(value, bool):
        return not value
    if isinstance(param, Choice):
        return next(choice for choice in param.choices if choice != value)
    return param.check((float(value or 0) + chance.uniform(0.2, 0.8)) % 1.0) if param.kind == "position" else value


def wrong(joined: Joined, scene: Mapping[str, Value]) -> list[str]:
    """Return the paths whose value at the console itself is another one."""
    end, driver = joined.far_end, joined.far_end.driver
    assert isinstance(end, SimulatedEnd)
    assert isinstance(driver, Behringer)
    assert driver._lifecycle
    leaves = driver._lifecycle.conversation.addresses.by_path
    found = []
    for path, value in scene.items():
        leaf = leaves[path.removeprefix("band/")]
        if not leaf.encoding.param.same(value, leaf.encoding.read(end.simulator.values[leaf.address])):
            found.append(path)
    return found
