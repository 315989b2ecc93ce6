"""Times as text."""

from __future__ import annotations

from datetime import UTC, datetime

LATEST = 253_402_300_799.0
"""The last second of the year 9999, in seconds since 1970: the latest time that can be shown."""


def rfc3339(seconds: float) -> str:
    """Return a time (seconds since 1970, not before) in RFC 3339, UTC, with milliseconds."""
    return datetime.fromtimestamp(max(seconds, 0.0), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
