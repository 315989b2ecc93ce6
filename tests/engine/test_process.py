"""The engine's process, from its first line to its last sample."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from remote_mixer.engine import link, shared
from remote_mixer.engine.link import Job
from remote_mixer.engine.process import EXIT_CANNOT_START, NO_MEMORY
from tests.engine.bare_mixer import sine
from tests.engine.running import PATIENCE_SECONDS, engine, recorded, until
from tests.support.warm import warm


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return warm(tmp_path)


@pytest.fixture
def stems(tmp_path: Path) -> Path:
    folder = tmp_path / "my stems"
    folder.mkdir()
    soundfile.write(folder / "01 Sine.wav", sine(1000, 0.5), 48_000, subtype="FLOAT")
    return folder


def level(sound: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> float:
    return float(20 * np.log10(np.abs(sound).max()))


def test_it_says_what_it_plays(data: Path) -> None:
    with engine(data) as running:
        names = [channel["name"] for channel in running.ready["channels"]]
        assert names == ["Kick", "Snare", "Hats", "Bass", "Keys", "Guitar", "Pad", "Lead"]
        assert running.ready["channels"][4] == {"name": "Keys", "stereo": True, "seconds": 32.0}
        assert running.ready["problems"] == []


def test_a_fader_changes_the_recorded_main_by_its_decibels(data: Path, stems: Path) -> None:
    with engine(data, f"--stems={stems}", f"--record={data / 'main.wav'}") as running:
        running.plays(0.5)
        running.block.write("ch1/fader", 10 ** (-12 / 20))
        running.block.commit()
        until(lambda: running.block.follows(running.block.words[shared.GENERATION]))
        running.plays(0.5)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(10) == 0
    main = recorded(data / "main.wav")
    assert level(main[4800:9600]) == pytest.approx(-6.02 - 3.01, abs=0.1)
    assert level(main[-9600:]) - level(main[4800:9600]) == pytest.approx(-12, abs=0.1)


def test_it_ends_with_its_recording_finished_when_the_server_is_gone(data: Path, stems: Path) -> None:
    with engine(data, f"--stems={stems}", f"--record={data / 'main.wav'}") as running:
        running.plays(0.3)
        assert running.process.stdin
        running.process.stdin.close()
        assert running.process.wait(10) == 0
        played = running.block.words[shared.BLOCKS] * shared.BLOCK_FRAMES
    assert len(recorded(data / "main.wav")) == played


def test_a_killed_engine_leaves_a_recording_that_plays_and_the_next_one_goes_on_beside_it(
    data: Path, stems: Path
) -> None:
    for _ in range(2):
        with engine(data, f"--stems={stems}", f"--record={data / 'main.wav'}") as running:
            running.plays(1.5)
            running.process.kill()
            running.process.wait(10)
    for name in ("main.wav", "main-2.wav"):
        assert len(recorded(data / name)) >= 0.5 * shared.RATE
        assert level(recorded(data / name)) == pytest.approx(-9.03, abs=0.1)


def test_an_engine_after_a_killed_one_has_all_values_and_the_place_in_the_song(data: Path) -> None:
    with engine(data) as running:
        running.block.seek(20)
        running.plays(0.3)
        stands = running.block.doubles[shared.POSITION_SECONDS]
        running.process.kill()
        running.process.wait(10)
    with engine(data) as running:
        running.plays(0.1)
        assert 20 < stands < running.block.doubles[shared.POSITION_SECONDS] < stands + 5


def test_the_clock_keeps_real_time(data: Path) -> None:
    with engine(data) as running:
        running.plays(0.1)
        before = running.block.doubles[shared.POSITION_SECONDS]
        pause = subprocess.run([sys.executable, "-c", "import time; time.sleep(2)"], check=True)
        assert pause.returncode == 0
        passed = running.block.doubles[shared.POSITION_SECONDS] - before
    assert 1.9 < passed < 3.5


def test_an_engine_that_stood_still_skips_instead_of_rushing(data: Path) -> None:
    with engine(data) as running:
        running.plays(0.1)
        running.process.send_signal(signal.SIGSTOP)
        subprocess.run([sys.executable, "-c", "import time; time.sleep(1)"], check=True)
        before = running.block.words[shared.BLOCKS]
        running.process.send_signal(signal.SIGCONT)
        until(lambda: running.block.words[shared.MISSED])
        assert running.block.words[shared.MISSED] > 200
        assert running.block.words[shared.BLOCKS] - before < 200


@pytest.mark.parametrize("spec", ["missing", "empty", "texts"])
def test_stems_that_cannot_be_had_end_it_with_a_sentence(data: Path, spec: str) -> None:
    folder = data / spec
    if spec != "missing":
        folder.mkdir()
    if spec == "texts":
        (folder / "list.wav").write_text("milk")
    with engine(data, f"--stems={folder}") as running:
        assert str(folder) in running.ready["error"]
        assert running.process.wait(10) == 2


@pytest.mark.parametrize("where", ["load", "run"])
def test_too_little_memory_is_said_in_place_of_a_traceback(data: Path, where: str) -> None:
    code = f"""if True:
        import sys
        from remote_mixer.engine import engine, process
        def starved(*_):
            raise MemoryError
        engine.{where} = starved
        sys.exit(process.main(sys.argv[1:]))
    """
    command = [sys.executable, "-c", code, *link.command(Job(data))[3:]]
    ended = subprocess.run(command, stdin=subprocess.PIPE, capture_output=True, check=False, timeout=PATIENCE_SECONDS)
    assert (ended.returncode, ended.stderr) == (EXIT_CANNOT_START, b"")
    assert json.loads(ended.stdout.splitlines()[-1]) == {"error": NO_MEMORY}


def test_a_recording_that_cannot_be_written_is_said_and_the_mix_plays(data: Path, stems: Path) -> None:
    with engine(data, f"--stems={stems}", f"--record={stems / '01 Sine.wav' / 'main.wav'}") as running:
        assert "Nothing is recorded" in running.ready["problems"][0]
        running.plays(0.1)
