"""Sources: what plays into the channels."""

from __future__ import annotations

import numpy as np

from remote_mixer.engine import tables
from remote_mixer.engine.session import Session
from remote_mixer.engine.shared import RATE

DAY_FRAMES = 86_400 * RATE


def _groups(session: Session) -> list[list[int]]:
    """Channel numbers, 0-based, of the stems that share length and sides."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for number, stem in enumerate(session.stems):
        groups.setdefault(stem.audio.shape, []).append(number)
    return list(groups.values())


def lay_out(session: Session) -> tables.Sources:
    """Lay out the stems as the kernel reads them."""
    grouped = _groups(session)
    pool = np.empty(sum(stem.audio.size for stem in session.stems), np.float32)
    table, start, first = [], 0, 0
    for numbers in grouped:
        frames, sides = session.stems[numbers[0]].audio.shape
        laid = pool[start : start + frames * sides * len(numbers)].reshape(frames, sides, len(numbers))
        for column, number in enumerate(numbers):
            laid[:, :, column] = session.stems[number].audio
        table.append((start, frames, first, len(numbers), sides))
        start, first = start + laid.size, first + len(numbers)
    channels = np.array([number for numbers in grouped for number in numbers], np.int64)
    stereo = np.array([session.stems[number].stereo for number in channels], np.bool_)
    return tables.Sources(pool, np.array(table, np.uint64).reshape(-1, 5), channels, stereo)


def wrap_frames(session: Session) -> int:
    """One loop if all stems agree on its length, so that the position means a place in the song; else a day."""
    lengths = {len(stem.audio) for stem in session.stems}
    return lengths.pop() if len(lengths) == 1 else DAY_FRAMES
