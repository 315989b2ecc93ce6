"""Open files of this process: the limit is raised as far as the system allows."""

from __future__ import annotations

import sys

if sys.platform != "win32":
    import resource

LARGEST = 65536
"""Limit that is asked for where the system sets none; macOS allows less."""
MACOS_LARGEST = 10240
"""OPEN_MAX of macOS, above which it refuses a limit although the hard limit is infinite."""


def raise_limit() -> int:
    """Raise this process's limit of open files to the hard limit; return the limit that holds now.

    Windows has no such limit for sockets: there it is LARGEST.
    """
    if sys.platform == "win32":
        return LARGEST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    endless = hard == resource.RLIM_INFINITY
    for wanted in (LARGEST, MACOS_LARGEST) if endless else (hard,):
        if soft != resource.RLIM_INFINITY and soft < wanted:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            except (OSError, ValueError):  # above what the system allows to anybody
                continue
            return wanted
    return LARGEST if soft == resource.RLIM_INFINITY else soft
