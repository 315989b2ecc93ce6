"""The report of a running server: for the host alone, with what the server knows, without any secret."""

from __future__ import annotations

import base64
import json
import logging
from pathlib import Path

import pytest

from remote_mixer.app import App
from remote_mixer.desk.policy import ROLES
from remote_mixer.doctor import programs
from remote_mixer.doctor.server import Doctor
from tests.support.people import Device, host, invited, stranger
from tests.support.running import joined, running
from tests.support.waiting import until

log = logging.getLogger("remote_mixer.drivers.test")


@pytest.fixture(autouse=True)
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no process for cards and ports: what those say is tested beside."""
    monkeypatch.setattr(programs, "_said", " ".join)


def report(device: Device) -> str:
    answer = device.call("GET", "/doctor")
    assert answer.status == 200, answer.body
    return str(answer.json["text"])


def section(text: str, title: str) -> str:
    """Return a section's lines."""
    return next(block for block in text.split("\n\n") if block.startswith(f"{title}\n"))


@pytest.mark.parametrize("role", [*ROLES, "stranger"])
async def test_the_report_is_for_the_host_alone(app: App, role: str) -> None:
    device = stranger(app) if role == "stranger" else invited(app, role, "band/bus1" if role == "musician" else "")
    assert device.call("GET", "/doctor").status == {"host": 200, "stranger": 401}.get(role, 403)


async def test_it_says_how_server_consoles_and_pages_are(app: App) -> None:
    async with joined(app, "anne"):
        text = report(host(app))
    assert f"127.0.0.1 port {app.port}" in section(text, "Server")
    assert "band  demo:, " in section(text, "Consoles")
    assert "online" in section(text, "Consoles")
    assert "1 host" in section(text, "Pages and people")
    for title in ("Notices", "Clock of the server", "Last faults", "Program", "Libraries", "Data folder"):
        assert section(text, title)


async def test_what_the_engine_plays_on_and_where_its_inputs_come_from_is_in_it(app: App) -> None:
    microphones = "Microphones: C920, resampled, drift +12 ppm, 6.1 ms more latency."
    app.loop.call_soon_threadsafe(app.desk.values.__setitem__, "band/sound/now", microphones)
    try:
        assert microphones in section(report(host(app)), "Consoles")
    finally:
        app.loop.call_soon_threadsafe(app.desk.values.pop, "band/sound/now")


async def test_last_faults_and_notices_are_in_it(app: App) -> None:
    log.warning("the console sent %d bytes too many", 7)
    app.loop.call_soon_threadsafe(app.hub.share_notices, ["The disk is full: nothing is kept."])
    try:
        text = report(host(app))
    finally:
        app.loop.call_soon_threadsafe(app.hub.share_notices, [])
    assert "the console sent 7 bytes too many" in section(text, "Last faults")
    assert "The disk is full: nothing is kept." in section(text, "Notices")


async def test_no_secret_is_in_it_wherever_it_was_said(app: App, tmp_path: Path) -> None:
    engineer = invited(app, "engineer", name="Wilhelmine")
    token = host(app).call("POST", "/tokens", {"name": "Lightdesk", "role": "engineer", "mix": ""}).json["token"]
    invitation = host(app).call("POST", "/invitations", {"role": "guest", "mix": "", "kind": "day"}).json
    kept = json.loads((app.options.data / "secrets.json").read_text())
    cookie = engineer.headers["Cookie"]
    pin = str(app.admission.pin)
    said = [pin, f"{pin[:3]} {pin[3:]}", kept["key"], token, cookie, cookie.partition("=")[2], invitation["token"]]
    said += [base64.b64decode(kept["key"]).hex(), "Wilhelmine", "Lightdesk", str(Path.home() / "band")]
    places = [f"a fault at {one}: see it" for one in said] + [way["url"] for way in invitation["urls"]]
    for number, text in enumerate(places):
        record = logging.LogRecord("remote_mixer", logging.ERROR, "a.py", number, "%s", (text,), None)
        logging.getLogger().handle(record)
    app.loop.call_soon_threadsafe(app.hub.share_notices, places)
    async with joined(app, "Zebedee", engineer.headers):
        found = report(host(app))
    app.loop.call_soon_threadsafe(app.hub.share_notices, [])
    assert found.count("a fault at") == 2 * len(said)
    assert [secret for secret in [*said, "Zebedee"] if secret in found] == []


@pytest.mark.parametrize("part", ["_server", "_consoles", "_people", "_notices", "_clock"])
async def test_a_part_of_the_server_that_cannot_tell_takes_nothing_else_away(
    app: App, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = [block.splitlines()[0] for block in report(host(app)).split("\n\n")]

    def failing(_: Doctor) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Doctor, part, failing)
    text = report(host(app))
    assert [block.splitlines()[0] for block in text.split("\n\n")] == titles
    assert text.count("cannot be told (ZeroDivisionError") == 1


async def test_surfaces_are_in_it_with_what_they_wait_for(tmp_path: Path) -> None:
    with running(tmp_path, surfaces=(("Wing", "mackie:Nowhere"),)) as app:
        await until(lambda: "connected" not in app.rooms.surfaces[0].state)
        rows = section(report(host(app)), "Surfaces")
    assert "mackie:Nowhere" in rows
    assert "MIDI" in rows
