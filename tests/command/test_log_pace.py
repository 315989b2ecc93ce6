"""The log has at most one line a second of one cause, and says how many it left out."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from remote_mixer.command.log_pace import LogPace


class Lines(logging.Handler):
    """Handler that keeps its lines."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 10.0
        self.lines: list[str] = []
        self.addFilter(LogPace(lambda: self.now))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@pytest.fixture
def lines() -> Iterator[Lines]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def warn(name: str, *texts: str) -> None:
    for text in texts:
        logging.getLogger(name).warning("it happened at %s", text)


def fail(name: str, error: Exception, times: int) -> None:
    for _ in range(times):
        logging.getLogger(name).error("failed", exc_info=error)


@pytest.mark.parametrize("name", ["asyncio", "remote_mixer.web.accepting", "remote_mixer.people.pin"])
def test_of_what_anybody_can_provoke_there_is_one_line_a_second_whatever_it_names(lines: Lines, name: str) -> None:
    warn(name, *(f"10.0.0.{number}" for number in range(500)))
    assert lines.lines == ["it happened at 10.0.0.0"]
    lines.now += 1
    warn(name, "10.0.0.9")
    assert lines.lines[1:] == ["it happened at 10.0.0.9 (and 499 more like this)"]


def test_other_lines_are_told_apart_by_their_text(lines: Lines) -> None:
    warn("remote_mixer.drivers.guard", "foh", "band", "foh", "foh")
    assert lines.lines == ["it happened at foh", "it happened at band"]


def test_an_error_is_a_cause_by_its_kind(lines: Lines) -> None:
    for error in (OSError(), ValueError(), OSError(), ValueError()):
        fail("asyncio", error, 9)
    assert len(lines.lines) == 2


def test_ordinary_lines_all_pass(lines: Lines, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "remote_mixer.web"):
        for number in range(5):
            logging.getLogger("remote_mixer.web").info("line %d", number)
    assert len(lines.lines) == 5


def test_a_text_with_a_percent_sign_and_a_count_is_one_line(lines: Lines) -> None:
    for _ in range(3):
        logging.getLogger("asyncio").warning("100% of it")
        lines.now += 0.5
    assert lines.lines == ["100% of it", "100% of it (and 1 more like this)"]
