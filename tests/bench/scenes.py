"""Scenes on a simulated X32: `python -m tests.bench.scenes`.

The time of a preview of all values (to reach: 100 ms); of a recall of 400 differences, without loss (2.5 s) and at 1 %
and 5 % loss (4 s at 1 %), with what stands at the console afterwards and the delay of another hand meanwhile (20 ms);
and a fade of 64 faders over 10 s: its steps, how far each is from the ideal glide when it comes to the console,
processor time, a hand's delay.

The simulator runs in a process of its own. A hand's delay runs from `Desk.set` to the console's reading of it.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache, partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from remote_mixer.app import App
from remote_mixer.desk.params import Choice, Value
from remote_mixer.desk.scenes import Scope
from remote_mixer.desk.sections import USUAL_SECTIONS, section_of
from remote_mixer.desk.sources import CLIENT, Source
from remote_mixer.drivers.behringer.driver import X32
from remote_mixer.drivers.osc import OscError, decode
from remote_mixer.hub.recalls import Recall
from remote_mixer.simulator.network import Wifi
from remote_mixer.simulator.simulator import Simulator
from remote_mixer.storage.scenes import packed
from remote_mixer.web import wire
from tests.bench.machine import describe
from tests.support.running import online, running
from tests.support.waiting import until

DIFFERENCES, FADE_SECONDS, TOUCHES_A_SECOND, LOOK_SECONDS = 400, 10.0, 20, 0.1
MOST_UNKNOWN, FADED_LOSS = 200, 0.01
ANNE, BOB = Source(CLIENT, "anne", "Anne"), Source(CLIENT, "bob", "Bob")
BOBS, BOBS_ADDRESS = "band/ch32/fader", "/ch/32/mix/fader"
FADERS = [
    f"band/{kind}{n}/fader"
    for kind, most in (("ch", 31), ("bus", 16), ("aux", 8), ("dca", 8))
    for n in range(1, most + 1)
]
FADERS.append("band/mtx1/fader")

Came = list[tuple[float, str, float]]


class Console(Simulator):
    """A simulator that notes each position of a fader that comes in, with its moment.

    Its levels stand still, and it collects no garbage: to do so would hold up the reading of what comes by up to 40 ms.
    """

    def __init__(self, loss: float) -> None:
        super().__init__("x32", wifi=Wifi(loss=loss))
        self.came: Came = []
        meters = self._subscriptions._meters
        frame = cache(partial(meters.frame, moment=0.0))
        meters.frame = lambda number, arguments, moment: frame(number, arguments)  # type: ignore[method-assign] # as above
        gc.disable()

    def _receive(self, data: bytes, client: tuple[str, int]) -> None:
        with suppress(OscError):
            address, arguments = decode(data)
            if address.endswith("/fader") and arguments:
                self.came.append((time.perf_counter(), address, float(arguments[0])))
        super()._receive(data, client)


async def _be_console(pipe: Connection, loss: float) -> None:
    async with Console(loss) as console:
        pipe.send(console.address[1])
        while (order := await asyncio.to_thread(pipe.recv)) != "end":
            pipe.send(dict(console.values) if order == "values" else console.came)
            console.came = [] if order == "came" else console.came


def _console(pipe: Connection, loss: float) -> None:
    asyncio.run(_be_console(pipe, loss))


@contextmanager
def _simulated(loss: float) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_console, args=(theirs, loss))
    process.start()
    try:
        yield ours
    finally:
        ours.send("end")
        process.join()


class Server:
    """The program, and what the bench does in its loop."""

    def __init__(self, app: App, pipe: Connection) -> None:
        self.app, self.pipe, self.desk = app, pipe, app.desk
        self.came: Came = []

    async def run(self, work: Any) -> Any:
        """Run a coroutine in the server's loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.app.loop))

    def ask(self, order: str) -> Any:
        self.pipe.send(order)
        return self.pipe.recv()

    async def set(self, values: Mapping[str, Value]) -> None:
        """Set values as a hand does, and wait until the console has them."""

        async def set_now() -> None:
            self.desk.set(values, ANNE)

        await self.run(set_now())
        guard = self.app.rooms._guards["band"]
        await until(lambda: guard.under_way[0] == 0 and not guard.under_way[1])

    def wrong(self, values: Mapping[str, Value]) -> list[str]:
        """Return the paths whose value at the console itself is another one."""
        driver = self.app.drivers[0]
        assert isinstance(driver, X32)
        assert driver._lifecycle
        leaves, there = driver._lifecycle.conversation.addresses.by_path, self.ask("values")
        found = []
        for path, value in values.items():
            leaf = leaves[path.removeprefix("band/")]
            if not leaf.encoding.param.same(value, leaf.encoding.read(there[leaf.address])):
                found.append(path)
        return found


