"""What the question "may this hand do that" costs in a set: `python -m tests.bench.rights`.

One desk with 64 channels and 8 mixes; for each role the mean time of `Desk.set` and of the rights check inside it,
over many paths and, for the engineer, with guard rails. To reach: the check takes at most 2 µs.
"""

from __future__ import annotations

import time
from itertools import cycle

from remote_mixer.desk.desk import Desk
from remote_mixer.desk.policy import ENGINEER, HOST, MUSICIAN, Policy, Rail
from remote_mixer.desk.sources import CLIENT, Source, console
from remote_mixer.drivers.builtin.layout import make_layout
from tests.bench.machine import describe

CHANNELS, MIX, TURNS, RUNS = 64, "band/bus2", 20_000, 5
RAILED = Policy(rails=(Rail("*/main/mute", (ENGINEER,), only_mute=True), Rail("*/level", (ENGINEER,), rise_db=60.0)))
CASES = ((HOST, "", Policy()), (ENGINEER, "", Policy()), (ENGINEER, "", RAILED), (MUSICIAN, MIX, Policy()))


def _desk(policy: Policy) -> Desk:
    desk = Desk()
    desk.add(make_layout("band", CHANNELS), {})
    desk.set({"band/status": "online"}, console("band"))
    desk.rights.policy = policy
    return desk


def _set_seconds(desk: Desk, source: Source, paths: list[str]) -> float:
    """Return the mean time of a set that goes down a little, so that none is refused for its rise."""
    levels = cycle((0.5, 0.4999, 0.4998, 0.4997))
    todo = [(path, next(levels)) for path in paths for _ in range(4)] * (TURNS // len(paths) // 4)
    started = time.perf_counter()
    for path, level in todo:
        desk.set({path: level}, source)
    return (time.perf_counter() - started) / len(todo)


def _check_seconds(desk: Desk, source: Source, paths: list[str]) -> float:
    known = [(path, desk.param(path)) for path in paths] * (TURNS // len(paths))
    started = time.perf_counter()
    for path, param in known:
        desk.rights.check(path, param, 0.4, 0.5, source)
    return (time.perf_counter() - started) / len(known)


def main() -> None:
    """Print a line for each role."""
    print(describe())
    paths = [f"band/ch{number}/send/bus2/level" for number in range(1, CHANNELS + 1)]
    for role, mix, policy in CASES:
        desk, source = _desk(policy), Source(CLIENT, "bench", "Bench", role, mix)
        desk.set(dict.fromkeys(paths, 0.6), Source(CLIENT, "bench", "Bench", HOST))
        desk.set(dict.fromkeys(paths, 0.5), source)
        check = min(_check_seconds(desk, source, paths) for _ in range(RUNS))
        whole = min(_set_seconds(desk, source, paths) for _ in range(RUNS))
        rails = f"{len(policy.rails)} guard rails" if policy.rails else "no guard rails"
        print(f"{role:9} {rails:15} rights {check * 1e6:5.2f} µs of a set's {whole * 1e6:5.2f} µs")


if __name__ == "__main__":
    main()
