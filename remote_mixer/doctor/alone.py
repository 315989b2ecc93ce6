"""Report of a computer without a server, or one whose server says nothing to this caller."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from remote_mixer.doctor import computer
from remote_mixer.doctor.gather import gather_beside
from remote_mixer.doctor.known import known_here
from remote_mixer.doctor.report import Section, text


def report_alone(data: Path, why: str, secrets: Sequence[str] = ()) -> str:
    """Return the report of this computer; `why` says that no server reports, `secrets` must not stand in it."""
    server = Section("Server", [("no report", why)])
    return text([server, *gather_beside(computer.gatherers(data))], known_here(data, secrets=secrets))
