"""Music and kernels, which a start makes once a machine and a build once a version, made once for all tests."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from filelock import FileLock

from remote_mixer.engine.built import build
from remote_mixer.engine.shared import SharedBlock
from remote_mixer.engine.stems import SONG
from tests.support.once import once

MADE_ONCE = (f"stems/{SONG}", "compiled")


def warm(folder: Path) -> Path:
    """Give a new folder the music and the compiled kernels; return it."""
    for name in MADE_ONCE:
        shutil.copytree(_first_run() / name, folder / name, copy_function=os.link)
    return folder


def warm_ahead(folder: Path) -> Path:
    """Give a folder the music and the module of the kernels, so that what is built ahead there is not made again."""
    folder.mkdir(parents=True, exist_ok=True)
    for module in (_first_run() / "compiled").glob("*.module"):
        shutil.copy(module, folder)
    shutil.copytree(_first_run() / "stems" / SONG, folder / SONG, copy_function=os.link)
    return folder


def built_ahead(folder: Path) -> Path:
    """Give a folder all that is built ahead, from one build in a run; return it."""
    made = once("ahead", lambda out: build(warm_ahead(out), _no_compile))
    return Path(shutil.copytree(made, folder, dirs_exist_ok=True, copy_function=os.link))


def _no_compile(percent: int) -> None:
    raise AssertionError("A module of these sources is not made again.")


@cache
def _first_run() -> Path:
    """Run an engine until it is ready, in a folder that outlives the tests; the engine replaces outdated files there.

    Each checkout has its own folder, because an engine deletes what another version has compiled. The workers of a run
    share it: the first one compiles while the others wait.
    """
    checkout = hashlib.sha256(str(Path(__file__).resolve()).encode()).hexdigest()[:8]
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"remote-mixer-tests-{user}-{checkout}"
    with FileLock(folder.with_suffix(".lock")):
        _run_engine(folder)
    return folder


def _run_engine(folder: Path) -> None:
    block = folder / "warm.shared"
    SharedBlock.create(block).close()
    command = [sys.executable, "-m", "remote_mixer.engine", f"--data={folder}", "--output=clock"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as engine:
        assert engine.stdout
        assert engine.stdin
        engine.stdin.write(json.dumps({"do": "mix", "block": str(block)}) + "\n")
        engine.stdin.flush()
        told = next((line for line in engine.stdout if '"ready"' in line or '"error"' in line), "")
        assert '"ready"' in told, told
        engine.stdin.close()
