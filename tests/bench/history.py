"""Cost of the history: `python -m tests.bench.history`.

The mean processor time that it adds to `Desk.set` (to reach: 5 µs), for a drag under a hold and for sets without one;
of 200,000 moves on the disk the size (60 MB), the time of the first screen (50 ms) and that of the start; and the time
from an undo at a page to the console (p99 ≤ 10 ms).
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from remote_mixer.app import App
from remote_mixer.desk.change import Cause, Change
from remote_mixer.desk.desk import Desk
from remote_mixer.desk.history import MOST_MOVES, MOST_VALUES, History
from remote_mixer.desk.moves import Author, Move, OpenMoves
from remote_mixer.desk.params import Value
from remote_mixer.desk.sources import CLIENT, Source, console
from remote_mixer.drivers.builtin.layout import make_layout
from remote_mixer.hub.glides import GLIDE_SECONDS
from remote_mixer.hub.glides import SOFT_STEP_SECONDS as STEP_SECONDS
from remote_mixer.storage.database import Database
from remote_mixer.storage.files import FILE_NAME
from remote_mixer.storage.moves import MOVES_KEPT, MoveTable
from tests.bench.machine import describe
from tests.support.running import FADER, joined, online, running
from tests.support.waiting import until

SETS, RUNS, SCREEN, UNDOS = 5_000, 15, 50, 200
ANNE = Source(CLIENT, "anne", "FOH tablet")


def _desk(*, with_history: bool) -> Desk:
    desk = Desk()
    desk.add(make_layout("band", 64), {})
    desk.set({"band/status": "online"}, console("band"))
    if with_history:
        history, gestures = History(), OpenMoves(desk.is_setting)

        def note(change: Change) -> None:
            history.note(change)
            gestures.note(change, time.monotonic())

        desk.change_listeners.append(note)
    return desk


def _set_seconds(desk: Desk, paths: list[str]) -> float:
    """Return the mean time of a set."""
    todo = list(zip(islice(cycle(paths), SETS), cycle((0.5, 0.4, 0.3)), strict=False))
    started = time.thread_time()
    for path, level in todo:
        desk.set({path: level}, ANNE)
    return (time.thread_time() - started) / SETS


def _compare(title: str, paths: list[str], *, hold: bool) -> None:
    desks = [_desk(with_history=False), _desk(with_history=True)]
    for desk in desks if hold else ():
        desk.hold(paths[0], ANNE)
    runs = [[_set_seconds(desk, paths) for desk in desks] for _ in range(RUNS)]  # in turn: other work harms both
    plain, noted = (min(column) for column in zip(*runs, strict=True))
    print(f"{title:28} set {plain * 1e6:5.2f} µs, with history {noted * 1e6:5.2f} µs: {(noted - plain) * 1e6:+.2f} µs")


def _moves() -> list[Move]:
    chance, now = random.Random(1), time.time()
    by = [Author("client", f"{n:032x}", f"Person {n}") for n in range(8)]
    return [
        Move(
            number,
            now - (MOVES_KEPT - number) * 10,
            chance.choice(by),
            Cause.HAND,
            {f"band/ch{chance.randint(1, 32)}/fader": (round(chance.random(), 5), round(chance.random(), 5))},
        )
        for number in range(1, MOVES_KEPT + 1)
    ]


async def _measure_disk(folder: Path) -> None:
    database = Database.open(folder)
    await MoveTable(database).append(_moves())
    await database.close()
    print(f"{MOVES_KEPT} moves: {(folder / FILE_NAME).stat().st_size / 1e6:.1f} MB")
    database = Database.open(folder)
    table = MoveTable(database)
    started = time.perf_counter()
    history = History(*table.newest(MOST_MOVES, MOST_VALUES))
    print(f"start, the newest {MOST_MOVES}: {(time.perf_counter() - started) * 1e3:.1f} ms")
    started = time.perf_counter()
    screen = [move.as_json() for move in islice(history.newest_first(), SCREEN)]
    print(f"first screen of {len(screen)}, from memory: {(time.perf_counter() - started) * 1e3:.1f} ms")
    for title, fragments in (("screen", []), ("screen of one strip", ['"band/ch7/'])):
        started = time.perf_counter()
        await table.read(2**62, SCREEN, fragments)
        print(f"{title}, from the disk: {(time.perf_counter() - started) * 1e3:.1f} ms")
    await database.close()


async def _undo_seconds(app: App) -> list[float]:
    """Return the time of each undo and redo from the page's frame to the value at the console."""
    sent: list[float] = []
    driver, seconds = app.drivers[0], list[float]()
    send = driver.send

    def note_and_send(path: str, value: Value) -> None:
        sent.append(time.perf_counter())
        send(path, value)

    driver.send = note_and_send  # type: ignore[method-assign] # watched on the way
    async with joined(app, "anne") as page:
        await page.send(type="set", id=1, values={FADER: 0.5})
        await page.until("ok", id=1)
        for number in range(UNDOS):
            sent.clear()
            started = time.perf_counter()
            await page.send(type=("undo", "redo")[number % 2], id=2)
            await page.until("ok", id=2)
            await until(lambda: sent)
            seconds.append(sent[0] - started)
            await asyncio.sleep(GLIDE_SECONDS + STEP_SECONDS)
    return sorted(seconds)


async def _measure_undo(folder: Path) -> None:
    with running(folder) as app:
        await online(app)
        seconds = await _undo_seconds(app)
    p50, p99 = (seconds[int(share * (len(seconds) - 1))] * 1e3 for share in (0.5, 0.99))
    print(f"undo at a page → console, {UNDOS} of them: p50 {p50:.1f} ms, p99 {p99:.1f} ms")


def main() -> None:
    """Print the figures."""
    print(describe())
    _compare("drag under a hold", ["band/ch1/fader"], hold=True)
    _compare("one fader without a hold", ["band/ch1/fader"], hold=False)
    _compare("64 faders in turn", [f"band/ch{n}/fader" for n in range(1, 65)], hold=False)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure_disk(Path(folder)))
        asyncio.run(_measure_undo(Path(folder) / "undo"))


if __name__ == "__main__":
    main()
