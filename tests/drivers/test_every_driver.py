"""The driver contract: what every driver keeps, whatever its console."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.params import Param, Text, Toggle, Value
from remote_mixer.desk.refusal import Refusal
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers import house_layout
from remote_mixer.drivers.base import Driver
from remote_mixer.drivers.guard import Guard
from remote_mixer.drivers.registry import DRIVERS
from tests.drivers.far_ends import FAR_ENDS, FarEnd
from tests.support.waiting import until

ANNE = Source(CLIENT, "anne", "Anne")


class Line:
    """A driver's `send` and `wait` as its guard sees them: notes what is sent, and can be made busy."""

    def __init__(self, driver: Driver) -> None:
        self.sent: list[tuple[str, Value]] = []
        self.busy = False
        self._send, self._wait = driver.send, driver.wait
        driver.send = self._note  # type: ignore[method-assign]  # seen by the guard, which is made after this
        driver.wait = self._seconds  # type: ignore[method-assign]

    def _note(self, path: str, value: Value) -> None:
        self.sent.append((path, value))
        self._send(path, value)

    def _seconds(self, lane: str) -> float:
        return 0.01 if self.busy else self._wait(lane)


class Joined:
    """A driver in its guard, on a desk."""

    def __init__(self, far_end: FarEnd) -> None:
        self.far_end = far_end
        self.line = Line(far_end.driver)
        self.desk = Desk()
        self.readings: list[bytes] = []
        self.pending: frozenset[str] = frozenset()
        self.guard = Guard(far_end.driver, self.desk, self._hear, self._pend)

    def _pend(self, paths: frozenset[str]) -> None:
        self.pending = paths

    def _hear(self, console: str, codes: bytes) -> None:
        self.readings.append(codes)

    def status(self) -> Value:
        return self.desk.values["band/status"]

    def value(self) -> float:
        value = self.desk.values[self.far_end.fader]
        assert isinstance(value, float)
        return value

    async def come_online(self) -> None:
        await until(lambda: self.status() == "online", 30)

    async def come_to_rest(self) -> None:
        """Move the fader to its end, and forget what was noted before nothing was pending."""
        await self.come_online()
        self.desk.release(self.far_end.fader, ANNE)
        self.desk.set({self.far_end.fader: 0.0}, ANNE)
        await until(self._is_at_rest)
        self.line.sent.clear()
        self.readings.clear()

    async def hear(self, path: str) -> None:
        """Ask the console for a value, then for another, and wait for both: no older answer is on its way any more.

        Answers come in the order of the queries; a busy machine makes a driver ask twice for a value, whose second
        answer comes after the first and before that to the query of main.
        """
        for asked in (path, "band/main/fader"):
            self.desk.remember("band", frozenset({asked}))
            if self.far_end.driver.query(asked):
                await until(partial(self.desk.is_known, asked))

    def _is_at_rest(self) -> bool:
        """Whether the fader is at its end; moved again where a lost move was given up, which the page has to show.

        Some far ends lose messages, and a busy machine makes the driver's repair too late to be safe.
        """
        if self.pending:
            return False
        if self.value() != 0.0:
            self.desk.set({self.far_end.fader: 0.0}, ANNE)
        return self.far_end.stands(self.far_end.fader, 0.0)

    def settable(self) -> dict[str, Param]:
        return {path: param for path, param in self.desk.layouts["band"].paths() if not param.read_only}


@asynccontextmanager
async def living(word: str, data: Path, *, calm: bool = False) -> AsyncIterator[Joined]:
    """A driver that is online with its far end; where it is `calm` no message is lost."""
    joined = Joined(FAR_ENDS[word](data))
    if calm:
        joined.far_end.calm()
    await joined.far_end.begin()
    task = asyncio.create_task(joined.guard.live())
    await joined.come_online()
    yield joined
    task.cancel()
    await asyncio.wait({task})
    await joined.far_end.end()


@pytest_asyncio.fixture(scope="module", params=sorted(FAR_ENDS))
async def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Joined]:
    async with living(request.param, tmp_path_factory.mktemp("data")) as joined:
        yield joined


@pytest_asyncio.fixture
async def joined(shared: Joined) -> Joined:
    """A driver at rest; the tests of one driver share it, for an X32 is opened and read in three seconds of work."""
    await shared.come_to_rest()
    return shared


def test_every_driver_has_a_far_end_here() -> None:
    """All but the console of our own, which has no far end."""
    assert FAR_ENDS.keys() == DRIVERS.keys() - {house_layout.WORD}


async def test_a_console_that_opens_has_strips_and_a_value_for_every_param(joined: Joined) -> None:
    layout = joined.desk.layouts["band"]
    assert {strip.kind for strip in layout.strips} >= {"channel", "main"}
    for path, param in layout.paths():
        value = joined.desk.values[path]
        assert value is None or param.check(value) == value


async def test_what_a_hand_sets_reaches_the_console(joined: Joined) -> None:
    joined.desk.set({joined.far_end.fader: 0.5}, ANNE)
    await until(lambda: joined.far_end.stands(joined.far_end.fader, 0.5))


