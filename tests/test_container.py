"""The container: built as anybody builds it, small, unprivileged, serving at once, and clean at SIGTERM.

The base image is made of Debian's packages, so that no registry of images is needed. What this machine needs for its
package indexes (certificates, settings of pip and apt) is mounted into the build and is in no layer of the image.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from websockets.asyncio.client import connect

from remote_mixer.engine.built import TARGETS
from remote_mixer.engine.kept import place
from remote_mixer.engine.processor import architecture
from remote_mixer.engine.stems import NAMES
from tests.support.complete import need
from tests.support.warm import built_ahead

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
BASE = re.findall(r"^FROM (\S+) AS base$", DOCKERFILE, re.MULTILINE)[0]
SUITE = BASE.rpartition(":")[2].removesuffix("-slim")
IMAGE = "localhost/remote-mixer-test"
MOST_MEGABYTES = 350
START_SECONDS = 3.0
BUSY_START_SECONDS = 20.0  # the same beside other tests
BUILD_SECONDS = 900.0  # ends what hangs
PATIENCE_SECONDS = 60.0
SLIM = ("doc", "man", "locale", "info")
"""Folders of /usr/share that the base image leaves out too."""
CERTIFICATES = "/run/certificates.pem"
PROXIES = ("http_proxy", "https_proxy", "no_proxy")
FADER = "band/ch1/fader"


class Builder:
    """Buildah with a store of its own, without a daemon and without namespaces."""

    def __init__(self, store: Path) -> None:
        folders = ["--root", str(store / "images"), "--runroot", str(store / "run")]
        self._command = ["buildah", *folders, "--storage-driver=vfs"]
        self._environment = os.environ | {"BUILDAH_ISOLATION": "chroot"}

    def do(self, *arguments: str) -> str:
        """Run a command to its end; return what it prints, or fail with what it said."""
        ended = subprocess.run(
            [*self._command, *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=BUILD_SECONDS,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
        return ended.stdout.strip()

    def start(self, *arguments: str, log: Path) -> subprocess.Popen[bytes]:
        """Start a command and leave it running."""
        with log.open("wb") as said:
            return subprocess.Popen(
                [*self._command, *arguments], env=self._environment, stdout=said, stderr=subprocess.STDOUT
            )


def settings_of_this_machine() -> list[str]:
    """Return the options that lend a build the certificates and package settings of this machine."""
    apt = [file for file in Path("/etc/apt/apt.conf.d").glob("*") if "Acquire::" in file.read_text("utf-8")]
    lent = {str(file): str(file) for file in [Path("/etc/pip.conf"), *apt] if file.is_file()}
    arguments = {name: os.environ[name] for name in PROXIES if name in os.environ}
    if certificates := os.environ.get("SSL_CERT_FILE"):
        lent[certificates] = arguments["SSL_CERT_FILE"] = CERTIFICATES  # apt replaces the file of that name
    volumes = [f"--volume={here}:{there}:ro" for here, there in lent.items()]
    return [*volumes, *(f"--build-arg={name}={value}" for name, value in arguments.items())]


def ahead_but_one(folder: Path) -> Path:
    """Fill a folder with what this run has built ahead; but one target, which the build then makes and links itself."""
    built_ahead(folder)
    for file in folder.glob("*.x86-64-v3.*"):
        file.unlink()
    return folder


def make_base(builder: Builder) -> None:
    """Make the base image from Debian's packages; skip where this machine does not let us."""
    container = builder.do("from", "scratch")
    root, rm = builder.do("mount", container), f"rm -rf {' '.join(f'$1/usr/share/{name}' for name in SLIM)}"
    command = ["mmdebstrap", "--variant=minbase", "--mode=root", f"--customize-hook={rm}", SUITE, root]
    made = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    if made.returncode:
        pytest.skip(f"mmdebstrap cannot make a root of {SUITE} here: {made.stderr[-300:]}")
    builder.do("commit", "--quiet", "--rm", container, BASE)


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Builder]:
    """Build the image once."""
    for tool in ("buildah", "mmdebstrap"):
        need(shutil.which(tool), f"{tool} is not installed")
    if os.geteuid() != 0:
        pytest.skip("a root of Debian is made as root only")
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount anything, and a build has to")
    folder = tmp_path_factory.mktemp("container")
    builder = Builder(folder / "store")
    make_base(builder)
    lent = [*settings_of_this_machine(), f"--volume={ahead_but_one(folder / 'ahead')}:/build/remote_mixer/engine/built"]
    builder.do("bud", "--format=docker", "--pull-never", "--network=host", *lent, "--tag", IMAGE, str(ROOT))
    yield builder
    builder.do("rm", "--all")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def container(builder: Builder) -> str:
    """Make a container of the image; return its name."""
    return builder.do("from", "--pull-never", IMAGE)


