"""Report on the built-in engine's sound files: a line for each, and as much of it as a notice holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from remote_mixer.desk.layout import NOTICE
from remote_mixer.drivers.builtin.layout import FILE


class FileLines:
    """Lines about files: which channel each plays on, or why not, and the faults since."""

    def __init__(self, files: Sequence[str], problems: Sequence[str]) -> None:
        """Take files and problems of the engine's `ready` line."""
        numbered = ((file, number) for number, file in enumerate(files, start=1))
        self._channel_lines = [f"{file} plays on channel {number}." for file, number in numbered if file]
        self._first, self._later = [str(problem) for problem in problems], list[str]()
        self._faults: list[str] = []

    def take(self, line: Mapping[str, Any]) -> None:
        """Take a later line of the engine: a problem, or all faults of files so far."""
        self._later += [str(line["problem"])] if "problem" in line else []
        self._faults = [str(fault) for fault in line.get("faults", self._faults)]

    def lines(self) -> list[str]:
        """Return a line for each file, always as many; those for faults that have not happened are empty."""
        faults = self._faults[: len(self._channel_lines)]
        empty = [""] * (len(self._channel_lines) - len(faults))
        files = [*faults, *self._first, *self._channel_lines] if self._channel_lines else []
        return [FILE.fit(line) for line in (*files, *empty)]

    def problems(self) -> list[str]:
        """Return a sentence for each problem; how many files are left out is the last."""
        return [*self._later, *self._faults, *self._first]


def notice(sentences: Sequence[str]) -> str:
    """Return the sentences as one notice; of too many the first and the last, and how many there are between."""
    for kept in range(len(sentences), 1, -1):
        left_out = len(sentences) - kept
        between = [f"{left_out} more notes are in the console’s panel."] if left_out else []
        text = " ".join([*sentences[: kept - 1], *between, sentences[-1]])
        if len(text) <= NOTICE.length:
            return text
    return NOTICE.fit(" ".join(sentences[-1:]))
