"""Processors that code is for, by the names that LLVM gives them, and what this one can do, without LLVM."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import NamedTuple

CPUINFO = Path("/proc/cpuinfo")
_LLVM_NAMES = {"bmi1": "bmi", "abm": "lzcnt"}
"""Linux's name of a feature → LLVM's, where they differ."""


class Processor(NamedTuple):
    """Processor that code is for, as LLVM names it.

    triple    architecture and system
    features  list of +name and -name, beside those that all processors of that name have
    """

    triple: str
    name: str
    features: str = ""


def architecture() -> str:
    """Return this computer's architecture, the first part of a triple."""
    return platform.machine()


def features() -> frozenset[str]:
    """Return what Linux says that this processor can do and may be used; nothing on other systems."""
    try:
        text = CPUINFO.read_text("ascii", "replace")
    except OSError:
        return frozenset()
    flags = next((line.partition(":")[2].split() for line in text.splitlines() if line.startswith("flags")), [])
    return frozenset(_LLVM_NAMES.get(flag, flag) for flag in flags)
