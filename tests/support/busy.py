"""Other work on all cores."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LOOP = "import sys, time; end = time.monotonic() + float(sys.argv[1])\nwhile time.monotonic() < end: pass"


@contextmanager
def busy_loops(count: int, seconds: float) -> Iterator[None]:
    """Run loops that keep the cores busy, each a process of its own that ends by itself after this time."""
    loops = [subprocess.Popen((sys.executable, "-I", "-c", LOOP, str(seconds))) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
