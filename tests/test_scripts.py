"""The scripts of the repository, and what is committed in it."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import tomllib
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from websockets.sync.client import connect

from remote_mixer import PROTOCOL, __version__
from remote_mixer.engine import kept, library, processor
from remote_mixer.engine.built import TARGETS
from remote_mixer.engine.stems import NAMES, SONG
from tests.support.complete import need
from tests.support.program import Program, run, serve
from tests.support.warm import built_ahead

ROOT = Path(__file__).parents[1]
SCRIPTS = ("start_server.sh", "tests/run", ".ci/run")
NEEDED = (
    "pyproject.toml",
    "build_backend.py",
    "requirements.lock",
    "README.md",
    "LICENSE",
    ".python-version",
    "start_server.sh",
    "remote_mixer",
    "ui",
)
FIRST_START_SECONDS = 600
AHEAD = "remote_mixer/engine/built"
# Taken apart, so that this file itself names none.
HOSTS = [r"py" + r"pi\.", "pythonhost" + "ed", r"npm" + r"js\.", r"deb\.deb" + "ian", r"registry\.n" + "pm"]


def committed() -> list[Path]:
    need(shutil.which("git") and (ROOT / ".git").exists(), "this is not a clone with git beside it")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_can_be_run_and_is_understood_by_a_plain_shell(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert subprocess.run(["sh", "-n", ROOT / script], capture_output=True, check=False).stderr == b""


def test_no_committed_file_names_the_host_of_a_package_registry() -> None:
    hosts = re.compile("|".join(HOSTS).encode(), re.IGNORECASE)
    assert [str(path) for path in committed() if hosts.search(path.read_bytes())] == []


def test_the_lock_holds_a_hash_for_each_package_and_no_address() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert not re.search(r"https?://|--(index|find|trusted|extra)", lock)
    packages = re.split(r"^(?=[a-zA-Z])", lock, flags=re.MULTILINE)[1:]
    assert packages
    assert all("--hash=sha256:" in package for package in packages)


def test_the_lock_holds_what_the_project_file_asks_for() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    pins = [Requirement(pin) for pin in re.findall(r"^(\w[^\\\n]*==[^\\\n]*?) *\\?$", lock, flags=re.MULTILINE)]
    for wanted in _wanted():
        found = [pin for pin in pins if pin.name.lower() == wanted.name.lower()]
        assert found, wanted
        assert all(wanted.specifier.contains(str(pin.specifier).removeprefix("==")) for pin in found), wanted


def _wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    return [Requirement(text) for texts in lists for text in texts]


def test_the_version_stands_in_one_place_and_the_newest_changes_are_its_own() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" not in project["project"]
    assert project["project"]["dynamic"] == ["version"]
    stated = ROOT / project["tool"]["hatch"]["version"]["path"]
    assert re.findall(r'^__version__ = "(.+)"$', stated.read_text(), re.MULTILINE) == [__version__]
    *_, last = re.split(r"^## ", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    assert last.startswith("Changes\n")
    assert re.findall(r"^### (\S+)", last, re.MULTILINE)[0] == __version__


def test_the_command_and_the_page_show_that_version(tmp_path: Path) -> None:
    assert run("--version").stdout == f"Remote Mixer {__version__}\n"
    with serve(tmp_path) as program, connect(program.url().replace("http", "ws") + "/ws", proxy=None) as page:
        page.send(json.dumps({"type": "hello", "protocol": PROTOCOL, "client": str(uuid.uuid4()), "name": "Page"}))
        welcome = json.loads(page.recv(timeout=5))
    assert (welcome["server"]["version"], welcome["protocol"]) == (__version__, PROTOCOL)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Copy what a clone has, into a folder whose name has a space; without an environment."""
    need(shutil.which("uv") or (ROOT / ".venv" / "bin" / "uv").exists(), "uv, whose cache this test needs, is not here")
    folder = tmp_path_factory.mktemp("a clone") / "remote mixer"
    folder.mkdir()
    for name in NEEDED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    yield folder
    shutil.rmtree(folder)