def _other(param: Any, value: Value, chance: random.Random) -> Value:
    """Return another value of a param."""
    if isinstance(value, bool):
        return not value
    if isinstance(param, Choice):
        return next(choice for choice in param.choices if choice != value)
    return param.check((float(value or 0) + chance.uniform(0.2, 0.8)) % 1.0)  # type: ignore[no-any-return] # its own


async def _differing(server: Server) -> dict[str, Value]:
    """Change 400 values, and return what stood there before."""
    chance, desk = random.Random(1), server.desk
    known = [
        path
        for path, param in desk.layouts["band"].paths()
        if desk.values[path] is not None
        and not param.read_only
        and param.kind in ("position", "toggle", "choice")
        and section_of(path) in USUAL_SECTIONS - {"other", "groups"}
        and path != BOBS
        and not path.endswith("/tap")  # one address for two sends
    ]
    before = {path: desk.values[path] for path in sorted(chance.sample(known, DIFFERENCES))}
    await server.set({path: _other(desk.param(path), value, chance) for path, value in before.items()})
    return before


async def _touch(server: Server, stop: asyncio.Event, sent: dict[int, float]) -> None:
    """Move a fader that is in no scene's way, twenty times a second, in the server's loop."""
    step = 100
    while not stop.is_set():
        step += 1
        position = server.desk.param(BOBS).check(step / 1023)
        sent[step] = time.perf_counter()
        server.desk.set({BOBS: position}, BOB)
        await asyncio.sleep(1 / TOUCHES_A_SECOND)


async def _recall(
    server: Server, scene: int, fade: float, scope: Scope | None = None
) -> tuple[Recall, float, list[float]]:
    """Recall a scene beside another hand; return it, its seconds, and the hand's delays."""
    sent: dict[int, float] = {}
    server.ask("came")

    async def carry_out() -> tuple[Recall, float]:
        stop = asyncio.Event()
        touching = asyncio.create_task(_touch(server, stop, sent))
        started = asyncio.get_running_loop().time()
        wanted = {"fade": fade, "scope": scope.as_json() if scope else None}
        recall = await server.app.rooms.recalls.recall(ANNE, scene, wanted)
        while not recall.is_over:  # noqa: ASYNC110 - seldom looked at: the look is work in the loop that is measured
            await asyncio.sleep(LOOK_SECONDS)
        stop.set()
        await touching
        return recall, recall.ended - started

    recall, seconds = await server.run(carry_out())
    await asyncio.sleep(0.3)
    server.came = server.ask("came")
    first: dict[int, float] = {}
    for at, address, position in server.came:
        if address == BOBS_ADDRESS:
            first.setdefault(round(position * 1023), at)
    return recall, seconds, [first[step] - at for step, at in sent.items() if step in first]


def _delays(delays: list[float]) -> str:
    percent = [1000 * seconds for seconds in quantiles(delays, n=100)]
    return f"p50 {percent[49]:.1f} ms, p99 {percent[98]:.1f} ms, highest {1000 * max(delays):.1f} ms ({len(delays)})"


