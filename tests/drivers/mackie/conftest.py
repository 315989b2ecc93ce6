import pytest

from remote_mixer.drivers.mackie import looks, navigator, session


@pytest.fixture(autouse=True)
def _a_daw_in_memory_answers_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the driver's times.

    The end of the banks is known by silence: where hosts answer at once, 150 ms are enough to wait.
    """
    monkeypatch.setattr(navigator, "PATIENCE_SECONDS", 0.15)
    monkeypatch.setattr(navigator, "QUIET_SECONDS", 0.04)
    monkeypatch.setattr(session, "WALKS_SECONDS", 1.0)
    monkeypatch.setattr(looks, "SWEEP_SECONDS", 1000.0)  # but where a test is about it