def _start(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(clone / "start_server.sh", *arguments, cwd=Path("/"))


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody without our environment does, but with uv at hand."""
    env = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    env["PATH"] = os.pathsep.join([env["PATH"], str(ROOT / ".venv" / "bin")])
    return subprocess.run(
        command,
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=FIRST_START_SECONDS,
        check=False,
    )


@pytest.mark.slow
def test_a_package_that_is_not_the_one_in_the_lock_is_refused(clone: Path) -> None:
    lock = clone / "requirements.lock"
    right = lock.read_text()
    lock.write_text(re.sub(r"(sha256:)[0-9a-f]{8}", r"\g<1>00000000", right))
    try:
        started = _start(clone, "--version")
    finally:
        lock.write_text(right)
    assert started.returncode != 0
    assert "ash mismatch" in started.stderr, started.stderr


@pytest.mark.slow
def test_the_first_start_makes_the_environment_and_the_second_is_quiet_and_quick(clone: Path) -> None:
    first = _start(clone, "--version")
    assert first.stdout == f"Remote Mixer {__version__}\n", first.stderr
    assert "Making the environment" in first.stderr
    started = time.monotonic()
    second = _start(clone, "--version")
    assert time.monotonic() - started < 1.5
    assert (second.stdout, second.stderr) == (first.stdout, "")


@pytest.mark.slow
def test_a_server_alone_brings_neither_the_window_nor_what_tests_need(clone: Path) -> None:
    _start(clone, "--version")
    (packages,) = (clone / ".venv" / "lib").glob("python3.*/site-packages")
    assert (packages / "quart").is_dir()
    assert not [name for name in ("PySide6", "webview", "playwright", "pytest", "mypy") if (packages / name).exists()]


def _programs(folder: Path, *pythons: str) -> Path:
    """Fill a folder with all programs of the system, but of Pythons only these: for a PATH of its own."""
    folder.mkdir()
    for program in [*Path("/bin").iterdir(), *Path("/usr/bin").iterdir()]:
        link = folder / program.name
        if not program.name.startswith(("python", "pypy")) and not link.is_symlink():
            link.symlink_to(program)
    (folder / "uv").symlink_to(shutil.which("uv") or ROOT / ".venv/bin/uv")
    for python in pythons:
        (folder / f"python{python}").symlink_to(_python(python))
    return folder


def _python(version: str) -> Path:
    """Return a Python of this machine that is in no environment: on the PATH, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = [Path(shutil.which(f"python{version}") or ""), *pyenv.glob(f"versions/{version}.*/bin/python{version}")]
    works = [one for one in found if one.is_file() and subprocess.run([one, "-c", ""], check=False).returncode == 0]
    if not works:
        pytest.skip(f"Python {version} is not on this machine")
    return works[0].resolve()


def _alone(clone: Path, programs: Path, **changes: str) -> dict[str, str]:
    """Return an environment with these programs alone, from which uv fetches nothing; drop the clone's own `.venv`."""
    shutil.rmtree(clone / ".venv", ignore_errors=True)
    ours = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    return ours | {"PATH": str(programs), "UV_PYTHON_DOWNLOADS": "never", "PYTHONIOENCODING": "utf-8"} | changes


@pytest.mark.slow
@pytest.mark.parametrize("python", ["3.12", "3.13", "3.14"])
def test_it_starts_by_the_only_python_there_is_and_says_where_midi_is_missing(
    clone: Path, tmp_path: Path, python: str
) -> None:
    env = _alone(clone, _programs(tmp_path / "bin", python))
    console = ("--console", "daw=mackie:no such port", "--console", "band=demo:")
    where = ("--host", "127.0.0.1", "--port", "0", "--data", str(tmp_path / "data"))
    with Program(*where, *console, command=(str(clone / "start_server.sh"),), env=env) as program:
        said = ""
        while "band: Demo console, online\n" not in said or "daw: Mackie Control, offline: " not in said:
            said = run("check", program.url()).stdout
    assert (f"runs without MIDI: rtmidi is not built for Python {python}." in said) == (python != "3.12")


@pytest.mark.parametrize("name", ["python3.11", "python3.12", "python3.13", "python3.14", "python3", "python"])
def test_a_python_is_found_whatever_its_only_name_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).symlink_to(sys.executable)
    for tool in ("dirname", "pwd"):
        (tmp_path / tool).symlink_to(shutil.which(tool) or "")
    script = f"tests_run={ROOT}/tests/run; . {ROOT}/start_server.sh; find_python"
    found = subprocess.run(["/bin/sh", "-c", script], env={"PATH": str(tmp_path)}, capture_output=True, check=False)
    assert found.stdout.decode().strip() == str(tmp_path / name), found.stderr


