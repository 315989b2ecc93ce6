"""A bit that flips in any file of the data folder never keeps the whole program from starting, nor anybody out."""

from __future__ import annotations

import asyncio
import random
import shutil
from pathlib import Path

import pytest

from remote_mixer.sockets import HttpsOptions
from tests.storage.test_damage import filled, flipped
from tests.support.budget import is_long
from tests.support.people import MIX, host, invited
from tests.support.running import running

FLIPS, LONG_FLIPS, SEED = 20, 1000, 13
"""Bits that are flipped in a run, and with `--long`: a start each, a tenth of a second on a free core."""


def start(folder: Path) -> None:
    """Start the program with https, let somebody in and read what was kept, stop it."""
    with running(folder, https=HttpsOptions(0)) as app:
        invited(app, "musician", MIX)
        for kept in ("/people", "/invitations", "/messages", "/pin"):
            assert host(app).call("GET", kept).status == 200, kept


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder after an evening with people, scenes, moves, snapshots and certificates."""
    folder = tmp_path_factory.mktemp("evening")
    asyncio.run(filled(folder))
    start(folder)
    return folder


def test_every_kind_of_file_is_there(whole: Path) -> None:
    names = {file.name for file in files(whole)}
    assert names >= {"remote-mixer.db", "remote-mixer.snapshot.db", "secrets.json", "ca.pem", "ca-key.pem"}


def test_every_flipped_bit_in_any_file_lets_the_program_start_and_people_in(tmp_path: Path, whole: Path) -> None:
    draw = random.Random(SEED)
    for _ in range(LONG_FLIPS if is_long() else FLIPS):
        folder = tmp_path / "flipped"
        shutil.copytree(whole, folder)
        where = flip(folder, draw)
        try:
            start(folder)
        except BaseException as fault:
            fault.add_note(f"after the flip of {where}")
            raise
        shutil.rmtree(folder)


def files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def flip(folder: Path, draw: random.Random) -> str:
    """Flip a bit of a byte that is in use, in any file; return where."""
    file = draw.choice([file for file in files(folder) if any(file.read_bytes())])
    whole = file.read_bytes()
    bit = 8 * draw.choice([place for place, byte in enumerate(whole) if byte]) + draw.randrange(8)
    file.write_bytes(flipped(whole, bit))
    return f"bit {bit} of {file.relative_to(folder)}"
