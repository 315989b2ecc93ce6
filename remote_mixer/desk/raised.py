"""A fader some decibels higher or lower than it stands, along its taper."""

from __future__ import annotations

from remote_mixer.desk.tapers import Taper

SILENT_DB = -60.0
"""Below this nothing is heard, and a few decibels more would not be either."""
FROM_SILENCE_DB = -20.0
"""Where what was silent is taken to stand when more of it is wanted."""


def raised(taper: Taper, position: float, db: float, most_db: float | None = None) -> float:
    """Return the position (0–1) that is `db` above this one, or below it where `db` is negative.

    More of what is silent begins at −20 dB. `most_db` is a ceiling: what stands above it already stays there.
    """
    standing = taper.to_unit(position)
    if standing < SILENT_DB:
        if db <= 0:
            return position
        standing = FROM_SILENCE_DB
    reached = standing + db
    if most_db is not None and db > 0:
        reached = min(reached, max(most_db, taper.to_unit(position)))
    return taper.to_position(reached)