@pytest.mark.slow
def test_a_better_python_that_uv_has_is_taken_before_a_newer_one(clone: Path, tmp_path: Path) -> None:
    env = _alone(clone, _programs(tmp_path / "bin", "3.13"), UV_PYTHON_INSTALL_DIR=str(tmp_path / "fetched"))
    fetched = tmp_path / "fetched" / f"cpython-3.12.1-linux-{platform.machine()}-gnu"  # as uv names what it fetches
    fetched.mkdir(parents=True)
    for part in _python("3.12").parents[1].iterdir():
        (fetched / part.name).symlink_to(part)
    started = subprocess.run([clone / "start_server.sh", "--version"], env=env, capture_output=True, check=False)
    assert (started.returncode, [one.name for one in (clone / ".venv/lib").iterdir()]) == (0, ["python3.12"])


@pytest.mark.slow
def test_without_any_python_it_says_what_to_install(clone: Path, tmp_path: Path) -> None:
    env = _alone(clone, _programs(tmp_path / "bin"), UV_PYTHON_INSTALL_DIR=str(tmp_path / "none"))
    started = subprocess.run(
        [clone / "start_server.sh"], env=env, capture_output=True, text=True, timeout=FIRST_START_SECONDS, check=False
    )
    assert started.returncode == 1
    assert "Python 3.11 or newer is needed" in started.stderr


@pytest.mark.slow
@pytest.mark.parametrize("option", ["--project", "--directory"])
def test_uv_runs_the_program_from_another_folder(clone: Path, tmp_path: Path, option: str) -> None:
    ran = _run("uv", "run", option, clone, "remote-mixer", "--version", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, f"Remote Mixer {__version__}\n"), ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_wheel_has_the_page_the_license_the_kernels_the_song_and_the_version(clone: Path, tmp_path: Path) -> None:
    built_ahead(clone / AHEAD)
    built = _run("uv", "build", "--wheel", "--out-dir", tmp_path, clone, cwd=tmp_path)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.startswith(f"remote_mixer-{__version__}-")
    with zipfile.ZipFile(wheel) as content:
        names = set(content.namelist())
        assert "remote_mixer/_ui/index.html" in names
        for target in TARGETS:
            linked = target.architecture == processor.architecture() and shutil.which(library.LINKER)
            kernels = kept.place(Path(AHEAD), f"{target.name}.{'so' if linked else 'kernels'}")
            assert kernels.as_posix() in names
        assert {f"{AHEAD}/{SONG}/{number:02} {name}.flac" for number, name in enumerate(NAMES, 1)} <= names
        license_ = content.read(f"remote_mixer-{__version__}.dist-info/licenses/LICENSE")
    assert license_ == (ROOT / "LICENSE").read_bytes()


def test_no_lock_of_uv_is_committed() -> None:
    assert "uv.lock" not in {path.name for path in committed()}
