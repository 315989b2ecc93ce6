"""Card of the inputs while it comes and goes: what is said, and that it is opened again. Its streams are stand-ins."""

from __future__ import annotations

from typing import Any

import pytest

from remote_mixer.engine import second_card
from remote_mixer.engine.portaudio import latency_of, load_library
from remote_mixer.engine.ring import DRIFT, LATER, PLAYS, SHORT, new_ring
from remote_mixer.engine.second_card import SecondCard

CARD = {"name": "C920", "index": 3}
AWAY = "C920 does not answer, and its inputs are silent: connect it again, or choose another."


class Stream:
    """Stream of a card that can be unplugged."""

    latency = 0.01

    def __init__(self, seconds: float = 5.0) -> None:
        self.active, self._seconds = False, seconds

    @property
    def time(self) -> float:
        """Time of the library's clock for it; PortAudio's error where that is not known, as the library has it."""
        if not self._seconds:
            raise load_library().PortAudioError("Error getting stream time")
        return self._seconds

    def start(self) -> None:
        self.active = True

    def close(self, *, ignore_errors: bool) -> None:
        assert ignore_errors


class Port:
    """Place for a card: what is opened there, and PortAudio's error where nothing is."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []
        self.error: tuple[Any, ...] = ()
        self.seconds = 5.0
        self.clock = Stream(12.5)

    def open(self, *_: object, **options: object) -> Stream:
        assert (options["channels"], options["blocksize"]) == (2, 128)
        if self.error:
            raise load_library().PortAudioError(*self.error)
        self.streams.append(Stream(self.seconds))
        return self.streams[-1]


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Port:
    port = Port()
    monkeypatch.setattr(second_card, "open_stream", port.open)
    monkeypatch.setattr(second_card, "AGAIN_SECONDS", 0)
    return port


def test_a_card_that_is_unplugged_is_named_and_opened_again_when_it_is_back(port: Port) -> None:
    card = SecondCard(CARD, new_ring(2, 128), 0, 0, 128)
    card.watch(port.clock)
    assert (len(port.streams), card.remarks) == (1, [])
    port.streams[0].active, port.error = False, ("Error opening Stream", -9996)
    card.watch(port.clock)
    assert card.remarks == [AWAY]
    card.watch(port.clock)
    assert card.remarks == [AWAY]
    port.error = ()
    card.watch(port.clock)
    assert (len(port.streams), card.remarks) == (2, [])


def test_a_card_whose_time_is_not_known_yet_is_opened_again_and_nothing_else_ends(port: Port) -> None:
    card = SecondCard(CARD, new_ring(2, 128), 0, 0, 128)
    port.seconds = 0.0
    card.watch(port.clock)
    assert card.remarks == [AWAY]
    port.seconds = 5.0
    card.watch(port.clock)
    assert (len(port.streams), card.remarks) == (2, [])


@pytest.mark.parametrize(
    ("code", "said"), [(-9985, "is held by another program: "), (-9997, "does not run at 48,000 Hz")]
)
def test_what_a_person_can_mend_is_a_sentence_and_the_card_is_taken_once_it_is_mended(
    port: Port, code: int, said: str
) -> None:
    card = SecondCard(CARD, new_ring(2, 128), 0, 0, 128)
    port.error = ("Error opening Stream", code)
    card.watch(port.clock)
    assert card.remarks[0].startswith(f"C920 {said}")
    port.error = ()
    card.watch(port.clock)
    assert card.remarks == []


def test_what_is_said_has_the_drift_the_latency_and_the_gaps_and_the_streams_clocks_are_compared(port: Port) -> None:
    ring = new_ring(2, 128)
    card = SecondCard(CARD, ring, 0, 0, 128)
    assert card.said == "Microphones: C920, resampled, silent, 6.1 ms more latency."
    card.watch(port.clock)
    assert ring.loop[LATER] == 7.5
    assert card.latency == pytest.approx(0.01606, abs=1e-5)
    ring.loop[DRIFT], ring.counts[[PLAYS, SHORT]] = -12e-6, (1, 3)
    assert card.said == "Microphones: C920, resampled, drift −12 ppm, 6.1 ms more latency, interruptions: 3."


def test_a_latency_of_a_day_is_none_that_is_known() -> None:
    stream = Stream()
    stream.latency = 89_478.49
    assert latency_of(stream) == 0