async def test_of_a_thousand_moves_in_one_moment_the_last_one_stands(joined: Joined) -> None:
    for step in range(1000):
        joined.desk.set({joined.far_end.fader: step / 1000}, ANNE)
    await until(lambda: joined.far_end.stands(joined.far_end.fader, 0.999))
    assert len(joined.line.sent) < 100 or not joined.far_end.paced, "the first, and the newest of the others"


async def test_while_the_line_is_busy_a_hundred_moves_wait_as_one_which_is_the_newest(joined: Joined) -> None:
    joined.line.busy = True
    for step in range(100):
        joined.desk.set({joined.far_end.fader: step / 100}, ANNE)
    await asyncio.sleep(0.05)
    assert joined.line.sent == []
    joined.line.busy = False
    await until(lambda: joined.far_end.stands(joined.far_end.fader, joined.value()))
    assert joined.line.sent == [(joined.far_end.fader, joined.value())]


async def test_a_value_never_waits_in_the_driver(joined: Joined) -> None:
    joined.desk.set({joined.far_end.fader: 0.5}, ANNE)
    await until(lambda: joined.far_end.stands(joined.far_end.fader, 0.5))
    for step in range(1, 20):
        joined.far_end.driver.send(joined.far_end.fader, step / 20)
        assert joined.far_end.has_left(step / 20)


async def test_while_a_hands_value_waits_what_the_console_says_of_it_is_out_of_date(joined: Joined) -> None:
    joined.line.busy = True
    joined.desk.set({joined.far_end.fader: 0.5}, ANNE)
    joined.guard.values({joined.far_end.fader: 0.1})
    joined.line.busy = False
    await until(lambda: joined.far_end.stands(joined.far_end.fader, joined.value()))
    assert joined.value() == pytest.approx(0.5, abs=0.001)


async def test_what_waited_when_the_console_went_never_reaches_it(joined: Joined) -> None:
    joined.line.busy = True
    joined.desk.set({joined.far_end.fader: 0.9}, ANNE)
    joined.far_end.cut()
    await until(lambda: joined.status() == "offline")
    joined.line.busy = False
    joined.far_end.bring_back()
    await joined.come_online()
    joined.desk.set({"band/main/fader": 0.5}, ANNE)
    assert [path for path, _ in joined.line.sent] == ["band/main/fader"]


# The truth on every console: DESIGN, "Truth on every console"


async def test_a_hand_on_a_remembered_value_begins_where_the_console_stands(joined: Joined) -> None:
    fader = joined.far_end.fader
    if not joined.far_end.answers:
        assert not joined.far_end.driver.query(fader), "a console that cannot be asked says so"
        return
    joined.desk.set({fader: 0.5}, ANNE)
    await until(lambda: joined.far_end.stands(fader, 0.5))
    await until(lambda: not joined.pending)
    await joined.hear(fader)
    joined.desk.remember("band", frozenset({fader}))
    joined.far_end.move_unseen(0.25)
    joined.line.sent.clear()
    joined.desk.hold(fader, ANNE)
    joined.desk.set({fader: 0.51}, ANNE)
    await until(lambda: joined.desk.is_known(fader))
    assert joined.value() == pytest.approx(0.25, abs=0.011)
    joined.desk.set({fader: 0.53}, ANNE)
    await until(lambda: joined.line.sent and not joined.pending)
    assert joined.value() == pytest.approx(0.27, abs=0.011)
    assert max(float(value or 0) for _, value in joined.line.sent) < 0.3, "nothing leapt"


async def test_a_set_equal_to_a_remembered_or_unknown_value_is_sent_all_the_same(joined: Joined) -> None:
    mute = "band/ch1/mute"
    for believed in ({mute: True}, {mute: None}):
        joined.guard.values(believed)
        joined.desk.remember("band", frozenset({mute}))
        joined.line.sent.clear()
        joined.desk.set({mute: True}, ANNE)
        await until(lambda: (mute, True) in joined.line.sent)


async def test_a_value_that_has_not_arrived_is_pending_until_it_has(joined: Joined) -> None:
    fader = joined.far_end.fader
    joined.desk.set({fader: 0.5}, ANNE)
    await until(lambda: joined.far_end.stands(fader, 0.5))
    await until(lambda: joined.far_end.driver.confirms(fader))  # some have to see one echo first
    await until(lambda: not joined.pending)
    if not joined.far_end.deafen(deaf=True):
        return
    joined.desk.set({fader: 0.75}, ANNE)
    await until(lambda: fader in joined.pending)
    joined.far_end.deafen(deaf=False)
    await until(lambda: not joined.pending)
    assert joined.far_end.stands(fader, 0.75), "and nothing is taken for arrived that has not"


