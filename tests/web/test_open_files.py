"""The limit of open files is raised as far as the system allows."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")

SCRIPT = """
import resource
from remote_mixer.web.open_files import raise_limit
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
print(raise_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(("soft", "hard"), [(256, 1024), (1024, 4096), (1024, 1024), (300, 301)])
def test_the_soft_limit_becomes_the_hard_one(soft: int, hard: int) -> None:
    script = [sys.executable, "-c", SCRIPT.format(soft=soft, hard=hard)]
    limits = subprocess.run(script, capture_output=True, text=True, check=True).stdout.split()
    assert limits == [str(hard)] * 3
