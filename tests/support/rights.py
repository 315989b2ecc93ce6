"""A program to which the rights of files apply: root passes them by, as long as it has its capabilities."""

from __future__ import annotations

import os
import shutil
from typing import Final

import pytest

BOUND_BY_RIGHTS: Final = ("setpriv", "--inh-caps=-all", "--bounding-set=-all")
"""Words before a command that root runs: it stays root, so that it finds its libraries, but may do what owners may."""

as_root = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() != 0 or shutil.which("setpriv") is None, reason="takes rights away from root"
)
