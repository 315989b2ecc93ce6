"""The last warnings and errors are kept, one of each cause."""

from __future__ import annotations

import logging

from remote_mixer.doctor.faults import MOST_CAUSES, LastFaults

log = logging.getLogger("remote_mixer.test_faults")


def test_warnings_and_errors_are_kept_while_it_watches() -> None:
    faults = LastFaults()
    with faults.watching():
        log.info("not this")
        log.warning("a %s", "warning")
    log.warning("nor this")
    assert [text for _, text in faults.rows()] == ["a warning"]


def test_a_cause_stands_once_with_its_last_text_and_its_count() -> None:
    faults = LastFaults()
    with faults.watching():
        for number in range(1000):
            log.warning("flood %d", number)
        log.warning("another")
    assert [text for _, text in faults.rows()] == ["flood 999 (1000 times)", "another"]


def test_the_place_and_the_error_of_a_fault_are_kept() -> None:
    faults = LastFaults()
    with faults.watching():
        try:
            raise ValueError("no such strip")
        except ValueError:
            log.exception("the driver failed")
    ((_, text),) = faults.rows()
    assert text.startswith("the driver failed\n")
    assert "test_faults.py" in text
    assert text.endswith("ValueError: no such strip")


def test_the_newest_causes_are_kept() -> None:
    faults = LastFaults()
    for line in range(MOST_CAUSES + 5):
        faults.handle(logging.LogRecord("remote_mixer", logging.ERROR, "a.py", line, "fault %d", (line,), None))
    texts = [text for _, text in faults.rows()]
    assert (len(texts), texts[0], texts[-1]) == (MOST_CAUSES, "fault 5", f"fault {MOST_CAUSES + 4}")
