"""Round trip of a device as the command measures it, with jack_iodelay as the witness."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from remote_mixer.engine.latency import NOTHING_BACK, shift
from tests.engine.on_jack import OURS
from tests.engine.test_jack import measured, witness
from tests.support.jack import jack_server
from tests.support.warm import warm


def command(data: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "remote_mixer", "latency", f"--data={data}", *options]


@pytest.mark.parametrize(("frames", "rate"), [(64, 48_000), (256, 96_000)])
def test_the_round_trip_is_that_of_jack_and_not_a_frame_more(tmp_path: Path, frames: int, rate: int) -> None:
    with jack_server(frames, rate) as jack:
        with subprocess.Popen(command(warm(tmp_path), "--card=jack"), stdout=subprocess.PIPE, text=True) as process:
            jack.join(f"{OURS}:main left", f"{OURS}:in 1")
            said, _ = process.communicate(timeout=60)
        with witness(jack) as other:
            jack.join("jack_delay:out", "jack_delay:in")
            right = measured(other)
    assert process.returncode == 0, said
    found = re.match(r"(\d+) frames, ([\d.]+) ms, from output to input: JACK", said)
    assert found, said
    assert int(found[1]) == pytest.approx(right, abs=0.01)
    assert float(found[2]) == pytest.approx(1000 * right / rate, abs=0.01)


def test_without_a_device_a_sentence_says_so(tmp_path: Path) -> None:
    ended = subprocess.run(
        command(warm(tmp_path), "--card=Scarlett"), capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    assert ended.stdout.startswith("The latency cannot be measured: ")


def test_what_comes_back_is_found_in_noise_and_what_does_not_come_back_is_not() -> None:
    random = np.random.default_rng(2)
    played = random.uniform(-0.1, 0.1, 24_000).astype(np.float32)
    other = random.uniform(-0.01, 0.01, 24_000).astype(np.float32)
    late = np.concatenate([np.zeros(531, np.float32), 0.02 * played])[:24_000]
    assert shift(np.stack([played, late + 0.1 * other], axis=1)) == 531
    assert shift(np.stack([played, -late], axis=1)) == 531, "a cable may turn the polarity"
    assert shift(np.stack([played, other], axis=1)) is None
    assert shift(np.stack([played, 0 * other], axis=1)) is None
    assert "cable" in NOTHING_BACK