async def test_a_value_that_waits_to_leave_is_pending_also_where_the_console_confirms_nothing(joined: Joined) -> None:
    joined.line.busy = True
    joined.desk.set({joined.far_end.fader: 0.5}, ANNE)
    await until(lambda: joined.far_end.fader in joined.pending)
    joined.line.busy = False
    await until(lambda: not joined.pending)
    assert joined.far_end.stands(joined.far_end.fader, 0.5)


async def test_a_value_that_is_not_understood_is_unknown_and_can_be_set_again(joined: Joined) -> None:
    fader = joined.far_end.fader
    joined.guard.values({fader: None})
    assert joined.desk.values[fader] is None, "the old value does not stand for it"
    joined.desk.set({fader: 0.5}, ANNE)
    await until(lambda: joined.far_end.stands(fader, 0.5))
    await until(lambda: not joined.pending)
    assert joined.value() == pytest.approx(0.5, abs=0.001)


async def test_what_the_console_tells_and_nobody_understands_is_unknown_and_harms_nothing_else(joined: Joined) -> None:
    mute = "band/ch1/mute"
    joined.guard.values({mute: False})
    shown: list[tuple[str, Value]] = []  # a console may tell at once what it does have
    joined.desk.change_listeners.append(note := lambda change: shown.extend(change.after.items()))
    path = await joined.far_end.babble()
    await until(lambda: not path or (path, None) in shown)
    joined.desk.change_listeners.remove(note)
    joined.guard.values({joined.far_end.fader: 7.5, mute: True})
    assert (joined.desk.values[joined.far_end.fader], joined.desk.values[mute]) == (None, True)
    joined.desk.set({joined.far_end.fader: 0.5}, ANNE)
    await until(lambda: joined.far_end.stands(joined.far_end.fader, 0.5))
    await until(lambda: not joined.pending)
    assert joined.status() == "online"


async def test_every_action_says_which_arguments_it_takes_and_takes_no_other(joined: Joined) -> None:
    actions = joined.desk.layouts["band"].actions
    assert len({action.name for action in actions}) == len(actions)
    for action in actions:
        assert action.label.strip()
        assert action.defaults.keys() <= action.params.keys()
        for name, param in action.params.items():
            default = action.defaults.get(name)
            assert default is None or param.check(default) == default
        with pytest.raises(Refusal, match="takes no argument “nonsense”"):
            await joined.guard.act(action.name, {"nonsense": 1})


async def test_readings_come_one_for_each_tap(joined: Joined) -> None:
    taps = joined.desk.layouts["band"].taps()
    await until(lambda: len(joined.readings) >= 3 or not taps)  # a console without taps has nothing to say
    assert {len(codes) for codes in joined.readings} <= {len(taps)}


async def test_a_console_that_is_lost_is_offline_refuses_and_comes_back_as_it_stood(joined: Joined) -> None:
    fader = joined.desk.param(joined.far_end.fader).check(0.25)  # onto the console's own grid
    named = {"band/ch1/name": "Kick drum"} if "band/ch1/name" in joined.settable() else {}
    joined.desk.set({joined.far_end.fader: fader, **named}, ANNE)
    await until(lambda: joined.far_end.stands(joined.far_end.fader, 0.25))
    await until(lambda: joined.far_end.has_name("Kick drum"))
    joined.far_end.cut()
    await until(lambda: joined.status() == "offline")
    assert joined.desk.values["band/notice"]
    with pytest.raises(Refusal, match="offline"):
        joined.desk.set({joined.far_end.fader: 0.9}, ANNE)
    joined.far_end.bring_back()
    await joined.come_online()
    assert joined.desk.values[joined.far_end.fader] == fader
    assert all(joined.desk.values[path] == name for path, name in named.items())
    await until(lambda: joined.far_end.stands(joined.far_end.fader, 0.25))


async def test_nothing_stays_pending_when_all_is_well(joined: Joined) -> None:
    joined.desk.set({joined.far_end.fader: 0.1}, ANNE)
    await until(lambda: joined.far_end.stands(joined.far_end.fader, 0.1))
    await until(lambda: not joined.pending)


async def test_a_driver_can_be_closed_twice(joined: Joined) -> None:
    joined.far_end.cut()
    await until(lambda: joined.status() == "offline")
    await joined.far_end.driver.close()
    await joined.far_end.driver.close()
    joined.far_end.bring_back()
    await joined.come_online()


async def test_every_param_takes_every_value_it_says_it_takes(joined: Joined) -> None:
    """The last one: what follows would wait for thousands of values to come to rest."""
    for path, param in joined.settable().items():
        for value in _values(param):
            joined.desk.set({path: value}, ANNE)
    await until(lambda: not joined.pending)
    assert joined.status() == "online"


def _values(param: Param) -> list[Value]:
    told = param.as_json()
    match told["kind"]:
        case "position":
            return [0.0, 1.0, 0.33333]
        case "choice":
            return list(told["choices"])
        case "number":
            return [told["low"]]
    return (
        [True, False] if isinstance(param, Toggle) else ["x" * param.length, "𝄞 ñ"] if isinstance(param, Text) else []
    )
