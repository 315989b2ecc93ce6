"""Secrets of this computer and its data folder, which must not stand in a report."""

from __future__ import annotations

import base64
import platform
from collections.abc import Collection
from pathlib import Path

from remote_mixer.doctor.left_out import LeftOut
from remote_mixer.people.secrets_file import key_of

COMMON_NAMES = ("root", "home", "localhost")
"""Names of homes and computers that name nobody."""


def known_here(data: Path, names: Collection[str] = (), secrets: Collection[str] = ()) -> LeftOut:
    """Return what must not stand in a report: these names and secrets, and what computer and data folder have."""
    key = key_of(data) or b""
    keys = [base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode(), key.hex()]
    home = Path.home()
    own = {home.name, platform.node(), platform.node().partition(".")[0]}.difference(COMMON_NAMES)
    return LeftOut([*secrets, *keys], [*names, *own], [str(home)])
