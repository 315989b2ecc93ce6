"""Delay from a move on a page to its byte at the MIDI port, through a JACK server of its own.

    python -m tests.bench.midi
    python -m tests.bench.midi --period 64

A page moves one fader 50 times a second; the far end notes when each control change arrives. The delay includes one
JACK period (named in the report), the driver's thread, and this program's share.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from tests.bench.fanout import Page
from tests.bench.machine import describe

RATE = 48_000
MOVES_PER_SECOND = 50
PORT = 5079
PEER = "rmbench"
MAP = f"""
[ports]
input = "{PEER}"
output = "{PEER}"

[[layers]]
name = "Band"
  [[layers.channels]]
  name = "Vocals"
  fader = 20
"""


def listen(arrived: dict[int, float]) -> list[Any]:
    """Open the far end's ports; note the arrival of each value of the controller, by value."""
    import rtmidi

    receiver = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name=f"{PEER} receiver")
    sender = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name=f"{PEER} sender")
    receiver.set_callback(lambda event, _: arrived.setdefault(event[0][2], time.perf_counter()))
    receiver.open_virtual_port("in")
    sender.open_virtual_port("out")
    return [receiver, sender]


async def load(seconds: float, arrived: dict[int, float]) -> list[float]:
    """Move the fader through all 128 values, round after round; return the delays in seconds."""
    page: Page
    _, page = await asyncio.get_running_loop().create_connection(lambda: Page({}, [], 0), "127.0.0.1", PORT)
    await page.welcomed
    delays: list[float] = []
    begin = time.perf_counter() + 0.5
    for move in range(int(seconds * MOVES_PER_SECOND)):
        await asyncio.sleep(max(begin + move / MOVES_PER_SECOND - time.perf_counter(), 0))
        value = move % 128
        arrived.clear()
        sent = time.perf_counter()
        page.send({"type": "set", "id": move, "values": {"daw/ch1/fader": round(value / 127, 5)}})
        await asyncio.sleep(1 / MOVES_PER_SECOND - 0.002)
        if value in arrived:
            delays.append(arrived[value] - sent)
    return delays


def report(delays: list[float], moves: int, period: int) -> None:
    """Print the results."""
    percent = [1000 * seconds for seconds in quantiles(delays, n=100)]
    highest = 1000 * max(delays)
    print(f"{MOVES_PER_SECOND} moves a second, JACK period {period} frames ({1000 * period / RATE:.1f} ms)")
    print(f"  set → byte at the port   p50 {percent[49]:.1f} ms, p99 {percent[98]:.1f} ms, highest {highest:.1f} ms")
    print(f"  arrived                  {len(delays)} of {moves}")


def main() -> None:
    """Start JACK, the far end and a server; move the fader, report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--period", type=int, default=64)
    options = parser.parse_args()
    print(describe())
    os.environ |= {"JACK_DEFAULT_SERVER": PEER, "JACK_NO_AUDIO_RESERVATION": "1"}
    jack = ["jackd", "--no-realtime", "-n", PEER, "-d", "dummy", "-r", str(RATE), "-p", str(options.period)]
    with tempfile.TemporaryDirectory() as folder, subprocess.Popen(jack, stdout=-3, stderr=-3) as jackd:
        try:
            subprocess.run(["jack_wait", "-s", PEER, "-w", "-t", "10"], check=True, stdout=-3)
            run(Path(folder), options)
        finally:
            jackd.terminate()


def run(folder: Path, options: argparse.Namespace) -> None:
    """Serve one mapped fader and move it."""
    (folder / "map.toml").write_text(MAP)
    arrived: dict[int, float] = {}
    ends = listen(arrived)
    command = [sys.executable, "-m", "remote_mixer", "--serve", "--host", "127.0.0.1", "--port", str(PORT)]
    console = ["--data", str(folder), "--console", f"daw=midi:{folder / 'map.toml'}"]
    with subprocess.Popen([*command, *console], stdout=-3, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr
        try:
            next(line for line in server.stderr if "is online" in line)
            delays = asyncio.run(load(options.seconds, arrived))
        finally:
            server.terminate()
        report(delays, int(options.seconds * MOVES_PER_SECOND), options.period)
    for end in ends:
        end.close_port()
        end.delete()


if __name__ == "__main__":
    main()