@pytest.fixture(scope="module")
def config(builder: Builder) -> dict[str, Any]:
    """Read the image's settings."""
    found: dict[str, Any] = json.loads(builder.do("inspect", "--type=image", IMAGE))["Docker"]["config"]
    return found


def test_the_image_is_small_and_holds_nothing_of_the_machine_that_built_it(builder: Builder, container: str) -> None:
    root = Path(builder.do("mount", container))
    try:
        files = [file for file in root.rglob("*") if file.is_file() and not file.is_symlink()]
        megabytes = sum(file.stat().st_size for file in files) / 1e6
        names = {file.name for file in files if file.stat().st_size}  # a mount leaves an empty file behind
    finally:
        builder.do("umount", container)
    assert megabytes <= MOST_MEGABYTES
    assert not {"libllvmlite.so", "pip.conf", Path(CERTIFICATES).name} & names
    assert {
        place(Path(), f"{target.name}.so").name for target in TARGETS if target.architecture == architecture()
    } <= names
    assert {f"{number:02} {name}.flac" for number, name in enumerate(NAMES, 1)} <= names, "no music"


def test_it_runs_as_nobody_of_importance_and_keeps_its_data_in_a_volume(config: dict[str, Any]) -> None:
    assert config["User"] == "mixer"
    assert list(config["Volumes"]) == ["/data"]
    assert not [one for one in config["Env"] if re.match(r"(?i)(pip|uv|ssl|https?_proxy)", one)]


async def test_it_serves_in_three_seconds_moves_a_fader_and_ends_clean(
    builder: Builder, container: str, config: dict[str, Any], tmp_path: Path
) -> None:
    port = free_port()
    url, log = f"http://127.0.0.1:{port}", tmp_path / "log"
    command = [*config["Entrypoint"], *config["Cmd"], "--host", "127.0.0.1", "--port", str(port)]
    running = builder.start(
        "run", "--network=host", "--env", f"REMOTE_MIXER_URL={url}", container, "--", *command, log=log
    )
    try:
        health = await healthy(url)
        server = server_of(running)
        work = server.cpu_times()  # a wait for a free core is not the image's, nor what buildah does before
        assert work.user + work.system < START_SECONDS
        assert time.time() - server.create_time() < BUSY_START_SECONDS
        async with asyncio.timeout(PATIENCE_SECONDS):
            while health["consoles"] != {"band": "online"}:
                await asyncio.sleep(0.1)
                health = await healthy(url)
        assert not re.search("Fitting|Making the music", log.read_text())
        await move_a_fader(port)
        check = config["Healthcheck"]["Test"]
        assert check[0] == "CMD"
        builder.do("run", "--network=host", "--env", f"REMOTE_MIXER_URL={url}", container, "--", *check[1:])
        assert server.uids().effective != 0
        server.terminate()
        assert await asyncio.to_thread(running.wait, PATIENCE_SECONDS) == 0, log.read_text()
    finally:
        for process in [*psutil.Process(running.pid).children(recursive=True)] if running.poll() is None else []:
            process.kill()
        running.kill()
        running.wait()
    assert "Traceback" not in log.read_text()


def test_a_health_check_of_a_server_that_is_not_there_fails(
    builder: Builder, container: str, config: dict[str, Any]
) -> None:
    with pytest.raises(AssertionError, match="refused"):
        builder.do(
            "run", "--env", "REMOTE_MIXER_URL=http://127.0.0.1:9", container, "--", *config["Healthcheck"]["Test"][1:]
        )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


async def healthy(url: str) -> dict[str, Any]:
    """Return the server's health, as soon as there is one."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return dict(await asyncio.to_thread(read, f"{url}/api/v1/health"))
            except OSError:
                await asyncio.sleep(0.02)


def read(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


async def move_a_fader(port: int) -> None:
    address = f"ws://127.0.0.1:{port}/ws"
    async with connect(address, max_size=None, max_queue=None) as link, asyncio.timeout(PATIENCE_SECONDS):
        await link.send(json.dumps({"type": "hello", "protocol": 1, "client": "container-test", "name": "Test"}))
        await link.send(json.dumps({"type": "set", "id": 1, "values": {FADER: 0.375}}))
        async for frame in link:
            if isinstance(frame, str) and json.loads(frame).get("values", {}).get(FADER) == 0.375:
                return


def server_of(running: subprocess.Popen[bytes]) -> psutil.Process:
    """Return the server's process: the one whose child is the engine."""
    children = psutil.Process(running.pid).children(recursive=True)
    return next(one for one in children if "--serve" in one.cmdline() and "python" in one.name())
