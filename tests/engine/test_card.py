"""Sound cards through the real PortAudio, on a device of ALSA's that takes everything and gives silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from remote_mixer.engine.card import REASONS, _reason
from remote_mixer.engine.output import Unfit
from tests.engine.running import engine
from tests.support.complete import need
from tests.support.warm import warm

ALSA = Path("/usr/share/alsa/alsa.conf")
DEVICES = f"<{ALSA}>\n" + "".join(
    f'pcm.{name} {{ type null hint {{ show on description "{name}" }} }}\n' for name in ("!default", "school")
)


def null_cards(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let PortAudio see `default` and `school`, and no other card."""
    need(ALSA.exists(), "ALSA is not installed (apt-get install libasound2 libportaudio2)")
    (folder / "asoundrc").write_text(DEVICES)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(folder / "asoundrc"))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    null_cards(tmp_path, monkeypatch)
    return warm(tmp_path)


def test_a_card_is_found_by_a_part_of_its_name_and_calls_the_mix_with_its_inputs(data: Path) -> None:
    with engine(data, "--output=card", "--card=SCHO", "--inputs=4", "--frames=64") as running:
        assert (running.ready["output"], running.ready["audible"]) == ("school, 4 inputs, 2 outputs", True)
        running.plays(1)


def test_a_card_that_is_not_there_is_named_and_the_mix_goes_on(data: Path) -> None:
    with engine(data, "--output=card", "--card=Scarlett", "--inputs=4") as running:
        assert not running.ready["audible"]
        assert running.ready["remarks"] == ["There is no sound card Scarlett: connect it, or choose another."]
        running.plays(0.2)


@pytest.mark.parametrize("code", REASONS)
def test_what_a_person_can_mend_is_a_sentence_about_the_card(code: int) -> None:
    error = _reason(OSError("Error opening Stream", code), "Scarlett")
    assert isinstance(error, Unfit)
    assert str(error).startswith("Scarlett ")
    assert not isinstance(_reason(OSError("Error opening Stream", -1), "Scarlett"), Unfit)
