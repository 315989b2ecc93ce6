"""Machine that a figure was measured on, and the target beside it."""

import os
import platform
from pathlib import Path


def describe() -> str:
    """Return processor, cores, system, Python and the load of the last minute in one line."""
    system = f"{platform.system()} {platform.release()}"
    load = f"load {os.getloadavg()[0]:.1f}"
    return f"{_processor()}, {os.cpu_count()} cores, {system}, Python {platform.python_version()}, {load}"


def milliseconds(figure: float, most: float) -> str:
    """Return a figure (seconds) with its target beside it, as "9.5 ms (≤ 15 ms: met)"."""
    return f"{1000 * figure:.1f} ms (≤ {1000 * most:.0f} ms: {'met' if figure <= most else 'MISSED'})"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