async def _measure(loss: float) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        _simulated(loss) as pipe,
        running(Path(folder), ("band", f"x32://127.0.0.1:{pipe.recv()}")) as app,
    ):
        gc.freeze()  # as the program does
        await online(app)
        server = Server(app, pipe)
        await until(lambda: sum(value is None for value in app.desk.values.values()) < MOST_UNKNOWN)
        head, unknown = await server.run(app.rooms.scenes.store(ANNE, {"name": "All"}))
        await server.run(app.rooms.scenes.set_safe(BOBS.rpartition("/")[0], ["levels"]))  # it is in no scene's way
        if not loss:
            await _measure_preview(server, head.id, head.count, len(unknown))
        before = await _differing(server)
        recall, seconds, delays = await _recall(server, head.id, 0.0)
        lost, wrong = recall.work.lost if recall.work else {}, server.wrong(before)
        print(
            f"recall of {recall.of} differences at {loss:.0%} loss: {seconds:.2f} s, "
            f"{len(wrong)} wrong at the console, {len(lost)} lost {[*lost][:3]}; a hand: {_delays(delays)}"
        )
        if loss <= FADED_LOSS:
            await _measure_fade(server, loss)


async def _measure_preview(server: Server, scene: int, values: int, unknown: int) -> None:
    seconds = []
    every = {"scope": Scope(sections=frozenset(USUAL_SECTIONS | {"input", "names"})).as_json()}
    for _ in range(7):
        started = time.perf_counter()
        found = await server.run(server.app.rooms.recalls.preview(ANNE, scene, every))
        wire.dump(found.as_json())
        seconds.append(time.perf_counter() - started)
    size = len(packed(*await server.run(server.app.rooms.scenes.content(scene))))
    first, *others = (1000 * one for one in seconds)
    print(f"a scene of {values} values ({unknown} unknown) takes {size / 1e3:.0f} kB of the database")
    print(f"preview of {values} values: first {first:.0f} ms, then {min(others):.0f} to {max(others):.0f} ms")


async def _measure_fade(server: Server, loss: float) -> None:
    """Fade 64 faders from silence to 0 dB."""
    scope = Scope(strips=frozenset(path.rpartition("/")[0] for path in FADERS), sections=frozenset({"levels"}))
    muted = [path.replace("/fader", "/mute") for path in FADERS]
    await server.set({path: False for path in muted if path in server.desk.values} | dict.fromkeys(FADERS, 0.75))
    head, _ = await server.run(server.app.rooms.scenes.store(ANNE, {"name": "Up"}))
    await server.set(dict.fromkeys(FADERS, 0.0))
    used, started = time.process_time(), time.perf_counter()
    await asyncio.sleep(2.0)
    idle = (time.process_time() - used) / (time.perf_counter() - started)
    used = time.process_time()
    recall, seconds, delays = await _recall(server, head.id, FADE_SECONDS, scope)
    share = (time.process_time() - used) / seconds
    steps: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for at, address, position in server.came:
        if address != BOBS_ADDRESS:
            steps[address].append((at, position))
    off = _off([step for some in steps.values() for step in some])
    percent = quantiles(off, n=100)
    counts = sorted(len(some) for some in steps.values())
    wrong = server.wrong(dict.fromkeys(FADERS, 0.75))
    print(
        f"fade of {recall.of} faders over {FADE_SECONDS:g} s at {loss:.0%} loss: {seconds:.2f} s, "
        f"{counts[0]} to {counts[-1]} steps each, from the ideal glide p50 {percent[49]:.2f}, "
        f"p99 {percent[98]:.2f}, most {max(off):.2f} console steps; {share:.0%} of a core (idle: {idle:.0%}); "
        f"{len(wrong)} wrong at the console; a hand: {_delays(delays)}"
    )


def _off(came: list[tuple[float, float]]) -> list[float]:
    """Return how far positions are from an ideal glide from 0 to 0.75 when they come, in console steps.

    The glide begins where most of them agree that it did.
    """
    began = median(at - FADE_SECONDS * position / 0.75 for at, position in came if position < 0.75)
    ideal = [0.75 * min(max((at - began) / FADE_SECONDS, 0.0), 1.0) for at, _ in came]
    return [1023 * abs(position - there) for (_, position), there in zip(came, ideal, strict=True)]


def main() -> None:
    """Print the figures."""
    print(describe())
    for loss in (0.0, 0.01, 0.05):
        asyncio.run(_measure(loss))


if __name__ == "__main__":
    main()
